/**
 * The one way to a registry: packuments, tarballs and advisories, cached, checked, and parsed.
 * What cannot be had is a missing fact with a sentence. Only a configuration that cannot be followed throws.
 * A Registry remembers the packuments of one run: make a new one for the next question.
 */
import { createHash } from 'node:crypto';
import type { IntegrityRecord } from '../model/change.ts';
import { type Fact, known } from '../model/fact.ts';
import { compareWithEarlier } from './compare-with-earlier.ts';
import { createHttpClient, type HttpLimits } from './http-client.ts';
import { type AdvisoriesByName, loadAdvisories } from './load-advisories.ts';
import { findRegistryOf, listRegistryHosts, type NpmConfig, withoutCredentials } from './load-npm-config.ts';
import {
  holdsAll,
  type LoadedPackument,
  loadPackument as loadAnyPackument,
  type RegistryMemory,
  type RegistryParts,
} from './load-packument.ts';
import { loadSignedRelease, type SignedRelease, type SigningParts } from './load-signed-release.ts';
import { loadTarball as loadPublishedTarball, type Tarball } from './load-tarball.ts';
import { openNpmCache } from './npm-cache.ts';
import type { Packument } from './packument.ts';
import { createKeyring } from './registry-keys.ts';
import type { SigstoreTrust } from './sigstore-trust.ts';

export type { SignedRelease } from './load-signed-release.ts';
export type { Tarball } from './load-tarball.ts';

export interface Registry {
  /**
   * With `containing`, a cached packument that has these versions is taken as it is, without asking the registry:
   * what is published under a version does not change. Without it, the registry is asked what is new.
   */
  loadPackument(name: string, options?: PackumentOptions): Promise<Fact<Packument>>;
  /** Bytes that do not match what was claimed are returned all the same, with a record that says so. */
  loadTarball(name: string, version: string, options?: TarballOptions): Promise<Fact<Tarball>>;
  /**
   * What is known against packages, by name: for each that was asked about, the advisories that hold for any of the
   * versions. Each name has a fact of its own, because each registry answers, or fails to, for its own names.
   */
  loadAdvisories(packages: ReadonlyMap<string, readonly string[]>): Promise<AdvisoriesByName>;
  /** Who vouches for a version: its signatures, checked, and what its provenance says. */
  loadSignedRelease(name: string, version: string): Promise<SignedRelease>;
  /** The address of the registry that a package comes from, without credentials. */
  addressOf(name: string): string;
  /** Hosts of all registries that npm's configuration names. */
  readonly hosts: readonly string[];
  /** Digest of npm's whole configuration; undefined where it wants the registry asked each time. */
  readonly configuration: string | undefined;
}

export interface PackumentOptions {
  readonly containing?: readonly string[];
}

export interface TarballOptions {
  /** Which side of the change it is, for the records. Defaults to `after`. */
  readonly side?: IntegrityRecord['side'];
  /** The caller's own SRI string: the lockfile's, or the command line's. */
  readonly integrity?: string | undefined;
}

export interface RegistryOptions {
  /** Told at most once that the cache cannot be written. */
  readonly warn?: (sentence: string) => void;
  /** What is remembered between runs of packuments, and of the bytes of releases; default: nothing besides npm's cache. */
  readonly memory?: RegistryMemory | undefined;
  /** Whom to trust with signatures; default: what Sigstore's client ships, and what Sigstore says today. */
  readonly trust?: SigstoreTrust | undefined;
  readonly limits?: Partial<RegistryLimits>;
  /** Hosts besides the registries that these may redirect to; undefined: any, as npm does. */
  readonly redirectHosts?: readonly string[] | undefined;
}

export interface RegistryLimits extends HttpLimits {
  readonly maxPackumentBytes: number;
  readonly maxTarballBytes: number;
  readonly maxAdvisoryBytes: number;
  /** Packuments that are kept at hand, by the size of their texts. */
  readonly maxHeldBytes: number;
}

const defaultLimits = {
  maxConcurrent: 8,
  idleMs: 30_000,
  maxRetryAfterMs: 60_000,
  maxPackumentBytes: 64_000_000,
  maxTarballBytes: 256_000_000,
  maxAdvisoryBytes: 16_000_000,
  // What stays in memory of a packument takes two thirds of its text.
  maxHeldBytes: 400_000_000,
};

export function createRegistry(config: NpmConfig, options: RegistryOptions = {}): Registry {
  const own = options.redirectHosts && [...listRegistryHosts(config), ...options.redirectHosts];
  const limits = { ...defaultLimits, ...config.attempts, ...options.limits, redirectHosts: own };
  const cache = openNpmCache(config.cacheFolder, options.warn ?? (() => {}));
  const parts = { config, limits, cache, memory: options.memory, http: createHttpClient(config, limits) };
  const signing = { ...parts, ...createSigning(options.trust, parts) };
  const load: Load<LoadedPackument> = (name, containing) => loadAnyPackument(name, containing, parts);
  const loadPackument = holdPackuments(load, limits.maxHeldBytes);
  const addressOf = (name: string): string => withoutCredentials(findRegistryOf(name, config));
  return {
    hosts: listRegistryHosts(config),
    configuration: config.preferOnline ? undefined : digestConfig(config),
    addressOf,
    loadPackument: (name, { containing = [] } = {}) => loadPackument(name, containing),
    loadTarball: async (name, version, { side = 'after', integrity } = {}) => {
      const packument = await loadPackument(name, [version]);
      if (!packument.known) return packument;
      const tarball = await loadPublishedTarball(packument.value, { version, side, integrity }, parts);
      if (!tarball.known) return tarball;
      const source = { registry: addressOf(name), name, version };
      return known(await compareWithEarlier(tarball.value, source, { memory: options.memory, side }));
    },
    loadAdvisories: (packages) => loadAdvisories(packages, parts),
    loadSignedRelease: async (name, version) => {
      const packument = await loadPackument(name, [version]);
      if (!packument.known) return { signatures: packument, provenance: packument };
      return loadSignedRelease(packument.value, version, signing);
    },
  };
}

/** It holds credentials, too. */
function digestConfig({ flat }: NpmConfig): string {
  return createHash('sha256').update(JSON.stringify(flat)).digest('hex');
}

function createSigning(given: SigstoreTrust | undefined, parts: RegistryParts): SigningParts {
  let pending: Promise<SigstoreTrust> | undefined;
  const load = async () => given ?? (await import('./sigstore-trust.ts')).createSigstoreTrust(parts.config);
  const loadTrust = () => {
    pending ??= load();
    return pending;
  };
  return { loadTrust, keyring: createKeyring(async () => (await loadTrust()).keys, parts) };
}

type Load<T> = (name: string, containing: readonly string[]) => Promise<Fact<T>>;

/** Asks for the same packument only once, however many ask at the same time. Failures are not held. */
function holdPackuments(load: Load<LoadedPackument>, maxBytes: number): Load<Packument> {
  const held = new Map<string, Promise<Fact<LoadedPackument>>>();
  const sizes = new Map<string, number>();
  let bytes = 0;
  const forget = (name: string, pending: unknown) => {
    if (held.get(name) !== pending) return;
    held.delete(name);
    bytes -= sizes.get(name) ?? 0;
    sizes.delete(name);
  };
  const weigh = (name: string, pending: unknown, size: number) => {
    if (held.get(name) !== pending) return;
    sizes.set(name, size);
    bytes += size;
    for (const [oldest, its] of held) if (bytes > maxBytes && oldest !== name) forget(oldest, its);
  };
  return async (name, containing) => {
    for (let pending = held.get(name); pending !== undefined; pending = held.get(name)) {
      const fact = await pending;
      if (!fact.known) return fact;
      if (fact.value.fresh || holdsAll(fact.value.packument, containing)) return known(fact.value.packument);
      // It came from the cache and lacks a version: who notices first loads it anew, and the others wait for that.
      forget(name, pending);
    }
    const pending = load(name, containing);
    held.set(name, pending);
    const fact = await pending;
    if (fact.known) weigh(name, pending, fact.value.bytes);
    else forget(name, pending);
    return fact.known ? known(fact.value.packument) : fact;
  };
}
