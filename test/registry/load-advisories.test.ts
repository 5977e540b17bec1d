import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../support/registry.ts';
import { connect, startLittle } from './connect.ts';

const bulk = '/-/npm/v1/security/advisories/bulk';
const plain = new Map([['plain', ['1.0.0', '1.0.1']]]);

/** As npm's endpoint writes one. */
function advise(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 1_000_001,
    url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
    title: 'Regular expression takes exponential time in plain',
    severity: 'moderate',
    vulnerable_versions: '<1.0.1',
    cwe: ['CWE-1333'],
    cvss: { score: 5.3, vectorString: null },
    ...fields,
  };
}

describe('advisories', () => {
  it('are asked for once, for all names with their versions, gzipped as npm does', async () => {
    const { registry, little } = await connect({ advisories: { plain: [advise()] } });
    const facts = await registry.loadAdvisories(new Map([...plain, ['@scope/name', ['2.0.0']]]));
    expect(facts).toEqual(
      new Map([
        [
          'plain',
          {
            known: true,
            value: [
              {
                id: '1000001',
                title: 'Regular expression takes exponential time in plain',
                url: 'https://advisories.example/GHSA-aaaa-bbbb-cccc',
                severity: 'moderate',
                isMalware: false,
                vulnerableVersions: '<1.0.1',
              },
            ],
          },
        ],
        ['@scope/name', { known: true, value: [] }],
      ]),
    );
    expect(little.requests).toMatchObject([
      {
        method: 'POST',
        path: bulk,
        headers: { 'content-encoding': 'gzip', 'content-type': 'application/json' },
        body: { plain: ['1.0.0', '1.0.1'], '@scope/name': ['2.0.0'] },
      },
    ]);
  });

  it('are asked for at each registry by its own names, and one that fails takes nothing from the others', async () => {
    const scoped = await startLittle();
    scoped.fail(bulk, { kind: 'status', status: 404 });
    const { registry, little } = await connect(
      { advisories: { plain: [advise()] } },
      { npmrc: `@scope:registry=${scoped.url}\n` },
    );
    const facts = await registry.loadAdvisories(new Map([...plain, ['@scope/name', ['2.0.0']]]));
    expect(facts.get('plain')).toMatchObject({ known: true, value: [{ id: '1000001' }] });
    expect(facts.get('@scope/name')).toMatchObject({ known: false, why: 'not-served' });
    expect(little.requests.map(({ body }) => body)).toEqual([{ plain: ['1.0.0', '1.0.1'] }]);
  });

  it.each<[string, boolean, Record<string, unknown>]>([
    ['the weakness of malicious code', true, { cwe: ['CWE-506'] }],
    ['that weakness as a text', true, { cwe: 'CWE-506' }],
    ['malware in its title', true, { title: 'Malware in plain', cwe: [] }],
    ['a takeover in its title', true, { title: 'plain@1.0.1 contains malware after npm account takeover', cwe: [] }],
    ['an old title', true, { title: 'Malicious Package', cwe: undefined }],
    ['code that an attacker brings', false, { title: 'plain lets users run malicious code', cwe: ['CWE-94'] }],
    ['a weakness whose number begins alike', false, { cwe: ['CWE-5061'] }],
  ])('with %s are about malware: %j', async (_, isMalware, fields) => {
    const { registry } = await connect({ advisories: { plain: [advise(fields)] } });
    expect((await registry.loadAdvisories(plain)).get('plain')).toMatchObject({ known: true, value: [{ isMalware }] });
  });

  it('without severity count as high, and without range hold for every version, as for npm', async () => {
    const vague = advise({
      severity: 'dreadful',
      vulnerable_versions: undefined,
      title: undefined,
      url: 'javascript:0',
    });
    const { registry } = await connect({ advisories: { plain: [vague] } });
    expect((await registry.loadAdvisories(plain)).get('plain')).toMatchObject({
      value: [{ severity: 'high', vulnerableVersions: '*', title: '', url: '' }],
    });
  });

  it.each<[string, readonly unknown[]]>([
    ['is no object', [advise(), 'text']],
    ['has a range that is no text', [advise({ vulnerable_versions: ['*'] })]],
    ['has a range longer than anybody writes', [advise({ vulnerable_versions: '1 || '.repeat(1_000) })]],
    ['has no id', [advise({ id: undefined })]],
  ])('of which one %s are not known: it might be the one that matters', async (_, entries) => {
    const { registry } = await connect({ advisories: { plain: entries } });
    expect((await registry.loadAdvisories(plain)).get('plain')).toMatchObject({ known: false, why: 'malformed' });
  });

  it('have titles of a length that a person reads', async () => {
    const { registry } = await connect({ advisories: { plain: [advise({ title: 'x'.repeat(100_000) })] } });
    const fact = (await registry.loadAdvisories(plain)).get('plain');
    expect(fact?.known && fact.value.map(({ title }) => title.length)).toEqual([300]);
  });

  it.each(['__proto__', 'constructor', 'toString'])('of a package that is called %s are its own', async (name) => {
    const { registry, little } = await connect();
    const body = `{"${name}":[${JSON.stringify(advise())}]}`;
    little.fail(bulk, { kind: 'body', body });
    const facts = await registry.loadAdvisories(new Map([...plain, [name, ['1.0.0']]]));
    expect(facts.get(name)).toMatchObject({ known: true, value: [{ id: '1000001' }] });
    expect(facts.get('plain')).toEqual({ known: true, value: [] });
  });

  it('of what is no package name are not asked for', async () => {
    const { registry, little } = await connect();
    const facts = await registry.loadAdvisories(new Map([['../x', ['1.0.0']]]));
    expect(facts.get('../x')).toMatchObject({ known: false, why: 'not-found' });
    expect(little.requests).toEqual([]);
  });

  it('of nothing are nothing, and nobody is asked', async () => {
    const { registry, little } = await connect();
    expect(await registry.loadAdvisories(new Map())).toEqual(new Map());
    expect(little.requests).toEqual([]);
  });

  it('are unknown offline', async () => {
    const { again, little } = await connect({ advisories: { plain: [advise()] } });
    const facts = await again({ offline: true }).loadAdvisories(plain);
    expect(facts.get('plain')).toMatchObject({ known: false, why: 'offline' });
    expect(little.requests).toEqual([]);
  });
});

describe('the same question a moment later', () => {
  afterEach(() => void vi.useRealTimers());
  const minutes = (count: number) =>
    vi.useFakeTimers({ toFake: ['Date'], now: new Date(2026, 0, 1, 12, count).getTime() });

  it('has the answer that was given, until registries would let a packument grow old', async () => {
    minutes(0);
    const { registry, again, little } = await connect({ advisories: { plain: [advise()] } });
    const first = await registry.loadAdvisories(plain);
    minutes(4);
    expect(await again().loadAdvisories(plain)).toEqual(first);
    expect(little.requests).toHaveLength(1);
    minutes(6);
    expect(await again().loadAdvisories(plain)).toEqual(first);
    expect(little.requests).toHaveLength(2);
  });

  it('is asked where another version takes part, where the newest is wanted, and by a clock that was set back', async () => {
    minutes(30);
    const { registry, again, little } = await connect({ advisories: { plain: [advise()] } });
    await registry.loadAdvisories(plain);
    await again().loadAdvisories(new Map([['plain', ['1.0.1']]]));
    await again({ preferOnline: true }).loadAdvisories(plain);
    minutes(0);
    await again().loadAdvisories(plain);
    expect(little.requests).toHaveLength(4);
  });

  it.each([
    ['has no list', 404, 1],
    ['failed', 500, 6],
  ])('of a registry that %s is as unknown as before', async (_, status, requests) => {
    const { registry, again, little } = await connect();
    little.fail(bulk, { kind: 'status', status });
    for (const one of [registry, again()])
      expect((await one.loadAdvisories(plain)).get('plain')).toMatchObject({ known: false });
    expect(little.requests).toHaveLength(requests);
  });
});

describe('a registry that has no advisories to give', () => {
  it.each<[string, Fault, { why: string; requests: number }]>([
    ['404', { kind: 'status', status: 404 }, { why: 'not-served', requests: 1 }],
    ['405', { kind: 'status', status: 405 }, { why: 'not-served', requests: 1 }],
    ['501', { kind: 'status', status: 501 }, { why: 'not-served', requests: 1 }],
    ['HTML', { kind: 'body', body: '<html>' }, { why: 'not-served', requests: 1 }],
    ['a list', { kind: 'body', body: '[]' }, { why: 'not-served', requests: 1 }],
    ['500', { kind: 'status', status: 500 }, { why: 'unreachable', requests: 3 }],
    ['429', { kind: 'status', status: 429 }, { why: 'rate-limited', requests: 3 }],
    ['401', { kind: 'status', status: 401 }, { why: 'unauthorized', requests: 1 }],
    ['an answer cut short', { kind: 'reset', after: 'headers' }, { why: 'unreachable', requests: 3 }],
    ['bytes without end', { kind: 'endless' }, { why: 'too-large', requests: 1 }],
  ])('because it answers with %s is said to have none', async (_, fault, { why, requests }) => {
    const { registry, little } = await connect({}, { limits: { maxAdvisoryBytes: 1_000_000 } });
    little.fail(bulk, fault);
    expect((await registry.loadAdvisories(plain)).get('plain')).toMatchObject({ known: false, why });
    expect(little.requests).toHaveLength(requests);
  });

  it('but sends elsewhere is not followed: the names were meant for it alone', async () => {
    const elsewhere = await startLittle();
    const { registry, little } = await connect();
    little.fail(bulk, { kind: 'redirect', to: elsewhere.url + bulk.slice(1) });
    expect((await registry.loadAdvisories(plain)).get('plain')).toMatchObject({ known: false, why: 'not-served' });
    expect(elsewhere.requests).toEqual([]);
  });
});
