/**
 * hf and tested, by example: what was published when a dependent was, and who else counts as a test.
 * Over 300 lines, because the cases are one table.
 */
import { describe, expect, it } from 'vitest';
import { known, missing } from '../../src/model/fact.ts';
import { findTested } from '../../src/select/find-tested.ts';
import { type NotedRegistry, parseRegistryNotation, publishTimesOf } from '../support/lock-notation.ts';
import { buildTree, copiesOf, type NotedTree } from './build-tree.ts';

interface Question extends Pick<NotedTree, 'asks' | 'tree' | 'overrides' | 'sources' | 'shrinkwrapped'> {
  readonly registry: readonly string[];
  readonly excluded?: readonly string[];
  readonly cooldownDays?: number;
  readonly asOf?: string;
}

interface Case extends Question {
  readonly title: string;
  /** Of `c`, the package that is asked about. */
  readonly tested: string | undefined;
  readonly instead: string | undefined;
  readonly oldEnough?: string | undefined;
}

function testedOf({
  registry: lines,
  excluded = [],
  cooldownDays = 7,
  asOf = '2026-01-01T00:00:00Z',
  ...noted
}: Question) {
  const registry = parseRegistryNotation(lines);
  const versions = (registry.get('c') ?? []).map(({ version }) => version);
  return findTested(copiesOf(buildTree({ ...noted, registry }), 'c'), versions, {
    times: publishTimesOf(registry, 'c'),
    parentTimes: (name) => timesOf(registry, name),
    asOf,
    cooldownDays,
    excluded: new Set(excluded),
  });
}

function timesOf(registry: NotedRegistry, name: string) {
  const times = publishTimesOf(registry, name);
  return times.size > 0 ? known(times) : missing('not-served', `no times of ${name}`);
}

const c = ['c@1.0.0 2022-01-01', 'c@1.1.0 2022-02-01', 'c@1.2.0 2022-03-01', 'c@1.3.0 2022-04-01'];

const cases: readonly Case[] = [
  {
    title: 'what the dependent found when it was published was tested; what came later was not',
    registry: [...c, 'a@1.0.0 2022-02-15: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    tested: '1.1.0',
    instead: '1.1.0',
  },
  {
    title: 'a release within a day of the dependent belongs to it',
    registry: [...c, 'a@1.0.0 2022-03-31T00:00:00Z: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    tested: '1.3.0',
    instead: undefined,
  },
  {
    title: 'a release a day and a second after the dependent does not',
    registry: [...c, 'a@1.0.0 2022-03-30T23:59:59Z: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    tested: '1.2.0',
    instead: '1.2.0',
  },
  {
    title: 'the dependent that was published last counts',
    registry: [...c, 'a@1.0.0 2022-02-15: c@^1', 'b@1.0.0 2022-03-15: c@^1'],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@1.3.0',
    tested: '1.2.0',
    instead: '1.2.0',
  },
  {
    title: 'what an edge demands is forced, tested or not',
    registry: [...c, 'a@1.0.0 2021-01-01: c@^1.2.0'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.2.0',
    tested: '1.2.0',
    instead: undefined,
  },
  {
    title: 'the floor is the version to take where it is above what was tested',
    registry: [...c, 'a@1.0.0 2022-01-15: c@^1', 'b@1.0.0 2021-01-01: c@>=1.2.0'],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@1.3.0',
    tested: '1.0.0',
    instead: '1.2.0',
  },
  {
    title: 'an exact spec is tested by definition',
    registry: [...c, 'a@1.0.0 2021-01-01: c@1.3.0'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    tested: '1.3.0',
    instead: undefined,
  },
  {
    title: 'the project tests what it locks',
    registry: [...c, 'a@1.0.0 2022-01-15: c@^1'],
    asks: 'a@1 c@^1',
    tree: 'a@1.0.0 c@1.3.0',
    tested: '1.3.0',
    instead: undefined,
  },
  {
    title: 'an override is a person’s decision',
    registry: [...c, 'a@1.0.0 2022-01-15: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    overrides: { c: '1.3.0' },
    tested: undefined,
    instead: undefined,
  },
  {
    title: 'below a package that ships a shrinkwrap everything is tested',
    registry: [...c, 'a@1.0.0 2022-01-15: b@1', 'b@1.0.0 2022-01-15: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 a/b@1.0.0 a/c@1.3.0',
    shrinkwrapped: ['node_modules/a'],
    tested: undefined,
    instead: undefined,
  },
  {
    title: 'beside a package that ships a shrinkwrap nothing is',
    registry: [...c, 'a@1.0.0 2022-01-15: b@1', 'b@1.0.0 2022-01-15: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 b@1.0.0 c@1.3.0',
    shrinkwrapped: ['node_modules/a'],
    tested: '1.0.0',
    instead: '1.0.0',
  },
  {
    title: 'an edge that demands nothing was tested all the same',
    registry: [...c, 'a@1.0.0 2022-02-15: c@*'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    tested: '1.1.0',
    instead: '1.1.0',
  },
  {
    title: 'an optional peer tests nothing',
    registry: [...c, 'a@1.0.0 2022-01-15: c@^1', 'b@1.0.0 2022-03-15: peer?:c@^1'],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@1.3.0',
    tested: '1.0.0',
    instead: '1.0.0',
  },
  {
    title: 'a peer tests what it works with',
    registry: [...c, 'a@1.0.0 2022-01-15: c@^1', 'b@1.0.0 2022-03-15: peer:c@^1'],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@1.2.0',
    tested: '1.2.0',
    instead: undefined,
  },
  {
    title: 'peers never move a package alone',
    registry: [...c, 'b@1.0.0 2022-01-15: peer:c@^1'],
    asks: 'b@1',
    tree: 'b@1.0.0 c@1.3.0',
    tested: '1.0.0',
    instead: undefined,
  },
  {
    title: 'a prerelease was not tested where a release is locked',
    registry: [
      'c@1.0.0 2022-01-01',
      'c@1.1.0-beta.1 2022-01-02',
      'c@1.1.0 2022-03-01',
      'a@1.0.0 2022-02-01: c@^1.0.0-0',
    ],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.1.0',
    tested: '1.0.0',
    instead: '1.0.0',
  },
  {
    title: 'an excluded version is not the one to take',
    registry: [...c, 'a@1.0.0 2022-03-15: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.3.0',
    excluded: ['1.2.0'],
    tested: '1.1.0',
    instead: '1.1.0',
  },
  {
    title: 'a fix below which everything is excluded is forced',
    registry: [...c, 'a@1.0.0 2022-02-15: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.2.0',
    excluded: ['1.0.0', '1.1.0'],
    tested: '1.2.0',
    instead: undefined,
  },
  {
    title: 'what to take has to suit every edge, also where a range has a gap',
    registry: [
      'c@1.0.0 2022-01-01',
      'c@2.0.0 2022-02-01',
      'c@3.0.0 2022-04-01',
      'c@3.1.0 2022-05-01',
      'a@1.0.0 2022-03-01: c@1||3',
      'b@1.0.0 2022-03-01: c@>=2',
    ],
    asks: 'a@1 b@1',
    tree: 'a@1.0.0 b@1.0.0 c@3.1.0',
    tested: '2.0.0',
    instead: '3.0.0',
  },
  {
    title: 'the newest old enough is not above the locked one',
    registry: [
      'c@1.0.0 2025-01-01',
      'c@1.1.0 2025-12-20',
      'c@1.1.1 2025-12-31',
      'c@1.2.0 2025-12-01',
      'a@1.0.0 2025-12-31: c@^1',
    ],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.1.1',
    tested: '1.2.0',
    instead: undefined,
    oldEnough: '1.1.0',
  },
  {
    title: 'nothing is old enough in a package’s first days',
    registry: ['c@1.0.0 2025-12-31', 'a@1.0.0 2025-12-31: c@^1'],
    asks: 'a@1',
    tree: 'a@1.0.0 c@1.0.0',
    tested: '1.0.0',
    instead: undefined,
    oldEnough: undefined,
  },
];

describe('the tested version', () => {
  it.each(cases)('$title', ({ title: _, tested, instead, ...question }) => {
    const fact = testedOf(question);
    if (!fact.known) throw new Error(fact.detail);
    expect(fact.value.version).toBe(tested);
    expect(fact.value.instead).toBe(instead);
    if ('oldEnough' in question) expect(fact.value.newestOldEnough).toBe(question.oldEnough);
  });

  it('names the edge that tested it', () => {
    const fact = testedOf({
      registry: [...c, 'a@1.0.0 2022-02-15: c@^1', 'b@1.0.0 2022-03-15: c@^1'],
      asks: 'a@1 b@1',
      tree: 'a@1.0.0 b@1.0.0 c@1.3.0',
    });
    expect(fact.known && fact.value.by?.from.name).toBe('b');
  });

  it('does not change when somebody publishes after the question', () => {
    const question = { asks: 'a@1', tree: 'a@1.0.0 c@1.3.0' };
    const registry = [...c, 'a@1.0.0 2022-02-15: c@>=1.0.1'];
    const later = [...registry, 'c@1.0.5 2026-02-01', 'c@9.0.0 2026-02-01'];
    expect(testedOf({ ...question, registry: later })).toEqual(testedOf({ ...question, registry }));
  });

  it('does not come to be one that was published after the question, even where nothing else is left to choose', () => {
    const registry = ['c@0.1.0 2022-01-01', 'c@1.0.0 2022-01-02', 'a@1.0.0 2022-02-01: c@>=0'];
    const question = { asks: 'a@1', tree: 'a@1.0.0 c@1.0.0', excluded: ['0.1.0', '1.0.0'] };
    const later = testedOf({ ...question, registry: [...registry, 'c@0.0.1 2026-02-01'] });
    expect(later).toMatchObject({ known: true, value: { version: '1.0.0', instead: undefined } });
  });
});

describe('without publish times the tested version', () => {
  const ahead = { asks: 'a@1', tree: 'a@1.0.0 c@1.3.0' };

  it('is not known where the dependent has none', () => {
    expect(testedOf({ ...ahead, registry: [...c, 'a@1.0.0: c@^1'] })).toEqual(missing('not-served', 'no times of a'));
  });

  it('is not known where the dependent’s version has none', () => {
    const fact = testedOf({ ...ahead, registry: [...c, 'a@0.9.0 2022-01-01', 'a@1.0.0: c@^1'] });
    expect(fact).toMatchObject({ known: false, why: 'not-served', detail: expect.stringContaining('a@1.0.0') });
  });

  it('is not known where the locked version has none', () => {
    const registry = [...c.slice(0, 3), 'c@1.3.0', 'a@1.0.0 2022-02-15: c@^1'];
    expect(testedOf({ ...ahead, registry })).toMatchObject({
      known: false,
      why: 'not-served',
      detail: expect.stringContaining('c@1.3.0'),
    });
  });

  it('is not known where the dependent comes from git', () => {
    const fact = testedOf({
      ...ahead,
      registry: [...c, 'a@1.0.0 2022-02-15: c@^1'],
      sources: { 'node_modules/a': 'git' },
    });
    expect(fact).toMatchObject({ known: false, why: 'not-served' });
  });

  it('does not matter where the locked version is forced', () => {
    const fact = testedOf({ ...ahead, registry: [...c, 'a@1.0.0: c@^1.3.0'] });
    expect(fact).toMatchObject({ known: true, value: { instead: undefined } });
  });

  it('does not matter where another dependent tested the locked version', () => {
    const fact = testedOf({
      asks: 'a@1 b@1',
      tree: 'a@1.0.0 b@1.0.0 c@1.3.0',
      registry: [...c, 'a@1.0.0: c@^1', 'b@1.0.0 2022-05-01: c@^1'],
    });
    expect(fact).toMatchObject({ known: true, value: { version: '1.3.0', instead: undefined } });
  });

  it('is not applicable where nothing asks for the package', () => {
    expect(testedOf({ registry: c, asks: '', tree: 'c@1.3.0' })).toMatchObject({ known: false, why: 'not-applicable' });
  });
});
