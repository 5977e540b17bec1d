import { expect, it } from 'vitest';
import { SummaryCache } from '../../src/behavior/code-files.ts';
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
  await pool.analyze(files, ahead);
  await pool.stop();
  const inPlace = new SummaryCache();
  for (const file of files) expect(ahead.analyzed(file)).toEqual(inPlace.analyze(file));
});

it('leaves small packages to be analysed where they are asked for', async () => {
  const [file] = await filesOf({ 'a.js': 'exports.a = 1;\n' });
  const cache = new SummaryCache();
  await new AnalysisPool().analyze(file === undefined ? [] : [file], cache);
  expect(file && cache.analyzed(file)).toBeUndefined();
});
