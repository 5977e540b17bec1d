/**
 * A lockfile's tree with other versions in some of its places: which edges lead where then, who is needed no longer,
 * and what is there for development only. Overrides hold on: the spec in force for a name stays in force.
 */
import type { PublishedRelease } from '../model/lock-change.ts';
import type { DependencyType, LockNode, LockTree } from '../model/lock-tree.ts';
import { parseDemand } from './parse-demand.ts';
import { findSemver } from './prepare-versions.ts';

/** What stands in a place of the tree instead. */
export interface Replacement {
  readonly version: string;
  /** Undefined while it is not known what that version asks for; then it asks for nothing. */
  readonly published: PublishedRelease | undefined;
}

/** One version for some copies of a package. */
export interface Take extends Replacement {
  readonly locations: readonly string[];
  readonly published: PublishedRelease;
}

export interface PatchedEdge {
  readonly from: LockNode;
  readonly name: string;
  readonly spec: string;
  readonly type: DependencyType;
  /** Undefined when nothing in the tree answers it. */
  readonly to: LockNode | undefined;
}

export class PatchedTree {
  readonly #tree: LockTree;
  readonly #replaced: ReadonlyMap<string, Replacement>;
  readonly #edges = new Map<LockNode, readonly PatchedEdge[]>();
  #newEdges: ReadonlyMap<LockNode, readonly PatchedEdge[]> | undefined;

  /** @param replaced By location. */
  constructor(tree: LockTree, replaced: ReadonlyMap<string, Replacement>) {
    this.#tree = tree;
    this.#replaced = replaced;
  }

  versionOf(node: LockNode): string | undefined {
    return this.#replaced.get(node.location)?.version ?? (node.target ?? node).version;
  }

  edgesOut(node: LockNode): readonly PatchedEdge[] {
    const replacement = this.#replaced.get(node.location);
    if (replacement === undefined) return node.edgesOut;
    const edges = this.#edges.get(node) ?? this.#edgesOf(node, replacement.published);
    this.#edges.set(node, edges);
    return edges;
  }

  edgesIn(node: LockNode): readonly PatchedEdge[] {
    const kept = node.edgesIn.filter(({ from }) => !this.#replaced.has(from.location));
    return [...kept, ...(this.#findNewEdges().get(node) ?? [])];
  }

  /** Whether the copy that stands at the edge's end answers it, as npm decides it. */
  isAnswered(edge: PatchedEdge): boolean {
    const { from, to, name, spec } = edge;
    // What was answered, and has not moved, is answered; specs of git and of folders cannot be told from here.
    const same = from.edgesOut.find((old) => old.name === name && old.spec === spec && old.to === to);
    if (same !== undefined && !this.#replaced.has(to?.location ?? '')) return same.problem === undefined;
    if (to === undefined) return edge.type === 'peerOptional';
    return takesVersion(edge, this.versionOf(to));
  }

  /** Locations that the root leads to, by edges of the types that are followed. */
  reach(follows: (type: DependencyType) => boolean = () => true): ReadonlySet<string> {
    const reached = new Set<LockNode>([this.#tree.root]);
    for (const node of reached) {
      if (node.target !== undefined) reached.add(node.target);
      for (const { to, type } of this.edgesOut(node)) if (to !== undefined && follows(type)) reached.add(to);
    }
    return new Set([...reached].map(({ location }) => location));
  }

  #findNewEdges(): ReadonlyMap<LockNode, readonly PatchedEdge[]> {
    if (this.#newEdges !== undefined) return this.#newEdges;
    const found = new Map<LockNode, PatchedEdge[]>();
    for (const location of this.#replaced.keys()) {
      const from = this.#tree.nodes.get(location);
      for (const edge of from === undefined ? [] : this.edgesOut(from)) {
        if (edge.to !== undefined) found.set(edge.to, [...(found.get(edge.to) ?? []), edge]);
      }
    }
    this.#newEdges = found;
    return found;
  }

  #edgesOf(from: LockNode, release: PublishedRelease | undefined): PatchedEdge[] {
    if (release === undefined) return [];
    const { dependencies, optionalDependencies, peerDependencies, optionalPeers } = release;
    const asked = new Map<string, readonly [spec: string, type: DependencyType]>();
    for (const [name, spec] of Object.entries(peerDependencies)) {
      asked.set(name, [spec, optionalPeers.includes(name) ? 'peerOptional' : 'peer']);
    }
    for (const [name, spec] of Object.entries(dependencies)) asked.set(name, [spec, 'prod']);
    for (const [name, spec] of Object.entries(optionalDependencies)) asked.set(name, [spec, 'optional']);
    return [...asked].map(([name, [declared, type]]) => {
      const to = findPlaced(this.#tree, from.location, name);
      return { from, name, spec: this.#findOverride(from, name) ?? declared, type, to };
    });
  }

  #findOverride(from: LockNode, name: string): string | undefined {
    const own = from.edgesOut.find((edge) => edge.name === name);
    if (own !== undefined) return own.overridden ? own.spec : undefined;
    const others = findPlaced(this.#tree, from.location, name)?.edgesIn ?? [];
    return others.find((edge) => edge.overridden)?.spec;
  }
}

/** Whether a registry's version answers the edge, as npm decides it. */
export function takesVersion(edge: Pick<PatchedEdge, 'name' | 'spec'>, version: string | undefined): boolean {
  const demand = parseDemand(edge);
  if (demand.kind === 'any') return true;
  const semver = findSemver(version ?? '');
  return demand.kind === 'range' && semver !== undefined && demand.range.test(semver);
}

/** As Node looks for a module: from the folder itself upwards. */
function findPlaced({ nodes }: LockTree, from: string, name: string): LockNode | undefined {
  const folders = from === '' ? [] : from.split('/');
  for (let depth = folders.length; depth >= 0; depth -= 1) {
    if (folders[depth - 1] === 'node_modules') continue;
    const found = nodes.get([...folders.slice(0, depth), 'node_modules', name].join('/'));
    if (found !== undefined) return found;
  }
  return undefined;
}
