/** One version's tarball → its tree and digests. What cannot be had or read is a missing fact. */
import { GuardError } from '../errors.ts';
import type { IntegrityRecord } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type { PackageTree } from '../model/package-tree.ts';
import type { Registry, Tarball, TarballOptions } from '../registry/registry.ts';
import { readTarball } from '../tarball/read-tarball.ts';
import type { TarballLimits } from '../tarball/tarball-limits.ts';

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
  name: ReleaseName,
  options: TarballOptions = {},
): Promise<Fact<LoadedRelease>> {
  const tarball = await registry.loadTarball(name.name, name.version, options);
  return tarball.known ? known(await readRelease(name, tarball.value)) : tarball;
}

export async function readRelease(
  { name, version }: ReleaseName,
  { bytes, digest, integrity }: Tarball,
  limits: Partial<TarballLimits> = {},
): Promise<LoadedRelease> {
  return { digest, integrity, tree: await readTree(bytes, `${name}@${version}`, limits) };
}

async function readTree(bytes: Uint8Array, about: string, limits: Partial<TarballLimits>): Promise<Fact<PackageTree>> {
  try {
    return known(await readTarball(bytes, limits));
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return missing('malformed', `The tarball of ${about} cannot be read: ${error.message}`);
  }
}
