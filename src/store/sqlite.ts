/**
 * SQLite behind the database's interface: the only file that knows which database it is.
 * Loaded when a store is opened, because the driver is native code.
 */
import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type Driver from 'better-sqlite3';
import { GuardError } from '../errors.ts';
import type { Database, SqlStatement, SqlValue } from './database.ts';
import type { FilledColumn, FillStep, MigrationStep } from './migration.ts';

const walPauseMs = 20;

export interface SqliteOptions {
  /** How long to wait for another process that writes. The process itself stands still meanwhile. */
  readonly waitMs: number;
  /** Whether what was written outlives a crash of the machine too; that takes a disk's time for each write. */
  readonly durable?: boolean;
}

export async function openSqlite(path: string, { waitMs, durable = false }: SqliteOptions): Promise<Database> {
  prepareFile(path);
  let driver: Driver | undefined;
  try {
    // Fails where the driver has no native code for the machine.
    const { default: Sqlite } = await import('better-sqlite3');
    driver = new Sqlite(path, { timeout: waitMs });
    driver.pragma('foreign_keys = ON');
    // With NORMAL a crash of the machine may lose what was written last, and never hurts the file.
    driver.pragma(`synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
    return wrap(driver, path, waitMs);
  } catch (cause) {
    driver?.close();
    throw unreadable(path, cause);
  }
}

/** Only the user may read it: verdicts tell what somebody works on. What is there already keeps its permissions. */
function prepareFile(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    closeSync(openSync(path, 'a', 0o600));
  } catch (cause) {
    // A file that may be read and not written still has answers.
    if (!isReadOnly(cause) || !existsSync(path)) throw unreadable(path, cause);
  }
}

/**
 * With its log ahead of it, a database is read while it is written. Asked for when there is something to write.
 * The change does not always wait by itself when two processes make a new database at once.
 */
async function logAhead(driver: Driver, waitMs: number): Promise<void> {
  const deadline = performance.now() + waitMs;
  for (;;) {
    try {
      if (driver.pragma('journal_mode', { simple: true }) !== 'wal') driver.pragma('journal_mode = WAL');
      return;
    } catch (cause) {
      if (!isBusy(cause) || performance.now() > deadline) throw cause;
    }
    await new Promise((resolve) => setTimeout(resolve, walPauseMs));
  }
}

function wrap(driver: Driver, path: string, waitMs: number): Database {
  const prepared = new Map<string, ReturnType<Driver['prepare']>>();
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? driver.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const read: Database['read'] = async ({ sql, values }) =>
    // Safe: the driver gives each row as an object with its columns.
    prepare(sql).all(bind(values)) as readonly Record<string, unknown>[];
  return {
    about: path,
    read,
    write: async (statements) => {
      await logAhead(driver, waitMs);
      // At once for writing: a transaction that begins with reading can be refused when it comes to write.
      driver.exec('BEGIN IMMEDIATE');
      try {
        for (const { sql, values } of statements) prepare(sql).run(bind(values));
        driver.exec('COMMIT');
      } catch (cause) {
        rollBack(driver);
        throw cause;
      }
    },
    listTables: async () => {
      const rows = await read({ sql: "SELECT name FROM sqlite_schema WHERE type = 'table'", values: [] });
      return rows.map(({ name }) => String(name));
    },
    render,
    close: async () => {
      driver.close();
    },
  };
}

/** The driver takes `$1` for a name like any other. */
function bind(values: readonly SqlValue[]): Readonly<Record<string, SqlValue>> {
  return Object.fromEntries(values.map((value, index) => [String(index + 1), value]));
}

function rollBack(driver: Driver): void {
  try {
    driver.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself after some failures, a full disk among them.
  }
}

function render(step: MigrationStep): readonly SqlStatement[] {
  if ('createTable' in step) {
    const columns = step.columns.map((column) => column.replace(/\bBYTES\b/, 'BLOB'));
    return [plain(`CREATE TABLE ${step.createTable} (${columns.join(', ')}) STRICT`)];
  }
  if ('createIndex' in step) return [plain(`CREATE INDEX ${step.createIndex} ON ${step.on}`)];
  if ('createUniqueIndex' in step) return [plain(`CREATE UNIQUE INDEX ${step.createUniqueIndex} ON ${step.on}`)];
  if ('addColumn' in step) {
    return [plain(`ALTER TABLE ${step.to} ADD COLUMN ${step.addColumn.replace(/\bBYTES\b/, 'BLOB')}`)];
  }
  if ('fill' in step) return [renderFill(step)];
  const table = step.appendOnly;
  return ['UPDATE', 'DELETE'].map((word) =>
    plain(
      `CREATE TRIGGER ${table}_no_${word.toLowerCase()} BEFORE ${word} ON ${table} ` +
        `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`,
    ),
  );
}

/** Stops at nothing: a row that a failing disk has spoiled may be no JSON, or have words that the table does not take. */
function renderFill({ fill, from, columns }: FillStep): SqlStatement {
  const { table, column, list, orderBy } = from;
  const json = `CASE WHEN json_valid(${table}.${column}) THEN ${table}.${column} ELSE '{}' END`;
  const values = Object.values(columns).map((one) => renderFilled(one, table));
  return plain(
    `INSERT OR IGNORE INTO ${fill} (${Object.keys(columns).join(', ')}) SELECT ${values.join(', ')} ` +
      `FROM ${table}, json_each(${json}, '$.${list}') AS entry ORDER BY ${table}.${orderBy}`,
  );
}

function renderFilled(filled: FilledColumn, table: string): string {
  if ('column' in filled) return `${table}.${filled.column}`;
  if ('member' in filled) return `json_extract(entry.value, '$.${filled.member}')`;
  const milliseconds = `CAST(round(unixepoch(${table}.${filled.idAt}, 'subsec') * 1000) AS INTEGER)`;
  return `printf('%012x', ${milliseconds}) || lower(hex(randomblob(10)))`;
}

function plain(sql: string): SqlStatement {
  return { sql, values: [] };
}

function isBusy(cause: unknown): boolean {
  return codeOf(cause).startsWith('SQLITE_BUSY');
}

/** Whether the same may succeed later: a lock that ends, a disk that is emptied. */
export function isPassing(cause: unknown): boolean {
  return /^SQLITE_(?:BUSY|FULL|IOERR|LOCKED)/.test(codeOf(cause));
}

function isReadOnly(cause: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(codeOf(cause));
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'its permissions do not allow it',
  EEXIST: 'what should be its folder is a file',
  EISDIR: 'it is a folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'what should be its folder is a file',
  EROFS: 'the disk may only be read',
  SQLITE_BUSY: 'another process keeps it locked',
  SQLITE_CANTOPEN: 'it cannot be opened for reading and writing',
  SQLITE_CORRUPT: 'it is damaged',
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'the disk fails to read or write it',
  SQLITE_NOTADB: 'it is no database',
  SQLITE_READONLY: 'it may not be written',
};

/** In plain words, where there are some. */
export function explainFailure(cause: unknown): string {
  const code = codeOf(cause);
  const own = Object.keys(reasons).find((known) => code === known || code.startsWith(`${known}_`));
  const message = cause instanceof Error ? cause.message : String(cause);
  return (own === undefined ? undefined : reasons[own]) ?? message;
}

export function unreadable(path: string, cause: unknown): GuardError {
  return new GuardError('store-unreadable', `The store ${path} cannot be used: ${explainFailure(cause)}.`, { cause });
}
