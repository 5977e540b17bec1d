/** A verdict for a person at a terminal: the answer first, then what was seen, where, why it matters and what to do. */
import type { Finding } from '../model/finding.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Line, Painter, Span, Style } from './lay-out.ts';
import { layOut } from './lay-out.ts';
import type { FindingGroup } from './verdict-words.ts';
import {
  adviseNext,
  describeCoverage,
  exampleExemption,
  explainUndecided,
  groupFindings,
  nameOrigin,
  namePlace,
  nameRule,
  nameSubject,
} from './verdict-words.ts';

export interface TerminalOptions {
  /** Held between 40 and 120. */
  readonly columns: number;
  readonly paint: Painter;
}

const narrowest = 40;
const widest = 120;
/** Findings of one group that are named after the first one. */
const maxOthers = 3;
const labelColumns = 8;

export function renderTerminal(verdict: Verdict, { columns, paint }: TerminalOptions): string {
  const counting = verdict.findings.filter((finding) => finding.exemption === undefined);
  const lines = [
    ...renderHead(verdict),
    ...groupFindings(counting.filter((finding) => finding.level !== 'notice')).flatMap((group) =>
      renderGroup(group, verdict),
    ),
    ...renderNotices(counting, verdict),
    ...renderExemptions(verdict),
    ...renderFoot(verdict, counting),
  ];
  return layOut(lines, limitColumns(columns), paint);
}

export function limitColumns(columns: number): number {
  return Math.min(widest, Math.max(narrowest, columns));
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

function renderGroup({ first, others }: FindingGroup, verdict: Verdict): Line[] {
  const origin = nameOrigin(first, verdict);
  const heading = [span(first.level, first.level.padEnd(labelColumns)), span('strong', nameRule(first))];
  if (origin !== undefined) heading.push(plain(` ${origin}`));
  return [
    blankLine,
    prose(0, labelColumns, ...heading),
    unlabelled(first.message),
    field('where', namePlace(first, verdict)),
    ...renderExcerpt(first),
    ...(first.via.length === 0 ? [] : [field('via', first.via.join(' → '))]),
    ...renderOthers(others, first, verdict),
    field('why', first.why),
    field('do', first.remedy),
  ];
}

function renderExcerpt({ excerpt, at }: Finding): Line[] {
  const digits = Math.max(...excerpt.map(({ line }) => String(line).length));
  const hang = labelColumns + digits + 3;
  return excerpt.map(({ line, text }) => ({
    indent: labelColumns,
    hang,
    form: 'code',
    spans: [span('faint', `${String(line).padStart(digits)} │ `), span(line === at.line ? 'strong' : 'plain', text)],
  }));
}

function renderOthers(others: readonly Finding[], first: Finding, verdict: Verdict): Line[] {
  const shown = others.slice(0, maxOthers).map((finding) => {
    const place = namePlace(finding, verdict);
    return field('also', finding.message === first.message ? place : `${place}: ${finding.message}`);
  });
  const left = others.length - shown.length;
  return left > 0 ? [...shown, unlabelled(`and ${left} more ${left === 1 ? 'place' : 'places'}`)] : shown;
}

function renderNotices(counting: readonly Finding[], verdict: Verdict): Line[] {
  const groups = groupFindings(counting.filter((finding) => finding.level === 'notice'));
  if (groups.length === 0) return [];
  return [
    blankLine,
    ...groups.map(({ first, others }) => {
      const more = others.length === 0 ? '' : `, and ${others.length} more`;
      const origin = nameOrigin(first, verdict);
      return prose(
        0,
        labelColumns,
        span('notice', 'notice'.padEnd(labelColumns)),
        plain(`${nameRule(first)}: ${first.message}`),
        span('faint', ` (${namePlace(first, verdict)}${origin === undefined ? '' : ` ${origin}`}${more})`),
      );
    }),
  ];
}

function renderExemptions(verdict: Verdict): Line[] {
  const exempted = verdict.findings.flatMap(({ rule, message, exemption }) =>
    exemption === undefined ? [] : [`exempted until ${exemption.expires}: ${rule}: ${message} (${exemption.reason})`],
  );
  const { unused, expired } = verdict.exemptions;
  const sentences = [
    ...exempted,
    ...expired.map((entry) => `expired on ${entry.expires}: the exemption of ${entry.package} from ${entry.rule}`),
    ...unused.map((entry) => `unused: the exemption of ${entry.package} from ${entry.rule}`),
  ];
  return sentences.length === 0 ? [] : [blankLine, ...sentences.map((sentence) => field('policy', sentence))];
}

function renderFoot(verdict: Verdict, counting: readonly Finding[]): Line[] {
  const worst = counting.find((finding) => finding.level !== 'notice');
  const lines: Line[] = [blankLine];
  if (verdict.result !== 'allow') lines.push(field('next', adviseNext(verdict)));
  if (worst !== undefined) {
    lines.push(unlabelled('Looked into it, and it is fine? Say so under "exemptions" in sluice.json:'));
    lines.push(unlabelled(exampleExemption(worst)));
  }
  lines.push(prose(labelColumns, labelColumns, span('faint', `${verdict.id}, sluice ${verdict.engine}`)));
  return lines;
}

const blankLine: Line = { indent: 0, hang: 0, form: 'prose', spans: [] };

function field(label: string, text: string): Line {
  return prose(0, labelColumns, span('faint', label.padEnd(labelColumns)), plain(text));
}

/** More about the field above it. */
function unlabelled(text: string): Line {
  return prose(labelColumns, labelColumns, plain(text));
}

function prose(indent: number, hang: number, ...spans: readonly Span[]): Line {
  return { indent, hang, form: 'prose', spans };
}

function span(style: Style, text: string): Span {
  return { style, text };
}

function plain(text: string): Span {
  return { style: 'plain', text };
}
