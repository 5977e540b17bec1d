/** The store for those who write to it on purpose: what cannot be kept is an error, not a warning. */
import { homedir, userInfo } from 'node:os';
import { GuardError } from '../errors.ts';
import type { Database } from '../store/database.ts';
import { findStorePath } from '../store/find-store-path.ts';
import { openDatabase } from '../store/open-database.ts';
import { explainFailure } from '../store/sqlite.ts';

const waitMs = 5_000;

/** @param given The user's `--db`. */
export function findDatabasePath(given: string | undefined): string {
  const { platform, env } = process;
  return given ?? findStorePath({ platform, env, home: homedir() });
}

export async function withLedger<T>(given: string | undefined, work: (database: Database) => Promise<T>): Promise<T> {
  const path = findDatabasePath(given);
  const database = await openDatabase(path, { waitMs, durable: true });
  try {
    return await work(database);
  } catch (cause) {
    if (cause instanceof GuardError || !(cause instanceof Error && 'code' in cause)) throw cause;
    throw new GuardError('store-busy', `The store ${path} cannot be used now: ${explainFailure(cause)}.`, { cause });
  } finally {
    await database.close();
  }
}

/** Who does it: the user of this machine, as the log and the approval name them. */
export function nameUser(): string {
  try {
    return userInfo().username;
  } catch {
    return 'this machine';
  }
}
