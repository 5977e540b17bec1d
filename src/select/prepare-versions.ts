/**
 * A package's published versions, parsed and sorted once, so that a range is answered by a few comparisons.
 * Loose spellings count as npm counts them (`1.0.0beta`); what is no version at all is left out, as nobody can install it.
 */
import Range from 'semver/classes/range.js';
import SemVer from 'semver/classes/semver.js';

export interface PreparedVersions {
  /** In semver order, as the registry spells them; a version's rank is its place here. */
  readonly versions: readonly string[];
  /** Without a prerelease part. */
  readonly isRelease: readonly boolean[];
  /** Undefined when there is no such version. */
  rankOf(version: string): number | undefined;
  /** Of the lowest version that is not below this one, whether or not this one was published. */
  rankFrom(version: string): number;
  /** The ranks that the range takes, as npm takes them: a prerelease only where the range names one of the same version. */
  accept(range: Range): Ranks;
}

/** One byte a rank: 1 where it belongs to the set. */
export type Ranks = Uint8Array;

export function prepareVersions(versions: readonly string[]): PreparedVersions {
  const parsed: { readonly version: string; readonly semver: SemVer }[] = [];
  for (const version of new Set(versions)) {
    const semver = findSemver(version);
    if (semver !== undefined) parsed.push({ version, semver });
  }
  parsed.sort((left, right) => left.semver.compare(right.semver) || left.semver.compareBuild(right.semver));
  const semvers = parsed.map(({ semver }) => semver);
  const isRelease = semvers.map(({ prerelease }) => prerelease.length === 0);
  const prereleases = [...isRelease.keys()].filter((rank) => isRelease[rank] === false);
  const ranks = new Map(parsed.map(({ version }, rank) => [version, rank]));
  return {
    versions: parsed.map(({ version }) => version),
    isRelease,
    rankOf: (version) => ranks.get(version) ?? findEqualRank(semvers, version),
    rankFrom: (version) => findRankFrom(semvers, version),
    accept: (range) => acceptRange(semvers, prereleases, range),
  };
}

/** Undefined for what semver cannot read, even loosely. */
export function findSemver(version: string): SemVer | undefined {
  try {
    return new SemVer(version, { loose: true });
  } catch {
    return undefined;
  }
}

/** Undefined for what semver cannot read, even loosely. */
export function findRange(range: string): Range | undefined {
  try {
    return new Range(range, { loose: true });
  } catch {
    return undefined;
  }
}

/** A lockfile may spell a loose version in another way than the registry does. */
function findEqualRank(semvers: readonly SemVer[], version: string): number | undefined {
  const wanted = findSemver(version);
  const rank = findRankFrom(semvers, version);
  return wanted !== undefined && semvers[rank]?.compare(wanted) === 0 ? rank : undefined;
}

function findRankFrom(semvers: readonly SemVer[], version: string): number {
  const wanted = findSemver(version);
  return wanted === undefined ? 0 : findFirst(semvers, (semver) => semver.compare(wanted) >= 0);
}

function acceptRange(semvers: readonly SemVer[], prereleases: readonly number[], { set }: Range): Ranks {
  const accepted: Ranks = new Uint8Array(semvers.length);
  const intervals = set.map((comparators) => ({ comparators, ...findInterval(semvers, comparators) }));
  for (const { from, to } of intervals) accepted.fill(1, from, to);
  for (const rank of prereleases) {
    const semver = semvers[rank];
    if (accepted[rank] === 0 || semver === undefined) continue;
    const isTaken = intervals.some(
      ({ from, to, comparators }) => rank >= from && rank < to && names(comparators, semver),
    );
    accepted[rank] = Number(isTaken);
  }
  return accepted;
}

type Comparators = Range['set'][number];

function findInterval(semvers: readonly SemVer[], comparators: Comparators): { from: number; to: number } {
  let from = 0;
  let to = semvers.length;
  for (const { operator, semver: limit, value } of comparators) {
    // semver writes "any version" as an empty comparator without a version.
    if (value === '') continue;
    const first = findFirst(semvers, (semver) => semver.compare(limit) >= 0);
    const above =
      operator === '<' || operator === '>=' ? first : findFirst(semvers, (semver) => semver.compare(limit) > 0);
    if (operator === '>' || operator === '>=') from = Math.max(from, above);
    else if (operator === '<' || operator === '<=') to = Math.min(to, above);
    else [from, to] = [Math.max(from, first), Math.min(to, above)];
  }
  return { from, to };
}

/** npm's rule for prereleases: one of the comparators has to be a prerelease of the very same version. */
function names(comparators: Comparators, prerelease: SemVer): boolean {
  return comparators.some(
    ({ value, semver }) => value !== '' && semver.prerelease.length > 0 && semver.compareMain(prerelease) === 0,
  );
}

/** The first rank at which the condition holds; it has to hold for all that follow. */
function findFirst(semvers: readonly SemVer[], holds: (semver: SemVer) => boolean): number {
  let low = 0;
  let high = semvers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const semver = semvers[middle];
    if (semver !== undefined && holds(semver)) high = middle;
    else low = middle + 1;
  }
  return low;
}
