import { describe, expect, it } from 'vitest';
import { listOpenJobs } from '../../src/store/stored-jobs.ts';
import { startTestService } from './start-service.ts';

const patient = { prefer: 'wait=30' };
const verdicts = [
  { purl: 'pkg:npm/plain@1.0.1', from: '1.0.0' },
  { purl: 'pkg:npm/plain@1.0.1' },
  { purl: 'nonsense' },
  { purl: 'pkg:npm/plain@1.0.1', from: '1.0.0' },
];

async function startWithOne() {
  const test = await startTestService();
  const { json } = await test.ask({ url: '/v1/verdicts?purl=pkg:npm/plain@1.0.1&from=1.0.0', headers: patient });
  return { ...test, id: json.id };
}

describe.each([
  ['POST', '/v1/verdicts/batch'],
  ['QUERY', '/v1/verdicts'],
] as const)('%s %s', (method, url) => {
  // Safe: the test's client knows fewer methods than the server.
  const send = { method: method as 'POST', url };

  it('answers each in its place: what is stored, what is accepted, what is wrong', async () => {
    const { ask, id } = await startWithOne();
    const { status, json } = await ask({ ...send, payload: { verdicts } });
    expect(status).toBe(200);
    expect(json.verdicts).toMatchObject([
      { status: 200, verdict: { id } },
      { status: 202, location: '/v1/verdicts?purl=pkg%3Anpm%2Fplain%401.0.1' },
      { status: 400, problem: { type: 'urn:sluice:problem:request-invalid' } },
      { status: 200, verdict: { id } },
    ]);
  });

  it('answers line by line where the caller asks for lines', async () => {
    const { ask, id } = await startWithOne();
    const { headers, text } = await ask({
      ...send,
      headers: { accept: 'application/x-ndjson' },
      payload: { verdicts },
    });
    expect(headers['content-type']).toMatch(/^application\/x-ndjson/);
    const lines = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ status }) => status)).toEqual([200, 202, 400, 200]);
    expect(lines[0].verdict.id).toBe(id);
  });

  it('refuses more than it takes, and what is no list of questions', async () => {
    const { ask } = await startTestService({ limits: { maxBatchEntries: 3, maxBatchBytes: 2_000 } });
    expect(await ask({ ...send, payload: { verdicts } })).toMatchObject({ status: 400 });
    expect(await ask({ ...send, payload: { verdicts: [] } })).toMatchObject({ status: 400 });
    expect(await ask({ ...send, payload: { verdicts: [{ purl: 1 }] } })).toMatchObject({ status: 400 });
    const long = { purl: 'x'.repeat(3_000) };
    expect(await ask({ ...send, payload: { verdicts: [long] } })).toMatchObject({
      status: 413,
      json: { type: 'urn:sluice:problem:body-too-large' },
    });
  });
});

describe('questions that were never asked', () => {
  it('are accepted together: as many as they are, they take a few transactions', async () => {
    const { ask, service, little } = await startTestService({ limits: { maxWaiting: 1_000, drainSeconds: 0 } });
    little.fail('plain', { kind: 'hang' });
    const { database } = service;
    const { write } = database;
    let writes = 0;
    Object.assign(database, {
      write: (...given: Parameters<typeof write>) => {
        writes += 1;
        return write(...given);
      },
    });
    const verdicts = Array.from({ length: 300 }, (_, at) => ({ purl: `pkg:npm/plain@9.0.${at}` }));
    const { json } = await ask({ method: 'POST', url: '/v1/verdicts/batch', payload: { verdicts } });
    expect(writes).toBeLessThan(20);
    expect(json.verdicts.map(({ status }: { status: number }) => status)).toEqual(verdicts.map(() => 202));
    expect(await listOpenJobs(database)).toHaveLength(300);
  });
});

describe('questions beyond what may wait', () => {
  it('are refused one by one, and told to come back', async () => {
    const { ask, little } = await startTestService({ limits: { maxWaiting: 1, drainSeconds: 0 } });
    little.fail('plain', { kind: 'hang' });
    const asked = ['1.0.0', '1.0.1'].map((version) => ({ purl: `pkg:npm/plain@${version}` }));
    const { json } = await ask({ method: 'POST', url: '/v1/verdicts/batch', payload: { verdicts: asked } });
    expect(json.verdicts.map(({ status }: { status: number }) => status)).toEqual([202, 503]);
    const alone = await ask('/v1/verdicts?purl=pkg:npm/plain@1.0.1');
    expect(alone).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      json: { type: 'urn:sluice:problem:queue-full' },
    });
  });
});

describe('GET /v1/rules', () => {
  it('tells every rule in its own words, once', async () => {
    const { ask } = await startTestService();
    const { json, headers } = await ask('/v1/rules');
    expect(json.rules.length).toBeGreaterThan(30);
    expect(json.rules[0].incidents.length).toBeGreaterThan(0);
    expect(await ask({ url: '/v1/rules', headers: { 'if-none-match': String(headers['etag']) } })).toMatchObject({
      status: 304,
    });
  });
});
