/** What can go wrong between a registry and us, on demand: refusals, silence, broken connections, spoiled bytes. */
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';

export type Fault =
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Default: `{"error":"fault 404"}`. */
      readonly body?: string;
    }
  /** Answers 200 with this instead: malformed JSON, HTML, another package's document. */
  | { readonly kind: 'body'; readonly body: string | Uint8Array; readonly headers?: Readonly<Record<string, string>> }
  | { readonly kind: 'redirect'; readonly to: string }
  /** The right answer, late. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** No answer at all, or only the first bytes of one. */
  | { readonly kind: 'hang'; readonly after?: 'headers' }
  | { readonly kind: 'reset'; readonly after?: 'headers' }
  /** The right answer in pieces, with a pause before each. */
  | { readonly kind: 'drip'; readonly pieces: number; readonly delayMs: number }
  /** White space without end: as fast as the client takes it, or a quarter of a megabyte every so many ms. */
  | { readonly kind: 'endless'; readonly everyMs?: number }
  /** Half of the bytes, with headers that fit them. Where the client takes gzip, half of the gzip. */
  | { readonly kind: 'truncated' }
  /** The last byte is another one. */
  | { readonly kind: 'wrong-bytes' }
  /** The right document, with white space up to this size before it is compressed. */
  | { readonly kind: 'padded'; readonly bytes: number };

export interface Faults {
  /** @param target A package's name (its packument and tarballs), or a path that begins with a slash. */
  add(target: string, fault: Fault, times?: number): void;
  clear(): void;
  /** Answers in the registry's place, if a fault stands that does. */
  answer(request: FastifyRequest, reply: FastifyReply, path: string): Promise<void>;
  /** The payload as it goes out. */
  spoil(request: FastifyRequest, reply: FastifyReply, payload: unknown): unknown;
}

interface StandingFault {
  readonly target: string;
  readonly fault: Fault;
  left: number;
}

export function createFaults(): Faults {
  const standing: StandingFault[] = [];
  const spoilers = new WeakMap<FastifyRequest, Fault>();
  return {
    add: (target, fault, times = Number.POSITIVE_INFINITY) => {
      standing.push({ target, fault, left: times });
    },
    clear: () => {
      standing.splice(0);
    },
    answer: async (request, reply, path) => {
      const found = standing.find(({ target, left }) => left > 0 && isTarget(target, path));
      if (found === undefined) return;
      found.left -= 1;
      spoilers.set(request, found.fault);
      await answerWith(found.fault, reply);
    },
    spoil: (request, reply, payload) => {
      const fault = spoilers.get(request);
      if (fault === undefined || !(typeof payload === 'string' || payload instanceof Uint8Array)) return payload;
      return spoilBytes(fault, reply, Buffer.from(payload));
    },
  };
}

function isTarget(target: string, path: string): boolean {
  return target.startsWith('/') ? path === target : path === `/${target}` || path.startsWith(`/${target}/-/`);
}

async function answerWith(fault: Fault, reply: FastifyReply): Promise<void> {
  switch (fault.kind) {
    case 'status':
      await reply
        .code(fault.status)
        .headers(fault.headers ?? {})
        .send(fault.body ?? { error: `fault ${fault.status}` });
      return;
    case 'body':
      await reply.headers({ 'content-type': 'application/json', ...fault.headers }).send(fault.body);
      return;
    case 'redirect':
      await reply.redirect(fault.to);
      return;
    case 'slow':
      await sleep(fault.delayMs);
      return;
    case 'endless':
      flood(reply, fault.everyMs ?? 1);
      return;
    case 'hang':
    case 'reset':
      breakOff(fault, reply);
      return;
    default:
      // The others let the registry answer, and spoil its bytes.
      return;
  }
}

function breakOff(fault: Extract<Fault, { kind: 'hang' | 'reset' }>, reply: FastifyReply): void {
  reply.hijack();
  if (fault.after === 'headers') {
    reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000_000 });
    reply.raw.write('{"name":');
  }
  // A moment later, so that what was written has left.
  if (fault.kind === 'reset') setTimeout(() => reply.raw.destroy(), fault.after === 'headers' ? 20 : 0);
}

function flood(reply: FastifyReply, everyMs: number): void {
  reply.hijack();
  reply.raw.writeHead(200, { 'content-type': 'application/json' });
  const pouring = setInterval(() => reply.raw.write(Buffer.alloc(256 * 1024, ' ')), everyMs);
  reply.raw.once('close', () => clearInterval(pouring));
}

function spoilBytes(fault: Fault, reply: FastifyReply, bytes: Buffer): Buffer | Readable {
  if (fault.kind === 'drip') return Readable.from(drip(bytes, fault));
  const spoiled = spoilBody(fault, bytes, reply.getHeader('content-encoding') === 'gzip');
  reply.header('content-length', spoiled.length);
  return spoiled;
}

function spoilBody(fault: Fault, bytes: Buffer, gzipped: boolean): Buffer {
  if (fault.kind === 'truncated') return bytes.subarray(0, bytes.length >> 1);
  if (fault.kind === 'wrong-bytes')
    return Buffer.concat([bytes.subarray(0, -1), Buffer.from([(bytes.at(-1) ?? 0) ^ 1])]);
  if (fault.kind !== 'padded') return bytes;
  const document = gzipped ? gunzipSync(bytes) : bytes;
  const padded = Buffer.concat([document, Buffer.alloc(Math.max(0, fault.bytes - document.length), ' ')]);
  return gzipped ? gzipSync(padded) : padded;
}

async function* drip(bytes: Buffer, { pieces, delayMs }: Extract<Fault, { kind: 'drip' }>): AsyncGenerator<Buffer> {
  for (let piece = 0; piece < pieces; piece += 1) {
    await sleep(delayMs);
    yield bytes.subarray(
      Math.floor((bytes.length * piece) / pieces),
      Math.floor((bytes.length * (piece + 1)) / pieces),
    );
  }
}
