/** Which versions an advisory means, as npm's audit reads its range: loosely, and prereleases like any other version. */
import Range from 'semver/classes/range.js';
import { findSemver, prepareVersions } from './prepare-versions.ts';

/** A range that cannot be read holds for every version: an advisory is not lifted by a slip of its author. */
export function isVulnerable(version: string, vulnerableVersions: string): boolean {
  const semver = findSemver(version);
  const range = findAdvisoryRange(vulnerableVersions);
  return semver === undefined || range === undefined || range.test(semver);
}

/** The lowest version above `from` for which none of the ranges holds; no prerelease, unless `from` is one. */
export function findFirstFixed(
  from: string,
  versions: readonly string[],
  vulnerableVersions: readonly string[],
): string | undefined {
  const prepared = prepareVersions(versions);
  const base = findSemver(from);
  if (base === undefined) return undefined;
  return prepared.versions.find(
    (version, rank) =>
      (prepared.isRelease[rank] === true || base.prerelease.length > 0) &&
      base.compare(version) < 0 &&
      !vulnerableVersions.some((range) => isVulnerable(version, range)),
  );
}

function findAdvisoryRange(range: string): Range | undefined {
  try {
    return new Range(range, { loose: true, includePrerelease: true });
  } catch {
    return undefined;
  }
}
