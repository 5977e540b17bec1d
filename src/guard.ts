/**
 * The composition root: packages → facts → changes → verdict. What doors call; time, policy and rules come in as values.
 */
import { createHash } from 'node:crypto';
import { judge } from './engine/judge.ts';
import { GuardError } from './errors.ts';
import { approvePolicy } from './guard/approved-policy.ts';
import type { ContentFacts } from './guard/compare-contents.ts';
import { fillExcerpts } from './guard/fill-excerpts.ts';
import { hasSameDependencies } from './guard/find-added-dependencies.ts';
import { findBundled } from './guard/find-bundled.ts';
import type { AddedDependencies, AdditionContext } from './guard/load-added-dependencies.ts';
import type { LoadedRelease } from './guard/load-release.ts';
import { loadRelease } from './guard/load-release.ts';
import { loadReleaseOrigin } from './guard/load-release-origin.ts';
import { readLocalTarball } from './guard/read-local-tarball.ts';
import { refuseUnknown } from './guard/refuse-unknown.ts';
import { findIntegrity, findRegistryFacts } from './guard/registry-facts.ts';
import type { SummaryMemory } from './guard/summary-memory.ts';
import type { Approval } from './model/approval.ts';
import type { Change, ChangeFacts, LockFactName, Subject } from './model/change.ts';
import { withoutLockFacts } from './model/change.ts';
import type { Fact, Missing } from './model/fact.ts';
import { known, missing } from './model/fact.ts';
import type { PackageTree } from './model/package-tree.ts';
import type { Policy } from './model/policy.ts';
import type { Verdict } from './model/verdict.ts';
import type { Registry } from './registry/registry.ts';
import type { Rule } from './rule.ts';

// What a door needs before it knows whether anything is to be judged.
export { openRegistry, readPolicy } from './guard/prepare.ts';

/** What every verdict depends on besides the packages. */
export interface JudgeOptions {
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  /** Sluice's version. */
  readonly engine: string;
  /** ISO 8601 instant at which the question is asked. */
  readonly asOf: string;
  /** What was let pass outside the policy's own file; those of other packages change nothing. */
  readonly approvals?: readonly Approval[] | undefined;
}

export interface PairOptions extends JudgeOptions {
  readonly registry: Registry;
  readonly limits?: AdditionContext['limits'];
  /** What files do is looked up there first, and kept there. */
  readonly memory?: SummaryMemory | undefined;
}

/** One package's update, by versions of a registry. */
export interface Pair {
  readonly name: string;
  /** Undefined when the package replaces nothing. */
  readonly from: string | undefined;
  readonly to: string;
  /** SRI strings that the caller knows: the lockfile's, or the command line's. */
  readonly integrity?: { readonly from?: string | undefined; readonly to?: string | undefined };
}

export interface LocalTarball {
  /** What a person calls it; only for messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Throws a GuardError when the package or a version does not exist; what cannot be had makes the verdict undecided. */
export async function judgePair(pair: Pair, options: PairOptions): Promise<Verdict> {
  const { name, from, to } = pair;
  const { registry } = options;
  const versions = from === undefined ? [to] : [from, to];
  const [packument, before, after, origin] = await Promise.all([
    registry.loadPackument(name, { containing: versions }),
    from === undefined
      ? undefined
      : loadRelease(registry, { name, version: from }, { side: 'before', integrity: pair.integrity?.from }),
    loadRelease(registry, { name, version: to }, { side: 'after', integrity: pair.integrity?.to }),
    loadReleaseOrigin(registry, { name, from, to }),
  ]);
  refuseUnknown(packument, name, versions);
  const trees = { before: before && treeOf(before), after: treeOf(after) };
  const subject: Subject = {
    name,
    from,
    to,
    integrity: { from: before && digestOf(before), to: digestOf(after) },
    source: 'registry',
  };
  return judgeTrees({ subject, trees }, options, {
    integrity: integrityOf(pair, before, after),
    ...findRegistryFacts(packument, { name, version: to }),
    ...origin,
  });
}

/** Two local tarballs, or one that replaces nothing. No registry is asked, and the verdict says so. */
export async function judgeTarballs(
  pair: { readonly before: LocalTarball | undefined; readonly after: LocalTarball },
  options: JudgeOptions,
): Promise<Verdict> {
  const [before, after] = await Promise.all([
    pair.before && readLocalTarball(pair.before.bytes, pair.before.path),
    readLocalTarball(pair.after.bytes, pair.after.path),
  ]);
  if (before !== undefined && before.name !== after.name) {
    const names = `${pair.before?.path} is ${before.name}, and ${pair.after.path} is ${after.name}`;
    throw new GuardError('usage', `These are two different packages: ${names}. An update stays with one package.`);
  }
  const unasked = missing('not-consulted', 'Local tarballs are compared without asking a registry.');
  const subject: Subject = {
    name: after.name,
    from: before?.version,
    to: after.version,
    integrity: { from: before?.digest, to: after.digest },
    source: 'local',
  };
  const trees = { before: before && known(before.tree), after: known(after.tree) };
  return judgeTrees(
    { subject, trees },
    { ...options, registry: undefined },
    {
      integrity: unasked,
      registryManifest: unasked,
      versions: unasked,
      publishTimes: unasked,
      signatures: unasked,
      provenance: unasked,
      publishers: unasked,
    },
  );
}

interface Question {
  readonly subject: Subject;
  readonly trees: { readonly before: Fact<PackageTree> | undefined; readonly after: Fact<PackageTree> };
}

type AnyOptions = JudgeOptions & Partial<Omit<PairOptions, 'registry'>> & { readonly registry: Registry | undefined };
type OtherFacts = Omit<ChangeFacts, keyof ContentFacts | LockFactName | 'addedDependencies'>;

async function judgeTrees({ subject, trees }: Question, options: AnyOptions, others: OtherFacts): Promise<Verdict> {
  const { registry, asOf, limits, memory, rules, engine, approvals = [] } = options;
  const policy = approvePolicy(options.policy, approvals, [{ name: subject.name, version: subject.to }]);
  const contents = await compareFacts(trees, memory);
  const added = await loadAdded(subject, { contents, tree: trees.after }, { registry, asOf, limits, memory });
  const addedDependencies = added.known ? known(added.value.dependencies) : added;
  const change: Change = { subject, asOf, facts: { ...withoutLockFacts, ...contents, ...others, addedDependencies } };
  const changes: [Change, ...Change[]] = [change, ...(added.known ? added.value.changes : [])];
  return fillExcerpts(judge(changes, { rules, policy, engine, digest: sha256 }), changes);
}

async function compareFacts(
  { before, after }: Question['trees'],
  memory: SummaryMemory | undefined,
): Promise<ContentFacts> {
  if (!after.known) return unread(after);
  if (before?.known === false) return unread(before);
  // What analyses code is half of this program, and a remembered verdict does without it.
  const { compareContents } = await import('./guard/compare-contents.ts');
  return compareContents(before?.value, after.value, memory);
}

function unread(absence: Missing): ContentFacts {
  return { files: absence, manifests: absence, modules: absence, behaviors: absence };
}

/** Most updates add nothing: what reads specs and asks for more packages is loaded only where something may be added. */
async function loadAdded(
  { name, to }: Subject,
  { contents, tree }: { readonly contents: ContentFacts; readonly tree: Fact<PackageTree> },
  context: AdditionContext,
): Promise<Fact<AddedDependencies>> {
  const { manifests } = contents;
  if (!manifests.known) return manifests;
  if (!tree.known) return tree;
  if (hasSameDependencies(manifests.value)) return known({ dependencies: [], changes: [] });
  const { loadAddedDependencies } = await import('./guard/load-added-dependencies.ts');
  const bundled = findBundled(tree.value, manifests.value.after);
  return known(
    await loadAddedDependencies({ name, version: to, manifests: manifests.value, bundled, contents }, context),
  );
}

function integrityOf(
  { name, from, to }: Pair,
  before: Fact<LoadedRelease> | undefined,
  after: Fact<LoadedRelease>,
): ChangeFacts['integrity'] {
  if (before?.known === false) return before;
  if (!after.known) return after;
  const records: Parameters<typeof findIntegrity>[0] = [[{ name, version: to }, after.value.integrity]];
  if (before === undefined || from === undefined) return findIntegrity(records);
  return findIntegrity([[{ name, version: from }, before.value.integrity], ...records]);
}

function treeOf(release: Fact<LoadedRelease>): Fact<PackageTree> {
  return release.known ? release.value.tree : release;
}

function digestOf(release: Fact<LoadedRelease>): string | undefined {
  return release.known ? release.value.digest : undefined;
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('hex')}`;
}
