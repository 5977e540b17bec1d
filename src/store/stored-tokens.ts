/** Who may ask, by the hash of what they carry; and the log of who did what. */
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';
import type { AuditAction } from './tables.ts';

export interface StoredToken {
  readonly id: string;
  readonly name: string;
  /** sha256 of the token, in hexadecimal. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly revokedAt: string | undefined;
}

export function insertToken({ scopes, createdAt, revokedAt, ...token }: StoredToken): SqlStatement {
  return toStatement(
    query
      .insertInto('tokens')
      .values({ ...token, scopes: scopes.join(' '), created_at: createdAt, revoked_at: revokedAt ?? null }),
  );
}

export function revokeToken(id: string, at: string): SqlStatement {
  return toStatement(query.updateTable('tokens').set({ revoked_at: at }).where('id', '=', id));
}

export async function listTokens(database: Database): Promise<readonly StoredToken[]> {
  const rows = await readRows(
    database,
    query.selectFrom('tokens').select(['id', 'name', 'hash', 'scopes', 'created_at', 'revoked_at']).orderBy('id'),
  );
  return rows.map(({ id, name, hash, scopes, created_at, revoked_at }) => ({
    id,
    name,
    hash,
    scopes: scopes.split(' '),
    createdAt: created_at,
    revokedAt: revoked_at ?? undefined,
  }));
}

export interface AuditEntry {
  readonly id: string;
  readonly at: string;
  /** A token's name, the user of this machine, or Sluice itself. */
  readonly actor: string;
  readonly action: AuditAction;
  /** What it was done to. */
  readonly about: string;
}

export function insertAudit(entry: AuditEntry): SqlStatement {
  return toStatement(query.insertInto('audit_log').values(entry));
}
