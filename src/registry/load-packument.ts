/** A packument from what was remembered or npm's cache where that is enough, from the registry otherwise. */
import { type Fact, known, type Missing, missing } from '../model/fact.ts';
import type { FactStore, PackumentSource, RememberedPackument } from '../model/fact-store.ts';
import type { HttpClient } from './http-client.ts';
import { loadCredentials } from './load-credentials.ts';
import { findRegistryOf, type NpmConfig, withoutCredentials } from './load-npm-config.ts';
import { claimsOf, type NpmCache } from './npm-cache.ts';
import { escapeName, isPackageName } from './package-name.ts';
import { type Packument, PackumentError, parsePackument } from './packument.ts';
import { projectPackument } from './packument-projection.ts';
import { type PackedPackument, packPackument, unpackPackument } from './remembered-packument.ts';

/** What all loaders work with. */
export interface RegistryParts {
  readonly config: NpmConfig;
  readonly cache: NpmCache;
  readonly http: HttpClient;
  readonly memory: RegistryMemory | undefined;
  readonly limits: {
    readonly maxPackumentBytes: number;
    readonly maxTarballBytes: number;
    readonly maxAdvisoryBytes: number;
  };
}

export type RegistryMemory = Pick<FactStore, 'findPackument' | 'savePackument' | 'findRelease' | 'saveRelease'>;

export interface LoadedPackument {
  readonly packument: Packument;
  /** Whether the registry itself was asked. */
  readonly fresh: boolean;
  /** How large its text was: what it takes in memory follows from that. */
  readonly bytes: number;
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
  readonly bytes: number;
}

interface ParsedPackument {
  readonly packument: Packument;
  /** What is worth remembering of it. */
  readonly pack: () => PackedPackument;
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
  const remembered = await findRemembered(source, parts);
  if (remembered !== undefined && isEnough(remembered.packument, containing, parts.config)) {
    return known({ ...remembered, fresh: false });
  }
  // What is remembered is as new as what npm's cache holds, and is read faster.
  const searched = remembered === undefined || parts.config.offline || parts.config.preferOffline;
  const stored = searched ? await findStored(source, parts) : undefined;
  if (stored !== undefined && isEnough(stored.packument, containing, parts.config)) {
    return known({ ...stored, fresh: false });
  }
  if (parts.config.offline) {
    const versions = containing.length === 0 ? '' : ` with ${containing.join(' and ')}`;
    return missing(
      'offline',
      `npm's cache does not hold ${source.about}${versions}, and offline nobody else is asked.`,
    );
  }
  return askRegistry(source, stored ?? remembered, parts);
}

export function holdsAll(packument: Packument, versions: readonly string[]): boolean {
  return versions.length > 0 && versions.every((version) => packument.has(version));
}

/** A version's entry does not change once it is published; only the question "what is new?" needs the registry. */
function isEnough(packument: Packument, containing: readonly string[], config: NpmConfig): boolean {
  if (containing.length === 0) return config.offline || config.preferOffline;
  return holdsAll(packument, containing) && (config.offline || !config.preferOnline);
}

async function findRemembered(source: Source, { memory }: RegistryParts): Promise<StoredPackument | undefined> {
  const address = addressOf(source);
  const remembered = await memory?.findPackument(address);
  if (remembered === undefined) return undefined;
  try {
    const packument = unpackPackument(remembered, source.name, address.registry);
    const { etag, outline, entries } = remembered;
    return { packument, etag, bytes: outline.length + entries.length };
  } catch (cause) {
    // What was remembered wrongly is asked for again.
    if (cause instanceof PackumentError) return undefined;
    throw cause;
  }
}

async function findStored(source: Source, parts: RegistryParts): Promise<StoredPackument | undefined> {
  // npm's installs store abbreviated packuments under the same URL; those lack publish times and scripts.
  const answer = await parts.cache.findAnswer(
    source.url,
    ({ requestHeaders, answerHeaders }) =>
      (requestHeaders['accept'] ?? fullDocument) === fullDocument &&
      !answerHeaders['content-type']?.startsWith(abbreviatedType),
  );
  if (answer === undefined) return undefined;
  const bytes = await parts.cache.findContent(claimsOf(answer), parts.limits.maxPackumentBytes);
  const parsed = bytes && parseBytes(bytes, source);
  // What does not parse is asked for again.
  if (bytes === undefined || !parsed?.known) return undefined;
  const etag = answer.answerHeaders['etag'];
  await remember(source, { etag, fetchedAt: answer.storedAt, pack: parsed.value.pack }, parts);
  return { packument: parsed.value.packument, etag, bytes: bytes.length };
}

async function askRegistry(
  source: Source,
  stored: StoredPackument | undefined,
  parts: RegistryParts,
): Promise<Fact<LoadedPackument>> {
  const { url, registry, about } = source;
  const condition = stored?.etag === undefined ? {} : { 'if-none-match': stored.etag };
  const answer = await parts.http.get({
    url,
    registry,
    about,
    headers: { accept: fullDocument, 'accept-encoding': 'gzip', ...condition },
    maxBytes: parts.limits.maxPackumentBytes,
  });
  if (!answer.known) return explainAbsence(answer, source, parts.config);
  // 304 is an answer to our condition only, so what is stored is there.
  if (answer.value.status === 304 && stored !== undefined) return known({ ...stored, fresh: true });
  const { bytes, headers } = answer.value;
  const parsed = parseBytes(bytes, source);
  if (!parsed.known) return parsed;
  const { packument, pack } = parsed.value;
  await Promise.all([
    parts.cache.store({
      url,
      bytes,
      requestHeaders: { accept: fullDocument },
      answerHeaders: headers,
      algorithm: 'sha512',
    }),
    remember(source, { etag: headers['etag'], fetchedAt: new Date().toISOString(), pack }, parts),
  ]);
  return known({ packument, fresh: true, bytes: bytes.length });
}

interface Rememberable extends Omit<RememberedPackument, keyof PackedPackument> {
  readonly pack: ParsedPackument['pack'];
}

async function remember(source: Source, { pack, ...rest }: Rememberable, { memory }: RegistryParts): Promise<void> {
  await memory?.savePackument(addressOf(source), { ...rest, ...pack() });
}

function addressOf({ name, registry }: Source): PackumentSource {
  return { name, registry: withoutCredentials(registry) };
}

function parseBytes(bytes: Uint8Array, source: Source): Fact<ParsedPackument> {
  return parseText(new TextDecoder().decode(bytes), source);
}

/** The whole document is let go of: only what is read of it stays. */
function parseText(text: string, { name, registry }: Source): Fact<ParsedPackument> {
  const served = `What ${new URL(registry).host} serves as the packument of ${name}`;
  let document: unknown;
  try {
    document = projectPackument(JSON.parse(text));
  } catch {
    return missing('malformed', `${served} is no JSON: it begins with ${JSON.stringify(text.slice(0, 40))}.`);
  }
  try {
    const packument = parsePackument(document, name, withoutCredentials(registry));
    return known({ packument, pack: () => packPackument(document) });
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
