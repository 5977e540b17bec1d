import { describe, expect, it } from 'vitest';
import { release } from '../cli/make-project.ts';
import { startTestService } from './start-service.ts';

/** 1.1.0 is innocent; 1.2.0 hangs whoever loads it. */
const packages = {
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.1.0': release('exports.one = 1;\nexports.two = 2;\n', { day: 20 }),
      '1.2.0': release('for (;;) {}\n', { day: 61 }),
    },
  },
  '@scope/core': { versions: { '1.0.0': release('exports.one = 1;\n', { day: 1 }) } },
};
const registryOptions = { packages };
const update = '/v1/verdicts?purl=pkg:npm/core@1.1.0&from=1.0.0';
const patient = { prefer: 'wait=30' };

describe('GET /v1/verdicts', () => {
  it('accepts what was never judged, and answers it from the store once it is', async () => {
    const { ask, little } = await startTestService({ registryOptions });
    const first = await ask(update);
    expect(first).toMatchObject({ status: 202, headers: { 'retry-after': '2' }, json: { state: 'waiting' } });
    const waited = await ask({ url: String(first.headers['location']), headers: patient });
    expect(waited).toMatchObject({ status: 200, json: { result: 'allow', subject: { name: 'core', to: '1.1.0' } } });
    const asked = little.requests.length;
    const stored = await ask(update);
    expect(stored.text).toBe(waited.text);
    expect(little.requests.length).toBe(asked);
  });

  it('makes one job of equal questions', async () => {
    const { ask, service, little } = await startTestService({ registryOptions, limits: { drainSeconds: 0 } });
    little.fail('@scope/core', { kind: 'hang' });
    const spellings = ['pkg:npm/%40scope/core@1.0.0', 'pkg:npm/@scope/core@v1.0.0', 'pkg:npm/%40scope/core@%31.0.0'];
    const replies = await Promise.all(spellings.map((purl) => ask(`/v1/verdicts?${new URLSearchParams({ purl })}`)));
    expect(new Set(replies.map(({ json }) => json.job)).size).toBe(1);
    expect(service.jobs.count).toBe(1);
  });

  it('knows by its ETag what the caller has already', async () => {
    const { ask } = await startTestService({ registryOptions });
    await ask({ url: update, headers: patient });
    const { headers } = await ask(update);
    expect(headers['etag']).toMatch(/^"[0-9a-f]{64}"$/);
    const again = await ask({ url: update, headers: { 'if-none-match': `W/"other", ${headers['etag']}` } });
    expect(again).toMatchObject({ status: 304, text: '', headers: { etag: headers['etag'] } });
    expect(await ask({ url: update, headers: { 'if-none-match': '"other"' } })).toMatchObject({ status: 200 });
  });

  it('answers with 200 what is blocked, and finds it by its id', async () => {
    const { ask } = await startTestService({ registryOptions });
    const { json, status } = await ask({ url: '/v1/verdicts?purl=pkg:npm/core@1.2.0&from=1.1.0', headers: patient });
    expect({ status, result: json.result }).toEqual({ status: 200, result: 'block' });
    const found = await ask(`/v1/verdicts/${json.id}`);
    expect(found.json).toEqual(json);
    expect(await ask(`/v1/verdicts/sha256-${'0'.repeat(64)}`)).toMatchObject({ status: 404 });
  });

  it('says that there is no such version, to whoever waited and to whoever asks again', async () => {
    const { ask, little } = await startTestService({ registryOptions });
    const url = '/v1/verdicts?purl=pkg:npm/core@9.9.9&from=1.0.0';
    const waited = await ask({ url, headers: patient });
    expect(waited).toMatchObject({ status: 404, json: { type: 'urn:sluice:problem:version-unknown' } });
    expect(waited.json.detail).toContain('has no version 9.9.9');
    const asked = little.requests.length;
    expect((await ask(url)).json).toEqual(waited.json);
    expect(little.requests.length).toBe(asked);
  });

  it.each([
    ['npm/core@1.1.0', 'it must begin with pkg:npm/'],
    ['pkg:npm/core', 'it names no version'],
    ['pkg:npm/@scope/core', 'it names no version'],
    ['pkg:npm/core@^1.0.0', 'its version must be one exact version'],
    ['pkg:npm/core@latest', 'its version must be one exact version'],
    ['pkg:npm/%40scope%2Fcore@1.0.0', 'at most one slash'],
    ['pkg:npm/..%2F..%2Fetc@1.0.0', 'at most one slash'],
    ['pkg:npm/../core@1.0.0', 'no package of this name'],
    ['pkg:npm/co%00re@1.0.0', 'no package of this name'],
    ['pkg:npm/core%2540x@1.0.0', 'no package of this name'],
    ['pkg:npm/core@1.0.0?vcs=x', 'qualifiers and subpaths'],
    ['pkg:npm/core%E0%A4@1.0.0', 'percent-encoding is broken'],
  ])('refuses %s and says why', async (purl, why) => {
    const { ask, service } = await startTestService({ registryOptions });
    const { status, json } = await ask(`/v1/verdicts?${new URLSearchParams({ purl, from: '1.0.0' })}`);
    expect({ status, type: json.type }).toEqual({ status: 400, type: 'urn:sluice:problem:request-invalid' });
    expect(json.detail).toContain(why);
    expect(service.jobs.count).toBe(0);
  });
});
