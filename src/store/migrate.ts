/**
 * Brings a database to the shape that this program knows. Each migration and its record are one transaction.
 * Refused: a database that is newer, whose history is another one, or that belongs to another program.
 */
import { createHash } from 'node:crypto';
import { GuardError } from '../errors.ts';
import type { Database, SqlStatement } from './database.ts';
import type { Migration, MigrationStep } from './migration.ts';

interface AppliedMigration {
  readonly id: string;
  readonly checksum: string;
}

const history: MigrationStep = {
  createTable: 'migrations',
  columns: ['id TEXT NOT NULL PRIMARY KEY', 'checksum TEXT NOT NULL', 'applied_at TEXT NOT NULL'],
};

export async function migrate(database: Database, migrations: readonly Migration[]): Promise<void> {
  for (;;) {
    const applied = await loadHistory(database);
    refuseOther(applied ?? [], migrations, database.about);
    const next = migrations[applied?.length ?? 0];
    if (next === undefined) return;
    await applyMigration(database, next, applied);
  }
}

/** Undefined in a new database. */
async function loadHistory(database: Database): Promise<readonly AppliedMigration[] | undefined> {
  const tables = await database.listTables();
  if (tables.includes('migrations')) {
    const rows = await database.read({ sql: 'SELECT id, checksum FROM migrations ORDER BY id', values: [] });
    return rows.map(({ id, checksum }) => ({ id: String(id), checksum: String(checksum) }));
  }
  if (tables.length === 0) return undefined;
  throw new GuardError('store-unreadable', `The store ${database.about} is another program's database.`);
}

function refuseOther(applied: readonly AppliedMigration[], migrations: readonly Migration[], about: string): void {
  for (const [index, { id, checksum }] of applied.entries()) {
    const own = migrations[index];
    if (own === undefined) {
      throw new GuardError('store-newer', `The store ${about} was written by a newer Sluice (it has ${id}).`);
    }
    if (own.id === id && checksumOf(own) === checksum) continue;
    const expected = own.id === id ? `its ${id} is not the one` : `it has ${id} in place of ${own.id}`;
    throw new GuardError('store-unreadable', `The store ${about} was not made by this Sluice: ${expected}.`);
  }
}

async function applyMigration(
  database: Database,
  migration: Migration,
  applied: readonly AppliedMigration[] | undefined,
): Promise<void> {
  const record: SqlStatement = {
    sql: 'INSERT INTO migrations (id, checksum, applied_at) VALUES ($1, $2, $3)',
    values: [migration.id, checksumOf(migration), new Date().toISOString()],
  };
  const steps = migration.steps.flatMap((step) => database.render(step));
  try {
    await database.write([...(applied === undefined ? database.render(history) : []), record, ...steps]);
  } catch (cause) {
    // Another process may have been first; then its record is there, and ours was refused.
    const now = await loadHistory(database);
    if ((now?.length ?? 0) <= (applied?.length ?? 0)) throw cause;
  }
}

function checksumOf({ id, steps }: Migration): string {
  return createHash('sha256')
    .update(JSON.stringify([id, steps]))
    .digest('hex');
}
