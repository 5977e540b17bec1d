/** A tarball from the disk, read and named. It is the person's own argument: what cannot be read is their mistake. */
import { createHash } from 'node:crypto';
import { GuardError } from '../errors.ts';
import type { PackageTree } from '../model/package-tree.ts';
import { readManifest } from '../tarball/read-manifest.ts';
import { readTarball } from '../tarball/read-tarball.ts';

export interface LocalPackage {
  /** As its package.json says; the path where that says nothing. */
  readonly name: string;
  readonly version: string;
  /** SRI of the bytes. */
  readonly digest: string;
  readonly tree: PackageTree;
}

export async function readLocalTarball(bytes: Uint8Array, path: string): Promise<LocalPackage> {
  const digest = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
  const tree = await readNamed(bytes, path);
  const manifest = readManifest(tree);
  const { name, version } = manifest.known ? manifest.value : {};
  return { name: name ?? path, version: version ?? 'without a version', digest, tree };
}

async function readNamed(bytes: Uint8Array, path: string): Promise<PackageTree> {
  try {
    return await readTarball(bytes);
  } catch (cause) {
    if (!(cause instanceof GuardError)) throw cause;
    throw new GuardError(cause.code, `${path} is no package tarball. ${cause.message}`, { cause });
  }
}
