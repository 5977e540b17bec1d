/**
 * A package's registry document, parsed to the little we read of it. Attacker-controlled.
 * Versions are parsed when asked for: the largest packuments hold thousands.
 */
import SemVer from 'semver/classes/semver.js';
import type { PublishTimes, VersionHistory } from '../model/change.ts';
import { type Fact, known, missing } from '../model/fact.ts';
import type { PublishedRelease } from '../model/lock-change.ts';
import { isRecord, type Manifest, parseManifest } from '../model/manifest.ts';
import { type ClaimedDigest, parseIntegrity, parseShasum } from './integrity.ts';
import { servesEverything } from './packument-projection.ts';
import { type DatedVersion, findPublishTimes } from './publish-times.ts';
import { type ReleaseOrigin, readReleaseOrigin } from './read-release-origin.ts';

export interface Packument {
  readonly name: string;
  /** The registry that served it, without credentials. */
  readonly registry: string;
  readonly history: VersionHistory;
  readonly publishTimes: Fact<PublishTimes>;
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

export interface Dist {
  /** As the registry writes it; not yet known to be a URL that may be asked. */
  readonly tarball: string | undefined;
  /** Every digest claimed. From `integrity`; from `shasum` where that is all there is; empty where there is nothing. */
  readonly claims: readonly ClaimedDigest[];
}

/** Scripts that npm runs when it installs a package from a registry. */
const installEvents = ['preinstall', 'install', 'postinstall'];
/** What npm copies into a lockfile besides what a release has by name. */
const lockFields = ['engines', 'funding', 'libc', 'license', 'deprecated', 'bundleDependencies'];

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

export function parsePackument(document: unknown, name: string, registry: string): Packument {
  if (!isRecord(document)) throw new PackumentError('malformed', 'is JSON, but no object');
  const entries = readVersions(document);
  // Mirrors may leave the name out, but not name another package.
  if (document['name'] !== undefined && document['name'] !== name)
    throw new PackumentError('malformed', 'is about another package');
  const versions = sortVersions([...entries.keys()]);
  const isFull = servesEverything(document);
  return {
    name,
    registry,
    history: { versions: versions.map(({ version }) => version), distTags: readDistTags(document['dist-tags']) },
    publishTimes: findPublishTimes(document['time'], versions),
    findManifest: (version) => (entries.has(version) ? parseManifest(entries.get(version)) : undefined),
    findDist: (version) => (entries.has(version) ? readDist(entries.get(version)) : undefined),
    findRelease: (version) =>
      entries.has(version) ? readRelease(entries.get(version), { name, version, isFull }) : undefined,
    findDeprecation: (version) => readDeprecation(entries.get(version), `${name}@${version}`, isFull),
    findOrigin: (version) => (entries.has(version) ? readReleaseOrigin(entries.get(version)) : undefined),
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

function readDist(entry: unknown): Dist {
  const dist = isRecord(entry) && isRecord(entry['dist']) ? entry['dist'] : {};
  const { tarball, integrity, shasum } = dist;
  const claims = typeof integrity === 'string' ? parseIntegrity(integrity) : [];
  return {
    tarball: typeof tarball === 'string' ? tarball : undefined,
    claims: claims.length === 0 && typeof shasum === 'string' ? parseShasum(shasum) : claims,
  };
}

interface ReleaseContext {
  readonly name: string;
  readonly version: string;
  readonly isFull: boolean;
}

function readRelease(entry: unknown, { name, version, isFull }: ReleaseContext): PublishedRelease {
  const fields = isRecord(entry) ? entry : {};
  const manifest = parseManifest({ ...fields, name });
  const { tarball, claims } = readDist(entry);
  // npm publishes optional dependencies among the others as well, and reads them as optional only.
  const required = Object.entries(manifest.dependencies).filter(
    ([key]) => !Object.hasOwn(manifest.optionalDependencies, key),
  );
  return {
    name,
    version,
    tarball,
    integrity: claims.flatMap(({ algorithm, digests }) => digests.map((digest) => `${algorithm}-${digest}`)),
    dependencies: Object.fromEntries(required),
    optionalDependencies: manifest.optionalDependencies,
    peerDependencies: manifest.peerDependencies,
    optionalPeers: readOptionalPeers(fields['peerDependenciesMeta']),
    bin: manifest.bin,
    os: manifest.os,
    cpu: manifest.cpu,
    hasInstallScript: findInstallScript(fields, manifest, isFull),
    lockFields: Object.fromEntries(
      lockFields.flatMap((field) => (fields[field] === undefined ? [] : [[field, fields[field]]])),
    ),
  };
}

function readOptionalPeers(meta: unknown): readonly string[] {
  if (!isRecord(meta)) return [];
  return Object.entries(meta).flatMap(([name, peer]) => (isRecord(peer) && peer['optional'] === true ? [name] : []));
}

/** The scripts tell, where they are there. A mirror that left them out left this out, too. */
function findInstallScript(
  fields: Readonly<Record<string, unknown>>,
  { scripts, gypfile }: Manifest,
  isFull: boolean,
): boolean | undefined {
  if (fields['hasInstallScript'] === true || gypfile === true) return true;
  if (installEvents.some((event) => Object.hasOwn(scripts, event))) return true;
  return isFull || isRecord(fields['scripts']) || fields['hasInstallScript'] === false ? false : undefined;
}

/** An empty message, or `false`, is how npm takes a deprecation back. */
function readDeprecation(entry: unknown, about: string, isFull: boolean): Fact<string | null> {
  if (entry === undefined) return missing('not-found', `The registry has no ${about}.`);
  const message = isRecord(entry) ? entry['deprecated'] : undefined;
  if (typeof message === 'string' && message !== '') return known(message);
  if (message === true) return known('');
  if (isFull || message !== undefined) return known(null);
  return missing(
    'not-served',
    'The registry leaves out what npm tells besides a version: nobody knows what is deprecated.',
  );
}
