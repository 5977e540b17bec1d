/** One thread, one order at a time. A file that kills it, or takes too long, costs that file only. */
import { Worker } from 'node:worker_threads';
import type { Reading } from '../behavior/code-files.ts';
import { type FileSummary, unreadSummary } from '../behavior/summary/file-summary.ts';
import type { AnalysisAnswer, AnalysisOrder } from './analysis-worker.ts';

/** For one file, of the processor's time: what else the machine does must not decide what is found. */
const maxMilliseconds = 45_000;
/** A thread that gets a quarter of a processor is waited for. */
const maxWait = 4;
/** More room for what is young makes a thread quicker by some hundredths, and the process larger by all of it. */
const resourceLimits = { maxOldGenerationSizeMb: 1_024, maxYoungGenerationSizeMb: 96 };

export class AnalysisThread {
  readonly #maxMilliseconds: number;
  #worker: Worker | undefined;
  /** Milliseconds of the processor's time that the worker had had when it last answered. */
  #spent = 0;

  constructor(limit: number = maxMilliseconds) {
    this.#maxMilliseconds = limit;
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
      let since = performance.now();
      let timer: NodeJS.Timeout;
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
      const wait = (milliseconds: number): void => {
        clearTimeout(timer);
        timer = setTimeout(() => void look(count), milliseconds);
      };
      const tooLong = (): void => {
        giveUp(unreadSummary('too-long', `its analysis took more than ${this.#maxMilliseconds / 1000} seconds`));
      };
      const look = async (at: number): Promise<void> => {
        // A thread that does not even answer this is waited for no longer than any other.
        timer = setTimeout(tooLong, Math.max(0, this.#maxMilliseconds * maxWait - (performance.now() - since)));
        const cpu = await cpuOf(worker);
        if (count !== at) return;
        const spent = { cpu: cpu && cpu - this.#spent, wall: performance.now() - since };
        const left = timeLeft(spent, this.#maxMilliseconds);
        if (left > 0) wait(left);
        else tooLong();
      };
      const onMessage = ({ id, summary, cpu }: AnalysisAnswer): void => {
        if (id !== count) return;
        this.#spent = cpu;
        since = performance.now();
        tell(summary);
        if (count === readings.length) finish();
        else wait(this.#maxMilliseconds);
      };
      const onError = (error: Error): void => {
        giveUp(unreadSummary('too-large', `its analysis failed (${error.message})`));
      };
      wait(this.#maxMilliseconds);
      worker.ref();
      worker.on('message', onMessage).on('error', onError);
      send(worker, readings);
    });
  }

  #start(): Worker {
    const worker = new Worker(findWorker(), { resourceLimits });
    this.#spent = 0;
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

/**
 * How long a file's analysis may still go on, in milliseconds; none where it took too long.
 * @param spent Undefined as its processor's time where Node does not tell that of a thread: then all time counts.
 */
export function timeLeft(
  { cpu, wall }: { readonly cpu: number | undefined; readonly wall: number },
  limit: number,
): number {
  const most = limit * (cpu === undefined ? 1 : maxWait) - wall;
  return Math.max(0, Math.ceil(Math.min(most, limit - (cpu ?? wall))));
}

/** Node 24.6 and newer. Undefined too where the thread has ended. */
async function cpuOf(worker: Partial<Pick<Worker, 'cpuUsage'>>): Promise<number | undefined> {
  try {
    const usage = await worker.cpuUsage?.();
    return usage && (usage.user + usage.system) / 1000;
  } catch {
    return undefined;
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
