/** One thread, one order at a time. A file that kills it, or takes too long, costs that file only. */
import { Worker } from 'node:worker_threads';
import type { Reading } from '../behavior/code-files.ts';
import { type FileSummary, unreadSummary } from '../behavior/file-summary.ts';
import type { AnalysisAnswer, AnalysisOrder } from './analysis-worker.ts';

/** For one file. */
const maxMilliseconds = 45_000;
/** More room for what is young makes a thread quicker by some hundredths, and the process larger by all of it. */
const resourceLimits = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 96 };

export class AnalysisThread {
  #worker: Worker | undefined;

  constructor() {
    this.#worker = this.#start();
  }

  /** @param onSummary Told of each reading, in their order. */
  async analyze(
    readings: readonly Reading[],
    onSummary: (reading: Reading, summary: FileSummary) => void,
  ): Promise<void> {
    for (let next = 0; next < readings.length; ) next += await this.#analyzeSome(readings.slice(next), onSummary);
  }

  /** All of them, or as far as the one that ends the thread: how many have a summary now. */
  #analyzeSome(
    readings: readonly Reading[],
    onSummary: (reading: Reading, summary: FileSummary) => void,
  ): Promise<number> {
    const worker = this.#worker ?? this.#start();
    this.#worker = worker;
    let count = 0;
    const tell = (summary: FileSummary): void => {
      const reading = readings[count++];
      if (reading !== undefined) onSummary(reading, summary);
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
        if (count === readings.length) finish();
      };
      const onError = (error: Error): void => {
        giveUp(unreadSummary('too-large', `its analysis failed (${error.message})`));
      };
      const timer = setTimeout(() => {
        giveUp(unreadSummary('too-long', `its analysis took more than ${maxMilliseconds / 1000} seconds`));
      }, maxMilliseconds);
      worker.ref();
      worker.on('message', onMessage).on('error', onError);
      send(worker, readings);
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
function send(worker: Worker, readings: readonly Reading[]): void {
  const orders = readings.map(({ file, known }, id): AnalysisOrder => {
    return { id, path: file.path, bytes: new Uint8Array(file.bytes), modules: known?.modules };
  });
  worker.postMessage(
    orders,
    orders.map(({ bytes }) => bytes.buffer),
  );
}

/** Node runs the sources and the published JavaScript alike. In a bundle of one file the thread is that file again. */
function findWorker(): URL {
  return new URL(import.meta.url.replace(/analysis-thread(?=\.[jt]s$)/, 'analysis-worker'));
}
