/**
 * Puts other versions into a lockfile's text, and nothing else: entries are rewritten as npm would write them, entries
 * that nobody needs any more go, and every other byte stays. A version 2 lockfile has two halves, and both are edited.
 */
import type { LockEdge, LockTree } from '../model/lock-tree.ts';
import { type EntryFlag, editEntry, editLegacyEntry } from './edit-entry.ts';
import { editObject, findProperty, type ObjectText, readObject } from './json-text.ts';
import { PatchedTree, type Take } from './patched-tree.ts';

export interface LockfilePatch {
  readonly tree: LockTree;
  /** The lockfile that the tree was read from. */
  readonly text: string;
  readonly takes: readonly Take[];
}

export interface PatchedLockfile {
  readonly text: string;
  /** What a version that was put in asks for and the tree does not answer: npm has to place it. */
  readonly missing: readonly MissingDependency[];
  /** Locations of the entries that nobody needs any more, and that are gone. */
  readonly removed: readonly string[];
}

export interface MissingDependency extends Pick<LockEdge, 'name' | 'spec' | 'type'> {
  /** Who asks for it. */
  readonly by: { readonly name: string; readonly version: string; readonly location: string };
}

export function patchLockfile({ tree, text, takes }: LockfilePatch): PatchedLockfile {
  const taken = new Map(takes.flatMap((take) => take.locations.map((location) => [location, take] as const)));
  for (const location of taken.keys()) {
    if (!tree.nodes.has(location)) throw new Error(`the lockfile has no entry at ${location}`);
  }
  const after = new PatchedTree(tree, taken);
  const removed = findRemoved(tree, after);
  const changes: TreeChanges = { tree, taken, removed: new Set(removed), flags: findFlagChanges(tree, after) };
  return { text: editText(text, changes), missing: findMissing(tree, after, [...taken.keys()]), removed };
}

interface TreeChanges {
  readonly tree: LockTree;
  readonly taken: ReadonlyMap<string, Take>;
  readonly removed: ReadonlySet<string>;
  readonly flags: ReadonlyMap<string, FlagChanges>;
}

type FlagChanges = ReadonlyMap<EntryFlag, boolean>;

/** What the edges of the patched tree ask for in vain. */
export function findMissing(tree: LockTree, after: PatchedTree, locations: readonly string[]): MissingDependency[] {
  const nodes = locations.flatMap((location) => tree.nodes.get(location) ?? []);
  return nodes.flatMap((node) =>
    after
      .edgesOut(node)
      .filter((edge) => !after.isAnswered(edge))
      .map(({ name, spec, type }) => {
        const by = { name: node.name, version: after.versionOf(node) ?? '', location: node.location };
        return { name, spec, type, by };
      }),
  );
}

function findRemoved(tree: LockTree, after: PatchedTree): readonly string[] {
  const before = new PatchedTree(tree, new Map());
  const isNeed = (type: LockEdge['type']): boolean => type !== 'peerOptional';
  const needed = after.reach(isNeed);
  return [...before.reach(isNeed)].filter((location) => !needed.has(location));
}

const flagEdges: Readonly<Record<Exclude<EntryFlag, 'devOptional'>, readonly LockEdge['type'][]>> = {
  dev: ['dev'],
  optional: ['optional', 'peerOptional'],
  peer: ['peer', 'peerOptional'],
};

/** npm tells what an entry is there for by the ways that lead to it; only what the patch changed is written. */
function findFlagChanges(tree: LockTree, after: PatchedTree): ReadonlyMap<string, FlagChanges> {
  const [old, now] = [readFlags(new PatchedTree(tree, new Map())), readFlags(after)];
  const changes = new Map<string, FlagChanges>();
  for (const location of tree.nodes.keys()) {
    const changed = [...now].filter(([flag, holds]) => holds(location) !== old.get(flag)?.(location));
    if (changed.length > 0) changes.set(location, new Map(changed.map(([flag, holds]) => [flag, holds(location)])));
  }
  return changes;
}

function readFlags(patched: PatchedTree): ReadonlyMap<EntryFlag, (location: string) => boolean> {
  const without = (types: readonly LockEdge['type'][]): ReadonlySet<string> =>
    patched.reach((type) => !types.includes(type));
  const reached = { dev: without(flagEdges.dev), optional: without(flagEdges.optional), peer: without(flagEdges.peer) };
  const plain = without([...flagEdges.dev, ...flagEdges.optional]);
  return new Map<EntryFlag, (location: string) => boolean>([
    ['dev', (location) => !reached.dev.has(location)],
    ['optional', (location) => !reached.optional.has(location)],
    ['peer', (location) => !reached.peer.has(location)],
    // In both trees by different ways: it goes when neither development nor optional packages are wanted.
    ['devOptional', (location) => !plain.has(location) && reached.dev.has(location) && reached.optional.has(location)],
  ]);
}

function editText(text: string, changes: TreeChanges): string {
  const top = readObject(text, 0);
  const edits = new Map<string, string>();
  const packages = findProperty(top, 'packages');
  if (packages !== undefined) edits.set('packages', editPackages(text, readObject(text, packages.valueFrom), changes));
  const legacy = findProperty(top, 'dependencies');
  if (legacy !== undefined)
    edits.set('dependencies', editLegacy(text, readObject(text, legacy.valueFrom), [changes, '']));
  return text.slice(0, top.from) + editObject(text, top, edits) + text.slice(top.to);
}

function editPackages(text: string, packages: ObjectText, { tree, taken, removed, flags }: TreeChanges): string {
  const edits = new Map<string, string | undefined>();
  for (const { key: location, valueFrom } of packages.properties) {
    const [node, flagChanges] = [tree.nodes.get(location), flags.get(location)];
    if (node === undefined) continue;
    const take = taken.get(location);
    if (removed.has(location)) edits.set(location, undefined);
    else if (take !== undefined || flagChanges !== undefined) {
      edits.set(location, editEntry(text, readObject(text, valueFrom), { node, take, flags: flagChanges }));
    }
  }
  return editObject(text, packages, edits);
}

/** npm 6's form: copies lie inside of the entry of the package whose folder holds them. */
function editLegacy(text: string, entries: ObjectText, [changes, above]: readonly [TreeChanges, string]): string {
  const { tree, taken, removed, flags } = changes;
  const edits = new Map<string, string | undefined>();
  for (const { key, valueFrom } of entries.properties) {
    const location = `${above}node_modules/${key}`;
    const node = tree.nodes.get(location);
    if (removed.has(location)) {
      edits.set(key, undefined);
      continue;
    }
    const entry = readObject(text, valueFrom);
    const below = findProperty(entry, 'dependencies');
    const nested = below && editLegacy(text, readObject(text, below.valueFrom), [changes, `${location}/`]);
    const isNested = below !== undefined && nested !== text.slice(below.valueFrom, below.to);
    const [take, flagChanges] = [taken.get(location), flags.get(location)];
    if (node !== undefined && (take !== undefined || flagChanges !== undefined)) {
      edits.set(key, editLegacyEntry(text, entry, { node, take, flags: flagChanges, nested, version: tree.version }));
    } else if (isNested) {
      edits.set(key, editObject(text, entry, new Map([['dependencies', nested === '{}' ? undefined : nested]])));
    }
  }
  return editObject(text, entries, edits);
}
