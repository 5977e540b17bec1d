/** What is not worth evaluating is left out, and nothing that leads outside is: programs that hide a name in every way there is. */
import { describe, expect, it } from 'vitest';
import { tellFile } from './tell.ts';

const runs = 'child-process child_process.exec "id"';

describe('a function of the outside is still seen when it goes', () => {
  it.each([
    ['through aliases', "var a = require('child_process'), b = a, c = b.exec; c('id');"],
    ['through one of two values', "let a; if (x) a = 1; else a = require('child_process'); a.exec('id');"],
    ['through a choice', "var a = x ? require('fs') : require('child_process'); a.exec('id');"],
    ['through a default', "var a = x || require('child_process'); a.exec('id');"],
    ['through an assignment inside an expression', "var b, a = (b = require('child_process')); b.exec('id');"],
    ['through a sequence', "var a = (0, require('child_process')); (0, a.exec)('id');"],
    ['through a destructured module', "const { exec: run } = require('child_process'); run('id');"],
    ['through nested patterns', "const { a: { exec } } = { a: require('child_process') }; exec('id');"],
    ['through a destructured list', "const [a] = [require('child_process')]; a.exec('id');"],
    ['through a destructured parameter', "function f({ exec }) { exec('id'); } f(require('child_process'));"],
    ['through a computed key of a pattern', "const { ['ex' + 'ec']: run } = require('child_process'); run('id');"],
    ['through a default of a pattern', "function f({ run = require('child_process').exec }) { run('id'); } f({});"],
    ['through a parameter', "function f(a) { a.exec('id'); } f(require('child_process'));"],
    ['through two parameters', "function g(b) { b('id'); } function f(a) { g(a.exec); } f(require('child_process'));"],
    ['through a rest parameter', "function f(...all) { all[0].exec('id'); } f(require('child_process'));"],
    ['through a spread argument', "function f(a) { a.exec('id'); } f(...[require('child_process')]);"],
    ['through a returned value', "function f() { return require('child_process'); } f().exec('id');"],
    ['through a returned function', "function f() { return () => require('child_process'); } f()().exec('id');"],
    [
      'through a function in a variable',
      "var f = x || function () { return require('child_process'); }; f().exec('id');",
    ],
    ['through a function that is passed', "function f(give) { give().exec('id'); } f(() => require('child_process'));"],
    ['through a returned parameter', "function f(a) { return a; } f(require('child_process')).exec('id');"],
    [
      'through a method that gives its argument',
      "var o = { keep(a) { return a; } }; o.keep(require('child_process')).exec('id');",
    ],
    ['through call', "function f(a) { a.exec('id'); } f.call(null, require('child_process'));"],
    ['through call of a giver', "function f() { return require('child_process'); } f.call(null).exec('id');"],
    [
      'through bind of a giver',
      "function f() { return require('child_process'); } var g = f.bind(null); g().exec('id');",
    ],
    ['through call of it', "require('child_process').exec.call(null, 'id');"],
    ['through apply of it', "require('child_process').exec.apply(null, ['id']);"],
    ['through bind of it', "var run = require('child_process').exec.bind(null, 'id'); run();"],
    ['through Reflect.apply', "Reflect.apply(require('child_process').exec, null, ['id']);"],
    [
      'through what calls functions',
      "var go = Function.prototype.call.bind(require('child_process').exec); go(null, 'id');",
    ],
    ['through Object.assign', "Object.assign({}, require('child_process')).exec('id');"],
    [
      'through an alias of Object.assign',
      "const { assign } = Object; assign({}, require('child_process')).exec('id');",
    ],
    ['through Promise.resolve', "Promise.resolve(require('child_process')).then((cp) => cp.exec('id'));"],
    ['through a spread', "const a = { ...require('child_process') }; a.exec('id');"],
    ['through a property', "const o = { cp: require('child_process') }; o.cp.exec('id');"],
    ['through a property and an alias', "const o = { cp: require('child_process') }; const a = o.cp; a.exec('id');"],
    ['through a computed property', "const o = { ['c' + 'p']: require('child_process') }; o.cp.exec('id');"],
    [
      'through a field',
      "class A { constructor() { this.cp = require('child_process'); } go() { this.cp.exec('id'); } }",
    ],
    [
      'through a field and an alias',
      "class A { constructor() { this.cp = require('child_process'); } go() { const { cp } = this; cp.exec('id'); } }",
    ],
    ['through a field of the class', "class A { static run = require('child_process').exec; } A.run('id');"],
    ['through a table of texts', "var t = ['exec', 'child_process']; require(t[1])[t[0]]('id');"],
    ['through a table that is passed', "(function (t) { require(t[1])[t[0]]('id'); })(['exec', 'child_process']);"],
    [
      'through a table of modules',
      "var t = { a: (m) => { m.x = require('child_process'); }, b: (m) => m.x.exec('id') }; for (const k in t) t[k]({});",
    ],
    [
      'through a table by a name that is computed',
      "var t = { linux: () => require('child_process').exec('id') }; var go = t[process.platform]; go();",
    ],
    ['through a list that is walked', "for (const run of [require('child_process').exec]) run('id');"],
    ['through a method of a list', "[require('child_process')].map((cp) => cp.exec('id'));"],
    ['through the end of a list', "[require('fs'), require('child_process')].pop().exec('id');"],
    ['through import()', "import('child_process').then(({ exec }) => exec('id'));"],
    ['through the global object', "globalThis.process.mainModule.require('child_process').exec('id');"],
    [
      'through an alias of the global object',
      "var g = x ? globalThis : self; g['req' + 'uire']('child_process').exec('id');",
    ],
    ['through an alias of require', "var r = require; var a = r('child_process'); a.exec('id');"],
    [
      'through createRequire',
      "const { createRequire } = require('module'); const r = createRequire(x); r('child_process').exec('id');",
    ],
    [
      'through a default import',
      "import process from 'node:process'; process.mainModule.require('child_process').exec('id');",
    ],
    [
      'through the default of a namespace',
      "import * as all from 'node:module'; all.default.createRequire(x)('child_process').exec('id');",
    ],
    [
      'through a helper of a compiler',
      "var def = (x && x.def) || function (m) { return m && m.esm ? m : { default: m }; }; var a = def(require('child_process')); a.default.exec('id');",
    ],
    [
      'through a promisified function',
      "const { promisify } = require('util'); promisify(require('child_process').exec)('id');",
    ],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});
