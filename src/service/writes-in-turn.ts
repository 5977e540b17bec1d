/**
 * Writes of many callers: those that wait at the same time are one transaction, which takes a disk's time once. An attempt waits
 * for the lock of another process, and nobody is answered meanwhile: where one has waited in vain, those behind it are refused
 * at once.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database, SqlStatement } from '../store/database.ts';
import { isPassing } from '../store/sqlite.ts';

interface WaitingWrite {
  readonly statements: readonly SqlStatement[];
  readonly done: () => void;
  readonly failed: (cause: unknown) => void;
}

/** So long nobody tries again. */
const refusingMs = 1_000;
/** So few that nobody waits long for the lock. */
const maxTogether = 200;

export class WritesInTurn {
  readonly #database: Database;
  readonly #waiting: WaitingWrite[] = [];
  #isWriting = false;
  /** Why nothing could be written a moment ago. */
  #refused: { readonly cause: unknown; readonly until: number } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** All of it or, where one fails, nothing; whatever becomes of other callers' writes. */
  write(statements: readonly SqlStatement[]): Promise<void> {
    const { promise, resolve: done, reject: failed } = Promise.withResolvers<void>();
    this.#waiting.push({ statements, done, failed });
    if (!this.#isWriting) void this.#writeWaiting();
    return promise;
  }

  async #writeWaiting(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) {
      // Who asks at the same time is not there yet.
      await nextTurn();
      await this.#writeTogether(this.#waiting.splice(0, maxTogether));
    }
    this.#isWriting = false;
  }

  async #writeTogether(writes: readonly WaitingWrite[]): Promise<void> {
    try {
      await this.#attempt(writes.flatMap(({ statements }) => statements));
      for (const { done } of writes) done();
    } catch (cause) {
      if (writes.length === 1 || isPassing(cause)) for (const { failed } of writes) failed(cause);
      // One of them cannot be written: each by itself, to see which.
      else for (const one of writes) await this.#writeTogether([one]);
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
