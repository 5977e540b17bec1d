import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { judgePair } from '../../src/guard.ts';
import { atFile } from '../../src/rule.ts';
import { connect } from '../registry/connect.ts';
import type { PublishedPackage } from '../support/registry.ts';
import { addedOf, chain, judgeWatched, optionsWith, samplePair, sampleWith, watch } from './judge-watched.ts';

describe('added dependencies', () => {
  test('a dependency that came along is read as if it replaced nothing, and its findings name it', async () => {
    const { verdict, seen } = await judgeWatched({
      packages: { sample: sampleWith({ dependencies: { extra: '^1.0.0' } }), ...chain({ extra: {} }) },
      evidence: [{ message: 'seen', at: atFile('package.json', 1) }],
    });
    expect(addedOf(seen)).toMatchObject([
      { name: 'extra', spec: '^1.0.0', field: 'dependencies', source: 'registry', specBefore: undefined },
    ]);
    expect(addedOf(seen)[0]?.release).toMatchObject({ known: true, value: { name: 'extra', version: '1.0.0' } });
    expect(verdict.findings.map((finding) => finding.package)).toEqual([
      { name: 'sample', version: '1.0.1' },
      { name: 'extra', version: '1.0.0' },
    ]);
    const files = seen.get('extra@1.0.0')?.files;
    expect(files?.known && files.value.before).toBeUndefined();
  });

  test('takes the version that npm would take', async () => {
    const versions = { '1.0.0': {}, '1.5.0': {}, '1.9.0': {}, '2.0.0': {}, '3.0.0-next.1': {} };
    const distTags = { latest: '1.5.0', next: '3.0.0-next.1' };
    const specs = { a: '^1.0.0', b: '>=1', c: 'next', d: '*', e: 'npm:many@^2', f: '1.0.0' };
    const { seen } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: specs }),
        ...Object.fromEntries(['a', 'b', 'c', 'd', 'f', 'many'].map((name) => [name, { versions, distTags }])),
      },
    });
    const taken = addedOf(seen).map(({ name, release }) => [name, release.known ? release.value : release.why]);
    expect(Object.fromEntries(taken)).toMatchObject({
      a: { name: 'a', version: '1.5.0' },
      b: { name: 'b', version: '1.5.0' },
      c: { name: 'c', version: '3.0.0-next.1' },
      d: { name: 'd', version: '1.5.0' },
      e: { name: 'many', version: '2.0.0' },
      f: { name: 'f', version: '1.0.0' },
    });
  });

  test('reads what dependencies bring in turn, each release once, cycles included', async () => {
    const { seen } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: { one: '1', two: '1' } }),
        ...chain({ one: { three: '1' }, two: { three: '1' }, three: { one: '1', sample: '1' } }),
      },
    });
    expect([...seen.keys()]).toEqual(['sample@1.0.1', 'one@1.0.0', 'two@1.0.0', 'three@1.0.0']);
    expect(addedOf(seen, 'three@1.0.0').map(({ name, release }) => [name, release.known])).toEqual([
      ['one', true],
      ['sample', false],
    ]);
  });

  test('compares what the old release brought by itself, and passes over what it brought in the same version', async () => {
    const old = { dependencies: { changed: '^1.0.0', same: '^1.0.0' } };
    const extra = { dependencies: { changed: '^2.0.0', same: '^1.0.0' } };
    const { verdict, seen } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: { ...old.dependencies, extra: '^1.0.0' } }, old),
        extra: { versions: { '1.0.0': { files: { 'package.json': extra } } } },
        changed: {
          versions: {
            '1.0.0': { files: { 'a.js': '1', 'package.json': { dependencies: { old: '1' } } } },
            '2.0.0': { files: { 'a.js': '2', 'package.json': { dependencies: { old: '1', fresh: '1' } } } },
          },
        },
        ...chain({ same: {}, old: {}, fresh: {} }),
      },
      evidence: [{ message: 'seen', at: atFile('package.json', 1) }],
    });
    expect([...seen.keys()]).toEqual(['sample@1.0.1', 'extra@1.0.0', 'changed@2.0.0', 'fresh@1.0.0']);
    const files = seen.get('changed@2.0.0')?.files;
    expect(files?.known && files.value.changed.map(({ after }) => after.path)).toEqual(['a.js', 'package.json']);
    expect(verdict.coverage.gaps.filter(({ required }) => required)).toEqual([]);
  });

  test('takes nothing that was cut off, because others left too little', async () => {
    const old = { dependencies: { changed: '^1.0.0' } };
    const { seen, verdict } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: { ...old.dependencies, extra: '1' } }, old),
        ...chain({ extra: { changed: '^2.0.0' } }),
        changed: {
          versions: {
            '1.0.0': { files: { 'package.json': {}, 'a.js': '1' } },
            '2.0.0': { files: { 'package.json': {}, 'a.js': 'x'.repeat(9_000) } },
          },
        },
      },
      limits: { maxPackages: 9, maxUnpackedBytes: 3_000 },
    });
    expect([...seen.keys()]).toEqual(['sample@1.0.1', 'extra@1.0.0']);
    expect(verdict.coverage.gaps).toMatchObject([{ package: 'changed', why: 'too-large', required: true }]);
  });

  test('keeps of native programs what is told of them, however many platforms they are for', async () => {
    const program = Buffer.concat([Buffer.from('7f454c46', 'hex'), Buffer.alloc(300_000)]);
    const platform = { versions: { '1.0.0': { files: { 'package.json': {}, 'bin/tool': program } } } };
    const { seen, verdict } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: { one: '1', two: '1', three: '1' } }),
        one: platform,
        two: platform,
        three: platform,
      },
      limits: { maxHeldBytes: 10_000 },
    });
    const files = ['one', 'two', 'three'].map((name) => seen.get(`${name}@1.0.0`)?.files);
    const tools = files.map((one) => (one?.known ? one.value.after.files.get('bin/tool') : undefined));
    expect(tools.map((tool) => tool && [tool.format, tool.size, tool.bytes.length])).toEqual(
      tools.map(() => ['elf', 300_004, 0]),
    );
    expect(tools[0]?.digest).toBe(createHash('sha256').update(program).digest('hex'));
    expect(verdict.coverage.gaps.filter(({ required }) => required)).toEqual([]);
  });

  test('is undecided where more than native programs fills the memory', async () => {
    const big = { versions: { '1.0.0': { files: { 'package.json': {}, 'big.txt': 'x'.repeat(50_000) } } } };
    const { verdict } = await judgeWatched({
      packages: { sample: sampleWith({ dependencies: { one: '1', two: '1' } }), one: big, two: big },
      limits: { maxHeldBytes: 10_000 },
    });
    expect(verdict.coverage.gaps).toMatchObject([{ package: 'two', why: 'too-large', required: true }]);
  });

  test('reads what replaces something as new where the old tarball cannot be had', async () => {
    const { seen, verdict } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: { changed: '9', extra: '1' } }, { dependencies: { changed: '9' } }),
        ...chain({ extra: { changed: '1' }, changed: {} }),
      },
    });
    const files = seen.get('changed@1.0.0')?.files;
    expect(files?.known && files.value.before).toBeUndefined();
    expect(verdict.result).toBe('allow');
  });

  test('is undecided when the tarball of one cannot be had', async () => {
    const { verdict } = await judgeWatched({ packages: { sample: sampleWith({ dependencies: { absent: '1' } }) } });
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.gaps).toMatchObject([
      { fact: 'addedDependencies', package: 'absent', why: 'not-found', required: true },
    ]);
  });

  test('is undecided when more comes along than is read, and says which', async () => {
    const { verdict, seen } = await judgeWatched({
      packages: {
        sample: sampleWith({ dependencies: { one: '1', two: '1', three: '1' } }),
        ...chain({ one: {}, two: {}, three: {} }),
      },
      limits: { maxPackages: 2, maxUnpackedBytes: 1_000_000 },
    });
    expect([...seen.keys()]).toEqual(['sample@1.0.1', 'one@1.0.0', 'two@1.0.0']);
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.gaps).toMatchObject([{ package: 'three', why: 'too-large', required: true }]);
  });

  test('asks for no more specs than could be read, however many a manifest names', async () => {
    const names = Array.from({ length: 50 }, (_, index) => `none-${index}`);
    const dependencies = Object.fromEntries(names.map((name) => [name, '1']));
    const { little, registry } = await connect({ packages: { sample: sampleWith({ dependencies }) } });
    const limits = { maxPackages: 2, maxUnpackedBytes: 1_000_000 };
    const verdict = await judgePair(samplePair, { ...optionsWith([watch().rule]), registry, limits });
    expect(new Set(little.requests.map(({ path }) => path).filter((path) => path.includes('none-'))).size).toBe(8);
    expect(verdict.coverage.gaps.filter((gap) => gap.why === 'too-large')).toHaveLength(42);
  });

  test('unpacks no more bytes than are allowed for all of them together', async () => {
    const big = { versions: { '1.0.0': { files: { 'big.txt': 'x'.repeat(50_000) } } } };
    const { seen, verdict } = await judgeWatched({
      packages: { sample: sampleWith({ dependencies: { one: '1', two: '1' } }), one: big, two: big },
      limits: { maxPackages: 9, maxUnpackedBytes: 60_000 },
    });
    const unpacked = ['one@1.0.0', 'two@1.0.0'].map((key) => {
      const files = seen.get(key)?.files;
      return files?.known ? files.value.after.unpackedBytes : 0;
    });
    expect(unpacked[0]).toBeGreaterThan(50_000);
    expect(unpacked[1]).toBeLessThan(10_000);
    expect(verdict.result).toBe('undecided');
  });

  test.each([
    { what: 'a newer range', before: '^1.0.0', after: '^1.1.0', sources: [] },
    { what: 'the same alias at another version', before: 'npm:other@1', after: 'npm:other@2', sources: [] },
    { what: 'an alias of something else', before: 'npm:other@1', after: 'npm:evil@1', sources: ['registry'] },
    { what: 'a repository instead of the registry', before: '^1.0.0', after: 'github:u/extra', sources: ['git'] },
    { what: 'another commit of its repository', before: 'github:u/extra#a', after: 'github:u/extra#b', sources: [] },
    { what: 'an address', before: '1', after: 'https://host.invalid/extra.tgz', sources: ['remote'] },
    { what: 'a folder', before: '1', after: 'file:../extra', sources: ['file'] },
    { what: "another package manager's protocol", before: '1', after: 'workspace:*', sources: ['file'] },
  ])('asks where it comes from: $what', async ({ before, after, sources }) => {
    const packages = { sample: sampleWith({ dependencies: { extra: after } }, { dependencies: { extra: before } }) };
    const { seen } = await judgeWatched({ packages });
    expect(addedOf(seen).map((dependency) => dependency.source)).toEqual(sources);
  });

  test('a peer is named and not fetched; a peer that becomes a dependency is', async () => {
    const packages = {
      sample: sampleWith(
        { peerDependencies: { fresh: '1' }, dependencies: { promoted: '1' } },
        { peerDependencies: { promoted: '1' } },
      ),
      ...chain({ promoted: {} }),
    };
    const { seen, verdict } = await judgeWatched({ packages });
    expect(addedOf(seen)).toMatchObject([
      { name: 'fresh', field: 'peerDependencies', release: { known: false, why: 'not-consulted' } },
      { name: 'promoted', field: 'dependencies', specBefore: '1', release: { known: true } },
    ]);
    expect(verdict.result).toBe('allow');
  });

  test('a bundled dependency is read from the tarball that holds it', async () => {
    const sample: PublishedPackage = {
      versions: {
        '1.0.0': {},
        '1.0.1': {
          files: {
            'package.json': { dependencies: { inner: '1', outer: '1' }, bundleDependencies: ['inner', 'outer'] },
            'node_modules/inner/package.json': { version: '1.2.3', scripts: { postinstall: 'node x.js' } },
          },
        },
      },
    };
    const { seen } = await judgeWatched({ packages: { sample, ...chain({ outer: {} }) } });
    expect(addedOf(seen)).toMatchObject([
      { name: 'inner', release: { value: { version: '1.2.3', installEvents: ['postinstall'] } } },
      { name: 'outer', release: { value: { version: '1.0.0' } } },
    ]);
  });

  test("dependencies named like the language's own properties are dependencies like any other", async () => {
    const dependencies = JSON.parse('{"constructor": "1", "__proto__": "1", "toString": "1"}');
    const { seen, verdict } = await judgeWatched({ packages: { sample: sampleWith({ dependencies }) } });
    expect(addedOf(seen).map(({ name }) => name)).toEqual(['constructor', '__proto__', 'toString']);
    expect(verdict.result).toBe('undecided');
  });
});
