/** A packument from npm's cache where that is enough, from the registry otherwise. */
import { type Fact, known, type Missing, missing } from '../model/fact.ts';
import type { HttpClient } from './http-client.ts';
import { loadCredentials } from './load-credentials.ts';
import { findRegistryOf, type NpmConfig } from './load-npm-config.ts';
import { claimsOf, type NpmCache } from './npm-cache.ts';
import { type Packument, PackumentError, parsePackument } from './packument.ts';

/** What both loaders work with. */
export interface RegistryParts {
  readonly config: NpmConfig;
  readonly cache: NpmCache;
  readonly http: HttpClient;
  readonly limits: { readonly maxPackumentBytes: number; readonly maxTarballBytes: number };
}

export interface LoadedPackument {
  readonly packument: Packument;
  /** Whether the registry itself was asked. */
  readonly fresh: boolean;
}

/** A packument at its registry, before it is there. */
interface Source {
  readonly name: string;
  readonly registry: string;
  readonly url: string;
  readonly about: string;
}

interface StoredPackument {
  readonly packument: Packument;
  readonly etag: string | undefined;
}

/** npm's Accept header for the document with times and scripts. */
const fullDocument = 'application/json';
const abbreviatedType = 'application/vnd.npm.install-v1+json';

export async function loadPackument(
  name: string,
  containing: readonly string[],
  parts: RegistryParts,
): Promise<Fact<LoadedPackument>> {
  if (!isPackageName(name)) return missing('not-found', `${JSON.stringify(name.slice(0, 214))} is no package name.`);
  const registry = findRegistryOf(name, parts.config);
  const source = { name, registry, url: registry + escapeName(name), about: `the packument of ${name}` };
  const stored = await findStored(source, parts);
  if (stored !== undefined && isEnough(stored.packument, containing, parts.config)) {
    return known({ packument: stored.packument, fresh: false });
  }
  if (parts.config.offline) {
    const versions = containing.length === 0 ? '' : ` with ${containing.join(' and ')}`;
    return missing(
      'offline',
      `npm's cache does not hold ${source.about}${versions}, and offline nobody else is asked.`,
    );
  }
  return askRegistry(source, stored, parts);
}

export function holdsAll(packument: Packument, versions: readonly string[]): boolean {
  return versions.length > 0 && versions.every((version) => packument.findDist(version) !== undefined);
}

/** A version's entry does not change once it is published; only the question "what is new?" needs the registry. */
function isEnough(packument: Packument, containing: readonly string[], config: NpmConfig): boolean {
  if (containing.length === 0) return config.offline || config.preferOffline;
  return holdsAll(packument, containing) && (config.offline || !config.preferOnline);
}

async function findStored({ name, registry, url }: Source, parts: RegistryParts): Promise<StoredPackument | undefined> {
  // npm's installs store abbreviated packuments under the same URL; those lack publish times and scripts.
  const answer = await parts.cache.findAnswer(
    url,
    ({ requestHeaders, answerHeaders }) =>
      (requestHeaders['accept'] ?? fullDocument) === fullDocument &&
      !answerHeaders['content-type']?.startsWith(abbreviatedType),
  );
  if (answer === undefined) return undefined;
  const bytes = await parts.cache.findContent(claimsOf(answer), parts.limits.maxPackumentBytes);
  const packument = bytes && parseBytes(bytes, { name, registry });
  // What does not parse is asked for again.
  return packument?.known ? { packument: packument.value, etag: answer.answerHeaders['etag'] } : undefined;
}

async function askRegistry(
  source: Source,
  stored: StoredPackument | undefined,
  { http, cache, config, limits }: RegistryParts,
): Promise<Fact<LoadedPackument>> {
  const { name, registry, url, about } = source;
  const condition = stored?.etag === undefined ? {} : { 'if-none-match': stored.etag };
  const answer = await http.get({
    url,
    registry,
    about,
    headers: { accept: fullDocument, 'accept-encoding': 'gzip', ...condition },
    maxBytes: limits.maxPackumentBytes,
  });
  if (!answer.known) return explainAbsence(answer, source, config);
  // 304 is an answer to our condition only, so what is stored is there.
  if (answer.value.status === 304 && stored !== undefined) return known({ packument: stored.packument, fresh: true });
  const { bytes, headers } = answer.value;
  const packument = parseBytes(bytes, { name, registry });
  if (!packument.known) return packument;
  await cache.store({
    url,
    bytes,
    requestHeaders: { accept: fullDocument },
    answerHeaders: headers,
    algorithm: 'sha512',
  });
  return known({ packument: packument.value, fresh: true });
}

function parseBytes(bytes: Uint8Array, { name, registry }: Pick<Source, 'name' | 'registry'>): Fact<Packument> {
  const served = `What ${new URL(registry).host} serves as the packument of ${name}`;
  let document: unknown;
  try {
    document = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return missing('malformed', `${served} is no JSON: it begins with ${JSON.stringify(startOf(bytes))}.`);
  }
  try {
    return known(parsePackument(document, name, withoutCredentials(registry)));
  } catch (cause) {
    if (!(cause instanceof PackumentError)) throw cause;
    return missing(cause.why, `${served} ${cause.message}.`);
  }
}

/** npm's registry answers 404 for a private package to those who may not see it. */
async function explainAbsence(absence: Missing, { name, registry, url }: Source, config: NpmConfig): Promise<Missing> {
  if (absence.why !== 'not-found' || !name.startsWith('@')) return absence;
  const { headers, certificate } = await loadCredentials(url, registry, config);
  if (headers['authorization'] !== undefined || certificate !== undefined) return absence;
  return missing(
    'unauthorized',
    `${absence.detail} It does not exist there, or it is private: the npm configuration has no credentials for ${new URL(registry).host}.`,
  );
}

/**
 * Names come from manifests and lockfiles too, and end up in a URL.
 * Older packages have names that npm would refuse today; what could leave the registry's path is refused here.
 */
function isPackageName(name: string): boolean {
  if (name.length > 214 || !name.isWellFormed()) return false;
  return /^(?:@[^/@\\\s%?#:]+\/)?[^/@\\\s%?#:]+$/.test(name) && !/(?:^|\/)\.{1,2}$/.test(name);
}

function escapeName(name: string): string {
  const [scope, rest] = name.split('/');
  if (rest === undefined) return encodeURIComponent(name);
  return `@${encodeURIComponent((scope ?? '').slice(1))}%2f${encodeURIComponent(rest)}`;
}

function withoutCredentials(registry: string): string {
  const url = new URL(registry);
  url.username = '';
  url.password = '';
  return url.href;
}

function startOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 40));
}
