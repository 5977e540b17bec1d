/** All that a run judged, as files and outputs. */
import { createHash } from 'node:crypto';
import { isRecord } from '../model/manifest.ts';
import { type Annotation, listAnnotations } from '../report/render-annotations.ts';
import { renderCheckJson } from '../report/render-check-json.ts';
import type { CheckOutcome } from '../report/render-checks-markdown.ts';
import { renderSarif } from '../report/render-sarif.ts';

export function annotateOutcome(outcome: CheckOutcome): readonly Annotation[] {
  if ('check' in outcome) return listAnnotations(outcome.check);
  const { lockfile, problem, hint } = outcome;
  const message = `${problem} ${hint}`;
  return [
    {
      kind: 'error',
      title: 'Sluice: not judged',
      message,
      ...(lockfile === undefined ? {} : { path: lockfile, line: 1 }),
    },
  ];
}

/** A list of documents as docs/check.schema.json has them; what could not be judged is a problem with its lockfile. */
export function renderReport(outcomes: readonly CheckOutcome[]): string {
  const documents = outcomes.map((outcome): unknown =>
    'check' in outcome ? JSON.parse(renderCheckJson(outcome.check)) : outcome,
  );
  return `${JSON.stringify(documents, null, 1)}\n`;
}

/** Each lockfile is a run of the log, with a category of its own. */
export function renderSarifOf(outcomes: readonly CheckOutcome[]): string {
  const logs = outcomes.flatMap((outcome): readonly unknown[] =>
    'check' in outcome ? [JSON.parse(renderSarif(outcome.check))] : [],
  );
  const runs = logs.flatMap((log) => (isRecord(log) && Array.isArray(log['runs']) ? log['runs'] : []));
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs };
  return `${JSON.stringify(log, null, 1)}\n`;
}

/** That of the one verdict, or a digest of all of them; empty where nothing was judged. */
export function identifyOutcomes(outcomes: readonly CheckOutcome[]): string {
  const ids = outcomes.flatMap((outcome) => ('check' in outcome ? [outcome.check.id] : []));
  const [only = ''] = ids;
  if (ids.length < 2) return only;
  return `sha256-${createHash('sha256').update(ids.toSorted().join('\n')).digest('hex')}`;
}

/** Findings at review or block that no exemption silences. */
export function countFindings(outcomes: readonly CheckOutcome[]): number {
  return outcomes.reduce((sum, outcome) => sum + ('check' in outcome ? countOf(outcome.check) : 0), 0);
}

function countOf({ lock, packages }: Extract<CheckOutcome, { check: unknown }>['check']): number {
  const findings = [...lock.findings, ...packages.flatMap(({ release }) => release?.findings ?? [])];
  return findings.filter(({ level, exemption }) => level !== 'notice' && exemption === undefined).length;
}
