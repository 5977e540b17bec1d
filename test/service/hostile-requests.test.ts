/** Requests that are made to spoil something: of every size, depth, slowness and spelling. */
import { describe, expect, it } from 'vitest';
import { query, readRows } from '../../src/store/query.ts';
import { release } from '../cli/make-project.ts';
import { startListening } from './ask-over-http.ts';

const packages = {
  core: { versions: { '1.0.0': release('exports.one = 1;\n', { day: 1 }) } },
  Core: { versions: { '1.0.0': release('exports.other = 1;\n', { day: 1 }) } },
};
const refused = (code: string) => ({ json: { type: `urn:sluice:problem:${code}` } });
const post = (path: string, body: unknown) => ({ method: 'POST', path, body });
const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const batch = '/v1/verdicts/batch';

describe('a body', () => {
  it('that is larger than what is taken is refused before it is read, with or without its length', async () => {
    const { askOverHttp, sendBytes } = await startListening({
      limits: { maxBatchBytes: 10_000, maxCheckBytes: 20_000 },
    });
    for (const [path, bytes] of [
      [batch, 10_001],
      ['/v1/checks', 20_001],
      ['/v1/approvals', 10_001],
    ] as const) {
      expect(await askOverHttp(post(path, ' '.repeat(bytes)))).toMatchObject({
        status: 413,
        ...refused('body-too-large'),
      });
    }
    const head = `POST ${batch} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n`;
    const chunk = `${(1_000).toString(16)}\r\n${' '.repeat(1_000)}\r\n`;
    const streamed = await sendBytes([
      `${head}transfer-encoding: chunked\r\nconnection: close\r\n\r\n`,
      chunk.repeat(12),
    ]);
    expect(streamed).toMatch(/^HTTP\/1\.1 413 /);
    const claimed = await sendBytes([`${head}content-length: 99999999999\r\nconnection: close\r\n\r\n{`]);
    expect(claimed).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('that is nested as deep as there is room for costs nothing', async () => {
    const { askOverHttp } = await startListening({ registryOptions: { packages } });
    for (const [path, depth] of [
      [batch, 400_000],
      ['/v1/checks', 5_000_000],
      ['/v1/approvals', 400_000],
    ] as const) {
      expect(await askOverHttp(post(path, nest(depth)))).toMatchObject({ status: 400, ...refused('request-invalid') });
    }
    const within = post(batch, `{"verdicts":[{"purl":${nest(400_000)}}]}`);
    expect(await askOverHttp(within)).toMatchObject({ status: 400, ...refused('request-invalid') });
    expect((await askOverHttp('/v1/verdicts?purl=nonsense')).status).toBe(400);
  });

  it('with a lockfile or policy that is nested so fails its own check, with a reason', async () => {
    const { askOverHttp, ask, service } = await startListening({ registryOptions: { packages } });
    const after = { lockfile: { path: 'package-lock.json', text: nest(4_000_000) }, files: {} };
    const { json } = await askOverHttp(post('/v1/checks', { before: null, after }));
    const failed = await ask({ url: json.location, headers: { prefer: 'wait=30' } });
    expect(failed.json).toMatchObject({ state: 'failed', problem: { status: 422 } });
    const policy = post('/v1/checks', { before: null, after, policy: nest(400_000) });
    expect(await askOverHttp(policy)).toMatchObject({ status: 422, ...refused('policy-invalid') });
    expect(service.jobs.count).toBe(0);
  });

  it.each([
    ['__proto__', '{"__proto__":{"verdicts":[]}}'],
    ['__proto__ in an entry', '{"verdicts":[{"__proto__":{"from":"1.0.0"},"purl":"pkg:npm/core@1.0.0"}]}'],
    [
      'constructor.prototype',
      '{"verdicts":[{"constructor":{"prototype":{"from":"1.0.0"}},"purl":"pkg:npm/core@1.0.0"}]}',
    ],
  ])('with %s is refused, and nothing inherits it', async (_, body) => {
    const { askOverHttp } = await startListening();
    expect(await askOverHttp(post(batch, body))).toMatchObject({ status: 400, ...refused('request-invalid') });
    expect('from' in {}).toBe(false);
  });

  it('with files by the names of what every object has are files', async () => {
    const { askOverHttp, ask } = await startListening({ registryOptions: { packages } });
    const files = JSON.parse('{"constructor":"x","toString":"x","hasOwnProperty":"x"}');
    const after = { lockfile: { path: 'package-lock.json', text: '{' }, files };
    const { status, json } = await askOverHttp(post('/v1/checks', { before: null, after }));
    expect(status).toBe(202);
    expect((await ask({ url: json.location, headers: { prefer: 'wait=30' } })).json.problem.status).toBe(422);
  });

  it.each(['not json', '"text"', 'null', '[]', '{"verdicts":{}}', '\ufeff', '\u0000'])(
    'of %j is refused',
    async (body) => {
      const { askOverHttp } = await startListening();
      expect(await askOverHttp(post(batch, body))).toMatchObject({ status: 400, ...refused('request-invalid') });
    },
  );
});

describe('a slow caller', () => {
  const limits = { requestSeconds: 2 };
  const line = 'GET /v1/rules HTTP/1.1\r\nhost: localhost\r\n';
  const head = `POST ${batch} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n`;
  const drip = (text: string) => [...text.padEnd(400, 'x')];

  it.each([
    ['its headers', [...drip(`${line}x-slow: `)]],
    ['its body', [head, ...drip('{"verdicts":')]],
    ['nothing at all after its first byte', ['G']],
  ])('that sends %s is cut off, and the others are answered meanwhile', async (_, pieces) => {
    const { sendBytes, askOverHttp } = await startListening({ limits });
    const cut = Promise.all([1, 2, 3].map(() => sendBytes(pieces, 20)));
    expect((await askOverHttp('/v1/rules')).status).toBe(200);
    for (const answer of await cut) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('the first line and the headers', () => {
  it('that are too long are refused', async () => {
    const { askOverHttp } = await startListening();
    const long = 'x'.repeat(17_000);
    expect((await askOverHttp({ path: '/v1/rules', headers: { 'x-long': long } })).status).toBe(431);
    expect((await askOverHttp(`/v1/verdicts?purl=${long}`)).status).toBe(431);
  });

  it.each([
    ['a bare line feed within a value', 'GET /v1/rules HTTP/1.1\r\nhost: localhost\r\nx: a\nb\r\n\r\n'],
    ['two lengths', `POST ${batch} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}`],
    [
      'a length and chunks',
      `POST ${batch} HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n`,
    ],
    ['a space before the colon', 'GET /v1/rules HTTP/1.1\r\nhost: localhost\r\nx : 1\r\n\r\n'],
    ['no host', 'GET /v1/rules HTTP/1.1\r\n\r\n'],
    ['what is no HTTP', '\u0016\u0003\u0001\r\n\r\n'],
  ])('with %s are refused, and nothing that follows is read', async (_, bytes) => {
    const { sendBytes } = await startListening();
    const answer = await sendBytes([`${bytes}GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).not.toContain('alive');
  });

  it('write no header of an answer', async () => {
    const { askOverHttp } = await startListening({ registryOptions: { packages } });
    const crlf = '%0d%0aset-cookie:%20stolen=1';
    for (const path of [
      `/v1/verdicts?purl=pkg:npm/core@1.0.0${crlf}`,
      `/v1/verdicts?purl=pkg:npm/core@1.0.0&from=1.0.0${crlf}`,
      `/v1/checks/${crlf}`,
      `/${crlf}`,
      `/v1/approvals?name=${crlf}`,
    ]) {
      const { headers } = await askOverHttp(path);
      expect(headers['set-cookie']).toBeUndefined();
    }
    for (const prefer of ['wait=99999999999', 'wait=-1', 'wait=1e9', 'wait=__proto__', 'respond-async, wait']) {
      const { status, headers } = await askOverHttp({
        path: '/v1/verdicts?purl=pkg:npm/core@9.9.9',
        headers: { prefer },
      });
      expect([prefer, status]).toEqual([prefer, expect.toBeOneOf([202, 404])]);
      expect(String(headers['preference-applied'] ?? '')).toMatch(/^(?:wait=\d{1,2})?$/);
    }
  });

  it('with a method that does not fit name the ones that do', async () => {
    const { askOverHttp } = await startListening();
    for (const method of ['PUT', 'PATCH', 'TRACE', 'DELETE']) {
      const { status, headers } = await askOverHttp({ method, path: '/v1/checks' });
      expect([method, status, headers['allow']]).toEqual([method, 405, 'POST']);
    }
  });
});

describe('a path', () => {
  it.each([
    '/v1/../../etc/passwd',
    '/docs/../../../../etc/passwd',
    '/docs/static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
    '/docs/static/%2e%2e/%2e%2e/package.json',
    '/docs/static/..%5c..%5cpackage.json',
    '//elsewhere.invalid/v1/rules',
    '/v1/checks/%2e%2e',
    '/v1/checks/..%2fapprovals',
    '/v1/checks/%00',
    '/v1/verdicts/%E0%A4',
    '/V1/rules',
    '/v1/rules/',
  ])('like %s leads nowhere', async (path) => {
    const { sendBytes } = await startListening();
    const answer = await sendBytes([`GET ${path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`]);
    expect(answer).toMatch(/^HTTP\/1\.1 40[034] /);
    expect(answer).not.toMatch(/root:|"version"/);
  });
});

describe('a text that reads as SQL', () => {
  const words = ["'; DROP TABLE answers; --", "' OR '1'='1", '" OR ""="', '%', "x'00'", '$1', '?', ':1', '@1'];

  it.each(words)('is only a text: %s', async (word) => {
    const { askOverHttp, service } = await startListening({ registryOptions: { packages } });
    const query_ = encodeURIComponent(word);
    expect((await askOverHttp(`/v1/approvals?name=${query_}`)).json).toEqual({ approvals: [], next: null });
    for (const path of [`/v1/approvals?cursor=${query_}`, `/v1/checks/${query_}`, `/v1/verdicts/${query_}`]) {
      expect((await askOverHttp(path)).status).toBe(400);
    }
    expect((await askOverHttp(`/v1/verdicts?purl=pkg:npm/${query_}@1.0.0`)).status).toBe(400);
    const wish = {
      purl: 'pkg:npm/core@1.0.0',
      integrity: `sha512-${'A'.repeat(86)}==`,
      rule: 'endless-loop-at-load',
      reason: word,
      expires: '2999-12-31',
    };
    const given = await askOverHttp({
      ...post('/v1/approvals', wish),
      headers: { 'idempotency-key': word.replaceAll(' ', '_') },
    });
    expect(given).toMatchObject({ status: 201, json: { reason: word } });
    const kept = await readRows(service.database, query.selectFrom('approvals').select('reason'));
    expect(kept).toEqual([{ reason: word }]);
  });
});
