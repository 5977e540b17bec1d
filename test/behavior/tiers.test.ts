/** What makes a statement run: installing, loading, calling, or nothing; and the way that leads to it. Over 300 lines, because the ways in are one table. */
import { describe, expect, it } from 'vitest';
import type { Behavior } from '../../src/model/behavior.ts';
import { compare, type Files, tellFile, tellOnly, tellPackage } from './tell.ts';

const acts = "require('child_process').exec('id');";
const inFunction = `exports.go = function go() { ${acts} };`;

function pack(manifest: Readonly<Record<string, unknown>>, files: Files): Files {
  return { 'package.json': { name: 'sample', version: '1.0.0', ...manifest }, ...files };
}

describe('a statement runs when the package is', () => {
  it.each<[string, string, Files]>([
    [
      'installed, by the name of a program of its own',
      'install',
      pack({ bin: { act: 'lib/act.js' }, scripts: { postinstall: 'act --quiet' } }, { 'lib/act.js': acts }),
    ],
    [
      'installed, by that name and npx',
      'install',
      pack({ bin: { act: 'lib/act.js' }, scripts: { install: 'npx --no-install act' } }, { 'lib/act.js': acts }),
    ],
    [
      'installed, by its main file',
      'install',
      pack({ main: 'lib/a.js', scripts: { postinstall: 'node .' } }, { 'lib/a.js': acts }),
    ],
    ['loaded, by main', 'load', pack({ main: 'lib/a' }, { 'lib/a.js': acts })],
    ['loaded, by index.js', 'load', pack({}, { 'index.js': acts })],
    ['loaded, by a folder that main names', 'load', pack({ main: './lib' }, { 'lib/index.js': acts })],
    [
      'loaded, by a main that leads nowhere',
      'load',
      pack({ main: 'gone.js', exports: undefined }, { 'index.js': acts }),
    ],
    ['loaded, by exports', 'load', pack({ exports: './a.js' }, { 'a.js': acts })],
    [
      'loaded, by a condition',
      'load',
      pack(
        { exports: { '.': { import: './a.mjs', default: './b.js' } } },
        { 'a.mjs': `import { exec } from 'child_process'; exec('id');`, 'b.js': '' },
      ),
    ],
    [
      'loaded, by nested conditions',
      'load',
      pack({ exports: { '.': { node: { require: { default: './a.js' } } } } }, { 'a.js': acts }),
    ],
    [
      'loaded, by a list of targets',
      'load',
      pack({ exports: { '.': ['./a.js', './b.js'] } }, { 'a.js': '', 'b.js': acts }),
    ],
    [
      'loaded, by a subpath',
      'load',
      pack({ exports: { '.': './a.js', './feature': './lib/f.js' } }, { 'a.js': '', 'lib/f.js': acts }),
    ],
    ['loaded, by a pattern', 'load', pack({ exports: { './*': './lib/*.js' } }, { 'lib/deep/f.js': acts })],
    [
      'loaded, by module',
      'load',
      pack(
        { module: 'a.mjs', exports: undefined, main: 'b.js' },
        { 'b.js': '', 'a.mjs': "import('child_process').then((cp) => cp.exec('id'));" },
      ),
    ],
    ['loaded, by browser', 'load', pack({ browser: 'a.js', exports: { '.': './b.js' } }, { 'a.js': acts, 'b.js': '' })],
    [
      'loaded, by a browser replacement',
      'load',
      pack({ browser: { './b.js': './a.js' }, exports: './b.js' }, { 'a.js': acts, 'b.js': '' }),
    ],
    ['loaded, by its path', 'load', pack({ main: 'a.js' }, { 'a.js': '', 'deep/b.js': acts })],
    [
      'started, by bin',
      'load',
      pack({ bin: { tool: './cli.js' }, exports: './a.js' }, { 'cli.js': `#!/usr/bin/env node\n${acts}`, 'a.js': '' }),
    ],
    ['installed, by a hook', 'install', pack({ scripts: { postinstall: 'node setup.js' } }, { 'setup.js': acts })],
    [
      'installed, by a hook among others',
      'install',
      pack({ scripts: { install: 'echo hi && FOO=1 node ./setup || true' } }, { 'setup.js': acts }),
    ],
    [
      'installed, by a hook that runs a script',
      'install',
      pack({ scripts: { postinstall: 'npm run setup', setup: 'node setup.js' } }, { 'setup.js': acts }),
    ],
    [
      'installed, by a file that the hook loads',
      'install',
      pack({ scripts: { preinstall: 'node a.js' } }, { 'a.js': "require('./b')", 'b.js': acts }),
    ],
  ])('%s', (_, tier, files) => {
    expect(tellPackage(files)).toEqual([`${tier} child-process child_process.exec`]);
  });

  it.each<[string, Files]>([
    ['no entry leads to it', pack({ exports: './a.js' }, { 'a.js': '', 'b.js': acts })],
    ['it is for the package’s own tests', pack({ main: 'a.js' }, { 'a.js': '', 'test/b.js': acts })],
    [
      'exports closes the package',
      pack({ main: 'b.js', exports: { '.': './a.js' }, browser: undefined }, { 'a.js': '', 'lib/c.js': acts }),
    ],
    [
      'only a script for developers names it',
      pack({ main: 'a.js', scripts: { build: 'node scripts/b.js' } }, { 'a.js': '', 'scripts/b.js': acts }),
    ],
  ])('nobody: %s', (_, files) => {
    const [path = ''] = Object.entries(files).find(([, text]) => text === acts) ?? [];
    expect(tellFile(acts, path)).toHaveLength(1);
    expect(compare(undefined, files).modules.after.tiers.has(path)).toBe(false);
    expect(tellPackage(files)).toEqual([]);
  });
});

describe('a function runs at load when', () => {
  it.each<[string, Files]>([
    ['the module calls it', { 'index.js': `function go() { ${acts} } go();` }],
    ['it is an IIFE', { 'index.js': `(function () { ${acts} })();` }],
    ['it is an arrow IIFE', { 'index.js': `(() => { ${acts} })();` }],
    ['it is an async IIFE', { 'index.js': `(async () => { ${acts} })();` }],
    ['a negated IIFE', { 'index.js': `!function () { ${acts} }();` }],
    ['it is applied', { 'index.js': `function go() { ${acts} } go.apply(null, []);` }],
    ['a function that is called calls it', { 'index.js': `function go() { ${acts} } function all() { go(); } all();` }],
    ['it is declared below', { 'index.js': `go(); function go() { ${acts} }` }],
    ['it is a method', { 'index.js': `const o = { go() { ${acts} } }; o.go();` }],
    ['it is a method of a class', { 'index.js': `class A { go() { ${acts} } } new A().go();` }],
    ['it is a static method', { 'index.js': `class A { static go() { ${acts} } } A.go();` }],
    ['it is a constructor', { 'index.js': `class A { constructor() { ${acts} } } new A();` }],
    [
      'it is the constructor of a parent',
      { 'index.js': `class A { constructor() { ${acts} } } class B extends A { constructor() { super(); } } new B();` },
    ],
    [
      'a class without constructor inherits it',
      { 'index.js': `class A { constructor() { ${acts} } } class B extends A {} new B();` },
    ],
    ['it is a static block', { 'index.js': `class A { static { ${acts} } }` }],
    ['it is a static field', { 'index.js': `class A { static x = ${acts.replace(';', '')} }` }],
    [
      'it stands on a prototype',
      { 'index.js': `function A() {} A.prototype.go = function () { ${acts} }; new A().go();` },
    ],
    ['it is an old constructor', { 'index.js': `function A() { ${acts} } new A();` }],
    ['it is a callback that runs now', { 'index.js': `[1].forEach(() => { ${acts} });` }],
    ['it is an executor', { 'index.js': `new Promise((resolve) => { ${acts} });` }],
    ['it is a callback of a promise', { 'index.js': `Promise.resolve().then(() => { ${acts} });` }],
    ['it is a timer', { 'index.js': `setTimeout(() => { ${acts} }, 10);` }],
    ['it listens', { 'index.js': `process.on('exit', () => { ${acts} });` }],
    ['it is passed on by name', { 'index.js': `function go() { ${acts} } setImmediate(go);` }],
    ['it is given as an argument', { 'index.js': `function go() { ${acts} } function run(f) { f(); } run(go);` }],
    ['it is in a table', { 'index.js': `const t = [() => { ${acts} }]; t[0]();` }],
    ['it is exported by another file', { 'index.js': "require('./a').go();", 'a.js': inFunction }],
    ['it is exported and destructured', { 'index.js': "const { go } = require('./a'); go();", 'a.js': inFunction }],
    [
      'it is the whole export',
      { 'index.js': "require('./a')();", 'a.js': `module.exports = function () { ${acts} };` },
    ],
    [
      'it is the default export',
      {
        'package.json': { name: 'x', exports: './index.mjs' },
        'index.mjs': "import go from './a.mjs'; go();",
        'a.mjs': "import { exec } from 'child_process'; export default function () { exec('id'); }",
      },
    ],
    [
      'it is re-exported',
      {
        'package.json': { name: 'x', exports: './index.mjs' },
        'index.mjs': "import { go } from './b.mjs'; go();",
        'b.mjs': "export * from './a.mjs';",
        'a.mjs': "import { exec } from 'child_process'; export function go() { exec('id'); }",
      },
    ],
    [
      'it is re-exported by another name',
      {
        'package.json': { name: 'x', exports: './index.mjs' },
        'index.mjs': "import { start } from './b.mjs'; start();",
        'b.mjs': "export { go as start } from './a.mjs';",
        'a.mjs': "import { exec } from 'child_process'; export function go() { exec('id'); }",
      },
    ],
    [
      'it is re-exported by CommonJS',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./b').go();",
        'b.js': "module.exports = require('./a');",
        'a.js': inFunction,
      },
    ],
    [
      'it is re-exported as a member',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./b').go();",
        'b.js': "exports.go = require('./a').go;",
        'a.js': inFunction,
      },
    ],
    [
      'it is re-exported in a literal',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "require('./b').go();",
        'b.js': "const { go } = require('./a'); module.exports = { go };",
        'a.js': inFunction,
      },
    ],
    [
      'its class is in another file',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "const A = require('./a'); new A();",
        'a.js': `module.exports = class A { constructor() { ${acts} } };`,
      },
    ],
    [
      'its method is in another file',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "const A = require('./a'); new A().go();",
        'a.js': `module.exports = class A { go() { ${acts} } };`,
      },
    ],
    [
      'it is a namespace’s',
      {
        'package.json': { name: 'x', exports: './index.mjs' },
        'index.mjs': "import * as a from './a.mjs'; a.go();",
        'a.mjs': "import { exec } from 'child_process'; export const go = () => exec('id');",
      },
    ],
    [
      'it is imported dynamically',
      {
        'package.json': { name: 'x', exports: './index.mjs' },
        'index.mjs': "import('./a.mjs').then((a) => a.go());",
        'a.mjs': "import { exec } from 'child_process'; export const go = () => exec('id');",
      },
    ],
    [
      'an awaited import gives it',
      {
        'package.json': { name: 'x', exports: './index.mjs' },
        'index.mjs': "const { go } = await import('./a.mjs'); go();",
        'a.mjs': "import { exec } from 'child_process'; export const go = () => exec('id');",
      },
    ],
  ])('%s', (_, files) => {
    expect(tellPackage(files)).toContain('load child-process child_process.exec');
  });
});

describe('a function runs only when somebody calls it:', () => {
  it.each<[string, Files]>([
    ['an exported function', { 'index.js': inFunction }],
    ['a function that an exported one calls', { 'index.js': `function go() { ${acts} } exports.a = () => go();` }],
    ['a method of an exported class', { 'index.js': `module.exports = class { go() { ${acts} } };` }],
    ['a function of a file that is only loaded', { 'index.js': "require('./a');", 'a.js': inFunction }],
    [
      'a file that only a function loads',
      {
        'package.json': { name: 'x', exports: './index.js' },
        'index.js': "exports.a = () => require('./a');",
        'a.js': acts,
      },
    ],
    [
      'another method of the same name on another object',
      { 'index.js': `exports.go = function () { ${acts} }; const o = { go() {} }; o.go();` },
    ],
  ])('%s', (_, files) => {
    expect(tellPackage(files)).toEqual(['call child-process child_process.exec']);
  });
});

describe('the way to a behavior', () => {
  it('leads from the manifest through files and functions', () => {
    const { via, line, path, root } = tellOnly({
      'package.json': { name: 'x', main: 'index.js', exports: { '.': './index.js' } },
      'index.js': "const { start } = require('./lib/a');\nstart();",
      'lib/a.js': `exports.start = function start() {\n  go();\n};\nfunction go() {\n  ${acts}\n}`,
    });
    expect({ line, path, root }).toEqual({ line: 5, path: 'lib/a.js', root: 'main' });
    expect(via).toEqual(['main', 'index.js', 'lib/a.js', 'start()', 'go()']);
  });

  it('names the hook', () => {
    const files = pack({ scripts: { postinstall: 'node a' } }, { 'a.js': "require('./b')", 'b.js': acts });
    expect(tellOnly(files)).toMatchObject({ root: 'hook', via: ['scripts/postinstall', 'a.js', 'b.js'], line: 1 });
  });

  it('is cut in the middle when it is long', () => {
    const chain = Array.from({ length: 30 }, (_, at) => [`f${at}.js`, at === 29 ? acts : `require('./f${at + 1}')`]);
    const { via } = tellOnly({ 'package.json': { name: 'x', exports: './f0.js' }, ...Object.fromEntries(chain) });
    expect(via).toHaveLength(12);
    expect([via[0], via[4], via.at(-1)]).toEqual(['exports', '…', 'f29.js']);
  });
});

describe('marks', () => {
  it.each([
    ['conditional, under a test', `if (process.argv[2]) { ${acts} }`, ['conditional']],
    ['conditional, after an early return', `(function () { if (x) return; ${acts} })();`, ['conditional']],
    ['conditional, in a listener', `thing.on('data', () => { ${acts} });`, ['conditional', 'deferred']],
    ['deferred, when the process ends', `process.on('exit', () => { ${acts} });`, ['deferred']],
    ['nothing, in a try', `try { ${acts} } catch {}`, []],
    ['nothing, where one way is under a test and another is not', `function go() { ${acts} } if (x) go(); go();`, []],
    ['conditional, behind &&', `x && ${acts}`, ['conditional']],
    ['conditional, where the call is', `function go() { ${acts} } if (x) go();`, ['conditional']],
    [
      'deferred, as the handler of a request',
      `const r = new FileReader(); r.onload = () => { ${acts} };`,
      ['deferred'],
    ],
    [
      'deferred, as a handler by its name',
      `function go() { ${acts} } const i = new Image(); i.onerror = go;`,
      ['deferred'],
    ],
    ['deferred, in a timer', `setTimeout(() => { ${acts} }, 1);`, ['deferred']],
    ['deferred, by a callback that defers', `function go() { ${acts} } setTimeout(() => go(), 1);`, ['deferred']],
    ['nothing, at the top', acts, []],
  ])('say %s', (_, program, marks) => {
    const { marks: found } = tellOnly({ 'index.js': program });
    expect(found.filter((mark) => mark !== 'shell')).toEqual(marks);
  });

  it('pass from the load of a file to what the file does', () => {
    const { marks, guards } = tellOnly({
      'package.json': pack({}, {})['package.json'] ?? '',
      'index.js': `if (navigator.language === 'xx') require('./acts');`,
      'acts.js': acts,
    });
    expect([marks, guards.map(({ test }) => test)]).toEqual([['shell', 'conditional'], ['language']]);
  });

  it('keep a program a program where a pattern lets users import whatever there is', () => {
    const files = { 'a.js': '', 'cli.js': acts };
    const tell = (exports: unknown): Behavior => tellOnly(pack({ bin: './cli.js', exports }, files));
    expect(tell({ '.': './a.js', './*': './*' }).root).toBe('bin');
    expect(tell({ '.': './a.js', './cli': './cli.js' }).root).toBe('exports');
  });

  it('do not take a function of another file for called where it is only bound', () => {
    const files = { 'a.js': inFunction, 'index.js': `exports.go = require('./a').go.bind({});` };
    expect(tellPackage(pack({}, files))).toEqual(['call child-process child_process.exec']);
    const called = { ...files, 'index.js': `require('./a').go.bind({})();` };
    expect(tellPackage(pack({}, called))).toEqual(['load child-process child_process.exec']);
  });

  it('do not take for certain what one of several functions of a name does', () => {
    const program = `class Table {
  constructor() { this.define('a'); }
  define(name) { this.name = name; }
  freeze() { this.define = () => { throw new Error('frozen'); }; }
}
exports.table = new Table();`;
    const throwing = compare(undefined, { 'index.js': program }).behaviors.added.filter(({ api }) => api === 'throw');
    expect(throwing.filter(({ tier, marks }) => tier === 'load' && !marks.includes('conditional'))).toEqual([]);
  });

  it('take for a program what runs only where the file is started itself, and what that calls', () => {
    const rootOf = (program: string): Behavior['root'] => tellOnly({ 'index.js': program }).root;
    expect(rootOf(`if (require.main === module) ${acts}`)).toBe('bin');
    expect(rootOf(`if (module == require.main) { ${acts} }`)).toBe('bin');
    expect(rootOf(`if (!module.parent) { ${acts} }`)).toBe('bin');
    expect(rootOf(`function go() { ${acts} } if (require.main !== module) return; go();`)).toBe('bin');
    expect(rootOf(`if (require.main !== module) ${acts}`)).toBe('main');
    expect(rootOf(`if (require.main === module) {} else ${acts}`)).toBe('main');
    expect(rootOf(`require.main = module; if (require.main === module) ${acts}`)).toBe('main');
    expect(rootOf(`Reflect.set(require, 'main', module); if (require.main === module) ${acts}`)).toBe('main');
    expect(rootOf(`(function (module) { if (require.main === module) ${acts} })(require.main);`)).toBe('main');
  });

  it('take for a program what lies where programs lie, or says so in its first line, and is named by nothing', () => {
    const rootOf = (path: string, text: string): Behavior['root'] => tellOnly(pack({}, { [path]: text })).root;
    expect(rootOf('bin/dev.js', acts)).toBe('bin');
    expect(rootOf('dev.js', `#!/usr/bin/env node\n${acts}`)).toBe('bin');
    expect(rootOf('dev.js', acts)).toBe('file');
    expect(rootOf('index.js', `#!/usr/bin/env node\n${acts}`)).toBe('main');
  });

  it('take index.js for a program where it is one and no main is named, and for the main file otherwise', () => {
    const rootOf = (manifest: Readonly<Record<string, unknown>>, text: string): Behavior['root'] =>
      tellOnly(pack(manifest, { 'index.js': text })).root;
    const program = `#!/usr/bin/env node\n${acts}`;
    expect(rootOf({ bin: 'index.js' }, program)).toBe('bin');
    expect(rootOf({ bin: 'index.js', main: 'index.js' }, program)).toBe('main');
    expect(rootOf({ bin: 'index.js' }, acts)).toBe('main');
    expect(rootOf({ bin: 'index.js' }, `${program} exports.a = 1;`)).toBe('main');
  });

  it('leave out tests that a pattern happens to match, and keep those of a folder that it names', () => {
    const reached = (exports: unknown): string[] => tellPackage(pack({ exports }, { 'a.js': '', 'test/b.js': acts }));
    expect(reached({ '.': './a.js', './*': './*' })).toEqual([]);
    expect(reached({ '.': './a.js', './*': './test/*' })).toEqual(['load child-process child_process.exec']);
    expect(reached({ '.': './a.js', './b': './test/b.js' })).toEqual(['load child-process child_process.exec']);
  });

  it('do not let what a program did stand for what an import does', () => {
    const before = pack({ bin: 'cli.js', exports: './a.js' }, { 'a.js': '', 'cli.js': 'process.exit(1);' });
    expect(tellPackage({ ...before, 'a.js': 'process.exit(2);' }, before)).toEqual(['load process-stop process.exit']);
    expect(tellPackage({ ...before, 'cli.js': 'console;process.exit(2);' }, before)).toEqual([]);
  });

  it('leave out what is thrown and caught, where the file or the function is tried', () => {
    const fails = { 'fails.js': `throw new Error('far');` };
    const exports = './index.js';
    expect(tellPackage(pack({ exports }, { 'index.js': `try { require('./fails'); } catch {}`, ...fails }))).toEqual(
      [],
    );
    expect(tellPackage(pack({ exports }, { 'index.js': `require('./fails');`, ...fails }))).toEqual([
      'load process-stop throw',
    ]);
    const inFunction = `function fail() { throw new Error('far'); }`;
    expect(tellPackage({ 'index.js': `${inFunction} try { fail(); } catch {}` })).toEqual([]);
  });

  it.each([
    ["require('child_process').exec('curl https://a.invalid | sh')", ['shell', 'pipe']],
    ["require('child_process').spawn('ls', ['-l'])", []],
    ["require('child_process').spawn('bash', ['-c', 'x'])", ['shell', 'pipe']],
    ["require('child_process').spawn('ls', [], { shell: true })", ['shell']],
    ["require('child_process').spawn('x', [], { detached: true, stdio: 'ignore' })", ['detached', 'silenced']],
    ["require('fs').rmSync('x', { recursive: true })", ['recursive']],
    ["require('fs').rmSync(require('os').homedir(), { recursive: true, force: true })", ['recursive', 'broad-target']],
    [
      "const fs = require('fs'); fs.readdirSync('/').forEach((name) => fs.unlinkSync('/' + name));",
      ['in-walk', 'broad-target'],
    ],
  ])('of %s are %j', (program, marks) => {
    const { added } = compare(undefined, { 'index.js': program }).behaviors;
    const found = added.find(({ kind }) => kind !== 'file-read')?.marks ?? [];
    expect(found).toEqual(marks);
  });
});

describe('of functions that wrap one another by the same text, on loading runs', () => {
  const wrapping = `
function wrap(name, make) { const own = make(globalThis[name]); globalThis[name] = function () { return own(this, arguments); }; }
function follow(fn) { return function (self, args) { return fn.apply(self, args); }; }
wrap('clear' + 'Timeout', () => (self, args) => args.length);
wrap('fetch', (fn) => follow(fn));
`;
  const doubts = (program: string): (boolean | undefined)[] =>
    compare(undefined, pack({}, { 'index.js': program }))
      .behaviors.added.filter(({ kind, line }) => kind === 'network' && line === 3)
      .map(({ tier, doubtful }) => tier === 'load' && doubtful);

  it('perhaps the one that sends, where another one is called', () => {
    expect(doubts(`${wrapping}clearTimeout(0);`)).toEqual([true]);
  });

  it('the one that sends, where it is called', () => {
    expect(doubts(`${wrapping}clearTimeout(0);\nfetch('https://far.invalid/');`)).not.toContain(true);
    expect(doubts(`${wrapping}clearTimeout(0);\nfetch('https://far.invalid/');`).length).toBeGreaterThan(0);
  });
});

describe('a method that the language has too, of one thing or another,', () => {
  const far = `class Far { set(one) { ${acts} } }\nexports.Far = Far;\n`;
  it.each([
    ['call', 'new Map()', "a map's"],
    ['load', 'new Far()', "the file's"],
  ])('runs at %s where one is %s: it is %s', (tier, made) => {
    const program = `${far}(globalThis[process.argv[2]] || ${made}).set(1);`;
    expect(tellPackage(pack({}, { 'index.js': program }))).toEqual([`${tier} child-process child_process.exec`]);
  });
});
