/**
 * Sabotage by deletion: a maintainer publishes a version without the code, and everybody who updates has nothing.
 * What counts is the code that the main entry needs: leaving out a second build, sources or tests says nothing, and
 * bundling (fewer files, the same code) neither. Over 300 lines, since half of them are its examples.
 */
import type { ModuleComparison, ModuleGraph } from '../../src/model/behavior.ts';
import type { ManifestComparison } from '../../src/model/change.ts';
import { countCode, countProgram } from '../../src/model/count-code.ts';
import { listNamedFiles } from '../../src/model/named-files.ts';
import type { PackageFile, PackageTree } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, atManifest, defineRule, describeBytes, shorten } from '../../src/rule.ts';

/** Of the code before, what may be left of an emptied package. */
const maxShareLeft = 0.1;
/** Less than this was hardly a package before: rewriting it is no emptying. */
const minBytesBefore = 500;
/** A program of its own has at least so much besides its texts. */
const minProgramBytes = 300;
/** Of the program, when tables are left out of account, what must be left of one that is not emptied. */
const minProgramLeft = 0.5;
/** `module.exports = {}` and the like: nothing that could still work. */
const maxTrivialBytes = 60;

const codeFormats: ReadonlySet<string> = new Set(['javascript', 'json', 'wasm', 'node-addon', 'elf', 'pe', 'mach-o']);

export const packageEmptied: Rule = defineRule({
  id: 'package-emptied',
  family: 'code',
  title: 'The package lost nearly all of its code',
  rationale: 'Whoever updates gets a package that does nothing: the code that it was installed for is gone.',
  remedy: 'Stay on the old version. Where the package was given up or replaced, move to its successor on purpose.',
  level: 'block',
  incidents: [
    {
      what: 'faker 6.6.6: the maintainer deleted the code and published what was left',
      when: '2022-01-04',
      url: 'https://snyk.io/blog/npm-faker-package-open-source-libraries/',
    },
  ],
  appliesToAdditions: false,
  needs: ['files', 'manifests', 'modules'],
  kinds: {
    'moved-to-dependency': {
      level: 'review',
      about: 'What is left hands over to a package that is newly depended on: the code moved there.',
    },
    'moved-in-major': {
      level: 'notice',
      about: 'The same in a new major version, and what is left is more than a door to that package.',
    },
  },
  flags: [
    {
      title: 'all modules are gone, and the entry with them',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `module.exports = require('./lib/all');\n`,
        'lib/all.js': `${'exports.name = function name() { return "a name"; };\n'.repeat(20)}`,
      },
      after: { 'package.json': { main: 'index.js' }, 'README.md': 'What really happened?\n' },
      expect: [
        {
          message: 'The code fell from 2 files (1.1 kB) to 0 files (0 B)',
          at: atManifest('main'),
        },
      ],
    },
    {
      title: 'the entry exports nothing any more, while the old modules still lie beside it',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `module.exports = require('./lib/all');\n`,
        'lib/all.js': `${'exports.name = function name() { return "a name"; };\n'.repeat(20)}`,
      },
      after: {
        'package.json': { main: 'index.js' },
        'index.js': `// Pay for it.\nmodule.exports = {};\n`,
        'lib/all.js': `${'exports.name = function name() { return "a name"; };\n'.repeat(20)}`,
      },
      expect: [
        {
          message: 'The code that the main entry needs fell from 2 files (1.1 kB) to 1 file (20 B)',
          at: atFile('index.js'),
        },
      ],
    },
    {
      title: 'the tables are left, and the program is gone',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `exports.table = require('./table');\nexports.all = require('./all');\n`,
        'all.js': `${'exports.name = function name(key) { return String(key).toUpperCase(); };\n'.repeat(40)}`,
        'table.js': `module.exports = ["one", "two"];\n`,
      },
      after: {
        'package.json': { main: 'index.js' },
        'index.js': `exports.table = require('./table');\n`,
        'table.js': `module.exports = ["one", "two"];\n`,
      },
      expect: [{ message: 'The code fell from 3 files (3.0 kB) to 2 files (67 B)', at: atFile('index.js') }],
    },
    {
      title: 'a stub that hands over to a new dependency',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `${'exports.name = function name() { return "a name"; };\n'.repeat(20)}`,
      },
      after: {
        'package.json': { main: 'index.js', dependencies: { successor: '^2.0.0' } },
        'index.js': `module.exports = require('successor');\n`,
      },
      expect: [
        {
          kind: 'moved-to-dependency',
          message:
            'The code fell from 1 file (1.0 kB) to 1 file (38 B); what is left hands over to successor, a new dependency',
          at: atFile('index.js'),
        },
      ],
    },
    {
      title: 'in a new major version, a program that asks its new dependency',
      from: '1.4.0',
      to: '2.0.0',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `${'exports.name = function name() { return "a name"; };\n'.repeat(120)}`,
      },
      after: {
        'package.json': { main: 'index.js', dependencies: { successor: '^2.0.0' } },
        'index.js': `const all = require('successor');\n${'exports.name = function name(key) { return all.find(key); };\n'.repeat(8)}`,
      },
      expect: [
        {
          kind: 'moved-in-major',
          message:
            'The code fell from 1 file (6.2 kB) to 1 file (513 B); what is left hands over to successor, a new dependency',
          at: atFile('index.js'),
        },
      ],
    },
    {
      title: 'a main entry that only had types, and all that users imported besides it',
      before: {
        'package.json': { exports: { '.': './index.js', './name': './name.js' } },
        'index.js': '\n',
        'name.js': `${'exports.name = function name() { return "a name"; };\n'.repeat(20)}`,
      },
      after: { 'package.json': { exports: './index.js' }, 'index.js': 'module.exports = {};\n' },
      expect: [
        {
          message: 'The code fell from 2 files (1.0 kB) to 1 file (20 B)',
          at: atFile('index.js'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'bundling: many modules become one',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `${Array.from({ length: 20 }, (_, i) => `exports.f${i} = require('./lib/f${i}');\n`).join('')}`,
        ...Object.fromEntries(
          Array.from({ length: 20 }, (_, i) => [`lib/f${i}.js`, `module.exports = () => "number ${i} of twenty";\n`]),
        ),
      },
      after: {
        'package.json': { main: 'index.js' },
        'index.js': `${Array.from({ length: 20 }, (_, i) => `exports.f${i} = () => "number ${i} of twenty";\n`).join('')}`,
      },
    },
    {
      title: 'a main entry that only has a style sheet and a declaration besides its code',
      before: { 'package.json': { main: 'index.js' }, 'index.js': `${'exports.name = () => "a name";\n'.repeat(30)}` },
      after: {
        'package.json': {
          exports: {
            '.': { types: './index.d.ts', style: './index.css', default: './main.js' },
            './more': './more.js',
          },
        },
        'index.css': 'a {}\n',
        'more.js': '',
        'main.js': `${'exports.name = () => "a name";\n'.repeat(20)}`,
      },
    },
    {
      title: 'a table of texts is computed now, and the program that asked it is still there',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `const table = require('./table');\n${'exports.ask = (key) => table.indexOf(key) < 0 ? undefined : String(key).toUpperCase();\n'.repeat(10)}`,
        'table.js': `module.exports = [${'"one more text", 12345, '.repeat(800)}];\n`,
      },
      after: {
        'package.json': { main: 'index.js' },
        'index.js': `${'exports.ask = (key) => key.length > 12 ? undefined : String(key).toUpperCase();\n'.repeat(10)}`,
      },
    },
    {
      title: 'a second build that nothing loads is left out',
      before: {
        'package.json': { main: 'index.js' },
        'index.js': `exports.name = () => "a name";\n`,
        'dist/everything.min.js': `${'function f(){return "bundled"}'.repeat(100)}\n`,
      },
      after: { 'package.json': { main: 'index.js' }, 'index.js': `exports.name = () => "a name";\n` },
    },
  ],
  check({ files, manifests, modules, subject }) {
    if (files.before === undefined) return [];
    const [oldEntries, entries] = [listMain(modules.before, files.before), listMain(modules.after, files.after)];
    // Nearly every package is told here, after a look at a tenth of its code.
    const allAfter = [...files.after.files.values()];
    const limit = sumBytes(files.before.files.values()) * maxShareLeft;
    const isTrivial = measure(entries, maxTrivialBytes).bytes <= maxTrivialBytes;
    if (!isTrivial && measure(allAfter, limit).bytes > limit) return [];
    const all = { before: measure(files.before.files.values()), after: measure(allAfter) };
    const needed = { before: measureNeeded(files.before, oldEntries), after: measureNeeded(files.after, entries) };
    // A main entry that never held anything says nothing: then it is what users import besides it that counts.
    const isNeeded = needed.before.bytes >= minBytesBefore || oldEntries.length === 0;
    const used = isNeeded ? needed : measureUsed({ before: files.before, after: files.after }, modules);
    const isAllGone = (oldEntries.length === 0 || isEmptied(used)) && isEmptied(all);
    const isMainGone = entries.length > 0 && isEmptied(needed) && needed.after.bytes <= maxTrivialBytes;
    if (!isAllGone && !isMainGone) return [];
    if (!isMainGone && keepsProgram({ before: files.before, after: files.after }, [oldEntries, entries])) return [];
    const [what, { before, after }] = isAllGone ? ['The code', all] : ['The code that the main entry needs', needed];
    const fall = `${what} fell from ${describe(before)} to ${describe(after)}`;
    const at = entries[0] === undefined ? atManifest('main') : atFile(entries[0].path);
    const successor = findSuccessor(manifests, modules.after);
    if (successor === undefined) return [{ message: fall, at }];
    const message = `${fall}; what is left hands over to ${shorten(successor)}, a new dependency`;
    // A main entry that is a style sheet leaves the code to those who import it by its path.
    const left = (entries.length > 0 ? entries : allAfter).filter(({ format }) => format === 'javascript');
    const isProgram = sum(left.map((file) => countProgram(textOf(file)))) >= minProgramBytes;
    const isMajor = subject.from !== undefined && majorOf(subject.from) !== majorOf(subject.to);
    return [{ kind: isMajor && isProgram ? 'moved-in-major' : 'moved-to-dependency', message, at }];
  },
});

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

function majorOf(version: string): string | undefined {
  return version.split('.')[0];
}

interface Amount {
  readonly files: number;
  readonly bytes: number;
}

function isEmptied({ before, after }: { readonly before: Amount; readonly after: Amount }): boolean {
  return before.bytes >= minBytesBefore && after.bytes <= before.bytes * maxShareLeft;
}

/** The code that importing the package by its name may load, under any condition. */
function listMain(graph: ModuleGraph | undefined, tree: PackageTree): readonly PackageFile[] {
  const entries = (graph?.entries ?? []).filter(({ kind, pointer }) => {
    const key = pointer.split('/')[2] ?? '.';
    return kind === 'exports' ? key === '.' || !key.startsWith('.') : kind === 'main' || kind === 'module';
  });
  const main = entries.some(({ kind }) => kind === 'exports')
    ? entries.filter(({ kind }) => kind === 'exports')
    : entries;
  const files = main.flatMap(({ path }) => (path === undefined ? [] : (tree.files.get(path) ?? [])));
  return [...new Set(files)].filter(isCode);
}

function measureNeeded(tree: PackageTree, entries: readonly PackageFile[]): Amount {
  return measure(
    listNamedFiles(
      tree,
      entries.map((file) => file.path),
    ),
  );
}

interface Trees {
  readonly before: PackageTree;
  readonly after: PackageTree;
}

/**
 * Whether only tables went: the entries still load most of the program that they loaded, and each file of it that is left keeps
 * most of its own. Texts, numbers and JSON are no program; a package that is hardly more than its tables keeps nothing.
 */
function keepsProgram({ before, after }: Trees, [oldMain, main]: readonly (readonly PackageFile[])[]): boolean {
  const paths = (files: readonly PackageFile[] | undefined): readonly string[] => (files ?? []).map(({ path }) => path);
  const old = [...listNamedFiles(before, paths(oldMain))].filter(({ format }) => format === 'javascript');
  const kept = new Map([...listNamedFiles(after, paths(main))].map((file) => [file.path, file]));
  let total = 0;
  let left = 0;
  for (const file of old) {
    const bytes = countProgram(textOf(file));
    const now = kept.get(file.path);
    total += bytes;
    left += now === undefined ? 0 : Math.min(bytes, now.digest === file.digest ? bytes : countProgram(textOf(now)));
  }
  return total >= minBytesBefore && left >= total * minProgramLeft;
}

/** The code that any entry may load. */
function measureUsed(
  trees: { readonly before: PackageTree; readonly after: PackageTree },
  modules: ModuleComparison,
): { readonly before: Amount; readonly after: Amount } {
  const measureAll = (tree: PackageTree, graph: ModuleGraph | undefined): Amount =>
    measure(
      listNamedFiles(
        tree,
        (graph?.entries ?? []).flatMap(({ path }) => path ?? []),
      ),
    );
  return { before: measureAll(trees.before, modules.before), after: measureAll(trees.after, modules.after) };
}

function isCode({ format, path }: PackageFile): boolean {
  return codeFormats.has(format) && path !== 'package.json' && !path.endsWith('.map');
}

function sumBytes(files: Iterable<PackageFile>): number {
  let bytes = 0;
  for (const file of files) if (isCode(file)) bytes += file.size;
  return bytes;
}

/** Stops soon after `limit`, where the exact amount does not matter. */
function measure(files: Iterable<PackageFile>, limit: number = Number.POSITIVE_INFINITY): Amount {
  let count = 0;
  let bytes = 0;
  for (const file of files) {
    if (bytes > limit) break;
    if (!isCode(file)) continue;
    count += 1;
    bytes += file.format === 'javascript' ? countCode(textOf(file), limit) : file.size;
  }
  return { files: count, bytes };
}

function describe({ files, bytes }: Amount): string {
  return `${files} ${files === 1 ? 'file' : 'files'} (${describeBytes(bytes)})`;
}

/** A peer counts: a stub may leave it to its user to install the successor. */
function findSuccessor({ before, after }: ManifestComparison, { imports }: ModuleGraph): string | undefined {
  const old = { ...before?.peerDependencies, ...before?.optionalDependencies, ...before?.dependencies };
  const { peerDependencies, optionalDependencies, dependencies } = after;
  const added = Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies }).filter(
    (name) => !Object.hasOwn(old, name),
  );
  return added.find((name) => imports.has(name) || Object.hasOwn(optionalDependencies, name));
}
