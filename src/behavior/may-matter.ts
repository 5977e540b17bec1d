/**
 * What is worth comparing at all. Printing and throwing when somebody calls is what nearly every package does, and what
 * nothing runs does nothing: no rule asks for either, so the old version is not read for them.
 */
import type { Behavior } from '../model/behavior.ts';

/** Errs on the side of yes. */
export function mayMatter({ kind, tier, marks, guards, doubtful }: Behavior): boolean {
  if (tier === 'unreached') return false;
  // Who calls a function knows what it is for.
  if (kind === 'unseen-run' && (tier === 'call' || doubtful)) return false;
  if (guards.length > 0 || tier === 'install') return true;
  if (kind !== 'output' && kind !== 'process-stop') return true;
  return tier === 'load' && !marks.includes('conditional');
}
