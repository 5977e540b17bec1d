/** Work that was done long ago. Verdicts, answers, approvals and the log of who did what stay for ever. */
import type { Database } from './database.ts';
import { query, readRows, toStatement } from './query.ts';

export interface PruneOptions {
  /** ISO 8601 instants: what ended before is taken away. */
  readonly verdictJobsBefore: string;
  readonly checksBefore: string;
  /** Messages that somebody has taken; the others stay. */
  readonly deliveriesBefore: string;
}

/** So few at once that nobody waits long for the lock. */
const perTransaction = 100;

/** @returns Whether there may be more. */
export async function pruneSome(
  database: Database,
  { verdictJobsBefore, checksBefore, deliveriesBefore }: PruneOptions,
): Promise<boolean> {
  const ended = query.selectFrom('jobs').select('id').orderBy('ended_at').limit(perTransaction);
  const jobs = await readRows(database, ended.where('ended_at', '<', verdictJobsBefore).where('kind', '=', 'verdict'));
  const checks = await readRows(database, ended.where('ended_at', '<', checksBefore).where('kind', '=', 'check'));
  const taken = query.selectFrom('deliveries').select('id').orderBy('delivered_at').limit(perTransaction);
  const deliveries = await readRows(database, taken.where('delivered_at', '<', deliveriesBefore));
  const ids = [...jobs, ...checks].map(({ id }) => id);
  const messages = deliveries.map(({ id }) => id);
  const statements = [
    ...(ids.length === 0 ? [] : [query.deleteFrom('checks').where('id', 'in', ids)]),
    ...(ids.length === 0 ? [] : [query.deleteFrom('jobs').where('id', 'in', ids)]),
    ...(messages.length === 0 ? [] : [query.deleteFrom('deliveries').where('id', 'in', messages)]),
  ];
  if (statements.length > 0) await database.write(statements.map(toStatement));
  return [jobs, checks, deliveries].some(({ length }) => length === perTransaction);
}
