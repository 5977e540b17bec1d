/**
 * A tarball's bytes → the tar inside, in memory and bounded. Accepts what npm accepts of what registries serve:
 * gzip, of one or several members, or a plain tar. The same zlib as npm's decides what is damaged.
 */
import { constants, createUnzip } from 'node:zlib';
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

const leastChunkBytes = 64 * 1024;
/** Room after the expected end, so that zlib sees the end without asking for another chunk. */
const slackBytes = 64;
/** A gzip member ends with the checksum and the length of its contents, four bytes each. */
const trailerBytes = 8;
/** The trailer of an empty member and the header of another: the one way to hide a member from a look at lengths. */
const emptyMemberThenAnother = Buffer.from('00000000000000001f8b08', 'hex');

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

async function gunzip(gzip: Gzip, reading: Reading): Promise<Decompressed> {
  const { limits, log } = reading;
  const ratioBytes = Math.max(ratioGraceBytes, gzip.input.length * limits.compressionRatio);
  const mostBytes = Math.min(limits.unpackedBytes, ratioBytes);
  const stream = createUnzip({
    chunkSize: chooseChunkBytes(gzip.input, mostBytes),
    finishFlush: gzip.cut ? constants.Z_SYNC_FLUSH : constants.Z_FINISH,
  });
  stream.end(gzip.input);
  const chunks: Buffer[] = [];
  let total = 0;
  let limit: string | undefined;
  try {
    // Safe: without an encoding, zlib streams yield buffers.
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(cutTo(mostBytes - total, chunk));
      total += chunk.length;
      limit = total > mostBytes ? describeSizeLimit(mostBytes, limits) : reading.findLateness();
      if (limit !== undefined) break;
    }
  } catch (cause) {
    throw new GuardError('tarball-unreadable', describeGzipFault(cause), { cause });
  }
  if (limit !== undefined) log.record('not-read', '', limit);
  else if (!gzip.cut) recordOddEnd(gzip.input, { consumed: stream.bytesWritten, unpacked: total }, log);
  return { tar: joinChunks(chunks), cut: gzip.cut || limit !== undefined };
}

/** One chunk for the whole, from the length stored at gzip's end: no copy, and less time. The length may lie. */
function chooseChunkBytes(input: Buffer, mostBytes: number): number {
  const stored = input.length >= trailerBytes ? input.readUInt32LE(input.length - 4) : 0;
  return Math.min(Math.max(stored, leastChunkBytes), mostBytes) + slackBytes;
}

function joinChunks(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks;
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
}

function describeSizeLimit(mostBytes: number, limits: TarballLimits): string {
  return mostBytes === limits.unpackedBytes
    ? `it unpacks to over ${renderBytes(mostBytes)}`
    : `it unpacks to over ${limits.compressionRatio} times its size`;
}

function describeGzipFault(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (message === 'unexpected end of file') return 'The tarball is truncated: its gzip stream ends early.';
  return `The tarball is damaged, or has bytes after its end: its gzip stream cannot be read (${message}).`;
}

/** What stands behind the first gzip member: some readers see it, others do not. */
function recordOddEnd(
  input: Buffer,
  size: { readonly consumed: number; readonly unpacked: number },
  log: AnomalyLog,
): void {
  const rest = input.subarray(size.consumed);
  if (!isZeroFilled(rest)) {
    log.record('trailing-bytes', '', `${rest.length} bytes stand after the end of the gzip stream`);
  }
  const stored = size.consumed >= trailerBytes ? input.readUInt32LE(size.consumed - 4) : 0;
  if (stored !== size.unpacked % 2 ** 32 || input.includes(emptyMemberThenAnother)) {
    log.record('concatenated-gzip', '', 'several gzip members stand one after another');
  }
}

function cutTo(mostBytes: number, bytes: Buffer): Buffer {
  return bytes.length > mostBytes ? bytes.subarray(0, mostBytes) : bytes;
}

function startsWith(bytes: Uint8Array, ...magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte);
}
