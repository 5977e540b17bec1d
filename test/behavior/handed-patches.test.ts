/** A function changes what it is given: whose object that is, is told for each call, in whatever order they stand. */
import { describe, expect, it } from 'vitest';
import { compare, type Files, tellPackage } from './tell.ts';

const own = `module.exports = { readFile() {} };`;
const patch = `function p(o) { o.readFile = () => {}; return o; }\nconst fs = require('fs');\n`;

function tellPatches(files: Files): string[] {
  return tellPackage({ 'own.js': own, ...files }, { 'index.js': '' }).filter((line) => line.includes('global-patch'));
}

describe('what everybody shares is told', () => {
  it.each([
    ['before its own', `${patch} p(fs); p(require('./own.js'));`],
    ['after its own', `${patch} p(require('./own.js')); p(fs);`],
    ['after many of its own', `${patch} ${'p({}); p(require("./own.js"));'.repeat(20)} p(fs);`],
    ['by call', `${patch} p(require('./own.js')); p.call(null, fs);`],
    ['by apply', `${patch} p(require('./own.js')); p.apply(null, [fs]);`],
    ['by Reflect.apply', `${patch} p(require('./own.js')); Reflect.apply(p, null, [fs]);`],
    ['by bind', `${patch} p(require('./own.js')); p.bind(null, fs)();`],
    ['by a bound function', `${patch} p(require('./own.js')); const q = p.bind(null, fs); q();`],
    ['by a spread list', `${patch} p(require('./own.js')); p(...[fs]);`],
    ['by a list that is walked', `${patch} [require('./own.js'), fs].map(p);`],
    ['by a timer', `${patch} p(require('./own.js')); setTimeout(p, 10, fs);`],
    ['by a promise', `${patch} p(require('./own.js')); Promise.resolve(fs).then(p);`],
    ['by a wrapper', `${patch} function q(x) { return p(x); } q(require('./own.js')); q(fs);`],
    ['by a part of an object', `${patch} const q = (x) => p(x.in); q({ in: require('./own.js') }); q({ in: fs });`],
    ['by a function that is given', `${patch} const make = () => p; make()(require('./own.js')); make()(fs);`],
    ['by a choice', `${patch} p(Date.now() > 1 ? fs : require('./own.js'));`],
    [
      'to a method',
      `const t = { alter(o) { o.readFile = 1; } }; t.alter(require('./own.js')); t.alter(require('fs'));`,
    ],
    [
      'to a constructor',
      `class T { constructor(o) { o.readFile = 1; } } new T(require('./own.js')); new T(require('fs'));`,
    ],
    ['as this', `function p() { this.readFile = 1; } p.call(require('./own.js')); p.call(require('fs'));`],
    ['as one of the arguments', `function p() { arguments[0].readFile = 1; } p({}); p(require('fs'));`],
    ['as the rest', `function p(...all) { all[0].readFile = 1; } p({}); p(require('fs'));`],
    ['in a pattern', `function p({ fs }) { fs.readFile = 1; } p({ fs: {} }); p({ fs: require('fs') });`],
    ['by default', `function p(o = require('fs')) { o.readFile = 1; } p({}); p();`],
    ['by another name', `function p(o) { const self = o || {}; self.readFile = 1; } p({}); p(require('fs'));`],
    ['by assign', `const p = (o) => Object.assign(o, { readFile() {} }); p({}); p(require('fs'));`],
    ['by defineProperty', `const p = (o) => Object.defineProperty(o, 'readFile', {}); p({}); p(require('fs'));`],
    [
      'by a helper that is told the name',
      `const set = (o, k, v) => { o[k] = v; }; set({}, 'open', 1); set(require('fs'), 'readFile', 1);`,
    ],
    [
      'by a helper behind another',
      `const set = (o, k) => Object.defineProperty(o, k, {}); const all = (x, n) => set(x, n); all({}, 'open'); all(require('fs'), 'readFile');`,
    ],
    ['by names out of a list', `function p(o) { for (const n of ['readFile']) o[n] = 1; } p({}); p(require('fs'));`],
    [
      'by names in a callback',
      `function p(o) { ['readFile'].forEach((n) => { o[n] = 1; }); } p({}); p(require('fs'));`,
    ],
  ])('%s', (_, program) => {
    expect(tellPatches({ 'index.js': program })).toEqual(['load global-patch fs.readFile']);
  });

  it('as a part of a global object', () => {
    const program = `class A { static on(scope) { scope.XMLHttpRequest.prototype.send = 1; } } A.on({}); A.on(window)`;
    expect(tellPatches({ 'index.js': program })).toEqual(['load global-patch XMLHttpRequest.prototype.send']);
  });

  it.each<[string, Files]>([
    [
      'to an export of another file',
      {
        'index.js': `const { p } = require('./p.js'); p(require('./own.js')); p(require('fs'));`,
        'p.js': `exports.p = (o) => { o.readFile = 1; };`,
      },
    ],
    [
      'through a third file',
      {
        'index.js': `require('./q.js').go(require('./own.js')); require('./q.js').go(require('fs'));`,
        'q.js': `const p = require('./p.js'); exports.go = (x) => p(x);`,
        'p.js': `module.exports = function (o) { o.readFile = 1; };`,
      },
    ],
    [
      'to an export of a module',
      {
        'package.json': { name: 'sample', version: '1.0.0', type: 'module', exports: './index.js' },
        'index.js': `import fs from 'node:fs'; import { p } from './p.js'; p({}); p(fs);`,
        'p.js': `export function p(o) { o.readFile = 1; }`,
      },
    ],
  ])('%s', (_, files) => {
    expect(tellPatches(files)).toEqual(['load global-patch fs.readFile']);
  });
});

describe('with the way that leads to it', () => {
  it('where only some calls hand it on', () => {
    const program = `${patch} exports.own = p(require('./own.js')); exports.all = () => p(fs);`;
    expect(tellPatches({ 'index.js': program })).toEqual(['call global-patch fs.readFile']);
  });

  it('where one is under a test', () => {
    const program = `${patch} p(require('./own.js')); if (process.argv.length > 3) p(fs);`;
    const { added } = compare({ 'index.js': '' }, { 'index.js': program, 'own.js': own }).behaviors;
    expect(added.find(({ kind }) => kind === 'global-patch')?.marks).toContain('conditional');
  });
});

describe('nothing is told', () => {
  it.each<[string, Files]>([
    [
      'of a copy',
      { 'index.js': `${patch} p(require('./copy.js')(fs));`, 'copy.js': 'module.exports = (of) => ({ ...of });' },
    ],
    ['of what the file makes itself', { 'index.js': `${patch} p({}); p(new Map()); p(require('./own.js'));` }],
    ['of what callers give', { 'index.js': `${patch} exports.patch = p; exports.patchAll = (all) => all.map(p);` }],
    [
      'of what is put back',
      { 'index.js': `const { log } = console; const q = (c) => { c.log = log; }; q({}); q(console);` },
    ],
  ])('%s', (_, files) => {
    expect(tellPatches(files)).toEqual([]);
  });

  it('of what the old version did', () => {
    const before = { 'index.js': `${patch} p(fs); p(require('./own.js'));`, 'own.js': own };
    const after = { ...before, 'index.js': `${patch} p(require('./own.js')); p(fs); // again` };
    expect(tellPackage(after, before)).toEqual([]);
  });
});

describe('what is made of an object', () => {
  it('is written for itself alone', () => {
    expect(
      tellPatches({ 'index.js': `const one = Object.create(Object.prototype); one.toString = () => 'one';` }),
    ).toEqual([]);
    expect(
      tellPatches({ 'index.js': `let copy = Object.create(require('fs')); copy.readFile = () => {}; copy = 0;` }),
    ).toEqual([]);
  });

  it.each([
    [
      'its variable holds the object itself, too',
      `let one = Object.create(null); one = require('fs'); one.readFile = 1;`,
    ],
    [
      'what it is made of is written',
      `const one = Object.create(require('fs')); Object.getPrototypeOf(one).readFile = 1;`,
    ],
    [
      'who makes it is not the language',
      `const Object = { create: (of) => of }; const one = Object.create(require('fs')); one.readFile = 1;`,
    ],
  ])('stands for the object where %s', (_, program) => {
    expect(tellPatches({ 'index.js': program })).toEqual(['load global-patch fs.readFile']);
  });
});
