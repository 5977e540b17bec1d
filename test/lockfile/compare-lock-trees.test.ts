import { describe, expect, it } from 'vitest';
import { compareLockTrees } from '../../src/lockfile/compare-lock-trees.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { parseProjectManifest } from '../../src/lockfile/parse-project-manifest.ts';
import type { LockTree } from '../../src/model/lock-tree.ts';
import type { LockExampleState } from '../../src/rule.ts';
import { parseRegistryNotation, writeLockfile } from '../support/lock-notation.ts';

const registry = parseRegistryNotation([
  'a@1.0.0: c@^1',
  'a@1.1.0: c@^1',
  'a@2.0.0: c@^1',
  'b@1.0.0: c@^1',
  'c@1.0.0',
  'c@1.1.0',
  'c@1.2.0',
  'c@2.0.0',
]);

function lock(tree: string, state: Partial<LockExampleState> = {}): LockTree {
  const { lockfile, manifest } = writeLockfile({ asks: 'a@* b@* c@*', tree, registry, ...state });
  const manifests = new Map([['', parseProjectManifest(manifest, 'package.json', '')]]);
  return parseLockfile({ path: 'package-lock.json', text: lockfile, manifests });
}

/** `updated c 1.0.0 -> 1.1.0 at b/c`, then what is gone, then how many are as they were. */
function tell(before: LockTree | undefined, after: LockTree, options?: { readonly kept: boolean }): readonly string[] {
  const { entries, removed, unchanged } = compareLockTrees(before, after, options);
  return [
    ...entries.map(({ kind, from, to, after: copies }) => {
      const places = copies.map(({ location }) => location.replaceAll('node_modules/', '')).join(' ');
      return `${kind} ${copies[0]?.name} ${from ?? 'nothing'} -> ${to} at ${places}`;
    }),
    ...removed.map(({ name, version }) => `removed ${name} ${version}`),
    `${unchanged} unchanged`,
  ];
}

describe('a difference', () => {
  it.each([
    { title: 'none', before: 'a@1.0.0 c@1.0.0', after: 'a@1.0.0 c@1.0.0', told: ['2 unchanged'] },
    {
      title: 'a copy that lies elsewhere, or once more',
      before: 'a@1.0.0 b@1.0.0 c@1.0.0 b/c@2.0.0',
      after: 'a@1.0.0 b@1.0.0 c@2.0.0 a/c@1.0.0 b/c@1.0.0',
      told: ['4 unchanged'],
    },
    {
      title: 'a new version',
      before: 'a@1.0.0 c@1.0.0',
      after: 'a@1.1.0 c@1.0.0',
      told: ['updated a 1.0.0 -> 1.1.0 at a', '1 unchanged'],
    },
    {
      title: 'an old version',
      before: 'a@2.0.0 c@1.0.0',
      after: 'a@1.1.0 c@1.0.0',
      told: ['downgraded a 2.0.0 -> 1.1.0 at a', '1 unchanged'],
    },
    {
      title: 'a new package, and one that is gone',
      before: 'a@1.0.0 c@1.0.0',
      after: 'b@1.0.0 c@1.0.0',
      told: ['added b nothing -> 1.0.0 at b', 'removed a 1.0.0', '1 unchanged'],
    },
    {
      title: 'several copies of a new version, once',
      before: 'a@1.0.0 b@1.0.0 c@1.0.0',
      after: 'a@1.0.0 b@1.0.0 c@2.0.0 a/c@1.1.0 b/c@1.1.0',
      told: ['updated c 1.0.0 -> 1.1.0 at a/c b/c', 'updated c 1.0.0 -> 2.0.0 at c', '2 unchanged'],
    },
    {
      title: 'the version that lay in the same place, before a nearer one',
      before: 'a@1.0.0 c@1.0.0 a/c@1.1.0',
      after: 'a@1.0.0 c@1.2.0',
      told: ['updated c 1.0.0 -> 1.2.0 at c', 'removed c 1.1.0', '1 unchanged'],
    },
    {
      title: 'the nearest version that is gone, where the place is new',
      before: 'a@1.0.0 b@1.0.0 c@2.0.0 a/c@1.0.0 b/c@1.1.0',
      after: 'a@1.0.0 b@1.0.0 c@1.2.0',
      told: ['downgraded c 2.0.0 -> 1.2.0 at c', 'removed c 1.0.0', 'removed c 1.1.0', '2 unchanged'],
    },
    {
      title: 'a version beside the old one, compared with that',
      before: 'a@1.0.0 b@1.0.0 c@1.0.0',
      after: 'a@1.0.0 b@1.0.0 c@1.0.0 b/c@2.0.0',
      told: ['updated c 1.0.0 -> 2.0.0 at b/c', '3 unchanged'],
    },
  ])('is $title', ({ before, after, told }) => {
    expect(tell(lock(before), lock(after))).toEqual(told);
  });

  it('is everything where there is no base', () => {
    expect(tell(undefined, lock('a@1.0.0 c@1.0.0'))).toEqual([
      'added a nothing -> 1.0.0 at a',
      'added c nothing -> 1.0.0 at c',
      '0 unchanged',
    ]);
  });

  it('names what is as it was where that is asked for', () => {
    expect(tell(lock('a@1.0.0 c@1.0.0'), lock('a@1.1.0 c@1.0.0'), { kept: true })).toEqual([
      'updated a 1.0.0 -> 1.1.0 at a',
      'kept c 1.0.0 -> 1.0.0 at c',
      '1 unchanged',
    ]);
  });

  it('tells an alias by what it stands for', () => {
    const before = lock('c@1.0.0', { asks: 'c@^1' });
    const after = lock('x@npm:c@1.1.0', { asks: 'x@npm:c@^1' });
    expect(tell(before, after)).toEqual(['updated c 1.0.0 -> 1.1.0 at x', '0 unchanged']);
  });

  it('knows all versions of the base', () => {
    const before = lock('a@1.0.0 b@1.0.0 c@1.0.0 b/c@2.0.0');
    const { entries } = compareLockTrees(before, lock('a@1.0.0 b@1.0.0 c@1.1.0 b/c@2.0.0'));
    expect(
      entries.map(({ baseVersions, before: copies }) => [baseVersions, copies.map(({ location }) => location)]),
    ).toEqual([[['2.0.0', '1.0.0'], ['node_modules/c']]]);
  });
});

describe('a rewritten entry', () => {
  const tree = 'a@1.0.0 b@1.0.0 c@1.0.0';
  const rewrite = (fields: Readonly<Record<string, unknown>>): LockTree =>
    lock(tree, { entries: { 'node_modules/c': fields } });

  it.each([
    ['another integrity', { integrity: 'sha512-BBBB' }],
    ['no integrity', { integrity: null }],
    ['another host', { resolved: 'https://other.example/c/-/c-1.0.0.tgz' }],
    ['a repository', { resolved: 'git+https://git.example/c.git#0123456789abcdef0123456789abcdef01234567' }],
    ['a dependency', { dependencies: { b: '^1' } }],
    ['an optional dependency', { optionalDependencies: { b: '^1' } }],
    ['a peer', { peerDependencies: { b: '^1' } }],
    ['a command', { bin: { c: 'c.js' } }],
    ['a system', { os: ['linux'] }],
    ['a processor', { cpu: ['x64'] }],
    ['an install script', { hasInstallScript: true }],
  ])('says of the same version: %s', (_, fields) => {
    const [old, now] = [rewrite({}), rewrite(fields)];
    expect(tell(old, now)).toEqual(['rewritten c 1.0.0 -> 1.0.0 at c', '2 unchanged']);
    expect(tell(now, old)).toEqual(['rewritten c 1.0.0 -> 1.0.0 at c', '2 unchanged']);
  });

  it.each([
    ['flags that follow from the rest of the tree', { dev: true, optional: true, devOptional: true, peer: true }],
    ["the registry's URL, which a project may leave out", { resolved: null }],
    ['what stands twice', { dependencies: {}, optionalDependencies: {} }],
    ['what a registry tells', { deprecated: 'use b', license: 'MIT', funding: { url: 'https://example.invalid' } }],
  ])('is none for %s', (_, fields) => {
    expect(tell(rewrite({}), rewrite(fields))).toEqual(['3 unchanged']);
    expect(tell(rewrite(fields), rewrite({}))).toEqual(['3 unchanged']);
  });

  it('is only the copy that no copy of the base was like', () => {
    const twice = 'a@1.0.0 b@1.0.0 c@2.0.0 a/c@1.0.0 b/c@1.0.0';
    const fields = { integrity: 'sha512-BBBB' };
    const [old, one] = [lock(twice), lock(twice, { entries: { 'node_modules/b/node_modules/c': fields } })];
    expect(tell(old, one)).toEqual(['rewritten c 1.0.0 -> 1.0.0 at b/c', '3 unchanged']);
    expect(tell(one, old)).toEqual(['4 unchanged']);
  });

  it('is an integrity of other digests, in whatever order they stand', () => {
    const [one, other] = [rewrite({ integrity: 'sha1-AA sha512-BB' }), rewrite({ integrity: 'sha512-BB  sha1-AA' })];
    expect(tell(one, other)).toEqual(['3 unchanged']);
  });
});
