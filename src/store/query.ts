/**
 * Kysely as the writer of the service's queries, with the tables' types: what it writes goes through our own connection.
 * PostgreSQL's spelling, because SQLite reads it too. Loaded by the service only: it takes long to load.
 */
import {
  type Compilable,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Database, SqlStatement, SqlValue } from './database.ts';
import type { Tables } from './tables.ts';

export const query: Kysely<Tables> = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (database) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

export function toStatement(built: Compilable<unknown>): SqlStatement {
  const { sql, parameters } = built.compile();
  // Safe: the tables' types let in nothing but the database's own values.
  return { sql, values: parameters as readonly SqlValue[] };
}

export async function readRows<Row>(database: Database, built: Compilable<Row>): Promise<readonly Row[]> {
  // Safe: the tables are STRICT and have the columns of their types, as the migrations' tests show.
  return (await database.read(toStatement(built))) as readonly Row[];
}
