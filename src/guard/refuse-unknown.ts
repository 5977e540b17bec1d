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
  const tagged = history.distTags['latest'] ?? '';
  const latest = history.versions.includes(tagged) ? tagged : history.versions.at(-1);
  const newest = latest === undefined ? 'It has no versions at all.' : `Its latest is ${latest}.`;
  const suggestion = nearest === undefined ? newest : `Did you mean ${name}@${nearest}?`;
  const message = `${name} has no version ${unknown} at ${new URL(registry).host}. ${suggestion}`;
  throw new GuardError('version-unknown', message);
}

/** So many slips of a finger; more is another version, and no slip. */
const maxEdits = 1;

/** Of equally near ones the newest. Undefined when none is near. */
function findNearest(version: string, versions: readonly string[]): string | undefined {
  const typed = version.slice(0, 100);
  let nearest: string | undefined;
  let least = maxEdits;
  for (const candidate of versions) {
    const edits = distance(typed, candidate.slice(0, 100));
    if (edits > least) continue;
    nearest = candidate;
    least = edits;
  }
  return nearest;
}
