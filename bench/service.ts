/**
 * Load on `sluice serve`, from another process: stored verdicts against a bare route of the same framework that returns the
 * same bytes, in one run; a batch; and stored verdicts while cold checks of made-up packages run in the service's threads.
 * How many a second: `autocannon`, each connection asking again at once. How long one takes: at an even pace, each request
 * counted from its turn; the bare route at that pace tells what the machine and the generator have of it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon, { type Measured } from 'autocannon';
import { alignColumns } from '../tools/render-corpus.ts';
import { keepChecking } from './keep-checking.ts';
import { median, sum, time } from './measure.ts';
import { type Paced, paceRequests } from './pace-requests.ts';
import { nameOfRow, pathOfRow, renderRow } from './seed-answers.ts';

const serveForLoad = fileURLToPath(new URL('serve-for-load.ts', import.meta.url));
const servePackages = fileURLToPath(new URL('serve-packages.ts', import.meta.url));
const rows = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 8);
const connections = 32;
const batches = 15;
/** Of an even pace. */
const rounds = 5;
/** A second, while checks run. */
const besideChecks = 200;
const paths = Array.from({ length: Math.min(rows, 2_000) }, (_, index) => pathOfRow((index * 7_919) % rows));
const children: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));

try {
  await run();
} finally {
  for (const child of children) child.kill();
  rmSync(folder, { recursive: true, force: true });
}

interface Server {
  readonly url: string;
  readonly child: ChildProcess;
}

interface Loaded extends Measured {
  /** Of the server's processor time, for one request: other processes on the machine do not change it. */
  readonly cpuMicroseconds: number;
}

async function run(): Promise<void> {
  const document = renderRow(0, new Date().toISOString()).document;
  const packages = await start(servePackages);
  const bare = await start(serveForLoad, 'bare', document);
  const stored = await start(serveForLoad, 'stored', join(folder, 'store.db'), String(rows), packages.url);
  // Once for nothing: both are warm then.
  for (const server of [bare, stored]) await load(server, 2);
  const plain = await load(bare, seconds);
  const ours = await load(stored, seconds);
  const half = Math.round(ours.requests.average / 2);
  const atHalf = await paceBoth({ bare, stored }, half);
  const batch = await measureBatch(stored.url);
  const checking = await keepChecking(stored.url, packages.url, 2);
  const busy = await paceBoth({ bare, stored }, besideChecks);
  const checked = await checking.stop();
  const ratio = ours.requests.average / plain.requests.average;
  const cpu = plain.cpuMicroseconds / ours.cpuMicroseconds;
  console.log(
    alignColumns([
      ['what', 'measured', 'goal'],
      ['bare route', `${perSecond(plain)}/s, ${Math.round(plain.cpuMicroseconds)} µs of processor each`, '–'],
      [`stored verdicts, ${rows} rows`, `${perSecond(ours)}/s, ${Math.round(ours.cpuMicroseconds)} µs each`, '–'],
      ['stored verdicts, of the bare route', `${percent(ratio)} (${percent(cpu)} by processor time)`, 'at least 60 %'],
      [`p99 at half that load, ${half}/s`, atHalf.text, 'under 10 ms'],
      ['a batch of 1,000 stored verdicts', `${Math.round(batch)} ms`, 'under 100 ms'],
      [`p99 beside two cold checks, ${besideChecks}/s`, busy.text, 'under 50 ms'],
      ['these checks', `${checked.done}, one took ${median(checked.seconds).toFixed(1)} s`, '–'],
    ]).join('\n'),
  );
  const unanswered = [plain, ours].map(({ non2xx, errors }) => non2xx + errors);
  const failed = sum([...unanswered, atHalf.failed, busy.failed]);
  if (failed > 0) throw new Error(`${failed} requests had no answer`);
}

interface Both {
  /** Medians of the rounds. */
  readonly text: string;
  readonly failed: number;
}

/** In turns: what else the machine has to do meets both. */
async function paceBoth(
  { bare, stored }: { readonly bare: Server; readonly stored: Server },
  perSecond: number,
): Promise<Both> {
  const pace = { perSecond, seconds: Math.ceil(seconds / rounds), connections };
  const plain: Paced[] = [];
  const ours: Paced[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await paceRequests(bare.url, paths, pace));
    ours.push(await paceRequests(stored.url, paths, pace));
  }
  const p99 = (all: readonly Paced[]): string => median(all.map((one) => one.p99)).toFixed(1);
  return {
    text: `${p99(ours)} ms, bare route ${p99(plain)} ms`,
    failed: sum([...plain, ...ours].map((one) => one.failed)),
  };
}

async function load({ url, child }: Server, duration: number): Promise<Loaded> {
  const before = await askCpu(child);
  const measured = await autocannon({ url, connections, duration, requests: paths.map((path) => ({ path })) });
  const spent = (await askCpu(child)) - before;
  return { ...measured, cpuMicroseconds: spent / measured.requests.total };
}

async function askCpu(child: ChildProcess): Promise<number> {
  const answer = once(child, 'message');
  child.send('cpu');
  const [{ user, system }] = await answer;
  return user + system;
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)} %`;
}

async function measureBatch(url: string): Promise<number> {
  const verdicts = Array.from({ length: 1_000 }, (_, index) => ({
    purl: `pkg:npm/${nameOfRow(index % rows)}@1.0.1`,
    from: '1.0.0',
  }));
  const took: number[] = [];
  for (let turn = 0; turn < batches; turn += 1) {
    const { seconds: spent } = await time(async () => {
      const answer = await fetch(new URL('/v1/verdicts/batch', url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ verdicts }),
      });
      if (answer.status !== 200 || /"status":(?!200)/.test(await answer.text())) throw new Error('a batch failed');
    });
    took.push(spent * 1_000);
  }
  return median(took);
}

function perSecond({ requests }: Measured): string {
  return Math.round(requests.average).toLocaleString('en');
}

async function start(program: string, ...parameters: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [program, ...parameters], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  const [url] = await once(child, 'message');
  return { url: String(url), child };
}
