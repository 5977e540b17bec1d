import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { allDeliveries } from '../../tools/mutate/deliveries.ts';
import { encodings, honestStyles } from '../../tools/mutate/encodings.ts';
import { randomFor } from '../../tools/mutate/random-for.ts';
import type { ModuleSystem } from '../../tools/mutate/snippet.ts';
import { type Wording, writeCode } from '../../tools/mutate/write-code.ts';

/** Harmless, and it shows what every part of it came to. */
const sample = `const path = require('path');
const util = require('util');
const parts = ['far', 'off'].map((part) => part.toUpperCase());
const settings = { 'a key': path.join(parts[0], parts[1]), method: 'POST' };
const { method } = settings;
globalThis.collected.push(util.format('%s-%s', settings['a key'], method), parts.length, util.inspect(path.sep));`;
const expected = ['FAR/OFF-POST', 2, "'/'"];

const systems: readonly ModuleSystem[] = ['cjs', 'esm'];
const variants = systems.flatMap((system) =>
  [...encodings, ...honestStyles.map((style) => ({ ...style, id: `honest ${style.id}` }))]
    .filter((encoding) => encoding.system === undefined || encoding.system === system)
    .map((encoding) => ({ system, encoding, name: `${encoding.id} (${system})` })),
);

describe('writeCode', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-mutate-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ['', () => false],
    // What stands as text in a text cannot be given other names.
    [', though every name is taken that it would like', (name: string) => name !== 'require' && !/\d$/.test(name)],
  ])('writes the same program in every encoding%s', (_, isTaken) => {
    const files = variants.map(({ system, encoding, name }, index) => {
      const delivery = allDeliveries[index % (allDeliveries.length - 1)] ?? 'top';
      const { code, beside } = writeCode(sample, wording({ system, encoding, delivery, isTaken }));
      const file = `${index}.${system === 'esm' ? 'mjs' : 'cjs'}`;
      const own = code.replaceAll('./words.', `./${index}-words.`);
      writeFileSync(join(folder, file), own);
      if (beside !== undefined) writeFileSync(join(folder, `${index}-${beside.name}`), beside.text);
      return { name, file };
    });
    expect(runAll(folder, files)).toEqual(Object.fromEntries(files.map(({ name }) => [name, expected])));
  });

  const atTop = variants.filter(({ encoding }) => encoding.obfuscated === undefined && encoding.awaits !== true);
  it.each(atTop)('keeps away from names that are taken: $name', ({ system, encoding }) => {
    const taken = new Set(['path', 'util', 'parts', 'require2', 'loadModule', 'wordTable']);
    const { code } = writeCode(sample, wording({ system, encoding, isTaken: (name) => taken.has(name) }));
    const declared = [...code.matchAll(/^(?:const|function|import) (\w+)/gm)].map(([, name]) => name);
    expect(declared.filter((name) => name !== undefined && taken.has(name))).toEqual([]);
  });

  it('makes the code the body of an exported function', () => {
    const exported = { name: 'check', parameters: 'text' };
    const body = 'return text.length;';
    expect(writeCode(body, wording({ system: 'esm', exported })).code).toBe(
      'export function check(text) {\nreturn text.length;\n}',
    );
    expect(writeCode(body, wording({ system: 'cjs', exported })).code).toBe(
      'module.exports.check = function (text) {\nreturn text.length;\n};',
    );
  });

  it('imports openly only what is not to be hidden', () => {
    const inModule = (id: string): string => writeCode(sample, wording({ system: 'esm', encoding: find(id) })).code;
    expect(inModule('plain')).toContain("import path from 'path';");
    expect(inModule('hex')).not.toMatch(/\bpath from\b/);
  });
});

function find(id: string): Wording['encoding'] {
  const encoding = encodings.find((one) => one.id === id);
  if (encoding === undefined) throw new Error(`no encoding ${id}`);
  return encoding;
}

function wording(changes: Partial<Wording>): Wording {
  const encoding = changes.encoding ?? find('plain');
  return {
    system: 'cjs',
    encoding,
    delivery: 'top',
    isTaken: () => false,
    random: randomFor(encoding.id),
    ...changes,
  };
}

/** Each file of ours in turn, in one process of its own: the main module matters to some of them. */
function runAll(folder: string, files: readonly { readonly name: string; readonly file: string }[]): unknown {
  const runner = `const files = ${JSON.stringify(files)};
(async () => {
  const results = {};
  for (const { name, file } of files) {
    globalThis.collected = [];
    try {
      if (file.endsWith('.mjs')) await import('./' + file);
      else require('./' + file);
      await new Promise((resolve) => setTimeout(resolve, 5));
      results[name] = globalThis.collected;
    } catch (error) { results[name] = String(error); }
  }
  console.log(JSON.stringify(results));
})();`;
  writeFileSync(join(folder, 'runner.cjs'), runner);
  return JSON.parse(execFileSync(process.execPath, [join(folder, 'runner.cjs')], { encoding: 'utf8' }));
}
