/**
 * A tree of which only what can be read stays in memory. Many packages bring one large program for each platform, and all
 * that is told of such a program is its format, its size and its digest.
 */
import type { PackageFile, PackageTree } from '../model/package-tree.ts';
import { createFile } from './create-file.ts';

/** Smaller ones are not worth it. */
const minBytes = 256 * 1024;
const nativeFormats: ReadonlySet<PackageFile['format']> = new Set(['elf', 'pe', 'mach-o', 'node-addon']);
/** No JavaScript begins so, whatever follows: a character that may stand in texts and comments only. */
const noProgramText = /^\w*[\0\x7f\ufffd]/;

/** Where one goes, all other files become copies: a view would keep the whole tarball. */
export function letProgramsGo(tree: PackageTree): PackageTree {
  if (![...tree.files.values()].some(isProgram)) return tree;
  const files = new Map(
    [...tree.files].map(([path, file]) => [path, isProgram(file) ? withoutBytes(file) : copyOf(file)]),
  );
  return { ...tree, files };
}

function isProgram({ format, bytes }: PackageFile): boolean {
  return (
    nativeFormats.has(format) &&
    bytes.length >= minBytes &&
    noProgramText.test(Buffer.from(bytes.subarray(0, 4)).toString())
  );
}

function withoutBytes({ path, digest, size, format, executable }: PackageFile): PackageFile {
  return { path, bytes: new Uint8Array(), digest, size, format, executable };
}

function copyOf({ path, bytes, format, executable }: PackageFile): PackageFile {
  return createFile({ path, bytes: bytes.slice(), format, executable });
}
