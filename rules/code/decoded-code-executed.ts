/**
 * Text that was encoded, encrypted or spelled in numbers is turned back and then run as code, or used as the name of a
 * module or a command. Either step alone is ordinary; the one flowing into the other is how payloads hide from readers.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const decodedCodeExecuted: Rule = defineRule({
  id: 'decoded-code-executed',
  family: 'code',
  title: 'Decoded text is run as code',
  rationale: 'What really runs does not stand in the package as text: it was hidden from everybody who reads it.',
  remedy: 'Decode it yourself and read it, without running it. Until then stay on the old version.',
  level: 'block',
  incidents: [
    {
      what: 'event-stream 3.3.6 through flatmap-stream 0.1.1: an encrypted test fixture, decrypted and compiled as a module',
      when: '2018-11-26',
      url: 'https://github.com/dominictarr/event-stream/issues/116',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'when-called': { level: 'review', about: 'It happens only when a user of the package calls the function.' },
    'perhaps-at-load': {
      level: 'review',
      about: 'On loading, where a name that others have too leads to it: a method, or what holds the name of a module.',
    },
    'perhaps-when-called': {
      level: 'notice',
      about:
        'A function makes code of what its caller gives, and only a name that others have too ties decoded text to it.',
    },
    webassembly: { level: 'review', about: 'The code is WebAssembly, which cannot be read as text anyway.' },
    'webassembly-of-addition': {
      level: 'notice',
      about: 'The same in a package that is new as a whole: what it can reach, its JavaScript must hand to it.',
    },
  },
  flags: [
    {
      title: 'base64 into eval, through a helper function',
      before: { 'index.js': '' },
      after: {
        'index.js': `const plain = (text) => Buffer.from(text, 'base64').toString();\neval(plain('Y29uc29sZS5sb2coMSk='));\n`,
      },
      expect: [
        {
          message: 'eval runs decoded text: console.log(1)',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a decrypted file compiled as a module',
      before: { 'index.mjs': '', 'package.json': { main: 'index.mjs' } },
      after: {
        'package.json': { main: 'index.mjs' },
        'index.mjs': `import Module from 'node:module';
import { createDecipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
export function load(key, iv) {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  let text = decipher.update(readFileSync('fixture.bin', 'hex'), 'hex', 'utf8');
  text += decipher.final('utf8');
  new Module('inner')._compile(text, 'inner');
}
`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'module()._compile runs decoded text',
          at: { in: 'tarball', path: 'index.mjs', line: 8 },
          via: ['main', 'index.mjs', 'load()'],
        },
      ],
    },
    {
      title: 'what somebody else compiles, beside a method of that name',
      before: { 'index.js': '' },
      after: {
        'index.js': `
function Reader() {}
Reader.prototype._compile = function (text) { return text.length; };
Reader.prototype.read = function (text) { return this._compile(atob(text)); };
Reader.prototype.run = function (text) { this.made._compile(atob(text), 'made'); };
exports.Reader = Reader;
`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'module._compile runs decoded text',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js', 'run()'],
        },
      ],
    },
    {
      title: 'one of two methods of a name',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.Loader = class { start() { eval(Buffer.from('Y29uc29sZS5sb2coMSk=', 'base64').toString()); } };
exports.Timer = class { start() {} };
require('sample').make().start();
`,
      },
      expect: [
        {
          kind: 'perhaps-at-load',
          message: 'eval runs decoded text: console.log(1)',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'start()'],
        },
      ],
    },
    {
      title: 'a module whose name only a field that others have too ties to decoded text',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const table = require('sample');
exports.read = (text) => { table.name = Buffer.from(text, 'base64').toString(); };
for (const one of table.list()) require(one.name);
`,
      },
      expect: [
        {
          kind: 'perhaps-at-load',
          message: 'require loads a module by a decoded name',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a template of the caller, into which a field that others have too may put decoded text',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const table = require('sample');
exports.read = (text) => { table.part = Buffer.from(text, 'base64').toString(); };
exports.compile = (source) => { for (const one of table.list()) return new Function('data', source + one.part); };
`,
      },
      expect: [
        {
          kind: 'perhaps-when-called',
          message: 'Function may run decoded text: data …',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'compile()'],
        },
      ],
    },
    {
      title: 'the name of a module in character codes',
      before: { 'index.js': '' },
      after: { 'index.js': 'const m = require([102, 115].map((c) => String.fromCharCode(c)).join(""));\n' },
      expect: [
        {
          message: 'require loads a module by a decoded name: fs',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'WebAssembly out of a text',
      before: { 'index.js': '' },
      after: {
        'index.js': `WebAssembly.instantiate(Buffer.from('AGFzbQEAAAA=', 'base64'), {});\n`,
      },
      expect: [
        {
          kind: 'webassembly',
          message: 'WebAssembly.instantiate loads WebAssembly that stands in the file as text',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'numbers that WebAssembly gives, run as text',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { add } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11])), {}).exports;
eval([40, 50, 60].map((one) => String.fromCharCode(add(one, 7))).join(''));
`,
      },
      expect: [
        {
          message: 'eval runs decoded text: ………',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'WebAssembly in numbers that has a memory of its own, that takes a function, and that is empty',
      before: { 'index.js': '' },
      after: {
        'index.js': `new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 5, 3, 1, 0, 1, 10, 1, 0]));
new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 2, 7, 1, 1, 97, 1, 98, 0, 0, 10, 1, 0]));
new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
`,
      },
      expect: [
        {
          kind: 'webassembly',
          message: 'WebAssembly.Module loads WebAssembly that stands in the file as text',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'webassembly',
          message: 'WebAssembly.Module loads WebAssembly that stands in the file as text',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'webassembly',
          message: 'WebAssembly.Module loads WebAssembly that stands in the file as text',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'WebAssembly out of a text, in a package that comes along',
      after: { 'index.js': `new WebAssembly.Module(Buffer.from('AGFzbQEAAAA=', 'base64'));\n` },
      expect: [
        {
          kind: 'webassembly-of-addition',
          message: 'WebAssembly.Module loads WebAssembly that stands in the file as text',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'WebAssembly that adds two numbers, and takes nothing from outside',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.add = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11])), {}).exports.add;
`,
      },
    },
    {
      title: 'decoding that flows nowhere, and code made from plain text',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.image = Buffer.from('iVBORw0KGgo=', 'base64');
exports.compile = (source) => new Function('data', 'return ' + source);
exports.letter = (code) => String.fromCharCode(code);
const root = Function('return this')();
exports.root = root;
`,
      },
    },
  ],
  check({ behaviors, subject }) {
    const isNew = subject.from === undefined;
    return behaviors.added.filter(runsDecodedText).map((behavior) => {
      const kind = kindOf(behavior, isNew);
      return evidenceOf(behavior, describe(behavior, kind === 'perhaps-when-called' ? 'may run' : 'runs'), kind);
    });
  },
});

type Kind = 'when-called' | 'perhaps-at-load' | 'perhaps-when-called' | 'webassembly' | 'webassembly-of-addition';

function kindOf({ kind, tier, doubtful, origins, guessed = [] }: Behavior, isNew: boolean): Kind | undefined {
  if (kind === 'native-code') return isNew && tier !== 'install' ? 'webassembly-of-addition' : 'webassembly';
  const isGuess = guessed.includes('decoded');
  if (tier === 'call') return isGuess && origins.includes('parameter') ? 'perhaps-when-called' : 'when-called';
  return doubtful || (isGuess && tier === 'load' && kind === 'computed-import') ? 'perhaps-at-load' : undefined;
}

function runsDecodedText({ kind, api, origins, tier }: Behavior): boolean {
  if (kind === 'native-code')
    return api.startsWith('WebAssembly') && origins.includes('decoded') && (tier === 'load' || tier === 'install');
  return tier !== 'unreached' && (kind === 'dynamic-code' || kind === 'computed-import') && origins.includes('decoded');
}

function describe({ kind, api, detail }: Behavior, runs: 'runs' | 'may run'): string {
  if (kind === 'native-code') return `${api} loads WebAssembly that stands in the file as text`;
  const seen = kind === 'computed-import' ? `${api} loads a module by a decoded name` : `${api} ${runs} decoded text`;
  return detail === undefined ? seen : `${seen}: ${shorten(detail, 120)}`;
}
