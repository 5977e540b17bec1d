/** How code is reached, and the tier that it has by that: everything that decides a tier stands here. */
import type { Behavior, Tier } from '../../model/behavior.ts';
import { tierRank } from '../../model/behavior.ts';

type Way = 'hook' | 'entry' | 'pattern' | 'path' | 'newPath' | 'thread' | 'call' | 'nothing';

export const tierOf: Readonly<Record<Way, Tier>> = {
  /** A lifecycle script, or the commands of a binding.gyp. */
  hook: 'install',
  /** A file that the manifest names: `main`, `module`, `browser`, `exports`, `bin`. */
  entry: 'load',
  /** A file that `exports` leaves open by a pattern or a folder. */
  pattern: 'load',
  /** A file that nothing names: without `exports`, users may import whatever has a path. */
  path: 'load',
  /** The same, new in this version: nobody names its path yet. */
  newPath: 'call',
  /** Code that runs only in a thread, where nothing starts one on loading. */
  thread: 'call',
  /** A function that is not called on loading. */
  call: 'call',
  nothing: 'unreached',
};

/** A package whose loading starts a thread runs in it what runs in threads. */
export function placeThreads(behaviors: readonly Behavior[]): Behavior[] {
  const starts = behaviors.some(({ api, tier }) => api === 'worker_threads.Worker' && tierRank[tier] > tierRank.call);
  return behaviors.map((behavior) => {
    if (!behavior.guards.some(({ test }) => test === 'thread')) return behavior;
    const guards = behavior.guards.filter(({ test }) => test !== 'thread');
    return { ...behavior, guards, tier: behavior.tier === 'load' && !starts ? tierOf.thread : behavior.tier };
  });
}

/** A package that loads files by names that are put together may load a new one so: it may be one of them. */
export function placeNewPaths(behaviors: readonly Behavior[], old: ReadonlyMap<string, unknown>): readonly Behavior[] {
  if (behaviors.some(loadsAnyFile)) return behaviors;
  return behaviors.map((behavior): Behavior => {
    const { tier, root, via } = behavior;
    const [file] = via;
    const isNew = tier === tierOf.path && root === 'file' && file !== undefined && !old.has(file);
    return isNew ? { ...behavior, tier: tierOf.newPath } : behavior;
  });
}

function loadsAnyFile({ kind, tier, root, detail }: Behavior): boolean {
  const isNamed = kind === 'computed-import' && tier !== 'unreached' && root !== 'file';
  return isNamed && !/^(?:<package>|\.{1,2})\//.test(detail ?? '');
}
