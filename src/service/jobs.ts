/**
 * Accepted work: in the store before the caller hears of it, run in threads, and in the store again before it counts as done.
 * Equal questions are one job. What was not done when the process ended goes on with the next.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { GuardError } from '../errors.ts';
import { nameQuestion } from '../guard/name-question.ts';
import type { Pair } from '../guard.ts';
import { isRecord } from '../model/manifest.ts';
import type { Database, SqlStatement } from '../store/database.ts';
import { makeId } from '../store/make-id.ts';
import { deleteReassessments, listReassessments } from '../store/reassessments.ts';
import { type Answer, insertAnswer } from '../store/stored-answers.ts';
import { insertFindings } from '../store/stored-findings.ts';
import {
  answerCheck,
  beginJob,
  endJob,
  insertCheck,
  insertJob,
  listOpenJobs,
  returnJob,
} from '../store/stored-jobs.ts';
import { insertAudit } from '../store/stored-tokens.ts';
import type { JobKind } from '../store/tables.ts';
import { type AnsweredNow, describeAnswer, tellChange } from './changed-answer.ts';
import { JobFailure, type JobPool } from './job-pool.ts';
import type { JobReport, JobReturn, JudgedPair } from './job-worker.ts';
import { bug, renderProblem, toProblem } from './problem.ts';
import { type JobEnd, type OpenJob, RunningJob } from './running-job.ts';
import { WritesInTurn } from './writes-in-turn.ts';

export interface JobsOptions {
  readonly database: Database;
  readonly pool: JobPool;
  readonly engine: string;
  /** Digest of the policy's own file. */
  readonly policy: string;
  readonly maxWaiting: number;
  readonly now: () => Date;
  /** Told what an operator should know. */
  readonly warn: (sentence: string, cause?: unknown) => void;
  readonly ended: (kind: JobKind, outcome: 'answered' | 'refused' | 'crashed', seconds: number) => void;
}

interface NewWork {
  readonly kind: JobKind;
  readonly question: string;
  readonly pair: Pair | undefined;
  /** Written with the job, in one transaction. */
  readonly also: (id: string) => readonly SqlStatement[];
  /** Written for each who asks, whether the job is new or not. */
  readonly beside: (id: string) => readonly SqlStatement[];
}

/** A job that took its process with it so many times is not tried again. */
const maxAttempts = 3;
const maxPauseMs = 10_000;

export class Jobs {
  readonly #options: JobsOptions;
  readonly #open = new Map<string, RunningJob>();
  readonly #stopping = new AbortController();
  readonly #accepted: WritesInTurn;

  constructor(options: JobsOptions) {
    this.#options = options;
    this.#accepted = new WritesInTurn(options.database);
  }

  get count(): number {
    return this.#open.size;
  }

  get isDraining(): boolean {
    return this.#stopping.signal.aborted;
  }

  /** Who waits for an answer is told to ask again: the job may go on with another process. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  find(question: string): OpenJob | undefined {
    return this.#open.get(question);
  }

  findById(id: string): OpenJob | undefined {
    for (const job of this.#open.values()) if (job.id === id) return job;
    return undefined;
  }

  /** @param beside Written with it. */
  acceptVerdict(question: string, pair: Pair, beside: readonly SqlStatement[] = []): Promise<OpenJob> {
    return this.#accept({ kind: 'verdict', question, pair, also: () => [], beside: () => beside });
  }

  /** @param request Gzipped JSON. */
  acceptCheck(
    question: string,
    {
      request,
      by,
      beside,
    }: { request: Uint8Array; by: string | undefined; beside: (id: string) => readonly SqlStatement[] },
  ): Promise<OpenJob> {
    const askedAt = this.#options.now().toISOString();
    return this.#accept({
      kind: 'check',
      question,
      pair: undefined,
      also: (id) => [insertCheck({ id, request, askedAt, askedBy: by })],
      beside,
    });
  }

  /** What an earlier process left. */
  async resume(): Promise<number> {
    const { database, now } = this.#options;
    const jobs = await listOpenJobs(database);
    for (const { id, kind, question, request, attempts, state } of jobs) {
      if (attempts >= maxAttempts) {
        const tired = new GuardError('job-crashed', `The service ended ${attempts} times while it worked on this.`);
        await database.write([endJob(id, now().toISOString(), renderProblem(toProblem(tired)))]);
        continue;
      }
      if (state === 'running') await database.write([returnJob(id)]);
      this.#start({ id, kind, question, pair: kind === 'verdict' ? parsePair(request) : undefined });
    }
    return this.#open.size;
  }

  /** Nothing more is accepted; what runs has so long to end. The rest stays in the store. */
  async drain(seconds: number): Promise<void> {
    this.#stopping.abort();
    const running = [...this.#open.values()].filter(({ progress }) => progress !== undefined);
    const overdue = new AbortController();
    await Promise.race([
      Promise.all(running.map(({ end }) => end)),
      sleep(seconds * 1_000, undefined, { signal: overdue.signal }).catch(() => {}),
    ]);
    overdue.abort();
  }

  async #accept({ kind, question, pair, also, beside }: NewWork): Promise<OpenJob> {
    const { database, maxWaiting, now } = this.#options;
    const equal = this.#open.get(question);
    if (equal !== undefined) {
      await equal.stored;
      const statements = beside(equal.id);
      if (statements.length > 0) await database.write(statements);
      return equal;
    }
    if (this.isDraining) throw new GuardError('draining', 'The service is stopping, and takes no new work.');
    if (this.#open.size >= maxWaiting) {
      throw new GuardError('queue-full', `${this.#open.size} questions wait for an answer already.`);
    }
    const at = now();
    const id = makeId(at);
    const job = this.#register({ id, kind, question, pair });
    try {
      const request = JSON.stringify(pair ?? {});
      const row = insertJob({ id, kind, question, request, askedAt: at.toISOString() });
      job.stored = this.#accepted.write([row, ...also(id), ...beside(id)]);
      await job.stored;
    } catch (cause) {
      this.#open.delete(question);
      job.settle({ kind: 'failed', problem: bug });
      throw cause;
    }
    void this.#run(job);
    return job;
  }

  #start(work: Pick<RunningJob, 'id' | 'kind' | 'question' | 'pair'>): void {
    void this.#run(this.#register(work));
  }

  #register(work: Pick<RunningJob, 'id' | 'kind' | 'question' | 'pair'>): RunningJob {
    const job = new RunningJob(work);
    this.#open.set(job.question, job);
    return job;
  }

  async #run(job: RunningJob): Promise<void> {
    const { pool, now, ended } = this.#options;
    const { id, kind, pair } = job;
    const start = performance.now();
    const tell = (report: JobReport): void => {
      if (report.kind === 'begun') void this.#persist((database) => database.write([beginJob(id)]));
      job.tell(report);
    };
    let outcome: 'answered' | 'refused' | 'crashed' = 'answered';
    try {
      const returned = await pool.run({ id, kind, pair, asOf: now().toISOString() }, tell);
      if (returned.kind === 'refused') throw new GuardError(returned.code, returned.message);
      job.settle(await this.#keep(job, returned));
    } catch (error) {
      // A process that ends takes its threads with it; the next one begins anew.
      if (this.isDraining && error instanceof JobFailure) return;
      outcome = error instanceof GuardError && !(error instanceof JobFailure) ? 'refused' : 'crashed';
      job.settle(await this.#fail(job, error));
    } finally {
      this.#open.delete(job.question);
      ended(kind, outcome, (performance.now() - start) / 1_000);
    }
  }

  async #keep(job: RunningJob, returned: Exclude<JobReturn, { kind: 'refused' }>): Promise<JobEnd> {
    const at = this.#options.now().toISOString();
    const end = endJob(job.id, at, undefined);
    const now = describeAnswer(job.id, returned, at);
    if (returned.kind === 'judged') {
      const { judged } = returned;
      await this.#finish(job, now, [...this.#toAnswer(judged, judged.pair), end]);
      return { ...returned, at };
    }
    // Found by their ids only: what the lockfile claimed of them is a part of their question.
    const releases = returned.releases.flatMap((release) =>
      this.#toAnswer(release, { ...release.pair, integrity: { to: `check ${job.id}` } }),
    );
    await this.#finish(job, now, [...releases, answerCheck(job.id, returned), end]);
    return { kind: 'checked', at };
  }

  async #fail(job: RunningJob, error: unknown): Promise<JobEnd> {
    const { now, warn } = this.#options;
    const problem = error instanceof GuardError ? toProblem(error) : bug;
    const at = now();
    const statements = [endJob(job.id, at.toISOString(), renderProblem(problem))];
    if (!(error instanceof GuardError) || error instanceof JobFailure) {
      warn(`The job ${job.id} has no answer: ${problem.detail}`, error);
      const about = job.pair === undefined ? job.id : `${job.pair.name}@${job.pair.to}`;
      const entry = { id: makeId(at), at: at.toISOString(), actor: 'sluice', action: 'job-crashed', about } as const;
      statements.push(insertAudit(entry));
    }
    await this.#finish(job, undefined, statements);
    return { kind: 'failed', problem };
  }

  /** With its findings. */
  #toAnswer(judged: JudgedPair, asked: Pair): readonly SqlStatement[] {
    const { pair, registry, rules } = judged;
    const { engine, policy } = this.#options;
    const question = nameQuestion(asked, { registry, rules, policy: judged.policy, engine });
    const { name, from, to } = pair;
    const answer: Answer = { ...judged, name, from, to, question, policy, engine };
    return [insertAnswer(answer), ...insertFindings(judged)];
  }

  /**
   * The answer, the end of its job and the news of it: all of that, or nothing.
   * @param now Undefined where there is no news.
   */
  #finish({ question }: RunningJob, now: AnsweredNow | undefined, statements: readonly SqlStatement[]): Promise<void> {
    return this.#persist(async (database) => {
      const reassessments = await listReassessments(database, question);
      const news = now === undefined ? [] : tellChange(reassessments, now);
      const ended = reassessments.length === 0 ? [] : [deleteReassessments(question)];
      await database.write([...statements, ...news, ...ended]);
    });
  }

  /** What was computed is not thrown away because another process holds the store. */
  async #persist(work: (database: Database) => Promise<void>): Promise<void> {
    const { database, warn } = this.#options;
    for (let pauseMs = 100; ; pauseMs = Math.min(pauseMs * 2, maxPauseMs)) {
      try {
        return await work(database);
      } catch (cause) {
        warn(`The store cannot be written; it is tried again in ${pauseMs} ms.`, cause);
      }
      await sleep(pauseMs, undefined, { ref: false });
    }
  }
}

/** As `Jobs` wrote it. */
function parsePair(request: string): Pair {
  const pair: unknown = JSON.parse(request);
  if (!isRecord(pair) || typeof pair['name'] !== 'string' || typeof pair['to'] !== 'string') {
    throw new Error('a job in the store asks about no pair');
  }
  const { name, from, to, integrity } = pair;
  const claimed = isRecord(integrity) && typeof integrity['to'] === 'string' ? { to: integrity['to'] } : undefined;
  return {
    name,
    from: typeof from === 'string' ? from : undefined,
    to,
    ...(claimed === undefined ? {} : { integrity: claimed }),
  };
}
