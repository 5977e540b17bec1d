/**
 * Analyses large amounts of JavaScript on threads, with a limit of time and memory for each large file: none, however made,
 * can hold or exhaust the process. Meanwhile the asking thread takes the smallest: it would only wait, and it has warmed up.
 * Small packages are quicker without, and are analysed where they are asked for.
 */
import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Reading, SummaryCache } from '../behavior/code-files.ts';
import { AnalysisThread } from './analysis-thread.ts';

/** Below both of these, starting threads costs more than they save. */
const minTotalBytes = 1_500_000;
const minFileBytes = 400_000;
/** Less than this is not worth handing over. */
const minMoreBytes = 50_000;
/** Small files travel together. */
const minOrderBytes = 60_000;

const maxThreads = Math.min(3, availableParallelism());
const maxIdleMilliseconds = 5_000;

interface Order {
  readonly readings: readonly Reading[];
  readonly cache: SummaryCache;
  readonly done: () => void;
}

/** Threads start when there is enough to do, serve everybody who asks, and end when nobody has asked for a while. */
export class AnalysisPool {
  readonly #threads: AnalysisThread[] = [];
  readonly #idle: AnalysisThread[] = [];
  readonly #orders: Order[] = [];
  /** Since the threads were last stopped: many small packages add up. */
  #askedBytes = 0;
  #helps = false;
  #rest: NodeJS.Timeout | undefined;

  /** Fills the cache with the summaries of these files, if they are large enough to be worth it. */
  async analyze(readings: readonly Reading[], cache: SummaryCache): Promise<void> {
    if (!this.#isWorthIt(readings)) return;
    this.#start();
    await Promise.all(
      packOrders(readings).map(
        (order) =>
          new Promise<void>((done) => {
            this.#orders.push({ readings: order, cache, done });
            this.#next();
          }),
      ),
    );
  }

  #isWorthIt(readings: readonly Reading[]): boolean {
    const bytes = sizeOf(readings);
    this.#askedBytes += bytes;
    if (!readings.every(isSmall)) return true;
    return this.#askedBytes >= minTotalBytes && bytes >= minMoreBytes;
  }

  #start(): void {
    while (this.#threads.length < maxThreads) {
      const thread = new AnalysisThread();
      this.#threads.push(thread);
      this.#idle.push(thread);
    }
  }

  #next(): void {
    clearTimeout(this.#rest);
    while (this.#idle.length > 0 && this.#orders.length > 0) {
      const [thread, order] = [this.#idle.pop(), this.#orders.shift()];
      if (thread !== undefined && order !== undefined) void this.#give(thread, order);
    }
    if (this.#orders.length > 0 && !this.#helps) void this.#help();
    if (this.#idle.length === this.#threads.length)
      this.#rest = setTimeout(() => void this.stop(), maxIdleMilliseconds).unref();
  }

  async #give(thread: AnalysisThread, { readings, cache, done }: Order): Promise<void> {
    await thread.analyze(readings, ({ file, known }, summary) => cache.put(summary, file, known));
    this.#idle.push(thread);
    done();
    this.#next();
  }

  /** Gives way between two orders, so that threads that are done get the next. */
  async #help(): Promise<void> {
    this.#helps = true;
    for (;;) {
      await nextTurn();
      const at = this.#orders.findLastIndex(({ readings }) => readings.every(isSmall));
      const [order] = at < 0 ? [] : this.#orders.splice(at, 1);
      if (order === undefined) break;
      for (const { file, known } of order.readings) order.cache.analyze(file, known);
      order.done();
    }
    this.#helps = false;
  }

  /** Only while nothing is asked. */
  async stop(): Promise<void> {
    clearTimeout(this.#rest);
    this.#idle.length = 0;
    this.#askedBytes = 0;
    await Promise.all(this.#threads.splice(0).map((thread) => thread.stop()));
  }
}

/** The process's own: a thread that has warmed up is nearly twice as quick as a new one. */
export const analysisPool: AnalysisPool = new AnalysisPool();

/** The largest first, so that the threads end together. */
function packOrders(readings: readonly Reading[]): Reading[][] {
  const orders: Reading[][] = [];
  let small: Reading[] = [];
  for (const reading of readings.toSorted((a, b) => b.file.bytes.length - a.file.bytes.length)) {
    small.push(reading);
    if (sizeOf(small) < minOrderBytes) continue;
    orders.push(small);
    small = [];
  }
  return small.length === 0 ? orders : [...orders, small];
}

function isSmall({ file }: Reading): boolean {
  return file.bytes.length < minFileBytes;
}

function sizeOf(readings: readonly Reading[]): number {
  return readings.reduce((bytes, { file }) => bytes + file.bytes.length, 0);
}
