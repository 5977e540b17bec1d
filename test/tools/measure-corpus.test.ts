import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Conclusion, Verdict } from '../../src/model/verdict.ts';
import { type CorpusPair, loadCorpusList } from '../../tools/corpus-list.ts';
import { measureCorpus, type Outcome } from '../../tools/measure-corpus.ts';
import { renderAlarms } from '../../tools/render-alarms.ts';
import { renderCorpus } from '../../tools/render-corpus.ts';

interface Case {
  readonly result?: Conclusion;
  readonly atLeast?: 'review' | 'block';
  readonly findings?: readonly Partial<Finding>[];
  readonly seconds?: number;
  readonly failure?: string;
  readonly integrity?: { readonly from: string | undefined; readonly to: string | undefined };
}

describe('measureCorpus', () => {
  it.each<[string, Case, string | undefined]>([
    ['a suspicious pair at its level', { atLeast: 'block', result: 'block' }, undefined],
    ['a suspicious pair above its level', { atLeast: 'review', result: 'block' }, undefined],
    ['a suspicious pair below its level', { atLeast: 'block', result: 'review' }, 'review, expected at least block'],
    ['a suspicious pair that is allowed', { atLeast: 'review', result: 'allow' }, 'allow, expected at least review'],
    ['a suspicious pair that is undecided', { atLeast: 'review', result: 'undecided' }, 'undecided'],
    ['an ordinary pair that is allowed', { result: 'allow' }, undefined],
    ['an ordinary pair that is blocked', { result: 'block' }, 'an ordinary update is blocked'],
    ['an ordinary pair that is undecided', { result: 'undecided' }, 'undecided'],
    ['a pair without a verdict', { failure: 'no answer' }, 'no answer'],
    [
      'a pair whose tarball is another one',
      { result: 'allow', integrity: { from: 'sha512-old', to: 'sha512-other' } },
      'the tarballs read are not those that the list names',
    ],
    [
      'a pair one of whose tarballs was not read',
      { result: 'allow', integrity: { from: undefined, to: 'sha512-new' } },
      'the tarballs read are not those that the list names',
    ],
  ])('%s', (_title, given, why) => {
    const { shortfalls } = measureCorpus([outcome(given)], 0);
    expect(shortfalls).toEqual(why === undefined ? [] : [`sample 1.0.0 → 1.0.1: ${why}`]);
  });

  it('allows so many ordinary reviews and no more', () => {
    const reviews = [outcome({ result: 'review' }), outcome({ result: 'review' })];
    expect(measureCorpus(reviews, 2).shortfalls).toEqual([]);
    expect(measureCorpus(reviews, 1).shortfalls).toEqual(['2 ordinary pairs are at review; at most 1 may be']);
    expect(measureCorpus(reviews, 1).alarms).toHaveLength(2);
  });

  it('counts a rule once a pair, at its worst level there', () => {
    const findings = [
      { rule: 'one', level: 'notice' },
      { rule: 'one', level: 'review' },
      { rule: 'two', level: 'notice' },
    ] as const;
    const { rules } = measureCorpus(
      [outcome({ result: 'review', findings }), outcome({ atLeast: 'review', findings })],
      9,
    );
    const none = { notice: 0, review: 0, block: 0 };
    expect(rules).toEqual([
      { rule: 'one', ordinary: { ...none, review: 1 }, suspicious: { ...none, review: 1 } },
      { rule: 'two', ordinary: { ...none, notice: 1 }, suspicious: { ...none, notice: 1 } },
    ]);
  });

  it('says the median, the 95th percentile and the slowest', () => {
    const outcomes = Array.from({ length: 100 }, (_unused, index) => outcome({ result: 'allow', seconds: index + 1 }));
    expect(measureCorpus(outcomes, 0).seconds).toEqual({
      median: 50,
      p95: 95,
      max: 100,
      slowest: 'sample 1.0.0 → 1.0.1',
    });
  });

  it('measures nothing of nothing', () => {
    expect(measureCorpus([], 0).seconds.max).toBe(0);
  });
});

describe('renderCorpus', () => {
  it('shows every alarm with rule, message and place, and escapes what is foreign', () => {
    const finding = {
      rule: 'one',
      kind: 'sly',
      level: 'block',
      message: 'evil \u{1b}[31m',
      at: { in: 'tarball', path: 'a.js', line: 3 },
    } as const;
    const text = renderCorpus(measureCorpus([outcome({ result: 'block', findings: [finding] })], 0), 2 ** 21);
    expect(text).toContain('block: sample 1.0.0 → 1.0.1\n    block one (sly): evil \\u{1b}[31m at sample a.js:3');
    expect(text).toContain('ordinary, 1 pairs: allow 0 (0.0 %), review 0 (0.0 %), block 1 (100.0 %)');
    expect(text).toContain('peak memory: 2 MiB');
    expect(text).toContain('Fell short\n  sample 1.0.0 → 1.0.1: an ordinary update is blocked');
  });
});

describe('renderAlarms', () => {
  it('says of each rule how often it speaks on ordinary pairs, worst first, and which do not', () => {
    const heard = (rule: string, level: Finding['level']) => outcome({ result: 'review', findings: [{ rule, level }] });
    const measure = measureCorpus(
      [
        heard('parse-failed', 'review'),
        heard('package-emptied', 'block'),
        heard('network-added', 'notice'),
        outcome({ result: 'allow' }),
        outcome({ atLeast: 'block', result: 'block', findings: [{ rule: 'hidden-code', level: 'block' }] }),
      ],
      9,
    );
    const page = renderAlarms(measure, { list: 'pairs.json', day: '2026-01-01', rules });
    expect(page).toContain('Measured on 2026-01-01, over 4 pairs');
    expect(page.split('\n').filter((line) => line.startsWith('| ['))).toEqual([
      '| [package-emptied](rules/package-emptied.md) | 1 | 0 | 0 | 25.0 % |',
      '| [parse-failed](rules/parse-failed.md) | 0 | 1 | 0 | 25.0 % |',
      '| [network-added](rules/network-added.md) | 0 | 0 | 1 | 0.0 % |',
    ]);
    expect(page).toMatch(/No finding: .*\[hidden-code\]/);
    expect(page).not.toContain('[lock-truth]');
    expect(page).toMatch(/Not checked, .*: none\./);
  });
});

describe('a rule that nothing could be checked with', () => {
  it('is not told as one without a finding', () => {
    const unchecked = (...names: readonly string[]): Outcome => {
      const { pair, seconds, verdict, failure } = outcome({ result: 'allow' });
      if (verdict === undefined) throw new Error('the sample has a verdict');
      const entries = names.map((rule) => ({ rule, package: 'sample', facts: [], failure: undefined }));
      return { pair, seconds, failure, verdict: { ...verdict, coverage: { ...verdict.coverage, unchecked: entries } } };
    };
    const measure = measureCorpus([unchecked('publisher-changed', 'parse-failed'), unchecked('publisher-changed')], 0);
    expect([...measure.unchecked]).toEqual(['publisher-changed']);
    const page = renderAlarms(measure, { list: 'pairs.json', day: '2026-01-01', rules });
    expect(page).toMatch(/Not checked, .*: \[publisher-changed\]/);
    expect(page).not.toMatch(/No finding: .*\[publisher-changed\]/);
  });
});

describe('loadCorpusList', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-corpus-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const entry = { name: 'sample', old: '1.0.0', new: '1.0.1', oldIntegrity: 'sha512-a', newIntegrity: 'sha512-b' };

  it('reads both lists, suspicious pairs with the level they must reach', () => {
    expect(load({ suspicious: [{ ...entry, atLeast: 'block', what: 'why' }], ordinary: [entry] })).toEqual([
      { ...entry, atLeast: 'block' },
      { ...entry, atLeast: undefined },
    ]);
  });

  it('takes ordinary pairs by name and version alone', () => {
    const named = { name: 'sample', old: '1.0.0', new: '1.0.1' };
    expect(load({ ordinary: [named] })).toEqual([
      { ...named, oldIntegrity: undefined, newIntegrity: undefined, atLeast: undefined },
    ]);
    expect(() => load({ suspicious: [{ ...named, atLeast: 'block' }] })).toThrow('no "oldIntegrity"');
  });

  it.each([
    [{ suspicious: [entry] }, 'suspicious[0] has no "atLeast"'],
    [{ suspicious: [{ ...entry, atLeast: 'notice' }] }, '"atLeast" must be "review" or "block"'],
    [{ ordinary: [{ ...entry, newIntegrity: 1 }] }, 'ordinary[0] has no "newIntegrity"'],
    [{ ordinary: {} }, '"ordinary" must be a list'],
    [[], 'must be an object'],
  ])('refuses %j', (document, sentence) => {
    expect(() => load(document)).toThrow(sentence);
  });

  function load(document: unknown): readonly CorpusPair[] {
    const path = join(folder, 'pairs.json');
    writeFileSync(path, JSON.stringify(document));
    return loadCorpusList(path);
  }
});

function outcome({ result, atLeast, findings = [], seconds = 1, failure, integrity }: Case): Outcome {
  const digests = { from: 'sha512-old', to: 'sha512-new' };
  const pair = {
    name: 'sample',
    old: '1.0.0',
    new: '1.0.1',
    oldIntegrity: digests.from,
    newIntegrity: digests.to,
    atLeast,
  };
  const verdict = failure === undefined ? buildVerdict(result ?? 'allow', findings, integrity ?? digests) : undefined;
  return { pair, seconds, verdict, failure };
}

function buildVerdict(
  result: Conclusion,
  findings: readonly Partial<Finding>[],
  integrity: Verdict['subject']['integrity'],
): Verdict {
  return {
    result,
    id: 'id',
    subject: { name: 'sample', from: '1.0.0', to: '1.0.1', integrity, source: 'registry' },
    findings: findings.map((finding) => ({ ...plainFinding, ...finding })),
    coverage: { applicable: 1, checked: 1, unchecked: [], gaps: [] },
    exemptions: { unused: [], expired: [] },
    engine: '0.0.0',
    rules: 'digest',
    policy: 'digest',
    asOf: '2026-01-01T00:00:00Z',
  };
}

const plainFinding: Finding = {
  rule: 'one',
  kind: undefined,
  level: 'notice',
  package: { name: 'sample', version: '1.0.1' },
  message: 'seen',
  at: { in: 'tarball' },
  via: [],
  excerpt: [],
  why: 'why',
  remedy: 'remedy',
  target: undefined,
  exemption: undefined,
};
