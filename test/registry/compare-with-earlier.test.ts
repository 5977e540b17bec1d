import { describe, expect, it } from 'vitest';
import { createMemoryStore, type FactStore } from '../../src/model/fact-store.ts';
import type { Registry } from '../../src/registry/registry.ts';
import type { PublishedPackage } from '../support/registry.ts';
import { connect, plainPackages } from './connect.ts';

const publishing = (text: string): PublishedPackage => ({
  versions: { '1.0.0': { files: { 'index.js': 'module.exports = 1;' } }, '1.0.1': { files: { 'index.js': text } } },
});

async function load(registry: Registry, side: 'before' | 'after' = 'after') {
  const tarball = await registry.loadTarball('plain', '1.0.1', { side });
  if (!tarball.known) throw new Error(tarball.detail);
  const { digest, integrity } = tarball.value;
  return { digest, fromMemory: integrity.filter(({ claimedBy }) => claimedBy === 'memory') };
}

async function start(memory: FactStore = createMemoryStore()) {
  const connection = await connect({}, { memory });
  // The next run, of somebody who asks the registry again.
  const anew = () => connection.again({ preferOnline: true });
  return { ...connection, memory, anew };
}

describe('a release that was read before', () => {
  it('with the same bytes has nothing said of it', async () => {
    const { registry, anew } = await start();
    const first = await load(registry);
    expect(await load(anew())).toEqual(first);
    expect(first.fromMemory).toEqual([]);
  });

  it('with other bytes has what it was and since when, though the registry vouches for both', async () => {
    const { registry, anew, little } = await start();
    const first = await load(registry);
    little.publish('plain', publishing('module.exports = 3;'));
    const second = await load(anew(), 'before');
    expect(second.digest).not.toBe(first.digest);
    expect(second.fromMemory).toEqual([
      {
        side: 'before',
        claimedBy: 'memory',
        claimed: first.digest,
        actual: second.digest,
        matches: false,
        firstReadAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      },
    ]);
    // Each time anew; and what it was at first is what it is.
    expect((await load(anew())).fromMemory).toHaveLength(1);
    little.publish('plain', plainPackages['plain'] ?? publishing(''));
    expect(await load(anew())).toEqual(first);
  });

  it('is another one at another registry, and in another version', async () => {
    const { registry, memory } = await start();
    await load(registry);
    const elsewhere = await connect({ packages: { plain: publishing('module.exports = 3;') } }, { memory });
    expect((await load(elsewhere.registry)).fromMemory).toEqual([]);
    const other = await registry.loadTarball('plain', '1.0.0');
    expect(other.known && other.value.integrity.map(({ claimedBy }) => claimedBy)).toEqual(['registry']);
  });

  it('is not remembered by bytes that were hurt on the way, or for which nobody vouches', async () => {
    const { registry, anew, little } = await start();
    little.fail('/plain/-/plain-1.0.1.tgz', { kind: 'wrong-bytes' });
    await load(registry);
    little.mend();
    expect((await load(anew())).fromMemory).toEqual([]);
    const unclaimed = await connect(
      { packages: { plain: { versions: { '1.0.1': { dist: { integrity: undefined, shasum: undefined } } } } } },
      { memory: { ...createMemoryStore(), saveRelease: () => Promise.reject(new Error('it was remembered')) } },
    );
    expect((await load(unclaimed.registry)).fromMemory).toEqual([]);
  });
});
