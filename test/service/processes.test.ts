/** The service as a process: what is accepted survives it, and it ends in order. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../src/model/manifest.ts';
import { startLittle } from '../registry/connect.ts';
import { makeSite, type Process } from './run-service.ts';

/** Every process takes its time to start, on a busy machine more than that. */
const timeout = 240_000;
const update = '/v1/verdicts?purl=pkg:npm/plain@1.0.1&from=1.0.0';

async function waitFor(service: Process, path: string): Promise<{ readonly status: number; readonly text: string }> {
  for (;;) {
    const answer = await service.ask(path, { headers: { prefer: 'wait=30' } });
    // A machine that is very busy needs longer than the service lets anybody wait.
    if (answer.status !== 202 || service.isEnding()) return { status: answer.status, text: await answer.text() };
  }
}

describe('a service that is killed', { timeout }, () => {
  it('goes on with what it had accepted, and its store is whole', async () => {
    const little = await startLittle();
    const site = await makeSite(little.url);
    little.fail('plain', { kind: 'hang' });
    const first = await site.serve();
    const { status } = await first.ask(update);
    const body = { before: null, after: { lockfile: { path: 'package-lock.json', text: '{' }, files: {} } };
    const headers = { 'content-type': 'application/json' };
    const check = await first.ask('/v1/checks', { method: 'POST', headers, body: JSON.stringify(body) });
    expect([status, check.status]).toEqual([202, 202]);
    await first.end('SIGKILL');
    little.mend();
    const second = await site.serve();
    expect((await waitFor(second, update)).status).toBe(200);
    const location = check.headers.get('location') ?? '';
    expect(JSON.parse((await waitFor(second, location)).text)).toMatchObject({ state: 'failed' });
    await second.end('SIGTERM');
    const driver = new Sqlite(join(site.folder, 'store.db'), { timeout: 1_000 });
    expect(driver.pragma('integrity_check', { simple: true })).toBe('ok');
    driver.close();
  });

  it('three times by the same question does not try it a fourth time', async () => {
    const little = await startLittle();
    const site = await makeSite(little.url);
    little.fail('plain', { kind: 'hang' });
    for (let turn = 0; turn < 3; turn += 1) {
      const service = await site.serve();
      await service.ask(update);
      while (countAttempts(site.folder) <= turn) await sleep(20);
      await service.end('SIGKILL');
    }
    const asked = little.requests.length;
    const last = await site.serve();
    expect(await waitFor(last, update)).toMatchObject({ status: 500, text: expect.stringContaining('job-crashed') });
    expect(little.requests.length).toBe(asked);
  });
});

/** How often the one job in the store was begun. */
function countAttempts(folder: string): number {
  const driver = new Sqlite(join(folder, 'store.db'), { timeout: 10_000 });
  try {
    const [job] = driver.prepare('SELECT attempts FROM jobs').all({});
    return isRecord(job) ? Number(job['attempts']) : 0;
  } finally {
    driver.close();
  }
}

describe('a service that is told to stop', { timeout }, () => {
  it('ends what runs, tells who waits to ask again, and takes no new work', async () => {
    const little = await startLittle();
    const site = await makeSite(little.url);
    // Long enough to be told while it runs.
    little.fail('plain', { kind: 'slow', delayMs: 3_000 });
    const first = await site.serve();
    const asked = little.requests.length;
    const waiting = waitFor(first, update);
    while (little.requests.length === asked) await sleep(20);
    expect(await first.end('SIGTERM')).toBe(0);
    expect((await waiting).status).toBe(202);
    little.mend();
    const requests = little.requests.length;
    const second = await site.serve();
    expect((await second.ask(update)).status).toBe(200);
    expect(little.requests.length).toBe(requests);
  });

  it('does not wait for what takes too long: that goes on with the next start', async () => {
    const little = await startLittle();
    const site = await makeSite(little.url);
    little.fail('plain', { kind: 'hang' });
    const first = await site.serve('--drain-seconds', '0');
    const asked = little.requests.length;
    await first.ask(update);
    while (little.requests.length === asked) await sleep(20);
    expect(await first.end('SIGTERM')).toBe(0);
    little.mend();
    const second = await site.serve();
    expect((await waitFor(second, update)).status).toBe(200);
    expect(second.said).toContain('1 job goes on that an earlier process left.');
  });
});

describe('tokens', { timeout }, () => {
  it('decide who is answered; without any, nobody beyond this machine is', async () => {
    const little = await startLittle();
    const site = await makeSite(little.url);
    await expect(site.serve('--host', '0.0.0.0')).rejects.toThrow('is not opened to 0.0.0.0 while there is no token');
    const create = async (scope: string) =>
      (await site.run(['token', 'create', '--db', 'store.db', '--scope', scope, '--name', 'ci'])).stdout.trim();
    const [reader, checker] = [await create('read'), await create('read,check')];
    const service = await site.serve('--host', '0.0.0.0');
    const as = async (authorization: string | undefined, path = update) =>
      (await service.ask(path, { headers: authorization === undefined ? {} : { authorization } })).status;
    expect(await as(undefined)).toBe(401);
    expect(await as('Bearer nonsense')).toBe(401);
    expect(await as(`Bearer ${reader.slice(0, -1)}${reader.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
    expect(await as(`Bearer ${reader}`)).toBe(403);
    expect(await as(`Bearer ${checker}`)).toBe(202);
    expect(await as(undefined, '/healthz')).toBe(200);
    const { stdout } = await site.run(['token', 'list', '--db', 'store.db']);
    expect(stdout).not.toContain(reader.slice(-43));
    await site.run(['token', 'revoke', checker, '--db', 'store.db']);
    while ((await as(`Bearer ${checker}`)) !== 401) await sleep(100);
    expect(await as(`Bearer ${reader}`, '/v1/rules')).toBe(200);
    expect(service.said.join('\n')).not.toContain(reader.slice(-43));
  });
});
