/** Nodes → edges, as npm makes them of what each package asks for, with the root's overrides. */
import type { DependencyType, ProjectManifest } from '../model/lock-tree.ts';
import { EdgeValidity } from './edge-validity.ts';
import { bundleNodes } from './find-bundled.ts';
import type { Workspace } from './find-workspaces.ts';
import type { Asked, Specs } from './lock-entry.ts';
import { type EdgeContext, LockedEdge } from './locked-edge.ts';
import { foldName, type LockedNode } from './locked-node.ts';
import { OverrideResolver, type OverrideRule } from './override-rules.ts';

export interface Linking {
  readonly nodes: ReadonlyMap<string, LockedNode>;
  readonly root: LockedNode;
  /** Of the root, by name. */
  readonly workspaces: ReadonlyMap<string, Workspace>;
  readonly overrides: OverrideRule | undefined;
  /** npm's own setting: peers are nobody's demand. */
  readonly ignorePeers: boolean;
}

export function linkEdges(linking: Linking): void {
  const { nodes, root, overrides } = linking;
  const context: EdgeContext = {
    validity: new EdgeValidity(),
    overrides: new OverrideResolver(),
    findReference: (name, from) => findSpec(askedBy(root), name) ?? findSpec(askedBy(from), name),
  };
  for (const node of nodes.values()) if (!node.entry.isLink) addEdges(node, linking, context);
  bundleNodes(nodes.values());
  if (overrides === undefined) return;
  root.overrides = overrides;
  spreadOverrides(root, context);
}

function addEdges(node: LockedNode, linking: Linking, context: EdgeContext): void {
  const edges: LockedEdge[] = [];
  let mayRepeat = false;
  const add = (specs: Specs | undefined, type: DependencyType): void => {
    if (specs === undefined) return;
    mayRepeat ||= edges.length > 0;
    for (const name in specs) {
      const folded = foldName(name);
      mayRepeat ||= folded !== name;
      edges.push(new LockedEdge(node, { name, folded, spec: specs[name] ?? '', type }, context));
    }
  };
  listAsked(node, linking, add);
  node.out = mayRepeat ? keepLast(edges) : edges;
  for (const edge of node.out) {
    const { to } = edge;
    if (to === undefined) continue;
    edge.earlierIn = to.lastIn;
    to.lastIn = edge;
  }
}

/** In npm's order. */
function listAsked(
  node: LockedNode,
  { root, workspaces, ignorePeers }: Linking,
  add: (specs: Specs | undefined, type: DependencyType) => void,
): void {
  const { peerDependencies, optionalPeers, dependencies, optionalDependencies, devDependencies } = askedBy(node);
  if (node === root && workspaces.size > 0) {
    const folders = [...workspaces].map(([name, { folder }]) => [name, `file:${folder}`]);
    add(Object.fromEntries(folders), 'workspace');
  }
  if (!ignorePeers && peerDependencies !== undefined) {
    const { required, optional } = splitPeers(peerDependencies, optionalPeers);
    add(required, 'peer');
    add(optional, 'peerOptional');
  }
  add(dependencies, 'prod');
  add(optionalDependencies, 'optional');
  if (node.isTop) add(devDependencies, 'dev');
}

function splitPeers(peers: Specs, mayBeAbsent: readonly string[]): { required: Specs; optional?: Specs } {
  if (mayBeAbsent.length === 0) return { required: peers };
  const names = new Set(mayBeAbsent);
  const entries = Object.entries(peers);
  return {
    required: Object.fromEntries(entries.filter(([name]) => !names.has(name))),
    optional: Object.fromEntries(entries.filter(([name]) => names.has(name))),
  };
}

/** Of several edges of one name npm keeps the last; a workspace's it keeps always. */
function keepLast(edges: readonly LockedEdge[]): LockedEdge[] {
  const kept = new Map<string, LockedEdge>();
  for (const edge of edges) {
    const folded = foldName(edge.name);
    if (kept.get(folded)?.type !== 'workspace') kept.set(folded, edge);
  }
  return [...kept.values()];
}

/** A folder of the project is what lies there; everything else is what the lockfile says. */
function askedBy({ project, entry }: LockedNode): Asked | ProjectManifest {
  return project ?? entry.asked;
}

function findSpec(asked: Asked | ProjectManifest, name: string): string | undefined {
  const { devDependencies, optionalDependencies, dependencies, peerDependencies } = asked;
  for (const specs of [devDependencies, optionalDependencies, dependencies, peerDependencies]) {
    const spec = specs !== undefined && Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec !== undefined && spec !== '') return spec;
  }
  return undefined;
}

/** Rules only become more specific on the way down; where hostile ones take turns, it ends all the same. */
const maxVisits = 20;

/** From the root down, until nothing changes: a node that several edges reach keeps the more specific rule. */
function spreadOverrides(root: LockedNode, { overrides }: EdgeContext): void {
  const waiting = [root];
  const visits = new Map<LockedNode, number>();
  const spread = (rule: OverrideRule, to: LockedNode): void => {
    const specific = to.overrides === undefined ? rule : overrides.findSpecific(to.overrides, rule);
    if (specific === undefined || specific === to.overrides) return;
    to.overrides = specific;
    waiting.push(to);
  };
  for (const node of waiting) {
    const inherited = node.overrides;
    const visit = (visits.get(node) ?? 0) + 1;
    visits.set(node, visit);
    if (inherited === undefined || visit > maxVisits) continue;
    if (node.target !== undefined) {
      // npm hands rules through a link only where they are about something that its folder needs.
      if (concernsAnyBelow(node.target, inherited, overrides)) spread(inherited, node.target);
      continue;
    }
    for (const edge of node.out) {
      edge.rule = overrides.findRule(inherited, edge.name, edge.declaredSpec);
      if (edge.to !== undefined) spread(edge.rule, edge.to);
    }
  }
}

function concernsAnyBelow(folder: LockedNode, inherited: OverrideRule, overrides: OverrideResolver): boolean {
  const seen = new Set<LockedNode>([folder]);
  for (const node of seen) {
    for (const { name, declaredSpec, to } of node.out) {
      if (overrides.findRule(inherited, name, declaredSpec).name === name) return true;
      if (to !== undefined) seen.add(to.target ?? to);
    }
  }
  return false;
}
