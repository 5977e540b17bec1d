/**
 * `npm run mutate -- <pairs.json> [--hosts A,B@1.0.0] [--mechanism M] [--encoding E] [--place P] [--seed N] …`
 * Puts inert attacks of our own, and honest look-alikes, into ordinary updates, and says which of them the rules see.
 * Nothing of a package is run, nothing is written. Exit 1 when the bar is missed. See docs/mutation.md.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { openRegistry } from '../src/guard.ts';
import { loadCorpusList } from './corpus-list.ts';
import { chooseHosts } from './mutate/choose-hosts.ts';
import type { HostAnswer, HostOrder } from './mutate/host-worker.ts';
import { loadHost } from './mutate/load-host.ts';
import { measureMutants } from './mutate/measure-mutants.ts';
import { mechanisms } from './mutate/mechanisms.ts';
import type { Wishes } from './mutate/plan-mutants.ts';
import { describeOutcome, renderMutants } from './mutate/render-mutants.ts';
import { type Outcome, runHost } from './mutate/run-host.ts';

const usage = `Usage: npm run mutate -- <pairs.json> [options]
  --hosts A,B@1.0.0   these packages of the list, instead of some that the seed chooses
  --count N           how many hosts (24)
  --max-bytes N       only packages of at most so many bytes, unpacked (300000)
  --mechanism M       only this one (may be given again; so may the next two)
  --encoding E        only this one, or this way of changing files, or this honest edit
  --place P           this one, instead of the one that the seed chooses
  --one-in N          only one mutant in so many (5; 1 with --mechanism or --encoding)
  --seed N            which ones (1)
  --jobs N            threads (2)
  --show              prints what was put in, and all findings
  --json FILE         writes every outcome`;

interface Parameters {
  readonly list: string;
  readonly wishes: Wishes;
  readonly hosts: readonly string[];
  readonly count: number;
  readonly maxBytes: number;
  readonly jobs: number;
  readonly show: boolean;
  readonly json: string | undefined;
}

try {
  await runMutants(parseParameters(process.argv.slice(2)));
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = 2;
}

async function runMutants({ list, wishes, hosts, count, maxBytes, ...how }: Parameters): Promise<void> {
  const registry = await openRegistry();
  const say = (sentence: string): void => {
    if (hosts.length > 0) console.error(sentence);
  };
  const chosen = await chooseHosts(
    loadCorpusList(list),
    { seed: wishes.seed, count, maxBytes, only: hosts },
    { registry, say },
  );
  if (chosen.length === 0) throw new Error(`${list} has no package that fits as a host.`);
  const orders = chosen.map((pair) => ({ pair, wishes }));
  const outcomes = how.show ? await showAll(orders) : await runInThreads(orders, how.jobs);
  if (outcomes.length === 0) throw new Error('No mutant is of that kind: see docs/mutation.md for what there is.');
  const measure = measureMutants(outcomes);
  if (!how.show) {
    console.log(`Hosts: ${chosen.map(({ name, new: next }) => `${name}@${next}`).join(', ')}\n`);
    console.log(renderMutants(measure, wishes.seed));
  }
  if (how.json !== undefined) writeFileSync(how.json, `${JSON.stringify({ ...measure, outcomes }, null, 1)}\n`);
  if (measure.shortfalls.length > 0) process.exitCode = 1;
}

async function showAll(orders: readonly HostOrder[]): Promise<readonly Outcome[]> {
  const registry = await openRegistry();
  const outcomes: Outcome[] = [];
  for (const { pair, wishes } of orders) {
    const host = await loadHost(pair, registry);
    const all = await runHost(host, { mechanisms, wishes }, ({ code }, { findings }) => {
      console.log(code ?? '(files)');
      for (const { level, rule, kind, message } of findings) console.log(`  ${level} ${rule} ${kind ?? ''} ${message}`);
      console.log('');
    });
    outcomes.push(...all);
  }
  for (const outcome of outcomes) console.log(describeOutcome(outcome));
  return outcomes;
}

/** In the order of the hosts, whichever thread is quicker. */
async function runInThreads(orders: readonly HostOrder[], jobs: number): Promise<readonly Outcome[]> {
  const done: (readonly Outcome[])[] = [];
  const queue = orders.entries();
  const progress = startProgress(orders.length);
  const lane = async (): Promise<void> => {
    const worker = new Worker(new URL('./mutate/host-worker.ts', import.meta.url));
    for (const [index, order] of queue) done[index] = await runOne(worker, order, progress);
    await worker.terminate();
  };
  await Promise.all(Array.from({ length: Math.min(jobs, orders.length) }, lane));
  return done.flat();
}

function runOne(worker: Worker, order: HostOrder, progress: (answer: HostAnswer) => void): Promise<readonly Outcome[]> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: HostAnswer): void => {
      progress(answer);
      if (answer.kind !== 'done') return;
      worker.off('message', onMessage).off('error', reject);
      resolve(answer.outcomes);
    };
    worker.on('message', onMessage).on('error', reject);
    worker.postMessage(order);
  });
}

/** One line that is written over on a terminal; a line for each host in a log. */
function startProgress(total: number): (answer: HostAnswer) => void {
  let done = 0;
  const { stderr } = process;
  return (answer) => {
    if (answer.kind === 'done') done += 1;
    if (!stderr.isTTY) {
      if (answer.kind === 'done') stderr.write(`${done}/${total} hosts\n`);
      return;
    }
    const now = answer.kind === 'done' ? '' : `, ${answer.mutants} mutants of ${answer.host}`;
    stderr.write(`\r\u001b[2K${done < total ? `${done}/${total} hosts${now}` : ''}`);
  };
}

function parseParameters(parameters: readonly string[]): Parameters {
  const { values, positionals } = parseArgs({
    args: [...parameters],
    allowPositionals: true,
    options: {
      hosts: { type: 'string', default: '' },
      count: { type: 'string', default: '24' },
      'max-bytes': { type: 'string', default: '300000' },
      mechanism: { type: 'string', multiple: true, default: [] },
      encoding: { type: 'string', multiple: true, default: [] },
      place: { type: 'string', multiple: true, default: [] },
      'one-in': { type: 'string' },
      seed: { type: 'string', default: '1' },
      jobs: { type: 'string', default: '2' },
      show: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const [list] = positionals;
  if (list === undefined || positionals.length > 1) throw new Error(`Name one list of pairs.\n${usage}`);
  const { mechanism, encoding, place } = values;
  refuseUnknownMechanisms(mechanism);
  const isNarrow = mechanism.length + encoding.length > 0;
  const oneIn = parseCount('one-in', values['one-in'] ?? (isNarrow ? '1' : '5'));
  const seed = parseCount('seed', values.seed);
  return {
    list,
    wishes: { seed, mechanisms: mechanism, encodings: encoding, places: place, oneIn },
    hosts: values.hosts === '' ? [] : values.hosts.split(','),
    count: parseCount('count', values.count),
    maxBytes: parseCount('max-bytes', values['max-bytes']),
    jobs: parseCount('jobs', values.jobs),
    show: values.show,
    json: values.json,
  };
}

function refuseUnknownMechanisms(wanted: readonly string[]): void {
  const known = mechanisms.map(({ id }) => id);
  for (const id of wanted)
    if (!known.includes(id)) throw new Error(`There is no mechanism "${id}": ${known.join(', ')}`);
}

function parseCount(name: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error(`--${name} must be a number from 1, not "${text}".\n${usage}`);
  return Number(text);
}
