/**
 * GET with npm's proxy, TLS and credentials, and with limits: so many requests at a time, so many bytes,
 * so many attempts, so much time. Whatever goes wrong comes back as a missing fact with a sentence.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Fact, type Known, known, type Missing, missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';
import { loadCredentials } from './load-credentials.ts';
import type { AttemptLimits, NpmConfig } from './load-npm-config.ts';

export interface HttpRequest {
  readonly url: string;
  /** Its credentials go with the request. */
  readonly registry: string;
  /** What is asked for, in a sentence: `the packument of left-pad`. */
  readonly about: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
}

export interface HttpAnswer {
  /** 304 only when the request was conditional. */
  readonly status: 200 | 304;
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpLimits extends AttemptLimits {
  readonly maxConcurrent: number;
  /** The longest silence of a server. */
  readonly idleMs: number;
}

export interface HttpClient {
  get(request: HttpRequest): Promise<Fact<HttpAnswer>>;
}

/** An attempt that failed, and whether another may fare better. */
interface Failure extends Missing {
  readonly retry: boolean;
  /** The server's own word on when to come back. */
  readonly retryAfterMs?: number | undefined;
}

interface RawAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly bytes: Uint8Array;
}

const maxRedirects = 5;
/** An error's body is read for its one sentence. */
const maxErrorBytes = 64 * 1024;
/** What make-fetch-happen keeps of an answer's headers; the rest is not ours to remember. */
const keptHeaders = ['cache-control', 'content-type', 'date', 'etag', 'expires', 'last-modified', 'vary'];
/** Codes after which the same request may work: npm's list, a resolver that is briefly away, and a broken stream. */
const passingErrors = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EADDRINUSE',
  'ETIMEDOUT',
  'EPIPE',
  'EAI_AGAIN',
  'ECONNECTIONTIMEOUT',
  'EIDLETIMEOUT',
  'ERESPONSETIMEOUT',
  'ETRANSFERTIMEOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'Z_BUF_ERROR',
  'EIDLE',
]);

const unzip = promisify(gunzip);

export function createHttpClient(config: NpmConfig, limits: HttpLimits): HttpClient {
  const acquire = createGate(limits.maxConcurrent);
  return {
    get: async (request) => {
      const release = await acquire();
      try {
        return await getWithRetries(request, config, limits);
      } finally {
        release();
      }
    },
  };
}

async function getWithRetries(request: HttpRequest, config: NpmConfig, limits: HttpLimits): Promise<Fact<HttpAnswer>> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptGet(request, config, { limits, deadline });
    if (outcome.known) return outcome;
    const { why, detail, retry, retryAfterMs } = outcome;
    const delayMs = retryAfterMs ?? Math.min(limits.minDelayMs * limits.factor ** attempt, limits.maxDelayMs);
    if (!retry || attempt >= limits.retries || delayMs > limits.maxDelayMs) return missing(why, detail);
    try {
      await sleep(delayMs, undefined, { signal: deadline });
    } catch {
      return missing(why, detail);
    }
  }
}

interface AttemptContext {
  readonly limits: HttpLimits;
  readonly deadline: AbortSignal;
}

async function attemptGet(
  request: HttpRequest,
  config: NpmConfig,
  context: AttemptContext,
): Promise<Known<HttpAnswer> | Failure> {
  try {
    const raw = await follow(request, config, context);
    return judgeAnswer(raw, request);
  } catch (cause) {
    if (cause instanceof AnswerTooLarge) {
      const limit = `${Math.round(request.maxBytes / 1_000_000)} MB`;
      return failure('too-large', `${subjectOf(request)} is larger than ${limit}, the most that is read.`);
    }
    if (cause instanceof RedirectRefused) {
      return failure('malformed', `${subjectOf(request)} could not be had: ${cause.message}.`);
    }
    return failConnection(cause, request, context.deadline);
  }
}

class AnswerTooLarge extends Error {}
class RedirectRefused extends Error {}

async function follow(request: HttpRequest, config: NpmConfig, context: AttemptContext): Promise<RawAnswer> {
  let url = request.url;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    // Another origin may be a stranger's: it gets no token and no client certificate.
    const trusted = new URL(url).origin === new URL(request.url).origin;
    const raw = await send(url, { request, config, trusted }, context);
    const location = raw.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(raw.status) || location === null) return raw;
    url = resolveRedirect(location, url);
  }
  throw new RedirectRefused(`it was redirected more than ${maxRedirects} times`);
}

function resolveRedirect(location: string, from: string): string {
  if (!URL.canParse(location, from)) throw new RedirectRefused('it is redirected to something that is no URL');
  const target = new URL(location, from);
  if (!/^https?:$/.test(target.protocol)) throw new RedirectRefused(`it is redirected to ${target.protocol}`);
  if (target.protocol === 'http:' && new URL(from).protocol === 'https:') {
    throw new RedirectRefused(`it is redirected from https to plain http at ${target.host}`);
  }
  return target.href;
}

async function send(
  url: string,
  {
    request,
    config,
    trusted,
  }: { readonly request: HttpRequest; readonly config: NpmConfig; readonly trusted: boolean },
  { limits, deadline }: AttemptContext,
): Promise<RawAnswer> {
  const [{ default: fetch }, credentials] = await Promise.all([
    import('make-fetch-happen'),
    trusted ? loadCredentials(url, request.registry, config) : undefined,
  ]);
  const silence = new AbortController();
  const alarm = setTimeout(() => silence.abort(), limits.idleMs);
  const signal = AbortSignal.any([silence.signal, deadline]);
  try {
    const answer = await fetch(url, {
      ...transportOf(config, limits),
      ...(credentials?.certificate ?? { cert: undefined, key: undefined }),
      headers: { 'user-agent': `sluice node/${process.version}`, ...request.headers, ...credentials?.headers },
      signal,
    });
    const maxBytes = answer.status === 200 ? request.maxBytes : maxErrorBytes;
    const bytes = await readBody(answer, { maxBytes, onBytes: () => alarm.refresh() });
    return { status: answer.status, headers: answer.headers, bytes };
  } catch (cause) {
    if (silence.signal.aborted)
      throw Object.assign(new Error(`silent for ${limits.idleMs / 1000} s`), { code: 'EIDLE' });
    throw cause;
  } finally {
    clearTimeout(alarm);
  }
}

function transportOf({ flat }: NpmConfig, limits: HttpLimits): Readonly<Record<string, unknown>> {
  return {
    ca: flat['ca'],
    cert: flat['cert'],
    key: flat['key'],
    localAddress: flat['localAddress'],
    maxSockets: limits.maxConcurrent,
    noProxy: flat['noProxy'],
    proxy: flat['httpsProxy'] ?? flat['proxy'],
    strictSSL: flat['strictSSL'],
    // Caching, retries, redirects and decompression are done here, where they are bounded.
    cache: 'no-store',
    compress: false,
    redirect: 'manual',
    retry: { retries: 0 },
  };
}

async function readBody(
  answer: { readonly headers: RawAnswer['headers']; readonly body: AsyncIterable<Uint8Array> & { destroy(): void } },
  { maxBytes, onBytes }: { readonly maxBytes: number; readonly onBytes: () => void },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of answer.body) {
    onBytes();
    length += chunk.length;
    if (length > maxBytes) {
      answer.body.destroy();
      throw new AnswerTooLarge();
    }
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks, length);
  if (!/^x?-?gzip$/i.test(answer.headers.get('content-encoding') ?? '')) return bytes;
  return unzipBounded(bytes, maxBytes);
}

async function unzipBounded(bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (codeOf(cause) === 'ERR_BUFFER_TOO_LARGE') throw new AnswerTooLarge();
    throw cause;
  }
}

function judgeAnswer(raw: RawAnswer, request: HttpRequest): Known<HttpAnswer> | Failure {
  const { status, bytes } = raw;
  const conditional = request.headers['if-none-match'] !== undefined;
  if (status === 200 || (status === 304 && conditional)) {
    return known({ status, bytes, headers: pickHeaders(raw.headers) });
  }
  const answered = `${hostOf(request)} answered ${status}${renderReason(bytes)} when asked for ${request.about}`;
  if (status === 404 || status === 410) return failure('not-found', `${answered}.`);
  if (status === 401 || status === 403) return failure('unauthorized', `${answered}.`);
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(raw.headers.get('retry-after'));
    return { ...failure('rate-limited', `${answered}: too many requests.`), retry: true, retryAfterMs };
  }
  const passing = status === 408 || status === 420 || status >= 500;
  return { ...failure(passing ? 'unreachable' : 'malformed', `${answered}.`), retry: passing };
}

function failConnection(cause: unknown, request: HttpRequest, deadline: AbortSignal): Failure {
  const message = cause instanceof Error ? cause.message : String(cause);
  const reason = deadline.aborted ? 'it took too long' : message.replace(/^request to .* failed, reason: /s, '');
  const detail = `${hostOf(request)} could not be asked for ${request.about}: ${reason}.`;
  return { ...failure('unreachable', detail), retry: !deadline.aborted && passingErrors.has(codeOf(cause) ?? '') };
}

function failure(why: Missing['why'], detail: string): Failure {
  return { known: false, why, detail, retry: false };
}

/** A whole number of seconds, or a date. Anything else is no word at all. */
function parseRetryAfter(value: string | null): number | undefined {
  if (value === null) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const instant = Date.parse(value);
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - Date.now());
}

/** The registry's own sentence, `{"error": "…"}`, cut to what a person reads. */
function renderReason(bytes: Uint8Array): string {
  try {
    const body: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    const reason = isRecord(body) ? (body['error'] ?? body['message']) : undefined;
    return typeof reason === 'string' && reason !== '' ? ` (${reason.slice(0, 200)})` : '';
  } catch {
    return '';
  }
}

function pickHeaders(headers: RawAnswer['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

function subjectOf(request: HttpRequest): string {
  return `${request.about[0]?.toUpperCase()}${request.about.slice(1)} at ${new URL(request.url).host}`;
}

function hostOf(request: HttpRequest): string {
  return new URL(request.url).host;
}

function codeOf(cause: unknown): string | undefined {
  const code = isRecord(cause) ? cause['code'] : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** At most so many holders at a time, first come first served. */
function createGate(places: number): () => Promise<() => void> {
  let free = places;
  const waiting: (() => void)[] = [];
  const release = () => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async () => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    return release;
  };
}
