/** What the registry knows about the packages of a lockfile's change: their releases, versions, dates and advisories. */
import type { Change, PublishTimes } from '../model/change.ts';
import { type Fact, known, type Missing, missing } from '../model/fact.ts';
import type { Advisory, AdvisoryMatches, TestedVersion, VersionBounds } from '../model/lock-change.ts';
import type { Packument } from '../registry/packument.ts';
import type { Registry } from '../registry/registry.ts';
import { type FreeingQuestion, findBounds, findFreeingParent } from '../select/find-bounds.ts';
import { findTested } from '../select/find-tested.ts';
import { findFirstFixed, isVulnerable } from '../select/is-vulnerable.ts';
import { prepareVersions } from '../select/prepare-versions.ts';
import type { EntryQuestion } from './lock-changes.ts';

export interface RegistryWord {
  readonly facts: RegistryFacts;
  /** Versions that nothing may be moved to. */
  readonly excluded: ReadonlySet<string>;
}

type RegistryFacts = Pick<
  Change['facts'],
  'published' | 'bounds' | 'tested' | 'advisories' | 'deprecation' | 'publishTimes'
>;

export interface LockFactOptions {
  readonly registry: Registry;
  readonly asOf: string;
  readonly cooldownDays: number;
}

/** The advisories of one question, asked for all its packages at once. */
type Advisories = ReadonlyMap<string, Fact<readonly Advisory[]>>;

export async function loadAdvisories(questions: readonly EntryQuestion[], registry: Registry): Promise<Advisories> {
  const versions = new Map<string, Set<string>>();
  for (const { change } of questions) {
    const { name, from, to } = change.subject;
    const asked = versions.get(name) ?? new Set();
    for (const version of [from, to]) if (version !== undefined) asked.add(version);
    versions.set(name, asked);
  }
  return registry.loadAdvisories(new Map([...versions].map(([name, asked]) => [name, [...asked]])));
}

export async function loadRegistryWord(
  { change, entry }: EntryQuestion,
  table: Advisories,
  { registry, asOf, cooldownDays }: LockFactOptions,
): Promise<RegistryWord> {
  const { name, from, to } = change.subject;
  const advisories = table.get(name) ?? missing('not-served', `No registry was asked for advisories about ${name}.`);
  const packument = await registry.loadPackument(name, { containing: from === undefined ? [to] : [from, to] });
  const pair = { from, to };
  if (!packument.known) return withoutPackument(packument, matchAdvisories(pair, [], advisories));
  const { history, publishTimes, findRelease } = packument.value;
  const release = findRelease(to);
  const excluded = findExcluded(packument.value, advisories);
  const versions = prepareVersions(history.versions);
  const tested = async (times: PublishTimes): Promise<Fact<TestedVersion>> => {
    const loaded = await loadParentTimes(entry, registry);
    const parentTimes = (parent: string): Fact<PublishTimes> =>
      loaded.get(parent) ?? missing('not-consulted', `The registry was not asked about ${parent}.`);
    return findTested(entry.after, versions, { times, parentTimes, asOf, cooldownDays, excluded });
  };
  const facts: RegistryFacts = {
    published: release === undefined ? missing('not-found', `The registry has no ${name}@${to}.`) : known(release),
    bounds: known(await freeParent(findBounds(entry.after, versions, excluded), { versions, excluded, registry })),
    tested: publishTimes.known ? await tested(publishTimes.value) : publishTimes,
    advisories: matchAdvisories(pair, history.versions, advisories),
    deprecation: packument.value.findDeprecation(to),
    publishTimes: withOwnTime(publishTimes, { name, version: to }),
  };
  return { facts, excluded };
}

/** Times of other versions say nothing of this one's age. */
function withOwnTime(
  times: Fact<PublishTimes>,
  { name, version }: { readonly name: string; readonly version: string },
): Fact<PublishTimes> {
  if (!times.known || times.value.has(version)) return times;
  return missing('not-served', `The registry does not say when ${name}@${version} was published.`);
}

/** Where every version in range is excluded: which version of the dependent no longer forces one. */
async function freeParent(
  bounds: VersionBounds,
  { versions, excluded, registry }: Pick<FreeingQuestion, 'versions' | 'excluded'> & { readonly registry: Registry },
): Promise<VersionBounds> {
  const by = bounds.forced?.by;
  if (by === undefined || by.from.source !== 'registry') return bounds;
  const packument = await registry.loadPackument(by.from.name, { containing: [by.from.version ?? ''] });
  if (!packument.known) return bounds;
  const { history, findRelease } = packument.value;
  const parents = new Map<string, string | undefined>();
  for (const version of history.versions) {
    const release = findRelease(version);
    const specs = { ...release?.peerDependencies, ...release?.dependencies, ...release?.optionalDependencies };
    parents.set(version, Object.hasOwn(specs, by.name) ? specs[by.name] : undefined);
  }
  return { ...bounds, forced: { by, parent: findFreeingParent({ by, parents, versions, excluded }) } };
}

function withoutPackument(why: Missing, advisories: Fact<AdvisoryMatches>): RegistryWord {
  const facts = { published: why, bounds: why, tested: why, deprecation: why, publishTimes: why, advisories };
  return { facts, excluded: new Set() };
}

/** Publish times of the packages that ask for it: when they were tested with what there was then. */
async function loadParentTimes(
  { after }: EntryQuestion['entry'],
  registry: Registry,
): Promise<ReadonlyMap<string, Packument['publishTimes']>> {
  const parents = new Map<string, Set<string>>();
  for (const { from } of after.flatMap((node) => node.edgesIn)) {
    if (from.source !== 'registry' || from.version === undefined) continue;
    const versions = parents.get(from.name) ?? new Set();
    parents.set(from.name, versions.add(from.version));
  }
  const loaded = [...parents].map(async ([name, versions]): Promise<[string, Packument['publishTimes']]> => {
    const packument = await registry.loadPackument(name, { containing: [...versions] });
    return [name, packument.known ? packument.value.publishTimes : packument];
  });
  return new Map(await Promise.all(loaded));
}

function matchAdvisories(
  { from, to }: { readonly from: string | undefined; readonly to: string },
  versions: readonly string[],
  advisories: Fact<readonly Advisory[]>,
): Fact<AdvisoryMatches> {
  if (!advisories.known) return advisories;
  const on = (version: string | undefined): readonly Advisory[] =>
    version === undefined ? [] : advisories.value.filter((one) => isVulnerable(version, one.vulnerableVersions));
  const before = on(from);
  const ranges = before.map((one) => one.vulnerableVersions);
  const firstFixed = from === undefined || before.length === 0 ? undefined : findFirstFixed(from, versions, ranges);
  return known({ before, after: on(to), firstFixed });
}

/** Versions that no selection should lead to: malware, vulnerable or deprecated ones, as far as is known. */
function findExcluded(
  { history, findDeprecation }: Packument,
  advisories: Fact<readonly Advisory[]>,
): ReadonlySet<string> {
  const ranges = advisories.known ? advisories.value.map((one) => one.vulnerableVersions) : [];
  const isExcluded = (version: string): boolean => {
    const deprecation = findDeprecation(version);
    if (deprecation.known && deprecation.value !== null) return true;
    return ranges.some((range) => isVulnerable(version, range));
  };
  return new Set(history.versions.filter(isExcluded));
}
