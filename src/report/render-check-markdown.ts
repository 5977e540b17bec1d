/** A check of a whole lockfile for a reviewer of a pull request. The worst stands first, and is kept where room is short. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import { shorten } from '../rule.ts';
import { type CheckBlock, listBlocks, tellPackage } from './check-blocks.ts';
import { addCoverage, addExemptions, type CheckSections, type PackageSection, sectionCheck } from './check-sections.ts';
import {
  adviseCheck,
  describeAge,
  describeCheckCoverage,
  describeOutcome,
  describeStep,
  describeTakes,
  findTarget,
  formatCount,
  nameCheck,
} from './check-words.ts';
import { Markdown } from './escape-markdown.ts';
import { explainExemption, renderFoldedGroup, renderNotices, renderPath } from './finding-markdown.ts';
import { fitMarkdown, type Part, type Piece } from './fit-markdown.ts';
import { packageTables } from './package-tables.ts';
import { describeExemptions, explainUndecided, type FindingGroup, nameRule, splitFindings } from './verdict-words.ts';

export interface CheckMarkdownOptions {
  /** 65,536 for a comment, 1,048,576 for a job's summary; held in bytes, which are never fewer. At least 2,000. */
  readonly maxChars?: number;
}

const defaultMaxChars = 65_536;
const maxMissing = 8;
/** A name is at most 214 characters long; a brief line does not need all of them. */
const maxBriefName = 80;
const maxLocations = 3;

export function renderCheckMarkdown(check: CheckVerdict, options: CheckMarkdownOptions = {}): string {
  const sections = sectionCheck(check);
  const { open, carrying, passing } = packageTables(check, sections);
  const blocks = listBlocks(check, sections).map((block) => tellBlock(block, check));
  const exemptions = describeExemptions(sections.findings, addExemptions(check)).map(toMarkdown);
  const removed = check.removed.map(({ name, version }) => Markdown.code(`${name} ${version}`));
  const parts: readonly Part[] = [
    mainPart('summary', 1, [tellSummary(check, sections)]),
    { ...open, priority: 4, isExtra: false },
    mainPart('packages with findings', 3, blocks),
    mainPart('patch', 5, tellPatch(check)),
    { ...carrying, priority: 6, isExtra: true },
    { ...passing, priority: 7, isExtra: true },
    { ...listPart('exemptions', exemptions), priority: 6, isExtra: true },
    { ...listPart('removed packages', removed), priority: 8, isExtra: true },
    { ...listPart('notices', listNotices(check, sections)), priority: 9, isExtra: true },
    { ...listPart('verdict ids', listIds(check)), priority: 10, isExtra: true },
    mainPart('foot', 2, [tellFoot(check, sections)]),
  ];
  return fitMarkdown(parts, options.maxChars ?? defaultMaxChars);
}

/** In brief without a foreign word, so that it always fits. */
function tellSummary(check: CheckVerdict, sections: CheckSections): Piece {
  const first = Markdown.of`### Sluice: ${check.result}. ${describeOutcome(check, sections)}`;
  const sentences = explainUndecided(addCoverage(check));
  const left = sentences.length - maxMissing;
  const missing = [
    ...sentences.slice(0, maxMissing).map((sentence) => Markdown.of`- Missing: ${sentence}`),
    ...(left > 0 ? [Markdown.of`- and ${formatCount(left)} more gaps`] : []),
  ];
  const [next, takes] = [adviseCheck(check), describeTakes(check)];
  const paragraphs = [
    first,
    ...(next === '' ? [] : [Markdown.of`**${next}**`]),
    ...(takes === '' ? [] : [Markdown.of`${Markdown.code('sluice fix')} writes the lockfile with ${takes}.`]),
    Markdown.of`${nameCheck(check)}. Coverage: ${describeCheckCoverage(check)}.`,
    ...(missing.length === 0 ? [] : [Markdown.join(missing, '\n')]),
  ];
  return [joinParagraphs(paragraphs), first];
}

function tellBlock(block: CheckBlock, check: CheckVerdict): Piece {
  const { section, told, groups } = block;
  const tell = (all: readonly FindingGroup[]): Markdown =>
    joinParagraphs([...head, ...all.map((group) => renderFoldedGroup(group, told))]);
  const head =
    section === undefined ? [nameProject(check)] : [nameSection(section, check), tellStanding(section, check)];
  const withoutLines = groups.map((group) => ({ ...group, first: { ...group.first, excerpt: [] } }));
  return [tell(groups), tell(withoutLines), tellBriefly(block)];
}

function nameProject({ project }: CheckVerdict): Markdown {
  return Markdown.of`#### ${Markdown.code(project ?? 'the project')} itself`;
}

function nameSection({ checked, result }: PackageSection, check: CheckVerdict): Markdown {
  return Markdown.of`#### ${Markdown.code(checked.name)} ${describeStep(checked, check)}: ${result}`;
}

/** Where it stands in the lockfile, how it got there, how old it is, and what to take instead. */
function tellStanding(section: PackageSection, check: CheckVerdict): Markdown {
  const { checked, heldBackBy } = section;
  const { line, locations, why } = checked;
  const target = findTarget(section, check);
  const copies = locations.slice(0, maxLocations).map(Markdown.code);
  const more = locations.length > maxLocations ? ` and ${formatCount(locations.length - maxLocations)} more` : '';
  const place = Markdown.code(`${check.lockfile}:${line}`);
  const sentences = [
    ...(target === undefined ? [] : [Markdown.of`- **Take instead:** ${Markdown.code(target)}`]),
    Markdown.of`- **In the lockfile:** ${place}, ${describeAge(checked, check.lock.asOf)}`,
    ...(locations.length < 2 ? [] : [Markdown.of`- **Copies:** ${Markdown.join(copies, ', ')}${more}`]),
    ...(why.length === 0 ? [] : [Markdown.of`- **Through:** ${renderPath(why)}`]),
    ...(heldBackBy.length === 0
      ? []
      : [Markdown.of`- **See also:** ${Markdown.join(heldBackBy.map(Markdown.code), ', ')}`]),
  ];
  return Markdown.join(sentences, '\n');
}

function tellBriefly({ section, groups }: CheckBlock): Markdown {
  const name =
    section === undefined ? Markdown.of`the project` : Markdown.code(shorten(section.checked.name, maxBriefName));
  const count = groups.reduce((sum, { others }) => sum + others.length + 1, 0);
  const first = groups[0]?.first;
  const more = count > 1 ? `, and ${formatCount(count - 1)} more` : '';
  return first === undefined ? name : Markdown.of`**${first.level}:** ${name}: ${nameRule(first)}${more}`;
}

/** Long ones are cut: the JSON report and \`sluice fix\` have the whole. */
function tellPatch({ patch }: CheckVerdict): readonly Piece[] {
  if (patch === undefined) return [];
  const further = patch.needsNpm ? ', and lets npm place what these versions ask for' : '';
  const heading = Markdown.of`#### Lockfile patch

It removes the findings about which version is taken; ${Markdown.code('sluice fix')} writes it${further}.`;
  const left = patch.left.map((reason) => Markdown.of`- Not by the lockfile alone: ${reason}`);
  const notes = left.length === 0 ? [] : [Markdown.join(left, '\n')];
  if (patch.diff === '') return [[joinParagraphs([heading, ...notes])]];
  const diff = Markdown.diff(patch.diff);
  return [[joinParagraphs([heading, Markdown.fold(Markdown.of`the diff`, diff), ...notes]), joinParagraphs([heading])]];
}

function listNotices(check: CheckVerdict, { project, packages }: CheckSections): readonly Markdown[] {
  return [
    ...renderNotices(splitFindings(project.findings).notices, check.lock),
    ...packages.flatMap((section) => {
      const lead = Markdown.of`${Markdown.code(section.checked.name)}: `;
      return renderNotices(splitFindings(section.findings).notices, tellPackage(section, check), lead);
    }),
  ];
}

function listIds(check: CheckVerdict): readonly Markdown[] {
  const ofPackages = check.packages.flatMap(({ name, to, release }) =>
    release === undefined ? [] : [Markdown.of`${Markdown.code(`${name}@${to}`)}: ${Markdown.code(release.id)}`],
  );
  return [Markdown.of`the lockfile: ${Markdown.code(check.lock.id)}`, ...ofPackages];
}

/** In brief without a foreign word. */
function tellFoot(check: CheckVerdict, { findings }: CheckSections): Piece {
  const [worst] = splitFindings(findings).weighty;
  const id = Markdown.of`<sub>${check.id}, sluice ${check.lock.engine}</sub>`;
  return worst === undefined ? [id] : [joinParagraphs([explainExemption(worst), id]), id];
}

function mainPart(what: string, priority: number, pieces: readonly Piece[]): Part {
  return { what, priority, isExtra: false, pieces, assemble: joinParagraphs };
}

/** A folded list, with the number of its entries. */
function listPart(what: string, entries: readonly Markdown[]): Omit<Part, 'priority' | 'isExtra'> {
  const pieces = entries.map((entry): Piece => [entry]);
  const summary = Markdown.of`${what} (${formatCount(entries.length)})`;
  const assemble = (shown: readonly Markdown[]): Markdown => {
    const items = shown.map((entry) => Markdown.of`- ${entry}`);
    return Markdown.fold(summary, Markdown.join(items, '\n'));
  };
  return { what, pieces, assemble };
}

function joinParagraphs(paragraphs: readonly Markdown[]): Markdown {
  return Markdown.join(paragraphs, '\n\n');
}

function toMarkdown(text: string): Markdown {
  return Markdown.of`${text}`;
}
