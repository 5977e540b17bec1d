/** What the store asks of a database. Statements are SQL that SQLite and PostgreSQL both read, with `$1`, `$2` …. */
import type { MigrationStep } from './migration.ts';

export type SqlValue = string | number | null | Uint8Array;

export interface SqlStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export interface Database {
  /** What people call it in a sentence: its path. */
  readonly about: string;
  /** Rows, with columns by name. */
  read(statement: SqlStatement): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** All of it or, where one fails, nothing. */
  write(statements: readonly SqlStatement[]): Promise<void>;
  listTables(): Promise<readonly string[]>;
  /** A migration's step in the database's own words. */
  render(step: MigrationStep): readonly SqlStatement[];
  close(): Promise<void>;
}
