/** What is being judged again, with the answer that it had: kept until the new one is there, and told apart from it. */
import type { Conclusion } from '../model/verdict.ts';
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';

export interface Reassessment {
  /** The webhook that is told. */
  readonly url: string;
  readonly before: AnsweredBefore;
}

export interface AnsweredBefore {
  /** A purl, or a check's id. */
  readonly subject: string;
  readonly from: string | null;
  readonly result: Conclusion;
  readonly id: string;
  /** Digest of what a reader would call the same answer. */
  readonly summary: string;
}

/** Changes nothing where the same is being judged again already. */
export function insertReassessment(question: string, { url, before }: Reassessment): SqlStatement {
  const { subject, from, result, id, summary } = before;
  return toStatement(
    query
      .insertInto('reassessments')
      .values({ question, url, subject, from_version: from, result, verdict_id: id, summary })
      .onConflict((conflict) => conflict.doNothing()),
  );
}

export async function listReassessments(database: Database, question: string): Promise<readonly Reassessment[]> {
  const rows = await readRows(
    database,
    query
      .selectFrom('reassessments')
      .select(['url', 'subject', 'from_version', 'result', 'verdict_id', 'summary'])
      .where('question', '=', question),
  );
  return rows.map(({ url, from_version: from, verdict_id: id, ...before }) => ({
    url,
    before: { ...before, from, id },
  }));
}

export function deleteReassessments(question: string): SqlStatement {
  return toStatement(query.deleteFrom('reassessments').where('question', '=', question));
}
