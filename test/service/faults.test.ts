/** What goes wrong around the service: its disk, its clock, its registry, the memory of its workers. */
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import type { ServiceLimits } from '../../src/service/settings.ts';
import type { Fault, PublishedPackage } from '../support/registry.ts';
import { startTestService, type TestService } from './start-service.ts';

const patient = { prefer: 'wait=30' };
const update = '/v1/verdicts?purl=pkg:npm/plain@1.0.1&from=1.0.0';
const another = { purl: 'pkg:npm/plain@1.0.1' };
const busy = { status: 503, headers: { 'retry-after': '5' }, json: { type: 'urn:sluice:problem:store-busy' } };
const after = { lockfile: { path: 'package-lock.json', text: '{' }, files: {} };
const askCheck = { method: 'POST', url: '/v1/checks', payload: { before: null, after } } as const;

describe('a store that another process keeps locked', () => {
  it('accepts nothing that it cannot keep, and answers what it has', async () => {
    const { ask, storePath, service } = await startTestService({ limits: { maxWaiting: 1_000 } });
    const stored = await ask({ url: update, headers: patient });
    const other = new Sqlite(storePath, { timeout: 10_000 });
    other.exec('BEGIN IMMEDIATE');
    expect(await ask(askCheck)).toMatchObject(busy);
    expect(await ask(`/v1/verdicts?purl=${another.purl}`)).toMatchObject(busy);
    const many = Array.from({ length: 200 }, (_, index) => ({ purl: `pkg:npm/plain@2.0.${index}` }));
    const known = { purl: 'pkg:npm/plain@1.0.1', from: '1.0.0' };
    const attempts = countWrites(service);
    const { json } = await ask({
      method: 'POST',
      url: '/v1/verdicts/batch',
      payload: { verdicts: [known, another, another, ...many] },
    });
    // Each of them alone would wait a quarter of a second for the lock, and nobody is answered meanwhile.
    expect(attempts()).toBeLessThan(50);
    const statuses: number[] = json.verdicts.map(({ status }: { status: number }) => status);
    expect(statuses).toEqual([200, ...Array.from({ length: 202 }, () => 503)]);
    expect(service.jobs.count).toBe(0);
    expect((await ask(update)).text).toBe(stored.text);
    expect((await ask('/readyz')).status).toBe(200);
    other.exec('COMMIT');
    other.close();
    await expect.poll(async () => (await ask(askCheck)).status, { timeout: 50_000 }).toBe(202);
  });

  it('while a job runs is written once it is free, and whoever waits gets the answer', async () => {
    const { ask, storePath, little } = await startTestService();
    little.fail('plain', { kind: 'slow', delayMs: 200 });
    await ask(update);
    const other = new Sqlite(storePath, { timeout: 10_000 });
    other.exec('BEGIN IMMEDIATE');
    const waiting = ask({ url: update, headers: patient });
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    other.exec('COMMIT');
    expect((await waiting).json.result).toBe('allow');
    const [job] = other.prepare('SELECT state FROM jobs').all({});
    other.close();
    expect(job).toEqual({ state: 'done' });
    expect((await ask(update)).status).toBe(200);
  });
});

/** @returns How often the service has tried to write since. */
function countWrites({ database }: TestService['service']): () => number {
  const { write } = database;
  let count = 0;
  Object.assign(database, {
    write: (...statements: Parameters<typeof write>) => {
      count += 1;
      return write(...statements);
    },
  });
  return () => count;
}

describe('a disk that is full', () => {
  it('keeps what is there, takes nothing new, and goes on once there is room', async () => {
    const { ask, service, storePath } = await startTestService();
    const stored = await ask({ url: update, headers: patient });
    // The service's own connection may not let the file grow.
    const setMost = (pages: number) => service.database.read({ sql: `PRAGMA max_page_count = ${pages}`, values: [] });
    await setMost(1);
    const filling = { ...askCheck.payload, base: 'x'.repeat(200) };
    let last = await ask({ ...askCheck, payload: filling });
    for (let turn = 0; turn < 300 && last.status === 202; turn += 1) {
      const text = Array.from({ length: 60 }, (_, index) => (turn * 997 + index * 7_919).toString(36)).join('\n');
      const files = { 'package.json': text };
      last = await ask({ ...askCheck, payload: { ...filling, after: { ...after, files } } });
    }
    expect(last).toMatchObject(busy);
    expect(last.json.detail).toContain('the disk is full');
    expect((await ask(update)).text).toBe(stored.text);
    await setMost(1_000_000);
    await expect.poll(async () => (await ask(askCheck)).status, { timeout: 50_000 }).toBe(202);
    const taken = await ask(askCheck);
    expect((await ask({ url: taken.json.location, headers: patient })).json.state).toBe('failed');
    const driver = new Sqlite(storePath, { timeout: 1_000 });
    expect(driver.pragma('integrity_check', { simple: true })).toBe('ok');
    driver.close();
  });
});

describe('a clock that is set back', () => {
  it('keeps nobody from an answer that was given since', async () => {
    let instant = new Date('2026-03-02T12:00:00Z');
    const { ask, little } = await startTestService({ now: () => instant });
    little.fail('/plain/-/plain-1.0.1.tgz', { kind: 'status', status: 500 });
    const passing = await ask({ url: update, headers: patient });
    expect(passing.json.result).toBe('undecided');
    const missing = '/v1/verdicts?purl=pkg:npm/plain@9.9.9';
    expect((await ask({ url: missing, headers: patient })).status).toBe(404);
    little.mend();
    instant = new Date('2026-03-02T10:00:00Z');
    expect((await ask({ url: update, headers: patient })).json.result).toBe('allow');
    expect((await ask(update)).json?.result).toBe('allow');
    expect((await ask({ url: missing, headers: patient })).status).toBe(404);
    expect((await ask(missing)).status).toBe(404);
  });
});

describe('a registry', () => {
  /** What a fault of the tarball comes to: who lies about bytes is blocked, and silence is no answer. */
  const faults: readonly [Fault, string][] = [
    [{ kind: 'status', status: 503 }, 'undecided'],
    [{ kind: 'reset' }, 'undecided'],
    [{ kind: 'reset', after: 'headers' }, 'undecided'],
    [{ kind: 'truncated' }, 'block'],
    [{ kind: 'wrong-bytes' }, 'block'],
    [{ kind: 'body', body: '<html>welcome</html>' }, 'block'],
  ];
  const silences: readonly Fault[] = [
    { kind: 'hang' },
    // Slow enough that the job's time is over before the bytes are too many.
    { kind: 'endless', everyMs: 50 },
  ];
  const nameOf = (index: number): string => `plain-${index}`;
  const publish = (): PublishedPackage => ({
    versions: {
      '1.0.0': { files: { 'index.js': 'module.exports = 1;' } },
      '1.0.1': { files: { 'index.js': 'module.exports = 2;' } },
    },
  });
  const start = async (limits: Partial<ServiceLimits>) => {
    const names = Array.from({ length: 2 * faults.length + 1 }, (_, index) => nameOf(index));
    const test = await startTestService({
      registryOptions: { packages: Object.fromEntries(names.map((name) => [name, publish()])) },
      limits,
    });
    const judge = async (index: number) => {
      const url = `/v1/verdicts?purl=pkg:npm/${nameOf(index)}@1.0.1&from=1.0.0`;
      const { json } = await test.ask({ url, headers: patient });
      return json.result ?? json.type;
    };
    const failTarball = (index: number, fault: Fault) =>
      test.little.fail(`/${nameOf(index)}/-/${nameOf(index)}-1.0.1.tgz`, fault);
    return { ...test, judge, failTarball };
  };

  it('that is down or lying is never an allow, and a later question has its answer', async () => {
    const { little, service, judge, failTarball } = await start({});
    for (const [index, [fault, expected]] of faults.entries()) {
      failTarball(index, fault);
      expect([fault, await judge(index)]).toEqual([fault, expected]);
      const other = faults.length + index;
      little.fail(nameOf(other), fault);
      expect([fault, await judge(other)]).not.toEqual([fault, 'allow']);
    }
    expect(service.jobs.count).toBe(0);
    expect(await judge(2 * faults.length)).toBe('allow');
  }, 180_000);

  it('that is silent takes no longer than a job may take, and a later question has its answer', async () => {
    const { service, judge, failTarball } = await start({ jobSeconds: 20, threads: silences.length });
    const ends = silences.map((fault, index) => {
      failTarball(index, fault);
      return judge(index);
    });
    expect(await Promise.all(ends)).toEqual(silences.map(() => 'urn:sluice:problem:job-too-long'));
    expect(service.jobs.count).toBe(0);
    expect(await judge(silences.length)).toBe('allow');
  }, 180_000);
});

describe('work that takes more memory than there is', () => {
  it('costs its own job, and no other', async () => {
    const { ask } = await startTestService({ limits: { jobMegabytes: 32 } });
    const text = ' '.repeat(28_000_000);
    const large = { lockfile: { path: 'package-lock.json', text }, files: {} };
    const { json } = await ask({ ...askCheck, payload: { before: null, after: large } });
    const crashed = await ask({ url: json.location, headers: patient });
    expect(crashed.json).toMatchObject({ state: 'failed', problem: { type: 'urn:sluice:problem:job-crashed' } });
    expect(crashed.json.problem.detail).toContain('more than 32 MB of memory');
    expect((await ask({ url: update, headers: patient })).json.result).toBe('allow');
  });
});

describe('requests that come at the same time with one key', () => {
  it('make one approval, and one check', async () => {
    const { ask, service } = await startTestService();
    const headers = { 'idempotency-key': 'once' };
    const wish = {
      purl: 'pkg:npm/plain@1.0.1',
      integrity: `sha512-${'A'.repeat(86)}==`,
      rule: 'endless-loop-at-load',
      reason: 'It is a server.',
      expires: '2999-12-31',
    };
    const approve = () => ask({ method: 'POST', url: '/v1/approvals', headers, payload: wish });
    const given = await Promise.all([approve(), approve(), approve()]);
    expect(given.map(({ status }) => status)).toEqual([201, 201, 201]);
    expect(new Set(given.map(({ json }) => json.id)).size).toBe(1);
    const keyed = { ...askCheck, headers: { 'idempotency-key': 'twice' } };
    const [one, two, other] = await Promise.all([
      ask(keyed),
      ask(keyed),
      ask({ ...keyed, payload: { ...askCheck.payload, base: 'another' } }),
    ]);
    expect([one.status, two.status, other.status]).toEqual([202, 202, 409]);
    expect(two.json.id).toBe(one.json.id);
    expect(service.jobs.count).toBeLessThanOrEqual(1);
  });
});
