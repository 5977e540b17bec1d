/** A change of a lockfile, judged as a whole; from memory, where nothing that decides has changed since. */
import type { CheckVerdict } from '../model/check-verdict.ts';
import { type CheckOptions, type CheckQuestion, isUnchanged } from './check-question.ts';

export type { CheckOptions, CheckQuestion };

/** Throws a GuardError where a lockfile or manifest cannot be read; what cannot be had makes the verdict undecided. */
export async function checkLockfile(question: CheckQuestion, given: CheckOptions): Promise<CheckVerdict> {
  if (isUnchanged(question)) return compute(question, given);
  const { checkRemembered } = await import('./check-memory.ts');
  return checkRemembered(question, given, (options) => compute(question, options));
}

/** What reads lockfiles and judges them is most of this program, and a remembered answer does without it. */
async function compute(question: CheckQuestion, options: CheckOptions): Promise<CheckVerdict> {
  const { computeCheck } = await import('./compute-check.ts');
  return computeCheck(question, options);
}
