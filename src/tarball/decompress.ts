/**
 * A tarball's bytes → the tar inside, in memory and bounded. Accepts what npm accepts of what registries serve:
 * gzip, of one or several members, or a plain tar. The same zlib as npm's decides what is damaged.
 */
import { constants, createInflateRaw, createUnzip } from 'node:zlib';
import { GuardError } from '../errors.ts';
import type { AnomalyLog } from './anomaly-log.ts';
import { isZeroFilled } from './is-zero-filled.ts';
import type { Reading } from './reading.ts';
import { ratioGraceBytes, renderBytes, type TarballLimits } from './tarball-limits.ts';

export interface Decompressed {
  readonly tar: Buffer;
  /** True when a limit stopped it: the tar is only the beginning of the whole. */
  readonly cut: boolean;
}

const pieceBytes = 256 * 1024;
/** Room after the expected end, so that zlib sees the end without asking for another chunk. */
const slackBytes = 64;
/** A gzip member ends with the checksum and the length of its contents, four bytes each. */
const trailerBytes = 8;
const fixedHeaderBytes = 10;
const headerFlags = { checksum: 2, extra: 4, name: 8, comment: 16 };

export async function decompress(bytes: Uint8Array, reading: Reading): Promise<Decompressed> {
  const { compressedBytes, unpackedBytes } = reading.limits;
  const input = cutTo(compressedBytes, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const cut = input.length < bytes.length;
  if (cut) reading.log.record('not-read', '', `the tarball is over ${renderBytes(compressedBytes)}`);
  if (startsWith(input, 0x28, 0xb5, 0x2f, 0xfd)) {
    throw new GuardError('tarball-unreadable', 'The tarball is compressed with Zstandard; packages are gzipped.');
  }
  if (startsWith(input, 0x1f, 0x8b)) return gunzip({ input, cut }, reading);
  if (input.length <= unpackedBytes) return { tar: input, cut };
  reading.log.record('not-read', '', describeSizeLimit(unpackedBytes, reading.limits));
  return { tar: cutTo(unpackedBytes, input), cut: true };
}

interface Gzip {
  readonly input: Buffer;
  readonly cut: boolean;
}

interface Inflated {
  readonly tar: Buffer;
  /** How many bytes of the input belong to gzip members. */
  readonly consumed: number;
  /** The limit that was reached. */
  readonly limit: string | undefined;
}

async function gunzip(gzip: Gzip, reading: Reading): Promise<Decompressed> {
  try {
    const { tar, consumed, limit } = (await inflateAtOnce(gzip, reading)) ?? (await inflatePiecewise(gzip, reading));
    if (limit !== undefined) reading.log.record('not-read', '', limit);
    else if (!gzip.cut) await recordOddEnd(gzip.input, { consumed, unpacked: tar.length }, reading.log);
    return { tar, cut: gzip.cut || limit !== undefined };
  } catch (cause) {
    if (!isZlibError(cause)) throw cause;
    throw new GuardError('tarball-unreadable', describeGzipFault(cause.message), { cause });
  }
}

/**
 * Into one buffer of the length that gzip stores at its end: no copy, and a third less time.
 * Undefined when that length is over the limit or turns out to be wrong.
 */
async function inflateAtOnce({ input, cut }: Gzip, { limits }: Reading): Promise<Inflated | undefined> {
  const stored = input.length >= trailerBytes ? input.readUInt32LE(input.length - 4) : 0;
  if (cut || stored > findMostBytes(input, limits)) return undefined;
  const stream = createUnzip({ chunkSize: stored + slackBytes });
  stream.end(input);
  let tar: Buffer = Buffer.alloc(0);
  // Safe: without an encoding, zlib streams yield buffers.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (tar.length > 0) return undefined;
    tar = chunk;
  }
  return { tar, consumed: stream.bytesWritten, limit: undefined };
}

/** Piece by piece, never beyond the limit. The buffer's pages are only taken from the system once they are written. */
async function inflatePiecewise({ input, cut }: Gzip, reading: Reading): Promise<Inflated> {
  const mostBytes = findMostBytes(input, reading.limits);
  const tar = Buffer.allocUnsafeSlow(mostBytes);
  const finishFlush = cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH;
  const stream = createUnzip({ chunkSize: pieceBytes, finishFlush });
  stream.end(input);
  let total = 0;
  let limit: string | undefined;
  // Safe: without an encoding, zlib streams yield buffers.
  for await (const piece of stream as AsyncIterable<Buffer>) {
    piece.copy(tar, total);
    total += piece.length;
    if (total <= mostBytes) continue;
    limit = describeSizeLimit(mostBytes, reading.limits);
    break;
  }
  return { tar: cutTo(total, tar), consumed: stream.bytesWritten, limit };
}

function findMostBytes(input: Buffer, limits: TarballLimits): number {
  return Math.min(limits.unpackedBytes, Math.max(ratioGraceBytes, input.length * limits.compressionRatio));
}

function describeSizeLimit(mostBytes: number, limits: TarballLimits): string {
  return mostBytes === limits.unpackedBytes
    ? `it unpacks to over ${renderBytes(mostBytes)}`
    : `it unpacks to over ${limits.compressionRatio} times its size`;
}

/** Z_DATA_ERROR, Z_BUF_ERROR …: about the bytes. Anything else is not their fault. */
function isZlibError(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
}

function describeGzipFault(message: string): string {
  if (message === 'unexpected end of file') return 'The tarball is truncated: its gzip stream ends early.';
  return `The tarball is damaged, or has bytes after its end: its gzip stream cannot be read (${message}).`;
}

/** What stands behind the first gzip member: some readers see it, others do not. */
async function recordOddEnd(
  input: Buffer,
  size: { readonly consumed: number; readonly unpacked: number },
  log: AnomalyLog,
): Promise<void> {
  const rest = input.subarray(size.consumed);
  if (!isZeroFilled(rest)) {
    log.record('trailing-bytes', '', `${rest.length} bytes stand after the end of the gzip stream`);
  }
  const stored = size.consumed >= trailerBytes ? input.readUInt32LE(size.consumed - 4) : 0;
  if (stored !== size.unpacked % 2 ** 32 || (await beginsEmpty(input.subarray(0, size.consumed)))) {
    log.record('concatenated-gzip', '', 'several gzip members stand one after another');
  }
}

/** Whether empty members stand before the last one: the only ones that its length does not give away. */
async function beginsEmpty(members: Buffer): Promise<boolean> {
  const begin = findContents(members);
  const stream = createInflateRaw({ chunkSize: 64 });
  stream.end(members.subarray(begin));
  for await (const _piece of stream) return false;
  return begin + stream.bytesWritten + trailerBytes < members.length;
}

/** Behind the first member's header (RFC 1952). */
function findContents(members: Buffer): number {
  const flags = members[3] ?? 0;
  let at = fixedHeaderBytes;
  if ((flags & headerFlags.extra) !== 0) at += 2 + members.readUInt16LE(at);
  if ((flags & headerFlags.name) !== 0) at = members.indexOf(0, at) + 1;
  if ((flags & headerFlags.comment) !== 0) at = members.indexOf(0, at) + 1;
  return (flags & headerFlags.checksum) === 0 ? at : at + 2;
}

function cutTo(mostBytes: number, bytes: Buffer): Buffer {
  return bytes.length > mostBytes ? bytes.subarray(0, mostBytes) : bytes;
}

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
