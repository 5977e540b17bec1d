/** Entries → nodes, each in its place: what lies in what, and what links lead to. */
import type { ProjectManifest } from '../model/lock-tree.ts';
import type { LockEntry } from './lock-entry.ts';
import type { LockText } from './lock-text.ts';
import { foldName, LockedNode, type NodeContext } from './locked-node.ts';
import { findFolder, parseLocation, resolveLocation } from './parse-location.ts';

export interface NodeOrigin {
  readonly half: 'packages' | 'dependencies';
  readonly lock: LockText;
  readonly manifests: ReadonlyMap<string, ProjectManifest>;
  readonly context: NodeContext;
}

/** In the order of the file. */
export function buildNodes(entries: readonly LockEntry[], origin: NodeOrigin): Map<string, LockedNode> {
  const { half, lock, manifests, context } = origin;
  const nodes = new Map<string, LockedNode>();
  const owners: (string | undefined)[] = [];
  for (const entry of entries) {
    const { location, place } = entry;
    const found = location === '' ? rootPlace : parseLocation(location);
    if (typeof found === 'string')
      return lock.refuse(half, place, `${found}; npm puts packages into node_modules only`);
    const node = new LockedNode(entry, found.key, context);
    const project = entry.isLink ? undefined : manifests.get(location);
    if (project !== undefined) node.copies(project);
    nodes.set(location, node);
    owners.push(found.owner);
  }
  // No location stands twice: the nodes are in the order of the entries.
  let index = 0;
  for (const node of nodes.values()) {
    placeNode(node, owners[index], { nodes, origin });
    index += 1;
  }
  resolveLinks(nodes, origin);
  return nodes;
}

const rootPlace = { key: '', owner: undefined };

interface Placing {
  readonly nodes: ReadonlyMap<string, LockedNode>;
  readonly origin: NodeOrigin;
}

function placeNode(node: LockedNode, owner: string | undefined, { nodes, origin }: Placing): void {
  if (node.location === '') return;
  const above = (owner === undefined ? undefined : nodes.get(owner)) ?? findAbove(node.location, nodes);
  if (above?.entry.isLink === true) {
    const problem = `lies in the link ${JSON.stringify(above.location)}; npm puts it into the folder that the link leads to`;
    origin.lock.refuse(origin.half, node.entry.place, problem);
  }
  if (above === undefined || above.location !== owner) {
    // What lies in nothing that the file knows is found by nobody, but finds what lies above.
    node.up = above;
    return;
  }
  node.up = above;
  node.parent = above;
  above.modules ??= new Map();
  const folded = foldName(node.key);
  const other = above.modules.get(folded);
  if (other !== undefined) {
    const problem = `takes the same folder as ${JSON.stringify(other.location)} where upper and lower case are one`;
    origin.lock.refuse(origin.half, node.entry.place, problem);
  }
  above.modules.set(folded, node);
}

function findAbove(location: string, nodes: ReadonlyMap<string, LockedNode>): LockedNode | undefined {
  for (let folder = findFolder(location); folder !== undefined; folder = findFolder(folder)) {
    const above = nodes.get(folder);
    if (above !== undefined) return above;
  }
  return undefined;
}

function resolveLinks(nodes: ReadonlyMap<string, LockedNode>, { half, lock }: NodeOrigin): void {
  const reached = new Set<LockedNode>();
  for (const node of nodes.values()) {
    if (!node.entry.isLink) continue;
    const target = findTarget(node, nodes);
    if (typeof target === 'string') lock.refuse(half, node.entry.place, target);
    else {
      node.target = target;
      node.name = target.name;
      node.version = target.version;
      reached.add(target);
    }
  }
  for (const node of nodes.values()) {
    if (node.location.startsWith('../') && !isBelowTarget(node, reached)) {
      lock.refuse(half, node.entry.place, 'lies outside of the project, and no link leads there');
    }
  }
}

/** A string says why it leads nowhere. */
function findTarget({ resolved }: LockedNode, nodes: ReadonlyMap<string, LockedNode>): LockedNode | string {
  const path = resolved === undefined ? undefined : resolveLocation('', resolved);
  if (path === undefined) return 'is a link, and "resolved" is no path from the project on';
  const target = nodes.get(path);
  if (target === undefined) return `is a link to ${JSON.stringify(path)}, which has no entry`;
  return target.entry.isLink ? `is a link to ${JSON.stringify(path)}, which is a link itself` : target;
}

function isBelowTarget(node: LockedNode, targets: ReadonlySet<LockedNode>): boolean {
  for (let above: LockedNode | undefined = node; above !== undefined; above = above.up) {
    if (targets.has(above)) return true;
  }
  return false;
}
