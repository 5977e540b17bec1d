/** The sentences that written reports of a whole check share, as raw text: each target escapes them on its way out. */
import type { FactName } from '../model/change.ts';
import type { CheckedPackage, CheckVerdict } from '../model/check-verdict.ts';
import type { Conclusion, Gap } from '../model/verdict.ts';
import { addCoverage, type CheckSections, isCarrier, type PackageSection } from './check-sections.ts';
import { adviseNext, nameFacts } from './verdict-words.ts';

/** `12 packages changed (3 direct), 1 added, 2 removed; 1 is held back`. */
export function describeOutcome(check: CheckVerdict, sections: CheckSections): string {
  return [describeChange(check), ...describeResults(sections)].join('; ');
}

function describeChange({ base, packages, removed, unchanged }: CheckVerdict): string {
  if (base === undefined) return `${countPackages(packages.length)} looked at${describeDirect(packages)}`;
  const count = (...kinds: readonly CheckedPackage['kind'][]): readonly CheckedPackage[] =>
    packages.filter(({ kind }) => kinds.includes(kind));
  const [changed, added, kept] = [count('updated', 'downgraded', 'rewritten'), count('added'), count('kept')];
  const parts = [
    changed.length === 0 ? '' : `${countPackages(changed.length)} changed${describeDirect(changed)}`,
    added.length === 0 ? '' : `${formatCount(added.length)} added${describeDirect(added)}`,
    removed.length === 0 ? '' : `${formatCount(removed.length)} removed`,
    kept.length === 0 ? '' : `${formatCount(kept.length)} looked at though unchanged`,
  ].filter((part) => part !== '');
  if (parts.length > 0)
    return changed.length === 0 ? `${countPackages(0)} changed, ${parts.join(', ')}` : parts.join(', ');
  return `${countPackages(0)} changed, ${formatCount(unchanged)} as they were`;
}

function describeDirect(packages: readonly CheckedPackage[]): string {
  const direct = packages.filter((checked) => checked.direct).length;
  return direct === 0 ? '' : ` (${formatCount(direct)} direct)`;
}

/** What became of them, the worst first; nothing when all may pass. */
function describeResults({ project, packages }: CheckSections): readonly string[] {
  const unread = packages.filter(isWaiting).length;
  const count = (result: Conclusion): number =>
    packages.filter((section) => section.result === result && !isWaiting(section) && !isCarrier(section)).length;
  const [blocked, undecided, reviewed] = [count('block'), count('undecided'), count('review')];
  const carriers = packages.filter(isCarrier).length;
  const ofProject = { block: 'the lockfile itself is held back', review: 'the project itself needs a look' };
  return [
    blocked === 0 ? '' : `${formatCount(blocked)} ${blocked === 1 ? 'is' : 'are'} held back`,
    undecided === 0 ? '' : `${formatCount(undecided)} could not be decided`,
    reviewed === 0 ? '' : `${formatCount(reviewed)} ${reviewed === 1 ? 'needs' : 'need'} a look`,
    carriers === 0 ? '' : `${formatCount(carriers)} more ${carriers === 1 ? 'brings' : 'bring'} these along`,
    unread === 0 ? '' : `${formatCount(unread)} not read yet`,
    project.result === 'block' || project.result === 'review' ? ofProject[project.result] : '',
  ].filter((part) => part !== '');
}

/** Not looked into, because the lockfile alone blocks; and no finding of its own. */
export function isWaiting({ checked, result }: PackageSection): boolean {
  return result === 'undecided' && checked.unread === 'blocked-before';
}

/** `package-lock.json of app, compared with main (merge base 1a2b3c4)`; the whole tree, when nothing is compared. */
export function nameCheck({ lockfile, project, base }: CheckVerdict): string {
  const whole = project === undefined ? lockfile : `${lockfile} of ${project}`;
  return base === undefined ? `${whole}, the whole tree` : `${whole}, compared with ${base}`;
}

/** `29 of 31 rules checked on the lockfile, 260 of 264 on 12 tarballs; not known here: publish times (12 packages)`. */
export function describeCheckCoverage(check: CheckVerdict): string {
  const releases = check.packages.flatMap(({ release }) => release ?? []);
  const all = addCoverage(check);
  const { lock } = check;
  const onTarballs = nameChecked({
    applicable: all.applicable - lock.coverage.applicable,
    checked: all.checked - lock.coverage.checked,
  });
  const parts = [
    `${nameChecked(lock.coverage)} rules checked on the lockfile`,
    releases.length === 0 ? '' : `, ${onTarballs} checks made on the tarballs of ${countPackages(releases.length)}`,
    check.stopped ? '; no registry was asked, since the lockfile alone blocks' : '',
  ];
  const foreign = check.packages.filter(({ unread }) => unread === 'not-from-registry').length;
  if (foreign > 0) parts.push(`; not read: ${countPackages(foreign)} from outside the registry`);
  const gaps = all.gaps.filter(({ why }) => !check.stopped || why !== 'not-consulted');
  const unknown = nameCheckGaps(
    gaps,
    releases.map(({ subject }) => subject.name),
  );
  return [...parts, unknown === '' ? '' : `; not known here: ${unknown}`].join('');
}

function nameChecked({ applicable, checked }: { readonly applicable: number; readonly checked: number }): string {
  return applicable === checked
    ? `all ${formatCount(applicable)}`
    : `${formatCount(checked)} of ${formatCount(applicable)}`;
}

/**
 * Facts that are missing for the same packages stand together; few packages are named, many counted. Where all that changed
 * lack them, what they bring along is not counted beside them.
 */
function nameCheckGaps(gaps: readonly Gap[], changed: readonly string[]): string {
  const packages = new Map<FactName, Set<string>>();
  for (const { fact, package: name } of gaps) packages.set(fact, (packages.get(fact) ?? new Set()).add(name));
  const alike = Map.groupBy(packages, ([, names]) => [...names].toSorted().join('\n'));
  return [...alike]
    .map(([, facts]) => {
      const [, names] = facts[0] ?? [undefined, new Set<string>()];
      return `${nameFacts(facts.map(([fact]) => fact))} (${namePackages(names, changed)})`;
    })
    .join('; ');
}

function namePackages(names: ReadonlySet<string>, changed: readonly string[]): string {
  if (names.size <= 2) return [...names].join(', ');
  return changed.length > 2 && changed.every((name) => names.has(name)) ? 'all packages' : countPackages(names.size);
}

/** `1.2.0 → 1.3.0`, `1.3.0 (new)`; without a base only the version. */
export function describeStep({ from, to, kind }: CheckedPackage, { base }: CheckVerdict): string {
  if (kind === 'kept' || base === undefined) return to;
  if (kind === 'rewritten') return `${to} (rewritten)`;
  return from === undefined ? `${to} (new)` : `${from} → ${to}`;
}

/** The part of the project that asks for it, in short: the whole path stands with its findings. */
export function findAsker({ direct, why }: CheckedPackage): string | undefined {
  return direct || why.length < 3 ? undefined : why[1];
}

const maxTakes = 5;
const hour = 3_600_000;
const units = [
  { name: 'year', hours: 24 * 365 },
  { name: 'month', hours: 24 * 30 },
  { name: 'day', hours: 24 },
  { name: 'hour', hours: 1 },
] as const;

/** `3 days old`. What the registry does not say, or says of the future, is no age. */
export function describeAge({ publishedAt }: CheckedPackage, asOf: string): string {
  const hours = publishedAt === undefined ? Number.NaN : (Date.parse(asOf) - Date.parse(publishedAt)) / hour;
  if (!(hours >= 0)) return 'age unknown';
  const unit = units.find((one) => hours >= one.hours);
  if (unit === undefined) return 'under an hour old';
  const count = Math.floor(hours / unit.hours);
  return `${count} ${unit.name}${count === 1 ? '' : 's'} old`;
}

/** Where no age is known a column of them would say nothing; the coverage says that the times are not known. */
export function hasAges({ packages }: CheckSections): boolean {
  return packages.some(({ checked }) => checked.publishedAt !== undefined);
}

/** What else a reader of the list has to know of a package. */
export function describeRemark(section: PackageSection): string {
  const { checked, heldBackBy, missing } = section;
  const remarks = [
    missing.length === 0 ? '' : `not known: ${nameFacts(missing)}`,
    heldBackBy.length === 0 ? '' : `because of ${listNames(heldBackBy, 3)}`,
    isWaiting(section) ? 'not read yet' : '',
    checked.unread === 'not-from-registry' ? 'contents not read' : '',
    checked.kind === 'downgraded' ? 'downgrade' : '',
    checked.locations.length > 1 ? `${checked.locations.length} copies` : '',
  ];
  return remarks.filter((remark) => remark !== '').join(', ');
}

/** The one version to take instead: what the patch puts there, else what the worst finding with a target says. */
export function findTarget({ checked, findings }: PackageSection, { patch }: CheckVerdict): string | undefined {
  const taken = patch?.takes.find(({ name, from }) => name === checked.name && from === checked.to);
  return taken?.to ?? findings.find(({ target, exemption }) => target !== undefined && exemption === undefined)?.target;
}

/** What to do now about the change as a whole. Empty for allow. */
export function adviseCheck(check: CheckVerdict): string {
  return adviseNext(check.result, addCoverage(check), 'change');
}

/** What `sluice fix` would write: `ripple 2.1.0 → 2.0.3`. Empty when there is nothing to write. */
export function describeTakes({ patch }: CheckVerdict): string {
  const takes = patch?.takes ?? [];
  return listNames(
    takes.map(({ name, from, to }) => `${name} ${from} → ${to}`),
    maxTakes,
  );
}

export function listNames(names: readonly string[], max: number): string {
  const left = names.length - max;
  return left > 0 ? `${names.slice(0, max).join(', ')} and ${formatCount(left)} more` : names.join(', ');
}

function countPackages(count: number): string {
  return count === 0 ? 'no package' : `${formatCount(count)} ${count === 1 ? 'package' : 'packages'}`;
}

/** `1,204`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
