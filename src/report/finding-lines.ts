/** Findings for a terminal: what was seen, where, the added lines, how it is reached, why it matters and what to do. */
import type { Finding } from '../model/finding.ts';
import type { Line } from './lay-out.ts';
import { blankLine, field, labelColumns, plain, prose, span, unlabelled } from './terminal-lines.ts';
import type { FindingGroup, Told } from './verdict-words.ts';
import { exampleExemption, findPath, groupFindings, nameOrigin, namePlace, nameRule } from './verdict-words.ts';

/** Findings of one group that are named after the first one. */
const maxOthers = 3;

export function renderGroup({ first, others, saidOf }: FindingGroup, told: Told): Line[] {
  const origin = nameOrigin(first, told);
  const heading = [span(first.level, first.level.padEnd(labelColumns)), span('strong', nameRule(first))];
  if (origin !== undefined) heading.push(plain(` ${origin}`));
  const place = namePlace(first, told);
  const path = findPath(first, told);
  const reasons =
    saidOf === undefined ? [field('why', first.why), field('do', first.remedy)] : [field('why', `as for ${saidOf}`)];
  return [
    blankLine,
    prose(0, labelColumns, ...heading),
    unlabelled(first.message),
    ...(place === told.heading?.place ? [] : [field('where', place)]),
    ...renderExcerpt(first),
    ...(path.length === 0 ? [] : [field('via', path.join(' → '))]),
    ...renderOthers(others, first, told),
    ...reasons,
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

function renderOthers(others: readonly Finding[], first: Finding, told: Told): Line[] {
  const shown = others.slice(0, maxOthers).map((finding) => {
    const place = namePlace(finding, told);
    return field('also', finding.message === first.message ? place : `${place}: ${finding.message}`);
  });
  const left = others.length - shown.length;
  return left > 0 ? [...shown, unlabelled(`and ${left} more ${left === 1 ? 'place' : 'places'}`)] : shown;
}

/** One line for each rule that has but a remark to make. */
export function renderNotices(notices: readonly Finding[], told: Told, lead: string = ''): Line[] {
  return groupFindings(notices).map(({ first, others }) => {
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    const origin = nameOrigin(first, told);
    return prose(
      0,
      labelColumns,
      span('notice', 'notice'.padEnd(labelColumns)),
      plain(`${lead}${nameRule(first)}: ${first.message}`),
      span('faint', ` (${namePlace(first, told)}${origin === undefined ? '' : ` ${origin}`}${more})`),
    );
  });
}

/** How to let a finding pass that somebody looked into. */
export function explainExemption(finding: Finding): Line[] {
  return [
    unlabelled('Looked into it, and it is fine? Say so under "exemptions" in sluice.json:'),
    unlabelled(exampleExemption(finding)),
  ];
}
