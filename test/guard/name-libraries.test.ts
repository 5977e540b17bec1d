import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nameLibraries } from '../../src/guard/name-libraries.ts';

const inAnHour = (): number => Date.now() + 3_600_000;

/** What a package manager has installed. */
async function install(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const name of ['parser', 'other', '@scope/library'])
    await mkdir(join(folder, 'node_modules', name), { recursive: true });
  await writeFile(join(folder, 'node_modules/.package-lock.json'), '{"packages":{}}');
  return folder;
}

const parserIn = (folder: string): string => pathToFileURL(join(folder, 'node_modules/parser/index.js')).href;
const nameIn = (folder: string): string | undefined => nameLibraries(parserIn(folder), inAnHour());

async function replaceFolder(folder: string, name: string): Promise<void> {
  const path = join(folder, 'node_modules', name);
  await mkdir(`${path}-new`);
  await rm(path, { recursive: true });
  await rename(`${path}-new`, path);
}

describe('the name of the libraries', () => {
  it('stays as long as nothing is installed', async () => {
    const folder = await install();
    const name = nameIn(folder);
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    await writeFile(join(folder, 'node_modules/other/cache.json'), '{}');
    expect(nameIn(folder)).toBe(name);
  });

  it.each<[string, (folder: string) => Promise<void>]>([
    ['a library is replaced', (folder) => replaceFolder(folder, 'other')],
    ['a library of a scope is replaced', (folder) => replaceFolder(folder, '@scope/library')],
    [
      'npm writes down what it installed',
      (folder) => writeFile(join(folder, 'node_modules/.package-lock.json'), '{"packages":{"":{}}}'),
    ],
  ])('is another when %s', async (_, change) => {
    const folder = await install();
    const name = nameIn(folder);
    // So that the change has a time of its own, whatever the file system counts in.
    await sleep(20);
    await change(folder);
    expect(nameIn(folder)).toMatch(/^[0-9a-f]{64}$/);
    expect(nameIn(folder)).not.toBe(name);
  });

  it('is not given where something was installed since this process began, or nothing tells', async () => {
    const folder = await install();
    expect(nameLibraries(parserIn(folder), Date.now() - 3_600_000)).toBeUndefined();
    expect(nameLibraries(parserIn(join(folder, 'gone')), inAnHour())).toBeUndefined();
    expect(nameLibraries('file:///parser/index.js', inAnHour())).toBeUndefined();
  });
});
