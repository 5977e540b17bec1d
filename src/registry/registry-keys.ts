/**
 * The public keys that signatures name. First those that come with Sigstore's client, which Sluice ships: they hold
 * whoever serves the packument. Then those that the registry itself lists, which prove no more than that it is the same.
 */
import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Fact, known, missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';
import type { RegistryParts } from './load-packument.ts';

export interface RegistryKey {
  readonly keyid: string;
  readonly key: KeyObject;
  /** Milliseconds since 1970; undefined when it does not expire. */
  readonly expiresAt: number | undefined;
}

/** Finds a key by its id; undefined when everybody was asked and nobody lists it. */
export type FindKey = (keyid: string) => Promise<Fact<RegistryKey | undefined>>;

/** The same for any registry. */
export type Keyring = (registry: string, keyid: string) => ReturnType<FindKey>;

const maxBytes = 1_000_000;
const maxKeys = 100;

/** Asks a registry for its keys at most once, and only when somebody needs a key that is not at hand. */
export function createKeyring(loadShipped: () => Promise<readonly RegistryKey[]>, parts: RegistryParts): Keyring {
  const listed = new Map<string, Promise<Fact<readonly RegistryKey[]>>>();
  return async (registry, keyid) => {
    const own = (await loadShipped()).find((key) => key.keyid === keyid);
    if (own !== undefined) return known(own);
    const pending = listed.get(registry) ?? loadKeys(registry, parts);
    listed.set(registry, pending);
    const keys = await pending;
    return keys.known ? known(keys.value.find((key) => key.keyid === keyid)) : keys;
  };
}

async function loadKeys(registry: string, { config, http }: RegistryParts): Promise<Fact<readonly RegistryKey[]>> {
  const about = 'the keys that it signs with';
  const { host } = new URL(registry);
  if (config.offline) return missing('offline', `${host} cannot be asked for ${about}: offline nobody is asked.`);
  const answer = await http.get({
    url: `${registry}-/npm/v1/keys`,
    registry,
    about,
    headers: { accept: 'application/json' },
    maxBytes,
  });
  if (!answer.known) return answer.why === 'not-found' ? missing('not-served', answer.detail) : answer;
  const keys = findKeys(answer.value.bytes);
  if (keys === undefined) return missing('malformed', `What ${host} serves as ${about} is no list of keys.`);
  return keys.length === 0 ? missing('not-served', `${host} lists none of ${about}.`) : known(keys);
}

function findKeys(bytes: Uint8Array): readonly RegistryKey[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const entries = isRecord(document) ? document['keys'] : undefined;
  if (!Array.isArray(entries)) return undefined;
  return entries.slice(0, maxKeys).flatMap((entry) => {
    const { keyid, key, expires } = isRecord(entry) ? entry : {};
    if (typeof keyid !== 'string' || typeof key !== 'string') return [];
    return parseKey({ keyid, der: key, expires }) ?? [];
  });
}

/** Undefined for what is no key on the curve that npm signs with. */
export function parseKey(written: {
  readonly keyid: string;
  /** Base64. */
  readonly der: string;
  /** ISO 8601 instant, or nothing. */
  readonly expires: unknown;
}): RegistryKey | undefined {
  const { keyid, der, expires } = written;
  try {
    const key = createPublicKey({ key: Buffer.from(der, 'base64'), format: 'der', type: 'spki' });
    if (key.asymmetricKeyType !== 'ec') return undefined;
    const expiresAt = typeof expires === 'string' ? Date.parse(expires) : Number.NaN;
    return { keyid, key, expiresAt: Number.isNaN(expiresAt) ? undefined : expiresAt };
  } catch {
    return undefined;
  }
}
