/**
 * `npm run fuzz [-- --count N --seed N --part code|script|tarball --jobs N]`
 * Reads made-up code, scripts and tarballs by the hundred thousand: whatever they hold, the reading ends soon, within its
 * memory, and with an answer. Exit 1 where it does not, with what makes that input again: its part, seed and number.
 */
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import type { FuzzAnswer, FuzzOrder } from './fuzz/fuzz-worker.ts';
import type { FuzzPart } from './fuzz/make-input.ts';

const parts: readonly FuzzPart[] = ['code', 'script', 'tarball'];
const orderSize = 1_000;
/** One small input may take no longer, even on a busy machine. */
const maxSeconds = 20;
const maxMemory = 600_000_000;

interface Total {
  inputs: number;
  read: number;
  memory: number;
  readonly faults: string[];
}

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    part: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});
const [count, seed, jobs] = [values.count, values.seed, values.jobs].map(Number);
const chosen = parts.filter((part) => values.part === undefined || part === values.part);
if (!isCount(count) || !Number.isSafeInteger(seed) || !isCount(jobs) || chosen.length === 0) {
  console.error('Usage: npm run fuzz [-- --count N --seed N --part code|script|tarball --jobs N]');
  process.exit(2);
}

let failed = false;
for (const part of chosen) {
  const total = await fuzz({ part, seed: seed ?? 1, count: Math.ceil(count / chosen.length) }, jobs);
  const { inputs, read, memory, faults } = total;
  console.log(`${part}: ${inputs} inputs, ${read} of them understood, ${Math.round(memory / 1e6)} MB at most`);
  for (const fault of faults) console.log(`  ${fault}`);
  if (memory > maxMemory) console.log(`  The limit of memory is ${maxMemory / 1e6} MB.`);
  if (faults.length > 0 || memory > maxMemory) failed = true;
}
process.exitCode = failed ? 1 : 0;

async function fuzz(plan: { part: FuzzPart; seed: number; count: number }, threads: number): Promise<Total> {
  const total: Total = { inputs: 0, read: 0, memory: 0, faults: [] };
  let next = 0;
  const lane = async (): Promise<void> => {
    let worker = startWorker();
    while (next < plan.count) {
      const order = { ...plan, from: next, to: Math.min(next + orderSize, plan.count) };
      next = order.to;
      const answer = await runOrder(worker, order);
      total.inputs += order.to - order.from;
      if (typeof answer === 'string') {
        total.faults.push(answer);
        await worker.terminate();
        worker = startWorker();
        continue;
      }
      total.read += answer.read;
      total.memory = Math.max(total.memory, answer.memory);
      for (const { number, what } of answer.faults) total.faults.push(`${nameOf(order, number)}: ${what}`);
    }
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: threads }, lane));
  return total;
}

function startWorker(): Worker {
  return new Worker(new URL('./fuzz/fuzz-worker.ts', import.meta.url));
}

/** What became of it, or the sentence that says what broke the thread. */
function runOrder(worker: Worker, order: Omit<FuzzOrder, 'at'>): Promise<FuzzAnswer | string> {
  const at = new Int32Array(new SharedArrayBuffer(4));
  let [last, since] = [-1, Date.now()];
  return new Promise((resolve) => {
    const finish = (outcome: FuzzAnswer | string): void => {
      clearInterval(watch);
      worker.off('message', finish).off('error', onError);
      resolve(outcome);
    };
    const watch = setInterval(() => {
      const number = Atomics.load(at, 0);
      if (number !== last) [last, since] = [number, Date.now()];
      else if (Date.now() - since > maxSeconds * 1_000)
        finish(`${nameOf(order, number)}: took more than ${maxSeconds} seconds`);
    }, 500);
    const onError = (error: Error): void =>
      finish(`${nameOf(order, Atomics.load(at, 0))}: ended the thread: ${error.message}`);
    worker.on('message', finish).on('error', onError);
    worker.postMessage({ ...order, at } satisfies FuzzOrder);
  });
}

function nameOf({ part, seed: from }: Omit<FuzzOrder, 'at'>, number: number): string {
  return `--part ${part} --seed ${from}, number ${number}`;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}
