/** What a check found, package by package: each finding once, under the package it is about. */
import type { FactName } from '../model/change.ts';
import type { CheckedPackage, CheckVerdict } from '../model/check-verdict.ts';
import type { Exemption, Finding } from '../model/finding.ts';
import { levelRank } from '../model/finding.ts';
import type { Conclusion, Coverage, Verdict } from '../model/verdict.ts';
import { isWeighty } from './verdict-words.ts';

export interface CheckSections {
  /** About the project itself: its lockfile, its manifests, the files by which it guards itself. */
  readonly project: ProjectSection;
  /** Worst first. */
  readonly packages: readonly PackageSection[];
  /** All of the above, worst first. */
  readonly findings: readonly Finding[];
}

interface ProjectSection {
  readonly result: Conclusion;
  readonly findings: readonly Finding[];
}

export interface PackageSection extends ProjectSection {
  readonly checked: CheckedPackage;
  /** Dependencies that came along with it, under which is told what holds it back: `name@version`. */
  readonly heldBackBy: readonly string[];
  /** Facts for want of which it is undecided. */
  readonly missing: readonly FactName[];
}

/** Nothing is known against it but what it brings along, and that is told where it belongs. */
export function isCarrier({ findings, heldBackBy, missing }: PackageSection): boolean {
  return heldBackBy.length > 0 && missing.length === 0 && !findings.some(isWeighty);
}

/** The tarball that the base has, and an entry that nothing speaks against: the first line counts it, and no list needs it. */
export function isAsBefore({ checked, result }: PackageSection): boolean {
  return checked.unread === 'unchanged-bytes' && result === 'allow';
}

/** The worse, the higher. Block before undecided: a gap cannot undo what was seen. */
const resultRank: Readonly<Record<Conclusion, number>> = { allow: 0, review: 1, undecided: 2, block: 3 };

export function sectionCheck(check: CheckVerdict): CheckSections {
  const told = new Map<string, string>();
  const owners = new Map(check.packages.toReversed().map((checked) => [nameRelease(checked), checked]));
  const own = Map.groupBy(check.lock.findings, (finding) => owners.get(nameRelease(toRelease(finding))));
  const project = takeUntold(own.get(undefined) ?? [], told, 'the project').findings;
  const released = new Map(check.packages.map((checked) => [checked, tellOwn(checked, own.get(checked) ?? [], told)]));
  const packages = check.packages.map((checked): PackageSection => {
    const came = (checked.release?.findings ?? []).filter((finding) => !isAbout(finding, checked));
    const { findings, elsewhere } = takeUntold(came, told, nameRelease(checked));
    const all = [...(released.get(checked) ?? []), ...findings].toSorted(worstFirst);
    const missing = listMissing(checked, check.lock);
    return {
      checked,
      result: concludePackage(checked, all, check.lock),
      findings: all,
      heldBackBy: elsewhere,
      missing,
    };
  });
  const worst = packages.toSorted((left, right) => resultRank[right.result] - resultRank[left.result]);
  return {
    project: { result: concludeFindings(project), findings: project },
    packages: worst,
    findings: [project, ...worst.map(({ findings }) => findings)].flat().toSorted(worstFirst),
  };
}

/** First what each package's own entry and tarball show: a package that brought it along need not repeat it. */
function tellOwn(checked: CheckedPackage, fromLock: readonly Finding[], told: Map<string, string>): readonly Finding[] {
  const fromTarball = (checked.release?.findings ?? []).filter((finding) => isAbout(finding, checked));
  return takeUntold([...fromLock, ...fromTarball], told, nameRelease(checked)).findings;
}

interface Untold {
  readonly findings: readonly Finding[];
  /** Where the others that weigh something were told. */
  readonly elsewhere: readonly string[];
}

function takeUntold(findings: readonly Finding[], told: Map<string, string>, teller: string): Untold {
  const elsewhere = new Set<string>();
  const untold = findings.filter((finding) => {
    const key = JSON.stringify([finding.rule, finding.kind, finding.package, finding.message, finding.at]);
    const before = told.get(key);
    if (before === undefined) told.set(key, teller);
    else if (before !== teller && isWeighty(finding)) elsewhere.add(before);
    return before === undefined;
  });
  return { findings: untold, elsewhere: [...elsewhere] };
}

function isAbout({ package: about }: Finding, { name, to }: CheckedPackage): boolean {
  return about.name === name && about.version === to;
}

/** A name has no `@` but at its start, so that no two releases are written alike. */
function nameRelease({ name, to }: Pick<CheckedPackage, 'name' | 'to'>): string {
  return `${name}@${to}`;
}

function toRelease({ package: { name, version } }: Finding): Pick<CheckedPackage, 'name' | 'to'> {
  return { name, to: version };
}

function concludePackage(checked: CheckedPackage, findings: readonly Finding[], lock: Verdict): Conclusion {
  const { gaps, unchecked } = lock.coverage;
  const isGap = gaps.some((gap) => gap.required && gap.package === checked.name);
  const isFailure = unchecked.some((entry) => entry.failure !== undefined && entry.package === checked.name);
  const results: readonly Conclusion[] = [
    concludeFindings(findings),
    checked.release?.result ?? (isUnread(checked) ? 'undecided' : 'allow'),
    isGap || isFailure ? 'undecided' : 'allow',
  ];
  return results.reduce((worst, one) => (resultRank[one] > resultRank[worst] ? one : worst));
}

function listMissing({ name, release }: CheckedPackage, lock: Verdict): readonly FactName[] {
  const gaps = [...lock.coverage.gaps.filter((gap) => gap.package === name), ...(release?.coverage.gaps ?? [])];
  return [...new Set(gaps.flatMap(({ fact, required }) => (required ? [fact] : [])))];
}

/** Not looked into, though there is something to look into: never shown as clean. */
function isUnread({ release, unread }: CheckedPackage): boolean {
  return release === undefined && (unread === undefined || unread === 'blocked-before');
}

function concludeFindings(findings: readonly Finding[]): Conclusion {
  const rank = Math.max(0, ...findings.filter(isWeighty).map(({ level }) => levelRank[level]));
  return rank === levelRank.block ? 'block' : rank === levelRank.review ? 'review' : 'allow';
}

function worstFirst(left: Finding, right: Finding): number {
  const byLevel = levelRank[right.level] - levelRank[left.level];
  return byLevel !== 0 ? byLevel : Number(left.exemption !== undefined) - Number(right.exemption !== undefined);
}

/** The lockfile's coverage and that of every package it could be asked of, added up. */
export function addCoverage(check: CheckVerdict): Coverage {
  const coverages = listVerdicts(check).map(({ coverage }) => coverage);
  const sum = (of: (coverage: Coverage) => number): number => coverages.reduce((total, one) => total + of(one), 0);
  return {
    applicable: sum(({ applicable }) => applicable),
    checked: sum(({ checked }) => checked),
    unchecked: uniqueOf(coverages.flatMap(({ unchecked }) => unchecked)),
    gaps: uniqueOf(coverages.flatMap(({ gaps }) => gaps)),
  };
}

/** An exemption is without use when it silenced nothing anywhere; what was not read can tell nothing of it. */
export function addExemptions(check: CheckVerdict): Verdict['exemptions'] {
  const verdicts = listVerdicts(check);
  if (check.packages.some(isUnread)) return { unused: [], expired: check.lock.exemptions.expired };
  const isUnusedIn = ({ exemptions }: Verdict, key: string): boolean =>
    exemptions.unused.some((exemption) => JSON.stringify(exemption) === key);
  const isUnused = (exemption: Exemption): boolean => {
    const key = JSON.stringify(exemption);
    return verdicts.every((verdict) => isUnusedIn(verdict, key));
  };
  return {
    unused: check.lock.exemptions.unused.filter(isUnused),
    expired: check.lock.exemptions.expired,
  };
}

function listVerdicts({ lock, packages }: CheckVerdict): readonly Verdict[] {
  return [lock, ...packages.flatMap(({ release }) => release ?? [])];
}

function uniqueOf<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
