import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const source = new URL('../../src/service/keep-ticks-quick.ts', import.meta.url).href;

/** Prints how many of the objects that were queued for the next tick outlive a collection of garbage. */
const program = `
  import { createHook } from 'node:async_hooks';
  import { setImmediate as turn } from 'node:timers/promises';
  import { keepTicksQuick } from '${source}';
  const queued = [];
  const init = (id, type, trigger, one) => void (type === 'TickObject' && queued.push(new WeakRef(one)));
  const hook = createHook({ init }).enable();
  if (process.argv[1] === 'kept') keepTicksQuick();
  else process.nextTick(() => {});
  hook.disable();
  for (let times = 0; times < 5; times += 1) {
    await turn();
    gc();
  }
  console.log(queued.filter((one) => one.deref() !== undefined).length);
`;

function countKept(word: string): number {
  const parameters = ['--expose-gc', '--input-type=module', '-e', program, word];
  return Number(execFileSync(process.execPath, parameters, { encoding: 'utf8' }));
}

describe('of what is queued for the next tick', () => {
  it('one object outlives a collection of garbage', () => {
    expect(countKept('kept')).toBe(1);
  });

  it('none does otherwise', () => {
    expect(countKept('not kept')).toBe(0);
  });
});
