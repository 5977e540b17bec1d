/**
 * Code that hides which module it loads, or which function of Node it calls: the name is put together in a way that neither its
 * text nor acting the text out shows. Honest code takes such names from its caller, a folder or a list that can be read.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf } from '../../src/rule.ts';

/** Modules by number, as one bundler writes them: it asks outside for what its table lacks. */
function bundleOf(modules: string): string {
  return `
(function outer(table, cache, entries) {
  function load(name) {
    if (!cache[name]) {
      if (!table[name]) {
        var ask = typeof require == 'function' && require;
        if (ask) return ask(name, true);
      }
      var own = (cache[name] = { exports: {} });
      table[name][0].call(own.exports, function (asked) {
        var inner = table[name][1][asked];
        return load(inner ? inner : asked);
      }, own, own.exports, outer, table, cache, entries);
    }
    return cache[name].exports;
  }
  for (var at = 0; at < entries.length; at++) load(entries[at]);
  return load;
})(${modules}, {}, [1]);
`;
}

export const hiddenNameCalled: Rule = defineRule({
  id: 'hidden-name-called',
  family: 'code',
  title: 'The package calls something by a name that does not show',
  rationale:
    'What it does there cannot be told without running it. Who hides the name of a function or module hides what is done.',
  remedy: 'Find out which name it is by reading the code that makes it, or stay on the old version.',
  level: 'review',
  incidents: [
    {
      what: 'chalk 5.6.1, debug 4.4.2 and others: every name was taken from a table that is decoded while it runs',
      when: '2025-09-08',
      url: 'https://github.com/chalk/chalk/issues/656',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'when-called': {
      level: 'review',
      about: 'A function that users call starts a program by a function whose name does not show.',
    },
  },
  flags: [
    {
      title: 'a function of child_process by the number it has there',
      before: { 'index.js': '' },
      after: { 'index.js': `const child = require('child_process');\nchild[Object.keys(child)[2]]('far');\n` },
      expect: [
        {
          message: 'A function of child_process is called by a name that does not show',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a bundle, one of whose modules asks for what does not show',
      before: { 'index.js': '' },
      after: {
        'index.js': bundleOf(`{ 1: [function (require) { require(Object.keys(globalThis)[7]); }, {}] }`),
      },
      expect: [
        {
          message: 'require loads a module by a name that does not show',
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js', 'outer()', 'load()'],
        },
      ],
    },
    {
      title: 'a module by the number it has among the globals',
      before: { 'index.js': '' },
      after: { 'index.js': `require(Object.keys(globalThis)[7]);\n` },
      expect: [
        {
          message: 'require loads a module by a name that does not show',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a function of child_process by the name that somebody asks for',
      before: { 'index.js': '' },
      after: {
        'index.js': `module.exports = new Proxy({}, { get: (_, name) => (...given) => require('child_process')[name](...given) });\n`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'A function of child_process is called by a name that does not show',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a bundle that asks outside for what its table lacks, and the settings file of whoever runs it',
      before: { 'index.js': '' },
      after: {
        'index.js': `${bundleOf(`{ 1: [function (require, module) { module.exports = require('./two'); require('fs'); }, { './two': 2, fs: undefined }],
     2: [function (a, b) { b.exports = [1].map(function (a) { return a; }); }, {}] }`)}require('./settings.js')(require('sample').settingsPath);
`,
        'settings.js': `
const path = require('path');
const url = require('url');
module.exports = (given) => load(given === undefined ? require('sample').fallback : given);
function load(name) {
  if (name.endsWith('.mjs')) return import(url.pathToFileURL(name).href);
  return require(path.resolve(name));
}
load(require('sample').first);
`,
      },
    },
    {
      title: 'a plug-in by the name that the caller gives, files of its own folder, and names from a list',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
const path = require('path');
for (const file of fs.readdirSync(path.join(__dirname, 'parts'))) require(path.join(__dirname, 'parts', file));
for (const method of ['readFile', 'stat']) exports[method] = (...given) => fs[method](...given);
exports.load = (name) => require(name);
exports.call = (method) => process[method]();
exports.import = new Function('path', 'return import(path)');
`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.flatMap((behavior): Evidence<'when-called'>[] => {
      const isCalled = behavior.tier === 'call';
      const isTold = isCalled ? behavior.api === 'child_process[…]' : behavior.tier !== 'unreached';
      const seen = isTold ? describe(behavior) : undefined;
      return seen === undefined ? [] : [evidenceOf(behavior, seen, isCalled ? 'when-called' : undefined)];
    });
  },
});

function describe({ kind, api, detail, origins, root }: Behavior): string | undefined {
  if (kind === 'computed-call') return `A function of ${api.replace('[…]', '')} is called by a name that does not show`;
  // Programs load the settings of who starts them, and bundles for pages look for modules that are not there.
  if (kind !== 'computed-import' || root === 'bin' || root === 'file') return undefined;
  return detail === undefined && origins.length === 0
    ? `${api} loads a module by a name that does not show`
    : undefined;
}
