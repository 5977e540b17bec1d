/**
 * The lockfile says one version and carries the tarball of another, or asks for a dependency that the package never
 * had. npm and the tools that check lockfiles believe the entry; only the registry can tell that it lies.
 * Over 300 lines: each of its examples is a lockfile.
 */

import { cleanCommands, cleanVersion, dropOptional } from '../../src/model/clean-manifest.ts';
import { parseDigests } from '../../src/model/digest.ts';
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { EntryChange, PublishedRelease } from '../../src/model/lock-change.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import { isSameSpec } from '../../src/model/same-spec.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, shorten } from '../../src/rule.ts';

type Table = Readonly<Record<string, string>>;
type Seen = Evidence<'install-script-flag'>;

/** Long enough for a whole SHA-512 digest. */
const maxDigestLength = 100;

export const lockTruth: Rule = defineRule({
  id: 'lock-truth',
  family: 'pin',
  title: 'The lockfile says something else of a version than the registry',
  rationale:
    'npm installs what the entry says, not what the registry has under that version, and compares the two nowhere.',
  remedy: 'Take the entry back, and lock again with `npm install --package-lock-only --ignore-scripts`.',
  level: 'block',
  incidents: [
    {
      what: 'Liran Tal: a pull request can point `resolved` and `integrity` of an entry at another tarball',
      when: '2019-09-24',
      url: 'https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry', 'published'],
  kinds: {
    'install-script-flag': {
      level: 'review',
      about: 'Only the mark for install scripts differs: some registries leave it out, and npm copies that.',
    },
  },
  flags: [
    {
      title: 'the version of one release, the tarball and the digest of another',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: {
        asks: 'a@^1',
        tree: 'a@1.1.0',
        entries: {
          'node_modules/a': { resolved: 'https://registry.example/a/-/a-1.0.0.tgz', integrity: 'sha512-b2xk' },
        },
      },
      facts: { a: { published: known(publishedOf('1.1.0')) } },
      expect: [
        {
          message:
            'Version 1.1.0 is https://registry.example/a/-/a-1.1.0.tgz at the registry; the entry takes https://registry.example/a/-/a-1.0.0.tgz',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/resolved' },
          via: ['app', 'a@1.1.0'],
        },
        {
          message: 'Version 1.1.0 has the integrity sha512-bmV3 at the registry, and sha512-b2xk in the entry',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/integrity' },
          via: ['app', 'a@1.1.0'],
        },
      ],
    },
    {
      title: 'a dependency and a command that the package does not have',
      registry: ['a@1.0.0', 'b@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0 b@1.0.0',
        entries: { 'node_modules/a': { dependencies: { b: '^1' }, bin: { tsc: 'cli.js' }, hasInstallScript: true } },
      },
      expect: [
        {
          message: 'The dependency "b" is "^1" in the entry and absent at the registry',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 14,
            pointer: '/packages/node_modules~1a/dependencies/b',
          },
          via: ['app', 'a@1.0.0'],
        },
        {
          message: 'The command "tsc" is "cli.js" in the entry and absent at the registry',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/bin/tsc' },
          via: ['app', 'a@1.0.0'],
        },
        {
          kind: 'install-script-flag',
          message: 'The entry says that the package has an install script; it has none',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 14,
            pointer: '/packages/node_modules~1a/hasInstallScript',
          },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
    {
      title: 'a shrinkwrap that the package does not have',
      registry: ['a@1.0.0'],
      after: { asks: 'a@^1', tree: 'a@1.0.0', entries: { 'node_modules/a': { hasShrinkwrap: true } } },
      facts: {
        a: { published: known({ ...publishedOf('1.0.0'), integrity: [], hasShrinkwrap: false }) },
      },
      expect: [
        {
          message:
            'The entry says that the package brings a shrinkwrap, which decides what lies below it; it brings none',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 14,
            pointer: '/packages/node_modules~1a/hasShrinkwrap',
          },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'what npm itself rewrites, and the same tarball at another registry',
      registry: ['a@1.1.0: x@^1 ?y@^1 g@user/repo#v1', 'x@1.0.0', 'y@1.0.0', 'g@1.0.0'],
      after: {
        asks: 'a@^1',
        tree: 'a@1.1.0 x@1.0.0 y@1.0.0 g@1.0.0',
        entries: {
          'node_modules/a': {
            resolved: 'https://mirror.example/npm/a/-/a-1.1.0.tgz',
            dependencies: { x: '^1', g: 'github:user/repo#v1' },
            bin: { a: 'bin/a.js' },
          },
          'node_modules/g': {
            resolved: 'git+ssh://git@github.com/user/repo.git#0123456789012345678901234567890123456789',
          },
        },
      },
      facts: {
        a: {
          published: known({
            ...publishedOf('1.1.0'),
            integrity: [],
            dependencies: { x: '^1', y: '^1', g: 'user/repo#v1' },
            optionalDependencies: { y: '^1' },
            bin: { '@scope/a': './bin/a.js' },
            hasInstallScript: undefined,
          }),
        },
      },
    },
    {
      title: 'an entry that does not repeat where its tarball is',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0', entries: { 'node_modules/a': { resolved: null } } },
    },
  ],
  check({ entry, published }): readonly Seen[] {
    const isOld = entry.project.after.tree?.version === 1;
    return entry.after
      .filter((node) => node.source === 'registry' || node.source === 'remote')
      .flatMap((node) => [
        ...compareSource(node, published, entry),
        ...tablesOf(published, node, isOld).flatMap((tables) => compareTables(tables, node, entry)),
        ...compareInstallScript(node, published, entry),
        ...compareShrinkwrap(node, published, entry),
      ]);
  },
});

function compareSource(node: LockNode, published: PublishedRelease, entry: EntryChange): Seen[] {
  const { resolved, version = 'none' } = node;
  const evidence: Seen[] = [];
  if (cleanVersion(version) !== cleanVersion(published.version)) {
    const message = `The entry says version ${shorten(version)}; the registry has ${shorten(published.version)}`;
    evidence.push({ message, at: atEntry(entry.project, node, 'version'), via: entry.why });
  }
  if (resolved !== undefined && !isTarballOf(resolved, published)) {
    const place = shorten(published.tarball ?? 'another tarball', 200);
    const message = `Version ${shorten(version)} is ${place} at the registry; the entry takes ${shorten(resolved, 200)}`;
    evidence.push({ message, at: atEntry(entry.project, node, 'resolved'), via: entry.why });
  }
  if (!agrees(node.integrity, published.integrity)) {
    const [right, wrong] = [published.integrity.join(' '), node.integrity ?? ''].map((digest) =>
      shorten(digest, maxDigestLength),
    );
    const message = `Version ${shorten(version)} has the integrity ${right} at the registry, and ${wrong} in the entry`;
    evidence.push({ message, at: atEntry(entry.project, node, 'integrity'), via: entry.why });
  }
  return evidence;
}

/** Registries differ in host and in the path before the package; behind it all name their tarballs alike. */
function isTarballOf(resolved: string, { name, version, tarball }: PublishedRelease): boolean {
  const path = findPath(resolved);
  const published = tarball === undefined ? undefined : findPath(tarball);
  if (path === undefined) return false;
  if (published !== undefined && path === published) return true;
  const [, folder, file] = /^(.*)\/-\/(?:@[^/]+\/)?([^/]+)$/.exec(path) ?? [];
  const usual = `${name.slice(name.indexOf('/') + 1)}-${cleanVersion(version)}.tgz`;
  const names = [usual, `${name.slice(name.indexOf('/') + 1)}-${version}.tgz`, published?.split('/').at(-1)];
  return folder !== undefined && `/${folder}`.endsWith(`/${name}`) && names.includes(file);
}

/** Without the host, and with `%2f` as the slash that it stands for. */
function findPath(url: string): string | undefined {
  try {
    return decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
}

/** Every digest of an algorithm that the registry names too must be one of the registry's: npm is content with any of them. */
function agrees(locked: string | undefined, published: readonly string[]): boolean {
  const right = published.flatMap(parseDigests);
  return parseDigests(locked).every(({ algorithm, text }) => {
    const comparable = right.filter((digest) => digest.algorithm === algorithm);
    return comparable.length === 0 || comparable.some((digest) => digest.text === text);
  });
}

interface Tables {
  readonly key: string;
  readonly noun: string;
  readonly locked: Table;
  readonly published: Table;
}

/** Both sides as npm normalizes them. Version 1 has one list of what is required, and none of the rest. */
function tablesOf(published: PublishedRelease, { manifest }: LockNode, isOld: boolean): readonly Tables[] {
  const { optionalDependencies: optional } = published;
  const required = dropOptional(published.dependencies, optional);
  if (isOld) {
    const locked = manifest.dependencies;
    const all = { ...required, ...optional };
    return locked === undefined ? [] : [{ key: 'requires', noun: 'dependency', locked, published: all }];
  }
  const lockedOptional = manifest.optionalDependencies ?? {};
  const lockedRequired = dropOptional(manifest.dependencies ?? {}, lockedOptional);
  const peers = manifest.peerDependencies ?? {};
  return [
    { key: 'dependencies', noun: 'dependency', locked: lockedRequired, published: required },
    { key: 'optionalDependencies', noun: 'optional dependency', locked: lockedOptional, published: optional },
    { key: 'peerDependencies', noun: 'peer dependency', locked: peers, published: published.peerDependencies },
    { key: 'bin', noun: 'command', locked: cleanCommands(manifest.bin ?? {}), published: cleanCommands(published.bin) },
    { key: 'os', noun: 'system', locked: tableOf(manifest.os), published: tableOf(published.os) },
    { key: 'cpu', noun: 'processor', locked: tableOf(manifest.cpu), published: tableOf(published.cpu) },
  ];
}

function compareTables({ key, noun, locked, published }: Tables, node: LockNode, entry: EntryChange): Seen[] {
  return [...new Set([...Object.keys(locked), ...Object.keys(published)])].flatMap((name) => {
    const [left, right] = [locked, published].map((table) => (Object.hasOwn(table, name) ? table[name] : undefined));
    if (left === right || (left !== undefined && right !== undefined && isSameSpec(left, right))) return [];
    const said = (value: string | undefined) => (value === undefined ? 'absent' : `"${shorten(value)}"`);
    const message = `The ${noun} "${shorten(name)}" is ${said(left)} in the entry and ${said(right)} at the registry`;
    const isList = key === 'os' || key === 'cpu';
    return { message, at: atEntry(entry.project, node, ...(isList ? [key] : [key, name])), via: entry.why };
  });
}

function compareInstallScript(node: LockNode, published: PublishedRelease, entry: EntryChange): Seen[] {
  const [locked, real] = [node.flags.hasInstallScript, published.hasInstallScript];
  if (locked === undefined || real === undefined || locked === real) return [];
  const message = locked
    ? 'The entry says that the package has an install script; it has none'
    : 'The package has an install script; the entry does not say so';
  const at = atEntry(entry.project, node, 'hasInstallScript');
  return [{ kind: 'install-script-flag', message, at, via: entry.why }];
}

/** npm believes the mark, and takes what lies below such a package as the package's own business. */
function compareShrinkwrap(node: LockNode, { hasShrinkwrap }: PublishedRelease, entry: EntryChange): Seen[] {
  if (!node.flags.hasShrinkwrap || hasShrinkwrap !== false) return [];
  const message =
    'The entry says that the package brings a shrinkwrap, which decides what lies below it; it brings none';
  return [{ message, at: atEntry(entry.project, node, 'hasShrinkwrap'), via: entry.why }];
}

function tableOf(list: readonly string[] = []): Table {
  return Object.fromEntries(list.map((value) => [value, 'listed']));
}

function publishedOf(version: string): PublishedRelease {
  return {
    name: 'a',
    version,
    tarball: `https://registry.example/a/-/a-${version}.tgz`,
    integrity: ['sha512-bmV3'],
    dependencies: {},
    optionalDependencies: {},
    peerDependencies: {},
    optionalPeers: [],
    bundled: [],
    bin: {},
    os: [],
    cpu: [],
    hasInstallScript: false,
  };
}
