/** Answers that were given lately, by what they were asked with: so many characters of them, and the others are forgotten. */
import type { StoredAnswer } from '../store/stored-answers.ts';

/** What an entry takes besides its document. */
const charactersPerEntry = 500;

/**
 * In two halves, so that finding one moves nothing: when the younger half is full it takes the place of the older one, and
 * what nobody has asked for since is gone with that.
 */
export class HeldAnswers {
  readonly #maxPerHalf: number;
  #younger = new Map<string, StoredAnswer>();
  #older = new Map<string, StoredAnswer>();
  /** Of the younger half. */
  #characters = 0;

  constructor(maxCharacters: number) {
    this.#maxPerHalf = maxCharacters / 2;
  }

  find(key: string): StoredAnswer | undefined {
    const young = this.#younger.get(key);
    if (young !== undefined) return young;
    const old = this.#older.get(key);
    if (old !== undefined) this.hold(key, old);
    return old;
  }

  hold(key: string, answer: StoredAnswer): void {
    const replaced = this.#younger.get(key);
    if (replaced !== undefined) this.#characters -= sizeOf(key, replaced);
    this.#younger.set(key, answer);
    this.#characters += sizeOf(key, answer);
    if (this.#characters <= this.#maxPerHalf) return;
    this.#older = this.#younger;
    this.#younger = new Map();
    this.#characters = 0;
  }

  clear(): void {
    this.#younger.clear();
    this.#older.clear();
    this.#characters = 0;
  }
}

function sizeOf(key: string, { document }: StoredAnswer): number {
  return key.length + document.length + charactersPerEntry;
}
