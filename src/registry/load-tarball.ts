/** A published version's tarball: from npm's cache by digest, or from the registry, checked against every claim. */
import type { IntegrityRecord } from '../model/change.ts';
import { type Fact, known, missing } from '../model/fact.ts';
import { type ClaimedDigest, checkIntegrity, digestOf, parseIntegrity } from './integrity.ts';
import type { RegistryParts } from './load-packument.ts';
import type { Packument } from './packument.ts';
import type { Dist } from './read-release.ts';
import { resolveTarballUrl } from './tarball-url.ts';

export interface Tarball {
  readonly bytes: Uint8Array;
  /** SRI (`sha512-…`) of the bytes. */
  readonly digest: string;
  /** One for each digest that was claimed, the registry's first. Empty when nobody claimed anything. */
  readonly integrity: readonly IntegrityRecord[];
}

export interface TarballQuestion {
  readonly version: string;
  readonly side: IntegrityRecord['side'];
  /** The caller's own SRI string. */
  readonly integrity: string | undefined;
}

export async function loadTarball(
  packument: Packument,
  question: TarballQuestion,
  parts: RegistryParts,
): Promise<Fact<Tarball>> {
  const dist = packument.findDist(question.version);
  if (dist === undefined) return explainUnknownVersion(packument, question.version);
  // By the strongest digest only: what merely shares a weaker one may be something else.
  const cached = await parts.cache.findContent(dist.claims.slice(0, 1), parts.limits.maxTarballBytes);
  if (cached !== undefined) return known(checked(cached, dist, question));
  const spec = `${packument.name}@${question.version}`;
  if (parts.config.offline) {
    return missing('offline', `npm's cache does not hold the tarball of ${spec}, and offline nobody else is asked.`);
  }
  const bytes = await fetchTarball(spec, { dist, registry: packument.registry }, parts);
  return bytes.known ? known(checked(bytes.value, dist, question)) : bytes;
}

async function fetchTarball(
  spec: string,
  { dist, registry }: { readonly dist: Dist; readonly registry: string },
  { config, cache, http, limits }: RegistryParts,
): Promise<Fact<Uint8Array>> {
  const url = resolveTarballUrl(dist.tarball, registry, config);
  if (!url.known) return url;
  const ask = () =>
    http.get({
      url: url.value,
      registry,
      about: `the tarball of ${spec}`,
      headers: { 'accept-encoding': 'identity' },
      maxBytes: limits.maxTarballBytes,
    });
  let answer = await ask();
  // Bytes may have been hurt on the way: only what comes a second time is the registry's word.
  if (answer.known && !holds(answer.value.bytes, dist.claims)) answer = await ask();
  if (!answer.known) return answer;
  const { bytes, headers } = answer.value;
  const strongest = dist.claims[0];
  if (strongest !== undefined && holds(bytes, dist.claims)) {
    const { algorithm } = strongest;
    await cache.store({ url: url.value, bytes, requestHeaders: {}, answerHeaders: headers, algorithm });
  }
  return known(bytes);
}

function checked(bytes: Uint8Array, dist: Dist, { side, integrity }: TarballQuestion): Tarball {
  const digest = `sha512-${digestOf(bytes, 'sha512')}`;
  const byRegistry = checkIntegrity(bytes, dist.claims, { side, claimedBy: 'registry' });
  return { bytes, digest, integrity: [...byRegistry, ...checkCallers(bytes, side, integrity)] };
}

/** A claim of the caller's that names no digest we know cannot be confirmed, and must not pass for kept. */
function checkCallers(
  bytes: Uint8Array,
  side: IntegrityRecord['side'],
  integrity: string | undefined,
): readonly IntegrityRecord[] {
  if (integrity === undefined) return [];
  const claims = parseIntegrity(integrity);
  if (claims.length > 0) return checkIntegrity(bytes, claims, { side, claimedBy: 'caller' });
  const actual = `sha512-${digestOf(bytes, 'sha512')}`;
  return [{ side, claimedBy: 'caller', claimed: integrity, actual, matches: false }];
}

function holds(bytes: Uint8Array, claims: readonly ClaimedDigest[]): boolean {
  return checkIntegrity(bytes, claims, { side: 'after', claimedBy: 'registry' }).every(({ matches }) => matches);
}

function explainUnknownVersion({ name, registry, history }: Packument, version: string): Fact<never> {
  const latest = history.distTags['latest'] ?? history.versions.at(-1);
  const newest = latest === undefined ? 'it has no versions at all' : `its latest is ${latest}`;
  return missing('not-found', `${name} has no version ${version} at ${new URL(registry).host}: ${newest}.`);
}
