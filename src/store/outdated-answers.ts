/** What was judged by another rule set, policy or engine than today's: what `sluice reassess` judges again. */
import type { Conclusion } from '../model/verdict.ts';
import type { Database } from './database.ts';
import { query, readRows } from './query.ts';

export interface OutdatedAnswer {
  readonly question: string;
  readonly name: string;
  readonly from: string | undefined;
  readonly to: string;
  readonly result: Conclusion;
  readonly verdictId: string;
  /** JSON. */
  readonly document: string;
}

export interface CurrentSettings {
  readonly rules: string;
  readonly policy: string;
  readonly engine: string;
}

const pageSize = 200;

/** Of each update its newest lasting answer, in the order of the questions. @param after The question that came last. */
export async function listOutdated(
  database: Database,
  { rules, policy, engine }: CurrentSettings,
  after: string,
): Promise<readonly OutdatedAnswer[]> {
  const rows = await readRows(
    database,
    query
      .selectFrom('answers')
      .select(['question', 'name', 'from_version', 'to_version', 'result', 'verdict_id', 'document'])
      .where('lasting', '=', 1)
      .where('question', '>', after)
      .where((where) =>
        where.or([where('rules', '!=', rules), where('policy', '!=', policy), where('engine', '!=', engine)]),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('answers as later')
              .select('later.question')
              .whereRef('later.name', '=', 'answers.name')
              .whereRef('later.to_version', '=', 'answers.to_version')
              .whereRef('later.from_version', 'is not distinct from', 'answers.from_version')
              .whereRef('later.registry', '=', 'answers.registry')
              .whereRef('later.as_of', '>', 'answers.as_of')
              .where('later.lasting', '=', 1),
          ),
        ),
      )
      .orderBy('question')
      .limit(pageSize),
  );
  return rows.map(({ from_version, to_version, verdict_id, ...row }) => ({
    ...row,
    from: from_version ?? undefined,
    to: to_version,
    verdictId: verdict_id,
  }));
}

export interface DoneCheck {
  readonly id: string;
  readonly result: Conclusion;
  readonly askedBy: string | undefined;
  /** Gzipped JSON. */
  readonly request: Uint8Array;
}

const maxChecks = 1_000;

/** Of equal checks since then the newest, where it had an answer. Newest first. */
export async function listDoneChecks(database: Database, since: string): Promise<readonly DoneCheck[]> {
  const rows = await readRows(
    database,
    query
      .selectFrom('checks')
      .innerJoin('jobs', 'jobs.id', 'checks.id')
      .select(['checks.id', 'checks.result', 'checks.asked_by', 'checks.request', 'jobs.question'])
      .where('checks.asked_at', '>=', since)
      .where('jobs.state', '=', 'done')
      .orderBy('checks.id', 'desc')
      .limit(maxChecks),
  );
  const seen = new Set<string>();
  return rows.flatMap(({ id, result, asked_by, request, question }) => {
    if (result === null || seen.has(question)) return [];
    seen.add(question);
    return [{ id, result, askedBy: asked_by ?? undefined, request }];
  });
}
