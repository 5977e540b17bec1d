import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const source = new URL('../../src/service/keep-ticks-quick.ts', import.meta.url).href;

/** Prints how many times as long ticks take after garbage was collected while none was queued; the quickest of several turns. */
const program = `
  import { setImmediate as turn } from 'node:timers/promises';
  import { keepTicksQuick } from '${source}';
  if (process.argv[1] === 'kept') keepTicksQuick();
  const count = 100_000;
  const measure = () => new Promise((resolve) => {
    const { user } = process.threadCpuUsage();
    let left = count;
    const step = () => {
      if ((left -= 1) > 0) process.nextTick(step);
      else resolve((process.threadCpuUsage().user - user) / count);
    };
    step();
  });
  const quickest = async () => {
    let least = Infinity;
    for (let times = 0; times < 12; times += 1) least = Math.min(least, await measure());
    return least;
  };
  const before = await quickest();
  for (let times = 0; times < 5; times += 1) {
    await turn();
    gc();
  }
  console.log((await quickest()) / before);
`;

function measure(word: string): number {
  const parameters = ['--expose-gc', '--input-type=module', '-e', program, word];
  return Number(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
}

describe('ticks', () => {
  it('are as quick after a collection of garbage as before it', () => {
    expect(measure('kept')).toBeLessThan(3);
  });
});
