/** The list of attestations that the registry keeps for one version, as it is served. It does not change once it is there. */
import { type Fact, known, missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';
import type { RegistryParts } from './load-packument.ts';
import { claimsOf } from './npm-cache.ts';
import { escapeName } from './package-name.ts';
import type { Packument } from './packument.ts';

/** An entry's `bundle`, not yet known to be one. */
export type WrittenAttestation = unknown;

/** Real lists hold two of some 10 kB each. */
const maxBytes = 2_000_000;
const maxAttestations = 20;

export async function loadAttestations(
  { name, registry }: Packument,
  version: string,
  { config, cache, http }: RegistryParts,
): Promise<Fact<readonly WrittenAttestation[]>> {
  const about = `the attestations of ${name}@${version}`;
  // Not where the packument says: it could name any host.
  const url = `${registry}-/npm/v1/attestations/${escapeName(name)}@${encodeURIComponent(version)}`;
  const stored = config.preferOnline ? undefined : await cache.findAnswer(url, () => true);
  const kept = stored && (await cache.findContent(claimsOf(stored), maxBytes));
  const keptList = kept && findList(kept);
  if (keptList !== undefined) return known(keptList);
  if (config.offline) {
    return missing('offline', `npm's cache does not hold ${about}, and offline nobody else is asked.`);
  }
  const headers = { accept: 'application/json' };
  const answer = await http.get({ url, registry, about, headers, maxBytes });
  if (!answer.known) return answer;
  const { bytes } = answer.value;
  const list = findList(bytes);
  if (list === undefined) return missing('malformed', `What ${new URL(registry).host} serves as ${about} is no list.`);
  const answerHeaders = answer.value.headers;
  await cache.store({ url, bytes, requestHeaders: headers, answerHeaders, algorithm: 'sha512' });
  return known(list);
}

function findList(bytes: Uint8Array): readonly WrittenAttestation[] | undefined {
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const entries = isRecord(document) ? document['attestations'] : undefined;
  if (!Array.isArray(entries)) return undefined;
  return entries.slice(0, maxAttestations).map((entry: unknown) => (isRecord(entry) ? entry['bundle'] : undefined));
}
