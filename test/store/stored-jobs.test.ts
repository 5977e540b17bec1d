import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/open-database.ts';
import { beginJob, endJob, findNewestJob, insertJob, listOpenJobs, returnJob } from '../../src/store/stored-jobs.ts';
import { makeHome } from '../registry/connect.ts';

const at = '2026-03-02T12:00:00.000Z';

describe('a job', () => {
  it('that has ended stays so, though the news of its beginning comes late', async () => {
    const database = await openDatabase(`${await makeHome('')}/store.db`, { waitMs: 100 });
    await database.write([insertJob({ id: 'a', kind: 'verdict', question: 'q', request: '{}', askedAt: at })]);
    await database.write([endJob('a', at, undefined)]);
    await database.write([beginJob('a')]);
    expect(await findNewestJob(database, 'q', at)).toMatchObject({ state: 'done', attempts: 0 });
    await database.close();
  });

  it('counts its attempts, and is open until it ends', async () => {
    const database = await openDatabase(`${await makeHome('')}/store.db`, { waitMs: 100 });
    await database.write([insertJob({ id: 'a', kind: 'verdict', question: 'q', request: '{}', askedAt: at })]);
    for (const attempts of [1, 2]) {
      await database.write([beginJob('a')]);
      expect(await listOpenJobs(database)).toMatchObject([{ state: 'running', attempts }]);
      await database.write([returnJob('a')]);
    }
    await database.write([endJob('a', at, '{"status":500}')]);
    expect(await listOpenJobs(database)).toEqual([]);
    expect(await findNewestJob(database, 'q', at)).toMatchObject({
      state: 'failed',
      problem: '{"status":500}',
      endedAt: at,
    });
    await database.close();
  });
});
