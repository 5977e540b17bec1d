/**
 * Stored answers that still hold, and how long a caller may keep them. Those that were asked for last are at hand:
 * an answer is never changed, so one that was read once need not be read again.
 */
import type { Pair } from '../guard.ts';
import type { Database } from '../store/database.ts';
import { findAnswer, type StoredAnswer } from '../store/stored-answers.ts';
import { HeldAnswers } from './held-answers.ts';
import type { VerdictRequest } from './parse-question.ts';
import type { Questions } from './questions.ts';

/** An answer that depends on the moment holds for whoever waited for it, and no longer. */
const passingMs = 60_000;
const maxHeldCharacters = 64_000_000;

export class Answers {
  readonly #database: Database;
  readonly #questions: Questions;
  readonly #now: () => Date;
  readonly #held = new HeldAnswers(maxHeldCharacters);
  #revision = 0;

  constructor(database: Database, questions: Questions, now: () => Date) {
    this.#database = database;
    this.#questions = questions;
    this.#now = now;
  }

  /** Without waiting and, where it was answered before, without reading the question: undefined too where it is not at hand. */
  findHeld(asked: VerdictRequest): StoredAnswer | undefined {
    // What was approved since decides what a question is called.
    if (this.#revision !== this.#questions.revision) this.#held.clear();
    this.#revision = this.#questions.revision;
    const held = this.#held.find(spell(asked));
    return held === undefined || !isFresh(held, this.#now) ? undefined : held;
  }

  /** @param pair What was asked. */
  async findFresh(asked: VerdictRequest, pair: Pair): Promise<StoredAnswer | undefined> {
    const held = this.findHeld(asked);
    if (held !== undefined) return held;
    const revision = this.#revision;
    const answer = await this.#find(pair);
    if (answer !== undefined && revision === this.#questions.revision) this.#held.hold(spell(asked), answer);
    return answer;
  }

  async #find(pair: Pair): Promise<StoredAnswer | undefined> {
    const claimed = pair.integrity?.to;
    const answer = await this.#read(claimed === undefined ? pair : { ...pair, integrity: {} });
    // Who claims the very digest that was read asks nothing else.
    if (answer !== undefined && (claimed === undefined || answer.integrity === claimed)) return answer;
    return claimed === undefined ? undefined : this.#read(pair);
  }

  async #read(pair: Pair): Promise<StoredAnswer | undefined> {
    const answer = await findAnswer(this.#database, this.#questions.nameOf(pair), this.#now().toISOString());
    return answer === undefined || !isFresh(answer, this.#now) ? undefined : answer;
  }
}

/** As the caller wrote it. Only what is a question is ever held, and no part of one has a space. */
function spell({ purl, from, integrity }: VerdictRequest): string {
  const update = from === undefined ? purl : `${purl} <${from}`;
  return integrity === undefined ? update : `${update} >${integrity}`;
}

function isFresh({ asOf, lasting, changesDaily }: StoredAnswer, now: () => Date): boolean {
  if (!lasting) return Math.abs(now().getTime() - Date.parse(asOf)) < passingMs;
  return !changesDaily || asOf.slice(0, 10) === now().toISOString().slice(0, 10);
}

/** A question is asked under a policy, which may change. */
export const questionCaching = 'private, max-age=60';

/** What is found by its digests is what it is, unless it changes with the day. */
export function idCachingOf({ lasting, changesDaily }: StoredAnswer): string {
  return lasting && !changesDaily ? 'private, max-age=31536000, immutable' : questionCaching;
}
