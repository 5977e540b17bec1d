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

interface SolverSetting<Key> {
  readonly compute: (key: Key) => Value;
  /** False where the stack is deep already: then what is asked for is computed later. */
  readonly mayDescend: () => boolean;
}

export class Solver<Key extends object> {
  readonly #setting: SolverSetting<Key>;
  readonly #cells = new Map<Key, Cell<Key>>();
  readonly #queue = new Set<Key>();
  #current: Key | undefined;

  constructor(setting: SolverSetting<Key>) {
    this.#setting = setting;
  }

  /** True while values are still changing: what is computed now may be computed again. */
  get solving(): boolean {
    return this.#current !== undefined;
  }

  read(key: Key): Value {
    const reader = this.#current;
    let cell = this.#cells.get(key);
    if (cell === undefined) {
      cell = { value: noValue, rounds: 0, readers: new Set() };
      this.#cells.set(key, cell);
      // What a value leans on is computed before it as far as possible, so that most are computed once.
      if (reader === undefined || this.#setting.mayDescend()) this.#compute(key, cell);
      else this.#queue.add(key);
      if (reader === undefined) this.#solve();
    }
    if (reader !== undefined) cell.readers.add(reader);
    return cell.value;
  }

  #compute(key: Key, cell: Cell<Key>): void {
    cell.rounds += 1;
    const reader = this.#current;
    this.#current = key;
    const value = this.#setting.compute(key);
    this.#current = reader;
    if (sameValue(value, cell.value)) return;
    cell.value = value;
    for (const one of cell.readers) this.#queue.add(one);
  }

  #solve(): void {
    for (const key of this.#queue) {
      this.#queue.delete(key);
      const cell = this.#cells.get(key);
      if (cell !== undefined && cell.rounds < maxRounds) this.#compute(key, cell);
    }
  }
}
