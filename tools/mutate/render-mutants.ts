/** The measure of a run as text, for a person who has to find out what is not understood yet. */
import { alignColumns } from '../render-corpus.ts';
import { dimensions, type MutantMeasure, type Recall } from './measure-mutants.ts';
import type { Outcome } from './run-host.ts';

const maxRows = 80;

/** @param seed With it and the names in a row, the same mutant can be made again. */
export function renderMutants(measure: MutantMeasure, seed: number): string {
  const { total, twins, shortfalls } = measure;
  const tables = dimensions.map((dimension) =>
    section(`Recall by ${dimension}`, renderRecalls(measure.by[dimension], dimension)),
  );
  return [
    ...tables,
    section(
      `Misses; make one again with --hosts H --mechanism M --encoding E --place P --seed ${seed} --show`,
      renderGroups(measure.misses),
    ),
    section('Honest edits that are not allowed', renderGroups(measure.alarms)),
    section('Mutants that cannot be parsed', renderGroups(measure.broken)),
    section(`All, seed ${seed}`, [
      `mutants ${total.mutants}: at review or above ${share(total.seen, total.mutants)}; at block where wanted ${share(total.blocked, total.blockWanted)} of ${total.blockWanted}`,
      `honest edits ${twins.edits}: at review ${twins.review} (${share(twins.review, twins.edits)}), at block ${twins.block}`,
    ]),
    section('Fell short', shortfalls),
  ].join('\n');
}

/** One sentence for one mutant. */
export function describeOutcome(outcome: Outcome): string {
  const { host, mechanism, encoding, place, delivery, system, demand, result, findings } = outcome;
  const wanted = demand === undefined ? 'an honest edit' : `${demand} wanted`;
  const seen = findings.length === 0 ? '' : `: ${findings.join(', ')}`;
  return `${result} (${wanted}) ${host} ${mechanism} / ${encoding} / ${place} / ${delivery} / ${system}${seen}`;
}

function section(title: string, rows: readonly string[]): string {
  return `${title}\n${(rows.length === 0 ? ['none'] : rows).map((row) => `  ${row}`).join('\n')}\n`;
}

function renderRecalls(recalls: readonly Recall[], dimension: string): string[] {
  const last = lastColumns[dimension];
  const rows = recalls
    .toSorted((left, right) => left.seen / left.mutants - right.seen / right.mutants)
    .map((recall) => {
      const { group, mutants, seen, blockWanted, blocked } = recall;
      const figures = [String(mutants), share(seen, mutants), String(blockWanted), share(blocked, blockWanted)];
      return [group, ...figures, ...(last === undefined ? [] : [last.of(recall)])];
    });
  const head = ['', 'mutants', 'review+', 'block wanted', 'block', ...(last === undefined ? [] : [last.title])];
  return rows.length === 0 ? [] : alignColumns([head, ...rows]);
}

interface Column {
  readonly title: string;
  readonly of: (recall: Recall) => string;
}

const seenBy: Column = {
  title: 'seen by',
  of: ({ seenBy: all }) =>
    all
      .slice(0, 3)
      .map(([finding, count]) => `${finding} ${count}`)
      .join(', '),
};

const lastColumns: Readonly<Record<string, Column>> = {
  mechanism: seenBy,
  way: seenBy,
  encoding: {
    title: 'review+ where plain is seen',
    of: ({ whereUnderstood: { mutants, seen } }) => share(seen, mutants),
  },
};

/** The most frequent first, each with one example. */
function renderGroups(outcomes: readonly Outcome[]): string[] {
  const groups = [...Map.groupBy(outcomes, ({ mechanism, encoding }) => `${mechanism} / ${encoding}`).values()].sort(
    (left, right) => right.length - left.length,
  );
  const rows = groups.slice(0, maxRows).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    return `${String(others.length + 1).padStart(4)} × ${describeOutcome(first)}`;
  });
  return groups.length > maxRows ? [...rows, `and ${groups.length - maxRows} more kinds`] : rows;
}

function share(count: number, of: number): string {
  return of === 0 ? '–' : `${((100 * count) / of).toFixed(1)} %`;
}
