/** The two halves of a version 2 file side by side: npm 7 and later read `packages`, npm 6 reads `dependencies`. */
import type { LockDisagreement } from '../model/lock-tree.ts';
import type { LockEntry } from './lock-entry.ts';
import type { LockText } from './lock-text.ts';

export function findDisagreements(
  packages: readonly LockEntry[],
  dependencies: readonly LockEntry[],
  lock: LockText,
): readonly LockDisagreement[] {
  const disagreements: LockDisagreement[] = [];
  const legacy = new Map(dependencies.map((entry) => [entry.location, entry]));
  const modern = new Set<string>();
  for (const entry of packages) {
    modern.add(entry.location);
    const other = legacy.get(entry.location);
    if (other !== undefined) disagreements.push(...compareEntries(entry, other, lock));
    else if (isInModules(entry)) {
      const line = lock.lineOf('packages', entry.place);
      disagreements.push({
        location: entry.location,
        field: 'entry',
        packages: nameEntry(entry),
        dependencies: undefined,
        line,
      });
    }
  }
  for (const entry of dependencies) {
    // npm writes an empty one for an optional package that it could not find; npm 6 takes nothing from it.
    if (modern.has(entry.location) || nameEntry(entry) === '') continue;
    const line = lock.lineOf('dependencies', entry.place);
    disagreements.push({
      location: entry.location,
      field: 'entry',
      packages: undefined,
      dependencies: nameEntry(entry),
      line,
    });
  }
  return disagreements;
}

/** The old half leaves the root out, and folders that nothing links to. */
function isInModules({ location }: LockEntry): boolean {
  return location.startsWith('node_modules/');
}

function nameEntry({ version, resolved, integrity }: LockEntry): string {
  return version ?? resolved ?? integrity ?? '';
}

/** What one half does not say, the other cannot contradict; an integrity is said by both or by none. */
function compareEntries(modern: LockEntry, old: LockEntry, lock: LockText): readonly LockDisagreement[] {
  if (modern.isLink !== old.isLink) return [describe('entry', nameEntry(modern), nameEntry(old))];
  const found: LockDisagreement[] = [];
  if (modern.version !== undefined && old.version !== undefined && modern.version !== old.version) {
    found.push(describe('version', modern.version, old.version));
  }
  if (modern.resolved !== undefined && old.resolved !== undefined && !isSameOrigin(modern.resolved, old.resolved)) {
    found.push(describe('resolved', modern.resolved, old.resolved));
  }
  if (modern.integrity !== old.integrity) found.push(describe('integrity', modern.integrity, old.integrity));
  return found;

  function describe(
    field: LockDisagreement['field'],
    packages: string | undefined,
    dependencies: string | undefined,
  ): LockDisagreement {
    return { location: modern.location, field, packages, dependencies, line: lock.lineOf('dependencies', old.place) };
  }
}

/** A repository's URL is written in more than one way; its commit is not. */
function isSameOrigin(modern: string, old: string): boolean {
  if (modern === old) return true;
  const [commit, oldCommit] = [modern, old].map((url) => /#([0-9a-f]{40,64})$/i.exec(url)?.[1]);
  return commit !== undefined && commit === oldCommit;
}
