/** One added dependency: the release that npm would take for it, read as if it replaced nothing, or as what it does replace. */
import type { Change, ChangeFacts, DependencyRelease, ManifestComparison } from '../model/change.ts';
import { withoutLockFacts } from '../model/change.ts';
import type { Fact, Missing } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type { PackageTree } from '../model/package-tree.ts';
import type { Packument } from '../registry/packument.ts';
import type { Registry, Tarball } from '../registry/registry.ts';
import { letProgramsGo } from '../tarball/let-programs-go.ts';
import { readManifest } from '../tarball/read-manifest.ts';
import type { TarballLimits } from '../tarball/tarball-limits.ts';
import { compareContents } from './compare-contents.ts';
import { findBundled, listInstallEvents } from './find-bundled.ts';
import type { ReleaseName } from './load-release.ts';
import { readRelease } from './load-release.ts';
import type { OriginFacts } from './load-release-origin.ts';
import { loadReleaseOrigin } from './load-release-origin.ts';
import type { WantedVersion } from './parse-dependency.ts';
import { findWantedVersion } from './parse-dependency.ts';
import type { RegistryFacts } from './registry-facts.ts';
import { findIntegrity, findRegistryFacts } from './registry-facts.ts';
import type { SummaryMemory } from './summary-memory.ts';

/** A package whose dependencies are asked for. */
export interface Dependent extends ReleaseName {
  readonly manifests: ManifestComparison;
  readonly bundled: ReadonlyMap<string, DependencyRelease>;
}

/** The release that npm would take, and what the registry says about it. Its packument is let go: it may be very large. */
export interface WantedRelease extends ReleaseName {
  readonly facts: RegistryFacts & OriginFacts;
  readonly publishedAt: Fact<string>;
  /** The version that the old release brought itself, where the new one brings another. */
  readonly replaces?: string;
}

export interface AdditionTarballs {
  readonly before: Tarball | undefined;
  readonly after: Tarball;
}

export interface ReadAddition {
  readonly dependent: Dependent;
  readonly release: DependencyRelease;
  readonly subject: Change['subject'];
  readonly facts: Omit<ChangeFacts, 'addedDependencies'>;
  readonly unpackedBytes: number;
  /** Of these, what stays in memory. */
  readonly heldBytes: number;
}

export interface ReadOptions {
  readonly limits: Partial<TarballLimits>;
  readonly memory: SummaryMemory | undefined;
  /** The answer where it is cut off, because the others that came along have left too little. */
  readonly tooMuch: Missing | undefined;
}

export async function loadWantedRelease(registry: Registry, wanted: WantedVersion): Promise<Fact<WantedRelease>> {
  const { name, selector } = wanted;
  const packument = await registry.loadPackument(name);
  if (!packument.known) return packument;
  const version = findWantedVersion(packument.value.history, wanted);
  if (version === undefined) {
    return missing('not-found', `No version of ${name} at the registry satisfies "${selector}".`);
  }
  const facts = {
    ...findRegistryFacts(packument, { name, version }),
    ...(await loadReleaseOrigin(registry, { name, from: undefined, to: version })),
  };
  return known({ name, version, facts, publishedAt: findPublishTime(packument.value, version) });
}

export async function readAddition(
  wanted: WantedRelease,
  tarballs: AdditionTarballs,
  { limits, memory, tooMuch }: ReadOptions,
): Promise<Fact<ReadAddition>> {
  const { name, version, publishedAt } = wanted;
  const { digest, integrity, tree: unpacked } = await readRelease(wanted, tarballs.after, limits);
  if (!unpacked.known) return unpacked;
  if (tooMuch !== undefined && !isWhole(unpacked.value)) return tooMuch;
  const tree = letProgramsGo(unpacked.value);
  // Beside a tree that was cut off everything would seem to be gone.
  const old = isWhole(tree) ? await readReplaced(wanted, tarballs.before, limits) : undefined;
  const contents = await compareContents(old?.tree, tree, memory);
  if (!contents.manifests.known) return contents.manifests;
  const manifest = contents.manifests.value.after;
  const installEvents = contents.modules.known
    ? contents.modules.value.after.hooks.map((hook) => hook.event)
    : listInstallEvents(manifest.scripts);
  return known({
    dependent: { name, version, manifests: contents.manifests.value, bundled: findBundled(tree, manifest) },
    release: { name, version, installEvents, publishedAt },
    subject: {
      name,
      from: old && wanted.replaces,
      to: version,
      integrity: { from: old?.digest, to: digest },
      source: 'registry',
    },
    facts: { ...withoutLockFacts, ...contents, integrity: findIntegrity([[wanted, integrity]]), ...wanted.facts },
    unpackedBytes: tree.unpackedBytes + (old?.tree.unpackedBytes ?? 0),
    heldBytes: countHeld(tree) + (old === undefined ? 0 : countHeld(old.tree)),
  });
}

/** Without it the addition replaces nothing, and more is told of it rather than less. */
async function readReplaced(
  { name, replaces }: WantedRelease,
  tarball: Tarball | undefined,
  limits: Partial<TarballLimits>,
): Promise<{ readonly tree: PackageTree; readonly digest: string } | undefined> {
  if (tarball === undefined || replaces === undefined) return undefined;
  const { digest, tree } = await readRelease({ name, version: replaces }, tarball, limits);
  return tree.known && isWhole(tree.value) && readManifest(tree.value).known
    ? { tree: letProgramsGo(tree.value), digest }
    : undefined;
}

function isWhole({ anomalies }: PackageTree): boolean {
  return anomalies.every(({ kind }) => kind !== 'not-read');
}

function countHeld({ files }: PackageTree): number {
  return [...files.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function findPublishTime({ name, publishTimes }: Packument, version: string): Fact<string> {
  if (!publishTimes.known) return publishTimes;
  const instant = publishTimes.value.get(version);
  return instant === undefined
    ? missing('not-served', `The registry does not say when ${name}@${version} was published.`)
    : known(instant);
}
