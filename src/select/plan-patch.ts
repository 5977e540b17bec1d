/**
 * Which entries of a lockfile to move so that selection findings go away, and all edges still lead somewhere.
 * What has to move along does: a dependent that goes back asks for what it asked for then. What cannot be had by an
 * edit is said in a sentence. Nothing is fetched here: a release that is not at hand is asked for, and the plan made anew.
 */
import type { PublishedRelease } from '../model/lock-change.ts';
import type { LockNode, LockTree } from '../model/lock-tree.ts';
import { parseDemand } from './parse-demand.ts';
import { findMissing, type MissingDependency } from './patch-lockfile.ts';
import { chooseTarget, type GroupedWish, groupWishes, type NeededRelease, type PatchWish } from './patch-wishes.ts';
import { type PatchedEdge, PatchedTree, type Replacement, type Take, takesVersion } from './patched-tree.ts';
import { prepareVersions } from './prepare-versions.ts';

export interface PatchContext {
  readonly tree: LockTree;
  /** Every version of a package in the base. */
  readonly baseVersions: (name: string) => readonly string[];
  /** Undefined when it has not been loaded; `absent` when it was asked for and cannot be had. */
  readonly findRelease: (name: string, version: string) => PublishedRelease | 'absent' | undefined;
  /** Versions that nothing may be moved to. */
  readonly excluded: (name: string) => ReadonlySet<string>;
  /** Whether the project names the package anew: then its change does not go back on its own. */
  readonly isNamed: (name: string) => boolean;
}

export interface PlannedTake extends Take {
  readonly name: string;
  readonly from: string;
}

export interface PatchPlan {
  readonly takes: readonly PlannedTake[];
  /** Releases without which the plan is not complete: load them, and plan again. */
  readonly needs: readonly NeededRelease[];
  /** What npm has to place once the takes are in. */
  readonly missing: readonly MissingDependency[];
  /** Findings that no edit of the lockfile alone can remove, each with the reason. */
  readonly left: readonly string[];
}

export function planPatch(wishes: readonly PatchWish[], context: PatchContext): PatchPlan {
  const bundlers = findBundlers(context.tree);
  const draft: Draft = { context, bundlers, moves: new Map(), held: new Map(), needs: new Map() };
  const left: string[] = [];
  for (const wish of groupWishes(wishes)) {
    const problem = tryWish(draft, wish);
    if (problem !== undefined) left.push(`${wish.name}@${wish.version}: ${problem}`);
  }
  // What goes back, and what it asks for then, has to be known first.
  if (draft.needs.size === 0) sendBack(draft);
  for (const [location, sentence] of draft.held) if (!draft.moves.has(location)) left.push(sentence);
  const after = new PatchedTree(context.tree, replacementsOf(draft.moves, context));
  return {
    takes: groupTakes(draft.moves, context),
    needs: [...draft.needs.values()],
    missing: draft.needs.size > 0 ? [] : findMissing(context.tree, after, [...draft.moves.keys()]),
    left: [...new Set(left)],
  };
}

/** By location: the version to put there. */
type Moves = ReadonlyMap<string, Move>;

interface Move {
  readonly node: LockNode;
  readonly version: string;
}

interface Draft {
  readonly context: PatchContext;
  /** Locations of packages that bring copies of their own dependencies along. */
  readonly bundlers: ReadonlySet<string>;
  moves: Moves;
  /** By location: what stays after all, and why. */
  held: ReadonlyMap<string, string>;
  readonly needs: Map<string, NeededRelease>;
}

/** More rounds than any chain of dependents is long. */
const maxRounds = 1000;

/** Takes the wish into the draft with all that has to move along, or leaves the draft and says why not. */
function tryWish(draft: Draft, wish: GroupedWish): string | undefined {
  const { name, version } = wish;
  const { tree, baseVersions, excluded } = draft.context;
  const target = chooseTarget(wish, { base: baseVersions(name), excluded: excluded(name) });
  if (target === undefined) return 'no version in the ranges of its dependents may be taken; move a dependent first.';
  const nodes = [...tree.nodes.values()].filter(
    (node) => isMovable(node) && node.name === name && node.version === version,
  );
  if (nodes.length === 0) return 'the lockfile has no copy of it that comes from a registry.';
  const moves = new Map(draft.moves);
  for (const node of nodes) {
    // A copy that moves already does so with a dependent, which knows better.
    if (!moves.has(node.location) && !draft.held.has(node.location))
      moves.set(node.location, { node, version: target });
  }
  return settle(draft, moves);
}

/** Moves along what has to, until every edge is answered; keeps the moves unless somebody cannot be satisfied. */
function settle(draft: Draft, moves: Map<string, Move>): string | undefined {
  const { context } = draft;
  const held = new Map(draft.held);
  for (let round = 0; round < maxRounds; round += 1) {
    noteNeeds(moves, draft);
    const refusal = [...moves.values()].map((move) => findRefusal(move, draft)).find((one) => one !== undefined);
    if (refusal !== undefined) return refusal;
    const after = new PatchedTree(context.tree, replacementsOf(moves, context));
    const step = findStep({ moves, held, after, context });
    if (step === undefined) {
      draft.moves = moves;
      draft.held = held;
      return undefined;
    }
    if (typeof step === 'string') return step;
    const { location, name, version } = step.node;
    if (step.holds === undefined) moves.set(location, step);
    else {
      moves.delete(location);
      held.set(location, `${name}@${version}: ${step.holds}`);
    }
  }
  return 'its dependents and dependencies ask for one another in circles.';
}

function noteNeeds(moves: Moves, { context, needs }: Draft): void {
  for (const { node, version } of moves.values()) {
    const { name } = node;
    if (context.findRelease(name, version) === undefined) needs.set(`${name}@${version}`, { name, version });
  }
}

/** Why an edit of this entry alone would be wrong. */
function findRefusal({ node, version }: Move, { bundlers, context: { findRelease } }: Draft): string | undefined {
  const release = findRelease(node.name, version);
  if (release === 'absent') return `the registry could not be asked for ${node.name}@${version}, or does not have it.`;
  if (release?.integrity.length === 0) return `the registry gives no integrity for ${node.name}@${version}.`;
  const willBundle = release?.lockFields?.['bundleDependencies'] ?? false;
  const bundlesLater = willBundle === true || Object.keys(willBundle).length > 0;
  if (node.flags.hasShrinkwrap || bundlers.has(node.location) || bundlesLater) {
    return `${node.name} brings copies of its own dependencies along, and only npm can tell which: \`npm install ${node.name}@${version}\`.`;
  }
  return undefined;
}

interface Trial {
  readonly moves: Moves;
  readonly held: ReadonlyMap<string, string>;
  readonly after: PatchedTree;
  readonly context: PatchContext;
}

/** A move that is needed, or one that must not be. */
interface Step extends Move {
  /** Why the copy has to stay as it is. */
  readonly holds?: string;
}

/** One more step; a sentence where there is none; undefined when all edges are answered as far as they can be. */
function findStep(trial: Trial): Step | string | undefined {
  const { moves, after } = trial;
  for (const { node } of moves.values()) {
    for (const edge of after.edgesIn(node)) {
      if (after.isAnswered(edge) || moves.has(edge.from.location)) continue;
      return `${describe(edge.from, after)} asks for ${edge.name}@${edge.spec}.`;
    }
    for (const edge of after.edgesOut(node)) {
      if (edge.to === undefined || after.isAnswered(edge)) continue;
      const step = findAlong(edge, edge.to, trial);
      if (step !== undefined) return step;
    }
  }
  return undefined;
}

/** What the edge's end has to become; undefined when npm has to place another copy for it. */
function findAlong(edge: PatchedEdge, to: LockNode, { moves, held, after, context }: Trial): Step | string | undefined {
  const { name, spec, type } = edge;
  const asks = `${describe(edge.from, after)} asks for ${name}@${spec}.`;
  const isMoved = moves.has(to.location);
  if (isMoved && to.version !== undefined && takesVersion(edge, to.version)) {
    return { node: to, version: to.version, holds: asks };
  }
  const isPeer = type === 'peer' || type === 'peerOptional';
  const refusal = isPeer ? `${describe(edge.from, after)} asks for its peer ${name}@${spec}.` : undefined;
  const version = isMovable(to) && !held.has(to.location) ? findAnswer(edge, to, context) : undefined;
  if (version === undefined || (isMoved && !isLower(version, after.versionOf(to)))) return refusal;
  const others = after.edgesIn(to).filter((other) => other.from !== edge.from && after.isAnswered(other));
  return others.every((other) => takesVersion(other, version)) ? { node: to, version } : refusal;
}

/** A copy that moved once may only go further back: so every plan comes to an end. */
function isLower(version: string, than: string | undefined): boolean {
  return version !== than && prepareVersions([version, than ?? version]).versions[0] === version;
}

/** The version that an exact spec names, else what the base had. */
function findAnswer(edge: PatchedEdge, to: LockNode, { baseVersions, excluded }: PatchContext): string | undefined {
  const demand = parseDemand(edge);
  const exact = demand.kind === 'range' && demand.isExact ? demand.range.set[0]?.[0]?.semver.raw : undefined;
  const usable = prepareVersions(exact === undefined ? baseVersions(to.name) : [exact]).versions;
  return usable.findLast((version) => takesVersion(edge, version) && !excluded(to.name).has(version));
}

/** What changed because a package changed that now goes back, and that nobody asks to change any more, goes back as well. */
function sendBack(draft: Draft): void {
  const { context } = draft;
  const tried = new Set<string>();
  for (let round = 0; round < maxRounds; round += 1) {
    const after = new PatchedTree(context.tree, replacementsOf(draft.moves, context));
    const freed = [...draft.moves.values()].flatMap(({ node }) => node.edgesOut.flatMap(({ to }) => to ?? []));
    const next = freed.find((node) => !tried.has(node.location) && findBack(node, after, draft) !== undefined);
    if (next === undefined) return;
    tried.add(next.location);
    const version = findBack(next, after, draft);
    if (version !== undefined) settle(draft, new Map([...draft.moves, [next.location, { node: next, version }]]));
  }
}

function findBack(node: LockNode, after: PatchedTree, { context }: Draft): string | undefined {
  const base = context.baseVersions(node.name);
  if (!isMovable(node) || base.includes(after.versionOf(node) ?? '') || context.isNamed(node.name)) return undefined;
  const edges = after.edgesIn(node);
  if (edges.length === 0 || edges.some(({ from }) => from.source === 'root' || from.source === 'workspace'))
    return undefined;
  return prepareVersions(base).versions.findLast(
    (version) => !context.excluded(node.name).has(version) && edges.every((edge) => takesVersion(edge, version)),
  );
}

function findBundlers({ nodes }: LockTree): ReadonlySet<string> {
  const bundlers = new Set<string>();
  for (const { location, source } of nodes.values()) {
    const steps = source === 'bundled' ? location.split('/node_modules/') : [];
    for (let depth = 1; depth < steps.length; depth += 1) bundlers.add(steps.slice(0, depth).join('/node_modules/'));
  }
  return bundlers;
}

function isMovable({ source, version }: LockNode): boolean {
  return source === 'registry' && version !== undefined;
}

function describe(node: LockNode, after: PatchedTree): string {
  return node.location === '' ? 'The project' : `${node.name}@${after.versionOf(node)}`;
}

function replacementsOf(moves: Moves, context: PatchContext): ReadonlyMap<string, Replacement> {
  return new Map([...moves].map(([location, { node, version }]) => [location, replace(node, version, context)]));
}

function replace({ name }: LockNode, version: string, { findRelease }: PatchContext): Replacement {
  const release = findRelease(name, version);
  return { version, published: release === 'absent' ? undefined : release };
}

function groupTakes(moves: Moves, context: PatchContext): readonly PlannedTake[] {
  const takes = new Map<string, PlannedTake>();
  for (const [location, { node, version }] of moves) {
    const { published } = replace(node, version, context);
    if (published === undefined || node.version === undefined) continue;
    const key = `${node.name}@${node.version}>${version}`;
    const locations = [...(takes.get(key)?.locations ?? []), location];
    takes.set(key, { name: node.name, from: node.version, version, locations, published });
  }
  return [...takes.values()];
}
