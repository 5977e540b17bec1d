/** One thread, one order at a time. A file that kills it, or takes too long, costs that file only. */
import { Worker } from 'node:worker_threads';
import { type FileSummary, unreadSummary } from '../behavior/file-summary.ts';
import type { PackageFile } from '../model/package-tree.ts';
import type { AnalysisAnswer, AnalysisOrder } from './analysis-worker.ts';

/** For one file. */
const maxMilliseconds = 45_000;
const resourceLimits = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 256 };

export class AnalysisThread {
  #worker: Worker | undefined;

  constructor() {
    this.#worker = this.#start();
  }

  /** @param onSummary Told of each file, in the order of the files. */
  async analyze(
    files: readonly PackageFile[],
    onSummary: (file: PackageFile, summary: FileSummary) => void,
  ): Promise<void> {
    for (let next = 0; next < files.length; ) next += await this.#analyzeSome(files.slice(next), onSummary);
  }

  /** All of them, or as far as the one that ends the thread: how many have a summary now. */
  #analyzeSome(
    files: readonly PackageFile[],
    onSummary: (file: PackageFile, summary: FileSummary) => void,
  ): Promise<number> {
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    let count = 0;
    const tell = (summary: FileSummary): void => {
      const file = files[count++];
      if (file !== undefined) onSummary(file, summary);
    };
    return new Promise((resolve) => {
      const finish = (): void => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError);
        worker.unref();
        resolve(count);
      };
      const giveUp = (summary: FileSummary): void => {
        this.#worker = undefined;
        void worker.terminate();
        tell(summary);
        finish();
      };
      const onMessage = ({ id, summary }: AnalysisAnswer): void => {
        if (id !== count) return;
        tell(summary);
        timer.refresh();
        if (count === files.length) finish();
      };
      const onError = (error: Error): void => {
        giveUp(unreadSummary('too-large', `its analysis failed (${error.message})`));
      };
      const timer = setTimeout(() => {
        giveUp(unreadSummary('too-long', `its analysis took more than ${maxMilliseconds / 1000} seconds`));
      }, maxMilliseconds);
      worker.ref();
      worker.on('message', onMessage).on('error', onError);
      send(worker, files);
    });
  }

  #start(): Worker {
    const worker = new Worker(findWorker(), { resourceLimits });
    // It keeps nobody waiting who has nothing to ask.
    worker.unref();
    // What fails while nobody asks is told to nobody: the next order starts another.
    worker.on('error', () => undefined);
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }

  async stop(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }
}

/** Copies of their own: a file's bytes are a view on the whole tarball. */
function send(worker: Worker, files: readonly PackageFile[]): void {
  const copies = files.map(({ bytes }) => new Uint8Array(bytes));
  const orders = files.map(({ path }, id): AnalysisOrder => ({ id, path, bytes: copies[id] ?? new Uint8Array() }));
  worker.postMessage(
    orders,
    copies.map(({ buffer }) => buffer),
  );
}

/** Node runs the sources and the published JavaScript alike. In a bundle of one file the thread is that file again. */
function findWorker(): URL {
  return new URL(import.meta.url.replace(/analysis-thread(?=\.[jt]s$)/, 'analysis-worker'));
}
