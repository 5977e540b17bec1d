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
/** A file takes some fifty times its size while it is analysed: of large ones so much at a time. */
const maxLargeBytes = 9_000_000;

const maxThreads = Math.min(3, availableParallelism());
const maxIdleMilliseconds = 5_000;

interface Order {
  readonly readings: readonly Reading[];
  readonly cache: SummaryCache;
  readonly done: () => void;
}

export interface AnalysisPoolOptions {
  readonly maxThreads?: number;
  readonly maxLargeBytes?: number;
  readonly startThread?: () => Pick<AnalysisThread, 'analyze' | 'stop'>;
}

type Thread = ReturnType<Required<AnalysisPoolOptions>['startThread']>;

/** Threads start when there is enough to do, serve everybody who asks, and end when nobody has asked for a while. */
export class AnalysisPool {
  readonly #maxThreads: number;
  readonly #maxLargeBytes: number;
  readonly #startThread: () => Thread;
  readonly #threads: Thread[] = [];
  readonly #idle: Thread[] = [];
  readonly #orders: Order[] = [];
  /** Of large files that are being analysed. */
  #largeBytes = 0;
  /** Since the threads were last stopped: many small packages add up. */
  #askedBytes = 0;
  #helps = false;
  #rest: NodeJS.Timeout | undefined;

  constructor({ startThread, ...limits }: AnalysisPoolOptions = {}) {
    this.#maxThreads = limits.maxThreads ?? maxThreads;
    this.#maxLargeBytes = limits.maxLargeBytes ?? maxLargeBytes;
    this.#startThread = startThread ?? (() => new AnalysisThread());
  }

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
    while (this.#threads.length < this.#maxThreads) {
      const thread = this.#startThread();
      this.#threads.push(thread);
      this.#idle.push(thread);
    }
  }

  #next(): void {
    clearTimeout(this.#rest);
    while (this.#idle.length > 0) {
      const order = this.#takeNext();
      const thread = order && this.#idle.pop();
      if (order === undefined || thread === undefined) break;
      void this.#give(thread, order);
    }
    if (this.#orders.length > 0 && !this.#helps) void this.#help();
    if (this.#idle.length === this.#threads.length)
      this.#rest = setTimeout(() => void this.stop(), maxIdleMilliseconds).unref();
  }

  /** The first that there is room for. Small ones pass by a large one that has to wait; no other large one does. */
  #takeNext(): Order | undefined {
    let isFirstLarge = true;
    for (const [at, order] of this.#orders.entries()) {
      const bytes = largeBytesOf(order);
      if (bytes === 0 || (isFirstLarge && this.#hasRoomFor(bytes))) return this.#orders.splice(at, 1)[0];
      isFirstLarge = false;
    }
    return undefined;
  }

  #hasRoomFor(bytes: number): boolean {
    return this.#largeBytes === 0 || this.#largeBytes + bytes <= this.#maxLargeBytes;
  }

  async #give(thread: Thread, order: Order): Promise<void> {
    const { readings, cache, done } = order;
    const bytes = largeBytesOf(order);
    this.#largeBytes += bytes;
    await thread.analyze(readings, ({ file, known }, summary) => cache.put(summary, file, known));
    this.#largeBytes -= bytes;
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

/** None where all its files are small. */
function largeBytesOf({ readings }: Order): number {
  return readings.every(isSmall) ? 0 : sizeOf(readings);
}

function isSmall({ file }: Reading): boolean {
  return file.bytes.length < minFileBytes;
}

function sizeOf(readings: readonly Reading[]): number {
  return readings.reduce((bytes, { file }) => bytes + file.bytes.length, 0);
}
