/** What a run over the corpus amounts to: who fell short, how often each rule speaks, how long it took. Pure. */
import { type Level, levelRank } from '../src/model/finding.ts';
import type { Conclusion, Verdict } from '../src/model/verdict.ts';
import type { CorpusPair } from './corpus-list.ts';

export interface Outcome {
  readonly pair: CorpusPair;
  readonly seconds: number;
  /** Undefined when there was none: then `failure` says why. */
  readonly verdict: Verdict | undefined;
  readonly failure: string | undefined;
}

export interface RuleShare {
  readonly rule: string;
  /** How many pairs have a finding of this rule, by the worst level it has there. */
  readonly ordinary: Readonly<Record<Speaking, number>>;
  readonly suspicious: Readonly<Record<Speaking, number>>;
}

export interface CorpusMeasure {
  /** One sentence for each promise that was not kept; empty when all were. */
  readonly shortfalls: readonly string[];
  /** Ordinary pairs that were not allowed. */
  readonly alarms: readonly Outcome[];
  readonly results: Readonly<Record<'ordinary' | 'suspicious', Readonly<Record<Conclusion | 'failed', number>>>>;
  readonly rules: readonly RuleShare[];
  /** Rules that no ordinary pair could be checked with: the registry leaves out what they need. */
  readonly unchecked: ReadonlySet<string>;
  readonly seconds: { readonly median: number; readonly p95: number; readonly max: number; readonly slowest: string };
}

type Speaking = Exclude<Level, 'off'>;

export function measureCorpus(outcomes: readonly Outcome[], maxReviews: number): CorpusMeasure {
  const ordinary = outcomes.filter((outcome) => outcome.pair.atLeast === undefined);
  const suspicious = outcomes.filter((outcome) => outcome.pair.atLeast !== undefined);
  const shortfalls = outcomes.flatMap((outcome) => {
    const why = findShortfall(outcome);
    return why === undefined ? [] : [`${namePair(outcome.pair)}: ${why}`];
  });
  const reviews = ordinary.filter((outcome) => outcome.verdict?.result === 'review').length;
  if (reviews > maxReviews) shortfalls.push(`${reviews} ordinary pairs are at review; at most ${maxReviews} may be`);
  return {
    shortfalls,
    alarms: ordinary.filter((outcome) => outcome.verdict?.result !== 'allow'),
    results: { ordinary: countResults(ordinary), suspicious: countResults(suspicious) },
    rules: countRules(ordinary, suspicious),
    unchecked: findUnchecked(ordinary),
    seconds: measureSeconds(outcomes),
  };
}

/** Undecided is never enough, neither for a suspicious pair nor for an ordinary one. */
function findShortfall({ pair, verdict, failure }: Outcome): string | undefined {
  if (verdict === undefined) return failure ?? 'no verdict';
  const { from, to } = verdict.subject.integrity;
  if (!isMeant(from, pair.oldIntegrity) || !isMeant(to, pair.newIntegrity))
    return 'the tarballs read are not those that the list names';
  const { result } = verdict;
  if (result === 'undecided') return 'undecided';
  if (pair.atLeast === undefined) return result === 'block' ? 'an ordinary update is blocked' : undefined;
  const reached = result === 'allow' ? 0 : levelRank[result];
  return reached < levelRank[pair.atLeast] ? `${result}, expected at least ${pair.atLeast}` : undefined;
}

/** What was read must have a digest, and the list's where that names one. */
function isMeant(read: string | undefined, listed: string | undefined): boolean {
  return read !== undefined && (listed === undefined || read === listed);
}

function countResults(outcomes: readonly Outcome[]): Record<Conclusion | 'failed', number> {
  const counts = { allow: 0, review: 0, block: 0, undecided: 0, failed: 0 };
  for (const { verdict } of outcomes) counts[verdict?.result ?? 'failed'] += 1;
  return counts;
}

function countRules(ordinary: readonly Outcome[], suspicious: readonly Outcome[]): readonly RuleShare[] {
  const shares = new Map<string, { ordinary: Record<Speaking, number>; suspicious: Record<Speaking, number> }>();
  const count = (group: 'ordinary' | 'suspicious', { verdict }: Outcome): void => {
    for (const [rule, level] of worstLevels(verdict)) {
      const share = shares.get(rule) ?? { ordinary: noFindings(), suspicious: noFindings() };
      share[group][level] += 1;
      shares.set(rule, share);
    }
  };
  for (const outcome of ordinary) count('ordinary', outcome);
  for (const outcome of suspicious) count('suspicious', outcome);
  const total = ({ notice, review, block }: Record<Speaking, number>): number => notice + review + block;
  return [...shares]
    .map(([rule, share]) => ({ rule, ...share }))
    .sort((left, right) => total(right.ordinary) - total(left.ordinary) || (left.rule < right.rule ? -1 : 1));
}

function findUnchecked(outcomes: readonly Outcome[]): ReadonlySet<string> {
  const [first, ...others] = outcomes.flatMap(({ verdict }) =>
    verdict === undefined ? [] : [new Set(verdict.coverage.unchecked.map(({ rule }) => rule))],
  );
  return new Set([...(first ?? [])].filter((rule) => others.every((one) => one.has(rule))));
}

function worstLevels(verdict: Verdict | undefined): ReadonlyMap<string, Speaking> {
  const worst = new Map<string, Speaking>();
  for (const { rule, level } of verdict?.findings ?? []) {
    const before = worst.get(rule);
    if (before === undefined || levelRank[level] > levelRank[before]) worst.set(rule, level);
  }
  return worst;
}

function noFindings(): Record<Speaking, number> {
  return { notice: 0, review: 0, block: 0 };
}

function measureSeconds(outcomes: readonly Outcome[]): CorpusMeasure['seconds'] {
  const sorted = outcomes.toSorted((left, right) => left.seconds - right.seconds);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]?.seconds ?? 0;
  const slowest = sorted.at(-1);
  return {
    median: at(0.5),
    p95: at(0.95),
    max: at(1),
    slowest: slowest === undefined ? '' : namePair(slowest.pair),
  };
}

export function namePair({ name, old, new: next }: CorpusPair): string {
  return `${name} ${old} → ${next}`;
}
