/** How much of a tarball is read: a package is the attacker's, and a small file can unpack to anything. */

export interface TarballLimits {
  /** The tarball as it is served. */
  readonly compressedBytes: number;
  /** The tar inside it, headers and padding included. */
  readonly unpackedBytes: number;
  /** Unpacked bytes for each compressed one, counted once `ratioGraceBytes` are unpacked. */
  readonly compressionRatio: number;
  /** Headers of every type, broken ones included; and folders, named or implied by a path. */
  readonly entries: number;
  readonly fileBytes: number;
  /** Characters of an entry's path, the root folder included. */
  readonly pathLength: number;
  /**
   * From the first entry to the last, in one go. Unpacking has no clock: it waits for its turn among other tarballs, and is
   * bounded by bytes.
   */
  readonly milliseconds: number;
}

const mebibyte = 1024 * 1024;

/** Two to three times what the largest packages of the registry need; their ratios stay below 50. */
export const tarballLimits: TarballLimits = {
  compressedBytes: 256 * mebibyte,
  unpackedBytes: 512 * mebibyte,
  compressionRatio: 200,
  entries: 100_000,
  fileBytes: 256 * mebibyte,
  pathLength: 1024,
  milliseconds: 60_000,
};

/** A small file of blanks may have any ratio. */
export const ratioGraceBytes: number = 16 * mebibyte;

export function renderBytes(bytes: number): string {
  return bytes >= mebibyte ? `${Math.round(bytes / mebibyte)} MiB` : `${bytes} bytes`;
}
