/**
 * A tar → its entries, as views on it. node-tar's own parser, the one npm installs with, interprets every header;
 * this file only hands it one block at a time and so knows where each body stands. See docs/decisions/0001-tarball-reader.md.
 */
import { Parser, type ReadEntry } from 'tar';
import { GuardError } from '../errors.ts';
import type { AnomalyLog } from './anomaly-log.ts';
import type { Decompressed } from './decompress.ts';
import { isZeroFilled } from './is-zero-filled.ts';
import type { Reading } from './reading.ts';
import { renderBytes } from './tarball-limits.ts';

export interface WalkedEntry {
  /** As the tarball gives it: nothing stripped, nothing refused yet. */
  readonly path: string;
  /** node-tar's name for the type flag: `File`, `Link`, `Directory` … */
  readonly type: string;
  readonly mode: number;
  readonly bytes: Uint8Array;
}

const blockBytes = 512;

/** Yields every complete entry that is no metadata. Throws where npm would give up. */
export function* walkTar({ tar, cut }: Decompressed, reading: Reading): Generator<WalkedEntry, void, void> {
  const { limits, log } = reading;
  const reader = createHeaderReader(tar, log);
  let position = 0;
  while (position < tar.length && !reader.ended) {
    const header = reader.read(position, position + blockBytes);
    position += blockBytes;
    const limit = reader.entries > limits.entries ? `it has over ${limits.entries} entries` : reading.findLateness();
    if (limit !== undefined) {
      log.record('not-read', '', limit);
      return;
    }
    if (header === undefined) continue;
    const end = position + header.startBlockSize;
    // An entry that asks for more than there is ends the walk, as truncated.
    if (end <= tar.length) yield toEntry(header, tar, position);
    reader.read(position, end);
    position = end;
  }
  if (cut) return;
  reader.end();
  const rest = tar.subarray(reader.ended ? position : tar.length - (tar.length % blockBytes));
  if (!isZeroFilled(rest)) log.record('trailing-bytes', '', `${rest.length} bytes stand after the end of the tar`);
}

interface HeaderReader {
  readonly ended: boolean;
  /** Headers read so far, those that npm passes over included; without metadata. */
  readonly entries: number;
  /** Feeds one header or one body; answers with the header when there is one for an entry. */
  read(start: number, end: number): ReadEntry | undefined;
  end(): void;
}

function createHeaderReader(tar: Buffer, log: AnomalyLog): HeaderReader {
  let found: ReadEntry | undefined;
  let ended = false;
  let entries = 0;
  const parser = new Parser({
    zstd: false,
    // Every entry is passed over: its body is cut out of the tar without running through a stream.
    filter: (_path, entry) => {
      // Safe: node-tar calls the filter with a Stats only when it writes tarballs.
      found = entry as ReadEntry;
      entries += 1;
      return false;
    },
  });
  parser.on('eof', () => {
    ended = true;
  });
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    if (entry === found) return;
    entries += 1;
    recordUnknown(entry, log);
  });
  parser.on('warn', (code: string, message: string | Error) => {
    entries += 1;
    handleWarning(code, String(message), log);
  });
  // A first block that looks like gzip would be unpacked once more, which npm, past that step, does not do.
  // An empty block before it changes nothing else: it counts only when a second one follows.
  if (tar[0] === 0x1f && tar[1] === 0x8b) feed(() => parser.write(Buffer.alloc(blockBytes)));
  return {
    get ended() {
      return ended;
    },
    get entries() {
      return entries;
    },
    read(start, end) {
      found = undefined;
      if (end > start) feed(() => parser.write(tar.subarray(start, end)));
      return found;
    },
    end: () => feed(() => parser.end()),
  };
}

/** What node-tar throws over a header would stop npm too. */
function feed(give: () => void): void {
  try {
    give();
  } catch (cause) {
    if (cause instanceof GuardError) throw cause;
    const sentence = 'The tar inside the tarball has a header that cannot be read.';
    throw new GuardError('tarball-unreadable', sentence, { cause });
  }
}

function toEntry(header: ReadEntry, tar: Buffer, start: number): WalkedEntry {
  return {
    path: header.path,
    type: header.type,
    mode: header.mode ?? 0,
    // Not a Buffer, whose `slice` and `toString` differ from what the type promises. A pax size may be a fraction.
    bytes: new Uint8Array(tar.buffer, tar.byteOffset + start, Math.trunc(header.remain)),
  };
}

/** What never reached the filter: node-tar has no use for it. */
function recordUnknown(entry: ReadEntry, log: AnomalyLog): void {
  const what = entry.meta ? `metadata of ${renderBytes(entry.size)}` : `an entry of type ${entry.type}`;
  log.record('bad-header', entry.path, `npm passes over ${what}`);
}

/** node-tar's warnings: an invalid header is passed over, as npm does; a bad archive is where npm gives up. */
function handleWarning(code: string, message: string, log: AnomalyLog): void {
  if (code === 'TAR_ENTRY_INVALID') {
    log.record('bad-header', '', `npm passes over a header: ${message}`);
    return;
  }
  const sentence = message.startsWith('Truncated')
    ? 'The tarball is truncated: its last entry is longer than what is there.'
    : 'The bytes are no tar archive, neither gzipped nor plain.';
  throw new GuardError('tarball-unreadable', sentence);
}
