/**
 * Two trees → what changed, by identity and not by place: a package is its name, its version and what its entry says.
 * That it was hoisted elsewhere, is optional now, or stands in another version of the format is no change.
 */
import type { EntryChange } from '../model/lock-change.ts';
import type { LockNode, LockTree } from '../model/lock-tree.ts';
import { findNearest, isBelow } from './nearest-version.ts';
import { EntryComparison } from './same-entry.ts';

export interface LockEntryDifference {
  readonly kind: EntryChange['kind'];
  /** The base's copies at `from`. */
  readonly before: readonly LockNode[];
  readonly after: readonly LockNode[];
  readonly baseVersions: readonly string[];
  /** Undefined when the package is new to the tree. */
  readonly from: string | undefined;
  readonly to: string;
}

export interface LockDifference {
  /** In the order of the new file. */
  readonly entries: readonly LockEntryDifference[];
  /** What is gone and was not replaced. */
  readonly removed: readonly { readonly name: string; readonly version: string }[];
  /** How many packages, each with all its copies, are as they were. */
  readonly unchanged: number;
}

/** @param before Undefined: everything is new. */
export function compareLockTrees(
  before: LockTree | undefined,
  after: LockTree,
  options: { readonly kept?: boolean } = {},
): LockDifference {
  const base = groupCopies(before);
  const head = groupCopies(after);
  const comparison = new EntryComparison(before?.version ?? after.version, after.version);
  const entries: LockEntryDifference[] = [];
  const replaced = new Set<string>();
  let unchanged = 0;
  for (const [name, copies] of head) {
    const oldCopies = base.get(name) ?? none;
    // What nearly every name comes to, without sorting it by versions.
    if (options.kept !== true && isOneAndTheSame(oldCopies, copies, comparison)) {
      unchanged += 1;
      continue;
    }
    const [old, versions] = [groupVersions(oldCopies), groupVersions(copies)];
    for (const [to, now] of versions) {
      const same = old.get(to);
      const rewritten = same === undefined ? [] : comparison.findRewritten(same, now);
      const shared = { to, baseVersions: [...old.keys()] };
      if (same !== undefined && rewritten.length === 0) {
        unchanged += 1;
        if (options.kept === true) entries.push({ kind: 'kept', before: same, after: now, from: to, ...shared });
      } else if (same !== undefined) {
        entries.push({ kind: 'rewritten', before: same, after: rewritten, from: to, ...shared });
      } else {
        const from = findReplaced({ to, copies: now }, { old, head: versions, before });
        if (from !== undefined) replaced.add(identify(name, from));
        const partners = from === undefined ? [] : (old.get(from) ?? []);
        entries.push({ kind: nameKind(from, to), before: partners, after: now, from, ...shared });
      }
    }
  }
  return { entries, removed: findRemoved(base, head, replaced), unchanged };
}

const none: readonly LockNode[] = [];

function isOneAndTheSame(
  before: readonly LockNode[],
  after: readonly LockNode[],
  comparison: EntryComparison,
): boolean {
  const [old, now] = [before[0], after[0]];
  if (old === undefined || now === undefined || before.length > 1 || after.length > 1) return false;
  return versionOf(old) === versionOf(now) && comparison.isSame(old, now);
}

/** By name. */
type Copies = ReadonlyMap<string, readonly LockNode[]>;

/** The project's own folders, and links to them, are no packages. */
function groupCopies(tree: LockTree | undefined): Copies {
  const groups = new Map<string, LockNode[]>();
  for (const node of tree?.nodes.values() ?? []) {
    if (node.target !== undefined || !isInModules(node)) continue;
    const copies = groups.get(node.name);
    if (copies === undefined) groups.set(node.name, [node]);
    else copies.push(node);
  }
  return groups;
}

function groupVersions(copies: readonly LockNode[]): ReadonlyMap<string, readonly LockNode[]> {
  return Map.groupBy(copies, versionOf);
}

/** A package without a version is what it was resolved to. */
function versionOf({ version, resolved }: LockNode): string {
  return version ?? resolved ?? '';
}

function isInModules({ location, key }: LockNode): boolean {
  const start = location.length - key.length - 'node_modules/'.length;
  return start >= 0 && location.startsWith('node_modules/', start);
}

interface NewVersion {
  readonly to: string;
  readonly copies: readonly LockNode[];
}

interface Around {
  readonly old: ReadonlyMap<string, readonly LockNode[]>;
  readonly head: ReadonlyMap<string, unknown>;
  readonly before: LockTree | undefined;
}

/** What lay in the same place, or is gone, or is at least near: in this order, and in each the nearest. */
function findReplaced({ to, copies }: NewVersion, { old, head, before }: Around): string | undefined {
  const inPlace = new Set<string>();
  for (const { location, name } of copies) {
    const node = before?.nodes.get(location);
    if (node?.name === name && node.target === undefined) inPlace.add(versionOf(node));
  }
  const gone = [...old.keys()].filter((version) => !head.has(version));
  const goneInPlace = gone.filter((version) => inPlace.has(version));
  for (const candidates of [goneInPlace, [...inPlace], gone, [...old.keys()]]) {
    const nearest = findNearest(to, candidates);
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

function nameKind(from: string | undefined, to: string): EntryChange['kind'] {
  if (from === undefined) return 'added';
  return isBelow(to, from) ? 'downgraded' : 'updated';
}

function findRemoved(base: Copies, head: Copies, replaced: ReadonlySet<string>): LockDifference['removed'] {
  const removed: { readonly name: string; readonly version: string }[] = [];
  for (const [name, copies] of base) {
    const left = head.get(name) ?? none;
    const [first] = left;
    if (first !== undefined && copies.every((copy) => versionOf(copy) === versionOf(first))) continue;
    const leftVersions = new Set(left.map(versionOf));
    for (const version of new Set(copies.map(versionOf)))
      if (!leftVersions.has(version) && !replaced.has(identify(name, version))) removed.push({ name, version });
  }
  return removed;
}

/** No name holds a space. */
function identify(name: string, version: string): string {
  return `${name} ${version}`;
}
