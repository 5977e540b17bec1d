/** By which edge the project reaches each node first: once for a tree, after all edges are there. */
import type { LockedEdge } from './locked-edge.ts';
import type { LockedNode } from './locked-node.ts';

/** First without development dependencies, then from everything so reached with them. */
export function findWays(root: LockedNode): void {
  const later = descend(root, [root], (edge) => edge.type === 'dev');
  const developed: LockedNode[] = [];
  for (const edge of later) follow(edge, root, developed);
  descend(root, developed, () => false);
}

/** Breadth first. @returns The edges that were left out. */
function descend(root: LockedNode, reached: LockedNode[], isLeftOut: (edge: LockedEdge) => boolean): LockedEdge[] {
  const leftOut: LockedEdge[] = [];
  // What is appended on the way is gone through as well.
  for (const node of reached) {
    for (const edge of node.out) {
      if (isLeftOut(edge)) leftOut.push(edge);
      else follow(edge, root, reached);
    }
  }
  return leftOut;
}

/** Nobody stops at a link. */
function follow(edge: LockedEdge, root: LockedNode, reached: LockedNode[]): void {
  for (let node = edge.to; node !== undefined; node = node.target) {
    if (node === root || node.reachedBy !== undefined) continue;
    node.reachedBy = edge;
    reached.push(node);
  }
}
