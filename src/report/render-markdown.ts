/** A verdict as a pull request shows it. */
import type { Verdict } from '../model/verdict.ts';
import { Markdown } from './escape-markdown.ts';
import { explainExemption, renderGroup, renderNotices } from './finding-markdown.ts';
import {
  adviseNext,
  describeCoverage,
  describeExemptions,
  explainUndecided,
  groupFindings,
  nameSubject,
  splitFindings,
} from './verdict-words.ts';

export function renderMarkdown(verdict: Verdict): string {
  const { weighty, notices } = splitFindings(verdict.findings);
  const exemptions = describeExemptions(verdict.findings, verdict.exemptions).map(
    (sentence) => Markdown.of`${sentence}`,
  );
  const sections = [
    renderHead(verdict),
    ...groupFindings(weighty).map((group) => renderGroup(group, verdict)),
    ...renderList(Markdown.of`#### notices`, renderNotices(notices, verdict)),
    ...renderList(Markdown.of`#### exemptions`, exemptions),
    ...renderFoot(verdict),
  ];
  return `${Markdown.join(sections, '\n\n')}\n`;
}

function renderHead(verdict: Verdict): Markdown {
  const head = Markdown.of`### Sluice: ${verdict.result}, ${Markdown.code(nameSubject(verdict))}

${describeCoverage(verdict)}`;
  const missing = explainUndecided(verdict.coverage).map((sentence) => Markdown.of`- Missing: ${sentence}`);
  return missing.length === 0 ? head : Markdown.join([head, Markdown.join(missing, '\n')], '\n\n');
}

function renderList(heading: Markdown, entries: readonly Markdown[]): Markdown[] {
  const items = entries.map((entry) => Markdown.of`- ${entry}`);
  return items.length === 0 ? [] : [heading, Markdown.join(items, '\n')];
}

function renderFoot(verdict: Verdict): Markdown[] {
  const [worst] = splitFindings(verdict.findings).weighty;
  const next = adviseNext(verdict.result, verdict.coverage);
  return [
    ...(next === '' ? [] : [Markdown.of`**${next}**`]),
    ...(worst === undefined ? [] : [explainExemption(worst)]),
    Markdown.of`<sub>${verdict.id}, sluice ${verdict.engine}</sub>`,
  ];
}
