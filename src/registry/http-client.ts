/**
 * Requests with limits: so many requests at a time, so many attempts, so much time.
 * Whatever goes wrong comes back as a missing fact with a sentence.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Fact, type Known, known, type Missing, missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';
import { createGate } from './create-gate.ts';
import type { AttemptLimits, NpmConfig } from './load-npm-config.ts';
import {
  AnswerTooLarge,
  type HttpRequest,
  type RawAnswer,
  RedirectRefused,
  type SendContext,
  ServerSilent,
  sendRequest,
} from './send-request.ts';

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
  /** The longest Retry-After that is waited for. */
  readonly maxRetryAfterMs: number;
  /** The hosts that an answer may redirect to; undefined: any, as npm does. */
  readonly redirectHosts?: readonly string[] | undefined;
}

export interface HttpClient {
  get(request: Omit<HttpRequest, 'body'>): Promise<Fact<HttpAnswer>>;
  /** A question too long for a URL: it is asked again after a failure, like any other. */
  post(request: HttpRequest & { readonly body: string }): Promise<Fact<HttpAnswer>>;
}

/** An attempt that failed, and whether another may fare better. */
interface Failure extends Missing {
  readonly retry: boolean;
  /** The server's own word on when to come back. */
  readonly retryAfterMs?: number | undefined;
}

/** What make-fetch-happen keeps of an answer's headers; the rest is not ours to remember. */
const keptHeaders = ['cache-control', 'content-type', 'date', 'etag', 'expires', 'last-modified', 'vary'];

/** System errors in plain words, and whether the same request may work a moment later. */
const connectionErrors: Readonly<Record<string, { readonly reason: string; readonly passing: boolean }>> = {
  ENOTFOUND: { reason: 'its name does not resolve', passing: false },
  EAI_AGAIN: { reason: 'its name does not resolve now', passing: true },
  ECONNREFUSED: { reason: 'it refuses the connection', passing: true },
  ECONNRESET: { reason: 'the connection broke off', passing: true },
  ERR_STREAM_PREMATURE_CLOSE: { reason: 'the connection broke off', passing: true },
  EPIPE: { reason: 'the connection broke off', passing: true },
  ETIMEDOUT: { reason: 'the connection timed out', passing: true },
  EADDRINUSE: { reason: 'no local port is free', passing: true },
  Z_BUF_ERROR: { reason: 'its answer is cut short', passing: true },
  Z_DATA_ERROR: { reason: 'its answer is no valid gzip', passing: false },
};

export function createHttpClient(config: NpmConfig, limits: HttpLimits): HttpClient {
  const acquire = createGate(limits.maxConcurrent);
  const send = async (request: HttpRequest): Promise<Fact<HttpAnswer>> => {
    const release = await acquire();
    try {
      return await sendWithRetries(request, config, limits);
    } finally {
      release();
    }
  };
  return { get: send, post: send };
}

async function sendWithRetries(request: HttpRequest, config: NpmConfig, limits: HttpLimits): Promise<Fact<HttpAnswer>> {
  const deadline = AbortSignal.timeout(limits.timeoutMs);
  const { maxConcurrent: maxSockets, idleMs, redirectHosts } = limits;
  const context = { config, maxSockets, idleMs, redirectHosts, deadline };
  for (let attempt = 0; ; attempt += 1) {
    const outcome = await attemptOnce(request, context);
    if (outcome.known) return outcome;
    const { why, detail, retry, retryAfterMs } = outcome;
    const ownDelayMs = Math.min(limits.minDelayMs * limits.factor ** attempt, limits.maxDelayMs);
    const tooLong = retryAfterMs !== undefined && retryAfterMs > limits.maxRetryAfterMs;
    if (!retry || attempt >= limits.retries || tooLong) return missing(why, detail);
    try {
      await sleep(retryAfterMs ?? ownDelayMs, undefined, { signal: deadline });
    } catch {
      // The deadline came first: the last attempt's failure is the answer.
      return missing(why, detail);
    }
  }
}

async function attemptOnce(request: HttpRequest, context: SendContext): Promise<Known<HttpAnswer> | Failure> {
  try {
    return judgeAnswer(await sendRequest(request, context), request);
  } catch (cause) {
    return explainFailure(cause, request, context.deadline);
  }
}

function judgeAnswer({ status, headers, bytes }: RawAnswer, request: HttpRequest): Known<HttpAnswer> | Failure {
  const conditional = request.headers['if-none-match'] !== undefined;
  if (status === 200 || (status === 304 && conditional)) return known({ status, bytes, headers: pickHeaders(headers) });
  const answered = `${hostOf(request)} answered ${status}${renderReason(bytes)} when asked for ${request.about}.`;
  if (status === 404 || status === 410) return failure('not-found', answered);
  if (status === 401 || status === 403) return failure('unauthorized', answered);
  if (status === 429) {
    const retryAfterMs = parseRetryAfter(headers.get('retry-after'));
    return { ...failure('rate-limited', answered), retry: true, retryAfterMs };
  }
  // 501: the server does not know what was asked for, and will not a moment later.
  const passing = status === 408 || status === 420 || (status >= 500 && status !== 501);
  return { ...failure(passing ? 'unreachable' : 'malformed', answered), retry: passing };
}

function explainFailure(cause: unknown, request: HttpRequest, deadline: AbortSignal): Failure {
  if (cause instanceof AnswerTooLarge) {
    const limit = `${Math.round(request.maxBytes / 1_000_000)} MB`;
    return failure('too-large', `${hostOf(request)} answers with more than ${limit} when asked for ${request.about}.`);
  }
  const could = `${hostOf(request)} could not be asked for ${request.about}`;
  if (cause instanceof RedirectRefused) return failure('malformed', `${could}: ${cause.message}.`);
  if (deadline.aborted) return failure('unreachable', `${could}: it took too long.`);
  if (cause instanceof ServerSilent) return { ...failure('unreachable', `${could}: ${cause.message}.`), retry: true };
  const code = isRecord(cause) && typeof cause['code'] === 'string' ? cause['code'] : '';
  const kind = Object.hasOwn(connectionErrors, code) ? connectionErrors[code] : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  // The library's own sentence begins with the URL, which may hold a password.
  const reason = kind?.reason ?? message.replace(/^request to .* failed, reason: /s, '');
  const why = code === 'Z_DATA_ERROR' ? 'malformed' : 'unreachable';
  return { ...failure(why, `${could}: ${reason}${code === '' ? '' : ` (${code})`}.`), retry: kind?.passing ?? false };
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
    const body: unknown = JSON.parse(new TextDecoder().decode(bytes));
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

function hostOf(request: HttpRequest): string {
  return new URL(request.url).host;
}
