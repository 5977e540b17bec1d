/**
 * Values that may depend on one another in circles (variables, parameters, results of functions), computed by rounds:
 * whatever read a value is computed again when the value changes, a bounded number of times. Only what is asked for is solved.
 */
import { noValue, sameValue, type Value } from './value.ts';

/** A value that still changes after so many rounds is taken as it is. */
const maxRounds = 6;

interface Cell<Key> {
  value: Value;
  rounds: number;
  readonly readers: Set<Key>;
}

export class Solver<Key extends object> {
  readonly #compute: (key: Key) => Value;
  readonly #cells = new Map<Key, Cell<Key>>();
  readonly #queue = new Set<Key>();
  #current: Key | undefined;

  constructor(compute: (key: Key) => Value) {
    this.#compute = compute;
  }

  /** True while values are still changing: what is computed now may be computed again. */
  get solving(): boolean {
    return this.#current !== undefined;
  }

  read(key: Key): Value {
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { value: noValue, rounds: 0, readers: new Set() };
      this.#cells.set(key, cell);
      this.#queue.add(key);
      if (this.#current === undefined) this.#solve();
    }
    if (this.#current !== undefined) cell.readers.add(this.#current);
    return cell.value;
  }

  #solve(): void {
    for (const key of this.#queue) {
      this.#queue.delete(key);
      const cell = this.#cells.get(key);
      if (cell === undefined || cell.rounds >= maxRounds) continue;
      cell.rounds += 1;
      this.#current = key;
      const value = this.#compute(key);
      this.#current = undefined;
      if (sameValue(value, cell.value)) continue;
      cell.value = value;
      for (const reader of cell.readers) this.#queue.add(reader);
    }
  }
}
