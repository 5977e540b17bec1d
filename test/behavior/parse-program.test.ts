/** What counts as JavaScript: everything Node runs; what it does not run is a failure with a line, never a crash. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import { createRandom } from '../support/random.ts';

describe('Node runs it, and it is read:', () => {
  it.each([
    ['a script', 'with (x) { y; } var let_ = 010;', 'a.js'],
    ['a module', "import x from 'x'; export default x; await x;", 'a.js'],
    ['a module by its ending', 'await x; export {};', 'a.mjs'],
    ['CommonJS with a return at the top', 'if (x) return; exports.a = 1;', 'a.js'],
    ['CommonJS with new.target at the top', 'exports.a = new.target;', 'a.cjs'],
    ['await as a name', 'var await = 1;', 'a.js'],
    ['a hashbang', '#!/usr/bin/env node\nf();', 'a'],
    ['a byte order mark', '\uFEFFf();', 'a.js'],
    ['a byte order mark before a hashbang', '\uFEFF#!/usr/bin/env node\nf();', 'a.js'],
    ['HTML comments', '<!-- x\nf();\n--> y', 'a.js'],
    ['line separators in strings', "f('\u2028\u2029');", 'a.js'],
    ['carriage returns', 'f();\rg();\r\nh();', 'a.js'],
    ['regular expression flags', '/a/dgimsuy; /[a--b]/v; /(?<n>x)\\k<n>/u; /(?i:x)/;', 'a.js'],
    ['odd regular expressions', '/[/]/; /\\//; /{/; /a{,1}/; x = a / b / c;', 'a.js'],
    ['numbers', '1_000n; 0b1; 0o7; 0xf; .5e-3; 1e999;', 'a.js'],
    [
      'classes',
      'class A { #x = 1; static #y; static { } get #z() { return #x in this; } accessor = 1; "constructor"() {} }',
      'a.js',
    ],
    ['a decorator-free accessor', 'class A { static async *[x]() { yield* y; } }', 'a.js'],
    ['nullish and exponents', 'a ??= b ** c?.[d]?.(e) ?? f;', 'a.js'],
    ['import attributes', "import x from './x.json' with { type: 'json' };", 'a.mjs'],
    ['import.meta', 'import.meta.url;', 'a.mjs'],
    ['using names that are words elsewhere', 'var of, get, set, async, static_, type, as, from; async = of;', 'a.js'],
    ['empty text', '', 'a.js'],
    ['only a comment', '// nothing', 'a.js'],
    ['a directive', '"use strict"; 1;', 'a.js'],
    ['a lone surrogate', "f('\\uD800');", 'a.js'],
  ])('%s', (_, text, path) => {
    expect(analyzeFile(text, path)).toMatchObject({ failure: undefined, unread: undefined });
  });
});

it('reads elements of a page in the middle of code, as bundlers do, and what is done in them', () => {
  const text = `export const a = (props) => <B.C {...props} d="e"><>{f(<g h={eval(props.text)} />)}</></B.C>;`;
  const { failure, fns } = analyzeFile(text, 'a.js');
  expect(failure).toBeUndefined();
  expect(fns.flatMap(({ behaviors }) => behaviors.map(({ api }) => api))).toEqual(['eval']);
});

describe('Node does not run it, and that is said with its line:', () => {
  it.each([
    ['JSX that is not closed', 'f();\nx = <a>b</c>;', 2],
    ['Flow', 'f();\nfunction g(x: string) {}', 2],
    ['TypeScript', 'f();\n\nenum A { B }', 3],
    ['JSON', '{ "a": 1, "b": 2 }', 1],
    ['an open string', "f();\nx = 'a", 2],
    ['an open template', 'x = `a', 1],
    ['an open block', 'f() {', 1],
    ['a merge conflict', 'f();\n<<<<<<< HEAD\ng();', 2],
    ['binary data', '\u0000\u0001\u0002', 1],
    ['HTML', '<!doctype html>', 1],
  ])('%s', (_, text, line) => {
    const { failure, fns } = analyzeFile(text, 'a.js');
    expect({ line: failure?.line, fns }).toEqual({ line, fns: [] });
    expect(failure?.detail).not.toBe('');
  });
});

const words = [
  'require', '(', ')', "'child_process'", '.', 'exec', '[', ']', '{', '}', ';', ',', '=', '=>', 'function', 'f', 'x', 'y',
  'class', 'extends', 'new', 'return', 'throw', 'for', 'while', 'do', 'of', 'in', 'let', 'const', 'var', 'if', 'else',
  'try', 'catch', 'finally', 'switch', 'case', 'default', 'break', 'continue', 'async', 'await', 'yield', '*', '+', '++',
  '-', '!', '?', ':', '??', '?.', '&&', '||', '...', '`', '${', '/', 'import', 'export', 'from', 'this', 'super', '#p',
  '1', '"a"', 'eval', 'Function', 'exports', 'module', '\n', '<', '<!--', 'get', 'static', 'typeof', 'delete', 'void',
] as const; // biome-ignore format: a list of words

const programs = [
  "const { exec: run = x } = require('child_process'); for (let i = 0; i < 10; i++) run(['a', 'b' + `c`].join(''));",
  "class A extends B { #p = require('fs'); static async *m(...args) { yield* this.#p.readdir(args[0]); } get x() { return super.x; } } new A().m();",
  "exports.f = async (a, { b: [c] = [1] }) => { try { await import(a + c); } catch { throw new Error(`x` + c); } finally { process.exit(c ?? 1); } };",
  "var s = atob('eA=='); s += 'y'; switch (s) { case 'xy': eval(s); default: setTimeout(function go() { console.log(s); setImmediate(go); }); }",
  "(function (root, factory) { typeof define === 'function' ? define([], factory) : (root.x = factory()); })(this, () => ({ ...globalThis, ['a' + 1]: Function('return this')() }));",
  "label: for (const [k, v] of Object.entries(process.env)) { do { if (k.length > 3) continue label; v = v.split('').reverse().join(''); } while (v); }",
] as const; // biome-ignore format: one program a line

/** Never throws, never takes long: whatever the text, it is read, failed or unread. */
function isRead(text: string): boolean {
  const { fns, failure, unread } = analyzeFile(text, 'index.js');
  return failure !== undefined || unread !== undefined || fns.length > 0;
}

describe('random text is read, failed or unread', () => {
  it.each([1, 2, 3, 4])('as words without grammar (seed %i)', (seed) => {
    const { below, pick } = createRandom(seed);
    for (let run = 0; run < 750; run += 1) {
      const text = Array.from({ length: 1 + below(60) }, () => pick(words)).join(below(2) === 0 ? ' ' : '');
      expect(isRead(text), text).toBe(true);
    }
  });

  it.each([1, 2, 3, 4])('as programs with letters and words changed (seed %i)', (seed) => {
    const { below, pick } = createRandom(seed * 7919);
    let parsed = 0;
    for (let run = 0; run < 750; run += 1) {
      let text: string = pick(programs);
      for (let change = 0; change <= below(4); change += 1) {
        const [at, length] = [below(text.length), below(6)];
        text = text.slice(0, at) + (below(2) === 0 ? pick(words) : '') + text.slice(at + length);
      }
      expect(isRead(text), text).toBe(true);
      if (analyzeFile(text, 'index.js').failure === undefined) parsed += 1;
    }
    // Mutants that do not parse say little about what comes after the parser.
    expect(parsed).toBeGreaterThan(50);
  });

  it('as programs put into one another', () => {
    const { below, pick } = createRandom(42);
    for (let run = 0; run < 300; run += 1) {
      let text: string = pick(programs);
      for (let depth = 0; depth <= below(5); depth += 1)
        text = `function f${depth}(a, b) { ${text} } f${depth}(f${below(3)}, () => { ${pick(programs)} });`;
      expect(isRead(text), text).toBe(true);
    }
  });
});
