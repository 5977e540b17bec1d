/** What a request with an idempotency key has made: the same request again makes nothing. */
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';

export interface IdempotencyKey {
  /** Whose key it is: a token's id, or nothing where none is needed. */
  readonly owner: string;
  readonly key: string;
  /** Of the request. */
  readonly fingerprint: string;
  /** The id of what it made. */
  readonly made: string;
  readonly createdAt: string;
}

export function insertIdempotencyKey({ createdAt, ...rest }: IdempotencyKey): SqlStatement {
  return toStatement(query.insertInto('idempotency_keys').values({ ...rest, created_at: createdAt }));
}

export async function findIdempotencyKey(
  database: Database,
  owner: string,
  key: string,
): Promise<IdempotencyKey | undefined> {
  const [row] = await readRows(
    database,
    query
      .selectFrom('idempotency_keys')
      .select(['owner', 'key', 'fingerprint', 'made', 'created_at as createdAt'])
      .where('owner', '=', owner)
      .where('key', '=', key),
  );
  return row;
}

export function deleteIdempotencyKeysBefore(instant: string): SqlStatement {
  return toStatement(query.deleteFrom('idempotency_keys').where('created_at', '<', instant));
}
