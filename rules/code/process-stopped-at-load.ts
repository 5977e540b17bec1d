/**
 * The program that imports the package does not get past the import: the package exits, throws or blocks at once.
 * Deliberate or by mistake, the effect is the same as that of an endless loop.
 */
import type { Behavior, ModuleComparison } from '../../src/model/behavior.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf } from '../../src/rule.ts';

export const processStoppedAtLoad: Rule = defineRule({
  id: 'process-stopped-at-load',
  family: 'code',
  title: 'Loading the package stops the program',
  rationale: 'Whoever imports the package exits, fails or waits there, whatever the program was meant to do.',
  remedy: 'Stay on the old version. If the package was withdrawn on purpose, replace it.',
  level: 'review',
  incidents: [
    {
      what: 'colors 1.4.1: programs that imported it never got past the import',
      when: '2022-01-08',
      url: 'https://snyk.io/blog/open-source-npm-packages-colors-faker/',
    },
  ],
  appliesToAdditions: false,
  needs: ['behaviors', 'modules'],
  kinds: {
    'in-entry': {
      level: 'block',
      about: 'It stands in a file that the manifest names as its entry, and runs at once.',
    },
  },
  flags: [
    {
      title: 'an exit at the top of the entry',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: { 'index.js': 'process.exit(0);\nexports.a = 1;\n' },
      expect: [
        {
          kind: 'in-entry',
          message: 'process.exit stops the program, under no condition',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'waiting for a clock in a module that is loaded',
      before: { 'index.js': `require('./late');\n`, 'late.js': '' },
      after: {
        'index.js': `require('./late');\n`,
        'late.js': 'const end = Date.now() + 60000;\nwhile (Date.now() < end) {}\n',
      },
      expect: [
        {
          message: 'busy wait stops the program, under no condition',
          at: { in: 'tarball', path: 'late.js', line: 2 },
          via: ['main', 'index.js', 'late.js'],
        },
      ],
    },
    {
      title: 'an exit in a function that is called at once, and one after a while',
      before: { 'index.js': '' },
      after: { 'index.js': '(() => {\n  process.abort();\n})();\nsetTimeout(() => process.exit(0), 2000);\n' },
      expect: [
        {
          kind: 'in-entry',
          message: 'process.abort stops the program, under no condition',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
        {
          message: 'process.exit stops the program, under no condition',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'a major release that leaves require behind',
      from: '1.0.0',
      to: '2.0.0',
      before: { 'package.json': { main: 'old.js' }, 'old.js': '' },
      after: {
        'package.json': { exports: { '.': { import: './index.mjs', require: './stub.cjs' } } },
        'index.mjs': '',
        'stub.cjs': `throw new Error('Import it');\n`,
      },
      expect: [
        {
          message: 'throw stops the program, under no condition',
          at: { in: 'tarball', path: 'stub.cjs', line: 1 },
          via: ['exports/./require', 'stub.cjs'],
        },
      ],
    },
    {
      title: 'an error below a loop that does not leave the function',
      before: { 'index.js': '' },
      after: {
        'index.js': `function go(all) { for (const one of all) { if (one) break; } throw new Error('No more'); }\ngo([1]);\n`,
      },
      expect: [
        {
          kind: 'in-entry',
          message: 'throw stops the program, under no condition',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'go()'],
        },
      ],
    },
    {
      title: 'an update that breaks require',
      before: { 'package.json': { main: 'old.js' }, 'old.js': '' },
      after: {
        'package.json': { exports: { '.': { import: './index.mjs', require: './stub.cjs' } } },
        'index.mjs': '',
        'stub.cjs': `throw new Error('Import it');\n`,
      },
      expect: [
        {
          kind: 'in-entry',
          message: 'throw stops the program, under no condition',
          at: { in: 'tarball', path: 'stub.cjs', line: 1 },
          via: ['exports/./require', 'stub.cjs'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'an error for old platforms, one inside a function, a signal handler, a command line tool',
      before: { 'package.json': { bin: 'cli.js' }, 'index.js': '', 'cli.js': '' },
      after: {
        'package.json': { bin: 'cli.js' },
        'index.js': `
if (typeof Promise === 'undefined') throw new Error('no promises here');
function findGlobal(all) { for (const one of all) { if (one && one.Math === Math) return one; } throw new Error('No global'); }
findGlobal([typeof window === 'object' && window, globalThis]);
exports.fail = () => { throw new Error('failed'); };
process.on('SIGINT', () => process.exit(130));
try { throw new Error('probe'); } catch {}
const steps = { next: () => true, fail: function fail(error) { throw error; } };
try { steps.next(); } catch (error) { steps.fail(error); }
try { require('./optional'); } catch (error) { throw new Error('not there', { cause: error }); }
`,
        'cli.js': 'process.exit(0);\n',
      },
    },
  ],
  check({ behaviors, modules, subject }) {
    const isMajor = subject.from !== undefined && majorOf(subject.from) !== majorOf(subject.to);
    return behaviors.added.filter(stops).map((behavior) => {
      const message = `${behavior.api} stops the program, under no condition`;
      const isClosed = isMajor && isClosedWay(behavior, modules);
      return evidenceOf(behavior, message, isInEntry(behavior) && !isClosed ? 'in-entry' : undefined);
    });
  },
});

const importedRoots: ReadonlySet<Behavior['root']> = new Set(['main', 'exports', 'module', 'browser']);

function stops({ kind, tier, root, marks }: Behavior): boolean {
  if (kind !== 'process-stop' || tier !== 'load' || !importedRoots.has(root)) return false;
  return !marks.includes('conditional');
}

/** In the file that the manifest names, at its top or in a function that runs there, before the import is over. */
function isInEntry({ via: [, entry], path, marks }: Behavior): boolean {
  return path === entry && !marks.includes('deferred');
}

/** An error in the place of a way in that is closed, or was never open: a major release may leave `require` behind. */
function isClosedWay({ api, path, via: [field = ''] }: Behavior, { before, after }: ModuleComparison): boolean {
  if (api !== 'throw' || !field.startsWith('exports/')) return false;
  const subpath = subpathOf(`/${field}`);
  const isNew = before?.entries.every(({ pointer }) => subpathOf(pointer) !== subpath) === true && subpath !== '.';
  const isImported = after.entries.some(
    (entry) =>
      subpathOf(entry.pointer) === subpath &&
      /\/import(?:\/|$)/.test(entry.pointer) &&
      entry.path !== undefined &&
      entry.path !== path,
  );
  return isNew || (/\/require(?:\/|$)/.test(field) && isImported);
}

function subpathOf(pointer: string): string | undefined {
  return /^\/exports\/(\.[^/]*)/.exec(pointer)?.[1];
}

function majorOf(version: string): string {
  return version.split('.', 1)[0] ?? version;
}
