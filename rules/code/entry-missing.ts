/**
 * The manifest names a file that is not in the tarball: importing, running or installing the package fails.
 * It happens to honest maintainers too, and breaks whoever updates all the same. What was missing before is no news.
 * Over 300 lines, since half of them are its examples.
 */
import type { Entry, ModuleGraph } from '../../src/model/behavior.ts';
import type { ManifestComparison } from '../../src/model/change.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { isRecord } from '../../src/model/manifest.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atManifest, defineRule, shorten } from '../../src/rule.ts';

/** Conditions that Node or every bundler asks for; others are for those who opted in. */
const commonConditions = new Set(['import', 'require', 'node', 'default', 'module-sync', 'module', 'browser']);
const nodeConditions = new Set(['import', 'require', 'node', 'default', 'module-sync']);
/** As deep as conditions nest in practice, several times over. */
const maxDepth = 12;
const maxListed = 50;

export const entryMissing: Rule = defineRule({
  id: 'entry-missing',
  family: 'code',
  title: 'The manifest names a file that is not there',
  rationale: 'Importing, running or installing the new version fails where the old one worked.',
  remedy: 'Stay on the old version until a release has its files again.',
  level: 'block',
  incidents: [
    {
      what: 'is-promise 2.2.0: targets in exports without "./", and a file that was not packed',
      when: '2020-04-25',
      url: 'https://medium.com/javascript-in-plain-english/is-promise-post-mortem-cab807f18dcc',
    },
    {
      what: 'faker 6.6.6: main names index.js, and the tarball has no code',
      when: '2022-01-04',
      url: 'https://snyk.io/blog/npm-faker-package-open-source-libraries/',
    },
  ],
  appliesToAdditions: false,
  needs: ['files', 'manifests', 'modules'],
  kinds: {
    'still-reachable': {
      level: 'notice',
      about: 'Another entry for the same import works, or only tools that ask for it would look for the file.',
    },
    'new-import': { level: 'notice', about: 'The old version did not offer that import: no code relies on it yet.' },
  },
  flags: [
    {
      title: 'the main file, a command and an install script are gone',
      before: {
        'package.json': { main: 'lib/index.js', bin: { tool: './cli.js' }, scripts: { postinstall: 'node setup.js' } },
        'lib/index.js': '',
        'cli.js': '',
        'setup.js': '',
      },
      after: {
        'package.json': { main: 'lib/index.js', bin: { tool: './cli.js' }, scripts: { postinstall: 'node setup.js' } },
      },
      expect: [
        {
          message: 'The postinstall script runs setup.js, which is not in the tarball',
          at: atManifest('scripts', 'postinstall'),
        },
        { message: 'The main entry names lib/index.js, which is not in the tarball', at: atManifest('main') },
        { message: 'The command tool names ./cli.js, which is not in the tarball', at: atManifest('bin', 'tool') },
      ],
    },
    {
      title: 'a target in exports that is none, and a new one for bundlers that leads nowhere beside one that works',
      before: { 'package.json': { main: 'index.js' }, 'index.js': '' },
      after: {
        'package.json': { exports: { '.': { module: './index.mjs', default: './index.js' }, './more': 'more.js' } },
        'index.js': '',
        'more.js': '',
      },
      expect: [
        {
          kind: 'still-reachable',
          message: 'The exports entry names ./index.mjs, which is not in the tarball',
          at: atManifest('exports', '.', 'module'),
        },
        {
          message: 'The exports entry names more.js, which is no valid target: it must begin with "./"',
          at: atManifest('exports', './more'),
        },
      ],
    },
    {
      title: 'new exports that lead nowhere, though main does not',
      before: { 'package.json': { main: 'index.js' }, 'index.js': '' },
      after: { 'package.json': { main: 'index.js', exports: './lib/index.js' }, 'index.js': '' },
      expect: [
        {
          message: 'The exports entry names ./lib/index.js, which is not in the tarball',
          at: atManifest('exports'),
        },
      ],
    },
    {
      title: 'a list in exports without any valid target',
      before: { 'package.json': { main: 'index.js' }, 'index.js': '' },
      after: { 'package.json': { exports: { '.': [{ import: 'index.mjs' }, 'index.js'] } }, 'index.js': '' },
      expect: [
        {
          message: 'The exports entry names index.mjs, which is no valid target: it must begin with "./"',
          at: atManifest('exports', '.', '0', 'import'),
        },
        {
          message: 'The exports entry names index.js, which is no valid target: it must begin with "./"',
          at: atManifest('exports', '.', '1'),
        },
      ],
    },
    {
      title: 'no entry is left at all',
      before: { 'index.js': 'exports.name = 1;\n' },
      after: { 'README.md': 'Gone.\n' },
      expect: [
        {
          message: 'Importing the package loaded index.js until now; the new version has nothing to load',
          at: atManifest(),
        },
      ],
    },
    {
      title: 'the first list of imports: one that nobody could name until now, and one that worked by its path',
      before: { 'package.json': { main: 'index.js' }, 'index.js': '', 'words/two.js': '' },
      after: {
        'package.json': {
          exports: { '.': './index.js', './words/one': './words/one.js', './words/two': { default: './words/two.js' } },
        },
        'index.js': '',
      },
      expect: [
        {
          kind: 'new-import',
          message: 'The exports entry names ./words/one.js, which is not in the tarball',
          at: { in: 'tarball', path: 'package.json', pointer: '/exports/.~1words~1one' },
        },
        {
          message: 'The exports entry names ./words/two.js, which is not in the tarball',
          at: { in: 'tarball', path: 'package.json', pointer: '/exports/.~1words~1two/default' },
        },
      ],
    },
    {
      title: 'an import that is new never worked, and one that was there works no more',
      before: {
        'package.json': { exports: { '.': './index.js', './words': './words.js' } },
        'index.js': '',
        'words.js': '',
      },
      after: {
        'package.json': { exports: { '.': './index.js', './words': './words.js', './more': './more.js' } },
        'index.js': '',
      },
      expect: [
        {
          message: 'The exports entry names ./words.js, which is not in the tarball',
          at: { in: 'tarball', path: 'package.json', pointer: '/exports/.~1words' },
        },
        {
          kind: 'new-import',
          message: 'The exports entry names ./more.js, which is not in the tarball',
          at: { in: 'tarball', path: 'package.json', pointer: '/exports/.~1more' },
        },
      ],
    },
  ],
  passes: [
    {
      title: 'it was missing before',
      before: { 'package.json': { main: 'lib/index.js', bin: { tool: 'cli.js' } } },
      after: { 'package.json': { main: 'lib/index.js', bin: { tool: 'cli.js' } } },
    },
    {
      title:
        'targets that only look missing: no extension, a folder, null, a pattern, declarations, a browser field that is false',
      before: { 'package.json': { main: 'index.js' }, 'index.js': '' },
      after: {
        'package.json': {
          main: 'lib',
          browser: { fs: false },
          exports: {
            '.': { types: './gone.d.ts', default: './lib/index.js' },
            './x/*': './lib/*.js',
            './internal/*': null,
            './first': ['no-target', './lib/index.js'],
          },
        },
        'lib/index.js': '',
      },
    },
    {
      title: 'an install script that says itself what happens without the file',
      before: {},
      after: { 'package.json': { scripts: { postinstall: 'node setup.js || exit 0' } } },
    },
    {
      title: 'a package of types has no entry, before and now',
      before: { 'package.json': { types: 'index.d.ts', main: '' }, 'index.d.ts': 'export {};\n' },
      after: { 'package.json': { types: 'index.d.ts', main: '' }, 'index.d.ts': 'export type A = 1;\n' },
    },
  ],
  check({ files, manifests, modules }) {
    const { before, after } = modules;
    if (before === undefined) return [];
    const missing = after.entries.filter((entry) => entry.path === undefined && isNews(entry, before, manifests));
    return [
      ...missing.map((entry) =>
        isNewImport(entry, manifests, files.before) ? describeNew(entry) : describe(entry, modules.after, before),
      ),
      ...findInvalidTargets(manifests),
      ...findNothingLeft(manifests, after, before),
    ];
  },
});

function isNews(entry: Entry, before: ModuleGraph, { after }: ManifestComparison): boolean {
  const wasMissing = before.entries.some(
    (old) =>
      old.path === undefined &&
      old.kind === entry.kind &&
      (old.pointer === entry.pointer || old.target === entry.target),
  );
  if (wasMissing) return false;
  const command = entry.kind === 'hook' ? after.scripts[entry.pointer.slice('/scripts/'.length)] : undefined;
  return command === undefined || !/\|\||\btest -|\bif exist\b|\[ -/.test(command);
}

/** A subpath, where the old version listed each of its own, or listed none and had no file of that name. */
function isNewImport(entry: Entry, { before }: ManifestComparison, tree: PackageTree | undefined): boolean {
  const old = before?.exports;
  const key = importOf(entry);
  if (entry.kind !== 'exports' || key === '.') return false;
  if (old === undefined && tree !== undefined) {
    const path = key.replaceAll('~1', '/').replaceAll('~0', '~').replace(/^\.\//, '');
    return !path.includes('*') && ![...tree.files.keys()].some((file) => file === path || leadsTo(file, path));
  }
  if (!isRecord(old)) return false;
  const keys = Object.keys(old).map((one) => one.replaceAll('~', '~0').replaceAll('/', '~1'));
  return keys.every((one) => one.startsWith('.') && !/\*|~1$/.test(one) && one !== key);
}

/** `lib/words.js` and `lib/words/index.js` are imported as `lib/words`. */
function leadsTo(file: string, path: string): boolean {
  return file.startsWith(`${path}.`) || file.startsWith(`${path.replace(/\/$/, '')}/`);
}

function describeNew(entry: Entry): Evidence<'new-import'> {
  const { at, message } = sayMissing(entry);
  return { kind: 'new-import', message, at };
}

function sayMissing(entry: Entry): Pick<Evidence, 'at' | 'message'> {
  const at = { in: 'tarball', path: 'package.json', pointer: entry.pointer } as const;
  const verb = entry.kind === 'hook' ? 'runs' : 'names';
  return { at, message: `The ${nameOf(entry)} ${verb} ${shorten(entry.target)}, which is not in the tarball` };
}

function describe(entry: Entry, after: ModuleGraph, before: ModuleGraph): Evidence<'still-reachable'> {
  const { at, message } = sayMissing(entry);
  const isOther = (other: Entry): boolean => other.path !== undefined && importOf(other) === importOf(entry);
  // Node asks for no other field where there are exports, and for no other target under the conditions that it sets.
  const hasOther = after.entries.some((other) => isOther(other) && (!isForNode(entry) || other.kind === 'exports'));
  const worked = before.entries.some((old) =>
    isForNode(entry) ? isOther(old) && isCommon(old) : old.path !== undefined && old.pointer === entry.pointer,
  );
  // Bundlers pass over a module field that leads nowhere, and Node over a main field where there are exports.
  const isPassedOver = entry.kind === 'main' || entry.kind === 'module' || !isCommon(entry);
  return hasOther && (isPassedOver || !worked) ? { kind: 'still-reachable', message, at } : { message, at };
}

/** What somebody would import: entries of one import can stand in for each other. */
function importOf({ kind, pointer }: Entry): string {
  if (kind === 'bin' || kind === 'hook') return pointer;
  const key = kind === 'exports' ? (pointer.split('/')[2] ?? '.') : '.';
  return key.startsWith('.') ? key : '.';
}

/** A target in exports that Node takes, whether by `import` or by `require`. */
function isForNode({ kind, pointer }: Entry): boolean {
  if (kind !== 'exports') return false;
  return pointer
    .split('/')
    .slice(2)
    .every((key) => key.startsWith('.') || nodeConditions.has(key));
}

function isCommon({ kind, pointer }: Entry): boolean {
  if (kind !== 'exports') return true;
  return pointer
    .split('/')
    .slice(2)
    .every((key) => key.startsWith('.') || /^\d+$/.test(key) || commonConditions.has(key));
}

function nameOf({ kind, pointer }: Entry): string {
  const last = shorten(pointer.slice(pointer.lastIndexOf('/') + 1))
    .replaceAll('~1', '/')
    .replaceAll('~0', '~');
  if (kind === 'bin') return `command ${last}`;
  return kind === 'hook' ? `${last} script` : `${kind} entry`;
}

/** Node refuses a target in `exports` that does not begin with "./". */
function findInvalidTargets({ before, after }: ManifestComparison): Evidence<never>[] {
  const old = new Set(listTargets(before?.exports).map(({ target }) => target));
  return listTargets(after.exports)
    .filter(({ target }) => !target.startsWith('./') && !old.has(target))
    .map(({ keys, target }) => {
      const message = `The exports entry names ${shorten(target)}, which is no valid target: it must begin with "./"`;
      return { message, at: atManifest('exports', ...keys) };
    });
}

interface Target {
  readonly keys: readonly string[];
  readonly target: string;
}

function listTargets(exports: unknown, keys: readonly string[] = []): Target[] {
  if (typeof exports === 'string') return [{ keys, target: exports }];
  if (Array.isArray(exports) && keys.length <= maxDepth) return listRefused(exports, keys);
  if (!isRecord(exports) || keys.length > maxDepth) return [];
  return Object.entries(exports)
    .filter(([key]) => key !== 'types' && !key.startsWith('types@'))
    .flatMap(([key, value]) => listTargets(value, [...keys, key]));
}

/** Of a list Node takes the first target that is valid: only when there is none does it fail. */
function listRefused(list: readonly unknown[], keys: readonly string[]): Target[] {
  const targets = list.slice(0, maxListed).flatMap((one, index) => listTargets(one, [...keys, `${index}`]));
  return targets.some(({ target }) => target.startsWith('./')) ? [] : targets;
}

function findNothingLeft(
  { after: manifest }: ManifestComparison,
  after: ModuleGraph,
  before: ModuleGraph,
): Evidence<never>[] {
  const old = before.entries.find((entry) => entry.kind === 'main' && entry.path !== undefined);
  const isImportable = (entry: Entry): boolean => entry.kind !== 'hook' && entry.kind !== 'bin';
  if (old?.path === undefined || manifest.exports !== undefined || after.entries.some(isImportable)) return [];
  const message = `Importing the package loaded ${shorten(old.path)} until now; the new version has nothing to load`;
  return [{ message, at: atManifest() }];
}
