/** What is asked of a lockfile as a whole, and with what. */
import type { AskOptions } from './ask-registry.ts';
import type { LockQuestion } from './lock-changes.ts';

export interface CheckOptions extends AskOptions {
  /** What the base is called, for a person. */
  readonly base: string | undefined;
}

export type CheckQuestion = Pick<LockQuestion, 'before' | 'after' | 'kept'>;

/** Such a lockfile is not worth loading npm's configuration for. */
export function isUnchanged({ before, after, kept }: CheckQuestion): boolean {
  return kept === 'nothing' && before?.lockfile.text === after.lockfile.text;
}
