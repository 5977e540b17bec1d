/** Who gets in: every route of the service, as the service itself lists them, asked with every wrong sort of token. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../src/model/manifest.ts';
import type { Scope } from '../../src/store/make-token.ts';
import { type ListeningService, startListening } from './ask-over-http.ts';

const someId = '0'.repeat(32);
/** What each operation takes; one that is missing here fails the first test. */
const scopeOf: Readonly<Record<string, Scope | 'nothing'>> = {
  'get /healthz': 'nothing',
  'get /readyz': 'nothing',
  'get /metrics': 'read',
  'get /v1/verdicts': 'read',
  'get /v1/verdicts/{id}': 'read',
  'post /v1/verdicts/batch': 'read',
  'query /v1/verdicts': 'read',
  'post /v1/checks': 'check',
  'get /v1/checks/{id}': 'read',
  'get /v1/checks/{id}/events': 'read',
  'get /v1/checks/{id}/report': 'read',
  'get /v1/rules': 'read',
  'get /v1/findings': 'read',
  'post /v1/approvals': 'approve',
  'get /v1/approvals': 'read',
  'get /v1/approvals/{id}': 'read',
  'delete /v1/approvals/{id}': 'approve',
};
const guarded = Object.entries(scopeOf).filter(([, scope]) => scope !== 'nothing');

const askAs = ({ askOverHttp }: ListeningService, operation: string, authorization: string | undefined) => {
  const [method = '', path = ''] = operation.split(' ');
  const body = ['post', 'query'].includes(method) ? { body: {} } : {};
  const headers = authorization === undefined ? {} : { authorization };
  return askOverHttp({ method: method.toUpperCase(), path: path.replace('{id}', someId), headers, ...body });
};

/** The last character counts only in part: another one of another meaning. */
const otherSecret = (token: string): string =>
  `${token.slice(0, -10)}${token.at(-10) === 'A' ? 'B' : 'A'}${token.slice(-9)}`;

describe('every operation', () => {
  it('of the document has its scope in this table, and every route of the server is in it', async () => {
    const { paths } = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(isRecord(operations) ? operations : {}).map((method) => `${method} ${path}`),
    );
    const { listRoutes } = await startListening();
    const routes = listRoutes().filter((route) => !/ \/docs(?:\/|$)/.test(route));
    const heads = Object.keys(scopeOf).flatMap(
      (operation) => operation.replace(/^get /, 'head ').match(/^head .*/) ?? [],
    );
    expect(routes.toSorted()).toEqual([...Object.keys(scopeOf), ...heads].toSorted());
    expect([...described, 'query /v1/verdicts'].toSorted()).toEqual(Object.keys(scopeOf).toSorted());
  });

  it('refuses who has no token, a wrong one, a revoked one and one that does not suffice', async () => {
    const service = await startListening();
    const tokens: Readonly<Record<Scope, string>> = {
      read: await service.giveToken('read'),
      check: await service.giveToken('check'),
      approve: await service.giveToken('approve'),
    };
    const wrong: readonly [string | undefined, string][] = [
      [undefined, 'token-missing'],
      ['', 'token-invalid'],
      ['Bearer', 'token-invalid'],
      [tokens.read, 'token-invalid'],
      [`Basic ${Buffer.from(`x:${tokens.read}`).toString('base64')}`, 'token-invalid'],
      [`Bearer ${otherSecret(tokens.read)}`, 'token-invalid'],
      [`Bearer ${tokens.read}, Bearer ${tokens.check}`, 'token-invalid'],
      [`Bearer sluice_${'0'.repeat(32)}_${'A'.repeat(43)}`, 'token-invalid'],
      [`Bearer ${'x'.repeat(8_000)}`, 'token-invalid'],
    ];
    for (const [operation, scope] of guarded) {
      if (operation.startsWith('get ')) {
        expect((await askAs(service, operation.replace('get ', 'head '), undefined)).status).toBe(401);
      }
      for (const [authorization, code] of wrong) {
        const { status, json, headers } = await askAs(service, operation, authorization);
        expect({ operation, authorization, status, type: json.type }).toEqual({
          operation,
          authorization,
          status: 401,
          type: `urn:sluice:problem:${code}`,
        });
        expect(headers['www-authenticate']).toMatch(/^Bearer /);
      }
      for (const [other, token] of Object.entries(tokens)) {
        const { status, json } = await askAs(service, operation, `Bearer ${token}`);
        if (other === scope) expect([operation, status]).not.toEqual([operation, expect.toBeOneOf([401, 403, 500])]);
        else expect([operation, status, json.type]).toEqual([operation, 403, 'urn:sluice:problem:scope-missing']);
      }
    }
  });

  it('that needs no token tells nothing but that it is there', async () => {
    const service = await startListening();
    await service.giveToken('read');
    for (const path of ['/healthz', '/readyz']) {
      expect(Object.keys((await service.askOverHttp(path)).json)).toEqual(['status']);
    }
  });
});

describe('work that a reader asks for', () => {
  it('is not taken, one by one or in a batch', async () => {
    const service = await startListening();
    const headers = { authorization: `Bearer ${await service.giveToken('read')}` };
    const purl = 'pkg:npm/plain@1.0.1';
    expect((await service.askOverHttp({ path: `/v1/verdicts?purl=${purl}`, headers })).status).toBe(403);
    for (const [method, path] of [
      ['POST', '/v1/verdicts/batch'],
      ['QUERY', '/v1/verdicts'],
    ] as const) {
      const { json } = await service.askOverHttp({ method, path, headers, body: { verdicts: [{ purl }] } });
      expect(json.verdicts).toMatchObject([{ status: 403 }]);
    }
    expect(service.service.jobs.count).toBe(0);
  });
});

describe('wrong tokens', () => {
  it('are one caller, however many are tried', async () => {
    const service = await startListening({ limits: { requestsPerMinute: 5 } });
    const good = await service.giveToken('read');
    const statuses: number[] = [];
    for (let turn = 0; turn < 8; turn += 1) {
      const authorization = `Bearer sluice_${turn.toString(16).repeat(32)}_${'A'.repeat(43)}`;
      statuses.push((await service.askOverHttp({ path: '/v1/rules', headers: { authorization } })).status);
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    const authorization = `Bearer ${good}`;
    expect((await service.askOverHttp({ path: '/v1/rules', headers: { authorization } })).status).toBe(200);
  });
});

describe('a page in a browser', () => {
  const origin = 'https://elsewhere.invalid';

  it('elsewhere is told nothing of an answer, and sends nothing that is taken', async () => {
    const { askOverHttp, service } = await startListening();
    const asked = await askOverHttp({ path: '/v1/rules', headers: { origin } });
    expect(Object.keys(asked.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    const preflight = await askOverHttp({
      method: 'OPTIONS',
      path: '/v1/checks',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    expect(preflight.status).toBe(405);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    // What a form can send without being asked whether it may.
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const body = JSON.stringify({ verdicts: [{ purl: 'pkg:npm/plain@1.0.1' }] });
      const headers = { origin, 'content-type': type };
      expect((await askOverHttp({ method: 'POST', path: '/v1/verdicts/batch', headers, body })).status).toBe(415);
    }
    expect(service.jobs.count).toBe(0);
  });

  it.each([
    'elsewhere.invalid',
    'localhost.elsewhere.invalid',
    '127.0.0.1.elsewhere.invalid',
    'localhost@elsewhere.invalid',
  ])('whose name is made to mean this machine is refused as %s', async (host) => {
    const { askOverHttp } = await startListening();
    const { status, json } = await askOverHttp({ path: '/v1/rules', headers: { host } });
    expect({ status, type: json.type }).toEqual({ status: 403, type: 'urn:sluice:problem:host-refused' });
  });
});
