/** A verdict for a person at a terminal: the answer first, then what was seen, where, why it matters and what to do. */
import type { Verdict } from '../model/verdict.ts';
import { explainExemption, renderGroup, renderNotices } from './finding-lines.ts';
import type { Line } from './lay-out.ts';
import { layOut } from './lay-out.ts';
import type { TerminalOptions } from './terminal-lines.ts';
import { afterBlank, blankLine, field, labelColumns, limitColumns, prose, span, unlabelled } from './terminal-lines.ts';
import {
  adviseNext,
  describeCoverage,
  describeExemptions,
  explainUndecided,
  groupFindings,
  nameSubject,
  splitFindings,
} from './verdict-words.ts';

export function renderTerminal(verdict: Verdict, { columns, paint }: TerminalOptions): string {
  const { weighty, notices } = splitFindings(verdict.findings);
  const lines = [
    ...renderHead(verdict),
    ...groupFindings(weighty).flatMap((group) => renderGroup(group, verdict)),
    ...afterBlank(renderNotices(notices, verdict)),
    ...afterBlank(
      describeExemptions(verdict.findings, verdict.exemptions).map((sentence) => field('policy', sentence)),
    ),
    ...renderFoot(verdict),
  ];
  return layOut(lines, limitColumns(columns), paint);
}

function renderHead(verdict: Verdict): Line[] {
  const { result } = verdict;
  const missing = explainUndecided(verdict.coverage);
  return [
    prose(0, labelColumns, span(result, `${result} `.padEnd(labelColumns)), span('strong', nameSubject(verdict))),
    unlabelled(describeCoverage(verdict)),
    ...missing.map((sentence) => field('missing', sentence)),
  ];
}

function renderFoot(verdict: Verdict): Line[] {
  const [worst] = splitFindings(verdict.findings).weighty;
  const next = adviseNext(verdict.result, verdict.coverage);
  return [
    blankLine,
    ...(next === '' ? [] : [field('next', next)]),
    ...(worst === undefined ? [] : explainExemption(worst)),
    prose(labelColumns, labelColumns, span('faint', `${verdict.id}, sluice ${verdict.engine}`)),
  ];
}
