/** Findings as a pull request shows them. */
import type { Finding } from '../model/finding.ts';
import { Markdown } from './escape-markdown.ts';
import type { FindingGroup, Told } from './verdict-words.ts';
import { exampleExemption, findPath, groupFindings, nameOrigin, namePlace, nameRule } from './verdict-words.ts';

/** Findings of one group that are named after the first one. */
const maxOthers = 3;

/** As a section of its own. */
export function renderGroup(group: FindingGroup, told: Told): Markdown {
  const { first } = group;
  const paragraphs = [
    Markdown.of`#### ${nameHeading(first, told)}`,
    Markdown.of`${first.message}`,
    ...renderExcerpt(first),
    renderFields(group, told),
  ];
  return Markdown.join(paragraphs, '\n\n');
}

/** As a paragraph among many packages, the added lines folded away. */
export function renderFoldedGroup(group: FindingGroup, told: Told): Markdown {
  const { first } = group;
  const summary = first.at.side === 'before' ? Markdown.of`the lines that were there` : Markdown.of`the added lines`;
  const paragraphs = [
    Markdown.of`**${nameHeading(first, told)}:** ${first.message}`,
    ...renderExcerpt(first).map((lines) => Markdown.fold(summary, lines)),
    renderFields(group, told),
  ];
  return Markdown.join(paragraphs, '\n\n');
}

function nameHeading(finding: Finding, told: Told): Markdown {
  const origin = nameOrigin(finding, told);
  const name = Markdown.of`${finding.level}: ${nameRule(finding)}`;
  return origin === undefined ? name : Markdown.of`${name} ${origin}`;
}

function renderFields({ first, others, saidOf }: FindingGroup, told: Told): Markdown {
  const place = namePlace(first, told);
  const path = findPath(first, told);
  const reasons =
    saidOf === undefined
      ? [
          Markdown.of`- **Why it matters:** ${Markdown.prose(first.why)}`,
          Markdown.of`- **What to do:** ${Markdown.prose(first.remedy)}`,
        ]
      : [Markdown.of`- **Why it matters, what to do:** as for ${Markdown.code(saidOf)}`];
  const fields = [
    ...(place === told.heading?.place ? [] : [Markdown.of`- **Where:** ${Markdown.code(place)}`]),
    ...(path.length === 0 ? [] : [Markdown.of`- **Reached by:** ${renderPath(path)}`]),
    ...renderOthers(others, first, told),
    ...reasons,
  ];
  return Markdown.join(fields, '\n');
}

export function renderPath(path: readonly string[]): Markdown {
  return Markdown.join(path.map(Markdown.code), ' → ');
}

function renderExcerpt({ excerpt }: Finding): Markdown[] {
  if (excerpt.length === 0) return [];
  const digits = Math.max(...excerpt.map(({ line }) => String(line).length));
  return [
    Markdown.fence(excerpt.map(({ line, text }) => ({ lead: `${String(line).padStart(digits)} | `, code: text }))),
  ];
}

function renderOthers(others: readonly Finding[], first: Finding, told: Told): Markdown[] {
  const shown = others.slice(0, maxOthers).map((finding) => {
    const place = Markdown.code(namePlace(finding, told));
    const isSame = finding.message === first.message;
    return isSame ? Markdown.of`- **Also:** ${place}` : Markdown.of`- **Also:** ${place}: ${finding.message}`;
  });
  const left = others.length - shown.length;
  return left > 0 ? [...shown, Markdown.of`- and ${left} more ${left === 1 ? 'place' : 'places'}`] : shown;
}

/** One item of a list for each rule that has but a remark to make. */
export function renderNotices(notices: readonly Finding[], told: Told, lead: Markdown = Markdown.of``): Markdown[] {
  return groupFindings(notices).map(({ first, others }) => {
    const origin = nameOrigin(first, told);
    const place = Markdown.code(namePlace(first, told));
    const where = origin === undefined ? place : Markdown.of`${place} ${origin}`;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    return Markdown.of`${lead}${nameRule(first)}: ${first.message} (${where}${more})`;
  });
}

/** How to let a finding pass that somebody looked into. */
export function explainExemption(finding: Finding): Markdown {
  return Markdown.of`Looked into it, and it is fine? Say so under ${Markdown.code('exemptions')} in ${Markdown.code('sluice.json')}: ${Markdown.code(exampleExemption(finding))}`;
}
