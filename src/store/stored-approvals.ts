/** What somebody let pass, bound to a tarball, a rule and a policy. Taken back, never deleted. */
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';

export interface StoredApproval {
  /** Later ones have greater ids. */
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  readonly rule: string;
  readonly policy: string;
  readonly reason: string;
  /** The last day, UTC. */
  readonly expires: string;
  readonly by: string;
  readonly givenAt: string;
}

const columns = [
  'id',
  'name',
  'version',
  'integrity',
  'rule',
  'policy',
  'reason',
  'expires',
  'given_by as by',
  'given_at as givenAt',
] as const;

const standing = query.selectFrom('approvals').select(columns).where('revoked_at', 'is', null);

export function insertApproval({ by, givenAt, ...approval }: StoredApproval): SqlStatement {
  return toStatement(query.insertInto('approvals').values({ ...approval, given_by: by, given_at: givenAt }));
}

export function revokeApproval(id: string, by: string, at: string): SqlStatement {
  return toStatement(
    query
      .updateTable('approvals')
      .set({ revoked_by: by, revoked_at: at })
      .where('id', '=', id)
      .where('revoked_at', 'is', null),
  );
}

/** Under one policy, all that nobody took back. */
export function listApprovalsUnder(database: Database, policy: string): Promise<readonly StoredApproval[]> {
  return readRows(database, standing.where('policy', '=', policy).orderBy('id'));
}

/** Newest first. */
export function listApprovals(
  database: Database,
  page: { readonly before: string | undefined; readonly name: string | undefined; readonly limit: number },
): Promise<readonly StoredApproval[]> {
  const { before, name, limit } = page;
  let rows = standing.orderBy('id', 'desc').limit(limit);
  if (before !== undefined) rows = rows.where('id', '<', before);
  if (name !== undefined) rows = rows.where('name', '=', name);
  return readRows(database, rows);
}

export async function findApproval(database: Database, id: string): Promise<StoredApproval | undefined> {
  const [row] = await readRows(database, standing.where('id', '=', id));
  return row;
}
