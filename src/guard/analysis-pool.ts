/**
 * Analyses large amounts of JavaScript on two threads, with a limit of time and memory for each file: no single file,
 * however made, can hold or exhaust the process. Small packages are quicker without, and are analysed where they are asked for.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { SummaryCache } from '../behavior/code-files.ts';
import { type FileSummary, unreadSummary } from '../behavior/file-summary.ts';
import type { PackageFile } from '../model/package-tree.ts';
import type { AnalysisAnswer, AnalysisOrder } from './analysis-worker.ts';

/** Below both of these, starting threads costs more than they save. */
const minTotalBytes = 1_500_000;
const minFileBytes = 400_000;
/** Once they run, less is worth handing over. */
const minMoreBytes = 200_000;

const maxThreads = 2;
const maxMilliseconds = 45_000;
const resourceLimits = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 64 };

/** Threads that are started when there is enough to do, and kept for what comes later. */
export class AnalysisPool {
  readonly #threads: AnalysisThread[] = [];

  /** Fills the cache with the summaries of these files, if they are large enough to be worth it. */
  async analyze(files: readonly PackageFile[], cache: SummaryCache): Promise<void> {
    if (!this.#isWorthIt(files)) return;
    // The largest first, so that the threads end together.
    const queue = files.toSorted((a, b) => b.bytes.length - a.bytes.length);
    let next = 0;
    const work = async (thread: AnalysisThread): Promise<void> => {
      for (let file = queue[next++]; file !== undefined; file = queue[next++])
        cache.put(file, await thread.analyze(file));
    };
    const wanted = Math.min(maxThreads, availableParallelism(), queue.length);
    while (this.#threads.length < wanted) this.#threads.push(new AnalysisThread());
    await Promise.all(this.#threads.map(work));
  }

  #isWorthIt(files: readonly PackageFile[]): boolean {
    const total = files.reduce((bytes, file) => bytes + file.bytes.length, 0);
    const least = this.#threads.length === 0 ? minTotalBytes : minMoreBytes;
    return total >= least || files.some((file) => file.bytes.length >= minFileBytes);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.stop()));
  }
}

/** One thread at a time; a file that kills it costs that file only. */
class AnalysisThread {
  #worker: Worker | undefined;
  #orders = 0;

  async analyze(file: PackageFile): Promise<FileSummary> {
    const worker = this.#worker ?? startWorker();
    this.#worker = worker;
    const id = this.#orders++;
    // A copy of its own: the file's bytes are a view on the whole tarball.
    const bytes = file.bytes.slice();
    return new Promise((resolve) => {
      const finish = (summary: FileSummary): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError);
        resolve(summary);
      };
      const giveUp = (summary: FileSummary): void => {
        this.#worker = undefined;
        void worker.terminate();
        finish(summary);
      };
      const onMessage = (answer: AnalysisAnswer): void => {
        if (answer.id === id) finish(answer.summary);
      };
      const onError = (error: Error): void => {
        giveUp(unreadSummary('too-large', `its analysis failed (${error.message})`));
      };
      const timer = setTimeout(() => {
        giveUp(unreadSummary('too-long', `its analysis took more than ${maxMilliseconds / 1000} seconds`));
      }, maxMilliseconds);
      worker.on('message', onMessage).on('error', onError);
      const order: AnalysisOrder = { id, path: file.path, bytes };
      worker.postMessage(order, [bytes.buffer]);
    });
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Node runs the sources and the published JavaScript alike. In a bundle of one file the thread is that file again. */
function startWorker(): Worker {
  const file = import.meta.url.replace(/analysis-pool(?=\.[jt]s$)/, 'analysis-worker');
  return new Worker(new URL(file), { resourceLimits });
}
