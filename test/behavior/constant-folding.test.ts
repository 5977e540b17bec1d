/** However a name or a text is spelled, the behavior is the same: signals.md, "Fold constants before matching". */
import { describe, expect, it } from 'vitest';
import { tellFile } from './tell.ts';

const runs = 'child-process child_process.exec "id"';

describe('a path that is resolved', () => {
  it.each([
    ['begins where its last whole part begins', "resolve(process.cwd(), 'a', '/etc/hosts')", '/etc/hosts'],
    ['keeps what comes after that', "resolve('a', os.homedir(), '.ssh', 'key')", '<home>/.ssh/key'],
    ['is no longer one by each turn of a loop', 'resolve(process.cwd(), resolve(process.cwd(), name))', '<cwd>/…'],
    ['has all its parts where none is whole', "resolve('a', 'b')", 'a/b'],
  ])('%s', (_, path, told) => {
    const code = `const os = require('os'); const { resolve } = require('path'); require('fs').unlinkSync(${path});`;
    expect(tellFile(code)).toEqual([`file-delete fs.unlinkSync "${told}"`]);
  });
});

describe('the name of a module, a function or a command is put together from', () => {
  it.each([
    ['plain text', "require('child_process').exec('id')"],
    ['a node: specifier', "require('node:child_process').exec('id')"],
    ['concatenation', "require('chi' + 'ld_pro' + 'cess')['ex' + 'ec']('i' + 'd')"],
    ['a template', `const c = 'child'; require(\`\${c}_process\`)[\`\${'ex'}ec\`](\`\${'i'}d\`)`],
    ['hex and Unicode escapes', "require('\\x63hild_process')['\\u0065xec']('\\u{69}d')"],
    ['octal escapes', "require('\\143hild_process').exec('id')"],
    ['escaped identifiers', "r\\u0065quire('child_process').\\u0065xec('id')"],
    ['fromCharCode', "require('child_process')[String.fromCharCode(101, 120, 101, 99)]('id')"],
    ['spread fromCharCode', "require('child_process')[String.fromCharCode(...[101, 120, 101, 99])]('id')"],
    ['applied fromCharCode', "require('child_process')[String.fromCharCode.apply(null, [101, 120, 101, 99])]('id')"],
    ['fromCodePoint', "require('child_process')[String.fromCodePoint(101, 120, 101, 99)]('id')"],
    ['mapped codes', "require('child_process')[[101, 120, 101, 99].map((n) => String.fromCharCode(n)).join('')]('id')"],
    [
      'shifted codes',
      "require('child_process')[[102, 121, 102, 100].map((n) => String.fromCharCode(n - 1)).join('')]('id')",
    ],
    ['base64 by Buffer', "require('child_process')[Buffer.from('ZXhlYw==', 'base64').toString()]('id')"],
    ['base64 by new Buffer', "require('child_process')[new Buffer('ZXhlYw==', 'base64').toString('utf8')]('id')"],
    ['base64 by atob', "require('child_process')[atob('ZXhlYw==')]('id')"],
    ['hex', "require('child_process')[Buffer.from('65786563', 'hex').toString()]('id')"],
    ['a byte array', "require('child_process')[Buffer.from([101, 120, 101, 99]).toString()]('id')"],
    ['unescape', "require('child_process')[unescape('%65%78ec')]('id')"],
    ['decodeURIComponent', "require('child_process')[decodeURIComponent('%65xec')]('id')"],
    ['a join', "require('child_process')[['e', 'x', 'e', 'c'].join('')]('id')"],
    ['a split and a join', "require('child_process')['e-x-e-c'.split('-').join('')]('id')"],
    ['a reversal', "require('child_process')['cexe'.split('').reverse().join('')]('id')"],
    ['a spread reversal', "require('child_process')[[...'cexe'].reverse().join('')]('id')"],
    ['Array.from', "require('child_process')[Array.from('cexe').reverse().join('')]('id')"],
    ['replace', "require('child_process')['eXXec'.replace('XX', 'x')]('id')"],
    ['slice', "require('child_process')['__exec__'.slice(2, 6)]('id')"],
    ['substr', "require('child_process')['__exec__'.substr(2, 4)]('id')"],
    ['charAt', "require('child_process')['e'.charAt(0) + 'xec'.charAt(0) + 'ec']('id')"],
    ['parseInt', "require('child_process')[String.fromCharCode(parseInt('65', 16)) + 'xec']('id')"],
    ['arithmetic', "require('child_process')[String.fromCharCode(50 * 2 + 1) + 'xec']('id')"],
    ['a table of strings', "const t = ['id', 'exec', 'child_process']; require(t[2])[t[1]](t[0])"],
    [
      'a table behind a function',
      "const t = ['id', 'exec', 'child_process']; function s(n) { return t[n - 5]; } require(s(7))[s(6)](s(5))",
    ],
    ['an object of names', "const n = { m: 'child_process', f: 'exec' }; require(n.m)[n.f]('id')"],
    [
      'a decoder function',
      "const d = (s) => s.split('').reverse().join(''); require(d('ssecorp_dlihc'))[d('cexe')]('id')",
    ],
    [
      'a decoder of base64',
      "function d(s) { return Buffer.from(s, 'base64').toString(); } require(d('Y2hpbGRfcHJvY2Vzcw==')).exec(d('aWQ='))",
    ],
    ['a concat', "require('child_'.concat('process')).exec('id')"],
    ['an appended variable', "let m = 'child_'; m = m + 'process'; require(m).exec('id')"],
    ['a text appended with +=', "let m = 'child_'; m += 'process'; require(m).exec('id')"],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});

describe('the same function is called through', () => {
  it.each([
    ['a variable', "const cp = require('child_process'); cp.exec('id')"],
    ['a variable set later', "let cp; cp = require('child_process'); cp.exec('id')"],
    ['destructuring', "const { exec } = require('child_process'); exec('id')"],
    ['renaming destructuring', "const { exec: run } = require('child_process'); run('id')"],
    ['computed destructuring', "const k = 'exec'; const { [k]: run } = require('child_process'); run('id')"],
    ['destructuring into a default', "const { run = require('child_process').exec } = {}; run('id')"],
    ['destructuring by assignment', "let exec; ({ exec } = require('child_process')); exec('id')"],
    ['array destructuring', "const [run] = [require('child_process').exec]; run('id')"],
    ['a default parameter', "function f(run = require('child_process').exec) { run('id'); } f()"],
    ['an argument', "function f(run, what) { run(what); } f(require('child_process').exec, 'id')"],
    ['an alias of require', "const r = require; r('child_process').exec('id')"],
    ['an alias of module.require', "module.require('child_process').exec('id')"],
    ['process.mainModule.require', "process.mainModule.require('child_process').exec('id')"],
    ['globalThis.process.mainModule', "globalThis['process']['mainModule']['require']('child_process').exec('id')"],
    ['process.getBuiltinModule', "process.getBuiltinModule('child_process').exec('id')"],
    ['global.require', "global.require('child_process').exec('id')"],
    ['require.call', "require.call(null, 'child_process').exec('id')"],
    ['require.apply', "require.apply(null, ['child_process']).exec('id')"],
    ['require.bind', "const r = require.bind(null); r('child_process').exec('id')"],
    ['a bound argument', "const r = require.bind(null, 'child_process'); r().exec('id')"],
    ['.call', "require('child_process').exec.call(null, 'id')"],
    ['.apply', "require('child_process').exec.apply(null, ['id'])"],
    ['.bind', "require('child_process').exec.bind(null)('id')"],
    ['.bind with the command', "require('child_process').exec.bind(null, 'id')()"],
    ['Reflect.apply', "Reflect.apply(require('child_process').exec, null, ['id'])"],
    ['Reflect.get', "Reflect.get(require('child_process'), 'exec')('id')"],
    ['a comma', "(0, require('child_process').exec)('id')"],
    [
      'createRequire',
      "const { createRequire } = require('module'); createRequire(__filename)('child_process').exec('id')",
    ],
    ['module._load', "require('module')._load('child_process').exec('id')"],
    ['module.constructor._load', "module.constructor._load('child_process').exec('id')"],
    ['an optional chain', "require('child_process')?.exec?.('id')"],
    [
      'a conditional',
      "(process.platform === 'win32' ? require('child_process') : require('child_process')).exec('id')",
    ],
    ['a logical fallback', "const cp = globalThis.cp || require('child_process'); cp.exec('id')"],
    ['an awaited import()', "(async () => { const cp = await import('child_process'); cp.exec('id'); })()"],
    ['import().then()', "import('child_process').then((cp) => cp.exec('id'))"],
    ['import().then() destructured', "import('child_process').then(({ exec }) => exec('id'))"],
    ['promisify', "const { promisify } = require('util'); promisify(require('child_process').exec)('id')"],
    ['an IIFE', "(function (cp) { cp.exec('id'); })(require('child_process'))"],
    ['an IIFE by .call', "(function (cp) { cp.exec('id'); }).call(this, require('child_process'))"],
    ['an arrow IIFE', "((cp) => cp.exec('id'))(require('child_process'))"],
    ['an object', "const tools = { cp: require('child_process') }; tools.cp.exec('id')"],
    ['an object written later', "const tools = {}; tools.cp = require('child_process'); tools.cp.exec('id')"],
    [
      'this',
      "class T { constructor() { this.cp = require('child_process'); } go() { this.cp.exec('id'); } } new T().go()",
    ],
    ['a class field', "class T { cp = require('child_process'); go() { this.cp.exec('id'); } }"],
    ['a private field', "class T { #cp = require('child_process'); go() { this.#cp.exec('id'); } }"],
    ['a getter function', "function cp() { return require('child_process'); } cp().exec('id')"],
    ['a spread object', "const tools = { ...require('child_process') }; tools.exec('id')"],
    ['Object.assign', "const tools = Object.assign({}, require('child_process')); tools.exec('id')"],
    ['a loop over modules', "for (const cp of [require('child_process')]) cp.exec('id')"],
    ['a Map-free chain of aliases', "const a = require('child_process'), b = a, c = b; const d = c.exec; d('id')"],
    [
      'the global object by Function',
      "Function('return this')().process.mainModule.require('child_process').exec('id')",
    ],
    [
      'the global object by a constructor',
      "''.constructor.constructor('return this')().process.mainModule.require('child_process').exec('id')",
    ],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});

describe('the helpers of compilers and bundlers are seen through:', () => {
  it.each([
    [
      'TypeScript __importDefault',
      'var __importDefault = (this && this.__importDefault) || function (mod) { return (mod && mod.__esModule) ? mod : { "default": mod }; };\nconst child_process_1 = __importDefault(require("child_process"));\nchild_process_1.default.exec("id");',
    ],
    [
      'TypeScript __importStar',
      'const cp = __importStar(require("child_process"));\ncp.exec("id");\nfunction __importStar(mod) { if (mod && mod.__esModule) return mod; var result = {}; if (mod != null) for (var k in mod) result[k] = mod[k]; result["default"] = mod; return result; }',
    ],
    ['a TypeScript call', 'const child_process_1 = require("child_process");\n(0, child_process_1.exec)("id");'],
    [
      'Babel _interopRequireDefault',
      'var _child_process = _interopRequireDefault(require("child_process"));\nfunction _interopRequireDefault(e) { return e && e.__esModule ? e : { default: e }; }\n_child_process.default.exec("id");',
    ],
    [
      'Babel _interopRequireWildcard',
      'var cp = _interopRequireWildcard(require("child_process"));\nfunction _interopRequireWildcard(e) { if (e && e.__esModule) return e; var n = {}; n.default = e; return n; }\ncp.exec("id");',
    ],
    [
      'esbuild __toESM',
      'var __toESM = (mod, isNodeMode, target) => (target = mod != null ? Object.create(Object.getPrototypeOf(mod)) : {}, __copyProps(isNodeMode ? Object.defineProperty(target, "default", { value: mod, enumerable: true }) : target, mod));\nvar __copyProps = (to, from) => { for (let key of Object.getOwnPropertyNames(from)) to[key] = from[key]; return to; };\nvar import_child_process = __toESM(require("child_process"));\nimport_child_process.default.exec("id");',
    ],
    [
      'esbuild __commonJS',
      'var __commonJS = (cb, mod) => function __require() { return mod || (0, cb[Object.keys(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports; };\nvar require_a = __commonJS({ "a.js"(exports, module) { require("child_process").exec("id"); } });\nrequire_a();',
    ],
    [
      'webpack modules',
      '(() => { var m = { 1: (module) => { const cp = require("child_process"); cp.exec("id"); } }; var cache = {}; function load(id) { var module = cache[id] = { exports: {} }; m[id](module, module.exports, load); return module.exports; } load(1); })();',
    ],
    ['an import', "import cp from 'child_process'; cp.exec('id');"],
    ['a named import', "import { exec as run } from 'node:child_process'; run('id');"],
    ['a namespace import', "import * as cp from 'child_process'; cp.exec('id');"],
    [
      'an imported createRequire',
      "import { createRequire } from 'module'; const require = createRequire(import.meta.url); require('child_process').exec('id');",
    ],
    [
      'UMD',
      "(function (root, factory) { if (typeof define === 'function' && define.amd) define(['child_process'], factory); else factory(require('child_process')); })(this, function (cp) { cp.exec('id'); });",
    ],
  ])('%s', (_, program) => {
    expect(tellFile(program)).toContain(runs);
  });
});

describe('text becomes code through', () => {
  it.each([
    ['eval', "eval('1+1')", 'dynamic-code eval "1+1"'],
    ['an indirect eval', "(0, eval)('1+1')", 'dynamic-code eval "1+1"'],
    ['globalThis.eval', "globalThis['ev' + 'al']('1+1')", 'dynamic-code eval "1+1"'],
    ['an alias of eval', "const e = eval; e('1+1')", 'dynamic-code eval "1+1"'],
    ['new Function', "new Function('a', 'return a')", 'dynamic-code Function "a return a"'],
    ['the constructor of a function', "(() => {}).constructor('x()')()", 'dynamic-code Function "x()"'],
    ['the constructor of an array', "[]['constructor']['constructor']('x()')()", 'dynamic-code Function "x()"'],
    ['the constructor of a method', "[].map.constructor('x()')()", 'dynamic-code Function "x()"'],
    ['vm', "require('vm').runInThisContext('x()')", 'dynamic-code vm.runInThisContext "x()"'],
    ['vm.Script', "new (require('vm').Script)('x()')", 'dynamic-code vm.Script "x()"'],
    ['_compile', "new module.constructor()._compile('x()', '')", 'dynamic-code module.constructor()._compile "x()"'],
    ['a timer', "setTimeout('x()', 5)", 'dynamic-code setTimeout "x()"'],
    [
      'a script element',
      "const s = document.createElement('script'); s.src = 'https://cdn.invalid/a.js';",
      'dynamic-code script.src "https://cdn.invalid/a.js"',
    ],
    [
      'a script element of a document that a package passes on',
      "const s = require('global/document').createElement('script'); s.src = 'https://cdn.invalid/a.js';",
      'dynamic-code script.src "https://cdn.invalid/a.js"',
    ],
  ])('%s', (_, program, expected) => {
    expect(tellFile(program)).toContain(expected);
  });

  it('and is read as if it stood there, to a depth', () => {
    expect(tellFile(`eval("require('child_process').exec('id')")`)).toContain(runs);
    expect(tellFile(`eval("eval(\\"require('child_process').exec('id')\\")")`)).toContain(runs);
    expect(tellFile(`eval(atob('${btoa("require('child_process').exec('id')")}'))`)).toContain(runs);
  });
});

describe('what only looks alike is something else:', () => {
  it.each([
    ['a function of the same name', "function exec() {} exec('id')"],
    ['a method of an own object', "const cp = { exec() {} }; cp.exec('id')"],
    ['a local require', "function f(require) { require('child_process').exec('id'); } f(() => ({ exec() {} }))"],
    ['RegExp.exec', "/id/.exec('id')"],
    ['a variable that shadows', "const cp = require('child_process'); { const cp = { exec() {} }; cp.exec('id'); }"],
    ['text', "const text = \"require('child_process').exec('id')\";"],
    ['a comment', "// require('child_process').exec('id')"],
    ['another module of that name', "require('./child_process').exec('id')"],
    [
      'names of Object.prototype',
      "const t = {}; t['constructor']; t['__proto__']; toString('id'); valueOf(); hasOwnProperty('exec');",
    ],
  ])('%s', (_, program) => {
    expect(tellFile(program)).not.toContain(runs);
  });
});
