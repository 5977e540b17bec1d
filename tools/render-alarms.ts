/** The page on alarms: how often each rule speaks on ordinary updates, as a run over the corpus has measured it. Pure. */
import type { Rule } from '../src/rule.ts';
import type { CorpusMeasure, RuleShare } from './measure-corpus.ts';
import { percent } from './render-corpus.ts';

export interface AlarmRun {
  /** The list of pairs, as the command line names it. */
  readonly list: string;
  /** `2026-01-01` */
  readonly day: string;
  readonly rules: readonly Rule[];
}

export function renderAlarms(
  { results, rules: shares, unchecked }: CorpusMeasure,
  { list, day, rules }: AlarmRun,
): string {
  const { ordinary } = results;
  const total = Object.values(ordinary).reduce((sum, count) => sum + count, 0);
  const spoken = new Map(shares.map((share) => [share.rule, share]));
  const judging = rules.filter(({ family }) => family === 'code' || family === 'release');
  const silent = judging.filter(({ id }) => !isHeard(spoken.get(id)) && !unchecked.has(id));
  const unasked = judging.filter(({ id }) => unchecked.has(id));
  const rows = judging.flatMap(({ id }) => {
    const share = spoken.get(id);
    return share === undefined || !isHeard(share) ? [] : [{ id, ...share.ordinary }];
  });
  rows.sort((a, b) => b.block - a.block || b.review - a.review || b.notice - a.notice || (a.id < b.id ? -1 : 1));
  return `# Alarms on ordinary updates

A gate that cries wolf is switched off. This page says how often each rule speaks on updates that nobody has complained
about. It is written by the run that measured it, and never by hand.

Measured on ${day}, over ${total} pairs of versions that the registry serves (\`${list}\`, names and versions
only): ${describe('allow', ordinary.allow, total)}, ${describe('review', ordinary.review, total)}, ${describe('block', ordinary.block, total)}, ${describe('undecided', ordinary.undecided, total)}, ${describe('failed', ordinary.failed, total)}.

A pair counts once for each rule, by the worst level that the rule has there; the packages that an update brings along
count as part of it. An alarm is a review or a block. Some alarms are right: an update can be ordinary and still do
something that somebody should look at.

| rule | block | review | notice | alarms |
|---|---|---|---|---|
${rows.map(({ id, block, review, notice }) => `| [${id}](rules/${id}.md) | ${block} | ${review} | ${notice} | ${percent(block + review, total)} |`).join('\n')}

No finding: ${linkAll(silent)}.

Not checked, since the registry that was asked does not serve what they need: ${linkAll(unasked)}.

To run it again: \`npm run corpus -- ${list} --table docs/alarms.md\`. It fetches both tarballs of each pair
once; npm's cache keeps them.
`;
}

function linkAll(rules: readonly Rule[]): string {
  return rules.length === 0 ? 'none' : rules.map(({ id }) => `[${id}](rules/${id}.md)`).join(', ');
}

function describe(result: string, count: number, total: number): string {
  return `${result} ${count} (${percent(count, total)})`;
}

function isHeard(share: RuleShare | undefined): boolean {
  return share !== undefined && Object.values(share.ordinary).some((count) => count > 0);
}
