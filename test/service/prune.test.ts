import { describe, expect, it } from 'vitest';
import { prune } from '../../src/service/prune-regularly.ts';
import { endDelivery, insertDelivery, listUndelivered } from '../../src/store/deliveries.ts';
import { query, readRows } from '../../src/store/query.ts';
import { insertCheck, insertJob } from '../../src/store/stored-jobs.ts';
import { startTestService } from './start-service.ts';

const patient = { prefer: 'wait=30' };
const update = '/v1/verdicts?purl=pkg:npm/plain@1.0.1&from=1.0.0';
const day = 86_400_000;

async function start() {
  const begin = Date.parse('2026-03-02T12:00:00Z');
  let instant = begin;
  const test = await startTestService({ now: () => new Date(instant) });
  const { database } = test.service;
  const listJobs = async () =>
    (await readRows(database, query.selectFrom('jobs').select(['kind', 'state']).orderBy('kind'))).map(
      ({ kind, state }) => `${kind} ${state}`,
    );
  const goTo = (days: number) => {
    instant = begin + days * day;
  };
  return { ...test, database, listJobs, goTo };
}

describe('what was done long ago', () => {
  it('is taken away: verdict jobs after a day, checks after thirty, answers and the log never', async () => {
    const { ask, service, database, listJobs, goTo } = await start();
    const first = await ask({ url: update, headers: patient });
    const after = { lockfile: { path: 'package-lock.json', text: '{' }, files: {} };
    const { json } = await ask({ method: 'POST', url: '/v1/checks', payload: { before: null, after } });
    const check = await ask({ url: json.location, headers: patient });
    goTo(0.9);
    await prune(service);
    expect(await listJobs()).toEqual(['check failed', 'verdict done']);
    goTo(1.1);
    await prune(service);
    expect(await listJobs()).toEqual(['check failed']);
    goTo(29.9);
    await prune(service);
    expect((await ask(json.location)).json).toEqual(check.json);
    goTo(30.1);
    await prune(service);
    expect(await listJobs()).toEqual([]);
    expect(await ask(json.location)).toMatchObject({ status: 404 });
    expect((await ask(update)).text).toBe(first.text);
    const log = await readRows(database, query.selectFrom('audit_log').select('action'));
    expect(log).toEqual([{ action: 'check-asked' }]);
  });

  it('is what somebody has taken: a message that nobody took yet stays, and there may be many of either', async () => {
    const { service, database, goTo } = await start();
    const message = (id: string) =>
      insertDelivery({ id, url: 'https://hooks.invalid/', body: '{}', createdAt: '2026-03-02T12:00:00.000Z' });
    const ids = Array.from({ length: 250 }, (_, at) => `taken ${at}`);
    await database.write([...ids, 'open 1', 'open 2'].map(message));
    await database.write(ids.map((id) => endDelivery(id, '2026-03-02T13:00:00.000Z')));
    const list = async () =>
      (await readRows(database, query.selectFrom('deliveries').select('id').orderBy('id'))).length;
    goTo(1);
    await prune(service);
    expect(await list()).toBe(252);
    goTo(1.1);
    await prune(service);
    expect(await list()).toBe(2);
    expect(await listUndelivered(database)).toMatchObject([{ id: 'open 1' }, { id: 'open 2' }]);
  });

  it('is what has ended: what waits or runs stays, however old, and there may be many of either', async () => {
    const { service, database, listJobs, goTo } = await start();
    const asked = { request: '{}', askedAt: '2026-03-02T12:00:00.000Z' };
    const write = (count: number, kind: 'verdict' | 'check', endedAt: string | null) =>
      database.write(
        Array.from({ length: count }, (_, at) => `${kind} ${endedAt} ${at}`).flatMap((id) => [
          insertJob({ id, kind, question: id, ...asked }),
          ...(kind === 'check'
            ? [insertCheck({ id, request: new Uint8Array(), askedAt: asked.askedAt, askedBy: undefined })]
            : []),
          {
            sql: 'UPDATE jobs SET state = $1, ended_at = $2 WHERE id = $3',
            values: [endedAt === null ? 'running' : 'done', endedAt, id],
          },
        ]),
      );
    await write(250, 'verdict', '2026-03-02T13:00:00.000Z');
    await write(150, 'check', '2026-03-02T13:00:00.000Z');
    await write(2, 'verdict', null);
    await write(2, 'check', null);
    goTo(400);
    await prune(service);
    expect(await listJobs()).toEqual(['check running', 'check running', 'verdict running', 'verdict running']);
    expect(await readRows(database, query.selectFrom('checks').select('id'))).toHaveLength(2);
  });
});
