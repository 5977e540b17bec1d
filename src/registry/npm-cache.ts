/**
 * npm's own cache, shared with npm: a tarball or packument that either of us fetched serves both.
 * Reading is done here, because it must be fast (cacache takes 80 ms to load); writing is left to cacache.
 * The layout is cacache's: `index-v5` holds lines of `sha1 TAB json`, `content-v2` holds files named by their digest.
 */
import { createHash } from 'node:crypto';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../model/manifest.ts';
import { type ClaimedDigest, digestOf, parseIntegrity } from './integrity.ts';

/** What make-fetch-happen, npm's HTTP client, keeps about an answer. */
export interface CachedAnswer {
  readonly integrity: string;
  /** ISO 8601 instant. */
  readonly storedAt: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly answerHeaders: Readonly<Record<string, string>>;
}

export interface NewAnswer {
  readonly url: string;
  readonly bytes: Uint8Array;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly answerHeaders: Readonly<Record<string, string>>;
  /** The algorithm whose digest names the file. */
  readonly algorithm: ClaimedDigest['algorithm'];
}

export interface NpmCache {
  /** The newest stored answer for the URL that `accepts` takes. */
  findAnswer(url: string, accepts: (answer: CachedAnswer) => boolean): Promise<CachedAnswer | undefined>;
  /** Bytes with one of these digests, checked; undefined when there are none, or more than `maxBytes`. */
  findContent(claims: readonly ClaimedDigest[], maxBytes: number): Promise<Uint8Array | undefined>;
  /** Never fails: a cache that cannot be written is said once, and left alone from then on. */
  store(answer: NewAnswer): Promise<void>;
}

export function openNpmCache(folder: string, warn: (sentence: string) => void): NpmCache {
  let writable = true;
  return {
    findAnswer: (url, accepts) => findAnswer(folder, url, accepts),
    findContent: async (claims, maxBytes) => {
      for (const { algorithm, digests } of claims) {
        for (const digest of digests) {
          const bytes = await readContent(folder, { algorithm, digest }, maxBytes);
          if (bytes !== undefined) return bytes;
        }
      }
      return undefined;
    },
    store: async (answer) => {
      if (!writable) return;
      try {
        await storeAnswer(folder, answer);
      } catch (cause) {
        // The answer itself is at hand: only the next run pays.
        writable = false;
        warn(`npm's cache in ${folder} cannot be written (${reasonOf(cause)}): downloads are used, but not kept.`);
      }
    },
  };
}

async function findAnswer(
  folder: string,
  url: string,
  accepts: (answer: CachedAnswer) => boolean,
): Promise<CachedAnswer | undefined> {
  const key = keyOf(url);
  const text = await readBucket(
    join(folder, 'index-v5', ...segmentsOf(createHash('sha256').update(key).digest('hex'))),
  );
  // Lines are appended: the last one is the newest.
  for (const line of text.split('\n').reverse()) {
    const entry = parseIndexLine(line);
    // Another key may share the bucket.
    if (entry === undefined || entry['key'] !== key) continue;
    // Without a digest and without an answer's status, the line deletes what stands before it.
    if (typeof entry['integrity'] !== 'string') {
      if (isRecord(entry['metadata']) && entry['metadata']['status'] !== undefined) continue;
      return undefined;
    }
    const metadata = isRecord(entry['metadata']) ? entry['metadata'] : {};
    const answer = {
      integrity: entry['integrity'],
      storedAt: readInstant(entry['time']),
      requestHeaders: readHeaders(metadata['reqHeaders']),
      answerHeaders: readHeaders(metadata['resHeaders']),
    };
    if (accepts(answer)) return answer;
  }
  return undefined;
}

async function readBucket(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    // A cache that cannot be read is an empty one: the registry is asked instead.
    return '';
  }
}

/** A line that was cut short or tampered with does not match its own hash. */
function parseIndexLine(line: string): Readonly<Record<string, unknown>> | undefined {
  const [hash, json] = line.split('\t');
  if (json === undefined || createHash('sha1').update(json).digest('hex') !== hash) return undefined;
  try {
    const entry: unknown = JSON.parse(json);
    return isRecord(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}

async function readContent(
  folder: string,
  { algorithm, digest }: { readonly algorithm: ClaimedDigest['algorithm']; readonly digest: string },
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const hex = Buffer.from(digest, 'base64').toString('hex');
  const path = join(folder, 'content-v2', algorithm, ...segmentsOf(hex));
  try {
    if ((await stat(path)).size > maxBytes) return undefined;
    const bytes = await readFile(path);
    if (digestOf(bytes, algorithm) === digest) return bytes;
    // Spoiled on disk. cacache does not overwrite a file that is there, so it has to go.
    await rm(path, { force: true });
  } catch {
    // Not there, or not ours to read: the registry is asked instead.
  }
  return undefined;
}

async function storeAnswer(folder: string, answer: NewAnswer): Promise<void> {
  const { default: cacache } = await import('cacache');
  await cacache.put(folder, keyOf(answer.url), answer.bytes, {
    algorithms: [answer.algorithm],
    metadata: {
      time: Date.now(),
      url: answer.url,
      reqHeaders: answer.requestHeaders,
      resHeaders: answer.answerHeaders,
      // npm's own requests allow compression; an entry that says otherwise would not serve them.
      options: { compress: true },
    },
  });
}

/** make-fetch-happen's key. */
function keyOf(url: string): string {
  const bare = new URL(url);
  bare.username = '';
  bare.password = '';
  bare.hash = '';
  return `make-fetch-happen:request-cache:${bare.href}`;
}

function segmentsOf(hex: string): readonly string[] {
  return [hex.slice(0, 2), hex.slice(2, 4), hex.slice(4)];
}

/** Milliseconds, as cacache writes them. What is no instant is as old as can be. */
function readInstant(value: unknown): string {
  const instant = new Date(typeof value === 'number' ? value : 0);
  return (Number.isNaN(instant.getTime()) ? new Date(0) : instant).toISOString();
}

function readHeaders(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** The digests that name an answer's content. */
export function claimsOf(answer: CachedAnswer): readonly ClaimedDigest[] {
  return parseIntegrity(answer.integrity);
}

function reasonOf(cause: unknown): string {
  // cacache calls every failure to move a file EEXIST; the message keeps the system's own word.
  const message = cause instanceof Error ? cause.message : String(cause);
  return /^[A-Z]{3,}(?=:)/.exec(message)?.[0] ?? message;
}
