/** A verdict as a pull request shows it. */
import type { Finding } from '../model/finding.ts';
import type { Verdict } from '../model/verdict.ts';
import { Markdown } from './escape-markdown.ts';
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

/** Findings of one group that are named after the first one. */
const maxOthers = 3;

export function renderMarkdown(verdict: Verdict): string {
  const counting = verdict.findings.filter((finding) => finding.exemption === undefined);
  const sections = [
    renderHead(verdict),
    ...groupFindings(counting.filter((finding) => finding.level !== 'notice')).map((group) =>
      renderGroup(group, verdict),
    ),
    ...renderNotices(counting, verdict),
    ...renderExemptions(verdict),
    ...renderFoot(verdict, counting),
  ];
  return `${Markdown.join(sections, '\n\n')}\n`;
}

function renderHead(verdict: Verdict): Markdown {
  const head = Markdown.of`### Sluice: ${verdict.result}, ${Markdown.code(nameSubject(verdict))}

${describeCoverage(verdict)}`;
  const missing = explainUndecided(verdict.coverage).map((sentence) => Markdown.of`- Missing: ${sentence}`);
  return missing.length === 0 ? head : Markdown.join([head, Markdown.join(missing, '\n')], '\n\n');
}

function renderGroup({ first, others }: FindingGroup, verdict: Verdict): Markdown {
  const origin = nameOrigin(first, verdict);
  const heading = Markdown.of`#### ${first.level}: ${nameRule(first)}`;
  const fields = [
    Markdown.of`- **Where:** ${Markdown.code(namePlace(first, verdict))}`,
    ...(first.via.length === 0 ? [] : [Markdown.of`- **Reached by:** ${renderVia(first)}`]),
    ...renderOthers(others, first, verdict),
    Markdown.of`- **Why it matters:** ${first.why}`,
    Markdown.of`- **What to do:** ${first.remedy}`,
  ];
  return Markdown.join(
    [
      origin === undefined ? heading : Markdown.of`${heading} ${origin}`,
      Markdown.of`${first.message}`,
      ...renderExcerpt(first),
      Markdown.join(fields, '\n'),
    ],
    '\n\n',
  );
}

function renderVia({ via }: Finding): Markdown {
  return Markdown.join(via.map(Markdown.code), ' → ');
}

function renderExcerpt({ excerpt }: Finding): Markdown[] {
  if (excerpt.length === 0) return [];
  const digits = Math.max(...excerpt.map(({ line }) => String(line).length));
  return [
    Markdown.fence(excerpt.map(({ line, text }) => ({ lead: `${String(line).padStart(digits)} | `, code: text }))),
  ];
}

function renderOthers(others: readonly Finding[], first: Finding, verdict: Verdict): Markdown[] {
  const shown = others.slice(0, maxOthers).map((finding) => {
    const place = Markdown.code(namePlace(finding, verdict));
    const isSame = finding.message === first.message;
    return isSame ? Markdown.of`- **Also:** ${place}` : Markdown.of`- **Also:** ${place}: ${finding.message}`;
  });
  const left = others.length - shown.length;
  return left > 0 ? [...shown, Markdown.of`- and ${left} more ${left === 1 ? 'place' : 'places'}`] : shown;
}

function renderNotices(counting: readonly Finding[], verdict: Verdict): Markdown[] {
  const groups = groupFindings(counting.filter((finding) => finding.level === 'notice'));
  if (groups.length === 0) return [];
  const lines = groups.map(({ first, others }) => {
    const origin = nameOrigin(first, verdict);
    const place = Markdown.code(namePlace(first, verdict));
    const where = origin === undefined ? place : Markdown.of`${place} ${origin}`;
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    return Markdown.of`- ${nameRule(first)}: ${first.message} (${where}${more})`;
  });
  return [Markdown.of`#### notices`, Markdown.join(lines, '\n')];
}

function renderExemptions(verdict: Verdict): Markdown[] {
  const { unused, expired } = verdict.exemptions;
  const exempted = verdict.findings.flatMap(({ rule, message, exemption }) =>
    exemption === undefined
      ? []
      : [Markdown.of`- exempted until ${exemption.expires}: ${rule}: ${message} (${exemption.reason})`],
  );
  const lines = [
    ...exempted,
    ...expired.map((entry) => Markdown.of`- expired on ${entry.expires}: ${entry.package} from ${entry.rule}`),
    ...unused.map((entry) => Markdown.of`- unused: ${entry.package} from ${entry.rule}`),
  ];
  return lines.length === 0 ? [] : [Markdown.of`#### exemptions`, Markdown.join(lines, '\n')];
}

function renderFoot(verdict: Verdict, counting: readonly Finding[]): Markdown[] {
  const worst = counting.find((finding) => finding.level !== 'notice');
  const parts: Markdown[] = [];
  if (verdict.result !== 'allow') parts.push(Markdown.of`**${adviseNext(verdict)}**`);
  if (worst !== undefined) {
    parts.push(
      Markdown.of`Looked into it, and it is fine? Say so under ${Markdown.code('exemptions')} in ${Markdown.code('sluice.json')}: ${Markdown.code(exampleExemption(worst))}`,
    );
  }
  parts.push(Markdown.of`<sub>${verdict.id}, sluice ${verdict.engine}</sub>`);
  return parts;
}
