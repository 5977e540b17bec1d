/** What a packument tells about one version of a change. */
import type { ChangeFacts, IntegrityRecord } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type { Packument } from '../registry/packument.ts';
import type { ReleaseName } from './load-release.ts';

export type RegistryFacts = Pick<ChangeFacts, 'registryManifest' | 'versions' | 'publishTimes'>;

export function findRegistryFacts(packument: Fact<Packument>, { name, version }: ReleaseName): RegistryFacts {
  if (!packument.known) return { registryManifest: packument, versions: packument, publishTimes: packument };
  const { history, publishTimes, findManifest } = packument.value;
  const manifest = findManifest(version);
  return {
    registryManifest:
      manifest === undefined
        ? missing('not-found', `The registry's packument of ${name} has no version ${version}.`)
        : known(manifest),
    versions: known(history),
    publishTimes,
  };
}

/** @param records What was claimed for each tarball that was read. A tarball that nobody vouches for is not known to be the one. */
export function findIntegrity(
  records: readonly (readonly [ReleaseName, readonly IntegrityRecord[]])[],
): ChangeFacts['integrity'] {
  const unclaimed = records.find(([, claims]) => claims.length === 0);
  if (unclaimed === undefined) return known(records.flatMap(([, claims]) => claims));
  const [{ name, version }] = unclaimed;
  return missing('not-served', `The registry gives no integrity and no shasum for ${name}@${version}.`);
}
