/**
 * The newest version of a package that somebody who depends on it can have tested: what was published when the
 * dependent itself was. The project tests what it locks, so its own edges count as tested (docs/decisions/0006-selection.md).
 */
import type { PublishTimes } from '../model/change.ts';
import { type Fact, known, type Missing, missing } from '../model/fact.ts';
import type { TestedVersion } from '../model/lock-change.ts';
import type { LockEdge, LockNode } from '../model/lock-tree.ts';
import { findLowest, findNewest, type RankedEdge, type RankedEdges, rankEdges } from './edge-ranks.ts';
import { isPeer } from './find-bounds.ts';
import { type PreparedVersions, prepareVersions, type Ranks } from './prepare-versions.ts';

export interface TestedContext {
  /** Of the package itself. */
  readonly times: PublishTimes;
  /** Of a package that depends on it. */
  readonly parentTimes: (name: string) => Fact<PublishTimes>;
  /** ISO 8601: nothing that was published later counts. */
  readonly asOf: string;
  readonly cooldownDays: number;
  /** Versions that nothing may be moved to. */
  readonly excluded: ReadonlySet<string>;
}

const dayMs = 86_400_000;
/** Packages for single platforms are published hours after the package that names them, in the same release. */
const sameReleaseMs = dayMs;

/** @param nodes All copies of one package at one version. */
export function findTested(
  nodes: readonly LockNode[],
  versions: readonly string[] | PreparedVersions,
  context: TestedContext,
): Fact<TestedVersion> {
  const prepared = withoutFuture('accept' in versions ? versions : prepareVersions(versions), nodes, context);
  const clock: Clock = {
    ...context,
    asOfMs: Date.parse(context.asOf),
    instants: readInstants(prepared, context.times),
  };
  const ranked = rankEdges(nodes, prepared, context.excluded);
  if (ranked.edges.length === 0) return missing('not-applicable', 'Nothing asks for the package.');
  const sealed = new Set<LockNode | undefined>(nodes.filter(isBelowShrinkwrap));
  const untested = ranked.edges.filter(({ edge }) => !sealed.has(edge.to));
  if (untested.length === 0 || untested.some(({ edge }) => edge.overridden)) {
    return known({
      version: undefined,
      by: undefined,
      instead: undefined,
      newestOldEnough: findOldEnough(ranked, clock),
    });
  }
  const { best, gap } = findBest(untested, ranked, clock);
  const limit = Math.max(best?.rank ?? -1, findFloorRank(ranked));
  // Whatever the edges that are not known would say, it could only raise the limit.
  const isAhead = ranked.locked > limit && untested.some(({ edge }) => !isPeer(edge));
  if (isAhead && gap !== undefined) return gap;
  return known({
    version: prepared.versions[best?.rank ?? limit],
    by: best?.edge,
    instead: isAhead ? findInstead(ranked, limit) : undefined,
    newestOldEnough: findOldEnough(ranked, clock),
  });
}

interface Clock extends TestedContext {
  readonly asOfMs: number;
  /** By rank; NaN where it is not known. */
  readonly instants: Float64Array;
}

interface Best {
  readonly rank: number;
  readonly edge: LockEdge;
}

function findBest(
  edges: readonly RankedEdge[],
  ranked: RankedEdges,
  clock: Clock,
): { best: Best | undefined; gap: Missing | undefined } {
  let best: Best | undefined;
  let gap: Missing | undefined;
  for (const one of edges) {
    // An optional peer says neither what it needs nor what it ran with.
    if (one.edge.type === 'peerOptional' || one.demand.kind === 'elsewhere') continue;
    const tested = findTestedRank(one, ranked, clock);
    if (!tested.known) gap ??= tested;
    else if (tested.value !== undefined && tested.value > (best?.rank ?? -1))
      best = { rank: tested.value, edge: one.edge };
  }
  const lacksOwn = Number.isNaN(clock.instants[ranked.locked] ?? Number.NaN);
  return { best, gap: gap ?? (lacksOwn ? noTime(edges[0]?.edge.to) : undefined) };
}

/** The newest version that the edge takes and that was there when its dependent was published. */
function findTestedRank(
  { edge, demand, takes }: RankedEdge,
  { locked }: RankedEdges,
  clock: Clock,
): Fact<number | undefined> {
  if (isOfProject(edge.from)) return known(takes[locked] === 1 ? locked : findNewest(takes, locked));
  if (demand.kind === 'range' && demand.isExact) return known(findNewest(takes));
  const publishedAt = findPublishTime(edge.from, clock);
  if (!publishedAt.known) return publishedAt;
  return known(findNewestBefore(takes, clock.instants, publishedAt.value + sameReleaseMs));
}

function findPublishTime({ source, name, version }: LockNode, { parentTimes }: Clock): Fact<number> {
  if (source === 'git' || source === 'remote') {
    return missing('not-served', `${name} does not come from a registry, so nothing says when it was published.`);
  }
  const times = parentTimes(name);
  if (!times.known) return times;
  const instant = Date.parse(times.value.get(version ?? '') ?? '');
  return Number.isNaN(instant) ? noTime({ name, version }) : known(instant);
}

function noTime(node: Pick<LockNode, 'name' | 'version'> | undefined): Missing {
  return missing('not-served', `The registry does not say when ${node?.name}@${node?.version} was published.`);
}

/** The root, its workspaces, and folders and tarballs that lie in the project. */
function isOfProject({ source }: LockNode): boolean {
  return source === 'root' || source === 'workspace' || source === 'link' || source === 'file';
}

/** A package that ships a shrinkwrap was tested with exactly what lies below it. */
function isBelowShrinkwrap({ location, edgesIn }: LockNode): boolean {
  // Nobody outside of the outermost folder above can ask for what lies in it.
  const outermost = /^.+?(?=\/node_modules\/)/.exec(location)?.[0];
  if (outermost === undefined) return false;
  const waiting = new Set(edgesIn.map(({ from }) => from));
  for (const node of waiting) {
    if (node.flags.hasShrinkwrap && location.startsWith(`${node.location}/node_modules/`)) return true;
    if (!node.location.startsWith(`${outermost}/`)) continue;
    for (const { from } of node.edgesIn) waiting.add(from);
  }
  return false;
}

function findFloorRank({ edges }: RankedEdges): number {
  return edges.reduce((floor, { demands, takes }) => Math.max(floor, demands ? (findLowest(takes) ?? -1) : -1), -1);
}

/** As close to the limit as all edges allow; undefined when nothing lower than the locked version is left. */
function findInstead({ together, locked, versions }: RankedEdges, limit: number): string | undefined {
  const rank = findNewest(together, limit) ?? findLowest(together);
  return rank !== undefined && rank < locked ? versions.versions[rank] : undefined;
}

function findOldEnough({ together, locked, versions, isForced }: RankedEdges, clock: Clock): string | undefined {
  const { instants, asOfMs, cooldownDays } = clock;
  const lower = together.map((one, rank) => one & Number(rank <= locked));
  const rank = isForced ? undefined : findNewestBefore(lower, instants, asOfMs - cooldownDays * dayMs);
  return rank === undefined ? undefined : versions.versions[rank];
}

function findNewestBefore(ranks: Ranks, instants: Float64Array, limitMs: number): number | undefined {
  let rank = findNewest(ranks);
  // What has no date is never before the limit.
  while (rank !== undefined && !((instants[rank] ?? Number.NaN) <= limitMs)) rank = findNewest(ranks, rank - 1);
  return rank;
}

function readInstants({ versions }: PreparedVersions, times: PublishTimes): Float64Array {
  return Float64Array.from(versions, (version) => Date.parse(times.get(version) ?? ''));
}

/** What was published after the question had no part in anything, not even where nothing else is left to choose. */
function withoutFuture(
  prepared: PreparedVersions,
  nodes: readonly LockNode[],
  { times, asOf }: TestedContext,
): PreparedVersions {
  const asOfMs = Date.parse(asOf);
  const isLocked = (version: string): boolean => nodes.some((node) => node.version === version);
  const isLater = (version: string): boolean => Date.parse(times.get(version) ?? '') > asOfMs && !isLocked(version);
  const { versions } = prepared;
  return versions.some(isLater) ? prepareVersions(versions.filter((version) => !isLater(version))) : prepared;
}
