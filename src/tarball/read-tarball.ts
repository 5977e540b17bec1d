/**
 * A tarball's bytes → the package's files, as npm would unpack them, in memory and bounded. Nothing is written or run.
 * A limit that is reached is said in the tree (`not-read`); bytes that npm could not unpack either are an error.
 */
import { GuardError } from '../errors.ts';
import type { PackageTree } from '../model/package-tree.ts';
import { decompress } from './decompress.ts';
import { startReading } from './reading.ts';
import type { TarballLimits } from './tarball-limits.ts';
import { createTreeBuilder } from './tree-builder.ts';
import { walkTar } from './walk-tar.ts';

/**
 * The files are views on one buffer, which lives as long as any of them.
 * A plain tar is not copied: its caller must not change the bytes afterwards.
 */
export async function readTarball(bytes: Uint8Array, overrides: Partial<TarballLimits> = {}): Promise<PackageTree> {
  if (bytes.length === 0) throw new GuardError('tarball-unreadable', 'The tarball is empty: it has no bytes at all.');
  const reading = startReading(overrides);
  const decompressed = await decompress(bytes, reading);
  const builder = createTreeBuilder(reading);
  for (const entry of walkTar(decompressed, reading)) builder.add(entry);
  const tree = builder.finish();
  const limited = tree.anomalies.some((anomaly) => anomaly.kind === 'not-read');
  if (tree.files.size === 0 && !limited) {
    throw new GuardError('tarball-unreadable', 'The tarball holds no file that npm would unpack.');
  }
  return tree;
}
