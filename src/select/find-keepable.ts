/** Whether a package had to change at all: does a version that was there before still answer every edge? */
import type { LockEdge, LockNode } from '../model/lock-tree.ts';
import { parseDemand } from './parse-demand.ts';
import { prepareVersions } from './prepare-versions.ts';

/**
 * The newest version of the base that all edges of the new tree still take, prereleases too; undefined when there is none.
 * @param excluded Versions that nobody should go back to.
 */
export function findKeepable(
  nodesAfter: readonly LockNode[],
  baseVersions: readonly string[],
  excluded: ReadonlySet<string> = new Set(),
): string | undefined {
  const edges = findServedEdges(nodesAfter);
  if (edges.length === 0) return undefined;
  const takes = edges.map((edge) => takesAmong(edge, baseVersions));
  const kept = baseVersions.filter((version) => !excluded.has(version) && takes.every((taken) => taken.has(version)));
  return prepareVersions(kept).versions.at(-1);
}

/** An edge that no version of the base answers: why the package is new, or had to change. An optional peer is no reason. */
export function findDemanding(nodesAfter: readonly LockNode[], baseVersions: readonly string[]): LockEdge | undefined {
  return findServedEdges(nodesAfter).find(
    (edge) => edge.type !== 'peerOptional' && takesAmong(edge, baseVersions).size === 0,
  );
}

/** Of one edge, the versions that it takes, as npm decides it. */
function takesAmong(edge: Pick<LockEdge, 'name' | 'spec'>, versions: readonly string[]): ReadonlySet<string> {
  const demand = parseDemand(edge);
  if (demand.kind === 'elsewhere') return new Set();
  const prepared = prepareVersions(versions);
  if (demand.kind === 'any') return new Set(prepared.versions);
  const accepted = prepared.accept(demand.range);
  return new Set(prepared.versions.filter((_, rank) => accepted[rank] === 1));
}

/** Copies that do not come from a registry have no other version to keep. */
function findServedEdges(nodes: readonly LockNode[]): readonly LockEdge[] {
  return nodes.filter(({ source }) => source === 'registry').flatMap(({ edgesIn }) => edgesIn);
}
