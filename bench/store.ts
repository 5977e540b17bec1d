/**
 * The store of `sluice serve` with as many verdicts as it may come to hold: how quickly they are written, how large the file
 * is, and how long a lookup takes, by question and by id, of rows that were asked for by chance. Then the same of findings by
 * rule, and of what files do by their contents. `node bench/store.ts <rows>`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultPolicy } from '../src/engine/policy-schema.ts';
import { openService } from '../src/service/serve.ts';
import type { Service } from '../src/service/service.ts';
import { defaultLimits } from '../src/service/settings.ts';
import { findAnswer, findAnswerById } from '../src/store/stored-answers.ts';
import { findBehaviors, saveBehaviors } from '../src/store/stored-behaviors.ts';
import { insertFindings, listFindings } from '../src/store/stored-findings.ts';
import { createRandom } from '../test/support/random.ts';
import { alignColumns } from '../tools/render-corpus.ts';
import { time } from './measure.ts';
import { engine, nameOfRow, openSeeded, renderRow } from './seed-answers.ts';

const rows = Number(process.argv[2] ?? 1_000_000);
const lookups = 20_000;
/** Of a hundred rules, the later ones in later verdicts. */
const findings = Math.min(100_000, rows);
const files = Math.min(20_000, rows);
const fileBytes = 3_000;
const perWrite = 1_000;
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
  const size = await measureFile(service);
  const found = await time(() => writeFindings(service));
  const byRule = await look(service, findByRule);
  const remembered = await time(() => writeBehaviors(service));
  const byContents = await look(service, findByContents);
  await stop();
  const documentBytes = renderRow(rows, new Date().toISOString()).document.length;
  console.log(
    alignColumns([
      [`${rows.toLocaleString('en')} verdicts of ${documentBytes} bytes`, 'measured', 'goal'],
      ['written a second, 1,000 in a transaction', perSecond(rows, { seconds }), '–'],
      ['the file', `${Math.round(size / 1e6)} MB, ${Math.round(size / rows)} bytes each`, '–'],
      ['lookup by question', describe(byQuestion), 'p99 under 2 ms'],
      ['lookup by id', describe(byId), 'p99 under 2 ms'],
      [`findings written a second, ${findings.toLocaleString('en')}`, perSecond(findings, found), '–'],
      ['a page of 100 findings of a rule', describe(byRule), '–'],
      [
        `files written a second, ${files.toLocaleString('en')} of ${fileBytes} bytes`,
        perSecond(files, remembered),
        '–',
      ],
      ['what 50 files do, by contents', describe(byContents), '–'],
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

/** What its log still holds counts. */
async function measureFile({ database }: Service): Promise<number> {
  const read = async (name: string) => Number((await database.read({ sql: `PRAGMA ${name}`, values: [] }))[0]?.[name]);
  return (await read('page_count')) * (await read('page_size'));
}

async function writeFindings({ database, now }: Service): Promise<void> {
  for (let first = 0; first < findings; first += perWrite) {
    const statements = Array.from({ length: perWrite }, (_, at) => first + at).flatMap((row) =>
      insertFindings({
        verdictId: `sha256-${row.toString(16).padStart(64, '0')}`,
        asOf: now().toISOString(),
        findings: [{ rule: ruleOf(row), level: 'review', name: nameOfRow(row), version: '1.0.1' }],
      }),
    );
    await database.write(statements);
  }
}

async function findByRule({ database }: Service, row: number): Promise<unknown> {
  const page = await listFindings(database, { rule: ruleOf(row), level: undefined, before: undefined, limit: 100 });
  return page[0];
}

function ruleOf(row: number): string {
  return `rule-${row % 100}`;
}

async function writeBehaviors({ database }: Service): Promise<void> {
  const summary = Buffer.alloc(fileBytes, 7);
  for (let first = 0; first < files; first += perWrite) {
    const read = Array.from({ length: perWrite }, (_, at) => ({ contents: contentsOf(first + at), summary }));
    await saveBehaviors(database, 'analysis', { day: '2026-01-01', read, usedAgain: [] });
  }
}

async function findByContents({ database }: Service, row: number): Promise<unknown> {
  const wanted = Array.from({ length: 50 }, (_, at) => contentsOf((row + at * 397) % files));
  return (await findBehaviors(database, 'analysis', wanted))[49];
}

function contentsOf(row: number): string {
  return `${row.toString(16).padStart(64, '0')}.js`;
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

function perSecond(count: number, { seconds }: { readonly seconds: number }): string {
  return Math.round(count / seconds).toLocaleString('en');
}

function describe(took: readonly number[]): string {
  const at = (share: number): string => (took[Math.floor((took.length - 1) * share)] ?? 0).toFixed(2);
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
