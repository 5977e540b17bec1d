/** Work that was accepted and has no answer yet: who waits for it, and how far it is. */
import type { Pair } from '../guard.ts';
import type { JobKind } from '../store/tables.ts';
import type { JobReport, JudgedPair } from './job-worker.ts';
import type { Problem } from './problem.ts';

/** What a job ended with, and when. A check's document is in the store. */
export type JobEnd =
  | { readonly kind: 'judged'; readonly judged: JudgedPair; readonly at: string }
  | { readonly kind: 'checked'; readonly at: string }
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface OpenJob {
  readonly id: string;
  readonly kind: JobKind;
  /** Fulfilled once it is in the store: nobody may be told before that it was accepted. */
  readonly stored: Promise<void>;
  readonly end: Promise<JobEnd>;
  readonly progress: JobReport | undefined;
  /** @returns A function that ends the watch. */
  watch(tell: (report: JobReport) => void): () => void;
}

export class RunningJob implements OpenJob {
  readonly id: string;
  readonly kind: JobKind;
  readonly question: string;
  readonly pair: Pair | undefined;
  readonly end: Promise<JobEnd>;
  readonly settle: (end: JobEnd) => void;
  readonly #watchers = new Set<(report: JobReport) => void>();
  progress: JobReport | undefined;
  stored: Promise<void> = Promise.resolve();

  constructor({ id, kind, question, pair }: Pick<RunningJob, 'id' | 'kind' | 'question' | 'pair'>) {
    this.id = id;
    this.kind = kind;
    this.question = question;
    this.pair = pair;
    const { promise, resolve } = Promise.withResolvers<JobEnd>();
    this.end = promise;
    this.settle = resolve;
  }

  tell(report: JobReport): void {
    this.progress = report;
    for (const watcher of this.#watchers) watcher(report);
  }

  watch(tell: (report: JobReport) => void): () => void {
    this.#watchers.add(tell);
    return () => this.#watchers.delete(tell);
  }
}
