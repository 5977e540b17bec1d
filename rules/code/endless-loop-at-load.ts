/**
 * Sabotage by standing still: a loop that cannot end runs as soon as the package is imported, and the program that
 * imported it never gets any further. The loop is recognised by its condition, not by its text.
 */
import { type Behavior, printsAgain } from '../../src/model/behavior.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const endlessLoopAtLoad: Rule = defineRule({
  id: 'endless-loop-at-load',
  family: 'code',
  title: 'An endless loop runs when the package is loaded',
  rationale: 'Every program that imports the package hangs there for ever, using a whole core.',
  remedy: 'Stay on the old version and report the release.',
  level: 'block',
  incidents: [
    {
      what: 'colors 1.4.1 and 1.4.44-liberty-2: a loop up to Infinity that prints at load',
      when: '2022-01-08',
      url: 'https://research.swtch.com/npm-colors',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'prints-again': {
      level: 'review',
      about: 'A timer prints something several times a second, for as long as the process runs.',
    },
    'only-by-path': {
      level: 'review',
      about: 'The file is not named by the manifest: it runs only for those who import it by its path.',
    },
  },
  flags: [
    {
      title: 'a timer that fills the console',
      before: { 'index.js': '' },
      after: {
        'index.js': `setInterval(() => { for (let i = 0; i < 9; i++) console.log('liberty'); }, 50);\n`,
      },
      expect: [
        {
          kind: 'prints-again',
          message: 'A timer without an end: it prints again and again',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a counter on its way to Infinity, in a function that another file calls at load',
      before: { 'index.js': `module.exports = require('./lib/paint');\n`, 'lib/paint.js': 'module.exports = {};\n' },
      after: {
        'index.js': `module.exports = require('./lib/paint');\nconst wave = require('./lib/wave');\nwave();\n`,
        'lib/paint.js': 'module.exports = {};\n',
        'lib/wave.js': `module.exports = function wave() {\n  for (let i = 1; i < Infinity; i++) console.log('wave');\n};\n`,
      },
      expect: [
        {
          message: 'An endless loop: "for (let i = 1; i < Infinity; i++)"; its counter never reaches Infinity',
          at: { in: 'tarball', path: 'lib/wave.js', line: 2 },
          via: ['main', 'index.js', 'lib/wave.js', 'wave()'],
        },
      ],
    },
    {
      title: 'a loop that waits for what cannot happen while it waits',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: {
        'index.js': `exports.a = 1;\nlet ready = false;\nsetTimeout(() => { ready = true; }, 100);\nwhile (!ready) {}\n`,
      },
      expect: [
        {
          message: 'An endless loop: "while (!ready)"; nothing in it changes what its condition asks',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a function that starts itself again without a pause',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: {
        'index.js': `exports.a = 1;\nfunction again() {\n  console.log('again');\n  setImmediate(again);\n}\nagain();\n`,
      },
      expect: [
        {
          message: 'An endless loop: "setImmediate"; it starts itself again without end or pause',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'again()'],
        },
      ],
    },
    {
      title: 'a file that users may import by its path',
      before: { 'index.js': '', 'extra.js': 'const on = true;\n' },
      after: { 'index.js': '', 'extra.js': 'const on = true;\nwhile (on) {}\n' },
      expect: [
        {
          kind: 'only-by-path',
          message: 'An endless loop: "while (on)"; its condition is always true',
          at: { in: 'tarball', path: 'extra.js', line: 2 },
          via: ['extra.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a new file that nobody imports by its path so far',
      before: { 'index.js': '' },
      after: { 'index.js': '', 'server.js': 'while (true) {}\n' },
    },
    {
      title: 'loops that end by break, return, throw or an exhausted list, and one that only runs when called',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const queue = [1];
while (queue.length) queue.pop();
let tries = 0;
for (;;) { if (++tries > 3) break; }
for (let i = 10; i >= 0; i--) queue.push(i);
if (process.env.SAMPLE_BEAT) setInterval(() => console.log('beat'), 500);
setInterval(() => { if (queue.length > 9) console.warn('many'); }, 500);
setInterval(() => console.log('still here'), 60000);
exports.watch = () => setInterval(() => console.log('watching'), 500);
exports.read = function read(stream) { for (;;) { if (!stream.next()) return; } };
exports.serve = function serve() { while (true) console.log('serving'); };
exports.ids = function* ids() { let id = 0; while (true) yield id++; };
`,
      },
    },
    {
      title: 'a program that serves for ever',
      before: { 'package.json': { bin: 'cli.js' }, 'cli.js': '' },
      after: { 'package.json': { bin: 'cli.js' }, 'cli.js': `while (true) console.log('tick');\n` },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.filter(runsAtLoad).map((behavior) => {
      const loop = `An endless loop: "${shorten(behavior.api)}"`;
      const message = behavior.detail === undefined ? loop : `${loop}; ${behavior.detail}`;
      if (behavior.detail === printsAgain)
        return evidenceOf(behavior, `A timer without an end: ${printsAgain}`, 'prints-again');
      return evidenceOf(behavior, message, behavior.root === 'file' ? 'only-by-path' : undefined);
    });
  },
});

/** A program that somebody starts may serve for ever. */
function runsAtLoad({ kind, tier, root }: Behavior): boolean {
  return kind === 'endless-loop' && (tier === 'install' || tier === 'load') && root !== 'bin';
}
