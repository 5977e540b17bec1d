/** Code written to exhaust its reader: it is read in bounded time, or said not to have been read. Never silence. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';

const payload = ";require('child_process').exec('id');";
/** What is not bounded takes minutes here; what is, well under a second on a machine that does nothing else. */
const maxMs = 5_000;

interface Reading {
  readonly seen: boolean;
  readonly unread: string | undefined;
  readonly failed: boolean;
  readonly ms: number;
}

function read(text: string): Reading {
  const start = process.cpuUsage();
  const { fns, unread, failure } = analyzeFile(text, 'index.js');
  const seen = fns.some(({ behaviors }) => behaviors.some(({ kind }) => kind === 'child-process'));
  return { seen, unread: unread?.why, failed: failure !== undefined, ms: cpuMs(start) };
}

/** What the processor worked since, whoever else keeps it busy. */
function cpuMs(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1_000;
}

function times(count: number, make: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => make(index)).join('');
}

describe('nesting a hundred thousand deep is read, or reported as too deep:', () => {
  const deep = 100_000;
  it.each([
    ['parentheses', `x=${'('.repeat(deep)}1${')'.repeat(deep)}`],
    ['lists', `x=${'['.repeat(deep)}${']'.repeat(deep)}`],
    ['blocks', `${'{'.repeat(deep)}${'}'.repeat(deep)}`],
    ['objects', `x=${'{a:'.repeat(deep)}1${'}'.repeat(deep)}`],
    ['signs', `x=${'+ '.repeat(deep)}1`],
    ['conditionals', `x=${'a?b:'.repeat(deep)}c`],
    ['conditionals in the middle', `x=${'a?'.repeat(deep)}b${':c'.repeat(deep)}`],
    ['else if', `${'if(a){}else '.repeat(deep)}{}`],
    ['templates', `x=${'`${'.repeat(deep)}1${'}`'.repeat(deep)}`],
    ['members', `x=a${'.b'.repeat(deep)}`],
    ['calls of calls', `a${'()'.repeat(deep)}`],
    ['calls of members', `a${'.b()'.repeat(deep)}`],
    ['a concatenation', `x=''${"+'ab'".repeat(deep)}`],
    ['a conjunction', `x=a${'&&b'.repeat(deep)}`],
    ['assignments', `${'a='.repeat(deep)}1`],
    ['arrow functions', `x=${'a=>'.repeat(deep)}1`],
    ['functions', `${'function f(){'.repeat(deep)}${'}'.repeat(deep)}`],
    ['loops', `${'for(;;){'.repeat(deep)}${'}'.repeat(deep)}`],
    ['tries', `${'try{'.repeat(deep)}${'}catch{}'.repeat(deep)}`],
    ['tests of the language', `${'if(navigator.language){'.repeat(deep)}alert(1)${'}'.repeat(deep)}`],
    ['patterns', `const ${'{a:'.repeat(deep)}b${'}'.repeat(deep)}=x`],
    ['labels', `${times(deep, (index) => `l${index}:`)}for(;;){break l0}`],
  ])('%s', (_, text) => {
    const { seen, unread, ms } = read(text + payload);
    expect(seen || unread === 'too-deep').toBe(true);
    expect(ms).toBeLessThan(maxMs);
  });
});

describe('width is read in full:', () => {
  it.each([
    [
      'functions that call one another in a circle',
      `${times(50_000, (at) => `function f${at}(a){return f${(at + 1) % 50_000}(a)}\n`)}f0(1)`,
    ],
    [
      'functions that call two others',
      `${times(20_000, (at) => `function f${at}(a){return f${(at + 1) % 20_000}(a)+f${(at + 7) % 20_000}(a)}\n`)}f0('x')`,
    ],
    ['variables that lean on one another in a circle', times(50_000, (at) => `var v${at}=v${(at + 1) % 50_000};`)],
    ['a switch', `switch(a){${times(50_000, (at) => `case ${at}:f(${at});break;`)}}`],
    ['a list of a million elements', `x=[${'1,'.repeat(1_000_000)}]`],
    ['a string of five million letters', `x="${'a'.repeat(5_000_000)}"`],
    ['a line of calls', 'f(1);'.repeat(200_000)],
    [
      'tests of the language one after the other',
      `${'if(!navigator.language)return;'.repeat(20_000)}${'console.log(1);'.repeat(2_000)}`,
    ],
    ['loops', 'for(;;){if(x)break}'.repeat(20_000)],
    [
      'parameters',
      `function f(${times(3_000, (at) => `p${at},`)}){${times(3_000, (at) => `p${at}();`)}}${`f(${'x,'.repeat(2_999)}y);`.repeat(16)}`,
    ],
    ['methods of a class', `class A{${times(20_000, (at) => `m${at}(){this.m${at + 1}()}`)}}new A().m0()`],
    ['destructured names', `const {${times(50_000, (at) => `a${at},`)}}=require('x')`],
    [
      'one variable of many modules',
      `let u;${times(5_000, (at) => `if(c${at})u=require('m${at}');`)}${'u.y();'.repeat(5_000)}`,
    ],
    [
      'timers that start one another',
      `${times(3_000, (at) => `function t${at}(){setImmediate(t${(at + 1) % 3_000});console.log(1)}`)}t0()`,
    ],
    [
      'getters of one name',
      `const o={${times(5_000, (at) => `get a(){return require('fs').unlinkSync('${at}')},`)}};${'o.a;'.repeat(5_000)}`,
    ],
    ['exports', times(50_000, (at) => `exports.a${at}=function(){};`)],
    ['writes to one variable', `let x;${'x=f(x);'.repeat(20_000)}`],
    ['HTML comments', '<!-- x\n'.repeat(50_000)],
  ])('%s', (_, text) => {
    const { seen, unread, ms } = read(text + payload);
    expect({ seen, unread }).toEqual({ seen: true, unread: undefined });
    expect(ms).toBeLessThan(maxMs);
  });
});

describe('values that grow without end are followed to a limit:', () => {
  const doubled = (join: (at: number) => string): string => times(60, (at) => `const a${at + 1}=${join(at)};`);
  it.each([
    ['a doubled text', `const a0="xy";${doubled((at) => `a${at}+a${at}`)}eval(a60)`],
    ['a doubled template', `const a0="xy";${doubled((at) => `\`\${a${at}}\${a${at}}\``)}eval(a60)`],
    ['a doubled list', `const a0=[1,2];${doubled((at) => `[...a${at},...a${at}]`)}eval(a60.join(""))`],
    ['a repeated text', 'eval("a".repeat(1e9));eval("ab".repeat(9999).repeat(9999))'],
    [
      'replacements',
      `const a0="x".repeat(5000);${times(10, (at) => `const a${at + 1}=a${at}.replaceAll("x","x".repeat(5000));`)}eval(a10)`,
    ],
    [
      'a join with a long separator',
      `const s="x".repeat(9000);const l=[${'s,'.repeat(9_000)}];eval(l.join(s));eval(l.join(""))`,
    ],
    ['an object spread into itself', 'let o={...o};o={...o,...o};o.a.b.c();f(...o)'],
    ['objects spread into one another', 'let o={...p},p={...o};o.a();p.exec()'],
    [
      'parameters that grow at each call',
      'function f(a){return f([a,a])}f(1);function g(a){return g(a+a)}g("xx");function h(a){return h(a.b)}h(require)',
    ],
    ['a function applied to itself', 'const Y=f=>(x=>x(x))(x=>f(y=>x(x)(y)));Y(f=>n=>f(n))(1)'],
    ['lists of any length', 'Array.from({length:1e9});Array(1e9).join("x");new Buffer(1e9)'],
  ])('%s', (_, text) => {
    const { seen, ms } = read(`${text};${payload}`);
    expect(seen).toBe(true);
    expect(ms).toBeLessThan(maxMs);
  });
});

describe('work that multiplies is cut short, and that is said:', () => {
  it.each([
    ['a long text made code again and again', `const s="${'a();'.repeat(30_000)}";${'eval(s);'.repeat(3_000)}`],
    [
      'any of many functions called many times',
      `const t={${times(5_000, (at) => `f${at}(){g(${at})},`)}};${'t[k]();'.repeat(5_000)}`,
    ],
    [
      'any of a long list of functions called many times',
      `const t=[${times(5_000, (at) => `()=>g(${at}),`)}];${'t[k]();'.repeat(5_000)}`,
    ],
  ])('%s', (_, text) => {
    const { unread, ms } = read(text + payload);
    expect(unread).toBe('too-long');
    expect(ms).toBeLessThan(maxMs);
  });
});

describe('names that every object has are names like others:', () => {
  const names = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty', 'prototype'];
  it.each(names)('%s', (name) => {
    const text = [
      `const o={${name}:{exec:1},['${name}']:require('fs')};o.${name}.a();o['${name}']();new o.${name}();`,
      `exports.${name}=function(){};module.exports={${name}:1};exports['${name}'].x=1;`,
      `require('${name}');require('./${name}');import('${name}');x.${name}=y.${name};`,
      `free.${name}();(function(${name === '__proto__' ? 'p' : name}){})(${name});`,
      `require('fs').writeFileSync(${name},'x');fetch(${name});x=${name}+'a';`,
    ];
    for (const part of text) expect(read(part + payload)).toMatchObject({ seen: true, unread: undefined });
  });
});

describe('a path that is named by a name which every object has', () => {
  it.each(['toString', 'constructor', '__proto__', 'valueOf'])('is not known: %s', (name) => {
    const behaviors = analyzeFile(`require('fs').writeFileSync(${name}, 'x')`, 'index.js').fns.flatMap(
      (fn) => fn.behaviors,
    );
    expect(behaviors).toMatchObject([{ kind: 'file-write', detail: undefined }]);
  });
});

describe('calls that Node would throw on give nothing, and stop nothing:', () => {
  it.each([
    "'a'.padStart(1e9)",
    "'a'.at(NaN)",
    "'x'.repeat(-1)",
    "'x'.repeat(Infinity)",
    "'x'.repeat(0.5)",
    'String.fromCodePoint(1e9, -1, 0.5, NaN)',
    "decodeURIComponent('%')",
    "Buffer.from('zz', 'hex').toString('utf16le')",
    'Buffer.from([1e99, -1, "x"]).toString("nope")',
    "atob('===');atob('é')",
    "parseInt('9'.repeat(9000), 99)",
    "require('path').join()",
    "'a'.concat({}, [])",
    '[].at(-1);[1, 2].join({})',
    "'x'.replace('x');'x'.split('').map(parseInt)",
    "unescape('%u12')",
    "'x'.normalize('bad')",
    'Reflect.get();Reflect.apply();Reflect.construct();Object.create();require.apply();require.call();eval.bind()()',
    'eval.call.call.call.call.call.call(eval, null, "x")',
    'process.kill();setTimeout();require();import(x);fetch();new XMLHttpRequest().open()',
    "btoa('é');Buffer.from('é').toString('base64')",
    '1n + 1; 10n ** 10000n; typeof Symbol.iterator; void 0',
  ])('%s', (text) => {
    expect(read(text + payload)).toMatchObject({ seen: true, unread: undefined });
  });
});
