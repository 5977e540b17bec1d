/** What a written report of a check tells under one heading each: the project itself, and each package with findings. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { CheckSections, PackageSection } from './check-sections.ts';
import type { FindingGroup, Told } from './verdict-words.ts';
import { groupFindings, isWeighty } from './verdict-words.ts';

export interface CheckBlock {
  /** Undefined for the project itself. */
  readonly section: PackageSection | undefined;
  readonly told: Told;
  readonly groups: readonly FindingGroup[];
}

/** Worst first; the project's own block stands before the packages that are no worse. */
export function listBlocks(check: CheckVerdict, { project, packages }: CheckSections): readonly CheckBlock[] {
  const groups = groupFindings(project.findings.filter(isWeighty));
  const own: CheckBlock = { section: undefined, told: check.lock, groups };
  const blocks = packages.filter(hasBlock).map(
    (section): CheckBlock => ({
      section,
      told: tellPackage(section, check),
      groups: groupFindings(section.findings.filter(isWeighty)),
    }),
  );
  const worse = project.result === 'block' ? 0 : packages.filter(({ result }) => result === 'block').length;
  return sayOnce(groups.length === 0 ? blocks : blocks.toSpliced(worse, 0, own), check);
}

export function hasBlock({ findings }: PackageSection): boolean {
  return findings.some(isWeighty);
}

/** The heading says where the package stands and how it got there: its findings need not repeat it. */
export function tellPackage({ checked }: PackageSection, { lockfile }: CheckVerdict): Told {
  return { subject: checked, heading: { why: checked.why, place: `${lockfile}:${checked.line}` } };
}

/** Why a rule matters and what to do is said with its first finding, and with whatever blocks. */
function sayOnce(blocks: readonly CheckBlock[], check: CheckVerdict): readonly CheckBlock[] {
  const said = new Map<string, string>();
  return blocks.map((block) => ({
    ...block,
    groups: block.groups.map((group) => {
      const { rule, level, why, remedy } = group.first;
      const key = JSON.stringify([rule, why, remedy]);
      const saidOf = said.get(key);
      said.set(key, saidOf ?? block.section?.checked.name ?? check.project ?? 'the project');
      return saidOf === undefined || level === 'block' ? group : { ...group, saidOf };
    }),
  }));
}
