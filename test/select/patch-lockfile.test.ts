/** A patch changes what it is asked to change and not a byte besides. */
import { describe, expect, it } from 'vitest';
import { patchLockfile } from '../../src/select/patch-lockfile.ts';
import { integrityOf, parseRegistryNotation, publishedOf, writeLockfile } from '../support/lock-notation.ts';
import { buildTree } from './build-tree.ts';
import { type AskedPatch, patchNoted } from './patch-noted.ts';

/** Lines that only one of the two texts has, marked as a diff marks them. */
function linesApart(before: string, after: string): string[] {
  const [left, right] = [before.split('\n'), after.split('\n')];
  const gone = left.filter((line) => !right.includes(line)).map((line) => `-${line.trim()}`);
  return [...gone, ...right.filter((line) => !left.includes(line)).map((line) => `+${line.trim()}`)];
}

const simple: AskedPatch = {
  registry: ['c@1.0.0', 'c@1.1.0', 'a@1.0.0: c@^1'],
  asks: 'a@1',
  tree: 'a@1.0.0 c@1.1.0',
  take: 'c@1.0.0',
};

describe('a patch', () => {
  it('changes the version, the address and the digest of an entry', () => {
    const { before, text, missing, removed } = patchNoted(simple);
    expect(linesApart(before, text)).toEqual([
      '-"version": "1.1.0",',
      '-"resolved": "https://registry.example/c/-/c-1.1.0.tgz",',
      `-"integrity": "${integrityOf('c', '1.1.0')}"`,
      // The line with the version stands in another entry too.
      '+"resolved": "https://registry.example/c/-/c-1.0.0.tgz",',
      `+"integrity": "${integrityOf('c', '1.0.0')}"`,
    ]);
    expect({ missing, removed }).toEqual({ missing: [], removed: [] });
  });

  it('gives the lockfile that npm would have written for the other version', () => {
    const registry = ['b@1.0.0', 'c@1.0.0: b@1', 'c@1.1.0: b@^1 peer?:d@2', 'a@1.0.0: c@^1'];
    const noted = { registry, asks: 'a@1', take: 'c@1.0.0' };
    const wanted = writeLockfile({
      registry: parseRegistryNotation(registry),
      asks: 'a@1',
      tree: 'a@1.0.0 b@1.0.0 c@1.0.0',
    }).lockfile;
    expect(patchNoted({ ...noted, tree: 'a@1.0.0 b@1.0.0 c@1.1.0' }).text).toBe(wanted);
  });

  it.each([
    ['tabs', (text: string) => text.replaceAll('  ', '\t')],
    ['four blanks and carriage returns', (text: string) => text.replaceAll('  ', '    ').replaceAll('\n', '\r\n')],
    ['one line', (text: string) => JSON.stringify(JSON.parse(text))],
    ['one line with blanks', (text: string) => text.replaceAll(/\n\s*/g, ' ')],
    ['no line end at the end', (text: string) => text.trimEnd()],
    ['a byte order mark', (text: string) => `\uFEFF${text}`],
  ])('keeps %s', (_, rewrite) => {
    const registry = ['b@1.0.0', 'c@1.0.0: b@1', 'c@1.1.0', 'a@1.0.0: c@^1 b@1'];
    const noted = { registry, asks: 'a@1', take: 'c@1.0.0' };
    const wanted = writeLockfile({
      registry: parseRegistryNotation(registry),
      asks: 'a@1',
      tree: 'a@1.0.0 b@1.0.0 c@1.0.0',
    }).lockfile;
    expect(patchNoted({ ...noted, tree: 'a@1.0.0 b@1.0.0 c@1.1.0' }, rewrite).text).toBe(rewrite(wanted));
  });

  it('writes nothing anew where nothing changes', () => {
    const { before, text } = patchNoted({ ...simple, take: 'c@1.1.0' });
    expect(text).toBe(before);
  });

  it('copies the fields that npm copies, in npm’s order and form', () => {
    const { text } = patchNoted({
      ...simple,
      published: {
        bin: { tool: './bin/tool.js', '../up': '../../up.js' },
        os: ['linux'],
        cpu: ['x64'],
        hasInstallScript: true,
        optionalDependencies: { a: '1' },
        dependencies: { a: '1' },
        lockFields: {
          engines: { node: '>=18' },
          license: { type: 'MIT' },
          funding: 'https://fund.example',
          gitHead: 'x',
        },
      },
    });
    const entry = JSON.parse(text).packages['node_modules/c'];
    expect(Object.keys(entry)).toEqual([
      'version',
      'resolved',
      'integrity',
      'cpu',
      'hasInstallScript',
      'license',
      'os',
      'bin',
      'engines',
      'funding',
      'optionalDependencies',
    ]);
    expect(entry).toMatchObject({
      bin: { tool: 'bin/tool.js', up: 'up.js' },
      license: 'MIT',
      funding: { url: 'https://fund.example' },
      optionalDependencies: { a: '1' },
    });
  });

  it('keeps what is of the tree, drops what was of the old version, and leaves what nobody asked about', () => {
    const { text } = patchNoted({ ...simple, asks: 'dev:a@1' }, (lockfile) =>
      lockfile.replace(
        /(c-1\.1\.0\.tgz",)/,
        '$1 "license": "MIT", "deprecated": "use 2", "custom": 1, "bin": { "c": "c.js" }, "engines": { "node": ">=4" },',
      ),
    );
    const entry = JSON.parse(text).packages['node_modules/c'];
    expect(Object.keys(entry).toSorted()).toEqual(['dev', 'engines', 'integrity', 'license', 'resolved', 'version']);
  });

  it('names no address where the lockfile names none', () => {
    const { text } = patchNoted(simple, (lockfile) => lockfile.replaceAll(/\n\s*"resolved": .*/g, ''));
    expect(text).not.toContain('resolved');
    expect(JSON.parse(text).packages['node_modules/c']).toMatchObject({ version: '1.0.0' });
  });

  it('stays with the registry that the lockfile names', () => {
    const { text } = patchNoted({ ...simple, published: { tarball: 'https://mirror.example/c-1.0.0.tgz' } });
    expect(JSON.parse(text).packages['node_modules/c'].resolved).toBe('https://registry.example/c/-/c-1.0.0.tgz');
  });

  it('keeps an alias', () => {
    const { text } = patchNoted({
      ...simple,
      registry: [...simple.registry, 'd@1.0.0: other@npm:c@^1'],
      asks: 'd@1',
      tree: 'd@1.0.0 other@npm:c@1.1.0',
    });
    expect(JSON.parse(text).packages['node_modules/other']).toMatchObject({ name: 'c', version: '1.0.0' });
  });
});

describe('entries that nobody needs any more', () => {
  const registry = ['x@1.0.0: y@1', 'y@1.0.0', 'c@1.0.0', 'c@1.1.0: x@1', 'a@1.0.0: c@^1'];

  it('go with everything below them', () => {
    const { text, removed } = patchNoted({
      registry,
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0 x@1.0.0 x/y@1.0.0',
      take: 'c@1.0.0',
    });
    expect(removed).toEqual(['node_modules/x', 'node_modules/x/node_modules/y']);
    const wanted = { registry: parseRegistryNotation(registry), asks: 'a@1', tree: 'a@1.0.0 c@1.0.0' };
    expect(text).toBe(writeLockfile(wanted).lockfile);
  });

  it('stay when somebody else needs them', () => {
    const { removed } = patchNoted({
      registry,
      asks: 'a@1 y@1',
      tree: 'a@1.0.0 c@1.1.0 x@1.0.0 y@1.0.0',
      take: 'c@1.0.0',
    });
    expect(removed).toEqual(['node_modules/x']);
  });

  it('stay when nobody needed them before', () => {
    const { removed } = patchNoted({
      ...simple,
      registry: [...simple.registry, 'z@1.0.0'],
      tree: 'a@1.0.0 c@1.1.0 z@1.0.0',
    });
    expect(removed).toEqual([]);
  });

  it('are flagged anew where they are there for something else', () => {
    const { text } = patchNoted({
      registry,
      asks: 'a@1 dev:x@1',
      tree: 'a@1.0.0 c@1.1.0 x@1.0.0 y@1.0.0',
      take: 'c@1.0.0',
    });
    const wanted = {
      registry: parseRegistryNotation(registry),
      asks: 'a@1 dev:x@1',
      tree: 'a@1.0.0 c@1.0.0 x@1.0.0 y@1.0.0',
    };
    expect(text).toBe(writeLockfile(wanted).lockfile);
  });
});

describe('what npm has to place', () => {
  it('is what the version asks for and the tree does not have', () => {
    const { missing } = patchNoted({
      registry: ['b@1.0.0', 'c@1.0.0: b@^1 ?e@1 peer?:f@1', 'c@1.1.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0',
      take: 'c@1.0.0',
    });
    const by = { name: 'c', version: '1.0.0', location: 'node_modules/c' };
    expect(missing).toEqual([
      { name: 'b', spec: '^1', type: 'prod', by },
      { name: 'e', spec: '1', type: 'optional', by },
    ]);
  });

  it('is what the tree has in another version', () => {
    const { missing } = patchNoted({
      registry: ['b@2.0.0', 'c@1.0.0: b@^1', 'c@1.1.0: b@^2', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 b@2.0.0 c@1.1.0',
      take: 'c@1.0.0',
    });
    expect(missing).toMatchObject([{ name: 'b', spec: '^1' }]);
  });

  it('is nothing where an override holds for the dependency', () => {
    const { missing } = patchNoted({
      registry: ['b@2.0.0', 'c@1.0.0: b@^1', 'c@1.1.0: b@^1', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 b@2.0.0 c@1.1.0',
      overrides: { b: '2.0.0' },
      take: 'c@1.0.0',
    });
    expect(missing).toEqual([]);
  });
});

it('refuses to patch what is not there', () => {
  const registry = parseRegistryNotation(simple.registry);
  const tree = buildTree({ ...simple, registry });
  const published = publishedOf(registry, 'c', '1.0.0');
  const takes = [{ locations: ['node_modules/nowhere'], version: '1.0.0', published }];
  expect(() => patchLockfile({ tree, text: '{}', takes })).toThrow('no entry at node_modules/nowhere');
});
