/**
 * The edges that lead to a package's copies, each with the published versions it takes: what bounds and tested versions
 * are computed from. Copies that do not come from a registry are outside selection and bring no edges.
 */
import type { LockEdge, LockNode } from '../model/lock-tree.ts';
import { type Demand, parseDemand } from './parse-demand.ts';
import { findSemver, type PreparedVersions, prepareVersions, type Ranks } from './prepare-versions.ts';

export interface RankedEdges {
  readonly versions: PreparedVersions;
  /** Of the locked version; of the next one where the registry does not list it. */
  readonly locked: number;
  /** What may be selected at all: without excluded versions, and without prereleases unless the locked one is one. */
  readonly selectable: Ranks;
  readonly edges: readonly RankedEdge[];
  /** What all edges take and may be selected; where everything they take is excluded, all of that. */
  readonly together: Ranks;
  /** Whether every version that all edges take is excluded. */
  readonly isForced: boolean;
}

export interface RankedEdge {
  readonly edge: LockEdge;
  readonly demand: Demand;
  /** Whether it asks for more than that there be a copy. */
  readonly demands: boolean;
  /** Everything it takes, excluded or not. */
  readonly accepts: Ranks;
  /** What of that may be selected; where everything it takes is excluded, all of that. */
  readonly takes: Ranks;
}

/** @param versions In any order; a caller who asks about a package more than once may prepare them. */
export function rankEdges(
  nodes: readonly LockNode[],
  versions: readonly string[] | PreparedVersions,
  excluded: ReadonlySet<string>,
): RankedEdges {
  const prepared = 'accept' in versions ? versions : prepareVersions(versions);
  const served = nodes.filter(({ source }) => source === 'registry');
  const candidates = findCandidates(prepared, served[0]?.version ?? '');
  const selectable = candidates.map((one, rank) => one & Number(!excluded.has(prepared.versions[rank] ?? '')));
  const bySpec = new Map<string, Pick<RankedEdge, 'demand' | 'accepts' | 'takes'>>();
  const locked = prepared.rankFrom(served[0]?.version ?? '');
  const edges = served
    .flatMap(({ edgesIn }) => edgesIn)
    .map((edge): RankedEdge => {
      const spec = `${edge.name}@${edge.spec}`;
      const known = bySpec.get(spec) ?? readEdge(edge, { prepared, candidates, selectable, locked });
      bySpec.set(spec, known);
      return { edge, ...known, demands: known.demand.kind === 'range' && edge.type !== 'peerOptional' };
    });
  const all = [...bySpec.values()].reduce((ranks, { accepts }) => intersect(ranks, accepts), candidates);
  const together = preferSelectable(all, selectable);
  const isForced = hasAny(all) && !hasAny(intersect(all, selectable));
  return { versions: prepared, locked, selectable, edges, together, isForced };
}

export function hasAny(ranks: Ranks): boolean {
  return ranks.includes(1);
}

export function intersect(left: Ranks, right: Ranks): Ranks {
  const both: Ranks = new Uint8Array(left.length);
  for (let rank = 0; rank < both.length; rank += 1) both[rank] = (left[rank] ?? 0) & (right[rank] ?? 0);
  return both;
}

export function findLowest(ranks: Ranks, limit = 0): number | undefined {
  const rank = ranks.indexOf(1, limit);
  return rank === -1 ? undefined : rank;
}

/** The newest that is not above `limit`. */
export function findNewest(ranks: Ranks, limit: number = ranks.length - 1): number | undefined {
  const rank = limit < 0 ? -1 : ranks.lastIndexOf(1, limit);
  return rank === -1 ? undefined : rank;
}

/** Where somebody chose a prerelease, prereleases are versions like any other. Else `^7.0.0-0` would lead to one. */
function findCandidates({ versions, isRelease }: PreparedVersions, locked: string): Ranks {
  const withPrereleases = (findSemver(locked)?.prerelease.length ?? 0) > 0;
  return Uint8Array.from(versions, (_, rank) => Number(withPrereleases || isRelease[rank] === true));
}

interface Published extends Pick<RankedEdges, 'locked' | 'selectable'> {
  readonly prepared: PreparedVersions;
  readonly candidates: Ranks;
}

function readEdge(edge: LockEdge, published: Published): Pick<RankedEdge, 'demand' | 'accepts' | 'takes'> {
  const demand = parseDemand(edge);
  const accepts = acceptDemand(demand, published);
  return { demand, accepts, takes: preferSelectable(accepts, published.selectable) };
}

function acceptDemand(demand: Demand, { prepared, candidates, locked }: Published): Ranks {
  if (demand.kind === 'any') return candidates;
  if (demand.kind === 'range') return intersect(candidates, prepared.accept(demand.range));
  // Nothing is known of what such an edge would take besides what it has.
  return candidates.map((_, rank) => Number(rank === locked));
}

function preferSelectable(ranks: Ranks, selectable: Ranks): Ranks {
  const preferred = intersect(ranks, selectable);
  return hasAny(preferred) ? preferred : ranks;
}
