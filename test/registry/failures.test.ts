import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createRegistry } from '../../src/registry/registry.ts';
import type { Fault } from '../support/registry.ts';
import { connect, loadConfigIn, quickLimits, startLittle } from './connect.ts';

const tarball = '/plain/-/plain-1.0.1.tgz';

describe('a registry that does not answer as it should', () => {
  const cases: readonly [string, Fault, { why: string; detail: RegExp; requests: number }][] = [
    ['404', { kind: 'status', status: 404 }, { why: 'not-found', detail: /answered 404 \(fault 404\)/, requests: 1 }],
    ['401', { kind: 'status', status: 401 }, { why: 'unauthorized', detail: /answered 401/, requests: 1 }],
    ['403', { kind: 'status', status: 403 }, { why: 'unauthorized', detail: /answered 403/, requests: 1 }],
    ['418', { kind: 'status', status: 418 }, { why: 'malformed', detail: /answered 418/, requests: 1 }],
    ['429', { kind: 'status', status: 429 }, { why: 'rate-limited', detail: /answered 429/, requests: 3 }],
    ['500', { kind: 'status', status: 500 }, { why: 'unreachable', detail: /answered 500/, requests: 3 }],
    ['304 unasked', { kind: 'status', status: 304 }, { why: 'malformed', detail: /answered 304/, requests: 1 }],
    ['a reset', { kind: 'reset' }, { why: 'unreachable', detail: /broke off \(ECONNRESET\)/, requests: 3 }],
    ['a reset midway', { kind: 'reset', after: 'headers' }, { why: 'unreachable', detail: /broke off/, requests: 3 }],
    [
      'HTML',
      { kind: 'body', body: '<html>' },
      { why: 'malformed', detail: /no JSON: it begins with "<html>"/, requests: 1 },
    ],
    ['cut JSON', { kind: 'body', body: '{"name":' }, { why: 'malformed', detail: /no JSON/, requests: 1 }],
    ['nothing', { kind: 'body', body: '' }, { why: 'malformed', detail: /no JSON/, requests: 1 }],
    [
      'another document',
      { kind: 'body', body: '{"name":"x","versions":{}}' },
      { why: 'malformed', detail: /another package/, requests: 1 },
    ],
    ['cut gzip', { kind: 'truncated' }, { why: 'unreachable', detail: /cut short/, requests: 3 }],
    [
      'no gzip',
      { kind: 'body', body: 'plain', headers: { 'content-encoding': 'gzip' } },
      { why: 'malformed', detail: /no valid gzip/, requests: 1 },
    ],
  ];

  it.each(cases)('gives a reason and a sentence for %s', async (_, fault, { why, detail, requests }) => {
    const { registry, little } = await connect();
    little.fail('plain', fault);
    const fact = await registry.loadPackument('plain');
    expect(fact).toMatchObject({ known: false, why, detail: expect.stringMatching(detail) });
    expect(fact).toMatchObject({ detail: expect.stringContaining('the packument of plain') });
    expect(little.requests).toHaveLength(requests);
  });

  it.each(cases.filter(([, fault]) => fault.kind === 'status' || fault.kind === 'reset'))(
    'gives the same reason for %s in place of a tarball',
    async (_, fault, { why }) => {
      const { registry, little } = await connect();
      little.fail(tarball, fault);
      const fact = await registry.loadTarball('plain', '1.0.1');
      expect(fact).toMatchObject({ known: false, why, detail: expect.stringContaining('the tarball of plain@1.0.1') });
    },
  );

  it.each<[string, Fault]>([
    ['429', { kind: 'status', status: 429, headers: { 'retry-after': '0' } }],
    ['503', { kind: 'status', status: 503 }],
    ['a reset', { kind: 'reset', after: 'headers' }],
    ['cut gzip', { kind: 'truncated' }],
    ['silence', { kind: 'hang' }],
  ])('is asked again after %s, and then answers', async (_, fault) => {
    const { registry, little } = await connect({}, { limits: { idleMs: 100 } });
    little.fail('/plain', fault, 2);
    expect(await registry.loadPackument('plain')).toMatchObject({ known: true });
    expect(little.requests).toHaveLength(3);
  });

  it('forgets a failure: the next question may fare better', async () => {
    const { registry, little } = await connect();
    little.fail('plain', { kind: 'status', status: 404 }, 1);
    expect(await registry.loadPackument('plain')).toMatchObject({ known: false });
    expect(await registry.loadPackument('plain')).toMatchObject({ known: true });
  });

  it('and refuses the connection is unreachable', async () => {
    const { registry, little } = await connect();
    await little.close();
    expect(await registry.loadPackument('plain')).toMatchObject({
      why: 'unreachable',
      detail: expect.stringContaining('it refuses the connection (ECONNREFUSED)'),
    });
  });
});

describe('patience', () => {
  it('waits as long as Retry-After says', async () => {
    const { registry, little } = await connect();
    little.fail('plain', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }, 1);
    const start = performance.now();
    expect(await registry.loadPackument('plain')).toMatchObject({ known: true });
    expect(performance.now() - start).toBeGreaterThanOrEqual(990);
  });

  it.each(['3600', 'Fri, 31 Dec 9999 23:59:59 GMT'])('does not wait when Retry-After says %s', async (value) => {
    const { registry, little } = await connect();
    little.fail('plain', { kind: 'status', status: 429, headers: { 'retry-after': value } });
    expect(await registry.loadPackument('plain')).toMatchObject({ known: false, why: 'rate-limited' });
    expect(little.requests).toHaveLength(1);
  });

  it.each<[string, Fault]>([
    ['before its answer', { kind: 'hang' }],
    ['within its answer', { kind: 'hang', after: 'headers' }],
  ])('ends when the server falls silent %s', async (_, fault) => {
    const { registry, little } = await connect({}, { limits: { idleMs: 100, retries: 0 } });
    little.fail('plain', fault);
    expect(await registry.loadPackument('plain')).toMatchObject({
      why: 'unreachable',
      detail: expect.stringContaining('it was silent for 0.1 s'),
    });
  });

  it('ends at the deadline, whatever was tried', async () => {
    const { registry, little } = await connect({}, { limits: { idleMs: 60_000, timeoutMs: 150 } });
    little.fail('plain', { kind: 'hang', after: 'headers' });
    expect(await registry.loadPackument('plain')).toMatchObject({
      why: 'unreachable',
      detail: expect.stringContaining('it took too long'),
    });
  });

  it('is kept with a server that is slow, as long as it goes on', async () => {
    const { registry, little } = await connect({}, { limits: { idleMs: 200 } });
    little.fail('/plain', { kind: 'slow', delayMs: 50 });
    little.fail(tarball, { kind: 'drip', pieces: 8, delayMs: 50 });
    expect(await registry.loadTarball('plain', '1.0.1')).toMatchObject({ known: true });
  });

  it('keeps to eight requests at a time', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `many-${index}`);
    const { registry, little } = await connect({
      packages: Object.fromEntries(names.map((name) => [name, { versions: { '1.0.0': {} } }])),
    });
    for (const name of names) little.fail(name, { kind: 'slow', delayMs: 20 });
    const facts = await Promise.all(names.map((name) => registry.loadTarball(name, '1.0.0')));
    expect(facts.every(({ known }) => known)).toBe(true);
    expect(little.mostAtOnce).toBe(8);
  });

  it('keeps to eight requests at a time over all registries', async () => {
    const names = Array.from({ length: 30 }, (_, index) =>
      index % 2 === 0 ? `many-${index}` : `@scope/many-${index}`,
    );
    const packages = Object.fromEntries(names.map((name) => [name, { versions: { '1.0.0': {} } }]));
    const scoped = await startLittle({ packages });
    const { registry, little } = await connect({ packages }, { npmrc: `@scope:registry=${scoped.url}\n` });
    for (const name of names) for (const one of [little, scoped]) one.fail(name, { kind: 'slow', delayMs: 20 });
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, little.atOnce + scoped.atOnce);
    }, 1);
    await Promise.all(names.map((name) => registry.loadPackument(name)));
    clearInterval(watch);
    expect(most).toBe(8);
  });
});

describe('size', () => {
  it('of a packument is bounded after decompression, and 20 MB are not too many', async () => {
    const { registry, again, little } = await connect();
    little.fail('plain', { kind: 'padded', bytes: 20_000_000 });
    expect(await again({}, { maxPackumentBytes: 19_000_000 }).loadPackument('plain')).toMatchObject({
      why: 'too-large',
      detail: expect.stringContaining('more than 19 MB'),
    });
    expect(await registry.loadPackument('plain')).toMatchObject({ known: true });
    // What is cached is bounded too.
    const offline = again({ offline: true }, { maxPackumentBytes: 19_000_000 });
    expect(await offline.loadPackument('plain')).toMatchObject({ known: false, why: 'offline' });
  });

  it('of a tarball is bounded, and its connection is given up', async () => {
    const { registry, little } = await connect({}, { limits: { maxTarballBytes: 1_000_000 } });
    little.fail(tarball, { kind: 'endless' });
    expect(await registry.loadTarball('plain', '1.0.1')).toMatchObject({
      why: 'too-large',
      detail: expect.stringContaining('more than 1 MB when asked for the tarball of plain@1.0.1'),
    });
    await expect.poll(() => little.atOnce).toBe(0);
  });

  it("of an error's body does not matter", async () => {
    const { registry, little } = await connect();
    little.fail('plain', { kind: 'status', status: 404, body: 'x'.repeat(1_000_000) });
    expect(await registry.loadPackument('plain')).toMatchObject({ known: false, why: 'not-found' });
  });
});

describe('credentials', () => {
  const privatePackage = { '@scope/name': { versions: { '1.0.0': {} } } };
  const npmrcFor = (url: string, token: string) => `//${new URL(url).host}/:_authToken=${token}\n`;

  it('that are missing are named when a scoped package is not there', async () => {
    const { registry } = await connect({ packages: privatePackage, token: 'secret' });
    expect(await registry.loadPackument('@scope/name')).toMatchObject({
      known: false,
      why: 'unauthorized',
      detail: expect.stringContaining('no credentials for 127.0.0.1'),
    });
  });

  it('that are there make a missing scoped package a missing package', async () => {
    const scoped = await startLittle({ packages: {} });
    const npmrc = `@scope:registry=${scoped.url}\n${npmrcFor(scoped.url, 'secret')}`;
    const { registry } = await connect({}, { npmrc });
    expect(await registry.loadPackument('@scope/name')).toMatchObject({ known: false, why: 'not-found' });
  });

  it('do not follow a redirect to another origin, not even on the same host', async () => {
    const elsewhere = await startLittle({ packages: privatePackage });
    const scoped = await startLittle({ packages: privatePackage, token: 'secret' });
    // Not even with what we hold for that other origin: nobody asked us to go there.
    const tokens = `${npmrcFor(scoped.url, 'secret')}${npmrcFor(elsewhere.url, 'other')}`;
    const { registry } = await connect({}, { npmrc: `@scope:registry=${scoped.url}\n${tokens}` });
    const path = '@scope/name/-/name-1.0.0.tgz';
    scoped.fail(`/${path}`, { kind: 'redirect', to: elsewhere.url + path });
    expect(await registry.loadTarball('@scope/name', '1.0.0')).toMatchObject({ known: true });
    expect(elsewhere.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
    expect(scoped.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer secret', 'Bearer secret']);
  });

  it('stay out of every sentence', async () => {
    const { config, little } = await connect();
    const url = new URL(little.url);
    url.username = 'user';
    url.password = 'hush';
    await little.close();
    const registry = createRegistry({ ...config, registry: url.href }, { limits: quickLimits });
    const fact = await registry.loadPackument('plain');
    expect(fact).toMatchObject({ known: false });
    expect(JSON.stringify(fact)).not.toContain('hush');
  });
});

describe('a proxy', () => {
  it('that npm is configured with is used, but not for the hosts it is not for', async () => {
    const { little, again, home } = await connect();
    const asked: (string | undefined)[] = [];
    const proxy = createServer((request, response) => {
      asked.push(request.url);
      response.end(JSON.stringify({ name: 'plain', versions: {} }));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void proxy.close());
    // Safe: a server that listens on a port has an address with a port.
    const { port } = proxy.address() as AddressInfo;
    await writeFile(join(home, '.npmrc'), `registry=${little.url}\nproxy=http://127.0.0.1:${port}/\n`);
    const { flat } = await loadConfigIn(home);
    expect(await again({ flat }).loadPackument('plain')).toMatchObject({ value: { history: { versions: [] } } });
    expect(asked).toEqual([`${little.url}plain`]);
    await again({ flat: { ...flat, noProxy: '127.0.0.1' } }).loadPackument('plain');
    expect([asked.length, little.requests.length]).toEqual([1, 1]);
  });
});

describe('a redirect', () => {
  it.each([
    ['around in circles', '/plain', 'more than 5 times'],
    ['to a file', 'file:///etc/passwd', 'redirected to file:'],
    ['to nothing', 'http://', 'no URL'],
  ])('%s is given up', async (_, to, reason) => {
    const { registry, little } = await connect();
    little.fail('plain', { kind: 'redirect', to });
    expect(await registry.loadPackument('plain')).toMatchObject({
      why: 'malformed',
      detail: expect.stringContaining(reason),
    });
  });
});

describe('offline', () => {
  it('answers from the cache alone, and says what it lacks', async () => {
    const { registry, again, little } = await connect();
    await registry.loadTarball('plain', '1.0.1');
    const asked = little.requests.length;
    const offline = again({ offline: true });
    expect(await offline.loadPackument('plain')).toMatchObject({ known: true });
    expect(await offline.loadTarball('plain', '1.0.1')).toMatchObject({ known: true });
    expect(await offline.loadTarball('plain', '1.0.0')).toMatchObject({
      why: 'offline',
      detail: expect.stringContaining('the tarball of plain@1.0.0'),
    });
    expect(await offline.loadTarball('plain', '9.9.9')).toMatchObject({
      why: 'offline',
      detail: expect.stringContaining('with 9.9.9'),
    });
    expect(await offline.loadPackument('other')).toMatchObject({ why: 'offline' });
    expect(little.requests).toHaveLength(asked);
  });
});
