/** A pair of versions from the registry, as trees. Tarballs that npm's cache has are not fetched again. */
import { loadRelease } from '../../src/guard/load-release.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { CorpusPair } from '../corpus-list.ts';
import type { Host } from './judge-host.ts';

/** Throws a sentence where a version cannot be had, or is not the one that the list means. */
export async function loadHost({ name, old, new: next, ...pair }: CorpusPair, registry: Registry): Promise<Host> {
  const load = async (version: string, integrity: string | undefined): Promise<PackageTree> => {
    const release = await loadRelease(registry, { name, version }, { integrity });
    if (!release.known) throw new Error(`${name}@${version} cannot be had: ${release.detail}`);
    if (integrity !== undefined && release.value.digest !== integrity)
      throw new Error(`${name}@${version} is another tarball than the list names.`);
    const { tree } = release.value;
    if (!tree.known) throw new Error(`${name}@${version} cannot be read: ${tree.detail}`);
    return tree.value;
  };
  const [before, after] = await Promise.all([load(old, pair.oldIntegrity), load(next, pair.newIntegrity)]);
  return { name, from: old, to: next, sides: { before, after } };
}
