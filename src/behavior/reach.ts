/** How a function is reached, and what a behavior of it becomes by that. */
import type { Behavior, Guard, Mark, Tier } from '../model/behavior.ts';
import type { LocalBehavior } from './file-summary.ts';

/** How a function is reached: one step, and the step before it. */
export interface Reach {
  readonly label: string;
  readonly parent: Reach | undefined;
  readonly root: Behavior['root'];
  readonly guards: readonly Guard[];
  readonly conditional: boolean;
  readonly deferred: boolean;
}

export interface Reached {
  readonly tier: Tier;
  readonly reach: Reach;
}

export function rootReach(label: string, root: Behavior['root']): Reach {
  return { label, parent: undefined, root, guards: [], conditional: false, deferred: false };
}

export function labelOf(name: string): string {
  return name === '' ? '(anonymous function)' : `${name}()`;
}

export function placeBehavior(local: LocalBehavior, path: string, reached: Reached | undefined): Behavior | undefined {
  const guards = [...(reached?.reach.guards ?? []), ...local.guards];
  if (local.kind === 'page-change' && guards.length === 0) return undefined;
  const marks: Mark[] = [...local.marks];
  if (reached?.reach.conditional && !marks.includes('conditional')) marks.push('conditional');
  if (reached?.reach.deferred) marks.push('deferred');
  return {
    ...local,
    guards,
    marks,
    path,
    tier: reached?.tier ?? 'unreached',
    root: reached?.reach.root,
    via: viaOf(reached?.reach, path),
  };
}

const maxVia = 12;

function viaOf(reach: Reach | undefined, path: string): string[] {
  const labels: string[] = [];
  for (let at = reach; at !== undefined; at = at.parent) labels.unshift(at.label);
  if (labels.length === 0) labels.push(path);
  return labels.length <= maxVia ? labels : [...labels.slice(0, 4), '…', ...labels.slice(-(maxVia - 5))];
}
