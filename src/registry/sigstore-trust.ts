/**
 * Whom Sigstore trusts: the certificate authorities, logs and clocks that its client ships with, and, where those do not
 * explain a signature, the current ones from Sigstore's own repository (TUF), kept in npm's cache as npm keeps them.
 */
import shippedTargets from '@sigstore/tuf/seeds.json' with { type: 'json' };
import { type Fact, known, missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';
import type { NpmConfig } from './load-npm-config.ts';
import { parseKey, type RegistryKey } from './registry-keys.ts';

export interface SigstoreTrust {
  /** A trusted root as JSON; undefined when the client came without one. */
  readonly shipped: unknown;
  /** The current one. Asked at most once a run, and only about a signature that the shipped one does not explain. */
  loadCurrent(): Promise<Fact<unknown>>;
  /** The keys that npm's own registry signs with, as Sigstore distributes them. */
  readonly keys: readonly RegistryKey[];
}

const rootName = 'trusted_root.json';
const keysName = /%2Fkeys\.json$/i;

export function createSigstoreTrust(config: NpmConfig): SigstoreTrust {
  const targets = readTargets(shippedTargets);
  let current: Promise<Fact<unknown>> | undefined;
  return {
    shipped: targets.get(rootName),
    keys: [...targets].flatMap(([name, target]) => (keysName.test(name) ? readKeys(target) : [])),
    loadCurrent: () => {
      current ??= loadCurrentRoot(config);
      return current;
    },
  };
}

async function loadCurrentRoot({ offline, flat }: NpmConfig): Promise<Fact<unknown>> {
  const about = 'whom Sigstore trusts today';
  if (offline) return missing('offline', `Offline, nobody is asked ${about}.`);
  const [{ getTrustedRoot }, { TrustedRoot }] = await Promise.all([
    import('@sigstore/tuf'),
    import('@sigstore/protobuf-specs'),
  ]);
  try {
    const cachePath = flat['tufCache'];
    const root = await getTrustedRoot({ ...(typeof cachePath === 'string' ? { cachePath } : {}), forceCache: true });
    return known(TrustedRoot.toJSON(root));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return missing('unreachable', `Sigstore could not be asked ${about}: ${reason}.`);
  }
}

/** By name, what the client ships: for each repository a table of base64 texts. */
function readTargets(seeds: unknown): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const seed of Object.values(isRecord(seeds) ? seeds : {})) {
    const targets = isRecord(seed) && isRecord(seed['targets']) ? seed['targets'] : {};
    for (const [name, text] of Object.entries(targets)) {
      if (typeof text === 'string') found.set(name, JSON.parse(Buffer.from(text, 'base64').toString('utf8')));
    }
  }
  return found;
}

/** A key is listed once for each use, with the same id and the same end. */
function readKeys(target: unknown): readonly RegistryKey[] {
  const entries = isRecord(target) && Array.isArray(target['keys']) ? target['keys'] : [];
  return entries.flatMap((entry: unknown) => {
    const { keyId, publicKey } = isRecord(entry) ? entry : {};
    const { rawBytes, validFor } = isRecord(publicKey) ? publicKey : {};
    if (typeof keyId !== 'string' || typeof rawBytes !== 'string') return [];
    const expires = isRecord(validFor) ? validFor['end'] : undefined;
    return parseKey({ keyid: keyId, der: rawBytes, expires }) ?? [];
  });
}
