import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../src/model/fact-store.ts';
import type { NpmConfig } from '../../src/registry/load-npm-config.ts';
import { connect, plainPackages } from './connect.ts';

const both = { containing: ['1.0.0', '1.0.1'] };

/** As if npm's cache had been emptied between two runs. */
const withoutCache = (home: string): Partial<NpmConfig> => ({ cacheFolder: join(home, 'another-cache') });

describe('a remembered packument', () => {
  it('that holds the versions asked for is taken as it is, and says the same', async () => {
    const memory = createMemoryStore();
    const { registry, again, home, little } = await connect({}, { memory });
    const first = await registry.loadPackument('plain', both);
    const second = await again(withoutCache(home)).loadPackument('plain', both);
    expect(little.requests).toHaveLength(1);
    expect(first.known && second.known).toBe(true);
    if (!first.known || !second.known) return;
    expect(second.value).toMatchObject({ history: first.value.history, publishTimes: first.value.publishTimes });
    expect(second.value.findRelease('1.0.1')).toEqual(first.value.findRelease('1.0.1'));
    expect(second.value.findManifest('1.0.1')).toEqual(first.value.findManifest('1.0.1'));
    expect(second.value.findDeprecation('1.0.1')).toEqual({ known: true, value: null });
  });

  it('that lacks a version, or might not be the newest, is asked for again with its ETag', async () => {
    const memory = createMemoryStore();
    const { registry, again, home, little } = await connect({}, { memory });
    await registry.loadPackument('plain', both);
    const asked = async (options?: { readonly containing: readonly string[] }) =>
      (await again(withoutCache(home)).loadPackument('plain', options)).known;
    expect(await asked()).toBe(true);
    expect(await asked({ containing: ['1.0.2'] })).toBe(true);
    const etags = little.requests.map(({ headers }) => headers['if-none-match']);
    expect(etags).toEqual([undefined, expect.stringMatching(/^"/), etags[1]]);
  });

  it('is replaced by what the registry says anew', async () => {
    const memory = createMemoryStore();
    const { registry, again, home, little } = await connect({}, { memory });
    await registry.loadPackument('plain', both);
    little.publish('plain', { versions: { ...plainPackages['plain']?.versions, '1.0.2': {} } });
    await again(withoutCache(home)).loadPackument('plain');
    const newest = await again({ ...withoutCache(home), offline: true }).loadPackument('plain');
    expect(newest.known && newest.value.history.versions).toEqual(['1.0.0', '1.0.1', '1.0.2']);
    expect(little.requests).toHaveLength(2);
  });

  it("is made of what npm's cache holds, with the instant at which that was stored", async () => {
    const memory = createMemoryStore();
    const started = new Date().toISOString();
    const { registry, little, config } = await connect();
    await registry.loadPackument('plain');
    const { again } = await connect({}, { memory });
    const registryOfCache = { registry: little.url, cacheFolder: config.cacheFolder };
    await again(registryOfCache).loadPackument('plain', both);
    const remembered = await memory.findPackument({ registry: little.url, name: 'plain' });
    expect(remembered?.outline).toContain('"1.0.1"');
    expect(remembered !== undefined && remembered.fetchedAt >= started).toBe(true);
    expect(little.requests).toHaveLength(1);
  });

  it.each([
    '',
    '{"versions":',
    '{"versions":{},"deprecated":[]}',
    '{"name":"other","versions":[],"deprecated":[]}',
    '[]',
  ])('that is spoiled (%j) is asked for again', async (outline) => {
    const memory = createMemoryStore();
    const { registry, little } = await connect({}, { memory });
    const source = { registry: little.url, name: 'plain' };
    const rest = { fetchedAt: '2026-01-01T00:00:00.000Z', etag: undefined, entries: new Uint8Array() };
    await memory.savePackument(source, { ...rest, outline });
    expect(await registry.loadPackument('plain', both)).toMatchObject({ known: true });
    expect(little.requests).toHaveLength(1);
  });

  it('of one registry is not that of another', async () => {
    const memory = createMemoryStore();
    const one = await connect({}, { memory });
    await one.registry.loadPackument('plain', both);
    const other = await connect({}, { memory });
    await other.registry.loadPackument('plain', both);
    expect(other.little.requests).toHaveLength(1);
  });

  it('is named without the credentials in the address of its registry', async () => {
    const memory = createMemoryStore();
    const { again, config, little } = await connect({}, { memory });
    const registry = config.registry.replace('http://', 'http://user:hush@');
    await again({ registry }).loadPackument('plain', both);
    expect(await memory.findPackument({ registry: little.url, name: 'plain' })).toBeDefined();
    expect(again({ registry }).addressOf('plain')).toBe(little.url);
  });
});

describe('packuments at hand', () => {
  const names = Array.from({ length: 40 }, (_, index) => `many-${index}`);
  const packages = Object.fromEntries(names.map((name) => [name, { versions: { '1.0.0': {} } }]));

  it('are asked for once in a run, however many there are', async () => {
    const { registry, little } = await connect({ packages });
    for (const _ of [1, 2]) await Promise.all(names.map((name) => registry.loadPackument(name)));
    expect(little.requests).toHaveLength(40);
  });

  it('are let go of, oldest first, when their texts are too large together', async () => {
    const { registry, little } = await connect({ packages }, { limits: { maxHeldBytes: 100_000 } });
    for (const name of ['many-0', 'many-1']) little.fail(name, { kind: 'padded', bytes: 60_000 });
    for (const name of ['many-0', 'many-1', 'many-1', 'many-2', 'many-0']) await registry.loadPackument(name);
    const asked = little.requests.map(({ path }) => path);
    expect(asked).toEqual(['/many-0', '/many-1', '/many-2', '/many-0']);
  });
});
