/**
 * Stored answers that still hold, and how long a caller may keep them. Those that were asked for last are at hand:
 * an answer is never changed, so one that was read once need not be read again.
 */
import type { Pair } from '../guard.ts';
import type { Database } from '../store/database.ts';
import { findAnswer, type StoredAnswer } from '../store/stored-answers.ts';
import type { Questions } from './questions.ts';

/** An answer that depends on the moment holds for whoever waited for it, and no longer. */
const passingMs = 60_000;
const maxHeldCharacters = 64_000_000;

export class Answers {
  readonly #database: Database;
  readonly #questions: Questions;
  readonly #now: () => Date;
  /** The one that was asked for last stands last. */
  readonly #held = new Map<string, StoredAnswer>();
  #characters = 0;
  #revision = 0;

  constructor(database: Database, questions: Questions, now: () => Date) {
    this.#database = database;
    this.#questions = questions;
    this.#now = now;
  }

  /** Without waiting: undefined too where it is not at hand. */
  findHeld(pair: Pair): StoredAnswer | undefined {
    if (this.#revision !== this.#questions.revision) this.#forgetAll();
    const key = keyOf(pair);
    const held = this.#held.get(key);
    if (held === undefined || !isFresh(held, this.#now())) return undefined;
    this.#held.delete(key);
    this.#held.set(key, held);
    return held;
  }

  async findFresh(pair: Pair): Promise<StoredAnswer | undefined> {
    const claimed = pair.integrity?.to;
    const answer = await this.#find(claimed === undefined ? pair : { ...pair, integrity: {} });
    // Who claims the very digest that was read asks nothing else.
    if (answer !== undefined && (claimed === undefined || answer.integrity === claimed)) return answer;
    return claimed === undefined ? undefined : this.#find(pair);
  }

  async #find(pair: Pair): Promise<StoredAnswer | undefined> {
    const held = this.findHeld(pair);
    if (held !== undefined) return held;
    const answer = await findAnswer(this.#database, this.#questions.nameOf(pair), this.#now().toISOString());
    if (answer === undefined || !isFresh(answer, this.#now())) return undefined;
    this.#hold(keyOf(pair), answer);
    return answer;
  }

  /** What was approved since decides what a question is called. */
  #forgetAll(): void {
    this.#held.clear();
    this.#characters = 0;
    this.#revision = this.#questions.revision;
  }

  #hold(key: string, answer: StoredAnswer): void {
    this.#characters += answer.document.length - (this.#held.get(key)?.document.length ?? 0);
    this.#held.delete(key);
    this.#held.set(key, answer);
    for (const [oldest, its] of this.#held) {
      if (this.#characters <= maxHeldCharacters) return;
      this.#held.delete(oldest);
      this.#characters -= its.document.length;
    }
  }
}

/** No part of it has a space. */
function keyOf({ name, from = '', to, integrity }: Pair): string {
  return `${name} ${from} ${to} ${integrity?.to ?? ''}`;
}

function isFresh({ asOf, lasting, changesDaily }: StoredAnswer, now: Date): boolean {
  if (!lasting) return Math.abs(now.getTime() - Date.parse(asOf)) < passingMs;
  return !changesDaily || asOf.slice(0, 10) === now.toISOString().slice(0, 10);
}

/** A question is asked under a policy, which may change. */
export const questionCaching = 'private, max-age=60';

/** What is found by its digests is what it is, unless it changes with the day. */
export function idCachingOf({ lasting, changesDaily }: StoredAnswer): string {
  return lasting && !changesDaily ? 'private, max-age=31536000, immutable' : questionCaching;
}
