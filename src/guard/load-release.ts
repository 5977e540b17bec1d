/** One version's tarball → its tree and digests. What cannot be had or read is a missing fact. */
import { GuardError } from '../errors.ts';
import type { IntegrityRecord } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type { PackageTree } from '../model/package-tree.ts';
import type { Registry, TarballOptions } from '../registry/registry.ts';
import { readTarball } from '../tarball/read-tarball.ts';

export interface LoadedRelease {
  /** SRI of the bytes. */
  readonly digest: string;
  readonly integrity: readonly IntegrityRecord[];
  readonly tree: Fact<PackageTree>;
}

export interface ReleaseName {
  readonly name: string;
  readonly version: string;
}

export async function loadRelease(
  registry: Registry,
  { name, version }: ReleaseName,
  options: TarballOptions = {},
): Promise<Fact<LoadedRelease>> {
  const tarball = await registry.loadTarball(name, version, options);
  if (!tarball.known) return tarball;
  const { bytes, digest, integrity } = tarball.value;
  return known({ digest, integrity, tree: await readTree(bytes, `${name}@${version}`) });
}

async function readTree(bytes: Uint8Array, about: string): Promise<Fact<PackageTree>> {
  try {
    return known(await readTarball(bytes));
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return missing('malformed', `The tarball of ${about} cannot be read: ${error.message}`);
  }
}
