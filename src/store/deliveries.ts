/** Messages to webhooks: kept until somebody has taken them. */
import type { Database, SqlStatement } from './database.ts';
import { query, readRows, toStatement } from './query.ts';

export interface Delivery {
  readonly id: string;
  readonly url: string;
  /** JSON, byte for byte as it is signed. */
  readonly body: string;
  readonly createdAt: string;
}

export function insertDelivery({ createdAt, ...delivery }: Delivery): SqlStatement {
  return toStatement(query.insertInto('deliveries').values({ ...delivery, created_at: createdAt }));
}

export function endDelivery(id: string, at: string): SqlStatement {
  return toStatement(query.updateTable('deliveries').set({ delivered_at: at }).where('id', '=', id));
}

/** Oldest first. */
export function listUndelivered(database: Database): Promise<readonly Delivery[]> {
  return readRows(
    database,
    query
      .selectFrom('deliveries')
      .select(['id', 'url', 'body', 'created_at as createdAt'])
      .where('delivered_at', 'is', null)
      .orderBy('id'),
  );
}
