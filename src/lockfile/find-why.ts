/** Why a package is in the tree: the shortest way from the project down to it. */
import type { LockEdge, LockNode } from '../model/lock-tree.ts';
import { findRoot } from './locked-node.ts';

/**
 * `app`, `a@1.2.0`, `c@1.0.3`: what the project ships comes before what it is only developed with.
 * A package that nothing asks for has no way, and stands alone.
 */
export function findWhy(node: LockNode): readonly string[] {
  const ways = findWays(node);
  const why = [nameNode(node)];
  for (let way = ways.get(node); way !== undefined; way = ways.get(way.from)) {
    why.push(nameNode(way.from));
  }
  return why.reverse();
}

/** Whether the project itself asks for it: the root, or a workspace. */
export function isDirect({ edgesIn }: LockNode): boolean {
  return edgesIn.some(({ from }) => from.location === '' || from.source === 'workspace');
}

/** For each node that the project reaches, the edge by which it is reached first. */
type Ways = ReadonlyMap<LockNode, LockEdge>;

/** A tree does not change once it is built: its ways are found once, for all its nodes. */
const waysFrom = new WeakMap<LockNode, Ways>();

function findWays(node: LockNode): Ways {
  const root = findRoot(node);
  if (root === undefined) return new Map();
  const ways = waysFrom.get(root) ?? descend(root);
  waysFrom.set(root, ways);
  return ways;
}

/** First without development dependencies, then from everything so reached with them. */
function descend(root: LockNode): Ways {
  const ways = new Map<LockNode, LockEdge>();
  const reached = [root];
  const reach = (node: LockNode, way: LockEdge): void => {
    if (node === root || ways.has(node)) return;
    ways.set(node, way);
    reached.push(node);
  };
  for (const withDev of [false, true]) {
    // What is appended on the way is gone through as well.
    for (const node of reached) {
      for (const edge of node.edgesOut) {
        if (edge.to === undefined || (edge.type === 'dev' && !withDev)) continue;
        reach(edge.to, edge);
        // Nobody stops at a link.
        if (edge.to.target !== undefined) reach(edge.to.target, edge);
      }
    }
  }
  return ways;
}

function nameNode({ location, name, version, source }: LockNode): string {
  if (location === '') return name === '' ? 'the project' : name;
  return source === 'workspace' || version === undefined ? name : `${name}@${version}`;
}
