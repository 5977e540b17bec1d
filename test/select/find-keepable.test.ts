/** Versions that could have stayed, and edges that say otherwise. */
import { describe, expect, it } from 'vitest';
import { findDemanding, findKeepable } from '../../src/select/find-keepable.ts';
import { parseRegistryNotation } from '../support/lock-notation.ts';
import { buildTree, copiesOf } from './build-tree.ts';

function copies(parents: readonly string[], locked: string, source?: 'git') {
  const names = parents.map((line) => line.slice(0, line.indexOf('@')));
  const noted = {
    registry: parseRegistryNotation([`c@${locked}`, ...parents]),
    asks: names.map((name) => `${name}@1`).join(' '),
    tree: `c@${locked} ${names.map((name) => `${name}@1.0.0`).join(' ')}`,
  };
  return copiesOf(buildTree(source === undefined ? noted : { ...noted, sources: { 'node_modules/c': source } }), 'c');
}

type Case = readonly [title: string, parents: readonly string[], base: readonly string[], found: string | undefined];

describe('a version of the base that could have stayed', () => {
  it.each<Case>([
    ['is one that every edge still takes', ['a@1.0.0: c@^1', 'b@1.0.0: c@>=1.1'], ['1.0.0', '1.1.0'], '1.1.0'],
    ['is the newest of several', ['a@1.0.0: c@^1'], ['1.1.0', '1.0.0'], '1.1.0'],
    ['is none where an edge demands more', ['a@1.0.0: c@^1', 'b@1.0.0: c@^1.2'], ['1.0.0', '1.1.0'], undefined],
    ['is none where the package is new', ['a@1.0.0: c@^1'], [], undefined],
    ['may be a prerelease that the range names', ['a@1.0.0: c@^1.3.0-rc.1'], ['1.3.0-rc.2'], '1.3.0-rc.2'],
    ['is no prerelease that the range does not name', ['a@1.0.0: c@^1'], ['1.3.0-rc.2'], undefined],
    ['may be anything where nothing is demanded', ['a@1.0.0: c@*'], ['0.1.0-rc.2'], '0.1.0-rc.2'],
    ['has to suit optional peers too', ['a@1.0.0: c@^1', 'b@1.0.0: peer?:c@^1.2'], ['1.1.0'], undefined],
    ['is none where an edge asks elsewhere', ['a@1.0.0: c@file:../c'], ['1.1.0'], undefined],
  ])('%s', (_, ...[parents, base, kept]) => {
    expect(findKeepable(copies(parents, '1.3.0'), base)).toBe(kept);
  });

  it('is none that is excluded', () => {
    const nodes = copies(['a@1.0.0: c@^1'], '1.3.0');
    expect(findKeepable(nodes, ['1.0.0', '1.1.0'], new Set(['1.1.0']))).toBe('1.0.0');
  });

  it('is none for a copy that comes from elsewhere', () => {
    expect(findKeepable(copies(['a@1.0.0: c@^1'], '1.3.0', 'git'), ['1.1.0'])).toBeUndefined();
  });
});

describe('the edge that demands the change', () => {
  it.each<Case>([
    ['takes no version of the base', ['a@1.0.0: c@^1', 'b@1.0.0: c@^1.2'], ['1.1.0'], 'b'],
    ['is the first one where the package is new', ['a@1.0.0: c@*'], [], 'a'],
    ['is none where each edge takes one', ['a@1.0.0: c@1.0', 'b@1.0.0: c@1.1'], ['1.0.0', '1.1.0'], undefined],
    ['is no optional peer', ['a@1.0.0: c@^1', 'b@1.0.0: peer?:c@^1.2'], ['1.1.0'], undefined],
  ])('%s', (_, ...[parents, base, demanding]) => {
    expect(findDemanding(copies(parents, '1.3.0'), base)?.from.name).toBe(demanding);
  });
});
