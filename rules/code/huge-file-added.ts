/**
 * A very large script that was not there before: far larger than the whole package was, or named by nothing that the
 * package runs. Worms bring themselves along in such a file, bundled into one, and an install script starts it.
 * Size alone proves nothing: bundles are large. It is the file that a hook starts which needs a look.
 */
import type { Hook, ModuleComparison } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { listNamedFiles } from '../../src/model/named-files.ts';
import type { PackageFile, PackageTree } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule, describeBytes, shorten } from '../../src/rule.ts';

/** Larger than what people write by hand. */
const minBytes = 200_000;
/** A bundle of what was there is smaller than it. */
const growthFactor = 10;
/** Of many large files the first stand for all. */
const maxFiles = 5;

export const hugeFileAdded: Rule = defineRule({
  id: 'huge-file-added',
  family: 'code',
  title: 'A very large script came with the update',
  rationale: 'Nobody reads a script of this size in a review, and nothing that the package did before needed it.',
  remedy: 'Ask what the file is and how it is built. Where an install script starts it, stay on the old version.',
  level: 'notice',
  incidents: [
    {
      what: 'The Shai-Hulud worm added its own bundle.js, some megabytes in one file, and a postinstall script to start it',
      when: '2025-09-15',
      url: 'https://www.stepsecurity.io/blog/ctrl-tinycolor-and-40-npm-packages-compromised',
    },
  ],
  appliesToAdditions: false,
  needs: ['files', 'modules'],
  kinds: {
    'started-by-hook': { level: 'review', about: 'An install script, or a file that it runs, names the file.' },
  },
  flags: [
    {
      title: 'larger than all that was there, though an entry names it; and one that nothing names',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: {
        'package.json': { main: 'index.js' },
        'index.js': 'exports.a = require("./vendor.js");\n',
        'vendor.js': `exports.table = "${'a '.repeat(125_000)}";\n`,
        'tool.js': `exports.table = "${'b '.repeat(105_000)}";\n`,
      },
      expect: [
        {
          message: 'vendor.js has 250.0 kB, more than ten times the whole old version',
          at: atFile('vendor.js'),
        },
        {
          message:
            'tool.js has 210.0 kB, more than ten times the whole old version, and no file that the package runs names it',
          at: atFile('tool.js'),
        },
      ],
    },
    {
      title: 'one that an install script starts, in a package that is large itself',
      before: { 'index.js': `exports.table = "${'a '.repeat(60_000)}";\n` },
      after: {
        'package.json': { main: 'index.js', scripts: { postinstall: 'node bundle.js' } },
        'index.js': `exports.table = "${'a '.repeat(60_000)}";\n`,
        'bundle.js': `exports.table = "${'b '.repeat(105_000)}";\n`,
      },
      expect: [
        {
          kind: 'started-by-hook',
          message: 'bundle.js has 210.0 kB; the postinstall script leads to it',
          at: atFile('bundle.js'),
          via: ['scripts/postinstall'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the bundle that the manifest names, and a build that the old version had under another name',
      before: {
        'package.json': { main: 'dist/index.js' },
        'dist/index.js': 'exports.a = 1;\n',
        'dist/page.4fa1.js': `exports.table = "${'a '.repeat(105_000)}";\n`,
      },
      after: {
        'package.json': { main: 'dist/bundle.js' },
        'dist/bundle.js': `exports.table = "${'b '.repeat(105_000)}";\n`,
        'dist/page.77c2.js': `exports.table = "${'c '.repeat(105_000)}";\n`,
      },
    },
    {
      title: 'a large table that is no script',
      before: { 'index.js': '' },
      after: { 'index.js': 'require("./table.json");\n', 'table.json': `["${'a '.repeat(105_000)}"]` },
    },
  ],
  check({ files, modules }) {
    const { before, after } = files;
    if (before === undefined) return [];
    const huge = files.added.filter(isHuge);
    if (huge.length === 0) return [];
    const surroundings = describeSurroundings(before, after, modules);
    return huge.flatMap((file) => describe(file, surroundings) ?? []).slice(0, maxFiles);
  },
});

interface Surroundings {
  readonly bytesBefore: number;
  /** The old version had such a file that nothing named: the package is built so. */
  readonly hadUnnamed: boolean;
  /** What a manifest's field names, hooks aside. */
  readonly entries: ReadonlySet<string>;
  readonly named: ReadonlySet<PackageFile>;
  readonly started: ReadonlySet<PackageFile>;
  readonly hooks: readonly Hook[];
}

function describeSurroundings(before: PackageTree, after: PackageTree, modules: ModuleComparison): Surroundings {
  const isHook = ({ kind }: { readonly kind: string }) => kind === 'hook';
  const old = pathsOf(modules.before?.entries ?? []);
  const namedBefore = listNamedFiles(before, old);
  const entries = pathsOf(modules.after.entries.filter((entry) => !isHook(entry)));
  return {
    bytesBefore: before.unpackedBytes,
    hadUnnamed: [...before.files.values()].some((file) => isHuge(file) && !namedBefore.has(file)),
    entries: new Set(entries),
    named: listNamedFiles(after, pathsOf(modules.after.entries)),
    started: listNamedFiles(after, pathsOf(modules.after.entries.filter(isHook))),
    hooks: modules.after.hooks,
  };
}

function describe(file: PackageFile, surroundings: Surroundings): Evidence<'started-by-hook'> | undefined {
  const { bytesBefore, hadUnnamed, entries, named, started, hooks } = surroundings;
  const size = `${shorten(file.path)} has ${describeBytes(file.size)}`;
  const at = atFile(file.path);
  const hook =
    hooks.find(({ command }) => command.includes(nameOf(file.path))) ?? (started.has(file) ? hooks[0] : undefined);
  if (hook !== undefined) {
    const message = `${size}; the ${hook.event} script leads to it`;
    return { kind: 'started-by-hook', message, at, via: [`scripts/${hook.event}`] };
  }
  if (entries.has(file.path)) return undefined;
  const outgrows = file.size > bytesBefore * growthFactor;
  const isUnnamed = !named.has(file);
  if (!outgrows && (!isUnnamed || hadUnnamed)) return undefined;
  const reasons = [
    ...(outgrows ? ['more than ten times the whole old version'] : []),
    ...(isUnnamed ? ['and no file that the package runs names it'] : []),
  ];
  return { message: `${size}, ${reasons.join(', ')}`, at };
}

function isHuge({ format, size }: PackageFile): boolean {
  return format === 'javascript' && size > minBytes;
}

function pathsOf(entries: readonly { readonly path: string | undefined }[]): readonly string[] {
  return entries.flatMap(({ path }) => path ?? []);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
