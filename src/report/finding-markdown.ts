/** Findings as a pull request shows them. */
import type { Finding } from '../model/finding.ts';
import { Markdown } from './escape-markdown.ts';
import type { FindingGroup, Told } from './verdict-words.ts';
import { exampleExemption, groupFindings, nameOrigin, namePlace, nameRule } from './verdict-words.ts';

/** Findings of one group that are named after the first one. */
const maxOthers = 3;

export interface GroupOptions {
  /** Whether the added lines are folded away, as among many packages, or stand open. */
  readonly isFolded: boolean;
  /** A path that was told already: a finding that is reached by it does not repeat it. */
  readonly why?: readonly string[];
}

export function renderGroup({ first, others }: FindingGroup, told: Told, options: GroupOptions): Markdown {
  const origin = nameOrigin(first, told);
  const heading = options.isFolded
    ? Markdown.of`**${first.level}: ${nameRule(first)}**`
    : Markdown.of`#### ${first.level}: ${nameRule(first)}`;
  const isTold = first.via.join('\n') === options.why?.join('\n');
  const fields = [
    Markdown.of`- **Where:** ${Markdown.code(namePlace(first, told))}`,
    ...(first.via.length === 0 || isTold ? [] : [Markdown.of`- **Reached by:** ${renderPath(first.via)}`]),
    ...renderOthers(others, first, told),
    Markdown.of`- **Why it matters:** ${first.why}`,
    Markdown.of`- **What to do:** ${first.remedy}`,
  ];
  return Markdown.join(
    [
      origin === undefined ? heading : Markdown.of`${heading} ${origin}`,
      Markdown.of`${first.message}`,
      ...renderExcerpt(first, options),
      Markdown.join(fields, '\n'),
    ],
    '\n\n',
  );
}

export function renderPath(path: readonly string[]): Markdown {
  return Markdown.join(path.map(Markdown.code), ' → ');
}

function renderExcerpt({ excerpt, at }: Finding, { isFolded }: GroupOptions): Markdown[] {
  if (excerpt.length === 0) return [];
  const digits = Math.max(...excerpt.map(({ line }) => String(line).length));
  const lines = Markdown.fence(
    excerpt.map(({ line, text }) => ({ lead: `${String(line).padStart(digits)} | `, code: text })),
  );
  const summary = at.side === 'before' ? Markdown.of`the lines that were there` : Markdown.of`the added lines`;
  return [isFolded ? Markdown.fold(summary, lines) : lines];
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
export function renderNotices(notices: readonly Finding[], told: Told): Markdown[] {
  return groupFindings(notices).map(({ first, others }) => {
    const origin = nameOrigin(first, told);
    const place = Markdown.code(namePlace(first, told));
    const where = origin === undefined ? place : Markdown.of`${place} ${origin}`;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    return Markdown.of`- ${nameRule(first)}: ${first.message} (${where}${more})`;
  });
}

/** How to let a finding pass that somebody looked into. */
export function explainExemption(finding: Finding): Markdown {
  return Markdown.of`Looked into it, and it is fine? Say so under ${Markdown.code('exemptions')} in ${Markdown.code('sluice.json')}: ${Markdown.code(exampleExemption(finding))}`;
}
