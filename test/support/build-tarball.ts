/**
 * Writes npm tarballs in memory, byte for byte the same each time: plain ones from a list of paths,
 * and broken or hostile ones from entries whose every header field can be set, or from raw blocks.
 */
import { gzipSync, zstdCompressSync } from 'node:zlib';

export type TarballFiles = Readonly<Record<string, string | Uint8Array>>;

/** One header and its body. Whatever is left out is what `npm pack` would write. */
export interface TarEntry {
  /** As it stands in the header, root folder included: `package/index.js`. Bytes for names that are no UTF-8. */
  readonly path: string | Uint8Array;
  readonly body?: string | Uint8Array;
  /** Default 0o644. */
  readonly mode?: number;
  /** The type flag: '0' file (default), '' old file, '1' hard link, '2' symbolic link, '3' device, '5' folder, 'L' GNU long name … */
  readonly type?: string;
  readonly linkpath?: string;
  /** The ustar prefix field: a folder that stands before `path`. */
  readonly prefix?: string;
  /** The header's size, where it shall not be the body's. */
  readonly size?: number;
  /** The twelve bytes of the size field, where octal will not do: base-256, garbage. */
  readonly sizeField?: Uint8Array;
  /** The number in the checksum field, where it shall be wrong. */
  readonly checksum?: number;
  /** Records of a pax header written before this entry: `{ path: 'package/…' }`. */
  readonly pax?: Readonly<Record<string, string>>;
}

/** Blocks written as they are. */
export interface RawBlocks {
  readonly raw: Uint8Array;
}

export interface TarballOptions {
  /** The folder put before every path of a `TarballFiles`; default `package`. */
  readonly root?: string;
  readonly compression?: 'gzip' | 'zstd' | 'none';
  /** False leaves out the two empty blocks at the end. */
  readonly end?: boolean;
  /** Written after the end of the tar, and compressed with it. */
  readonly afterTar?: Uint8Array;
  /** Written after the compressed bytes, as they are. */
  readonly afterGzip?: Uint8Array;
}

const blockBytes = 512;
/** What the header's path field holds; a longer path is cut, and needs `prefix` or `pax` besides. */
const pathBytes = 100;

/** A tarball of these files, each below `package/`, or of these entries, exactly as given. */
export function buildTarball(
  contents: TarballFiles | readonly (TarEntry | RawBlocks)[],
  options: TarballOptions = {},
): Uint8Array {
  const entries = isEntries(contents) ? contents : entriesOf(contents, options.root ?? 'package');
  const blocks = entries.map((entry) => ('raw' in entry ? entry.raw : buildEntry(entry)));
  if (options.end !== false) blocks.push(new Uint8Array(2 * blockBytes));
  if (options.afterTar !== undefined) blocks.push(options.afterTar);
  const compressed = compress(Buffer.concat(blocks), options.compression ?? 'gzip');
  return Buffer.concat([compressed, options.afterGzip ?? new Uint8Array()]);
}

/** One entry's blocks: its pax header if it has one, its header, its body, padded. */
export function buildEntry(entry: TarEntry): Uint8Array {
  const body = toBytes(entry.body ?? '');
  const blocks = [buildHeader(entry, body.length), pad(body)];
  if (entry.pax === undefined) return Buffer.concat(blocks);
  const records = toBytes(Object.entries(entry.pax).map(renderPaxRecord).join(''));
  const pax: TarEntry = { path: 'PaxHeader/entry', type: 'x' };
  return Buffer.concat([buildHeader(pax, records.length), pad(records), ...blocks]);
}

/** The gzip of these bytes, the same on every platform. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const compressed = gzipSync(bytes);
  // Byte 9 names the operating system.
  compressed[9] = 255;
  return compressed;
}

function isEntries(
  contents: TarballFiles | readonly (TarEntry | RawBlocks)[],
): contents is readonly (TarEntry | RawBlocks)[] {
  return Array.isArray(contents);
}

function entriesOf(files: TarballFiles, root: string): readonly TarEntry[] {
  return Object.entries(files).map(([name, body]) => {
    const path = `${root}/${name}`;
    return Buffer.byteLength(path) > pathBytes ? { path, body, pax: { path } } : { path, body };
  });
}

function buildHeader(entry: TarEntry, bodyBytes: number): Uint8Array {
  const header = Buffer.alloc(blockBytes);
  header.set(toBytes(entry.path).subarray(0, pathBytes), 0);
  header.write(octal(entry.mode ?? 0o644, 8), 100, 'latin1');
  header.write(octal(0, 8), 108, 'latin1');
  header.write(octal(0, 8), 116, 'latin1');
  header.write(octal(entry.size ?? bodyBytes, 12), 124, 'latin1');
  if (entry.sizeField !== undefined) header.set(entry.sizeField.subarray(0, 12), 124);
  // The time that `npm pack` gives every file.
  header.write(octal(499_162_500, 12), 136, 'latin1');
  header.write('        ', 148, 'latin1');
  header.write(entry.type ?? '0', 156, 'latin1');
  header.write(entry.linkpath ?? '', 157, 100);
  header.write('ustar\u000000', 257, 'latin1');
  header.write(entry.prefix ?? '', 345, 155);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${(entry.checksum ?? sum).toString(8).padStart(6, '0')}\0 `, 148, 8, 'latin1');
  return header;
}

/** `27 path=package/index.js\n`: the number counts the whole record, itself included. */
function renderPaxRecord([key, value]: readonly [string, string]): string {
  const rest = ` ${key}=${value}\n`;
  const restBytes = Buffer.byteLength(rest);
  let total = restBytes + 1;
  while (String(total).length + restBytes !== total) total += 1;
  return `${total}${rest}`;
}

function compress(bytes: Uint8Array, compression: 'gzip' | 'zstd' | 'none'): Uint8Array {
  if (compression === 'gzip') return gzip(bytes);
  return compression === 'zstd' ? zstdCompressSync(bytes) : bytes;
}

function octal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

function pad(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / blockBytes) * blockBytes);
  padded.set(bytes);
  return padded;
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}
