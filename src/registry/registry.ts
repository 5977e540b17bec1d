/**
 * The one way to a registry: packuments and tarballs, cached, checked, and parsed.
 * What cannot be had is a missing fact with a sentence. Only a configuration that cannot be followed throws.
 * A Registry remembers the packuments of one run: make a new one for the next question.
 */
import type { IntegrityRecord } from '../model/change.ts';
import { type Fact, known } from '../model/fact.ts';
import { createHttpClient, type HttpLimits } from './http-client.ts';
import type { NpmConfig } from './load-npm-config.ts';
import { holdsAll, type LoadedPackument, loadPackument as loadAnyPackument } from './load-packument.ts';
import { loadTarball as loadPublishedTarball, type Tarball } from './load-tarball.ts';
import { openNpmCache } from './npm-cache.ts';
import type { Packument } from './packument.ts';

export type { Tarball } from './load-tarball.ts';

export interface Registry {
  /**
   * With `containing`, a cached packument that has these versions is taken as it is, without asking the registry:
   * what is published under a version does not change. Without it, the registry is asked what is new.
   */
  loadPackument(name: string, options?: PackumentOptions): Promise<Fact<Packument>>;
  /** Bytes that do not match what was claimed are returned all the same, with a record that says so. */
  loadTarball(name: string, version: string, options?: TarballOptions): Promise<Fact<Tarball>>;
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
  readonly limits?: Partial<RegistryLimits>;
}

export interface RegistryLimits extends HttpLimits {
  readonly maxPackumentBytes: number;
  readonly maxTarballBytes: number;
}

const defaultLimits = {
  maxConcurrent: 8,
  idleMs: 30_000,
  maxRetryAfterMs: 60_000,
  maxPackumentBytes: 64_000_000,
  maxTarballBytes: 256_000_000,
};

/** The largest packuments take 100 MB of memory: a few are kept, for the tarballs that are asked for next. */
const maxHeldPackuments = 16;

export function createRegistry(config: NpmConfig, options: RegistryOptions = {}): Registry {
  const limits = { ...defaultLimits, ...config.attempts, ...options.limits };
  const cache = openNpmCache(config.cacheFolder, options.warn ?? (() => {}));
  const parts = { config, limits, cache, http: createHttpClient(config, limits) };
  const loadPackument = rememberPackuments((name, containing) => loadAnyPackument(name, containing, parts));
  return {
    loadPackument: (name, { containing = [] } = {}) => loadPackument(name, containing),
    loadTarball: async (name, version, { side = 'after', integrity } = {}) => {
      const packument = await loadPackument(name, [version]);
      if (!packument.known) return packument;
      return loadPublishedTarball(packument.value, { version, side, integrity }, parts);
    },
  };
}

type Load<T> = (name: string, containing: readonly string[]) => Promise<Fact<T>>;

/** Asks for the same packument only once, however many ask at the same time. Failures are not remembered. */
function rememberPackuments(load: Load<LoadedPackument>): Load<Packument> {
  const held = new Map<string, Promise<Fact<LoadedPackument>>>();
  const forget = (name: string, pending: unknown) => {
    if (held.get(name) === pending) held.delete(name);
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
    for (const oldest of held.keys()) if (held.size > maxHeldPackuments) held.delete(oldest);
    const fact = await pending;
    if (!fact.known) forget(name, pending);
    return fact.known ? known(fact.value.packument) : fact;
  };
}
