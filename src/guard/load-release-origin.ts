/** Who vouches for the new version, and for the old one: the registry's word on signatures, provenance and publishers. */
import SemVer from 'semver/classes/semver.js';
import type { ChangeFacts, PublishTimes, VersionHistory } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type {
  Provenance,
  ProvenanceComparison,
  PublisherComparison,
  SignatureRecord,
} from '../model/release-origin.ts';
import type { Packument } from '../registry/packument.ts';
import type { Registry } from '../registry/registry.ts';

export type OriginFacts = Pick<ChangeFacts, 'signatures' | 'provenance' | 'publishers'>;

export interface Versions {
  readonly name: string;
  /** Undefined when the package replaces nothing. */
  readonly from: string | undefined;
  readonly to: string;
}

export async function loadReleaseOrigin(registry: Registry, versions: Versions): Promise<OriginFacts> {
  const { name, from, to } = versions;
  const packument = await registry.loadPackument(name, { containing: from === undefined ? [to] : [from, to] });
  if (!packument.known) return { signatures: packument, provenance: packument, publishers: packument };
  const [before, after] = await Promise.all([
    loadOldProvenance(registry, packument.value, versions),
    registry.loadSignedRelease(name, to),
  ]);
  return {
    signatures: addUnsigned(after.signatures, packument.value, versions),
    provenance: compareProvenance(before, after.provenance, findNeighbor(packument.value, to)),
    publishers: findPublishers(packument.value, versions),
  };
}

/** A registry that signs signs every version: none for this one is no mirror's habit. */
function addUnsigned(
  signatures: Fact<readonly SignatureRecord[]>,
  { findOrigin }: Packument,
  { from, to }: Versions,
): Fact<readonly SignatureRecord[]> {
  const isSigned = (version: string) => (findOrigin(version)?.signatures.length ?? 0) > 0;
  if (from === undefined || !isSigned(from) || isSigned(to)) return signatures;
  const reason = `the registry signed ${from}, and did not sign ${to}`;
  const record: SignatureRecord = { of: 'registry', index: 0, name: '', outcome: 'missing', reason };
  return known([record, ...(signatures.known ? signatures.value : [])]);
}

/** Its source matters only where there is another to compare it with. Undefined when nothing is replaced. */
async function loadOldProvenance(
  registry: Registry,
  { findOrigin }: Packument,
  { name, from, to }: Versions,
): Promise<Fact<Provenance> | undefined> {
  if (from === undefined) return undefined;
  if (findOrigin(from)?.hasProvenance !== true) return known({ state: 'absent' });
  if (findOrigin(to)?.hasAttestations !== true) return known({ state: 'claimed' });
  return (await registry.loadSignedRelease(name, from)).provenance;
}

function compareProvenance(
  before: Fact<Provenance> | undefined,
  after: Fact<Provenance>,
  neighbor: ProvenanceComparison['neighbor'],
): Fact<ProvenanceComparison> {
  if (!after.known) return after;
  if (before?.known === false) return before;
  return known({ before: before?.value, after: after.value, neighbor });
}

function findNeighbor({ history, findOrigin }: Packument, to: string): ProvenanceComparison['neighbor'] {
  const version = history.versions.slice(0, Math.max(0, history.versions.indexOf(to))).findLast(isSameKind(to));
  return version === undefined ? undefined : { version, hasProvenance: findOrigin(version)?.hasProvenance === true };
}

function isSameKind(to: string): (version: string) => boolean {
  const target = new SemVer(to, { loose: true });
  return (version) => {
    const { major, prerelease } = new SemVer(version, { loose: true });
    return major === target.major && prerelease.length > 0 === target.prerelease.length > 0;
  };
}

function findPublishers(
  { history, publishTimes, findOrigin }: Packument,
  versions: Versions,
): ChangeFacts['publishers'] {
  const { name, from, to } = versions;
  const after = findOrigin(to);
  const before = from === undefined ? undefined : findOrigin(from);
  const nameless = after?.publisher === undefined ? to : before && before.publisher === undefined ? from : undefined;
  if (after?.publisher === undefined || nameless !== undefined) {
    return missing('not-served', `The registry does not say who published ${name}@${nameless}.`);
  }
  const earlier = from === undefined ? [] : listEarlier(from, history, publishTimes);
  const comparison: PublisherComparison = {
    before: before?.publisher,
    after: after.publisher,
    earlier: new Set(earlier.flatMap((version) => findOrigin(version)?.publisher?.name ?? [])),
    maintainers: { before: before?.maintainers, after: after.maintainers },
  };
  return known(comparison);
}

/** By date where the registry tells it: who takes a package over may publish to its oldest lines as well. */
function listEarlier(from: string, history: VersionHistory, publishTimes: Fact<PublishTimes>): readonly string[] {
  const published = publishTimes.known ? publishTimes.value : new Map<string, string>();
  const instant = published.get(from);
  if (instant === undefined) return history.versions.slice(0, history.versions.indexOf(from) + 1);
  // ISO 8601 in UTC: the order of the texts is the order of the instants.
  return history.versions.filter((version) => (published.get(version) ?? '\uffff') <= instant);
}
