/** A node of the tree while it is built, and after. Edges are made when somebody first asks for one: a base's seldom are. */
import type { LockEdge, LockedManifest, LockFlags, LockNode, LockSource, ProjectManifest } from '../model/lock-tree.ts';
import type { LockEntry } from './lock-entry.ts';
import type { LockedEdge } from './locked-edge.ts';
import type { OverrideRule } from './override-rules.ts';
import { findPlainVersion, type PlainVersion } from './simple-range.ts';

/** What a node asks the tree that it stands in. */
export interface NodeContext {
  lineOf(entry: LockEntry): number;
  /** Makes all edges of the tree; nothing the second time. */
  link(): void;
  /** Finds the ways to all nodes; nothing the second time. */
  walk(): void;
  sourceOf(node: LockedNode): LockSource;
}

export class LockedNode implements LockNode {
  readonly entry: LockEntry;
  readonly key: string;
  /** Of the project itself: read from its folder, and more than the entry has. */
  project: ProjectManifest | undefined = undefined;
  name: string;
  version: string | undefined;
  target: LockedNode | undefined = undefined;

  /** Where a name is looked up next: the node whose folder this one lies in. */
  up: LockedNode | undefined = undefined;
  /** Set when it lies in that node's `node_modules`, and not elsewhere in its folder. */
  parent: LockedNode | undefined = undefined;
  /** By key, as a file system that ignores case would tell them apart. */
  modules: Map<string, LockedNode> | undefined = undefined;
  /** The node out of whose tarball this one comes. */
  bundler: LockedNode | undefined = undefined;
  /** Which overrides hold below it. */
  overrides: OverrideRule | undefined = undefined;
  /** Filled by the tree's `link`. */
  out: readonly LockedEdge[] = none;
  /** Of those that lead here the last that was made; each names the one before. */
  lastIn: LockedEdge | undefined = undefined;
  /** Filled by the tree's `walk`. */
  reachedBy: LockedEdge | undefined = undefined;
  readonly #context: NodeContext;
  #edgesIn: readonly LockEdge[] | undefined;
  #plainVersion: PlainVersion | undefined | 'unknown' = 'unknown';
  #hasPlainKey: boolean | undefined;

  constructor(entry: LockEntry, key: string, context: NodeContext) {
    this.entry = entry;
    this.key = key;
    this.name = entry.name ?? key;
    this.version = entry.version;
    this.#context = context;
  }

  /** The entry is a copy of it. */
  copies(project: ProjectManifest): void {
    this.project = project;
    this.name = project.name ?? this.name;
  }

  get location(): string {
    return this.entry.location;
  }

  get resolved(): string | undefined {
    return this.entry.resolved;
  }

  get integrity(): string | undefined {
    return this.entry.integrity;
  }

  get flags(): LockFlags {
    return this.entry.flags;
  }

  get manifest(): LockedManifest {
    return this.entry.manifest;
  }

  /** What npm compares with a range: a folder's own version is the one in the folder. */
  get versionInForce(): string {
    const { project, version } = this.target ?? this;
    return project?.version ?? version ?? '';
  }

  /** Nothing above it hides its development dependencies. */
  get isTop(): boolean {
    return this.parent === undefined;
  }

  /** The same, where it has neither prerelease nor build. */
  get plainVersion(): PlainVersion | undefined {
    if (this.#plainVersion === 'unknown') this.#plainVersion = findPlainVersion(this.versionInForce);
    return this.#plainVersion;
  }

  /** npm accepts such a name in a spec; it also accepts others, which are left to its own parser. */
  get hasPlainKey(): boolean {
    this.#hasPlainKey ??= plainName.test(this.key);
    return this.#hasPlainKey;
  }

  get line(): number {
    return this.#context.lineOf(this.entry);
  }

  get source(): LockSource {
    this.#context.link();
    return this.#context.sourceOf(this);
  }

  get edgesOut(): readonly LockEdge[] {
    this.#context.link();
    return this.out;
  }

  /** In the order in which they were made. */
  get edgesIn(): readonly LockEdge[] {
    this.#context.link();
    this.#edgesIn ??= listIn(this);
    return this.#edgesIn;
  }

  get way(): LockEdge | undefined {
    this.#context.walk();
    return this.reachedBy;
  }

  /** As npm looks a name up: in its own `node_modules`, then in those of the folders above. */
  resolve(folded: string): LockedNode | undefined {
    for (let node: LockedNode | undefined = this; node !== undefined; node = node.up) {
      const found = node.modules?.get(folded);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

const none: readonly LockedEdge[] = [];

function listIn({ lastIn }: LockedNode): readonly LockEdge[] {
  const edges: LockEdge[] = [];
  for (let edge = lastIn; edge !== undefined; edge = edge.earlierIn) edges.push(edge);
  return edges.reverse();
}

const plainName = /^(?:@[a-z0-9~][a-z0-9._~-]*\/)?[a-z0-9~][a-z0-9._~-]*$/i;

const unfolded = /[^a-z0-9@/._~-]/;

/** Names that a file system which ignores case takes for one are one to npm. */
export function foldName(name: string): string {
  return unfolded.test(name) ? name.normalize('NFKD').toLowerCase() : name;
}
