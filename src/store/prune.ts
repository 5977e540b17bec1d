/** Work that was done long ago. Verdicts, answers, approvals and the log of who did what stay for ever. */
import type { Database } from './database.ts';
import { query, readRows, toStatement } from './query.ts';

export interface PruneOptions {
  /** ISO 8601 instants: what ended before is taken away. */
  readonly verdictJobsBefore: string;
  readonly checksBefore: string;
}

/** So few at once that nobody waits long for the lock. */
const perTransaction = 100;

/** @returns Whether there may be more. */
export async function pruneSome(
  database: Database,
  { verdictJobsBefore, checksBefore }: PruneOptions,
): Promise<boolean> {
  const ended = query.selectFrom('jobs').select('id').orderBy('ended_at').limit(perTransaction);
  const jobs = await readRows(database, ended.where('ended_at', '<', verdictJobsBefore).where('kind', '=', 'verdict'));
  const checks = await readRows(database, ended.where('ended_at', '<', checksBefore).where('kind', '=', 'check'));
  const ids = [...jobs, ...checks].map(({ id }) => id);
  if (ids.length === 0) return false;
  await database.write([
    toStatement(query.deleteFrom('checks').where('id', 'in', ids)),
    toStatement(query.deleteFrom('jobs').where('id', 'in', ids)),
  ]);
  return jobs.length === perTransaction || checks.length === perTransaction;
}
