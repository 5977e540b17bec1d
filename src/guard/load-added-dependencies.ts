/**
 * An added dependency is part of the change: it is fetched and read as if it replaced nothing, and so is what it brings.
 * Breadth first and in the manifests' order, so that a limit always falls on the same packages.
 */
import { type Addition, ImportedAdditions, type Importer } from '../behavior/graph/imported-additions.ts';
import type { AddedDependency, Change, ChangeFacts, DependencyRelease } from '../model/change.ts';
import type { Fact, Missing } from '../model/fact.ts';
import { known, missing } from '../model/fact.ts';
import type { Registry } from '../registry/registry.ts';
import { tarballLimits } from '../tarball/tarball-limits.ts';
import type { ContentFacts } from './compare-contents.ts';
import type { NamedDependency } from './find-added-dependencies.ts';
import { findAddedDependencies } from './find-added-dependencies.ts';
import { loadReleaseOrigin } from './load-release-origin.ts';
import type { WantedVersion } from './parse-dependency.ts';
import { findDependency } from './parse-dependency.ts';
import type { AdditionTarballs, Dependent, ReadAddition, ReadOptions, WantedRelease } from './read-addition.ts';
import { loadWantedRelease, readAddition } from './read-addition.ts';
import type { SummaryMemory } from './summary-memory.ts';

export interface AddedDependencies {
  readonly dependencies: readonly AddedDependency[];
  /** One for each release that was read, those of dependencies' dependencies too. */
  readonly changes: readonly Change[];
}

export interface AdditionLimits {
  readonly maxPackages: number;
  /** Of all that comes along, the old releases of it included. */
  readonly maxUnpackedBytes: number;
  /** Of these, what stays in memory: all but native programs. */
  readonly maxHeldBytes: number;
}

export interface AdditionContext {
  /** Undefined when no registry is asked at all. */
  readonly registry: Registry | undefined;
  readonly asOf: string;
  readonly limits?: Partial<AdditionLimits> | undefined;
  readonly memory?: SummaryMemory | undefined;
}

/** The package that was updated. */
export interface UpdatedPackage extends Dependent {
  readonly contents: ContentFacts;
}

type LookUp = (wanted: WantedVersion) => Promise<Fact<WantedRelease>>;

/** More than ordinary packages take in with one update; beyond it the verdict is undecided, and says why. */
const defaultLimits: AdditionLimits = { maxPackages: 400, maxUnpackedBytes: 2_000_000_000, maxHeldBytes: 400_000_000 };
/** A manifest can name any number of dependencies: as many as this for each package that may be read are looked up. */
const lookUpsPerPackage = 4;
/** How many tarballs are held at a time. */
const batchSize = 4;

interface Resolved {
  readonly dependent: Dependent;
  readonly named: NamedDependency;
  readonly outcome:
    | { readonly settled: Fact<DependencyRelease> }
    | { readonly settled: undefined; readonly wanted: WantedRelease };
}

/** By `name@version`: what came of every release that was wanted. */
type Additions = Map<string, Fact<ReadAddition>>;

export async function loadAddedDependencies(
  subject: UpdatedPackage,
  context: AdditionContext,
): Promise<AddedDependencies> {
  const additions: Additions = new Map([[keyOf(subject), itself(subject)]]);
  const resolved: Resolved[] = [];
  const limits = { ...defaultLimits, ...context.limits };
  const lookUp = context.registry && createLookUp(context.registry, limits);
  for (let level: readonly Dependent[] = [subject]; level.length > 0; ) {
    const found = await Promise.all(
      level.flatMap((dependent) => resolveAdded(dependent, { subject, lookUp, context })),
    );
    const news = found.filter((entry) => entry !== undefined);
    resolved.push(...news);
    level = await readNew(news, additions, { ...context, limits });
  }
  const byDependent = Map.groupBy(resolved, (entry) => entry.dependent);
  const listAdded = (dependent: Dependent): AddedDependency[] =>
    (byDependent.get(dependent) ?? []).map((entry) => describeAdded(entry, additions));
  const read = [...additions.values()].flatMap((addition) => (addition.known ? [addition.value] : []));
  const behaviorsOf = seeAsImported(subject, read, resolved);
  const changes = read.map((addition) => ({
    subject: addition.subject,
    asOf: context.asOf,
    facts: {
      ...addition.facts,
      behaviors: behaviorsOf(addition),
      addedDependencies: known(listAdded(addition.dependent)),
    },
  }));
  return { dependencies: listAdded(subject), changes };
}

/** Whoever came along may import from what else came along, whether its manifest says so or not. */
function seeAsImported(
  subject: UpdatedPackage,
  read: readonly ReadAddition[],
  resolved: readonly Resolved[],
): (addition: ReadAddition) => ChangeFacts['behaviors'] {
  const importer = findImporter(subject.contents);
  const found = new Map<ReadAddition, Addition>();
  for (const addition of read) {
    const asked = resolved.filter(
      ({ outcome }) => !outcome.settled && keyOf(outcome.wanted) === keyOf(addition.release),
    );
    const itself = findImporter(addition.facts);
    if (itself !== undefined) found.set(addition, { ...itself, names: new Set(asked.map(({ named }) => named.name)) });
  }
  const isWhole = importer !== undefined && found.size === read.length;
  const additions = isWhole ? new ImportedAdditions(importer, [...found.values()]) : undefined;
  return (addition) => {
    const seen = found.get(addition);
    // What takes the place of another release was compared with it.
    const isNew = seen !== undefined && addition.subject.from === undefined;
    return additions !== undefined && isNew ? known(additions.narrow(seen)) : addition.facts.behaviors;
  };
}

function findImporter({ files, modules, behaviors }: ContentFacts): Importer | undefined {
  if (!files.known || !modules.known || !behaviors.known) return undefined;
  return { files: files.value, modules: modules.value, behaviors: behaviors.value };
}

/** Asks for each spec once. Beyond the limit nobody is asked any more. */
function createLookUp(registry: Registry, limits: AdditionLimits): LookUp {
  const asked = new Map<string, Promise<Fact<WantedRelease>>>();
  return async (wanted) => {
    const key = `${wanted.name}@${wanted.selector}`;
    const before = asked.get(key);
    if (before !== undefined) return before;
    if (asked.size >= limits.maxPackages * lookUpsPerPackage) return tooMuch(key, limits);
    const pending = loadWantedRelease(registry, wanted);
    asked.set(key, pending);
    return pending;
  };
}

interface Asking {
  /** The package that was updated. */
  readonly subject: Dependent;
  readonly lookUp: LookUp | undefined;
  readonly context: AdditionContext;
}

/** Undefined for what is no news. */
function resolveAdded(dependent: Dependent, asking: Asking): readonly Promise<Resolved | undefined>[] {
  const named = findAddedDependencies(dependent.manifests, findDependency);
  return named.map(async (entry) => {
    const outcome = await resolve(entry, dependent, asking.lookUp);
    const news = await findNews(entry, outcome, asking);
    return news && { dependent, named: entry, outcome: news };
  });
}

/** What the old release depended on by itself is no news where the new one brings it by another way. */
async function findNews(
  { name }: NamedDependency,
  outcome: Resolved['outcome'],
  { subject, lookUp, context: { registry } }: Asking,
): Promise<Resolved['outcome'] | undefined> {
  const before = subject.manifests.before;
  const spec = before?.optionalDependencies[name] ?? before?.dependencies[name];
  if (outcome.settled !== undefined || spec === undefined || registry === undefined) return outcome;
  const { wanted: release } = outcome;
  const wanted = findDependency(name, spec)?.wanted;
  if (wanted === undefined || wanted.name !== release.name) return outcome;
  const old = await lookUp?.(wanted);
  if (old?.known !== true) return outcome;
  const { version: replaces } = old.value;
  if (replaces === release.version) return undefined;
  const origin = await loadReleaseOrigin(registry, { name: release.name, from: replaces, to: release.version });
  return { settled: undefined, wanted: { ...release, facts: { ...release.facts, ...origin }, replaces } };
}

async function resolve(
  { name, spec, field, source, wanted }: NamedDependency,
  { bundled }: Dependent,
  lookUp: LookUp | undefined,
): Promise<Resolved['outcome']> {
  const settle = (settled: Fact<DependencyRelease>) => ({ settled });
  const inside = bundled.get(name);
  if (inside !== undefined) return settle(known(inside));
  if (field === 'peerDependencies') {
    return settle(missing('not-consulted', `${name} is a peer dependency: whoever installs it reads it.`));
  }
  if (source !== 'registry') {
    return settle(missing('not-consulted', `${name} comes from "${spec}", which is no registry: it was not read.`));
  }
  if (wanted === undefined) return settle(missing('malformed', `npm cannot install ${name} from "${spec}".`));
  if (lookUp === undefined) {
    return settle(missing('not-consulted', `${name} was not read: no registry is asked about local tarballs.`));
  }
  const release = await lookUp(wanted);
  return release.known ? { settled: undefined, wanted: release.value } : settle(release);
}

/** Reads what nobody read yet, within the limits. Returns those whose own dependencies come next. */
async function readNew(
  found: readonly Resolved[],
  additions: Additions,
  { registry, limits, memory }: AdditionContext & { readonly limits: AdditionLimits },
): Promise<readonly Dependent[]> {
  if (registry === undefined) return [];
  const fresh = new Map<string, WantedRelease>();
  for (const { outcome } of found) {
    if (outcome.settled === undefined && !additions.has(keyOf(outcome.wanted))) {
      fresh.set(keyOf(outcome.wanted), outcome.wanted);
    }
  }
  const next: Dependent[] = [];
  const waiting = [...fresh.values()];
  while (waiting.length > 0) {
    const room = limits.maxPackages - (additions.size - 1);
    const batch = waiting.splice(0, Math.min(batchSize, Math.max(1, room)));
    const fetched = room > 0 ? await Promise.all(batch.map((wanted) => fetchTarballs(registry, wanted))) : [];
    for (const [index, wanted] of batch.entries()) {
      const tooLarge = tooMuch(keyOf(wanted), limits);
      const left = limits.maxUnpackedBytes - count(additions, 'unpackedBytes');
      const hasRoom = left > 0 && count(additions, 'heldBytes') < limits.maxHeldBytes;
      const isShort = left < tarballLimits.unpackedBytes;
      const options = {
        limits: isShort ? { unpackedBytes: left } : {},
        memory,
        tooMuch: isShort ? tooLarge : undefined,
      };
      const addition = await readFetched(wanted, (hasRoom ? fetched[index] : undefined) ?? tooLarge, options);
      additions.set(keyOf(wanted), addition);
      if (addition.known) next.push(addition.value.dependent);
    }
  }
  return next;
}

async function fetchTarballs(
  registry: Registry,
  { name, version, replaces }: WantedRelease,
): Promise<Fact<AdditionTarballs>> {
  const [after, before] = await Promise.all([
    registry.loadTarball(name, version),
    replaces === undefined ? undefined : registry.loadTarball(name, replaces, { side: 'before' }),
  ]);
  return after.known ? known({ after: after.value, before: before?.known === true ? before.value : undefined }) : after;
}

/** One after the other: each may unpack no more than what the others left. */
async function readFetched(
  wanted: WantedRelease,
  tarballs: Fact<AdditionTarballs>,
  options: ReadOptions,
): Promise<Fact<ReadAddition>> {
  return tarballs.known ? readAddition(wanted, tarballs.value, options) : tarballs;
}

function describeAdded({ named, outcome }: Resolved, additions: Additions): AddedDependency {
  const { wanted: _wanted, ...dependency } = named;
  if (outcome.settled !== undefined) return { ...dependency, release: outcome.settled };
  const addition = additions.get(keyOf(outcome.wanted));
  if (addition === undefined) throw new Error(`${keyOf(outcome.wanted)} was wanted and never read`);
  return { ...dependency, release: addition.known ? known(addition.value.release) : addition };
}

function keyOf({ name, version }: { readonly name: string; readonly version: string }): string {
  return `${name}@${version}`;
}

function itself(subject: Dependent): Fact<ReadAddition> {
  return missing('not-consulted', `${keyOf(subject)} depends on itself, and is read as the change.`);
}

function tooMuch(key: string, { maxPackages, maxUnpackedBytes, maxHeldBytes }: AdditionLimits): Missing {
  const [all, held] = [maxUnpackedBytes, maxHeldBytes].map((bytes) => `${Math.round(bytes / 1_000_000)} MB`);
  const limit = `${maxPackages} packages, ${all}, or ${held} that are no native programs`;
  return missing('too-large', `${key} was not read: more than ${limit} come with this update.`);
}

function count(additions: Additions, what: 'unpackedBytes' | 'heldBytes'): number {
  let bytes = 0;
  for (const addition of additions.values()) if (addition.known) bytes += addition.value[what];
  return bytes;
}
