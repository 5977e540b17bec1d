import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { replaceFiles } from '../../src/cli/replace-files.ts';

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-replace-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test('files get their new contents, keep their mode, and can be put back', async () => {
  const folder = makeFolder();
  const [old, fresh] = [join(folder, 'old'), join(folder, 'fresh')];
  writeFileSync(old, 'before');
  chmodSync(old, 0o640);
  const restore = await replaceFiles(
    new Map([
      [old, 'after'],
      [fresh, 'new'],
    ]),
  );
  expect(readFileSync(old, 'utf8')).toBe('after');
  expect(statSync(old).mode & 0o777).toBe(0o640);
  await restore();
  expect(readFileSync(old, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['old']);
});

test('when one cannot be written, all are as they were', async () => {
  const folder = makeFolder();
  const old = join(folder, 'old');
  writeFileSync(old, 'before');
  const impossible = join(old, 'below-a-file');
  await expect(
    replaceFiles(
      new Map([
        [old, 'after'],
        [impossible, 'x'],
      ]),
    ),
  ).rejects.toThrow(/is as it was/);
  expect(readFileSync(old, 'utf8')).toBe('before');
  expect(readdirSync(folder)).toEqual(['old']);
});
