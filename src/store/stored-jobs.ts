/** Work that was accepted, and what became of it. A check has a row of its own beside its job's, with the lockfiles. */
import type { Conclusion } from '../model/verdict.ts';
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';
import { checksumOf } from './stored-answers.ts';
import type { JobKind, JobState } from './tables.ts';

export interface StoredJob {
  readonly id: string;
  readonly kind: JobKind;
  /** What decides the answer, as a digest: equal questions are one job. */
  readonly question: string;
  /** JSON. */
  readonly request: string;
  readonly state: JobState;
  readonly attempts: number;
  readonly askedAt: string;
  readonly endedAt: string | undefined;
  /** JSON. */
  readonly problem: string | undefined;
}

export interface StoredCheck {
  readonly id: string;
  readonly askedAt: string;
  readonly askedBy: string | undefined;
  readonly state: JobState;
  /** JSON. */
  readonly problem: string | undefined;
  readonly result: Conclusion | undefined;
  /** JSON, as it is given out. */
  readonly document: string | undefined;
  /** JSON of the CheckVerdict. */
  readonly verdict: string | undefined;
  readonly checksum: string | undefined;
}

const columns = [
  'id',
  'kind',
  'question',
  'request',
  'state',
  'attempts',
  'asked_at as askedAt',
  'ended_at as endedAt',
  'problem',
] as const;

/** Changes nothing where an equal question is being answered. */
export function insertJob({ id, kind, question, request, askedAt }: NewJob): SqlStatement {
  return toStatement(
    query
      .insertInto('jobs')
      .values({ id, kind, question, request, state: 'waiting', attempts: 0, asked_at: askedAt })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

export type NewJob = Pick<StoredJob, 'id' | 'kind' | 'question' | 'request' | 'askedAt'>;

export function insertCheck(check: {
  readonly id: string;
  readonly request: Uint8Array;
  readonly askedAt: string;
  readonly askedBy: string | undefined;
}): SqlStatement {
  const { id, request, askedAt, askedBy } = check;
  return toStatement(query.insertInto('checks').values({ id, request, asked_at: askedAt, asked_by: askedBy ?? null }));
}

/** Only what waits begins: where the store was locked meanwhile, the news of a job's end may come first. */
export function beginJob(id: string): SqlStatement {
  return toStatement(
    query
      .updateTable('jobs')
      .set((column) => ({ state: 'running', attempts: column('attempts', '+', 1) }))
      .where('id', '=', id)
      .where('state', '=', 'waiting'),
  );
}

/** Back among those that wait: its process ended before it did. */
export function returnJob(id: string): SqlStatement {
  return toStatement(query.updateTable('jobs').set({ state: 'waiting' }).where('id', '=', id));
}

/** @param problem JSON; undefined where it succeeded. */
export function endJob(id: string, at: string, problem: string | undefined): SqlStatement {
  const state = problem === undefined ? 'done' : 'failed';
  return toStatement(
    query
      .updateTable('jobs')
      .set({ state, ended_at: at, problem: problem ?? null })
      .where('id', '=', id),
  );
}

export function answerCheck(id: string, { result, document, verdict }: CheckDocument): SqlStatement {
  const checksum = checksumOf(id, document + verdict);
  return toStatement(query.updateTable('checks').set({ result, document, verdict, checksum }).where('id', '=', id));
}

export interface CheckDocument {
  readonly result: Conclusion;
  /** JSON, as it is given out. */
  readonly document: string;
  /** JSON of the CheckVerdict. */
  readonly verdict: string;
}

/** The longest waiting first. */
export async function listOpenJobs(database: Database): Promise<readonly StoredJob[]> {
  const open = query.selectFrom('jobs').select(columns).where('state', 'in', ['waiting', 'running']);
  return (await readRows(database, open.orderBy('asked_at'))).map(withoutNulls);
}

/** @param now ISO 8601 instant. A clock that was set back must not keep what it wrote before from growing old. */
export async function findNewestJob(database: Database, question: string, now: string): Promise<StoredJob | undefined> {
  const asked = query.selectFrom('jobs').select(columns).where('question', '=', question);
  const newest = asked.where('asked_at', '<=', now);
  const [row] = await readRows(database, newest.orderBy('asked_at', 'desc').limit(1));
  return row && withoutNulls(row);
}

export async function findCheck(database: Database, id: string): Promise<StoredCheck | undefined> {
  const [row] = await readRows(
    database,
    query
      .selectFrom('checks')
      .innerJoin('jobs', 'jobs.id', 'checks.id')
      .select([
        'checks.id',
        'checks.asked_at as askedAt',
        'checks.asked_by as askedBy',
        'jobs.state',
        'jobs.problem',
        'checks.result',
        'checks.document',
        'checks.verdict',
        'checks.checksum',
      ])
      .where('checks.id', '=', id),
  );
  if (row === undefined) return undefined;
  const check = {
    ...row,
    askedBy: row.askedBy ?? undefined,
    problem: row.problem ?? undefined,
    result: row.result ?? undefined,
    document: row.document ?? undefined,
    verdict: row.verdict ?? undefined,
    checksum: row.checksum ?? undefined,
  };
  const { document, verdict, checksum } = check;
  const isWhole = document === undefined || checksumOf(id, document + verdict) === checksum;
  return isWhole ? check : undefined;
}

/** Undefined where there is no such check. */
export async function findCheckRequest(database: Database, id: string): Promise<Uint8Array | undefined> {
  const [row] = await readRows(database, query.selectFrom('checks').select(['request']).where('id', '=', id));
  return row?.request;
}

function withoutNulls<Row extends { readonly endedAt: string | null; readonly problem: string | null }>(
  row: Row,
): Omit<Row, 'endedAt' | 'problem'> & Pick<StoredJob, 'endedAt' | 'problem'> {
  return { ...row, endedAt: row.endedAt ?? undefined, problem: row.problem ?? undefined };
}
