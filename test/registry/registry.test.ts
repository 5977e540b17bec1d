import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildTarball } from '../support/build-tarball.ts';
import { connect, listFiles, plainPackages, startLittle } from './connect.ts';

const both = { containing: ['1.0.0', '1.0.1'] };

describe('a packument', () => {
  it('comes with its versions, tags, times, and manifests', async () => {
    const { registry, little } = await connect();
    const packument = await registry.loadPackument('plain');
    expect(packument).toMatchObject({
      known: true,
      value: {
        name: 'plain',
        registry: little.url,
        history: { versions: ['1.0.0', '1.0.1'], distTags: { latest: '1.0.1' } },
        publishTimes: {
          known: true,
          value: new Map(Object.entries({ '1.0.0': '2020-01-01T00:00:00.000Z', '1.0.1': '2020-01-08T00:00:00.000Z' })),
        },
      },
    });
    expect(packument.known && packument.value.findManifest('1.0.1')).toMatchObject({ name: 'plain', version: '1.0.1' });
  });

  it("of a mirror is read all the same, without the times that are the mirror's own", async () => {
    const { registry } = await connect({ mirror: true });
    expect(await registry.loadPackument('plain', both)).toMatchObject({
      known: true,
      value: { publishTimes: { known: false, why: 'not-served' } },
    });
    expect(await registry.loadTarball('plain', '1.0.1')).toMatchObject({ known: true });
  });

  it('that holds the versions asked for is taken from the cache', async () => {
    const { registry, again, little } = await connect();
    await registry.loadPackument('plain', both);
    expect(await again().loadPackument('plain', both)).toMatchObject({ known: true });
    expect(little.requests).toHaveLength(1);
  });

  it('is asked for again when it lacks one, or when the question is what is new', async () => {
    const { registry, again, little } = await connect();
    await registry.loadPackument('plain', both);
    little.publish('plain', { versions: { ...plainPackages['plain']?.versions, '1.0.2': {} } });
    const newer = await again().loadPackument('plain', { containing: ['1.0.1', '1.0.2'] });
    expect(newer.known && newer.value.history.versions).toEqual(['1.0.0', '1.0.1', '1.0.2']);
    expect(await again().loadPackument('plain')).toMatchObject({ known: true });
    expect(little.requests.map(({ headers }) => headers['if-none-match'] !== undefined)).toEqual([false, true, true]);
  });

  it('is asked for again when npm is told to prefer the network', async () => {
    const { registry, again, little } = await connect();
    await registry.loadPackument('plain', both);
    await again({ preferOnline: true }).loadPackument('plain', both);
    expect(little.requests).toHaveLength(2);
  });

  it('is asked for once, however many ask at the same time', async () => {
    const { registry, little } = await connect();
    const facts = await Promise.all([
      registry.loadPackument('plain'),
      registry.loadPackument('plain', both),
      registry.loadPackument('plain'),
      registry.loadTarball('plain', '1.0.0'),
      registry.loadTarball('plain', '1.0.1'),
    ]);
    expect(facts.map(({ known }) => known)).toEqual([true, true, true, true, true]);
    expect(await registry.loadTarball('plain', '9.9.9')).toMatchObject({ why: 'not-found' });
    expect(little.requests.filter(({ path }) => path === '/plain')).toHaveLength(1);
  });

  it('is asked for once more when the cache lacks a version that one of many wants', async () => {
    const { registry, again, little } = await connect();
    await registry.loadPackument('plain', both);
    little.publish('plain', { versions: { ...plainPackages['plain']?.versions, '1.0.2': {}, '1.0.3': {} } });
    const next = again();
    const facts = await Promise.all(
      ['1.0.0', '1.0.2', '1.0.3', '1.0.2'].map((version) => next.loadPackument('plain', { containing: [version] })),
    );
    expect(facts.map(({ known }) => known)).toEqual([true, true, true, true]);
    expect(little.requests).toHaveLength(2);
  });

  it('of a scope comes from the registry of that scope, with its credentials and no others', async () => {
    const scoped = await startLittle({ packages: { '@scope/name': { versions: { '1.0.0': {} } } }, token: 'secret' });
    const host = new URL(scoped.url).host;
    const { registry, little } = await connect(
      {},
      { npmrc: `@scope:registry=${scoped.url}\n//${host}/:_authToken=secret\n` },
    );
    expect(await registry.loadTarball('@scope/name', '1.0.0')).toMatchObject({ known: true });
    expect(await registry.loadPackument('plain')).toMatchObject({ known: true });
    expect(scoped.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer secret', 'Bearer secret']);
    expect(little.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined]);
  });

  it.each(['../plain', 'plain?write=true', '..', '@scope/..', '@scope', 'a/b/c', '', 'a b', 'x'.repeat(300), '\ud800'])(
    'is never asked for under a name that leads elsewhere: %j',
    async (name) => {
      const { registry, little } = await connect();
      expect(await registry.loadPackument(name)).toMatchObject({ known: false, why: 'not-found' });
      expect(little.requests).toEqual([]);
    },
  );
});

describe('a tarball', () => {
  it('comes with its bytes and a record of every claim', async () => {
    const tarball = buildTarball({ 'package.json': '{}' });
    const { registry } = await connect({ packages: { plain: { versions: { '1.0.0': { tarball } } } } });
    const digest = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const loaded = await registry.loadTarball('plain', '1.0.0', { side: 'before', integrity: digest });
    expect(loaded.known && Buffer.compare(loaded.value.bytes, tarball)).toBe(0);
    const record = { side: 'before', claimed: digest, actual: digest, matches: true };
    expect(loaded).toMatchObject({
      value: {
        digest,
        integrity: [
          { ...record, claimedBy: 'registry' },
          { ...record, claimedBy: 'caller' },
        ],
      },
    });
  });

  it('is taken from the cache the next time', async () => {
    const { registry, again, little } = await connect();
    const first = await registry.loadTarball('plain', '1.0.1');
    const asked = little.requests.length;
    expect(await again().loadTarball('plain', '1.0.1')).toEqual(first);
    expect(little.requests).toHaveLength(asked);
  });

  it('with only a shasum is checked against that, and cached', async () => {
    const files = { 'index.js': '1' };
    const { registry, again, little } = await connect({
      packages: { plain: { versions: { '1.0.0': { files, dist: { integrity: undefined } } } } },
    });
    const first = await registry.loadTarball('plain', '1.0.0');
    expect(first).toMatchObject({
      value: { integrity: [{ claimed: expect.stringMatching(/^sha1-/), matches: true }] },
    });
    expect(await again({ offline: true }).loadTarball('plain', '1.0.0')).toEqual(first);
    expect(little.requests).toHaveLength(2);
  });

  it('without any digest is returned with no record, and not cached', async () => {
    const { registry, again } = await connect({
      packages: { plain: { versions: { '1.0.0': { dist: { integrity: undefined, shasum: undefined } } } } },
    });
    expect(await registry.loadTarball('plain', '1.0.0')).toMatchObject({ known: true, value: { integrity: [] } });
    expect(await again({ offline: true }).loadTarball('plain', '1.0.0')).toMatchObject({
      known: false,
      why: 'offline',
    });
  });

  it('that a version does not have is not found, with the latest named', async () => {
    const { registry } = await connect();
    expect(await registry.loadTarball('plain', '9.9.9')).toMatchObject({
      known: false,
      why: 'not-found',
      detail: expect.stringMatching(/^plain has no version 9\.9\.9 at .*: its latest is 1\.0\.1\.$/),
    });
  });
});

describe('bytes that are not what was claimed', () => {
  const wrongDigest = `sha512-${createHash('sha512').update('others').digest('base64')}`;

  it('are returned with a record that says so, and are never cached', async () => {
    const { config, registry, again, little } = await connect({
      packages: { plain: { versions: { '1.0.0': { dist: { integrity: wrongDigest } } } } },
    });
    const loaded = await registry.loadTarball('plain', '1.0.0');
    expect(loaded).toMatchObject({
      known: true,
      value: { integrity: [{ claimedBy: 'registry', claimed: wrongDigest, matches: false }] },
    });
    expect(loaded.known && loaded.value.digest).not.toBe(wrongDigest);
    await again().loadTarball('plain', '1.0.0');
    expect(await again({ offline: true }).loadTarball('plain', '1.0.0')).toMatchObject({
      known: false,
      why: 'offline',
    });
    // The packument alone.
    expect(await listFiles(join(config.cacheFolder, 'content-v2'))).toHaveLength(1);
    // Each run asked twice: bytes may have been hurt on the way.
    expect(little.requests.filter(({ path }) => path.endsWith('.tgz'))).toHaveLength(4);
  });

  it('are fetched a second time, and taken when they are whole then', async () => {
    const { registry, little } = await connect();
    little.fail('/plain/-/plain-1.0.1.tgz', { kind: 'wrong-bytes' }, 1);
    expect(await registry.loadTarball('plain', '1.0.1')).toMatchObject({ value: { integrity: [{ matches: true }] } });
    little.fail('/plain/-/plain-1.0.0.tgz', { kind: 'truncated' });
    expect(await registry.loadTarball('plain', '1.0.0')).toMatchObject({ value: { integrity: [{ matches: false }] } });
  });

  it('for a weaker digest beside a right one are told apart, even from the cache', async () => {
    const { registry, again, little } = await connect();
    const loaded = await registry.loadTarball('plain', '1.0.1');
    const right = loaded.known ? loaded.value.digest : '';
    const sha1 = `sha1-${createHash('sha1').update('others').digest('base64')}`;
    const files = plainPackages['plain']?.versions['1.0.1']?.files ?? {};
    little.publish('plain', { versions: { '1.0.1': { files, dist: { integrity: `${sha1} ${right}` } } } });
    expect(await again({ preferOnline: true }).loadTarball('plain', '1.0.1')).toMatchObject({
      value: {
        integrity: [
          { claimed: right, matches: true },
          { claimed: sha1, matches: false },
        ],
      },
    });
  });

  it.each([
    ['another digest', wrongDigest],
    ['no digest that can be read', 'md5-unreadable'],
  ])("by the caller's claim of %s are returned with a record that says so", async (_, integrity) => {
    const { registry } = await connect();
    expect(await registry.loadTarball('plain', '1.0.1', { integrity })).toMatchObject({
      value: {
        integrity: [
          { claimedBy: 'registry', matches: true },
          { claimedBy: 'caller', claimed: integrity, matches: false },
        ],
      },
    });
  });
});
