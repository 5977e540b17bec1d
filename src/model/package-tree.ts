/** What a tarball holds, as bytes: nothing here was ever written to disk or run. All of it is the attacker's. */

/**
 * What a file is, told by its first bytes where those decide (native programs, archives, a hashbang),
 * and by its name otherwise. `data` is anything binary that has no name of its own here.
 */
export type FileFormat =
  | 'javascript'
  | 'typescript'
  | 'json'
  | 'shell'
  | 'batch'
  | 'gyp'
  | 'text'
  | 'elf'
  | 'pe'
  | 'mach-o'
  | 'node-addon'
  | 'wasm'
  | 'archive'
  | 'image'
  | 'font'
  | 'data';

export interface PackageFile {
  /** Path inside the package, `/`-separated, without the tarball's root folder: `lib/index.js`. */
  readonly path: string;
  /** None where the file is a program that was let go, of which `size` is the length: see `let-programs-go`. */
  readonly bytes: Uint8Array;
  /** In bytes, as it was unpacked. */
  readonly size: number;
  /** Hex SHA-256 of its bytes: equal digests are equal contents. */
  readonly digest: string;
  readonly format: FileFormat;
  /** True when any execute bit is set in the tarball's mode. */
  readonly executable: boolean;
}

/** Something npm's own packer does not produce, or a limit that stopped us. */
export interface TarballAnomaly {
  readonly kind:
    | 'absolute-path'
    | 'parent-path'
    | 'link'
    | 'device'
    | 'duplicate-path'
    | 'case-collision'
    | 'outside-root'
    | 'bad-utf8'
    /** A name that systems read differently (a backslash), or that cannot be a file's everywhere. */
    | 'ambiguous-path'
    /** A header npm passes over: a wrong checksum, an unknown type, oversized metadata. Other readers may not. */
    | 'bad-header'
    | 'trailing-bytes'
    | 'concatenated-gzip'
    /** A limit was reached: what lies beyond was not read. */
    | 'not-read';
  /** The entry's path as the tarball gives it; empty when the anomaly is the tarball's own. */
  readonly path: string;
  readonly detail: string;
}

export interface PackageTree {
  /** By path, in the tarball's order. On a duplicate path the last entry wins, as it does for npm. */
  readonly files: ReadonlyMap<string, PackageFile>;
  readonly anomalies: readonly TarballAnomaly[];
  /** Sum of the files' bytes. */
  readonly unpackedBytes: number;
}

const decoder = new TextDecoder('utf-8', { fatal: false, ignoreBOM: true });
const texts = new WeakMap<PackageFile, string>();

/** The file decoded as UTF-8 (bad sequences become U+FFFD), decoded once. */
export function textOf(file: PackageFile): string {
  let text = texts.get(file);
  if (text === undefined) {
    text = decoder.decode(file.bytes);
    texts.set(file, text);
  }
  return text;
}
