import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { migrations } from '../../migrations/index.ts';
import type { Migration } from '../../src/store/migration.ts';
import { openStore } from '../../src/store/open-store.ts';
import { makeFolder } from './run-process.ts';

const schemas = fileURLToPath(new URL('schemas/', import.meta.url));

/** A database as each released Sluice left it, with a verdict and a packument in it. */
const released = readdirSync(schemas).map((file) => ({
  id: basename(file, '.sql'),
  sql: readFileSync(join(schemas, file), 'utf8'),
}));

const next: Migration = {
  id: '0002-next',
  steps: [
    { addColumn: 'seen INTEGER NOT NULL DEFAULT 0', to: 'packuments' },
    { createTable: 'next', columns: ['body BYTES NOT NULL'] },
    { appendOnly: 'next' },
  ],
};

async function makePath(sql?: string): Promise<string> {
  const path = join(await makeFolder(), 'store.db');
  if (sql !== undefined) meddle(path, (driver) => driver.exec(sql));
  return path;
}

function meddle<T>(path: string, work: (driver: Sqlite) => T): T {
  const driver = new Sqlite(path, { timeout: 1_000 });
  try {
    return work(driver);
  } finally {
    driver.close();
  }
}

async function open(path: string, list: readonly Migration[] = migrations): ReturnType<typeof openStore> {
  const store = await openStore(path, { migrations: list });
  onTestFinished(() => store.close());
  return store;
}

const readSchema = (path: string): readonly unknown[] =>
  meddle(path, (driver) => driver.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all({}));

describe('a migration', () => {
  it('is numbered without a gap, and has the database that it left in the tests', () => {
    expect(migrations.map(({ id }) => id.slice(0, 4))).toEqual(
      migrations.map((_, index) => String(index + 1).padStart(4, '0')),
    );
    expect(released.map(({ id }) => id)).toEqual(migrations.map(({ id }) => id));
  });

  it.each(released)('brings a database of $id to the shape of a new one, and loses nothing', async ({ sql }) => {
    const old = await makePath(sql);
    const store = await open(old);
    expect(await store.findVerdict('question')).toMatchObject({ result: 'block', id: 'sha256-id' });
    expect(await store.findPackument({ registry: 'https://registry.example/', name: 'sample' })).toMatchObject({
      etag: '"1"',
      outline: '{"name":"sample","versions":[]}',
    });
    const fresh = await makePath();
    await open(fresh);
    expect(readSchema(old)).toEqual(readSchema(fresh));
  });

  it('lists what was found in answers that were there before, and passes over what was spoiled', async () => {
    const path = await makePath(released.find(({ id }) => id === '0004-behaviors')?.sql);
    const found = (rule: string, level: string, name = 'sample') => ({
      rule,
      level,
      package: { name, version: '1.0.1' },
    });
    const answers: readonly (readonly [question: string, asOf: string, document: string])[] = [
      ['b', '2026-01-02T00:00:00.500Z', JSON.stringify({ findings: [found('later', 'notice')] })],
      [
        'a',
        '2026-01-01T00:00:00.000Z',
        JSON.stringify({ findings: [found('one', 'block'), found('two', 'review', 'it')] }),
      ],
      ['a', '2026-01-02T00:00:00.000Z', JSON.stringify({ findings: [found('one', 'block'), found('one', 'block')] })],
      ['c', '2026-01-03T00:00:00.000Z', '{"findings":[{"rule":'],
      ['d', '2026-01-03T00:00:00.000Z', JSON.stringify({ findings: [found('one', 'green'), {}, null, 1] })],
      ['e', '2026-01-03T00:00:00.000Z', JSON.stringify({ findings: [] })],
    ];
    meddle(path, (driver) => {
      for (const [question, asOf, document] of answers) {
        const values = ['r', 'sample', null, '1.0.1', null, 'block', `id ${question}`, 'r', 'p', 'e', 1, document, 'c'];
        const row = [question, asOf, 1, ...values].map((value, at) => [String(at + 1), value]);
        const places = row.map(([at]) => `$${at}`);
        driver.prepare(`INSERT INTO answers VALUES (${places.join(', ')})`).run(Object.fromEntries(row));
      }
    });
    await open(path);
    const rows = meddle(path, (driver) =>
      driver.prepare('SELECT id, verdict_id, rule, level, name, version, found_at FROM findings ORDER BY id').all({}),
    ).map((row) => Object.values(Object(row)));
    expect(rows.map(([, ...rest]) => rest)).toEqual([
      expect.anything(),
      expect.anything(),
      ['id b', 'later', 'notice', 'sample', '1.0.1', '2026-01-02T00:00:00.500Z'],
    ]);
    expect(rows.slice(0, 2).map(([, ...rest]) => rest)).toEqual(
      expect.arrayContaining([
        ['id a', 'one', 'block', 'sample', '1.0.1', '2026-01-01T00:00:00.000Z'],
        ['id a', 'two', 'review', 'it', '1.0.1', '2026-01-01T00:00:00.000Z'],
      ]),
    );
    for (const [id, , , , , , at] of rows) {
      expect(id).toMatch(/^[0-9a-f]{32}$/);
      expect(new Date(Number.parseInt(String(id).slice(0, 12), 16)).toISOString()).toBe(at);
    }
  });

  it('that comes later is applied once, to what is there', async () => {
    const path = await makePath(released.at(-1)?.sql);
    const later = [...migrations, { ...next, id: '9999-next' }];
    await (await open(path, later)).close();
    const store = await open(path, later);
    expect(await store.findVerdict('question')).toMatchObject({ result: 'block' });
    expect(meddle(path, (driver) => driver.prepare('SELECT seen FROM packuments').all({}))).toEqual([{ seen: 0 }]);
    expect(() => meddle(path, (driver) => driver.exec("INSERT INTO next VALUES ('text')"))).toThrow('TEXT');
  });

  it('that fails half-way leaves no trace', async () => {
    const path = await makePath(released.at(-1)?.sql);
    const before = readSchema(path);
    const broken = { ...next, id: '9999-next', steps: [...next.steps, { createIndex: 'broken', on: 'nothing (x)' }] };
    await expect(open(path, [...migrations, broken])).rejects.toMatchObject({ code: 'store-unreadable' });
    expect(readSchema(path)).toEqual(before);
    expect(await (await open(path)).findVerdict('question')).toMatchObject({ result: 'block' });
  });
});

describe('a database is refused, and left as it is,', () => {
  const cases: readonly [string, { sql: string; list?: readonly Migration[]; code: string; says: RegExp }][] = [
    [
      'when it is newer than the program',
      {
        sql: `${released.at(-1)?.sql} INSERT INTO migrations VALUES ('9999-next', 'c', 't');`,
        code: 'store-newer',
        says: /was written by a newer Sluice \(it has 9999-next\)/,
      },
    ],
    [
      'when a migration was edited after it was applied',
      {
        sql: released[0]?.sql ?? '',
        list: migrations.map((migration) => ({ ...migration, steps: [...migration.steps, ...next.steps] })),
        code: 'store-unreadable',
        says: /its 0001-verdicts is not the one/,
      },
    ],
    [
      'when its history is another one',
      {
        sql: `${released[0]?.sql} UPDATE migrations SET id = '0001-others';`,
        code: 'store-unreadable',
        says: /it has 0001-others in place of 0001-verdicts/,
      },
    ],
    [
      'when it belongs to another program',
      { sql: 'CREATE TABLE bookmarks (url TEXT)', code: 'store-unreadable', says: /another program's database/ },
    ],
    [
      'when another program keeps its migrations under the same name',
      {
        sql: 'CREATE TABLE migrations (version INTEGER)',
        code: 'store-unreadable',
        says: /cannot be used: no such column: id/,
      },
    ],
  ];

  it.each(cases)('%s', async (_, { sql, list, code, says }) => {
    const path = await makePath(sql);
    const before = readFileSync(path);
    await expect(open(path, list)).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});
