/**
 * The store of `sluice serve` with as many verdicts as it may come to hold: how quickly they are written, how large the file
 * is, and how long a lookup takes, by question and by id, of rows that were asked for by chance. `node bench/store.ts <rows>`
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '../src/engine/policy-schema.ts';
import { openService } from '../src/service/serve.ts';
import type { Service } from '../src/service/service.ts';
import { defaultLimits } from '../src/service/settings.ts';
import { findAnswer, findAnswerById } from '../src/store/stored-answers.ts';
import { createRandom } from '../test/support/random.ts';
import { alignColumns } from '../tools/render-corpus.ts';
import { time } from './measure.ts';
import { engine, nameOfRow, openSeeded, renderRow } from './seed-answers.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const lookups = 20_000;
const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
const storePath = join(folder, 'store.db');

try {
  const { service, stop } = await openService({
    storePath,
    host: '127.0.0.1',
    port: 0,
    registry: { registry: 'https://registry.example/', cwd: folder },
    policy: defaultPolicy,
    engine,
    limits: defaultLimits,
    log: 'warn',
    now: () => new Date(),
  });
  const { seconds } = await time(() => openSeeded(service, rows));
  const [byQuestion, byId] = [await look(service, findByQuestion), await look(service, findById)];
  await stop();
  const { size } = statSync(storePath);
  const documentBytes = renderRow(rows, new Date().toISOString()).document.length;
  console.log(
    alignColumns([
      [`${rows.toLocaleString('en')} verdicts of ${documentBytes} bytes`, 'measured', 'goal'],
      ['written a second, 1,000 in a transaction', Math.round(rows / seconds).toLocaleString('en'), '–'],
      ['the file', `${Math.round(size / 1e6)} MB, ${Math.round(size / rows)} bytes each`, '–'],
      ['lookup by question', describe(byQuestion), 'p99 under 2 ms'],
      ['lookup by id', describe(byId), 'p99 under 2 ms'],
    ]).join('\n'),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}

type Find = (service: Service, row: number) => Promise<unknown>;

function findByQuestion({ database, questions, now }: Service, row: number): Promise<unknown> {
  const question = questions.nameOf({ name: nameOfRow(row), from: '1.0.0', to: '1.0.1' });
  return findAnswer(database, question, now().toISOString());
}

function findById({ database }: Service, row: number): Promise<unknown> {
  return findAnswerById(database, renderRow(row, '').verdictId);
}

/** @returns Milliseconds, sorted. */
async function look(service: Service, find: Find): Promise<readonly number[]> {
  const random = createRandom(11);
  const took: number[] = [];
  for (let turn = 0; turn < lookups; turn += 1) {
    const row = random.below(rows);
    const { seconds, value } = await time(() => find(service, row));
    if (value === undefined) throw new Error(`row ${row} is not there`);
    took.push(seconds * 1_000);
  }
  return took.toSorted((left, right) => left - right);
}

function describe(took: readonly number[]): string {
  const at = (share: number): string => (took[Math.floor((took.length - 1) * share)] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
