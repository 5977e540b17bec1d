/** A corpus measure as text, for a person who has to find out what to mend. */
import type { Finding } from '../src/model/finding.ts';
import type { Verdict } from '../src/model/verdict.ts';
import { escapeTerminal } from '../src/report/escape-terminal.ts';
import { namePlace } from '../src/report/verdict-words.ts';
import { type CorpusMeasure, namePair, type Outcome } from './measure-corpus.ts';

export function renderCorpus(measure: CorpusMeasure, peakBytes: number): string {
  const { seconds, results } = measure;
  return [
    section('Ordinary pairs that are not allowed', measure.alarms.flatMap(renderAlarm)),
    section('Findings, by rule (pairs with a finding, by its worst level there)', renderRules(measure)),
    section('Results', [renderResults('ordinary', results.ordinary), renderResults('suspicious', results.suspicious)]),
    section('Cost', [
      `seconds a pair: median ${seconds.median.toFixed(2)}, p95 ${seconds.p95.toFixed(2)}, max ${seconds.max.toFixed(2)} (${escapeTerminal(seconds.slowest)})`,
      `peak memory: ${Math.round(peakBytes / 2 ** 20)} MiB`,
    ]),
    section('Fell short', measure.shortfalls.map(escapeTerminal)),
  ].join('\n');
}

function section(title: string, rows: readonly string[]): string {
  return `${title}\n${(rows.length === 0 ? ['none'] : rows).map((row) => `  ${row}`).join('\n')}\n`;
}

function renderAlarm({ pair, verdict, failure }: Outcome): string[] {
  if (verdict === undefined) return [`failed: ${escapeTerminal(`${namePair(pair)} ${failure ?? ''}`)}`];
  const findings = verdict.findings.filter((finding) => finding.level !== 'notice');
  const gaps = verdict.coverage.gaps.filter((gap) => gap.required);
  const failed = verdict.coverage.unchecked.filter((rule) => rule.failure !== undefined);
  return [
    `${verdict.result}: ${escapeTerminal(namePair(pair))}`,
    ...findings.map((finding) => `  ${renderFinding(finding, verdict)}`),
    ...gaps.map((gap) => `  not known: ${gap.fact} of ${escapeTerminal(gap.package)} (${escapeTerminal(gap.detail)})`),
    ...failed.map((rule) => `  rule failed: ${rule.rule}: ${escapeTerminal(rule.failure ?? '')}`),
  ];
}

function renderFinding(finding: Finding, verdict: Verdict): string {
  const { rule, kind, level, message, package: owner } = finding;
  const name = kind === undefined ? rule : `${rule} (${kind})`;
  return `${level} ${name}: ${escapeTerminal(message)} at ${escapeTerminal(`${owner.name} ${namePlace(finding, verdict)}`)}`;
}

function renderRules({ rules, results }: CorpusMeasure): string[] {
  const ordinary = Object.values(results.ordinary).reduce((sum, count) => sum + count, 0);
  const rows = rules.map((share) => {
    const all = share.ordinary.notice + share.ordinary.review + share.ordinary.block;
    return [
      share.rule,
      `${all} (${percent(all, ordinary)})`,
      `${share.ordinary.notice}/${share.ordinary.review}/${share.ordinary.block}`,
      `${share.suspicious.notice}/${share.suspicious.review}/${share.suspicious.block}`,
    ];
  });
  return rows.length === 0
    ? []
    : alignColumns([['rule', 'ordinary', 'notice/review/block', 'suspicious n/r/b'], ...rows]);
}

function renderResults(group: string, counts: CorpusMeasure['results']['ordinary']): string {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const words = Object.entries(counts).map(([result, count]) => `${result} ${count} (${percent(count, total)})`);
  return `${group}, ${total} pairs: ${words.join(', ')}`;
}

export function percent(count: number, total: number): string {
  return total === 0 ? '–' : `${((100 * count) / total).toFixed(1)} %`;
}

export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
