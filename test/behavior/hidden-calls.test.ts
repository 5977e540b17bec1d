/** What only acting a file out shows: names that the program computes, functions that it keeps in lists and maps. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import { tellFile, tellPackage } from './tell.ts';

const runs = 'child-process child_process.exec "id"';
const words = "'child_process', 'exec', 'id'";

/** A table that is rotated until a sum fits, and decoded when asked: as public obfuscators write it. */
const rotated = `
function table() { const list = ['id', '9y', 'ZXhlYw==', 'Y2hpbGRfcHJvY2Vzcw==', '3x', 'aWQ=']; table = function () { return list; }; return table(); }
function word(at) { const list = table(); return list[at - 0x10]; }
(function (get, wanted) {
  const list = get();
  while (!![]) {
    try { if (parseInt(word(0x10)) * 2 + parseInt(word(0x13)) === wanted) break; else list.push(list.shift()); }
    catch { list.push(list.shift()); }
  }
})(table, 21);
require(atob(word(0x12)))[atob(word(0x11))](atob(word(0x14)));`;

describe('names stand in', () => {
  it.each([
    [
      'a Map',
      `const m = new Map([[0, 'child_process'], [1, 'exec'], [2, 'id']]); require(m.get(0))[m.get(1)](m.get(2))`,
    ],
    ['a Set', `const [m, f, a] = new Set([${words}]); require(m)[f](a)`],
    [
      'fields of an instance',
      `class Box { constructor() { this.m = 'child_process'; this.f = 'exec'; this.a = 'id'; } } const b = new Box(); require(b.m)[b.f](b.a)`,
    ],
    [
      'fields that a class declares',
      `class Box { m = 'child_process'; f = 'exec'; a = 'id'; } const b = new Box(); require(b.m)[b.f](b.a)`,
    ],
    ['static fields', `class B { static m = 'child_process'; static f = 'exec'; } require(B.m)[B.f]('id')`],
    ['the global object', `globalThis.m = 'child_process'; globalThis.f = 'exec'; require(globalThis.m)[f]('id')`],
    [
      'the environment',
      `process.env.M = 'child_process'; process.env.F = 'exec'; require(process.env.M)[process.env.F]('id')`,
    ],
    [
      'what a generator yields',
      `function* g() { yield 'child_process'; yield 'exec'; } const w = [...g()]; require(w[0])[w[1]]('id')`,
    ],
    [
      'what an iterator gives',
      `function* g() { yield 'child_process'; yield 'exec'; } const i = g(); require(i.next().value)[i.next().value]('id')`,
    ],
    ['a document', `const d = JSON.parse('{"m":"child_process","f":"exec"}'); require(d.m)[d.f]('id')`],
    [
      'a getter',
      `const t = { get m() { return 'child_process'; }, get f() { return 'exec'; } }; require(t.m)[t.f]('id')`,
    ],
    ['keys of an object', `const k = Object.keys({ child_process: 1, exec: 2 }); require(k[0])[k[1]]('id')`],
    ['a table that is turned and decoded', rotated],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});

describe('names are put together', () => {
  it.each([
    [
      'in a loop',
      `let m = ''; for (const c of [99,104,105,108,100,95,112,114,111,99,101,115,115]) m += String.fromCharCode(c); require(m).exec('id')`,
    ],
    [
      'in a counting loop',
      `const t = 'dlihc'; let m = ''; for (let i = t.length - 1; i >= 0; i--) m += t[i]; require(m + '_process').exec('id')`,
    ],
    [
      'by a function with a loop',
      `function x(a) { let s = ''; for (let i = 0; i < a.length; i++) s += String.fromCharCode(a[i] ^ 3); return s; } require('child_process')[x([102, 123, 102, 96])]('id')`,
    ],
    [
      'by reduce',
      `require('child_process')[[101, 120, 101, 99].reduce((s, c) => s + String.fromCharCode(c), '')]('id')`,
    ],
    ['by a replacement', `require('child_process')['e#x#e#c'.replace(/#/g, '')]('id')`],
    [
      'by a replacing function',
      `require('child_process')['fyfd'.replace(/./g, (c) => String.fromCharCode(c.charCodeAt(0) - 1))]('id')`,
    ],
    [
      'by pairs of digits',
      `require('child_process')['65786563'.match(/../g).map((h) => String.fromCharCode(parseInt(h, 16))).join('')]('id')`,
    ],
    [
      'by a recursive function',
      `const r = (s) => s === '' ? '' : r(s.slice(1)) + s[0]; require('child_process')[r('cexe')]('id')`,
    ],
    [
      'in steps that a switch orders',
      `let s = ''; const order = '2|0|1'.split('|'); let at = 0; while (true) { switch (order[at++]) { case '0': s += 'x'; continue; case '1': s += 'ec'; continue; case '2': s += 'e'; continue; } break; } require('child_process')[s]('id')`,
    ],
    [
      'where an exception is caught',
      `let s; try { throw 'exec'; } catch (thrown) { s = thrown; } require('child_process')[[s].join('')]('id')`,
    ],
    ['from bytes', `require('child_process')[new TextDecoder().decode(new Uint8Array([101, 120, 101, 99]))]('id')`],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});

describe('a function is called that was kept', () => {
  it.each([
    ['in a Map', `const { exec } = require('child_process'); new Map([[1, exec]]).get(1)('id')`],
    ['in a list that is emptied', `const { exec } = require('child_process'); [exec].concat([]).pop()('id')`],
    [
      'behind a table of callers',
      `const t = { ab: (f, x) => f(x) }; const c = t[['a', 'b'].join('')](require, 'child_process'); c['ex' + 'ec']('id')`,
    ],
    ['by a callback of a list', `['id'].forEach(require('child_process')[['ex', 'ec'].join('')])`],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});

describe('what another file holds is known', () => {
  const program = `const w = require('./words'); require(w[0])[w[1]](w[2]);`;

  it('when it is a document', () => {
    expect(tellPackage({ 'index.js': program, 'words.json': `[${words.replaceAll("'", '"')}]` })).toContain(
      'load child-process child_process.exec',
    );
  });

  it('when it exports text', () => {
    expect(tellPackage({ 'index.js': program, 'words.js': `module.exports = [${words}];` })).toContain(
      'load child-process child_process.exec',
    );
    const named = `const w = require('./words.js'); require(w.m)[w.f]('id');`;
    expect(
      tellPackage({ 'index.js': named, 'words.js': "exports.m = 'child_process'; exports.f = 'exec';" }),
    ).toContain('load child-process child_process.exec');
  });

  it('when its words are put together', () => {
    const markup = "exports.a = '<script src=\"https://far.in'; exports.b = 'valid/a.js\"></script>';";
    const program = `Promise.resolve().then(() => { const w = require('./words'); document.write(w.a + w.b); });`;
    expect(tellPackage({ 'index.js': program, 'words.js': markup })).toContain('load dynamic-code script.src');
  });

  it('when a module exports it', () => {
    const files = {
      'index.mjs': `import { m, f } from './words.mjs'; const c = await import(m); c[f]('id');`,
      'words.mjs': `export const m = 'child_process'; export const f = ['ex', 'ec'].join('');`,
      'package.json': { name: 'sample', version: '1.0.0', main: 'index.mjs' },
    };
    expect(tellPackage(files)).toContain('load child-process child_process.exec');
  });
});

describe('what another file makes of a text is known', () => {
  const codes = (text: string, by: number): string => [...text].map((one) => one.charCodeAt(0) + by).join();
  const acts = `require(d([${codes('child_process', 3)}]))[d([${codes('exec', 3)}])](d([${codes('id', 3)}]));`;
  const decoder = '(list) => list.map((one) => String.fromCharCode(one - 3)).join("")';

  it.each([
    ['when that is all it exports', `const d = require('./d'); ${acts}`, `module.exports = ${decoder};`],
    [
      'when it is one of its exports',
      `const { d } = require('./d'); ${acts}`,
      `exports.e = 1; exports.d = ${decoder};`,
    ],
    [
      'when it makes the function first',
      `const d = require('./d')(3); ${acts}`,
      `module.exports = (by) => (list) => list.map((one) => String.fromCharCode(one - by)).join('');`,
    ],
    [
      'when it is a method of a class',
      `const { Codec } = require('./d'); const c = new Codec(3); const d = (list) => c.read(list); ${acts}`,
      `exports.Codec = class Codec { constructor(by) { this.by = by; } read(list) { return list.map((one) => String.fromCharCode(one - this.by)).join(''); } };`,
    ],
  ])('%s', (_, program, other) => {
    expect(tellPackage({ 'index.js': program, 'd.js': other })).toContain('load child-process child_process.exec');
  });

  it('when a module exports it by default', () => {
    const files = {
      'index.mjs': `import d from './d.mjs'; const c = await import(d([${codes('child_process', 3)}])); c.exec('id');`,
      'd.mjs': `export default function d(list) { return list.map((one) => String.fromCharCode(one - 3)).join(''); }`,
      'package.json': { name: 'sample', version: '1.0.0', main: 'index.mjs' },
    };
    expect(tellPackage(files)).toContain('load child-process child_process.exec');
  });

  it('as far as the steps go that the file itself has', () => {
    const endless = 'module.exports = (text) => { for (;;) text += "a"; };';
    const program = `const d = require('./d'); ${"require(d('a'));".repeat(50)}`;
    expect(tellPackage({ 'index.js': program, 'd.js': endless })).toContain('load computed-import require');
  });
});

describe('a file that takes more steps than the limit to act out', () => {
  const long = 'let n = 0; for (let i = 0; i < 5e6; i++) n += i;';
  const mix = 'const mix = (list) => { let out = ""; for (const one of list) out += "ab();"[one % 5]; return out; };';

  const unseenIn = (program: string): string[] =>
    analyzeFile(program, 'index.js').fns.flatMap(({ behaviors }) =>
      behaviors.filter(({ kind }) => kind === 'unseen-run').map(({ api }) => api),
    );

  it('runs something unseen, if it runs what it has put together', () => {
    expect(unseenIn(`${long} ${mix} eval(mix([1, n]));`)).toEqual(['eval']);
  });

  it('runs something unseen, if only an earlier call of it came to its end', () => {
    const act = 'function act(k) { let n = 0; for (let i = 0; i < k; i++) n += i; if (n > 9) eval(mix([1, n])); }';
    expect(unseenIn(`${mix} ${act} act(1); act(5e6);`)).toEqual(['eval']);
    expect(unseenIn(`${mix} ${act} act(1); setTimeout(() => act(5e6), 1); setTimeout(() => act(1), 2);`)).toEqual([
      'eval',
    ]);
  });

  it.each([
    [
      'another function did that is done',
      `${mix} function count(k) { for (let i = 0; i < k; i++); } count(1); function act() { eval(mix([0, 2, 3])); } act(); count(5e6);`,
    ],
    ['it prints it', `${long} ${mix} console.log(mix([1, n]));`],
    ['it was seen before the steps ran out', `${mix} eval(mix([0, 2, 3])); ${long} require([].concat(n));`],
    ['its caller says it', `${long} ${mix} exports.run = (text) => eval(text); require([].concat(n));`],
  ])('does not where %s', (_, program) => {
    expect(unseenIn(program)).toEqual([]);
  });
});

describe('acting a file out ends, whatever it does:', () => {
  const ask = ';require([].concat(hidden))[hidden](1);';
  it.each([
    ['a loop without end', 'for (;;) hidden += 1;'],
    ['a loop that makes a list longer', 'const l = []; while (true) l.push(l);'],
    [
      'lists of lists of lists',
      'let l = [1]; for (let i = 0; i < 60; i++) l = [l, l, l, l, l, l, l, l]; hidden = l + "";',
    ],
    ['a list that doubles', 'let l = [1]; for (let i = 0; i < 60; i++) l = [...l, ...l];'],
    ['a text that doubles', 'let s = "ab"; for (let i = 0; i < 60; i++) s += s; hidden = s;'],
    [
      'a text that is asked for again and again',
      'const s = "a".repeat(1e5); for (let i = 0; i < 1e9; i++) s.indexOf("b");',
    ],
    [
      'a list that is copied again and again',
      'const l = Array.from({ length: 2e4 }, (_, i) => i); for (let i = 0; i < 1e9; i++) l.slice();',
    ],
    ['functions that call themselves', 'function f(n) { return f(n + 1) + f(n + 2); } hidden = f(0);'],
    ['a getter that asks for itself', 'const o = { get a() { return o.a; } }; hidden = o.a;'],
    ['a class that extends itself', 'class A extends A {} hidden = new A().a;'],
    ['a prototype that is its own', 'const o = {}; o.__proto__ = o; hidden = o.a;'],
    ['assignments in a row', `${'a.b = '.repeat(60)}1;`],
    ['updates in one another', `${'a['.repeat(40)}0${']++'.repeat(40)};`],
    ['a pattern that backtracks', 'hidden = /^(a+)+$/.test("a".repeat(40) + "b");'],
    ['an iterator that it changes', 'const m = new Map([[1, 1]]); for (const [k] of m) m.set(k + 1, 1);'],
    ['a list sorted by chance', 'hidden = Array.from({ length: 5000 }, (_, i) => i).sort(() => -1);'],
    ['promises that answer one another', 'const f = () => Promise.resolve().then(f); f();'],
  ])('%s', (_, program) => {
    const summary = analyzeFile(`let hidden = ''; ${program}${ask}`, 'index.js');
    expect(summary.failure).toBeUndefined();
    expect(summary.fns.length).toBeGreaterThan(0);
  });
});
