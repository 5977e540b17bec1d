/** Two versions: what is new, what only looks new, and familiar files that are woken up. */
import { describe, expect, it } from 'vitest';
import { compare, type Files, tellPackage } from './tell.ts';

const acts = "require('child_process').exec('id');";
const added = ['load child-process child_process.exec'];

const runsField = 'exports.A = class { run() { return new Function(this.source)(); } };\n';
const loadsParts =
  "const fs = require('fs');\nfor (const name of fs.readdirSync(__dirname + '/parts')) require('./parts/' + name);";
const twoOfOneName = `exports.A = class { start() { ${acts} } };\nexports.B = class { start() {} };\n`;

describe('a behavior is new when', () => {
  it.each<[string, Files, Files]>([
    ['a file gains it', { 'index.js': '' }, { 'index.js': acts }],
    ['a file comes with it', { 'index.js': '' }, { 'index.js': "require('./b');", 'b.js': acts }],
    [
      'a file comes with it that is loaded with all of its folder',
      { 'index.js': loadsParts, 'parts/a.js': '' },
      { 'index.js': loadsParts, 'parts/a.js': '', 'parts/b.js': acts },
    ],
    [
      'a file gains it that users may import by its path',
      { 'index.js': '', 'b.js': '' },
      { 'index.js': '', 'b.js': acts },
    ],
    ['it was only called before', { 'index.js': `exports.a = () => { ${acts} };` }, { 'index.js': acts }],
    [
      'it was never reached before',
      { 'package.json': { name: 'x', exports: './index.js' }, 'index.js': '1;', 'b.js': acts },
      { 'package.json': { name: 'x', exports: './index.js' }, 'index.js': "require('./b');", 'b.js': acts },
    ],
    [
      'an unchanged file is newly an entry',
      { 'package.json': { name: 'x', exports: './index.js' }, 'index.js': '', 'b.js': acts },
      { 'package.json': { name: 'x', exports: { '.': './index.js', './b': './b.js' } }, 'index.js': '', 'b.js': acts },
    ],
    [
      'what lay in a file that nobody loaded is the entry now',
      { 'package.json': { name: 'x', exports: './index.js' }, 'index.js': '', 'b.js': acts },
      { 'package.json': { name: 'x', exports: './index.js' }, 'index.js': acts, 'b.js': acts },
    ],
    [
      'a function of an unchanged file is newly called at load',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./b');",
        'b.js': `exports.go = () => { ${acts} };`,
      },
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./b').go();",
        'b.js': `exports.go = () => { ${acts} };`,
      },
    ],
    [
      'the same through an unchanged file between',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./m');",
        'm.js': "exports.b = require('./b');",
        'b.js': `exports.go = () => { ${acts} };`,
      },
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./m').b.go();",
        'm.js': "exports.b = require('./b');",
        'b.js': `exports.go = () => { ${acts} };`,
      },
    ],
    ['the package is new', { 'index.js': '' }, { 'index.js': acts }],
    [
      'one of two functions of a name may do it on loading, and none did',
      { 'index.js': '' },
      { 'index.js': `${twoOfOneName}require('sample').make().start();` },
    ],
  ])('%s', (_, before, after) => {
    expect(tellPackage(after, before)).toEqual(added);
  });

  it('a file comes with it that nothing leads to: nobody imports its path yet', () => {
    const after = { 'index.js': '', 'b.js': acts };
    expect(tellPackage(after, { 'index.js': '' })).toEqual(['call child-process child_process.exec']);
  });

  it.each([
    [
      'itself decodes the field that it runs',
      'exports.A = class { run() { return new Function(atob(this.source))(); } };',
    ],
    ['runs another text', `exports.A = class { run() { return new Function('a', atob(this.source))(); } };`],
  ])('the function %s', (_, after) => {
    expect(tellPackage({ 'index.js': after }, { 'index.js': runsField })).toEqual(['call dynamic-code Function']);
  });

  it('a text certainly is decoded, and only a name said so before', () => {
    const guessed = `${runsField}exports.B = class { constructor(text) { this.source = atob(text); } };\n`;
    const after = `${guessed}exports.open = (text) => new Function(atob(text))();`;
    expect(tellPackage({ 'index.js': after }, { 'index.js': guessed })).toEqual(['call dynamic-code Function']);
  });

  it('a nameless function certainly runs decoded text, and another nameless one only by a name', () => {
    const keeps = 'exports.A = class { constructor(text) { this.source = atob(text); } };';
    const before = `${keeps} queue.push((one) => new Function(one.source)());`;
    const after = `${before} queue.push((text) => new Function(atob(text))());`;
    expect(tellPackage({ 'index.js': after }, { 'index.js': before })).toEqual(['call dynamic-code Function']);
  });

  it('an unchanged file is newly started by a hook', () => {
    const file = { 'index.js': '', 'b.js': acts };
    const before = { 'package.json': { name: 'x', main: 'index.js' }, ...file };
    const after = { 'package.json': { name: 'x', main: 'index.js', scripts: { postinstall: 'node b.js' } }, ...file };
    expect(tellPackage(after, before)).toEqual(['install child-process child_process.exec']);
  });

  it('a function that was there for callers is newly run by a module that is new too', () => {
    const shared = {
      'package.json': { name: 'x', exports: './index.js' },
      'lib.js': `exports.go = () => { ${acts} };`,
    };
    const before = { ...shared, 'index.js': "exports.lib = require('./lib');" };
    const after = {
      ...shared,
      'index.js': "exports.lib = require('./lib'); require('./new');",
      'new.js': "const { go } = require('./lib'); go();",
    };
    expect(tellPackage(after, before)).toEqual(added);
  });
});

describe('a behavior is no news when', () => {
  it.each<[string, Files, Files]>([
    ['it moved to another file', { 'index.js': '', 'a.js': acts }, { 'index.js': '', 'b.js': `// moved\n${acts}` }],
    ['it moved to another line', { 'index.js': acts }, { 'index.js': `\n\n${acts}` }],
    [
      'it is spelled in another way',
      { 'index.js': acts },
      { 'index.js': "const { exec: run } = require('node:child_process'); run('i' + 'd');" },
    ],
    ['it weakened', { 'index.js': acts }, { 'index.js': `exports.a = () => { ${acts} };` }],
    ['an unchanged file does it too', { 'index.js': '', 'a.js': acts }, { 'index.js': acts, 'a.js': acts }],
    ['it went', { 'index.js': acts }, { 'index.js': '' }],
    [
      'only the name of a field says that it runs what was decoded',
      { 'index.js': runsField },
      { 'index.js': `${runsField}exports.B = class { constructor(text) { this.source = atob(text); } };` },
    ],
    [
      'what only a name said is certain now, in the same place',
      {
        'index.js': `function make(text) { return new Function(text); }
class Page { constructor() { this.source = atob(module.text); } build() { return make(this.source); } } exports.Page = Page;`,
      },
      {
        'index.js': `function make(text) { return new Function(text); }
class Page { build() { return make(atob(module.text)); } } exports.Page = Page;`,
      },
    ],
    [
      'only a name says that it runs what it certainly ran elsewhere',
      { 'index.js': 'exports.open = (text) => new Function(atob(text))();' },
      {
        'index.js': `exports.open = (text) => new Function(atob(text))();
${runsField}exports.B = class { constructor(text) { this.source = atob(text); } };`,
      },
    ],
    [
      'a user called it, and one of two functions of its name is called on loading',
      { 'index.js': twoOfOneName },
      { 'index.js': `${twoOfOneName}require('sample').make().start();` },
    ],
    ['nothing changed', { 'index.js': acts }, { 'index.js': acts }],
  ])('%s', (_, before, after) => {
    expect(tellPackage(after, before)).toEqual([]);
  });
});

describe('the strongest comes first', () => {
  it('install, load, call; what nothing runs is not told', () => {
    const files = {
      'package.json': { name: 'x', exports: './index.js', scripts: { install: 'node a.js' } },
      'index.js': `${acts} exports.f = () => { require('fs').unlinkSync('x'); };`,
      'a.js': "fetch('https://a.invalid');",
      'z.js': 'process.exit();',
    };
    expect(tellPackage(files)).toEqual([
      'install network fetch',
      'load child-process child_process.exec',
      'call file-delete fs.unlinkSync',
    ]);
  });
});

describe('a file that does not parse is told when', () => {
  const broken = 'const = ;';
  const closed = { 'package.json': { exports: './index.js' }, 'index.js': '' };

  it.each<[string, Files, Files]>([
    ['it parsed before', { 'b.js': '1' }, { 'b.js': broken }],
    ['it is new and loaded', { 'index.js': '1' }, { 'index.js': "require('./b')", 'b.js': broken }],
  ])('%s', (_, before, after) => {
    expect(compare(before, after).behaviors.parseFailures).toMatchObject([{ path: 'b.js', line: 1 }]);
  });

  it.each<[string, Files, Files]>([
    ['it did not parse before', { 'b.js': `${broken}1` }, { 'b.js': broken }],
    ['it is new and nobody runs it', closed, { ...closed, 'b.js': broken }],
  ])('but not when %s', (_, before, after) => {
    expect(compare(before, after).behaviors.parseFailures).toEqual([]);
  });

  it('and when it was not read in full, unless that was so before', () => {
    const deep = `x=${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    expect(compare({ 'index.js': '' }, { 'index.js': deep }).behaviors.unread).toMatchObject([
      { path: 'index.js', why: 'too-deep' },
    ]);
    expect(compare({ 'index.js': deep }, { 'index.js': `${deep};` }).behaviors.unread).toEqual([]);
  });
});

describe('the old version is read as far as it has to be, so that nothing is new', () => {
  const entry = { 'package.json': { name: 'x', exports: './index.js' } };
  const start = `exports.start = () => { ${acts} };`;
  it.each<[string, Files, Files]>([
    [
      'when what leads there changed and does nothing itself',
      { ...entry, 'index.js': "require('./a').start(); 1;", 'a.js': `${start} 1;` },
      { ...entry, 'index.js': "require('./a').start(); 2;", 'a.js': `${start} 2;` },
    ],
    [
      'when what leads there has another name now',
      { ...entry, 'index.js': "require('./one'); 1;", 'one.js': "require('./a').start(); 1;", 'a.js': `${start} 1;` },
      { ...entry, 'index.js': "require('./two'); 2;", 'two.js': "require('./a').start(); 2;", 'a.js': `${start} 2;` },
    ],
    [
      'when the file has another name now',
      { ...entry, 'index.js': "require('./one'); 1;", 'one.js': `${acts} 1;` },
      { ...entry, 'index.js': "require('./two'); 2;", 'two.js': `${acts} 2;` },
    ],
    [
      'when the file was not changed and its loader was',
      { ...entry, 'index.js': "require('./a').start(); 1;", 'a.js': start },
      { ...entry, 'index.js': "require('./a').start(); 2;", 'a.js': start, 'b.js': '' },
    ],
    [
      'when it only reads a file',
      { 'one.js': "require('fs').readFileSync('a');" },
      { 'two.js': "let a; require('fs').readFileSync('a');" },
    ],
  ])('%s', (_, before, after) => {
    expect(tellPackage(after, before)).toEqual([]);
  });

  it('but not when a file that led there earlier only called it', () => {
    const before = { ...entry, 'index.js': "exports.go = () => require('./a').start(); 1;", 'a.js': `${start} 1;` };
    const after = { ...entry, 'index.js': "require('./a').start(); 2;", 'a.js': `${start} 2;` };
    expect(tellPackage(after, before)).toEqual(added);
  });
});

describe('files in a circle', () => {
  it('are walked once', () => {
    const files = {
      'index.js': "require('./a'); exports.go = require('./a').go;",
      'a.js': "module.exports = require('./b');",
      'b.js': `module.exports = require('./a'); require('./index').go(); ${acts}`,
    };
    expect(tellPackage(files)).toEqual(added);
  });
});
