/** Entries, modules and exports of a package, as Node and bundlers find them. */
import { describe, expect, it } from 'vitest';
import { compare, type Files, tellPackage } from './tell.ts';

function graphOf(files: Files): ReturnType<typeof compare>['modules']['after'] {
  return compare(undefined, files).modules.after;
}

function pack(manifest: Readonly<Record<string, unknown>>, ...paths: readonly string[]): Files {
  return { 'package.json': { name: 'sample', ...manifest }, ...Object.fromEntries(paths.map((path) => [path, ''])) };
}

describe('an entry is resolved as Node does:', () => {
  it.each<[string, Files, readonly (string | undefined)[]]>([
    ['main with its ending', pack({ main: 'lib/a.js' }, 'lib/a.js'), ['lib/a.js']],
    ['main without it', pack({ main: './lib/a' }, 'lib/a.js'), ['lib/a.js']],
    ['main as a folder', pack({ main: 'lib/' }, 'lib/index.js'), ['lib/index.js']],
    [
      'main as a folder with a package.json',
      { ...pack({ main: 'lib' }, 'lib/b.js'), 'lib/package.json': { main: 'b' } },
      ['lib/b.js'],
    ],
    ['a main that is not there, with index.js', pack({ main: 'a.js' }, 'index.js'), ['index.js']],
    ['a main that is not there', pack({ main: 'a.js' }), [undefined]],
    ['no main', pack({}, 'index.js'), ['index.js']],
    ['neither main nor index.js', pack({}, 'a.js'), []],
    ['an empty main', pack({ main: '' }, 'index.js'), ['index.js']],
    ['a main that leads out of the package', pack({ main: '../../etc/passwd' }), [undefined]],
    ['a main with dots inside', pack({ main: './a/../b//c.js' }, 'b/c.js'), ['b/c.js']],
    ['JSON as main', pack({ main: 'a' }, 'a.json'), ['a.json']],
    ['bin as one string', pack({ bin: './cli' }, 'cli.js'), ['cli.js']],
    ['several bins', pack({ bin: { a: 'a.js', b: 'gone.js' } }, 'a.js'), ['a.js', undefined]],
    [
      'types, which are never run',
      pack({ exports: { types: './a.d.ts', default: './a.js' } }, 'a.d.ts', 'a.js'),
      ['a.js'],
    ],
    [
      'a pattern',
      pack({ exports: { './*': './lib/*.js' } }, 'lib/a.js', 'lib/b/c.js', 'lib/d.txt'),
      ['lib/a.js', 'lib/b/c.js'],
    ],
    [
      'a pattern that tests match, too',
      pack({ exports: { './*': './lib/*.js' } }, 'lib/a.js', 'lib/a.test.js', 'lib/test.js', 'lib/test/b.js'),
      ['lib/a.js', 'lib/test.js'],
    ],
    ['a pattern without a match', pack({ exports: { './*': './lib/*.js' } }), []],
    ['a subpath that is closed', pack({ exports: { '.': './a.js', './inner/*': null } }, 'a.js'), ['a.js']],
    ['a target that is no path', pack({ exports: { '.': 'other-package', './a': 7 } }), []],
    [
      'a browser field that switches off',
      pack({ main: 'a.js', browser: { fs: false, './b.js': './c.js' } }, 'a.js', 'c.js'),
      ['a.js', 'c.js'],
    ],
  ])('%s', (_, files, paths) => {
    expect(graphOf(files).entries.map(({ path }) => path)).toEqual(paths);
  });

  it('and names its place in package.json', () => {
    const files = pack({ exports: { '.': { 'a/b~c': './x.js' } }, bin: { 'to/ol': 'x.js' } }, 'x.js');
    expect(graphOf(files).entries.map(({ pointer }) => pointer)).toEqual(['/exports/./a~1b~0c', '/bin/to~1ol']);
  });

  it('to a limit, where a hostile package matches without end', () => {
    const nested = JSON.parse(`${'{"a":'.repeat(500)}"./x.js"${'}'.repeat(500)}`) as unknown;
    expect(graphOf(pack({ exports: nested }, 'x.js')).entries).toEqual([]);
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, at) => [`./${at}`, './x.js']));
    expect(graphOf(pack({ exports: many }, 'x.js')).entries).toHaveLength(5_000);
  });
});

describe('hooks are', () => {
  it.each<[string, Files, readonly string[]]>([
    [
      'the three that npm runs',
      pack({ scripts: { preinstall: 'a', install: 'b', postinstall: 'c', prepare: 'd', test: 'e' } }),
      ['preinstall a', 'install b', 'postinstall c'],
    ],
    ['node-gyp, where a binding.gyp lies', pack({}, 'binding.gyp'), ['install node-gyp rebuild implicit']],
    ['not node-gyp, where an install script is', pack({ scripts: { install: 'x' } }, 'binding.gyp'), ['install x']],
    ['not node-gyp, where it is switched off', pack({ gypfile: false }, 'binding.gyp'), []],
    ['not what is blank', pack({ scripts: { install: '  ' } }), []],
  ])('%s', (_, files, hooks) => {
    const found = graphOf(files).hooks.map(
      ({ event, command, implicit }) => `${event} ${command}${implicit ? ' implicit' : ''}`,
    );
    expect(found).toEqual(hooks);
  });

  it.each([
    ['node a.js', 'a.js'],
    ['node ./a', 'a.js'],
    ['node --no-warnings a.js --flag', 'a.js'],
    ['FOO=1 cross-env BAR=2 node "a.js"', 'a.js'],
    ['echo x; node a.js', 'a.js'],
    ['exit 0 || node a.js', 'a.js'],
    ['npm run go', 'a.js'],
    ['yarn go', 'a.js'],
    ['./run.sh', 'run.sh'],
    ['node .\\\\lib\\\\b.js', 'lib/b.js'],
  ])('followed into the files they start: %s', (command, path) => {
    const files = pack(
      { scripts: { install: command.replaceAll('\\\\', '\\'), go: 'node a.js' } },
      'a.js',
      'run.sh',
      'lib/b.js',
    );
    const hooks = graphOf(files).entries.filter(({ kind }) => kind === 'hook');
    expect(hooks.map((entry) => entry.path)).toEqual([path]);
  });

  it('followed no longer than scripts that run one another', () => {
    const files = pack({ scripts: { install: 'npm run a', a: 'npm run b', b: 'npm run a' } });
    expect(graphOf(files).entries).toEqual([]);
  });
});

describe('the modules that a package imports', () => {
  it('are named without subpaths, however they are loaded', () => {
    const program = [
      "import a from 'a/deep/file.js'; import '@scope/b/c'; export * from 'c'; export { x } from 'd';",
      "const e = await import('e'); const f = import.meta.resolve; import fs from 'node:fs/promises';",
    ];
    const { imports } = graphOf({
      'index.mjs': program.join('\n'),
      'b.cjs': "require('g'); require('./b'); require(`h`);",
    });
    expect([...imports].sort()).toEqual(['@scope/b', 'a', 'c', 'd', 'e', 'fs', 'g', 'h']);
  });
});

describe('the names that a package exports are told from', () => {
  it.each<[string, string, readonly string[]]>([
    ['exports.x', 'exports.a = 1; exports["b"] = 2;', ['a', 'b']],
    ['module.exports.x', 'module.exports.a = 1;', ['a']],
    ['an object', 'module.exports = { a, b: 1, "c": 2, d() {}, get e() { return 1; } };', ['a', 'b', 'c', 'd', 'e']],
    ['both at once', 'exports = module.exports = { a: 1 }; exports.b = 2;', ['a', 'b']],
    ['an alias', 'const e = exports; e.a = 1; const m = module; m.exports.b = 1;', ['a', 'b']],
    ['this', 'this.a = 1;', ['a']],
    [
      'TypeScript',
      '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\nexports.b = exports.a = void 0;\nexports.a = 1; exports.b = 2;',
      ['__esModule', 'a', 'b'],
    ],
    [
      'TypeScript re-exports',
      'var x_1 = require("x"); Object.defineProperty(exports, "a", { enumerable: true, get: function () { return x_1.a; } });',
      ['a'],
    ],
    [
      'esbuild',
      'var __defProp = Object.defineProperty; var __export = (target, all) => { for (var name in all) __defProp(target, name, { get: all[name], enumerable: true }); };\nvar m = {}; __export(exports, { a: () => a, b: () => b }); function a() {} var b = 1;',
      ['a', 'b'],
    ],
    [
      'UMD, where `this` may be exports too',
      '(function (g, f) { typeof exports === "object" ? f(exports) : f(g.x = {}); })(this, function (exports) { exports.a = 1; });',
      ['a', 'x'],
    ],
  ])('%s', (_, program, names) => {
    expect([...(graphOf({ 'index.js': program }).exportedNames ?? ['not told'])].sort()).toEqual([...names].sort());
  });

  it.each<[string, string, readonly string[]]>([
    [
      'declarations',
      'export const a = 1, { b, c: [d] } = x; export function e() {} export class F {}',
      ['F', 'a', 'b', 'd', 'e'],
    ],
    ['lists', 'const a = 1; export { a, a as b, a as default };', ['a', 'b', 'default']],
    ['a default', 'export default function () {}', ['default']],
    ['re-exports', "export { x as a } from 'x'; export * as b from 'y';", ['a', 'b']],
    ['names that are text', "const a = 1; export { a as 'odd name' };", ['odd name']],
  ])('ESM %s', (_, program, names) => {
    const graph = graphOf({ 'package.json': { main: 'index.mjs' }, 'index.mjs': program });
    expect([...(graph.exportedNames ?? ['not told'])].sort()).toEqual([...names].sort());
  });

  it('other files, where they are passed on', () => {
    const graph = graphOf({
      'package.json': { exports: './index.mjs' },
      'index.mjs': "export * from './a.mjs'; export const own = 1;",
      'a.mjs': "export * from './index.mjs'; export const a = 1;",
    });
    expect([...(graph.exportedNames ?? [])].sort()).toEqual(['a', 'own']);
  });

  it.each([
    ['a computed name', 'exports[f()] = 1;'],
    ['a spread', 'module.exports = { ...x };'],
    ['a call', 'module.exports = f();'],
    ['a function, which may have members', 'module.exports = function () {};'],
    ['another package', "module.exports = require('x');"],
    ['everything of another package', "export * from 'x';"],
  ])('but not from %s', (_, program) => {
    expect(graphOf({ 'index.js': program }).exportedNames).toBeUndefined();
  });
});

it('a function made of text is given what its parameters are called after', () => {
  const program = `new Function('require', 'name', "require('child_process').exec(name);")(require, 'id');`;
  expect(tellPackage({ 'index.js': program })).toContain('load child-process child_process.exec');
});

describe('a file of the package is loaded by', () => {
  const imports = { '#e': { node: ['./lib/e.js'] }, '#all/*': './lib/*.js' };
  const manifest = { name: 'sample', exports: './lib/index.js', imports };
  const runs = "require('child_process').exec('id');";

  it.each([
    ['a path that is joined', "require(require('path').join(__dirname, 'e.js'))"],
    ['a path that is added up', "require(__dirname + '/e')"],
    ['a template', `require(\`\${__dirname}/../lib/e.js\`)`],
    ['what `require.resolve` gives', "require(require.resolve('./e'))"],
    ['an address', "import(new URL('./e.js', import.meta.url))"],
    ['an address without dots', "import(new URL('e.js', import.meta.url).href)"],
    ['an address made of a path', "import(require('url').pathToFileURL(__dirname + '/e.js').href)"],
    ['a name that the manifest maps', "import '#e'"],
    ['a pattern of such names', "require('#all/e')"],
    ['a callback', "['./e'].forEach(require)"],
    ['a callback with an argument', "process.nextTick(require, './e')"],
    ['its text, which is run', "eval(require('fs').readFileSync(__dirname + '/e.js', 'utf8'))"],
    ['the script of a worker', "importScripts('./e.js')"],
    ['the worker of a page', "new Worker(new URL('./e.js', import.meta.url))"],
    ['a name that tells in part', "require('./parts/' + process.platform)"],
    [
      'every name of its folder',
      "for (const one of require('fs').readdirSync(__dirname + '/parts')) require('./parts/' + one)",
    ],
  ])('%s', (_, program) => {
    const after = { 'package.json': manifest, 'lib/index.js': program, 'lib/e.js': runs, 'lib/parts/linux.js': runs };
    expect(tellPackage(after)).toContain('load child-process child_process.exec');
  });

  it('an unchanged file that loads whatever lies in a folder', () => {
    const before = {
      'package.json': manifest,
      'lib/index.js': "exports.part = require('./parts/' + process.platform);",
    };
    const after = { ...before, 'lib/parts/linux.js': runs };
    expect(tellPackage(after, before)).toEqual(['load child-process child_process.exec']);
  });

  it('no name in part that lies elsewhere', () => {
    const program = "exports.load = (name) => require('./parts/' + name + '.cjs');";
    const after = {
      'package.json': manifest,
      'lib/index.js': program,
      'lib/parts/deep/e.cjs': runs,
      'lib/e.cjs': runs,
    };
    expect(graphOf(after).tiers.has('lib/e.cjs')).toBe(false);
    expect(graphOf(after).tiers.has('lib/parts/deep/e.cjs')).toBe(false);
  });
});

describe('a module is known behind what compilers write around it:', () => {
  it.each([
    ["Babel's helper", `const wrap = require('@babel/runtime/helpers/interopRequireDefault');`],
    ["Babel's helper by its default", `const wrap = require('@babel/runtime/helpers/interopRequireWildcard').default;`],
    ["TypeScript's helper", `const wrap = require('tslib').__importDefault;`],
  ])('%s', (_, helper) => {
    const program = `${helper} const child = wrap(require('child_process')); child.default.exec('id');`;
    expect(tellPackage({ 'index.js': program })).toEqual(['load child-process child_process.exec']);
  });

  it("TypeScript's helper as a member", () => {
    const program = `const tslib_1 = require('tslib'); const child = tslib_1.__importStar(require('child_process')); child.exec('id');`;
    expect(tellPackage({ 'index.js': program })).toEqual(['load child-process child_process.exec']);
  });
});
