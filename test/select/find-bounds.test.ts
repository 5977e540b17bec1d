/** lo, floor, minimal and what is left to choose, by example: a registry, a tree, and the versions that follow. */
import { describe, expect, it } from 'vitest';
import { findBounds, findFreeingParent } from '../../src/select/find-bounds.ts';
import { parseRegistryNotation } from '../support/lock-notation.ts';
import { buildTree, copiesOf, type NotedTree } from './build-tree.ts';

interface Case extends Partial<Pick<NotedTree, 'overrides' | 'sources'>> {
  readonly title: string;
  /** Versions of `c`, the package that is asked about. */
  readonly published: string;
  /** Its dependents. */
  readonly parents?: readonly string[];
  readonly asks: string;
  readonly tree: string;
  readonly excluded?: readonly string[];
  readonly floor: string | undefined;
  readonly minimal: string | undefined;
  readonly above?: boolean;
  readonly safe?: string | undefined;
}

function boundsOf({ published, parents = [], excluded = [], ...noted }: Omit<Case, 'title' | 'floor' | 'minimal'>) {
  const versions = published.split(' ');
  const registry = parseRegistryNotation([...versions.map((version) => `c@${version}`), ...parents]);
  return findBounds(copiesOf(buildTree({ ...noted, registry }), 'c'), versions, new Set(excluded));
}

const cases: readonly Case[] = [
  {
    title: 'takes the lowest published version, not the lowest that the range could mean',
    published: '1.0.0 1.0.3 1.2.0',
    asks: 'c@^1.0.1',
    tree: 'c@1.2.0',
    floor: '1.0.3',
    minimal: '1.0.3',
    above: true,
  },
  {
    title: 'lets the edge decide that demands most',
    published: '1.0.0 1.1.0 1.2.0 1.3.0',
    parents: ['a@1.0.0: c@^1.1.0', 'b@1.0.0: c@^1.2.0'],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@1.2.0',
    floor: '1.2.0',
    minimal: '1.2.0',
    above: false,
  },
  {
    title: 'finds the lowest version in the overlap where a range has a gap',
    published: '1.0.0 1.5.0 2.0.0 2.1.0',
    parents: ['a@1.0.0: c@^1.5.0||^2.1.0', 'b@1.0.0: c@>=1.6.0'],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@2.1.0',
    floor: '2.0.0',
    minimal: '2.1.0',
    above: false,
  },
  ...['*', 'x', '', '>=0', '>=0.0.0', 'latest', 'next', '*||^1'].map((spec) => ({
    title: `lets "${spec}" demand nothing`,
    published: '1.0.0 1.2.0',
    asks: `c@${spec}`,
    tree: 'c@1.2.0',
    floor: undefined,
    minimal: undefined,
    above: false,
  })),
  {
    title: 'lets an optional peer demand nothing, and yet be satisfied',
    published: '1.0.0 1.1.0 1.2.0 1.3.0',
    parents: ['a@1.0.0: peer?:c@>=1.2.0'],
    asks: 'a@1 c@^1.1.0',
    tree: 'a@1.0.0 c@1.3.0',
    floor: '1.1.0',
    minimal: '1.2.0',
    above: true,
  },
  {
    title: 'counts peers',
    published: '1.0.0 1.1.0 1.2.0',
    parents: ['a@1.0.0: peer:c@^1.1.0'],
    asks: 'a@1 c@^1',
    tree: 'a@1.0.0 c@1.2.0',
    floor: '1.1.0',
    minimal: '1.1.0',
    above: true,
  },
  {
    title: 'does not let peers move a package alone',
    published: '1.0.0 1.1.0 1.2.0',
    parents: ['a@1.0.0: peer:c@^1.1.0'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.2.0',
    floor: '1.1.0',
    minimal: '1.1.0',
    above: false,
  },
  {
    title: 'keeps prereleases out, even where the range would take them',
    published: '7.0.0-0 7.0.0-beta.1 7.0.0 7.1.0',
    asks: 'c@^7.0.0-0',
    tree: 'c@7.1.0',
    floor: '7.0.0',
    minimal: '7.0.0',
    above: true,
  },
  {
    title: 'counts prereleases where the locked version is one, of the version that the range names',
    published: '1.0.0-rc.1 1.0.0-rc.2 1.0.0-rc.3 1.1.0-rc.1 1.1.0',
    asks: 'c@^1.0.0-rc.2',
    tree: 'c@1.0.0-rc.3',
    floor: '1.0.0-rc.2',
    minimal: '1.0.0-rc.2',
    above: true,
  },
  {
    title: 'reads loose versions as npm does, and spells them as the registry does',
    published: '1.0.0beta 1.0.0 =v1.1.0',
    asks: 'c@^1.0.1',
    tree: 'c@1.0.0',
    floor: '=v1.1.0',
    minimal: '=v1.1.0',
    above: false,
  },
  {
    title: 'passes over what is no version at all',
    published: 'latest-build 1.0.0 not.a.version',
    asks: 'c@^1',
    tree: 'c@1.0.0',
    floor: '1.0.0',
    minimal: '1.0.0',
    above: false,
  },
  {
    title: 'takes an exact spec at its word',
    published: '1.0.0 1.0.1 1.0.2',
    asks: 'c@1.0.1',
    tree: 'c@1.0.1',
    floor: '1.0.1',
    minimal: '1.0.1',
    above: false,
  },
  {
    title: 'reads the range behind an alias',
    published: '1.0.0 1.1.0 1.2.0',
    asks: 'other@npm:c@^1.1.0',
    tree: 'other@npm:c@1.2.0',
    floor: '1.1.0',
    minimal: '1.1.0',
    above: true,
  },
  {
    title: 'reads the spec that an override put in force',
    published: '1.0.0 1.1.0 1.2.0',
    parents: ['a@1.0.0: c@^1.0.0'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.2.0',
    overrides: { c: '1.2.0' },
    floor: '1.2.0',
    minimal: '1.2.0',
    above: false,
  },
  {
    title: 'leaves alone what comes from elsewhere',
    published: '1.0.0 1.1.0',
    asks: 'c@^1',
    tree: 'c@1.1.0',
    sources: { 'node_modules/c': 'git' },
    floor: undefined,
    minimal: undefined,
    above: false,
  },
  {
    title: 'passes over excluded versions',
    published: '1.0.0 1.1.0 1.2.0 1.3.0',
    asks: 'c@^1',
    tree: 'c@1.1.0',
    excluded: ['1.0.0', '1.1.0'],
    floor: '1.2.0',
    minimal: '1.2.0',
    above: false,
    safe: '1.2.0',
  },
  {
    title: 'goes to the next fix, not back to the floor',
    published: '1.0.0 1.1.0 1.2.0 1.3.0',
    asks: 'c@^1',
    tree: 'c@1.1.0',
    excluded: ['1.1.0', '1.2.0'],
    floor: '1.0.0',
    minimal: '1.0.0',
    above: true,
    safe: '1.3.0',
  },
  {
    title: 'goes back where nothing newer may be selected',
    published: '1.0.0 1.1.0 1.2.0 2.0.0',
    asks: 'c@^1',
    tree: 'c@1.2.0',
    excluded: ['1.2.0'],
    floor: '1.0.0',
    minimal: '1.0.0',
    above: true,
    safe: '1.1.0',
  },
  {
    title: 'falls back on excluded versions where a range takes nothing else',
    published: '1.0.0 1.1.0 2.0.0',
    asks: 'c@^1.0.0',
    tree: 'c@1.1.0',
    excluded: ['1.0.0', '1.1.0'],
    floor: '1.0.0',
    minimal: '1.0.0',
    above: false,
    safe: undefined,
  },
];

describe('the bounds of a version', () => {
  it.each(cases)('$title', ({ title: _, floor, minimal, above, ...noted }) => {
    const bounds = boundsOf(noted);
    expect(bounds.floor?.version).toBe(floor);
    expect(bounds.minimal).toBe(minimal);
    if (above !== undefined) expect(bounds.isAboveMinimal).toBe(above);
    if ('safe' in noted) expect(bounds.lowestSafe).toBe(noted.safe);
  });

  it('name the lowest version of each edge that demands one, and who demands the floor', () => {
    const bounds = boundsOf({
      published: '1.0.0 1.1.0 1.2.0',
      parents: ['a@1.0.0: c@^1.1.0', 'b@1.0.0: c@*'],
      asks: 'a@1 b@1 c@^1',
      tree: 'a@1.0.0 b@1.0.0 c@1.2.0',
    });
    expect(bounds.lowest.map(({ version, by }) => [by.from.name, version])).toEqual([
      ['app', '1.0.0'],
      ['a', '1.1.0'],
    ]);
    expect(bounds.floor?.by.from.name).toBe('a');
  });

  it('say which edge forces an excluded version', () => {
    const bounds = boundsOf({
      published: '1.0.0 1.1.0 2.0.0',
      parents: ['a@1.0.0: c@^1.1.0', 'b@1.0.0: c@>=1'],
      asks: 'a@1 b@1',
      tree: 'a@1.0.0 b@1.0.0 c@1.1.0',
      excluded: ['1.1.0'],
    });
    expect(bounds.forced?.by.from.name).toBe('a');
    expect(bounds.lowestSafe).toBeUndefined();
  });
});

describe('the dependent that would no longer force it', () => {
  const published = ['1.1.0', '2.0.0'];
  const tree = buildTree({
    registry: parseRegistryNotation(['c@1.1.0', 'a@1.0.0: c@^1.1.0']),
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.1.0',
  });
  const [by] = copiesOf(tree, 'c').flatMap(({ edgesIn }) => edgesIn);
  const ask = (parents: Readonly<Record<string, string | undefined>>) =>
    by &&
    findFreeingParent({
      by,
      parents: new Map(Object.entries(parents)),
      versions: published,
      excluded: new Set(['1.1.0']),
    });

  it('is its lowest version above the present one that leaves a choice', () => {
    expect(ask({ '0.9.0': '*', '1.0.0': '^1.1.0', '1.1.0': '^1.1.0', '2.0.0': '^2.0.0', '3.0.0': '*' })).toBe('2.0.0');
  });

  it('may be one that does not ask for it', () => {
    expect(ask({ '1.0.0': '^1.1.0', '1.2.0': undefined, '2.0.0': '^2.0.0' })).toBe('1.2.0');
  });

  it('is none where every version forces it, or asks for something that is not at a registry', () => {
    expect(ask({ '1.0.0': '^1.1.0', '1.2.0': '~1.1.0', '1.3.0': 'file:../c', '2.0.0-beta.1': '*' })).toBeUndefined();
  });
});
