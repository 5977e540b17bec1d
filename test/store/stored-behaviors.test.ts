import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BehaviorStore } from '../../src/model/fact-store.ts';
import { type OpenStore, openStore } from '../../src/store/open-store.ts';
import { makeFolder } from './run-process.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const news = (day: string, ...read: readonly (readonly [contents: string, summary: string])[]) => ({
  day,
  read: read.map(([contents, summary]) => ({ contents, summary: bytes(summary) })),
  usedAgain: [],
});

async function makePlace(maxBehaviorBytes?: number) {
  const path = join(await makeFolder(), 'store.db');
  const warnings: string[] = [];
  const open = async (): Promise<OpenStore> => {
    const warn = (sentence: string): void => void warnings.push(sentence);
    return openStore(path, { warn, ...(maxBehaviorBytes === undefined ? {} : { maxBehaviorBytes }) });
  };
  const behaviorsOf = ({ behaviors }: OpenStore): BehaviorStore => {
    if (behaviors === undefined) throw new Error('a store in a file keeps what files do');
    return behaviors;
  };
  const meddle = (sql: string): readonly unknown[] => {
    const driver = new Sqlite(path, { timeout: 1_000 });
    try {
      if (/^SELECT/.test(sql)) return driver.prepare(sql).all({});
      driver.exec(sql);
      return [];
    } finally {
      driver.close();
    }
  };
  const store = await open();
  onTestFinished(() => store.close());
  return { store, behaviors: behaviorsOf(store), again: async () => behaviorsOf(await open()), warnings, meddle };
}

const textsOf = async (found: ReturnType<BehaviorStore['find']>): Promise<readonly string[]> =>
  (await found).map(({ contents, summary }) => `${contents} ${Buffer.from(summary)}`).toSorted();

describe('what files do', () => {
  it('is found by their contents, from one run to the next, however many are asked for', async () => {
    const { behaviors, again } = await makePlace();
    const all = Array.from({ length: 130 }, (_, at) => [`file ${at}`, `does ${at}`] as const);
    await behaviors.save('analysis', news('2026-01-01', ...all));
    const next = await again();
    expect(await textsOf(next.find('analysis', [...all.map(([contents]) => contents), 'another file']))).toEqual(
      all.map(([contents, summary]) => `${contents} ${summary}`).toSorted(),
    );
    expect(await next.find('analysis', ['another file'])).toEqual([]);
    expect(await next.find('analysis', [])).toEqual([]);
  });

  it('is no answer where another analysis said it, and makes way for what this one says', async () => {
    const { behaviors } = await makePlace();
    await behaviors.save('old analysis', news('2026-01-01', ['file', 'nothing']));
    expect(await behaviors.find('analysis', ['file'])).toEqual([]);
    await behaviors.save('analysis', news('2026-01-02', ['file', 'everything']));
    expect(await textsOf(behaviors.find('analysis', ['file']))).toEqual(['file everything']);
    expect(await behaviors.find('old analysis', ['file'])).toEqual([]);
  });

  it.each(["summary = x'00'", "contents = 'other'", "analysis = 'other'", "checksum = 'c'"])(
    'is no answer where its row was spoiled, and can be written over: %s',
    async (change) => {
      const { behaviors, meddle, warnings } = await makePlace();
      await behaviors.save('analysis', news('2026-01-01', ['file', 'nothing']));
      meddle(`UPDATE behaviors SET ${change}`);
      for (const analysis of ['analysis', 'other'])
        expect(await behaviors.find(analysis, ['file', 'other'])).toEqual([]);
      await behaviors.save('analysis', news('2026-01-01', ['file', 'something']));
      expect(await textsOf(behaviors.find('analysis', ['file']))).toEqual(['file something']);
      expect(warnings).toEqual([]);
    },
  );

  it('goes when the store is closed and all of it is too large: first what was asked for the longest ago', async () => {
    const { behaviors, again, store, meddle } = await makePlace(250_000);
    const long = 'x'.repeat(1_000);
    const files = (day: string) =>
      news(day, ...Array.from({ length: 150 }, (_, at) => [`${day} ${at}`, long] as const));
    await behaviors.save('analysis', files('2026-01-01'));
    await behaviors.save('analysis', files('2026-01-02'));
    const usedAgain = Array.from({ length: 150 }, (_, at) => `2026-01-01 ${at}`);
    await behaviors.save('analysis', { day: '2026-01-03', read: [], usedAgain });
    await store.close();
    const [left] = meddle('SELECT COUNT(*) AS count, SUM(bytes) AS bytes, MIN(used_on) AS first FROM behaviors');
    expect(left).toEqual({ count: 100, bytes: 100_000, first: '2026-01-03' });
    const next = await again();
    expect(await next.find('analysis', ['2026-01-02 0'])).toEqual([]);
  });

  it('stays where there is room', async () => {
    const { behaviors, store, meddle } = await makePlace(2_000);
    await behaviors.save('analysis', news('2026-01-01', ['a', 'x'.repeat(1_000)], ['b', 'x'.repeat(1_000)]));
    await store.close();
    expect(meddle('SELECT contents FROM behaviors ORDER BY contents')).toEqual([{ contents: 'a' }, { contents: 'b' }]);
  });
});
