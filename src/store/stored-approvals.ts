/** What somebody let pass, bound to a tarball, a rule and a policy. Taken back, never deleted. */
import type { Database, SqlStatement } from './database.ts';
import { makeId } from './make-id.ts';
import { query, readRows, toStatement } from './query.ts';
import { insertAudit } from './stored-tokens.ts';

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

/** With its entry in the log. */
export function insertApproval(approval: StoredApproval): readonly SqlStatement[] {
  const { by, givenAt, ...rest } = approval;
  return [
    toStatement(query.insertInto('approvals').values({ ...rest, given_by: by, given_at: givenAt })),
    insertAudit({ id: rest.id, at: givenAt, actor: by, action: 'approval-given', about: describe(approval) }),
  ];
}

/** With its entry in the log. */
export function revokeApproval(approval: StoredApproval, by: string, now: Date): readonly SqlStatement[] {
  const at = now.toISOString();
  return [
    toStatement(
      query
        .updateTable('approvals')
        .set({ revoked_by: by, revoked_at: at })
        .where('id', '=', approval.id)
        .where('revoked_at', 'is', null),
    ),
    insertAudit({ id: makeId(now), at, actor: by, action: 'approval-revoked', about: describe(approval) }),
  ];
}

function describe({ id, name, version, rule }: StoredApproval): string {
  return `${id} ${rule} ${name}@${version}`;
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
