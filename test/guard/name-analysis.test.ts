import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nameAnalysis, parsers } from '../../src/guard/name-analysis.ts';
import { findImports } from '../support/find-imports.ts';

const root = fileURLToPath(new URL('../../src/', import.meta.url));
const inAnHour = (): number => Date.now() + 3_600_000;

/** A program's folder, as it is published. */
async function makeProgram(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, 'src', path)), { recursive: true });
    await writeFile(join(folder, 'src', path), text);
  }
  return folder;
}

const here = (folder: string): string => pathToFileURL(join(folder, 'src/parts/guard.js')).href;

describe('the name of the analysis', () => {
  it('is made of everything that the analysis of a file is made of', () => {
    const outside = new Set<string>();
    const seen = new Set<string>();
    const waiting = [join(root, 'guard/analysis-worker.ts')];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (seen.has(path)) continue;
      seen.add(path);
      for (const specifier of findImports(readFileSync(path, 'utf8'))) {
        if (specifier.startsWith('.')) waiting.push(resolve(dirname(path), specifier));
        else if (!specifier.startsWith('node:')) outside.add(specifier);
      }
    }
    expect(seen.size).toBeGreaterThan(50);
    expect([...seen].filter((path) => !path.startsWith(root))).toEqual([]);
    expect([...outside]).toEqual(parsers);
  });

  it('is the same for the same program, wherever it lies', async () => {
    const files = { 'parts/guard.js': 'one', 'cli/main.js': 'two' };
    const [first, second] = [await makeProgram(files), await makeProgram(files)];
    const name = nameAnalysis(here(first), inAnHour());
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(nameAnalysis(here(second), inAnHour())).toBe(name);
    const own = nameAnalysis(undefined, inAnHour());
    expect(own).toMatch(/^[0-9a-f]{64}$/);
    expect(own).not.toBe(name);
  });

  it.each([
    ['a file of it is another', { 'parts/guard.js': 'one', 'cli/main.js': 'new' }],
    ['it has one file more', { 'parts/guard.js': 'one', 'cli/main.js': 'two', 'cli/more.js': '' }],
    ['its texts stand in other files', { 'parts/guard.js': 'two', 'cli/main.js': 'one' }],
  ])('is another where %s', async (_, files) => {
    const name = nameAnalysis(here(await makeProgram({ 'parts/guard.js': 'one', 'cli/main.js': 'two' })), inAnHour());
    expect(nameAnalysis(here(await makeProgram(files)), inAnHour())).not.toBe(name);
  });

  it('is not known where its files were changed after the process began: it may run what was there before', async () => {
    const folder = await makeProgram({ 'parts/guard.js': 'one' });
    expect(nameAnalysis(here(folder), Date.now() - 60_000)).toBeUndefined();
  });

  it('is not known where its files are gone', async () => {
    const folder = await makeProgram({ 'parts/guard.js': 'one' });
    await rm(folder, { recursive: true });
    expect(nameAnalysis(here(folder), inAnHour())).toBeUndefined();
  });

  it('is not known of a program that is one file', () => {
    expect(nameAnalysis('file:///home/user/src/sluice/dist/index.js', inAnHour())).toBeUndefined();
  });
});
