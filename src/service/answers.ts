/** Stored answers that still hold, and how long a caller may keep them. */
import type { Pair } from '../guard.ts';
import type { Database } from '../store/database.ts';
import { findAnswer, type StoredAnswer } from '../store/stored-answers.ts';
import type { Questions } from './questions.ts';

/** An answer that depends on the moment holds for whoever waited for it, and no longer. */
const passingMs = 60_000;

export async function findFreshAnswer(
  pair: Pair,
  {
    database,
    questions,
    now,
  }: { readonly database: Database; readonly questions: Questions; readonly now: () => Date },
): Promise<StoredAnswer | undefined> {
  const claimed = pair.integrity?.to;
  const { integrity: _, ...byName } = pair;
  const answer = await findAnswer(database, questions.nameOf(byName));
  // Who claims the very digest that was read asks nothing else.
  if (answer !== undefined && isFresh(answer, now()) && (claimed === undefined || answer.integrity === claimed)) {
    return answer;
  }
  if (claimed === undefined) return undefined;
  const own = await findAnswer(database, questions.nameOf(pair));
  return own !== undefined && isFresh(own, now()) ? own : undefined;
}

export function isFresh({ asOf, lasting, changesDaily }: StoredAnswer, now: Date): boolean {
  if (!lasting) return Math.abs(now.getTime() - Date.parse(asOf)) < passingMs;
  return !changesDaily || asOf.slice(0, 10) === now.toISOString().slice(0, 10);
}

/** A question is asked under a policy, which may change. */
export const questionCaching = 'private, max-age=60';

/** What is found by its digests is what it is, unless it changes with the day. */
export function idCachingOf({ lasting, changesDaily }: StoredAnswer): string {
  return lasting && !changesDaily ? 'private, max-age=31536000, immutable' : questionCaching;
}
