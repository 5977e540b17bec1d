/** What the notation of registries and projects stands for, and the files that come of it. */
import { describe, expect, it } from 'vitest';
import { integrityOf, packumentOf, parseRegistryNotation, publishTimesOf, writeLockfile } from './lock-notation.ts';

const registry = parseRegistryNotation([
  'a@1.2.0 2022-01-08: c@^1 ?e@1 peer:f@^2 peer?:g@3',
  'b@2.0.0: "c@>=2 <3"',
  'c@1.0.0',
  'c@2.0.0 2022-01-09T10:30:00Z',
  'd@3.0.0',
  'e@1.0.0',
  'f@2.0.0',
  '@s/x@1.0.0 2022-02-01: @s/y@1',
  '@s/y@1.0.0',
]);

describe('the notation of a registry', () => {
  it('reads dates, kinds of dependencies and quoted ranges', () => {
    expect(registry.get('a')?.[0]).toEqual({
      name: 'a',
      version: '1.2.0',
      publishedAt: '2022-01-08T00:00:00.000Z',
      dependencies: { c: '^1' },
      devDependencies: {},
      optionalDependencies: { e: '1' },
      peerDependencies: { f: '^2', g: '3' },
      optionalPeers: ['g'],
    });
    expect(parseRegistryNotation(['b@2.0.0: "c@>=2 <3"']).get('b')?.[0]?.dependencies).toEqual({ c: '>=2 <3' });
    expect(publishTimesOf(registry, 'c')).toEqual(new Map([['2.0.0', '2022-01-09T10:30:00.000Z']]));
  });

  it('refuses a release that is published twice', () => {
    expect(() => parseRegistryNotation(['a@1.0.0', 'a@1.0.0'])).toThrow('published twice');
  });

  it('writes a packument', () => {
    expect(packumentOf(registry, '@s/x')).toEqual({
      name: '@s/x',
      'dist-tags': { latest: '1.0.0' },
      versions: {
        '1.0.0': {
          name: '@s/x',
          version: '1.0.0',
          dependencies: { '@s/y': '1' },
          dist: {
            tarball: 'https://registry.example/@s/x/-/x-1.0.0.tgz',
            integrity: integrityOf('@s/x', '1.0.0'),
          },
        },
      },
      time: {
        created: '2022-02-01T00:00:00.000Z',
        modified: '2022-02-01T00:00:00.000Z',
        '1.0.0': '2022-02-01T00:00:00.000Z',
      },
    });
  });
});

describe('the notation of a project', () => {
  const written = writeLockfile({
    registry,
    asks: 'a@^1 dev:@s/x@1 alias@npm:d@^3',
    tree: 'a@1.2.0 a/c@1.0.0 c@2.0.0 e@1.0.0 f@2.0.0 @s/x@1.0.0 @s/x/@s/y@1.0.0 alias@npm:d@3.0.0',
    manifest: { private: true },
    entries: { 'node_modules/a': { integrity: null, extra: 1 }, 'node_modules/c': null },
  });
  const { packages } = JSON.parse(written.lockfile);

  it('writes the manifest with the asks in it', () => {
    expect(JSON.parse(written.manifest)).toEqual({
      name: 'app',
      version: '1.0.0',
      dependencies: { a: '^1', alias: 'npm:d@^3' },
      devDependencies: { '@s/x': '1' },
      private: true,
    });
  });

  it('places copies, sorts them as npm does, and lets entries say something else', () => {
    expect(Object.keys(packages)).toEqual([
      '',
      'node_modules/@s/x',
      'node_modules/@s/x/node_modules/@s/y',
      'node_modules/a',
      'node_modules/a/node_modules/c',
      'node_modules/alias',
      'node_modules/e',
      'node_modules/f',
    ]);
    expect(packages['node_modules/a']).toEqual({
      version: '1.2.0',
      resolved: 'https://registry.example/a/-/a-1.2.0.tgz',
      dependencies: { c: '^1' },
      optionalDependencies: { e: '1' },
      peerDependencies: { f: '^2', g: '3' },
      peerDependenciesMeta: { g: { optional: true } },
      extra: 1,
    });
    expect(packages['node_modules/alias']).toMatchObject({ name: 'd', version: '3.0.0' });
  });

  it('flags what is there for development, by choice, or as a peer only', () => {
    expect(packages['node_modules/@s/x/node_modules/@s/y']).toMatchObject({ dev: true });
    expect(packages['node_modules/e']).toMatchObject({ optional: true });
    expect(packages['node_modules/f']).toMatchObject({ peer: true });
    expect(packages['node_modules/a/node_modules/c']).not.toHaveProperty('dev');
  });

  it('refuses a copy that nobody published', () => {
    expect(() => writeLockfile({ registry, asks: '', tree: 'a@9.0.0' })).toThrow('not in the registry');
  });
});
