/**
 * What is kept of a packument: the same document with only the fields that somebody reads.
 */
import { isRecord } from '../model/manifest.ts';

/** What a Manifest, a release, its origin, a deprecation or a lockfile's entry is read from. */
const versionFields = [
  'name',
  'version',
  'type',
  'main',
  'module',
  'browser',
  'exports',
  'bin',
  'scripts',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'bundledDependencies',
  'os',
  'cpu',
  'libc',
  'engines',
  'funding',
  'license',
  'gypfile',
  'repository',
  'hasInstallScript',
  '_hasShrinkwrap',
  'deprecated',
  'maintainers',
  '_npmUser',
] as const;
const distFields = ['tarball', 'integrity', 'shasum', 'signatures', 'attestations'] as const;

/** @param document A packument, not yet known to be one. */
export function projectPackument(document: unknown): unknown {
  if (!isRecord(document)) return document;
  const { versions } = document;
  return {
    ...pick(document, ['name', 'dist-tags', 'time']),
    ...(servesEverything(document) ? { servesEverything: true } : {}),
    ...(isRecord(versions)
      ? { versions: Object.fromEntries(Object.entries(versions).map(([version, entry]) => [version, project(entry)])) }
      : pick(document, ['versions'])),
  };
}

/**
 * Whether the registry tells all that npm's own does. A mirror that leaves out who maintains and who published
 * a package leaves out deprecations, too: there an absent message means nothing.
 */
export function servesEverything(document: Readonly<Record<string, unknown>>): boolean {
  if (document['servesEverything'] === true || Array.isArray(document['maintainers'])) return true;
  const { versions } = document;
  if (!isRecord(versions)) return false;
  return Object.values(versions).some(
    (entry) => isRecord(entry) && (isRecord(entry['_npmUser']) || typeof entry['deprecated'] === 'string'),
  );
}

/** Undefined where the entry does not say. */
export function findDeprecated(entry: unknown): unknown {
  return isRecord(entry) ? entry['deprecated'] : undefined;
}

function project(entry: unknown): unknown {
  if (!isRecord(entry)) return null;
  const { dist } = entry;
  return { ...pick(entry, versionFields), ...(isRecord(dist) ? { dist: pick(dist, distFields) } : {}) };
}

function pick(fields: Readonly<Record<string, unknown>>, names: readonly string[]): Record<string, unknown> {
  const picked: Record<string, unknown> = {};
  for (const name of names) if (Object.hasOwn(fields, name)) picked[name] = fields[name];
  return picked;
}
