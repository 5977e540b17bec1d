/** How often one caller may ask: so many times within each minute. What is counted is forgotten with its minute. */

const windowMs = 60_000;
/** Whoever has so many addresses is not stopped by counting them. */
const maxCallers = 100_000;

export class CallerLimit {
  readonly #perWindow: number;
  readonly #counts = new Map<string, number>();
  #endsMs = Number.NEGATIVE_INFINITY;

  constructor(perWindow: number) {
    this.#perWindow = perWindow;
  }

  /**
   * @param atMs Of a clock that nobody sets.
   * @returns 0 where the caller may ask, or how long it has to wait.
   */
  count(caller: string, atMs: number): number {
    if (atMs >= this.#endsMs) {
      this.#counts.clear();
      this.#endsMs = atMs + windowMs;
    }
    const count = (this.#counts.get(caller) ?? 0) + 1;
    this.#counts.set(caller, count);
    if (this.#counts.size > maxCallers) this.#forgetOldest();
    return count > this.#perWindow ? this.#endsMs - atMs : 0;
  }

  #forgetOldest(): void {
    for (const oldest of this.#counts.keys()) {
      this.#counts.delete(oldest);
      return;
    }
  }
}
