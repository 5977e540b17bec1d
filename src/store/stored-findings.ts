/** What the rules found in stored verdicts, so that they are found by a rule. What was found stands in the verdicts themselves. */
import type { Finding } from '../model/finding.ts';
import type { Database, SqlStatement } from './database.ts';
import { makeId } from './make-id.ts';
import { query, readRows, toStatement } from './query.ts';

/** The release that a finding is about, and what the rule is worth there. */
export interface JudgedFinding {
  readonly rule: string;
  readonly level: Finding['level'];
  readonly name: string;
  readonly version: string;
}

export interface StoredFinding extends JudgedFinding {
  /** Later ones have greater ids. */
  readonly id: string;
  readonly verdictId: string;
  readonly foundAt: string;
}

/** Changes nothing where the same verdict was stored before. */
export function insertFindings(judged: {
  readonly verdictId: string;
  readonly asOf: string;
  readonly findings: readonly JudgedFinding[];
}): readonly SqlStatement[] {
  const { verdictId: verdict_id, asOf: found_at, findings } = judged;
  return findings.map((finding) =>
    toStatement(
      query
        .insertInto('findings')
        .values({ id: makeId(new Date(found_at)), verdict_id, ...finding, found_at })
        .onConflict((conflict) => conflict.doNothing()),
    ),
  );
}

/** Newest first. */
export function listFindings(
  database: Database,
  page: {
    readonly rule: string;
    readonly level: Finding['level'] | undefined;
    readonly before: string | undefined;
    readonly limit: number;
  },
): Promise<readonly StoredFinding[]> {
  const { rule, level, before, limit } = page;
  let rows = query
    .selectFrom('findings')
    .select(['id', 'verdict_id as verdictId', 'rule', 'level', 'name', 'version', 'found_at as foundAt'])
    .where('rule', '=', rule)
    .orderBy('id', 'desc')
    .limit(limit);
  if (level !== undefined) rows = rows.where('level', '=', level);
  if (before !== undefined) rows = rows.where('id', '<', before);
  return readRows(database, rows);
}
