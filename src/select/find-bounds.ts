/** How low a package's version could be: what its edges demand, by the versions that were published. */
import type { DemandedVersion, VersionBounds } from '../model/lock-change.ts';
import type { LockEdge, LockNode } from '../model/lock-tree.ts';
import {
  findLowest,
  findNewest,
  hasAny,
  intersect,
  type RankedEdge,
  type RankedEdges,
  rankEdges,
} from './edge-ranks.ts';
import { parseDemand } from './parse-demand.ts';
import { type PreparedVersions, prepareVersions } from './prepare-versions.ts';

/**
 * @param nodes All copies of one package at one version.
 * @param versions What is published; in any order.
 * @param excluded Versions that nothing may be moved to: malware, vulnerable or deprecated ones.
 */
export function findBounds(
  nodes: readonly LockNode[],
  versions: readonly string[] | PreparedVersions,
  excluded: ReadonlySet<string>,
): VersionBounds {
  const ranked = rankEdges(nodes, versions, excluded);
  const lowest = findLowestByEdge(ranked);
  const minimal = lowest.length === 0 ? undefined : findLowest(ranked.together);
  const nameOf = (rank: number | undefined): string | undefined =>
    rank === undefined ? undefined : ranked.versions.versions[rank];
  const isMovable = !ranked.isForced && ranked.edges.some(({ edge, demands }) => demands && !isPeer(edge));
  const forcing = ranked.isForced ? findForcing(ranked) : undefined;
  return {
    floor: findFloor(ranked, lowest),
    minimal: nameOf(minimal),
    isAboveMinimal: isMovable && minimal !== undefined && ranked.locked > minimal,
    lowest,
    lowestSafe: ranked.isForced ? undefined : nameOf(findNearest(ranked)),
    forced: forcing && { by: forcing, parent: undefined },
  };
}

/** What the dependent's own version would have to be, so that it no longer forces an excluded version. */
export interface FreeingQuestion {
  /** The edge that forces. */
  readonly by: LockEdge;
  /** The dependent's published versions, each with its spec for the package; undefined where it asks for it no longer. */
  readonly parents: ReadonlyMap<string, string | undefined>;
  /** Of the package that is forced. */
  readonly versions: readonly string[] | PreparedVersions;
  readonly excluded: ReadonlySet<string>;
}

/** The lowest version of the dependent, above the present one, that leaves a version to choose. */
export function findFreeingParent({ by, parents, versions, excluded }: FreeingQuestion): string | undefined {
  const prepared = 'accept' in versions ? versions : prepareVersions(versions);
  const above = prepareVersions([...parents.keys()]);
  const present = above.rankOf(by.from.version ?? '');
  if (present === undefined) return undefined;
  const isFree = (spec: string | undefined): boolean => {
    if (spec === undefined) return true;
    const demand = parseDemand({ name: by.name, spec });
    if (demand.kind === 'elsewhere') return false;
    const accepted = demand.kind === 'range' ? prepared.accept(demand.range) : undefined;
    return prepared.versions.some(
      (version, rank) => prepared.isRelease[rank] === true && !excluded.has(version) && accepted?.[rank] !== 0,
    );
  };
  return above.versions.find(
    (version, rank) => rank > present && above.isRelease[rank] === true && isFree(parents.get(version)),
  );
}

/** Peers say what they work with; they never move a package by themselves. */
export function isPeer({ type }: LockEdge): boolean {
  return type === 'peer' || type === 'peerOptional';
}

function findLowestByEdge({ edges, versions }: RankedEdges): DemandedVersion[] {
  return edges.flatMap(({ edge, demands, takes }) => {
    const rank = demands ? findLowest(takes) : undefined;
    const version = rank === undefined ? undefined : versions.versions[rank];
    return version === undefined ? [] : [{ version, by: edge }];
  });
}

/** Of two edges that demand the same, the first; one that is no peer before one that is. */
function findFloor({ versions }: RankedEdges, lowest: readonly DemandedVersion[]): DemandedVersion | undefined {
  const rankOf = ({ version }: DemandedVersion): number => versions.rankOf(version) ?? -1;
  let floor: DemandedVersion | undefined;
  for (const one of lowest) {
    const ahead = floor === undefined ? 1 : rankOf(one) - rankOf(floor);
    if (ahead > 0 || (ahead === 0 && floor !== undefined && isPeer(floor.by) && !isPeer(one.by))) floor = one;
  }
  return floor;
}

/** A fix lies ahead more often than not, and a step back as far as the floor would undo years. */
function findNearest({ together, locked }: RankedEdges): number | undefined {
  return findLowest(together, locked) ?? findNewest(together, locked);
}

/** The edge without which there would be a choice; where no single one is, the first that demands anything. */
function findForcing(ranked: RankedEdges): LockEdge | undefined {
  const demanding = ranked.edges.filter(({ demands }) => demands);
  return (demanding.find((one) => leavesChoice(one, ranked)) ?? demanding[0])?.edge;
}

function leavesChoice(left: RankedEdge, { edges, selectable }: RankedEdges): boolean {
  const others = edges.filter((one) => one !== left);
  return hasAny(others.reduce((ranks, { accepts }) => intersect(ranks, accepts), selectable));
}
