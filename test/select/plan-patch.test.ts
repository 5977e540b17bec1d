/**
 * Which entries move, and which move along: by a registry, a base, a head, and the versions that rules ask for.
 * Over 300 lines, because each way to be stuck needs a tree of its own.
 */
import { describe, expect, it } from 'vitest';
import { patchLockfile } from '../../src/select/patch-lockfile.ts';
import { type PatchPlan, planPatch } from '../../src/select/plan-patch.ts';
import { parseRegistryNotation, publishedOf, writeLockfile } from '../support/lock-notation.ts';
import { buildTree, type NotedTree } from './build-tree.ts';

interface Asked extends Omit<NotedTree, 'registry'> {
  readonly registry: readonly string[];
  /** Copies of the base, in the notation of trees. */
  readonly base?: string;
  /** `c@1.1.0>1.0.0`; nothing behind the `>` when the rule knows of no version. */
  readonly wishes: readonly string[];
  readonly excluded?: readonly string[];
  readonly named?: readonly string[];
  /** Releases that have not been loaded yet. */
  readonly unloaded?: readonly string[];
  /** Releases that cannot be had. */
  readonly absent?: readonly string[];
}

function plan({
  registry: lines,
  base = '',
  wishes,
  excluded = [],
  named = [],
  unloaded = [],
  absent = [],
  ...noted
}: Asked) {
  const registry = parseRegistryNotation(lines);
  const tree = buildTree({ ...noted, registry });
  const baseNodes = [...buildTree({ ...noted, registry, tree: base }).nodes.values()];
  const planned = planPatch(
    wishes.map((wish) => {
      const [, name = '', version = '', target] = /^(.+)@(.+)>(.*)$/.exec(wish) ?? [];
      return { package: { name, version }, target: target === '' ? undefined : target };
    }),
    {
      tree,
      baseVersions: (name) => baseNodes.flatMap((node) => (node.name === name ? (node.version ?? []) : [])),
      findRelease: (name, version) => {
        if (absent.includes(`${name}@${version}`)) return 'absent';
        return unloaded.includes(`${name}@${version}`) ? undefined : publishedOf(registry, name, version);
      },
      excluded: (name) =>
        new Set(excluded.flatMap((one) => (one.startsWith(`${name}@`) ? one.slice(name.length + 1) : []))),
      isNamed: (name) => named.includes(name),
    },
  );
  const { lockfile: text } = writeLockfile({ ...noted, registry });
  return {
    ...planned,
    moves: movesOf(planned),
    patched: patchLockfile({ tree, text, takes: planned.takes }),
    registry,
  };
}

function movesOf({ takes }: PatchPlan): readonly string[] {
  return takes.map(({ name, from, version }) => `${name} ${from} > ${version}`).toSorted();
}

describe('a plan', () => {
  it('moves every copy of the version, and no other', () => {
    const { takes, left, missing } = plan({
      registry: ['c@1.0.0', 'c@1.1.0', 'c@2.0.0', 'a@1.0.0: c@^1', 'b@1.0.0: c@^1'],
      asks: 'a@1 b@1 c@2',
      tree: 'a@1.0.0 b@1.0.0 c@2.0.0 a/c@1.1.0 b/c@1.1.0',
      wishes: ['c@1.1.0>1.0.0'],
    });
    expect(takes).toMatchObject([
      {
        name: 'c',
        from: '1.1.0',
        version: '1.0.0',
        locations: ['node_modules/a/node_modules/c', 'node_modules/b/node_modules/c'],
      },
    ]);
    expect({ left, missing }).toEqual({ left: [], missing: [] });
  });

  it('takes what the base had where rules disagree, else the lowest', () => {
    const asked: Asked = {
      registry: ['c@1.0.0', 'c@1.1.0', 'c@1.2.0', 'c@1.3.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.3.0',
      wishes: ['c@1.3.0>1.0.0', 'c@1.3.0>1.1.0', 'c@1.3.0>1.2.0'],
    };
    expect(plan({ ...asked, base: 'a@1.0.0 c@1.1.0' }).moves).toEqual(['c 1.3.0 > 1.1.0']);
    expect(plan(asked).moves).toEqual(['c 1.3.0 > 1.0.0']);
    expect(plan({ ...asked, base: 'a@1.0.0 c@1.1.0', excluded: ['c@1.1.0', 'c@1.0.0'] }).moves).toEqual([
      'c 1.3.0 > 1.2.0',
    ]);
  });

  it('moves from one excluded version to another where there is nothing else', () => {
    const { moves } = plan({
      registry: ['c@1.0.0', 'c@1.1.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0',
      wishes: ['c@1.1.0>1.0.0'],
      excluded: ['c@1.0.0', 'c@1.1.0'],
    });
    expect(moves).toEqual(['c 1.1.0 > 1.0.0']);
  });

  it('asks for a release that it does not have, and for nothing twice', () => {
    const asked: Asked = {
      registry: ['c@1.0.0', 'c@1.1.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0',
      wishes: ['c@1.1.0>1.0.0'],
      unloaded: ['c@1.0.0'],
    };
    const { needs, takes } = plan(asked);
    expect(needs).toEqual([{ name: 'c', version: '1.0.0' }]);
    expect(takes).toEqual([]);
    expect(plan({ ...asked, unloaded: [] }).needs).toEqual([]);
  });
});

describe('what moves along', () => {
  const family = [
    'bundler@1.0.0: ?bundler-linux@1.0.0 ?bundler-mac@1.0.0',
    'bundler@1.1.0: ?bundler-linux@1.1.0 ?bundler-mac@1.1.0 ?bundler-new@1.1.0',
    ...['linux', 'mac', 'new'].flatMap((system) => ['1.0.0', '1.1.0'].map((version) => `bundler-${system}@${version}`)),
  ];

  it('is a family of packages for single platforms', () => {
    const { moves, patched, registry, left } = plan({
      registry: [...family, 'a@1.0.0: bundler@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 bundler@1.1.0 bundler-linux@1.1.0 bundler-mac@1.1.0 bundler-new@1.1.0',
      wishes: ['bundler@1.1.0>1.0.0'],
    });
    expect(moves).toEqual(['bundler 1.1.0 > 1.0.0', 'bundler-linux 1.1.0 > 1.0.0', 'bundler-mac 1.1.0 > 1.0.0']);
    expect(left).toEqual([]);
    const tree = 'a@1.0.0 bundler@1.0.0 bundler-linux@1.0.0 bundler-mac@1.0.0';
    expect(patched.text).toBe(writeLockfile({ registry, asks: 'a@1', tree }).lockfile);
  });

  it('is asked for all at once', () => {
    const { needs } = plan({
      registry: [...family, 'a@1.0.0: bundler@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 bundler@1.1.0 bundler-linux@1.1.0 bundler-mac@1.1.0 bundler-new@1.1.0',
      wishes: ['bundler@1.1.0>1.0.0'],
      unloaded: ['bundler-linux@1.0.0', 'bundler-mac@1.0.0'],
    });
    expect(needs).toEqual([
      { name: 'bundler-linux', version: '1.0.0' },
      { name: 'bundler-mac', version: '1.0.0' },
    ]);
  });

  it('is what the base had, where a dependent that goes back asks for less', () => {
    const { moves, missing } = plan({
      registry: ['c@1.0.0', 'c@2.0.0', 'b@1.0.0: c@^1', 'b@1.1.0: c@^2', 'a@1.0.0: b@^1'],
      asks: 'a@1',
      base: 'a@1.0.0 b@1.0.0 c@1.0.0',
      tree: 'a@1.0.0 b@1.1.0 c@2.0.0',
      wishes: ['b@1.1.0>1.0.0'],
    });
    expect(moves).toEqual(['b 1.1.0 > 1.0.0', 'c 2.0.0 > 1.0.0']);
    expect(missing).toEqual([]);
  });

  it('is what changed only for the sake of a dependent that goes back', () => {
    const asked: Asked = {
      registry: ['c@1.0.0', 'c@1.5.0', 'b@1.0.0: c@^1', 'b@1.1.0: c@^1.5', 'a@1.0.0: b@^1'],
      asks: 'a@1',
      base: 'a@1.0.0 b@1.0.0 c@1.0.0',
      tree: 'a@1.0.0 b@1.1.0 c@1.5.0',
      wishes: ['b@1.1.0>1.0.0'],
    };
    expect(plan(asked).moves).toEqual(['b 1.1.0 > 1.0.0', 'c 1.5.0 > 1.0.0']);
    expect(plan({ ...asked, named: ['c'] }).moves).toEqual(['b 1.1.0 > 1.0.0']);
    expect(plan({ ...asked, excluded: ['c@1.0.0'] }).moves).toEqual(['b 1.1.0 > 1.0.0']);
    expect(plan({ ...asked, asks: 'a@1 c@^1' }).moves).toEqual(['b 1.1.0 > 1.0.0']);
  });

  it('goes further back than its own wish where a dependent that goes back needs it', () => {
    const { moves, missing } = plan({
      registry: ['c@1.0.0', 'c@1.5.0', 'c@1.6.0', 'b@1.0.0: c@1.0.0', 'b@1.1.0: c@^1.5', 'a@1.0.0: b@^1'],
      asks: 'a@1',
      base: 'a@1.0.0 b@1.0.0 c@1.0.0',
      tree: 'a@1.0.0 b@1.1.0 c@1.6.0',
      wishes: ['c@1.6.0>1.5.0', 'b@1.1.0>1.0.0'],
    });
    expect(moves).toEqual(['b 1.1.0 > 1.0.0', 'c 1.6.0 > 1.0.0']);
    expect(missing).toEqual([]);
  });

  it('is a peer', () => {
    const { moves } = plan({
      registry: [
        'ui@1.0.0',
        'ui@1.1.0',
        'ui-dom@1.0.0: peer:ui@1.0.0',
        'ui-dom@1.1.0: peer:ui@1.1.0',
        'a@1.0.0: ui-dom@^1 ui@^1',
      ],
      asks: 'a@1',
      tree: 'a@1.0.0 ui@1.1.0 ui-dom@1.1.0',
      wishes: ['ui-dom@1.1.0>1.0.0'],
    });
    expect(moves).toEqual(['ui 1.1.0 > 1.0.0', 'ui-dom 1.1.0 > 1.0.0']);
  });
});

describe('what an edit alone cannot do', () => {
  it('is said where the rule knows of no version', () => {
    const { left, takes } = plan({
      registry: ['c@1.0.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.0.0',
      wishes: ['c@1.0.0>'],
    });
    expect(left).toEqual([expect.stringMatching(/^c@1\.0\.0: no version .* move a dependent first/)]);
    expect(takes).toEqual([]);
  });

  it('is said where a release cannot be had', () => {
    const { left, takes, needs } = plan({
      registry: ['c@1.0.0', 'c@1.1.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0',
      wishes: ['c@1.1.0>1.0.0'],
      absent: ['c@1.0.0'],
    });
    expect(left).toEqual([expect.stringContaining('c@1.0.0, or does not have it')]);
    expect({ takes, needs }).toEqual({ takes: [], needs: [] });
  });

  it('is said where a dependent asks for more', () => {
    const { left, takes } = plan({
      registry: ['c@1.0.0', 'c@1.1.0', 'b@1.0.0: c@^1.1', 'a@1.0.0: c@^1 b@1'],
      asks: 'a@1',
      tree: 'a@1.0.0 b@1.0.0 c@1.1.0',
      wishes: ['c@1.1.0>1.0.0'],
    });
    expect(left).toEqual(['c@1.1.0: b@1.0.0 asks for c@^1.1.']);
    expect(takes).toEqual([]);
  });

  it('is said where a peer would not fit any more', () => {
    const { left } = plan({
      registry: ['ui@1.0.0', 'ui@1.1.0', 'b@1.0.0: peer:ui@^1.0', 'b@1.1.0: peer:ui@^1.1', 'a@1.0.0: b@^1'],
      asks: 'a@1 ui@1.0.0',
      tree: 'a@1.0.0 b@1.0.0 ui@1.0.0',
      wishes: ['b@1.0.0>1.1.0'],
    });
    expect(left).toEqual(['b@1.0.0: b@1.1.0 asks for its peer ui@^1.1.']);
  });

  it('is said where a package brings its dependencies along', () => {
    const asked: Asked = {
      registry: ['c@1.0.0', 'c@1.1.0: d@1', 'd@1.0.0', 'a@1.0.0: c@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0 c/d@1.0.0',
      wishes: ['c@1.1.0>1.0.0'],
    };
    const sentence = [expect.stringContaining('only npm can tell which: `npm install c@1.0.0`')];
    expect(plan({ ...asked, sources: { 'node_modules/c/node_modules/d': 'bundled' } }).left).toEqual(sentence);
    expect(plan({ ...asked, shrinkwrapped: ['node_modules/c'] }).left).toEqual(sentence);
    expect(plan(asked).left).toEqual([]);
  });

  it.each([
    ['before', ['c@1.5.0>1.0.0', 'b@1.1.0>1.0.0']],
    ['after', ['b@1.1.0>1.0.0', 'c@1.5.0>1.0.0']],
  ])('is said where a dependent that goes back asks for more, and was wished for %s', (_, wishes) => {
    const { moves, left, missing } = plan({
      registry: ['c@1.0.0', 'c@1.5.0', 'b@1.0.0: c@^1.2', 'b@1.1.0: c@^1', 'a@1.0.0: b@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 b@1.1.0 c@1.5.0',
      wishes,
    });
    expect(moves).toEqual(['b 1.1.0 > 1.0.0']);
    expect(left).toEqual(['c@1.5.0: b@1.0.0 asks for c@^1.2.']);
    expect(missing).toEqual([]);
  });

  it('leaves the other wishes as they are', () => {
    const { moves, left } = plan({
      registry: ['c@1.0.0', 'c@1.1.0', 'd@1.0.0', 'd@1.1.0', 'a@1.0.0: c@^1.1 d@^1'],
      asks: 'a@1',
      tree: 'a@1.0.0 c@1.1.0 d@1.1.0',
      wishes: ['c@1.1.0>1.0.0', 'd@1.1.0>1.0.0'],
    });
    expect(moves).toEqual(['d 1.1.0 > 1.0.0']);
    expect(left).toHaveLength(1);
  });

  it('is for npm where another copy has to be placed', () => {
    const { moves, missing } = plan({
      registry: ['c@1.0.0', 'c@2.0.0', 'b@1.0.0: c@^1', 'b@1.1.0: c@^2', 'a@1.0.0: b@^1 c@^2'],
      asks: 'a@1',
      base: 'a@1.0.0 b@1.0.0 c@2.0.0 b/c@1.0.0',
      tree: 'a@1.0.0 b@1.1.0 c@2.0.0',
      wishes: ['b@1.1.0>1.0.0'],
    });
    expect(moves).toEqual(['b 1.1.0 > 1.0.0']);
    expect(missing).toMatchObject([{ name: 'c', spec: '^1', by: { name: 'b', version: '1.0.0' } }]);
  });

  it('is said where the lockfile has no such copy', () => {
    const { left } = plan({
      registry: ['c@1.0.0', 'a@1.0.0'],
      asks: 'a@1',
      tree: 'a@1.0.0',
      wishes: ['c@1.1.0>1.0.0'],
    });
    expect(left).toEqual(['c@1.1.0: the lockfile has no copy of it that comes from a registry.']);
  });
});
