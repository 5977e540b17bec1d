/** A database in the shape that this program knows, or a sentence that says why it cannot be used. */
import { migrations as ownMigrations } from '../../migrations/index.ts';
import { GuardError } from '../errors.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import type { Migration } from './migration.ts';
import { openSqlite, type SqliteOptions, unreadable } from './sqlite.ts';

export interface DatabaseOptions extends SqliteOptions {
  readonly migrations?: readonly Migration[] | undefined;
}

/** Throws a GuardError where the file cannot be used, `store-newer` where a newer Sluice wrote it. */
export async function openDatabase(path: string, options: DatabaseOptions): Promise<Database> {
  const database = await openSqlite(path, options);
  try {
    await migrate(database, options.migrations ?? ownMigrations);
    return database;
  } catch (cause) {
    await database.close();
    throw cause instanceof GuardError ? cause : unreadable(path, cause);
  }
}
