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
