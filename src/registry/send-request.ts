/**
 * One request over npm's proxy and TLS settings, redirects followed, answer read to its end, within the limits given.
 * Throws what went wrong; http-client decides what that means.
 */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { isRecord } from '../model/manifest.ts';
import { loadCredentials } from './load-credentials.ts';
import type { NpmConfig } from './load-npm-config.ts';

export interface HttpRequest {
  readonly url: string;
  /** Its credentials go with the request. */
  readonly registry: string;
  /** What is asked for, in a sentence: `the packument of left-pad`. */
  readonly about: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  /** JSON to send with POST, gzipped as npm does. Without one it is a GET. */
  readonly body?: string;
}

export interface SendContext {
  readonly config: NpmConfig;
  readonly maxSockets: number;
  /** The longest silence of a server. */
  readonly idleMs: number;
  readonly deadline: AbortSignal;
  /** The hosts that it may be redirected to; undefined: any, as npm does. */
  readonly redirectHosts: readonly string[] | undefined;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  /** Decompressed. Of an answer that is no 200, the beginning. */
  readonly bytes: Uint8Array;
}

/** Larger than the request's `maxBytes`. */
export class AnswerTooLarge extends Error {}
export class RedirectRefused extends Error {}
/** Nothing came for `idleMs`. */
export class ServerSilent extends Error {}

const maxRedirects = 5;
/** An error's body is read for its one sentence. */
const maxErrorBytes = 64 * 1024;
const redirectStatuses: readonly number[] = [301, 302, 303, 307, 308];

const unzip = promisify(gunzip);
const zip = promisify(gzip);

export async function sendRequest(request: HttpRequest, context: SendContext): Promise<RawAnswer> {
  let url = request.url;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const raw = await sendOnce(url, request, context);
    const location = raw.headers.get('location');
    if (!redirectStatuses.includes(raw.status) || location === null) return raw;
    // What is sent was meant for this registry, and for nobody that it names.
    if (request.body !== undefined) throw new RedirectRefused('it is redirected, and what was sent goes nowhere else');
    url = resolveRedirect(location, url, context.redirectHosts);
  }
  throw new RedirectRefused(`it was redirected more than ${maxRedirects} times`);
}

function resolveRedirect(location: string, from: string, hosts: readonly string[] | undefined): string {
  if (!URL.canParse(location, from)) throw new RedirectRefused('it is redirected to something that is no URL');
  const target = new URL(location, from);
  if (!/^https?:$/.test(target.protocol)) throw new RedirectRefused(`it is redirected to ${target.protocol}`);
  if (target.protocol === 'http:' && new URL(from).protocol === 'https:') {
    throw new RedirectRefused(`it is redirected from https to plain http at ${target.host}`);
  }
  if (hosts !== undefined && !hosts.includes(target.host)) {
    throw new RedirectRefused(`it is redirected to ${target.host}, which is not one of the hosts that may be asked`);
  }
  return target.href;
}

async function sendOnce(url: string, request: HttpRequest, context: SendContext): Promise<RawAnswer> {
  const [{ default: fetch }, identity] = await Promise.all([
    import('make-fetch-happen'),
    loadIdentity(url, request, context.config),
  ]);
  const silence = new AbortController();
  const finished = new AbortController();
  const alarm = setTimeout(() => silence.abort(), context.idleMs);
  try {
    const answer = await fetch(url, {
      ...transportOf(context),
      ...identity.certificate,
      ...(await renderBody(request.body)),
      headers: { ...headersOf(request), ...identity.headers },
      signal: AbortSignal.any([silence.signal, finished.signal, context.deadline]),
    });
    const read = { body: answer.body, onBytes: () => alarm.refresh() };
    const bytes =
      answer.status === 200
        ? await decode(await readWhole(read, request.maxBytes), answer.headers, request.maxBytes)
        : await decodeBeginning(await readBeginning(read, maxErrorBytes), answer.headers);
    return { status: answer.status, headers: answer.headers, bytes };
  } catch (cause) {
    if (silence.signal.aborted) throw new ServerSilent(`it was silent for ${context.idleMs / 1000} s`, { cause });
    throw cause;
  } finally {
    clearTimeout(alarm);
    // Closes the connection where something was left unread.
    finished.abort();
  }
}

function headersOf({ body, headers }: HttpRequest): Readonly<Record<string, string>> {
  const sent = body === undefined ? {} : { 'content-type': 'application/json', 'content-encoding': 'gzip' };
  return { 'user-agent': `sluice node/${process.version}`, ...sent, ...headers };
}

async function renderBody(body: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  return body === undefined ? {} : { method: 'POST', body: await zip(body) };
}

interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  readonly certificate: { readonly cert: unknown; readonly key: unknown } | undefined;
}

/** Another origin than the one asked first may be a stranger's: it gets no token and no client certificate. */
async function loadIdentity(url: string, request: HttpRequest, config: NpmConfig): Promise<Identity> {
  if (new URL(url).origin !== new URL(request.url).origin) return { headers: {}, certificate: undefined };
  const { headers, certificate } = await loadCredentials(url, request.registry, config);
  return { headers, certificate: certificate ?? { cert: config.flat['cert'], key: config.flat['key'] } };
}

function transportOf({ config: { flat }, maxSockets }: SendContext): Readonly<Record<string, unknown>> {
  return {
    ca: flat['ca'],
    localAddress: flat['localAddress'],
    maxSockets,
    noProxy: flat['noProxy'],
    proxy: flat['httpsProxy'] || flat['proxy'],
    strictSSL: flat['strictSSL'],
    // Caching, retries, redirects and decompression are done here, where they are bounded.
    cache: 'no-store',
    compress: false,
    redirect: 'manual',
    retry: { retries: 0 },
  };
}

interface Reading {
  readonly body: AsyncIterable<Uint8Array>;
  readonly onBytes: () => void;
}

async function readWhole(reading: Reading, maxBytes: number): Promise<Uint8Array> {
  const bytes = await readBeginning(reading, maxBytes);
  if (bytes.length > maxBytes) throw new AnswerTooLarge();
  return bytes;
}

/** Stops soon after `maxBytes`; a longer result says that there was more. */
async function readBeginning({ body, onBytes }: Reading, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    onBytes();
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks, length);
}

async function decode(bytes: Uint8Array, headers: RawAnswer['headers'], maxBytes: number): Promise<Uint8Array> {
  if (!/^(?:x-)?gzip$/i.test(headers.get('content-encoding') ?? '')) return bytes;
  try {
    return await unzip(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (isRecord(cause) && cause['code'] === 'ERR_BUFFER_TOO_LARGE') throw new AnswerTooLarge();
    throw cause;
  }
}

/** The status is the answer; a body that cannot be read adds nothing to it. */
async function decodeBeginning(bytes: Uint8Array, headers: RawAnswer['headers']): Promise<Uint8Array> {
  try {
    return await decode(bytes, headers, maxErrorBytes);
  } catch {
    return new Uint8Array();
  }
}
