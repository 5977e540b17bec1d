import { expect, it } from 'vitest';
import { WritesInTurn } from '../../src/service/writes-in-turn.ts';
import type { Database, SqlStatement } from '../../src/store/database.ts';
import { openDatabase } from '../../src/store/open-database.ts';
import { query, readRows } from '../../src/store/query.ts';
import { insertJob } from '../../src/store/stored-jobs.ts';
import { makeHome } from '../registry/connect.ts';

const askedAt = '2026-03-02T12:00:00.000Z';
const job = (id: string): SqlStatement => insertJob({ id, kind: 'verdict', question: id, request: '{}', askedAt });
const broken: SqlStatement = { sql: 'INSERT INTO jobs (id) VALUES ($1)', values: ['broken'] };

async function open() {
  const database = await openDatabase(`${await makeHome('')}/store.db`, { waitMs: 100 });
  const sizes: number[] = [];
  const counted: Database = {
    ...database,
    write: (statements) => {
      sizes.push(statements.length);
      return database.write(statements);
    },
  };
  const list = async () =>
    (await readRows(database, query.selectFrom('jobs').select('id').orderBy('id'))).map(({ id }) => id);
  return { writes: new WritesInTurn(counted), sizes, list, database };
}

it('writes in one transaction what waits at the same time, and no more than a few hundred at once', async () => {
  const { writes, sizes, list, database } = await open();
  await Promise.all(Array.from({ length: 450 }, (_, at) => writes.write([job(`${at}`)])));
  expect(sizes).toEqual([200, 200, 50]);
  expect(await list()).toHaveLength(450);
  await writes.write([job('later')]);
  expect(sizes).toHaveLength(4);
  await database.close();
});

it('keeps what others wrote where one of them cannot be written, and tells that one only', async () => {
  const { writes, list, database } = await open();
  const ends = await Promise.allSettled([
    writes.write([job('a'), job('b')]),
    writes.write([job('c'), broken, job('d')]),
    writes.write([job('e')]),
  ]);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await list()).toEqual(['a', 'b', 'e']);
  await writes.write([job('later')]);
  expect(await list()).toHaveLength(4);
  await database.close();
});
