/** Which of several versions stands next to one: the best one to compare it with. */
import SemVer from 'semver/classes/semver.js';

/** The highest one below it, else the lowest one above it. What is no version comes last. */
export function findNearest(version: string, candidates: readonly string[]): string | undefined {
  const [first] = candidates;
  if (candidates.length < 2 || first === undefined) return first;
  const wanted = findSemver(version);
  const sorted = candidates
    .map((candidate) => ({ candidate, semver: findSemver(candidate) }))
    .sort((left, right) => compare(left.semver, right.semver));
  if (wanted === undefined) return sorted.at(-1)?.candidate;
  const below = sorted.findLast(({ semver }) => semver !== undefined && semver.compare(wanted) <= 0);
  return (below ?? sorted.find(({ semver }) => semver !== undefined) ?? sorted[0])?.candidate;
}

export function isBelow(version: string, other: string): boolean {
  const [left, right] = [findSemver(version), findSemver(other)];
  return left !== undefined && right !== undefined && left.compare(right) < 0;
}

function compare(left: SemVer | undefined, right: SemVer | undefined): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  return left.compare(right) || left.compareBuild(right);
}

/** Loosely, as registries hold them. */
function findSemver(version: string): SemVer | undefined {
  try {
    return new SemVer(version, { loose: true });
  } catch {
    return undefined;
  }
}
