import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { rules } from '../../rules/index.ts';
import { SummaryCache } from '../../src/behavior/code-files.ts';
import { unreadSummary } from '../../src/behavior/summary/file-summary.ts';
import { compareContents } from '../../src/guard/compare-contents.ts';
import { createSummaryMemory, type SummaryMemoryOptions } from '../../src/guard/summary-memory.ts';
import type { BehaviorNews, BehaviorStore, FactStore } from '../../src/model/fact-store.ts';
import { createMemoryStore } from '../../src/model/fact-store.ts';
import { type Example, isLockExample, type SourceTree } from '../../src/rule.ts';
import { openStore } from '../../src/store/open-store.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { makeFolder } from '../store/run-process.ts';
import { buildTarball } from '../support/build-tarball.ts';

interface Watched {
  readonly store: FactStore;
  readonly saved: readonly BehaviorNews[];
  /** Contents that were found. */
  readonly found: readonly string[];
  readonly behaviors: BehaviorStore;
}

async function openWatched(): Promise<Watched> {
  const store = await openStore(join(await makeFolder(), 'store.db'));
  onTestFinished(() => store.close());
  const { behaviors } = store;
  if (behaviors === undefined) throw new Error('a store in a file keeps what files do');
  const saved: BehaviorNews[] = [];
  const found: string[] = [];
  const watched: BehaviorStore = {
    find: async (analysis, contents) => {
      const rows = await behaviors.find(analysis, contents);
      found.push(...rows.map((row) => row.contents));
      return rows;
    },
    save: async (analysis, news) => {
      saved.push(news);
      await behaviors.save(analysis, news);
    },
  };
  return { store: { ...store, behaviors: watched }, saved, found, behaviors };
}

const options: SummaryMemoryOptions = { asOf: '2026-01-01T00:00:00.000Z', minBytes: 0, analysis: () => 'analysis' };

function pack(tree: SourceTree): ReturnType<typeof readTarball> {
  const files = Object.entries({ 'package.json': {}, ...tree }).map(([path, content]) => [
    path,
    typeof content === 'string' || content instanceof Uint8Array ? content : JSON.stringify(content),
  ]);
  return readTarball(buildTarball(Object.fromEntries(files)));
}

async function compare({ before, after }: Pick<Example, 'before' | 'after'>, store: FactStore, given = options) {
  const memory = createSummaryMemory(store, given);
  return compareContents(before && (await pack(before)), await pack(after), memory);
}

const update = {
  before: { 'index.js': 'exports.a = () => 1;' },
  after: { 'index.js': "exports.a = () => require('child_process').execSync('id');" },
};

const examples = rules
  .flatMap((rule) => [...rule.flags, ...rule.passes])
  .filter((example): example is Example => !isLockExample(example));

describe('what files do', () => {
  it('is told alike of every example, whether it is remembered or not', { timeout: 60_000 }, async () => {
    const { store, saved, found } = await openWatched();
    for (const example of examples) {
      const alone = await compare(example, createMemoryStore());
      expect(await compare(example, store), `${example.title}, the first time`).toEqual(alone);
      expect(await compare(example, store), `${example.title}, the second time`).toEqual(alone);
    }
    expect(saved.flatMap(({ read }) => read).length).toBeGreaterThan(100);
    expect(found.length).toBeGreaterThan(100);
  });

  it('is read once: the next update finds what this one has read', async () => {
    const { store, saved, found } = await openWatched();
    await compare(update, store);
    expect(saved.map(({ read }) => read.length)).toEqual([2]);
    const next = { 'index.js': "exports.a = () => require('child_process').execSync('ls');" };
    await compare({ before: update.after, after: next }, store);
    const old = (await pack(update.after)).files.get('index.js')?.digest;
    expect(found).toEqual([`${old}.js`]);
    expect(saved.map(({ read }) => read.length)).toEqual([2, 1]);
  });

  it('is told to be of use once a day', async () => {
    const { store, saved } = await openWatched();
    const at = (asOf: string) => compare(update, store, { ...options, asOf });
    await at('2026-01-01T00:00:00.000Z');
    await at('2026-01-02T10:00:00.000Z');
    await at('2026-01-02T20:00:00.000Z');
    expect(saved.map(({ day, read, usedAgain }) => [day, read.length, usedAgain.length])).toEqual([
      ['2026-01-01', 2, 0],
      ['2026-01-02', 0, 2],
    ]);
  });

  it('is kept apart by what decides how it is read: the ending, and the code that reads it', async () => {
    const { store, found } = await openWatched();
    await compare(update, store);
    await compare(update, store, { ...options, analysis: () => 'another analysis' });
    await compare({ after: { 'package.json': { main: 'index.mjs' }, 'index.mjs': update.after['index.js'] } }, store);
    expect(found).toEqual([]);
  });

  it('is neither found nor kept where nobody knows by which code, or where that changed meanwhile', async () => {
    const { store, saved } = await openWatched();
    await compare(update, store, { ...options, analysis: () => undefined });
    const names = ['analysis', 'changed'];
    await compare(update, store, { ...options, analysis: () => names.shift() });
    expect(saved).toEqual([]);
  });

  it('is read again where what is stored is no summary, and written over', async () => {
    const { store, saved, behaviors } = await openWatched();
    const alone = await compare(update, store);
    const contents = saved.flatMap(({ read }) => read.map((one) => one.contents));
    for (const text of ['', '{}', '{"fns":[],"exports":[]}', '{"fns":[{}],"exports":[[],[],[],true]}', 'null']) {
      const summary = deflateRawSync(text);
      await behaviors.save('analysis', {
        day: '2026-01-01',
        read: contents.map((one) => ({ contents: one, summary })),
        usedAgain: [],
      });
      expect(await compare(update, store)).toEqual(alone);
      expect(saved.at(-1)?.read).toHaveLength(2);
    }
  });

  it('is not kept of a file that was given up: the next try may have more time', async () => {
    const { store, saved } = await openWatched();
    const { files } = await pack(update.after);
    const file = files.get('index.js');
    if (file === undefined) throw new Error('the file is there');
    for (const why of ['too-long', 'too-large', 'too-deep'] as const) {
      const cache = new SummaryCache();
      const remembered = await createSummaryMemory(store, options)?.begin(cache);
      await remembered?.recall([file]);
      cache.put(unreadSummary(why, 'its analysis took more than 45 seconds'), file);
      await remembered?.keep();
    }
    expect(saved).toEqual([]);
  });

  it('is not asked for of small files, which are read as quickly', async () => {
    const { store, saved } = await openWatched();
    const { minBytes: _minBytes, ...ordinary } = options;
    await compare(update, store, ordinary);
    expect(saved).toEqual([]);
    await compare({ after: { 'index.js': `${update.after['index.js']}//${'x'.repeat(8_000)}` } }, store, ordinary);
    expect(saved.map(({ read }) => read.length)).toEqual([1]);
  });

  it('is not remembered where nothing outlives the process', () => {
    expect(createSummaryMemory(createMemoryStore(), options)).toBeUndefined();
  });
});
