import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { runCompiler } from '../support/run-compiler.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

test('main.ts is written in what an old Node can parse, so that it can say that it is too old', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-main-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const emit = (target: string): string => {
    const flags = [
      '--ignoreConfig',
      '--noCheck',
      '--noResolve',
      '--module',
      'esnext',
      '--rewriteRelativeImportExtensions',
    ];
    const answer = runCompiler(folder, [...flags, '--target', target, '--outDir', join(folder, target), main]);
    expect(answer).toEqual({ exit: 0, complaints: '' });
    return readFileSync(join(folder, target, 'main.js'), 'utf8');
  };
  expect(emit('esnext')).toBe(emit('es2018'));
  expect(readFileSync(main, 'utf8')).not.toMatch(/^import /m);
});
