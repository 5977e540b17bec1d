/**
 * Writes of many callers, one after the other. Each attempt waits for the lock of another process, and nobody is answered
 * meanwhile: where the first of them has waited in vain, those behind it are refused at once.
 */
import type { Database, SqlStatement } from '../store/database.ts';
import { isPassing } from '../store/sqlite.ts';

/** So long nobody tries again. */
const refusingMs = 1_000;

export class WritesInTurn {
  readonly #database: Database;
  #last: Promise<void> = Promise.resolve();
  /** Why nothing could be written a moment ago. */
  #refused: { readonly cause: unknown; readonly until: number } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  async write(statements: readonly SqlStatement[]): Promise<void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    await before;
    try {
      await this.#attempt(statements);
    } finally {
      resolve();
    }
  }

  async #attempt(statements: readonly SqlStatement[]): Promise<void> {
    if (this.#refused !== undefined && performance.now() < this.#refused.until) throw this.#refused.cause;
    try {
      await this.#database.write(statements);
    } catch (cause) {
      if (isPassing(cause)) this.#refused = { cause, until: performance.now() + refusingMs };
      throw cause;
    }
  }
}
