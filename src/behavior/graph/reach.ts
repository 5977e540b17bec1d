/** How a function is reached, and what a behavior of it becomes by that. */
import type { Behavior, Guard, Mark, Tier } from '../../model/behavior.ts';
import { tierRank } from '../../model/behavior.ts';
import { anonymous } from '../signature.ts';
import type { Edge, LocalBehavior } from '../summary/file-summary.ts';
import { tierOf } from './tier-of.ts';

/** How a function is reached: one step, and the step before it. */
export interface Reach {
  readonly label: string;
  readonly parent: Reach | undefined;
  readonly root: Behavior['root'];
  readonly guards: readonly Guard[];
  readonly conditional: boolean;
  readonly deferred: boolean;
  /** What is thrown is caught on the way. */
  readonly caught: boolean;
  /** See `Edge`: of all steps. */
  readonly doubts: number;
}

export interface Reached {
  readonly tier: Tier;
  readonly reach: Reach;
}

export function rootReach(label: string, root: Behavior['root']): Reach {
  return { label, parent: undefined, root, guards: [], conditional: false, deferred: false, caught: false, doubts: 0 };
}

const maxGuards = 8;

type Step = Omit<Edge, 'to' | 'deferred'> & { readonly deferred?: boolean };

/** One step on: a call or a load, with the tests that stand over it. */
export function stepFrom(reach: Reach, label: string, { guards, conditional, caught, ...by }: Step): Reach {
  return {
    root: reach.root,
    label,
    parent: reach,
    guards: guards.length === 0 ? reach.guards : [...reach.guards, ...guards].slice(0, maxGuards),
    conditional: reach.conditional || conditional,
    deferred: reach.deferred || by.deferred === true,
    caught: reach.caught || caught,
    doubts: reach.doubts + (by.doubts ?? 0),
  };
}

/** By its tier, and at the same tier by what stands in the way: a way under no test says more than one under a test. */
export function isStronger(one: Reached, other: Reached): boolean {
  if (one.tier !== other.tier) return tierRank[one.tier] > tierRank[other.tier];
  const [inThread, oldInThread] = [isInThread(one.reach), isInThread(other.reach)];
  if (inThread !== oldInThread) return oldInThread;
  const [root, old] = [standing(one.reach.root), standing(other.reach.root)];
  if (root < old || isCertain(other.reach)) return false;
  return isCertain(one.reach) || one.reach.doubts < other.reach.doubts;
}

/** Whoever imports the package comes before who starts its program, and who names a file by its path last. */
function standing(root: Behavior['root']): number {
  if (root === 'file' || root === undefined) return 0;
  return root === 'bin' ? 1 : 2;
}

function isCertain({ conditional, deferred, caught }: Reach): boolean {
  return !conditional && !deferred && !caught;
}

function isInThread({ guards }: Pick<Reach, 'guards'>): boolean {
  return guards.some(({ test }) => test === 'thread');
}

export function labelOf(name: string): string {
  return name === '' ? anonymous : `${name}()`;
}

export function placeBehavior(local: LocalBehavior, path: string, reached: Reached | undefined): Behavior | undefined {
  const all = [...(reached?.reach.guards ?? []), ...local.guards];
  const guards = all.filter(({ test }) => test !== 'program');
  if (local.kind === 'page-change' && !guards.some(isAimed)) return undefined;
  const marks: Mark[] = [...local.marks];
  if (local.api === 'throw' && reached?.reach.caught) return undefined;
  if (reached?.reach.conditional && !marks.includes('conditional')) marks.push('conditional');
  if (reached?.reach.deferred) marks.push('deferred');
  return {
    ...local,
    guards,
    marks,
    path,
    tier: reached?.tier ?? tierOf.nothing,
    ...(reached?.tier === 'load' && reached.reach.doubts > 0 ? { doubtful: true } : {}),
    root: guards.length < all.length && reached?.tier === 'load' ? 'bin' : reached?.reach.root,
    via: viaOf(reached?.reach, path),
  };
}

/** Whether it decides where, when or for whom. */
function isAimed({ test }: Guard): boolean {
  return test !== 'program' && test !== 'thread' && test !== 'switch' && test !== 'chance';
}

const maxVia = 12;

function viaOf(reach: Reach | undefined, path: string): string[] {
  const labels: string[] = [];
  for (let at = reach; at !== undefined; at = at.parent) labels.unshift(at.label);
  if (labels.length === 0) labels.push(path);
  return labels.length <= maxVia ? labels : [...labels.slice(0, 4), '…', ...labels.slice(-(maxVia - 5))];
}
