/**
 * A package's registry document, parsed to the little we read of it. Attacker-controlled.
 * Versions are parsed when asked for: the largest packuments hold thousands.
 */
import SemVer from 'semver/classes/semver.js';
import type { PublishTimes, VersionHistory } from '../model/change.ts';
import { type Fact, missing } from '../model/fact.ts';
import type { PublishedRelease } from '../model/lock-change.ts';
import { isRecord, type Manifest, parseManifest } from '../model/manifest.ts';
import { findDeprecated, servesEverything } from './packument-projection.ts';
import { type DatedVersion, findPublishTimes } from './publish-times.ts';
import { type Dist, readDeprecation, readDist, readRelease } from './read-release.ts';
import { type ReleaseOrigin, readReleaseOrigin } from './read-release-origin.ts';

export interface Packument {
  readonly name: string;
  /** The registry that served it, without credentials. */
  readonly registry: string;
  readonly history: VersionHistory;
  readonly publishTimes: Fact<PublishTimes>;
  has(version: string): boolean;
  /** Undefined when there is no such version. */
  findManifest(version: string): Manifest | undefined;
  /** Undefined when there is no such version. */
  findDist(version: string): Dist | undefined;
  /** Undefined when there is no such version. */
  findRelease(version: string): PublishedRelease | undefined;
  /** The message; null when the version is not deprecated. */
  findDeprecation(version: string): Fact<string | null>;
  /** Undefined when there is no such version. */
  findOrigin(version: string): ReleaseOrigin | undefined;
  /** Whether attestations of any version are told of: then a version without has none. */
  tellsAttestations(): boolean;
}

/** More than thirty times what any package has today. */
const maxVersions = 100_000;

/** Why a document is no packument of the package asked for. */
export class PackumentError extends Error {
  readonly why: 'malformed' | 'not-found' | 'too-large';

  constructor(why: PackumentError['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** The versions' entries, each read when it is asked for. */
export type VersionEntries = Pick<ReadonlyMap<string, unknown>, 'get' | 'has' | 'keys' | 'values'>;

export interface PackumentParts {
  readonly name: string;
  readonly registry: string;
  readonly distTags: unknown;
  readonly time: unknown;
  /** Whether the registry tells what mirrors leave out. */
  readonly isFull: boolean;
  readonly entries: VersionEntries;
  /** `deprecated` by version: selection asks about all of them. */
  readonly deprecated: Pick<ReadonlyMap<string, unknown>, 'get'>;
}

export function parsePackument(document: unknown, name: string, registry: string): Packument {
  if (!isRecord(document)) throw new PackumentError('malformed', 'is JSON, but no object');
  const entries = readVersions(document);
  // Mirrors may leave the name out, but not name another package.
  if (document['name'] !== undefined && document['name'] !== name)
    throw new PackumentError('malformed', 'is about another package');
  return assemblePackument({
    name,
    registry,
    distTags: document['dist-tags'],
    time: document['time'],
    isFull: servesEverything(document),
    entries,
    deprecated: { get: (version) => findDeprecated(entries.get(version)) },
  });
}

export function assemblePackument(parts: PackumentParts): Packument {
  const { name, registry, distTags, time, isFull, entries, deprecated } = parts;
  const versions = sortVersions([...entries.keys()]);
  const read = <T>(version: string, reader: (entry: unknown) => T): T | undefined =>
    entries.has(version) ? reader(entries.get(version)) : undefined;
  return {
    name,
    registry,
    history: { versions: versions.map(({ version }) => version), distTags: readDistTags(distTags) },
    publishTimes: findPublishTimes(time, versions),
    has: (version) => entries.has(version),
    findManifest: (version) => read(version, parseManifest),
    findDist: (version) => read(version, readDist),
    findRelease: (version) => read(version, (entry) => readRelease(entry, { name, version, isFull })),
    findDeprecation: (version) =>
      entries.has(version)
        ? readDeprecation(deprecated.get(version), isFull)
        : missing('not-found', `The registry has no ${name}@${version}.`),
    findOrigin: (version) => read(version, readReleaseOrigin),
    tellsAttestations: () => [...entries.values()].some((entry) => readReleaseOrigin(entry).hasAttestations),
  };
}

/** A Map, so that a version named `__proto__` is a version like any other. */
function readVersions(document: Readonly<Record<string, unknown>>): ReadonlyMap<string, unknown> {
  const { versions, time } = document;
  if (isRecord(versions)) {
    const entries = Object.entries(versions);
    if (entries.length <= maxVersions) return new Map(entries);
    throw new PackumentError('too-large', `lists ${entries.length} versions, more than are read`);
  }
  // An unpublished package keeps its document and loses its versions.
  if (versions === undefined && isRecord(time) && time['unpublished'] !== undefined) {
    throw new PackumentError('not-found', 'says that the package was unpublished');
  }
  throw new PackumentError('malformed', 'has no list of versions');
}

/** What semver cannot read even loosely cannot be installed, and stays out. */
function sortVersions(versions: readonly string[]): readonly DatedVersion[] {
  const parsed: DatedVersion[] = [];
  for (const version of versions) {
    const semver = findSemver(version);
    if (semver !== undefined) parsed.push({ version, semver });
  }
  return parsed.sort((left, right) => left.semver.compare(right.semver) || left.semver.compareBuild(right.semver));
}

function findSemver(version: string): SemVer | undefined {
  try {
    return new SemVer(version, { loose: true });
  } catch {
    return undefined;
  }
}

function readDistTags(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
