/** The threads in which jobs run. One that takes too long or too much costs its own job, and nothing else. */
import { MessageChannel } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { GuardError } from '../errors.ts';
import type { JobOrder, JobReport, JobReturn, WorkerSettings } from './job-worker.ts';

export interface PoolLimits {
  readonly threads: number;
  readonly jobSeconds: number;
  readonly jobMegabytes: number;
}

/** Why a job has no answer although nobody refused it: a bug, or a package that is made to cost. */
export class JobFailure extends GuardError {}

export class JobPool {
  readonly #pool: Piscina;
  readonly #limits: PoolLimits;

  /** @param warn Told of what goes wrong in a thread that has no job. */
  constructor(settings: WorkerSettings, limits: PoolLimits, warn: (sentence: string, cause: unknown) => void) {
    this.#limits = limits;
    this.#pool = new Piscina({
      filename: import.meta.url.replace(/job-pool(?=\.[jt]s$)/, 'job-worker'),
      workerData: settings,
      minThreads: 0,
      maxThreads: limits.threads,
      idleTimeout: 60_000,
      // A slow thread is not to be waited for in a tight loop: the service answers meanwhile.
      atomics: 'disabled',
      resourceLimits: { maxOldGenerationSizeMb: limits.jobMegabytes, maxYoungGenerationSizeMb: 64 },
    });
    // Also an answer that comes when its thread was ended already: nobody waits for it.
    this.#pool.on('error', (cause: unknown) => warn('A thread of the service said something unexpected.', cause));
  }

  /** @param tell Told when it begins, and of its progress. */
  async run(order: Omit<JobOrder, 'port'>, tell: (report: JobReport) => void): Promise<JobReturn> {
    const { port1: ours, port2: port } = new MessageChannel();
    const overdue = new AbortController();
    let timer: NodeJS.Timeout | undefined;
    ours.on('message', (report: JobReport) => {
      // What waits in the queue takes nobody's time.
      if (report.kind === 'begun') timer = setTimeout(() => overdue.abort(), this.#limits.jobSeconds * 1_000);
      tell(report);
    });
    try {
      const answer: unknown = await this.#pool.run(
        { ...order, port },
        { name: 'runJob', signal: overdue.signal, transferList: [port] },
      );
      // Safe: it is what `runJob` returned.
      return answer as JobReturn;
    } catch (cause) {
      throw this.#explain(cause, overdue.signal.aborted);
    } finally {
      clearTimeout(timer);
      ours.close();
    }
  }

  get running(): number {
    return this.#pool.threads.length - this.#pool.idleThreads;
  }

  /** Ends the threads, whatever they do. */
  async stop(): Promise<void> {
    await this.#pool.destroy();
  }

  #explain(cause: unknown, isOverdue: boolean): JobFailure {
    const { jobSeconds, jobMegabytes } = this.#limits;
    if (isOverdue) return new JobFailure('job-too-long', `It took longer than ${jobSeconds} seconds.`, { cause });
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    const message = cause instanceof Error ? cause.message : String(cause);
    const what = code === 'ERR_WORKER_OUT_OF_MEMORY' ? `it needed more than ${jobMegabytes} MB of memory` : message;
    return new JobFailure('job-crashed', `Its thread ended before there was an answer: ${what}.`, { cause });
  }
}
