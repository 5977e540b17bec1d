/** Several processes at one store, and processes that die while they write. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { makeFolder, runProcess, startProcess } from './run-process.ts';

const deaths = 8;
/** Every process takes its time to start, on a busy machine more than that. */
const timeout = 60_000;

const writeForEver = `
  const store = await openStore(path, { warn: (sentence) => { throw new Error(sentence); } });
  for (let index = 0; ; index += 1) {
    const key = process.pid + ' ' + index;
    await store.saveVerdict(key, { ...verdict('a'), engine: 'x'.repeat(index * 37 % 9000) });
    await store.savePackument({ registry: 'r', name: String(index % 7) },
      { fetchedAt: 't', outline: key.repeat(500), entries: Buffer.from(key) });
    // On a line of its own once it is stored.
    await new Promise((resolve) => process.stdout.write(key + '\\n', resolve));
  }`;

interface Output {
  readonly lines: readonly string[];
  /** There is one. */
  readonly first: Promise<unknown>;
}

function readLines({ stdout }: ChildProcess): Output {
  if (stdout === null) throw new Error('the process was started without an output');
  const reader = createInterface(stdout);
  const lines: string[] = [];
  reader.on('line', (line) => lines.push(line));
  return { lines, first: once(reader, 'line') };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('two processes', { timeout }, () => {
  it('that make the same new store at once both write to it', async () => {
    const path = join(await makeFolder(), 'data', 'store.db');
    const outcomes = await Promise.all(
      [0, 1, 2, 3].map((index) =>
        runProcess(
          path,
          `const store = await openStore(path, { warn: console.error });
          for (let turn = 0; turn < 50; turn += 1) await store.saveVerdict('${index} ' + turn, verdict('a'));
          await store.close();`,
        ),
      ),
    );
    expect(outcomes).toEqual(outcomes.map(() => ({ exit: 0, stdout: '', stderr: '' })));
    const store = await openStore(path);
    onTestFinished(() => store.close());
    const keys = [0, 1, 2, 3].flatMap((index) => Array.from({ length: 50 }, (_, turn) => `${index} ${turn}`));
    const found = await Promise.all(keys.map((key) => store.findVerdict(key)));
    expect(found.filter((verdict) => verdict !== undefined)).toHaveLength(200);
  });
});

describe('a process that is killed while it writes', { timeout }, () => {
  it('loses no answer that it had stored, and leaves the store whole', async () => {
    const path = join(await makeFolder(), 'store.db');
    const stored: string[] = [];
    for (let death = 0; death < deaths; death += 1) {
      const child = startProcess(path, writeForEver);
      const { lines, first } = readLines(child);
      await first;
      await sleep((death * 7) % 40);
      await kill(child);
      stored.push(...lines);
    }
    expect(stored.length).toBeGreaterThan(deaths);
    const warnings: string[] = [];
    const store = await openStore(path, { warn: (sentence) => warnings.push(sentence) });
    onTestFinished(() => store.close());
    const found = await Promise.all(stored.map((key) => store.findVerdict(key)));
    expect(found.filter((verdict) => verdict === undefined)).toEqual([]);
    for (const name of ['0', '3', '6']) {
      const packument = await store.findPackument({ registry: 'r', name });
      expect(packument?.outline).toMatch(/^(\d+ \d+)+$/);
    }
    expect(warnings).toEqual([]);
    const driver = new Sqlite(path, { timeout: 1_000 });
    expect(driver.pragma('integrity_check', { simple: true })).toBe('ok');
    driver.close();
  });

  it('while it makes a new store leaves one that the next can use', async () => {
    for (let delay = 0; delay < 8; delay += 1) {
      const path = join(await makeFolder(), 'store.db');
      const child = startProcess(
        path,
        "process.stdout.write('ready\\n'); await openStore(path); setInterval(() => {}, 1000);",
      );
      await readLines(child).first;
      await sleep(delay * 3);
      await kill(child);
      const store = await openStore(path);
      expect(await store.findVerdict('question')).toBeUndefined();
      await store.close();
    }
  });
});
