/**
 * What functions change in objects that they are given, told for each way in by what is handed to them there: one function
 * may change a copy for one caller and what everybody shares for another.
 */

import type { Behavior } from '../../model/behavior.ts';
import { tierRank } from '../../model/behavior.ts';
import { isPatched } from '../calls/patched-globals.ts';
import type { CodeFiles } from '../code-files.ts';
import { nameShared } from '../outside/shared-members.ts';
import { type Edge, type FnSummary, type GivenPart, type Handed, maxDoubts } from '../summary/file-summary.ts';
import { memberReference } from '../values/references.ts';
import { referenceNames } from '../values/value.ts';
import { findExported } from './find-exported.ts';
import { isStronger, labelOf, placeBehavior, type Reached, stepFrom } from './reach.ts';
import { findImported } from './resolve-module.ts';

type ReachedFns = ReadonlyMap<string, readonly (Reached | undefined)[]>;

/** Functions that are handed more than this are followed no further. */
const maxSteps = 2_000;

/** @param told What is told of the functions themselves is not told again. */
export function findHandedPatches(reached: ReachedFns, files: CodeFiles, told: readonly Behavior[]): Behavior[] {
  const walk = new HandedWalk(reached, files);
  for (const [path, fns] of reached) {
    files.summary(path)?.fns.forEach(({ edges }, fn) => {
      const way = fns[fn];
      if (way !== undefined) for (const edge of edges) walk.start(edge, { path, way });
    });
  }
  const patches = walk.run();
  const known = new Set(patches.length === 0 ? [] : told.map(keyOf));
  return patches.filter((patch) => !known.has(keyOf(patch)));
}

/** Once for a file: what a helper does at two places is one patch. */
function keyOf({ kind, api, path }: Behavior): string {
  return [kind, api, path].join('\0');
}

/** An object that everybody shares, where a function gets it. */
interface Holding {
  readonly path: string;
  readonly fn: number;
  readonly index: number;
  /** Below the argument. */
  readonly at: string;
  readonly name: string;
  /** What else it is given there, by the argument's number. */
  readonly texts: ReadonlyMap<number, string>;
  readonly way: Reached;
}

type Handing = Pick<Holding, 'path' | 'name' | 'texts' | 'way'>;

class HandedWalk {
  readonly #reached: ReachedFns;
  readonly #files: CodeFiles;
  readonly #known = new Map<string, Reached>();
  readonly #queue: Holding[] = [];
  /** The strongest of each. */
  readonly #found = new Map<string, Behavior>();

  constructor(reached: ReachedFns, files: CodeFiles) {
    this.#reached = reached;
    this.#files = files;
  }

  /** What a call hands on by itself. */
  start(edge: Edge, from: { readonly path: string; readonly way: Reached }): void {
    const texts = textsOf(edge.handed);
    for (const one of edge.handed ?? []) if ('name' in one) this.#hand(edge, one, { ...from, texts, name: one.name });
  }

  run(): Behavior[] {
    for (const holding of this.#queue) this.#follow(holding);
    return [...this.#found.values()];
  }

  #hand(edge: Edge, { index, at }: Handed, { path, way, name, texts }: Handing): void {
    if (way.tier === 'load' && way.reach.doubts + (edge.doubts ?? 0) >= maxDoubts) return;
    for (const to of this.#targets(edge, path)) {
      const key = [to.path, to.fn, index, at, name, ...[...texts].flat()].join('\0');
      const label = labelOf(this.#files.summary(to.path)?.fns[to.fn]?.name ?? '');
      const reach = stepFrom(to.path === path ? way.reach : stepFrom(way.reach, to.path, edge), label, edge);
      const next = { tier: way.tier, reach };
      const known = this.#known.get(key);
      if (known !== undefined && !isStronger(next, known)) continue;
      this.#known.set(key, next);
      if (this.#queue.length < maxSteps) this.#queue.push({ ...to, index, at, name, texts, way: next });
    }
  }

  #targets({ to }: Edge, path: string): readonly { readonly path: string; readonly fn: number }[] {
    if ('fn' in to) return [{ path, fn: to.fn }];
    const target = findImported(to.specifier, path, this.#files.tree);
    return target === undefined ? [] : findExported({ path: target, member: to.member }, this.#files);
  }

  #follow(holding: Holding): void {
    const { path, fn, way } = holding;
    this.#files.summary(path)?.fns.forEach((inner, index) => {
      // What an inner function does is done when it runs.
      const reached = index === fn ? way : this.#reached.get(path)?.[index];
      if (reached !== undefined) this.#followInto(inner, holding, reached);
    });
  }

  #followInto({ givenPatches = [], edges }: FnSummary, holding: Holding, way: Reached): void {
    const { path } = holding;
    for (const { part, memberAt, put, behavior, ...patch } of givenPatches) {
      const name = nameOfPart(part, holding);
      const member = (memberAt === undefined ? undefined : holding.texts.get(memberAt)) ?? patch.member;
      if (name === undefined || !isPatched(name, { member, put })) continue;
      const placed = placeBehavior({ ...behavior, api: `${nameShared(name)}.${member}` }, path, way);
      if (placed !== undefined) this.#tell(placed);
    }
    for (const edge of edges) {
      for (const one of edge.handed ?? []) {
        const name = 'from' in one ? nameOfPart(one.from, holding) : undefined;
        if (name !== undefined) this.#hand(edge, one, { path, way, name, texts: textsOf(edge.handed, holding) });
      }
    }
  }

  #tell(behavior: Behavior): void {
    const key = keyOf(behavior);
    const known = this.#found.get(key);
    if (known === undefined || tierRank[known.tier] < tierRank[behavior.tier]) this.#found.set(key, behavior);
  }
}

/** The texts that a call hands on, its own and those that its function was given. */
function textsOf(handed: Edge['handed'] = [], given?: Holding): ReadonlyMap<number, string> {
  const texts = handed.flatMap((one): [number, string][] => {
    if ('text' in one) return [[one.index, one.text]];
    const text = 'from' in one && one.from.fn === given?.fn ? given.texts.get(one.from.index) : undefined;
    return text === undefined ? [] : [[one.index, text]];
  });
  return new Map(texts);
}

/** What a part of a parameter is, where the parameter holds that: `XMLHttpRequest.prototype` of the global object. */
function nameOfPart(part: GivenPart, { fn, index, at, name }: Holding): string | undefined {
  if (part.fn !== fn || part.index !== index || !part.path.startsWith(at)) return undefined;
  const rest = part.path.slice(at.length);
  if (rest !== '' && !rest.startsWith('.')) return undefined;
  const members = rest.split('.').slice(1);
  return members.reduce<string | undefined>(
    (holder, member) => (holder === undefined ? undefined : referenceNames(memberReference(holder, member, 0))[0]),
    name,
  );
}
