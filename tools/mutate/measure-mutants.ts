/** What a run over the mutants amounts to: how many were seen, by what they are, and whether the bar is reached. Pure. */
import type { Outcome } from './run-host.ts';

export interface Recall {
  readonly group: string;
  readonly mutants: number;
  /** At review or above. */
  readonly seen: number;
  /** Of those where the catalogue says block. */
  readonly blockWanted: number;
  readonly blocked: number;
  /** The same, of mechanisms that are seen when nothing is encoded: what the encoding itself costs. */
  readonly whereUnderstood: { readonly mutants: number; readonly seen: number };
  /** What saw them most often, with how often. */
  readonly seenBy: readonly (readonly [finding: string, count: number])[];
}

export interface MutantMeasure {
  readonly total: Recall;
  readonly by: Readonly<Record<Dimension, readonly Recall[]>>;
  readonly twins: { readonly edits: number; readonly review: number; readonly block: number };
  /** Not seen, or not blocked where that is wanted. */
  readonly misses: readonly Outcome[];
  readonly alarms: readonly Outcome[];
  readonly broken: readonly Outcome[];
  /** One sentence for each part of the bar that is not reached. */
  readonly shortfalls: readonly string[];
}

export const dimensions = ['mechanism', 'encoding', 'way', 'place', 'delivery', 'system'] as const;
type Dimension = (typeof dimensions)[number];

/** The bar. */
const leastSeen = 0.99;
const leastBlocked = 0.95;
const mostReviewedTwins = 0.01;

const leastUnderstood = 0.9;

export function measureMutants(outcomes: readonly Outcome[]): MutantMeasure {
  const judged = outcomes.filter(({ result }) => result !== 'broken');
  const attacks = judged.filter(({ demand }) => demand !== undefined);
  const twins = judged.filter(({ demand }) => demand === undefined);
  const total = countRecall('all', attacks, new Set());
  const alarms = twins.filter(({ result }) => result !== 'allow');
  const block = alarms.filter(({ result }) => result === 'block').length;
  const counted = { edits: twins.length, review: alarms.length - block, block };
  const broken = outcomes.filter(({ result }) => result === 'broken');
  const understood = findUnderstood(attacks);
  const groupBy = (keyOf: (outcome: Outcome) => string, members = attacks): readonly Recall[] =>
    [...Map.groupBy(members, keyOf)].map(([group, all]) => countRecall(group, all, understood));
  const isCode = ({ place }: Outcome): boolean => place !== 'files';
  const code = attacks.filter(isCode);
  return {
    total,
    by: {
      mechanism: groupBy(({ mechanism }) => mechanism),
      encoding: groupBy(({ encoding }) => encoding, code),
      way: groupBy(
        ({ mechanism, encoding }) => `${mechanism}: ${encoding}`,
        attacks.filter((one) => !isCode(one)),
      ),
      place: groupBy(({ place }) => place),
      delivery: groupBy(({ delivery }) => delivery, code),
      system: groupBy(({ system }) => system, code),
    },
    twins: counted,
    misses: attacks.filter((outcome) => !isSeen(outcome) || (outcome.demand === 'block' && outcome.result !== 'block')),
    alarms,
    broken,
    shortfalls: [...findShortfalls(total, counted), ...findFaults(outcomes)],
  };
}

/** Mechanisms whose plain mutants are nearly all seen. */
function findUnderstood(attacks: readonly Outcome[]): ReadonlySet<string> {
  const plain = attacks.filter(({ encoding }) => encoding === 'plain');
  return new Set(
    [...Map.groupBy(plain, ({ mechanism }) => mechanism)]
      .filter(([, all]) => all.filter(isSeen).length >= leastUnderstood * all.length)
      .map(([mechanism]) => mechanism),
  );
}

function countRecall(group: string, outcomes: readonly Outcome[], understood: ReadonlySet<string>): Recall {
  const of = outcomes.filter(({ mechanism }) => understood.has(mechanism));
  const wanted = outcomes.filter(({ demand }) => demand === 'block');
  const findings = Map.groupBy(
    outcomes.flatMap((outcome) => outcome.findings),
    (finding) => finding,
  );
  return {
    group,
    mutants: outcomes.length,
    seen: outcomes.filter(isSeen).length,
    blockWanted: wanted.length,
    blocked: wanted.filter(({ result }) => result === 'block').length,
    whereUnderstood: { mutants: of.length, seen: of.filter(isSeen).length },
    seenBy: [...findings].map(([finding, all]) => [finding, all.length] as const).sort(([, a], [, b]) => b - a),
  };
}

/** Undecided is not green, but nobody is told what to look at. */
function isSeen({ result }: Outcome): boolean {
  return result === 'review' || result === 'block';
}

function findShortfalls(total: Recall, twins: MutantMeasure['twins']): string[] {
  const shortfalls: string[] = [];
  const tooFew = (what: string, [count, of]: readonly [number, number], least: number): void => {
    if (of > 0 && count / of < least) shortfalls.push(`${what}: ${count} of ${of}; the bar is ${100 * least} %`);
  };
  tooFew('Mutants at review or above', [total.seen, total.mutants], leastSeen);
  tooFew('Mutants at block where the catalogue says block', [total.blocked, total.blockWanted], leastBlocked);
  if (twins.block > 0) shortfalls.push(`Honest edits at block: ${twins.block} of ${twins.edits}; the bar is none`);
  if (twins.review > mostReviewedTwins * twins.edits) {
    shortfalls.push(
      `Honest edits at review: ${twins.review} of ${twins.edits}; the bar is ${100 * mostReviewedTwins} %`,
    );
  }
  return shortfalls;
}

/** A mutant that cannot be parsed, or a rule that failed, makes the figures worthless. */
function findFaults(outcomes: readonly Outcome[]): string[] {
  const broken = outcomes.filter(({ result }) => result === 'broken').length;
  const failures = new Set(outcomes.flatMap((outcome) => outcome.failures));
  return [
    ...(broken > 0 ? [`Mutants that cannot be parsed: ${broken}; mend the mutation`] : []),
    ...[...failures].map((failure) => `A rule failed: ${failure}`),
  ];
}
