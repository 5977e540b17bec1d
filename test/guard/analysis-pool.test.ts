import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CodeFiles, SummaryCache } from '../../src/behavior/code-files.ts';
import { AnalysisPool } from '../../src/guard/analysis-pool.ts';
import type { PackageFile } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball } from '../support/build-tarball.ts';

async function filesOf(contents: Readonly<Record<string, string>>): Promise<readonly PackageFile[]> {
  return [...(await readTarball(buildTarball(contents))).files.values()];
}

/** Long enough that threads are worth starting. */
const padding = `const text = '${'x'.repeat(500_000)}';\n`;

it('gives on threads what analysing in place gives', async () => {
  const files = await filesOf({
    'a.js': `${padding}require('child_process').exec('ls');\n`,
    'b.mjs': `${padding}import { get } from 'node:https';\nexport const ask = () => get('https://api.invalid/');\n`,
    'c.js': `${padding}syntax error here\n`,
  });
  const ahead = new SummaryCache();
  const pool = new AnalysisPool();
  await pool.analyze(
    files.map((file) => ({ file })),
    ahead,
  );
  await pool.stop();
  const inPlace = new SummaryCache();
  for (const file of files) expect(ahead.analyzed(file)).toEqual(inPlace.analyze(file));
});

it('leaves small packages to be analysed where they are asked for', async () => {
  const [file] = await filesOf({ 'a.js': 'exports.a = 1;\n' });
  const cache = new SummaryCache();
  await new AnalysisPool().analyze(file === undefined ? [] : [{ file }], cache);
  expect(file && cache.analyzed(file)).toBeUndefined();
});

it('tells threads what other files hold that a file takes its texts from', async () => {
  const [decoder] = await filesOf({
    'a.js': `${padding}const { parts } = require('./parts.js');\nrequire(parts[0] + parts[1])[parts.name]('ls');\n`,
  });
  if (decoder === undefined) throw new Error('the file was not packed');
  const tree = await readTarball(
    buildTarball({
      'a.js': Buffer.from(decoder.bytes).toString(),
      'parts.js': `class Parts extends Array { get size() { return this.length; } }\nconst parts = ['child_', 'process'];\nexports.parts = { 0: parts[0], 1: parts[1], name: 'exec' };\n`,
    }),
  );
  const cache = new SummaryCache();
  const readings = new CodeFiles(tree, cache).listAsking([...tree.files.values()]);
  expect(readings.map(({ file }) => file.path)).toEqual(['a.js']);
  const ahead = new SummaryCache();
  const pool = new AnalysisPool();
  await pool.analyze(readings, ahead);
  await pool.stop();
  const [reading] = readings;
  const summary = reading && ahead.analyzed(reading.file, reading.known);
  expect(summary).toEqual(reading && cache.analyze(reading.file, reading.known));
  expect(summary?.fns[0]?.behaviors).toMatchObject([{ api: 'child_process.exec', detail: 'ls' }]);
});

it('has so much of large files analysed at a time, and small ones meanwhile', async () => {
  const bytes = { 'a.js': 800_000, 'b.js': 700_000, 'c.js': 450_000, 'd.js': 100_000, 'e.js': 90_000, 'f.js': 80_000 };
  const files = await filesOf(
    Object.fromEntries(Object.entries(bytes).map(([path, size]) => [path, `// ${'x'.repeat(size)}\n`])),
  );
  const running = new Set<string>();
  const together: string[] = [];
  const pool = new AnalysisPool({
    maxThreads: 2,
    maxLargeBytes: 1_200_000,
    startThread: () => ({
      analyze: async (readings, onSummary) => {
        const paths = readings.map(({ file }) => file.path);
        for (const path of paths) running.add(path);
        together.push([...running].toSorted().join(' '));
        // A large one outlasts all small ones.
        for (const { file } of readings) for (let wait = 0; wait < file.bytes.length; wait += 2_000) await nextTurn();
        for (const reading of readings) onSummary(reading, cache.analyze(reading.file));
        for (const path of paths) running.delete(path);
      },
      stop: async () => {},
    }),
  });
  const cache = new SummaryCache();
  await pool.analyze(
    files.map((file) => ({ file })),
    cache,
  );
  await pool.stop();
  expect(files.filter((file) => cache.analyzed(file) === undefined)).toEqual([]);
  expect(together).toContain('a.js');
  expect(together).not.toContain('a.js b.js');
  expect(together).not.toContain('a.js c.js');
  expect(together.some((paths) => /^a\.js [def]\.js$/.test(paths))).toBe(true);
  expect(together).toContain('b.js c.js');
});
