/** What one version's entry in a packument says of its release. Attacker-controlled; any field may be missing or odd. */
import { type Fact, known, missing } from '../model/fact.ts';
import type { PublishedRelease } from '../model/lock-change.ts';
import { isRecord, type Manifest, parseManifest } from '../model/manifest.ts';
import { type ClaimedDigest, parseIntegrity, parseShasum } from './integrity.ts';

export interface Dist {
  /** As the registry writes it; not yet known to be a URL that may be asked. */
  readonly tarball: string | undefined;
  /** Every digest claimed. From `integrity`; from `shasum` where that is all there is; empty where there is nothing. */
  readonly claims: readonly ClaimedDigest[];
}

export interface ReleaseContext {
  readonly name: string;
  readonly version: string;
  readonly isFull: boolean;
}

/** Scripts that npm runs when it installs a package from a registry. */
const installEvents = ['preinstall', 'install', 'postinstall'];
/** What npm copies into a lockfile besides what a release has by name. */
const lockFields = ['engines', 'funding', 'libc', 'license', 'deprecated', 'bundleDependencies'];

export function readRelease(entry: unknown, { name, version, isFull }: ReleaseContext): PublishedRelease {
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
    bundled: manifest.bundledDependencies,
    bin: manifest.bin,
    os: manifest.os,
    cpu: manifest.cpu,
    hasInstallScript: findInstallScript(fields, manifest, isFull),
    hasShrinkwrap: typeof fields['_hasShrinkwrap'] === 'boolean' ? fields['_hasShrinkwrap'] : undefined,
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

/**
 * An empty message, or `false`, is how npm takes a deprecation back.
 * @param isFull Whether the registry tells what mirrors leave out.
 */
export function readDeprecation(deprecated: unknown, isFull: boolean): Fact<string | null> {
  if (typeof deprecated === 'string' && deprecated !== '') return known(deprecated);
  if (deprecated === true) return known('');
  if (isFull || deprecated !== undefined) return known(null);
  return missing(
    'not-served',
    'The registry leaves out what npm tells besides a version: nobody knows what is deprecated.',
  );
}

export function readDist(entry: unknown): Dist {
  const dist = isRecord(entry) && isRecord(entry['dist']) ? entry['dist'] : {};
  const { tarball, integrity, shasum } = dist;
  const claims = typeof integrity === 'string' ? parseIntegrity(integrity) : [];
  return {
    tarball: typeof tarball === 'string' ? tarball : undefined,
    claims: claims.length === 0 && typeof shasum === 'string' ? parseShasum(shasum) : claims,
  };
}
