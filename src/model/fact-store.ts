/**
 * What Sluice remembers between runs. The guard knows this interface only: behind it is a database, or nothing.
 * Memory is a convenience: who asks must do as well without it, so finding and saving never fail.
 */
import type { Approval } from './approval.ts';
import type { Verdict } from './verdict.ts';

export interface FactStore {
  /** @param key A digest of the question: whatever decides the verdict is part of it. */
  findVerdict(key: string): Promise<Verdict | undefined>;
  /** The same question again adds an answer: what was stored is never changed, and the newest is found. */
  saveVerdict(key: string, verdict: Verdict): Promise<void>;
  /** @param policy Digest of the policy under which they were given. */
  findApprovals(policy: string): Promise<readonly Approval[]>;
  findPackument(source: PackumentSource): Promise<RememberedPackument | undefined>;
  /** In place of what was remembered of it before. */
  savePackument(source: PackumentSource, packument: RememberedPackument): Promise<void>;
  /** With which bytes it was first read; undefined where it was not. */
  findRelease(source: ReleaseSource): Promise<ReadRelease | undefined>;
  /** Beside what was remembered of it before: the first stands. */
  saveRelease(source: ReleaseSource, release: ReadRelease): Promise<void>;
  /** Undefined where nothing outlives the process: what would not be asked for again need not be kept. */
  readonly behaviors: BehaviorStore | undefined;
  /** Undefined where nothing outlives the process: nobody asks it the same again. */
  readonly checks: CheckStore | undefined;
}

/** Whole checks of lockfiles, for a moment. */
export interface CheckStore {
  /** @param key A digest of the question: whatever decides the answer is part of it. */
  find(key: string): Promise<RememberedCheck | undefined>;
  /** In place of what was remembered under the key before. Those from before an instant are forgotten. */
  save(key: string, news: { readonly check: RememberedCheck; readonly forgetBefore: string }): Promise<void>;
}

export interface RememberedCheck {
  /** ISO 8601 instant of the question. */
  readonly asOf: string;
  /** As the guard packs it. */
  readonly answer: Uint8Array;
}

/** What single files do, by their contents. */
export interface BehaviorStore {
  /** Those that the same analysis has left, in no order. */
  find(analysis: string, contents: readonly string[]): Promise<readonly RememberedBehavior[]>;
  /** In place of what was remembered of the same contents before. */
  save(analysis: string, news: BehaviorNews): Promise<void>;
}

export interface RememberedBehavior {
  /** Digest and ending of a file, as the analysis names them. */
  readonly contents: string;
  /** As the guard packs it. */
  readonly summary: Uint8Array;
  /** The last day on which it was asked for: `2026-03-31`. */
  readonly usedOn: string;
}

export interface BehaviorNews {
  /** Today, UTC. */
  readonly day: string;
  readonly read: readonly Omit<RememberedBehavior, 'usedOn'>[];
  /** Contents of those that were found, and are of use today as well. */
  readonly usedAgain: readonly string[];
}

export interface PackumentSource {
  /** The registry's URL, without credentials. */
  readonly registry: string;
  readonly name: string;
}

export interface ReleaseSource extends PackumentSource {
  readonly version: string;
}

export interface ReadRelease {
  /** SRI of the very bytes. */
  readonly integrity: string;
  /** ISO 8601 instant. */
  readonly firstReadAt: string;
}

/** A packument with only the fields that are read. From a registry: attacker-controlled. */
export interface RememberedPackument {
  /** ISO 8601 instant at which the registry answered with it. */
  readonly fetchedAt: string;
  /** The registry's own name for this revision; undefined where it gives none. */
  readonly etag: string | undefined;
  /** JSON: what is read of the package as a whole. */
  readonly outline: string;
  /** The versions' entries, as the registry's part of Sluice packs and unpacks them. */
  readonly entries: Uint8Array;
}

/** Remembers as long as the process lives: for tests, and for those who want nothing on their disk. */
export function createMemoryStore(): FactStore {
  const verdicts = new Map<string, Verdict>();
  const packuments = new Map<string, RememberedPackument>();
  const releases = new Map<string, ReadRelease>();
  const keyOf = ({ registry, name }: PackumentSource) => `${registry} ${name}`;
  const keyOfRelease = (source: ReleaseSource) => `${keyOf(source)} ${source.version}`;
  return {
    findVerdict: async (key) => verdicts.get(key),
    saveVerdict: async (key, verdict) => {
      verdicts.set(key, verdict);
    },
    findApprovals: async () => [],
    findPackument: async (source) => packuments.get(keyOf(source)),
    savePackument: async (source, packument) => {
      packuments.set(keyOf(source), packument);
    },
    findRelease: async (source) => releases.get(keyOfRelease(source)),
    saveRelease: async (source, release) => {
      if (!releases.has(keyOfRelease(source))) releases.set(keyOfRelease(source), release);
    },
    behaviors: undefined,
    checks: undefined,
  };
}
