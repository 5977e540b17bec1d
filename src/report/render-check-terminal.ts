/** A check of a whole lockfile for a person at a terminal: the answer, then each package that needs a look, then the others. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import { hasBlock, listBlocks, tellPackage } from './check-blocks.ts';
import {
  addCoverage,
  addExemptions,
  type CheckSections,
  isAsBefore,
  type PackageSection,
  sectionCheck,
} from './check-sections.ts';
import {
  adviseCheck,
  describeAge,
  describeCheckCoverage,
  describeOutcome,
  describeRemark,
  describeStep,
  describeTakes,
  findAsker,
  findTarget,
  formatCount,
  hasAges,
  isWaiting,
  listNames,
  nameCheck,
} from './check-words.ts';
import { explainExemption, renderGroup, renderNotices } from './finding-lines.ts';
import type { Line, Span } from './lay-out.ts';
import { layOut } from './lay-out.ts';
import type { TerminalOptions } from './terminal-lines.ts';
import {
  afterBlank,
  alignRows,
  blankLine,
  field,
  labelColumns,
  limitColumns,
  plain,
  prose,
  span,
  unlabelled,
} from './terminal-lines.ts';
import { describeExemptions, explainUndecided, type FindingGroup, nameRule, splitFindings } from './verdict-words.ts';

/** More is counted: a person reads the worst, and a machine reads the JSON. */
const maxGroupsInFull = 25;
const maxGroups = 75;
const maxListed = 30;
const maxNotices = 10;
const maxMissing = 8;
const maxSentences = 20;
const maxLocations = 3;
/** Of more that were not read at all, only their names are told. */
const maxWaiting = 5;

export function renderCheckTerminal(check: CheckVerdict, { columns, paint }: TerminalOptions): string {
  const sections = sectionCheck(check);
  const lines = [
    ...renderHead(check, sections),
    ...renderFindings(check, sections),
    ...afterBlank(renderAllNotices(check, sections)),
    ...afterBlank(renderList(check, sections)),
    ...afterBlank(renderExemptions(check, sections)),
    ...renderFoot(check, sections),
  ];
  return layOut(lines, limitColumns(columns), paint);
}

function renderHead(check: CheckVerdict, sections: CheckSections): Line[] {
  const { result } = check;
  const missing = explainUndecided(addCoverage(check));
  return [
    prose(
      0,
      labelColumns,
      span(result, `${result} `.padEnd(labelColumns)),
      span('strong', describeOutcome(check, sections)),
    ),
    unlabelled(nameCheck(check)),
    unlabelled(describeCheckCoverage(check)),
    ...limitLines(missing, maxMissing, 'gaps').map((sentence) => field('missing', sentence)),
  ];
}

function renderFindings(check: CheckVerdict, sections: CheckSections): Line[] {
  const lines: Line[] = [];
  let told = 0;
  let hidden = 0;
  for (const { section, told: about, groups } of listBlocks(check, sections)) {
    if (told < maxGroups) lines.push(blankLine, ...renderHeading(section, check));
    for (const group of groups) {
      if (told < maxGroupsInFull) lines.push(...renderGroup(group, about));
      else if (told < maxGroups) lines.push(renderBrief(group));
      else hidden += 1;
      told += 1;
    }
  }
  if (hidden === 0) return lines;
  const what = hidden === 1 ? 'finding is' : 'findings are';
  return [...lines, blankLine, unlabelled(`${formatCount(hidden)} more ${what} in the JSON report`)];
}

function renderHeading(section: PackageSection | undefined, check: CheckVerdict): Line[] {
  if (section === undefined) {
    return [prose(0, labelColumns, span('strong', check.project ?? 'the project'), plain(' itself'))];
  }
  const { checked, heldBackBy, result } = section;
  const { name, why, line, locations } = checked;
  const target = findTarget(section, check);
  const copies = locations.length === 1 ? '' : ` (${listNames(locations, maxLocations)})`;
  // What was seen is told below; that not all could be seen is told nowhere else.
  const undecided = result === 'undecided' ? [plain(', '), span(result, result)] : [];
  const age = describeAge(checked, check.lock.asOf);
  return [
    prose(0, labelColumns, span('strong', `${name} ${describeStep(checked, check)}`), plain(`, ${age}`), ...undecided),
    field('in', `${check.lockfile}:${line}${copies}`),
    ...(why.length === 0 ? [] : [field('through', why.join(' → '))]),
    ...(target === undefined ? [] : [field('take', `${target} instead`)]),
    ...(heldBackBy.length === 0 ? [] : [field('see', `also ${listNames(heldBackBy, maxLocations)}`)]),
  ];
}

function renderBrief({ first, others }: FindingGroup): Line {
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  return prose(
    0,
    labelColumns,
    span(first.level, first.level.padEnd(labelColumns)),
    plain(`${nameRule(first)}: ${first.message}${more}`),
  );
}

function renderAllNotices(check: CheckVerdict, { project, packages }: CheckSections): readonly Line[] {
  const ofProject = renderNotices(splitFindings(project.findings).notices, check.lock);
  const ofPackages = packages.flatMap((section) =>
    renderNotices(splitFindings(section.findings).notices, tellPackage(section, check), `${section.checked.name}: `),
  );
  const all = [...ofProject, ...ofPackages];
  const left = all.length - maxNotices;
  return left > 0 ? [...all.slice(0, maxNotices), unlabelled(`and ${formatCount(left)} more notices`)] : all;
}

/** One line for each package that has no section: those that pass, and those that were not read. */
function renderList(check: CheckVerdict, sections: CheckSections): readonly Line[] {
  const withAge = hasAges(sections);
  const quiet = sections.packages.filter((section) => !hasBlock(section) && !isAsBefore(section));
  const waiting = quiet.filter(isWaiting);
  const isLong = waiting.length > maxWaiting;
  const unread = isLong ? waiting.map(({ checked }) => `${checked.name} ${describeStep(checked, check)}`) : [];
  const listed = isLong ? quiet.filter((section) => !isWaiting(section)) : quiet;
  const rows = listed
    .slice(0, maxListed)
    .map((section): Span[] => [
      span(section.result, section.result),
      plain(section.checked.name),
      plain(describeStep(section.checked, check)),
      plain(describeAsker(section.checked)),
      ...(withAge ? [span('faint', describeAge(section.checked, check.lock.asOf))] : []),
      span('faint', describeRemark(section)),
    ]);
  const left = Map.groupBy(listed.slice(maxListed), ({ result }) => result);
  const rest = [...left].map(([result, all]) => `${formatCount(all.length)} more: ${result}`).join(', ');
  const removed = check.removed.map(({ name, version }) => `${name} ${version}`);
  return [
    ...alignRows(rows),
    ...(rest === '' ? [] : [unlabelled(`and ${rest}`)]),
    ...(unread.length === 0 ? [] : [field('unread', listNames(unread, maxListed / 3))]),
    ...(removed.length === 0 ? [] : [field('removed', listNames(removed, maxListed / 3))]),
  ];
}

function describeAsker(checked: PackageSection['checked']): string {
  const asker = findAsker(checked);
  if (asker !== undefined) return `through ${asker}`;
  return checked.direct ? 'direct' : 'asked for by nobody known';
}

function renderExemptions(check: CheckVerdict, { findings }: CheckSections): readonly Line[] {
  const sentences = describeExemptions(findings, addExemptions(check));
  return limitLines(sentences, maxSentences, 'exemptions').map((sentence) => field('policy', sentence));
}

function renderFoot(check: CheckVerdict, { findings }: CheckSections): Line[] {
  const [worst] = splitFindings(findings).weighty;
  const next = adviseCheck(check);
  const takes = describeTakes(check);
  return [
    blankLine,
    ...(next === '' ? [] : [field('next', next)]),
    ...(takes === '' ? [] : [field('fix', `\`sluice fix\` writes the lockfile with ${takes}`)]),
    ...limitLines(check.patch?.left ?? [], maxSentences, 'reasons').map((reason) => field('left', reason)),
    ...(worst === undefined ? [] : explainExemption(worst)),
    prose(labelColumns, labelColumns, span('faint', `${check.id}, sluice ${check.lock.engine}`)),
  ];
}

function limitLines(sentences: readonly string[], max: number, what: string): readonly string[] {
  const left = sentences.length - max;
  return left > 0 ? [...sentences.slice(0, max), `and ${formatCount(left)} more ${what}`] : sentences;
}
