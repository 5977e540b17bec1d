/** One added dependency: the release that npm would take for it, read as if it replaced nothing. */
import type { Change, ChangeFacts, DependencyRelease, ManifestComparison } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type { Packument } from '../registry/packument.ts';
import type { Registry } from '../registry/registry.ts';
import { compareContents } from './compare-contents.ts';
import { findBundled, listInstallEvents } from './find-bundled.ts';
import type { ReleaseName } from './load-release.ts';
import { loadRelease } from './load-release.ts';
import type { WantedVersion } from './parse-dependency.ts';
import { findWantedVersion } from './parse-dependency.ts';
import { findIntegrity, findRegistryFacts } from './registry-facts.ts';

/** A package whose dependencies are asked for. */
export interface Dependent extends ReleaseName {
  readonly manifests: ManifestComparison;
  readonly bundled: ReadonlyMap<string, DependencyRelease>;
}

export interface WantedRelease extends ReleaseName {
  readonly packument: Packument;
}

export interface ReadAddition {
  readonly dependent: Dependent;
  readonly release: DependencyRelease;
  readonly subject: Change['subject'];
  readonly facts: Omit<ChangeFacts, 'addedDependencies'>;
  readonly unpackedBytes: number;
}

export async function loadWantedRelease(registry: Registry, wanted: WantedVersion): Promise<Fact<WantedRelease>> {
  const { name, selector } = wanted;
  const packument = await registry.loadPackument(name);
  if (!packument.known) return packument;
  const version = findWantedVersion(packument.value.history, wanted);
  if (version !== undefined) return known({ name, version, packument: packument.value });
  return missing('not-found', `No version of ${name} at the registry satisfies "${selector}".`);
}

export async function readAddition(registry: Registry, wanted: WantedRelease): Promise<Fact<ReadAddition>> {
  const { name, version, packument } = wanted;
  const loaded = await loadRelease(registry, wanted);
  if (!loaded.known) return loaded;
  const { digest, integrity, tree } = loaded.value;
  if (!tree.known) return tree;
  const contents = compareContents(undefined, tree.value);
  if (!contents.manifests.known) return contents.manifests;
  const manifest = contents.manifests.value.after;
  return known({
    dependent: { name, version, manifests: contents.manifests.value, bundled: findBundled(tree.value, manifest) },
    release: {
      name,
      version,
      installEvents: contents.modules.known
        ? contents.modules.value.after.hooks.map((hook) => hook.event)
        : listInstallEvents(manifest.scripts),
      publishedAt: findPublishTime(packument, version),
    },
    subject: { name, from: undefined, to: version, integrity: { from: undefined, to: digest }, source: 'registry' },
    facts: {
      ...contents,
      integrity: findIntegrity([[wanted, integrity]]),
      ...findRegistryFacts(known(packument), wanted),
    },
    unpackedBytes: tree.value.unpackedBytes,
  });
}

function findPublishTime({ name, publishTimes }: Packument, version: string): Fact<string> {
  if (!publishTimes.known) return publishTimes;
  const instant = publishTimes.value.get(version);
  return instant === undefined
    ? missing('not-served', `The registry does not say when ${name}@${version} was published.`)
    : known(instant);
}
