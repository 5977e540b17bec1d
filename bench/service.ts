/**
 * Load on `sluice serve`, from another process: stored verdicts against a bare route of the same framework that returns
 * the same bytes, in one run; a batch; and stored verdicts while cold checks run.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon, { type Measured } from 'autocannon';
import { alignColumns } from '../tools/render-corpus.ts';
import { median, time } from './measure.ts';
import { nameOfRow, pathOfRow, renderRow } from './seed-answers.ts';

const server = fileURLToPath(new URL('serve-for-load.ts', import.meta.url));
const rows = Number(process.argv[2] ?? 10_000);
const seconds = Number(process.argv[3] ?? 8);
const connections = 32;
const batches = 15;
const paths = Array.from({ length: Math.min(rows, 2_000) }, (_, index) => ({
  path: pathOfRow((index * 7_919) % rows),
}));
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
  const bare = await start('bare', document);
  const stored = await start('stored', join(folder, 'store.db'), String(rows), 'https://registry.example/');
  // Once for nothing: both are warm then.
  for (const server of [bare, stored]) await load(server, { duration: 2 });
  const plain = await load(bare, {});
  const ours = await load(stored, {});
  const half = await load(stored, { overallRate: Math.round(ours.requests.average / 2) });
  const batch = await measureBatch(stored.url);
  const ratio = ours.requests.average / plain.requests.average;
  const cpu = plain.cpuMicroseconds / ours.cpuMicroseconds;
  console.log(
    alignColumns([
      ['what', 'measured', 'goal'],
      ['bare route', `${perSecond(plain)}/s, ${Math.round(plain.cpuMicroseconds)} µs of processor each`, '–'],
      [`stored verdicts, ${rows} rows`, `${perSecond(ours)}/s, ${Math.round(ours.cpuMicroseconds)} µs each`, '–'],
      ['stored verdicts, of the bare route', `${percent(ratio)} (${percent(cpu)} by processor time)`, 'at least 60 %'],
      ['p99 at half that load', `${half.latency.p99} ms`, 'under 10 ms'],
      ['a batch of 1,000 stored verdicts', `${Math.round(batch)} ms`, 'under 100 ms'],
    ]).join('\n'),
  );
  const failed = [plain, ours, half].reduce((total, { non2xx, errors }) => total + non2xx + errors, 0);
  if (failed > 0) throw new Error(`${failed} requests had no answer`);
}

async function load(
  { url, child }: Server,
  more: { readonly duration?: number; readonly overallRate?: number },
): Promise<Loaded> {
  const before = await askCpu(child);
  const measured = await autocannon({ url, connections, duration: seconds, requests: paths, ...more });
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

async function start(...parameters: readonly string[]): Promise<Server> {
  const child = spawn(process.execPath, [server, ...parameters], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  children.push(child);
  const [url] = await once(child, 'message');
  return { url: String(url), child };
}
