import { readFileSync } from 'node:fs';
import typescript from 'typescript';
import { expect, test } from 'vitest';

test('main.ts is written in what an old Node can parse, so that it can say that it is too old', () => {
  const source = readFileSync(new URL('../../src/cli/main.ts', import.meta.url), 'utf8');
  const emit = (target: typescript.ScriptTarget): string =>
    typescript.transpileModule(source, { compilerOptions: { target, module: typescript.ModuleKind.ESNext } })
      .outputText;
  expect(emit(typescript.ScriptTarget.ESNext)).toBe(emit(typescript.ScriptTarget.ES2018));
  expect(source).not.toMatch(/^import /m);
});
