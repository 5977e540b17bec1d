/** A question about a package or a version that does not exist has no verdict: it is a mistake, and said as one. */
import { distance } from 'fastest-levenshtein';
import { GuardError } from '../errors.ts';
import type { Fact } from '../model/fact.ts';
import type { Packument } from '../registry/packument.ts';

/** What could not be asked is no mistake: it passes, and the missing fact makes the verdict undecided. */
export function refuseUnknown(packument: Fact<Packument>, name: string, versions: readonly string[]): void {
  if (!packument.known) {
    if (packument.why === 'not-found') throw new GuardError('package-unknown', packument.detail);
    return;
  }
  const { history, registry, findDist } = packument.value;
  const unknown = versions.find((version) => findDist(version) === undefined);
  if (unknown === undefined) return;
  const nearest = findNearest(unknown, history.versions);
  const suggestion = nearest === undefined ? 'It has no versions at all.' : `Did you mean ${name}@${nearest}?`;
  const message = `${name} has no version ${unknown} at ${new URL(registry).host}. ${suggestion}`;
  throw new GuardError('version-unknown', message);
}

/** Of equally near ones the newest. */
function findNearest(version: string, versions: readonly string[]): string | undefined {
  const typed = version.slice(0, 100);
  let nearest: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of versions) {
    const edits = distance(typed, candidate.slice(0, 100));
    if (edits > least) continue;
    nearest = candidate;
    least = edits;
  }
  return nearest;
}
