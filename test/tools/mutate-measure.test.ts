import { describe, expect, it } from 'vitest';
import { measureMutants } from '../../tools/mutate/measure-mutants.ts';
import { renderMutants } from '../../tools/mutate/render-mutants.ts';
import type { Outcome } from '../../tools/mutate/run-host.ts';

type Case = Partial<Outcome>;

describe('measureMutants', () => {
  it.each<[string, readonly Case[], readonly string[]]>([
    ['everything at its level', [{ result: 'block' }, { demand: 'review', result: 'review' }], []],
    ['an honest edit that is allowed', [{ demand: undefined, result: 'allow' }], []],
    [
      'a mutant that is allowed',
      [{ demand: 'review', result: 'allow' }],
      ['Mutants at review or above: 0 of 1; the bar is 99 %'],
    ],
    [
      'a mutant that is undecided',
      [{ demand: 'review', result: 'undecided' }],
      ['Mutants at review or above: 0 of 1; the bar is 99 %'],
    ],
    [
      'a mutant at review where block is wanted',
      [{ result: 'review' }],
      ['Mutants at block where the catalogue says block: 0 of 1; the bar is 95 %'],
    ],
    [
      'an honest edit at block',
      [{ demand: undefined, result: 'block' }],
      ['Honest edits at block: 1 of 1; the bar is none'],
    ],
    [
      'an honest edit at review',
      [{ demand: undefined, result: 'review' }],
      ['Honest edits at review: 1 of 1; the bar is 1 %'],
    ],
    [
      'an honest edit that is undecided',
      [{ demand: undefined, result: 'undecided' }],
      ['Honest edits at review: 1 of 1; the bar is 1 %'],
    ],
    [
      'a mutant that cannot be parsed, whatever the verdict on it',
      [{ result: 'broken' }, { result: 'block' }],
      ['Mutants that cannot be parsed: 1; mend the mutation'],
    ],
    [
      'a rule that failed, said once',
      [
        { result: 'block', failures: ['some-rule: boom'] },
        { result: 'block', failures: ['some-rule: boom'] },
      ],
      ['A rule failed: some-rule: boom'],
    ],
  ])('%s', (_title, given, shortfalls) => {
    expect(measureMutants(given.map(outcome)).shortfalls).toEqual(shortfalls);
  });

  it('allows one honest edit in a hundred at review, and five mutants in a hundred below block', () => {
    const honest = (reviews: number): Outcome[] =>
      Array.from({ length: 100 }, (_, at) => outcome({ demand: undefined, result: at < reviews ? 'review' : 'allow' }));
    expect(measureMutants(honest(1)).shortfalls).toEqual([]);
    expect(measureMutants(honest(2)).shortfalls).toHaveLength(1);
    const attacks = (reviews: number): Outcome[] =>
      Array.from({ length: 100 }, (_, at) => outcome({ result: at < reviews ? 'review' : 'block' }));
    expect(measureMutants(attacks(5)).shortfalls).toEqual([]);
    expect(measureMutants(attacks(6)).shortfalls).toHaveLength(1);
  });

  it('counts recall by what the mutants are, files apart from code', () => {
    const { by } = measureMutants([
      outcome({ encoding: 'hex', result: 'block', findings: ['block one', 'review two'] }),
      outcome({ encoding: 'hex', result: 'review', findings: ['review two'] }),
      outcome({ encoding: 'git', place: 'files', delivery: 'files', system: 'files', result: 'allow' }),
    ]);
    expect(by.encoding).toMatchObject([{ group: 'hex', mutants: 2, seen: 2, blockWanted: 2, blocked: 1 }]);
    expect(by.way).toMatchObject([{ group: 'sample: git', mutants: 1, seen: 0 }]);
    expect(by.mechanism[0]?.seenBy).toEqual([
      ['review two', 2],
      ['block one', 1],
    ]);
  });

  it('tells what an encoding costs from what is not understood at all', () => {
    const { by } = measureMutants([
      outcome({ mechanism: 'known', encoding: 'plain', result: 'block' }),
      outcome({ mechanism: 'known', encoding: 'hex', result: 'allow' }),
      outcome({ mechanism: 'unknown', encoding: 'plain', result: 'allow' }),
      outcome({ mechanism: 'unknown', encoding: 'hex', result: 'allow' }),
    ]);
    const hex = by.encoding.find(({ group }) => group === 'hex');
    expect(hex).toMatchObject({ mutants: 2, seen: 0, whereUnderstood: { mutants: 1, seen: 0 } });
  });
});

describe('renderMutants', () => {
  it('names each miss with all that makes it again', () => {
    const text = renderMutants(measureMutants([outcome({ result: 'allow' }), outcome({ result: 'allow' })]), 5);
    expect(text).toContain('--seed 5');
    expect(text).toContain('2 × allow (block wanted) host@1.0.0 sample / plain / entry / top / cjs');
  });

  it('says how many kinds of misses it leaves out', () => {
    const outcomes = Array.from({ length: 100 }, (_, at) => outcome({ encoding: `way-${at}`, result: 'allow' }));
    expect(renderMutants(measureMutants(outcomes), 1)).toContain('and 20 more kinds');
  });
});

function outcome(given: Case): Outcome {
  return {
    host: 'host@1.0.0',
    mechanism: 'sample',
    encoding: 'plain',
    place: 'entry',
    delivery: 'top',
    system: 'cjs',
    demand: 'block',
    result: 'block',
    findings: [],
    failures: [],
    ...given,
  };
}
