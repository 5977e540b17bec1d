/**
 * A new dependency that no file of the package imports. It is not there to be used but to be installed: its install
 * script, or its own dependencies, are the point. The update itself looks spotless.
 * Over 300 lines, since half of them are its examples.
 */
import type { Hook } from '../../src/model/behavior.ts';
import type { AddedDependency } from '../../src/model/change.ts';
import { findNearCopy, isPopular, isWellKnown } from '../../src/model/find-lookalike.ts';
import { findSetting } from '../../src/model/find-setting.ts';
import type { Evidence, Place } from '../../src/model/finding.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import { textOf } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atManifest, defineRule, shorten } from '../../src/rule.ts';

const msPerDay = 86_400_000;
/** `@scope/name-linux-x64`: what stands before the platform. */
const platform = /^(.{4,}?)(?:darwin|linux|linuxmusl|win32|android|freebsd|openbsd|sunos|aix|wasm32)(?:-|$)/;
/** How many unused dependencies are searched for in the texts; what lies beyond counts as not named. */
const maxSearches = 20;
/** How many names are compared with those of popular packages. */
const maxNames = 200;

export const dependencyAddedUnused: Rule = defineRule({
  id: 'dependency-added-unused',
  family: 'code',
  title: 'A new dependency that no file imports',
  rationale: 'A package that nothing imports is still installed, and so are its scripts and its own dependencies.',
  remedy: 'Look at what the dependency is and who published it. Stay on the old version until its use is explained.',
  level: 'review',
  incidents: [
    {
      what: 'axios 1.14.1: the new dependency plain-crypto-js was never imported; its postinstall script fetched a trojan',
      when: '2026-03-31',
      url: 'https://diegorodrigo.dev/en/2026/04/17/the-axios-case-trusting-npm/',
    },
  ],
  appliesToAdditions: false,
  needs: ['addedDependencies', 'files', 'modules'],
  kinds: {
    'with-install-script': { level: 'block', about: 'The dependency has a script that runs when it is installed.' },
    'younger-than-cooldown': { level: 'block', about: 'The dependency was published less than the cooldown ago.' },
    'near-copy': {
      level: 'block',
      about: 'The dependency is called almost like a popular package, or only adds a word.',
    },
    explained: {
      level: 'notice',
      about: 'A file names it without importing it, it belongs to the same family of packages, or it is well known.',
    },
  },
  flags: [
    {
      title: 'nothing imports it',
      before: { 'index.js': 'require("used");\n' },
      after: {
        'package.json': { dependencies: { used: '1.0.0', 'easy-dates': '^1.0.0' } },
        'index.js': 'require("used");\n',
      },
      expect: [
        { message: 'No file imports the new dependency easy-dates', at: atManifest('dependencies', 'easy-dates') },
      ],
    },
    {
      title: 'it has an install script',
      before: { 'index.js': '' },
      after: { 'package.json': { dependencies: { 'easy-dates': '^1.0.0' } }, 'index.js': '' },
      dependencies: {
        'easy-dates': { 'package.json': { version: '1.0.3', scripts: { postinstall: 'node setup.js' } } },
      },
      expect: [
        {
          kind: 'with-install-script',
          message: 'No file imports the new dependency easy-dates, and easy-dates 1.0.3 has a postinstall script',
          at: atManifest('dependencies', 'easy-dates'),
        },
      ],
    },
    {
      title: 'it was published the day before',
      before: { 'index.js': '' },
      after: { 'package.json': { dependencies: { 'easy-dates': '^1.0.0' } }, 'index.js': '' },
      facts: {
        addedDependencies: {
          known: true,
          value: [
            {
              name: 'easy-dates',
              spec: '^1.0.0',
              field: 'dependencies',
              source: 'registry',
              specBefore: undefined,
              release: {
                known: true,
                value: {
                  name: 'easy-dates',
                  version: '1.0.3',
                  installEvents: [],
                  publishedAt: { known: true, value: '2025-12-31T00:00:00Z' },
                },
              },
            },
          ],
        },
      },
      expect: [
        {
          kind: 'younger-than-cooldown',
          message: 'No file imports the new dependency easy-dates, and easy-dates 1.0.3 is 1 day old',
          at: atManifest('dependencies', 'easy-dates'),
        },
      ],
    },
    {
      title: 'it is called like a popular package with a word before it',
      before: { 'index.js': '' },
      after: { 'package.json': { dependencies: { 'plain-crypto-js': '^4.0.0' } }, 'index.js': '' },
      expect: [
        {
          kind: 'near-copy',
          message:
            'No file imports the new dependency plain-crypto-js, and its name imitates crypto-js: it only adds the word "plain"',
          at: atManifest('dependencies', 'plain-crypto-js'),
        },
      ],
    },
    {
      title: 'an alias is called so, and points at the popular package itself',
      before: { 'index.js': '' },
      after: { 'index.js': '' },
      facts: {
        addedDependencies: {
          known: true,
          value: [
            {
              name: 'crypto-js-compat',
              spec: 'npm:crypto-js@^4.0.0',
              field: 'dependencies',
              source: 'registry',
              specBefore: undefined,
              release: { known: false, why: 'not-consulted', detail: 'An example has no registry.' },
            },
          ],
        },
      },
      expect: [
        {
          message: 'No file imports the new dependency crypto-js-compat',
          at: atManifest('dependencies', 'crypto-js-compat'),
        },
      ],
    },
    {
      title: 'its code is built into a file of the package, as the source map says',
      before: { 'index.js': '' },
      after: {
        'package.json': { dependencies: { 'easy-dates': '^1.0.0' } },
        'index.js': '',
        'index.js.map': '{"version":3,"sources":["../../node_modules/easy-dates/index.mjs"],"mappings":""}',
      },
      expect: [
        {
          kind: 'explained',
          message: 'No file imports the new dependency easy-dates; index.js.map says that its code is built in',
          at: atManifest('dependencies', 'easy-dates'),
        },
      ],
    },
    {
      title: 'well-known packages, one of them with an install script, and an unknown one with such a script',
      before: { 'index.js': '' },
      after: {
        'package.json': {
          dependencies: {
            tslib: '^2.0.0',
            'core-js': '^3.0.0',
            'easy-dates': '^1.0.0',
            '@playwright/browser-chromium': '1.62.1',
          },
        },
        'index.js': '',
      },
      dependencies: {
        tslib: { 'package.json': { version: '2.0.0' } },
        'core-js': { 'package.json': { version: '3.0.0', scripts: { postinstall: 'node setup.js' } } },
        'easy-dates': { 'package.json': { version: '1.0.3', scripts: { postinstall: 'node setup.js' } } },
        '@playwright/browser-chromium': {
          'package.json': { version: '1.62.1', scripts: { install: 'node setup.js' } },
        },
      },
      expect: [
        {
          message:
            'No file imports the new dependency core-js, and core-js 3.0.0 has a postinstall script; it is a well-known package',
          at: atManifest('dependencies', 'core-js'),
        },
        {
          kind: 'with-install-script',
          message: 'No file imports the new dependency easy-dates, and easy-dates 1.0.3 has a postinstall script',
          at: atManifest('dependencies', 'easy-dates'),
        },
        {
          message:
            'No file imports the new dependency @playwright/browser-chromium, and @playwright/browser-chromium 1.62.1 has an install script; it is a popular package',
          at: atManifest('dependencies', '@playwright/browser-chromium'),
        },
        {
          kind: 'explained',
          message: 'No file imports the new dependency tslib; it is a well-known package',
          at: atManifest('dependencies', 'tslib'),
        },
      ],
    },
    {
      title: 'a configuration names it, one is of the same scope, and one is a build for a platform',
      name: '@family/main',
      before: { 'index.js': '' },
      after: {
        'package.json': {
          dependencies: {
            'some-preset': '^1.0.0',
            'some-transform': '^1.0.0',
            '@family/part': '^1.0.0',
            '@types/tool': '^1.0.0',
          },
          optionalDependencies: { 'fast-linux-x64': '1.0.0' },
          browserify: { transform: ['some-transform'] },
        },
        // A command in quotes, as binding.gyp holds them.
        'index.js': `exports.presets = 'node -p "require(\\'some-preset\\')"';\nrequire("fast-" + process.platform);\n`,
      },
      expect: [
        {
          kind: 'explained',
          message: 'No file imports the new dependency some-preset; index.js names it (and 4 more with such a reason)',
          at: atManifest('dependencies', 'some-preset'),
        },
      ],
    },
    {
      title: 'another package of a scope that was imported before',
      before: {
        'package.json': { dependencies: { '@parts/client': '^1.0.0' } },
        'index.js': 'require("@parts/client");\n',
      },
      after: {
        'package.json': { dependencies: { '@parts/client': '^1.0.0', '@parts/series': '^1.0.0' } },
        'index.js': 'require("@parts/client");\n',
      },
      expect: [
        {
          kind: 'explained',
          message:
            'No file imports the new dependency @parts/series; it is of the same scope as @parts/client, which was imported before',
          at: atManifest('dependencies', '@parts/series'),
        },
      ],
    },
  ],
  passes: [
    {
      title: 'it is imported, even by its path; peers and another range of an old dependency say nothing',
      before: { 'package.json': { dependencies: { old: '^1.0.0' } }, 'index.js': '' },
      after: {
        'package.json': {
          dependencies: { tool: '^1.0.0', old: '^2.0.0' },
          peerDependencies: { host: '*' },
        },
        'index.js': 'import("tool/lib/part.js");\n',
      },
    },
  ],
  check({ addedDependencies, files, modules, subject, asOf, cooldownDays }) {
    const unused = addedDependencies.filter(
      ({ name, field, source, specBefore }) =>
        source === 'registry' &&
        field !== 'peerDependencies' &&
        specBefore === undefined &&
        !modules.after.imports.has(name),
    );
    const evidence: Evidence<Kind>[] = [];
    const explained: Explained[] = [];
    for (const [index, dependency] of unused.entries()) {
      const { name, field } = dependency;
      const danger =
        findDanger(dependency, asOf, cooldownDays) ?? (index < maxNames ? findImitation(dependency) : undefined);
      const reason =
        findFamily(name, [subject.name, ...(modules.before?.imports ?? [])]) ??
        findHook(name, modules.after.hooks) ??
        (index < maxSearches
          ? (findSetting(name, files.after) ?? findNaming(dependency, files.after) ?? findBundle(name, files.after))
          : undefined) ??
        (danger === undefined || danger.kind === 'with-install-script' ? findFame(dependency, danger) : undefined);
      const what = `No file imports the new dependency ${shorten(name)}`;
      const at = atManifest(field, name);
      const isGrave = danger?.kind === 'with-install-script' || danger?.kind === 'near-copy';
      if (reason !== undefined && !isGrave) explained.push({ name, reason, at });
      else if (reason !== undefined && danger !== undefined)
        evidence.push({ message: `${what}, and ${danger.what}; ${reason}`, at });
      else if (danger !== undefined) evidence.push({ kind: danger.kind, message: `${what}, and ${danger.what}`, at });
      else evidence.push({ message: what, at });
    }
    return [...evidence, ...describeExplained(explained)];
  },
});

type Kind = 'with-install-script' | 'younger-than-cooldown' | 'near-copy' | 'explained';

interface Explained {
  readonly name: string;
  readonly reason: string;
  readonly at: Place;
}

/** One line for all of them: a package with a build for each platform has dozens. */
function describeExplained([first, ...others]: readonly Explained[]): Evidence<'explained'>[] {
  if (first === undefined) return [];
  const rest = others.length === 0 ? '' : ` (and ${others.length} more with such a reason)`;
  const message = `No file imports the new dependency ${shorten(first.name)}; ${first.reason}${rest}`;
  return [{ kind: 'explained', message, at: first.at }];
}

/**
 * Packages of one project depend on each other in ways that no import shows: platforms, plug-ins, presets. Nobody but its owners
 * publishes in a scope.
 */
function findFamily(name: string, [owner = '', ...imported]: readonly string[]): string | undefined {
  if (name.startsWith('@types/')) return 'it holds types';
  const scope = owner.startsWith('@') ? owner.slice(0, owner.indexOf('/') + 1) : `@${owner}/`;
  if (name.startsWith(scope)) return 'it is of the same scope';
  const fellow = imported.find((one) => one.startsWith('@') && name.startsWith(one.slice(0, one.indexOf('/') + 1)));
  return fellow === undefined ? undefined : `it is of the same scope as ${shorten(fellow)}, which was imported before`;
}

/** Installing is all that it is for, and says so: the script is a finding of its own. */
function findHook(name: string, hooks: readonly Hook[]): string | undefined {
  const hook = hooks.find(({ command }) => command.split(/[^\w@./-]+/).includes(name));
  return hook === undefined ? undefined : `the ${hook.event} script starts it`;
}

/**
 * Compilers' helpers, say, of which this version needs none: what half the world installs is no lure. A script that runs on
 * installing is a finding of its own; a popular package had it before.
 */
function findFame({ name, spec, release }: AddedDependency, danger: Danger | undefined): string | undefined {
  if (!release.known || release.value.name !== name || spec.startsWith('npm:')) return undefined;
  if (isWellKnown(name)) return 'it is a well-known package';
  return danger !== undefined && isPopular(name) ? 'it is a popular package' : undefined;
}

/** A text in quotes, as configurations, declarations and computed imports name a package. */
function findNaming({ name, field }: AddedDependency, tree: PackageTree): string | undefined {
  const stem = field === 'optionalDependencies' ? platform.exec(name)?.[1] : undefined;
  const quotes = ['"', "'", '`'];
  // The backslash stands before a quote in a quoted text: binding.gyp holds commands so.
  const whole = quotes.flatMap((quote) => [`${quote}${name}${quote}`, `${quote}${name}/`, `${quote}${name}\\`]);
  const asPath = [`/node_modules/${name}/`, `node_modules/.bin/${name}`];
  const starts = stem === undefined ? [] : quotes.map((quote) => `${quote}${stem}`);
  for (const file of tree.files.values()) {
    if (!['javascript', 'typescript', 'json', 'gyp', 'text'].includes(file.format) || isManifestOrNotes(file.path))
      continue;
    const text = textOf(file);
    if (!text.includes(stem ?? name)) continue;
    if ([...whole, ...asPath].some((form) => text.includes(form))) return `${shorten(file.path)} names it`;
    if (starts.some((form) => text.includes(form)))
      return `${shorten(file.path)} names its kind, one for each platform`;
  }
  return undefined;
}

/** A bundler put its code into the package's own files: their source maps say from where it came. */
function findBundle(name: string, tree: PackageTree): string | undefined {
  for (const file of tree.files.values()) {
    if (/\.map$/i.test(file.path) && textOf(file).includes(`/node_modules/${name}/`))
      return `${shorten(file.path)} says that its code is built in`;
  }
  return undefined;
}

function isManifestOrNotes(path: string): boolean {
  return /(^|\/)(package|package-lock|npm-shrinkwrap)\.json$|\.(md|markdown|txt|map|lock)$/i.test(path);
}

interface Danger {
  readonly kind: Exclude<Kind, 'explained'>;
  readonly what: string;
}

function findDanger({ release }: AddedDependency, asOf: string, cooldownDays: number): Danger | undefined {
  if (!release.known) return undefined;
  const { name, version, installEvents, publishedAt } = release.value;
  const who = `${shorten(name)} ${shorten(version)}`;
  const [event] = installEvents;
  if (event !== undefined)
    return { kind: 'with-install-script', what: `${who} has ${event === 'install' ? 'an' : 'a'} ${event} script` };
  const age = publishedAt.known ? (Date.parse(asOf) - Date.parse(publishedAt.value)) / msPerDay : Number.NaN;
  if (!(age < cooldownDays)) return undefined;
  const days = Math.max(0, Math.floor(age));
  return { kind: 'younger-than-cooldown', what: `${who} is ${days} ${days === 1 ? 'day' : 'days'} old` };
}

/** An alias is what it points at. */
function findImitation({ name, spec, release }: AddedDependency): Danger | undefined {
  const [, target = name] = /^npm:(@?[^@]+)/.exec(spec) ?? [];
  const copied = findNearCopy(release.known ? release.value.name : target);
  if (copied === undefined) return undefined;
  return { kind: 'near-copy', what: `its name imitates ${shorten(copied.name)}: ${copied.difference}` };
}
