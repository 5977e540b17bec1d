/**
 * An entry takes its package from a place that nobody agreed to: another host, an unencrypted connection, a git
 * repository whose branch can move, a folder that a dependency names. There is no registry that keeps such things as
 * they were.
 */
import type { Evidence, Place } from '../../src/model/finding.ts';
import type { EntryChange } from '../../src/model/lock-change.ts';
import type { LockEdge, LockNode } from '../../src/model/lock-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, shorten } from '../../src/rule.ts';

/** A full commit: SHA-1, or SHA-256 in newer repositories. */
const commit = /#[0-9a-f]{40}(?:[0-9a-f]{24})?(?:::path:.*)?$/;
/** Nobody between this machine and itself can change what is sent. */
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

export const sourceNotAllowed: Rule = defineRule({
  id: 'source-not-allowed',
  family: 'pin',
  title: 'An entry comes from a place that nobody allowed',
  rationale:
    'A registry keeps what was published as it was. Any other server, branch or folder can hand out other contents tomorrow, or to some only.',
  remedy:
    'Take the package from the registry, at an exact version. If the host is one of yours, name it in the option allowedHosts.',
  level: 'block',
  incidents: [
    {
      what: 'Liran Tal: a pull request can point `resolved` of an entry at a tarball on any host',
      when: '2019-09-24',
      url: 'https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  kinds: {
    'outside-project': {
      level: 'review',
      about: 'The project itself names a folder or tarball outside of its own folder, which this change does not show.',
    },
  },
  options: {
    allowedHosts: {
      default: [] as readonly string[],
      about:
        "Hosts besides the registries of npm's configuration that tarballs may come from, as `host` or `host:port`.",
    },
  },
  flags: [
    {
      title: 'another host, an unencrypted connection, an address that is none',
      registry: ['a@1.0.0', 'b@1.0.0', 'c@1.0.0'],
      after: {
        asks: 'a@^1 b@^1 c@^1',
        tree: 'a@1.0.0 b@1.0.0 c@1.0.0',
        entries: {
          'node_modules/a': { resolved: 'https://files.invalid/a/-/a-1.0.0.tgz' },
          'node_modules/b': { resolved: 'http://registry.example/b/-/b-1.0.0.tgz' },
          'node_modules/c': { resolved: 'https://registry.example@files.invalid/c/-/c-1.0.0.tgz' },
        },
      },
      expect: [
        {
          message: 'It is taken from files.invalid, which is none of the registries that npm is set to',
          at: { in: 'lockfile', path: 'package-lock.json', line: 16, pointer: '/packages/node_modules~1a/resolved' },
          via: ['app', 'a@1.0.0'],
        },
        {
          message: 'It is taken over http, without encryption: http://registry.example/b/-/b-1.0.0.tgz',
          at: { in: 'lockfile', path: 'package-lock.json', line: 21, pointer: '/packages/node_modules~1b/resolved' },
          via: ['app', 'b@1.0.0'],
        },
        {
          message: 'It is taken from files.invalid, which is none of the registries that npm is set to',
          at: { in: 'lockfile', path: 'package-lock.json', line: 26, pointer: '/packages/node_modules~1c/resolved' },
          via: ['app', 'c@1.0.0'],
        },
      ],
    },
    {
      title: 'a branch, a git repository that a dependency names, and one that nobody asked for',
      registry: ['a@1.0.0: b@github:user/b', 'b@1.0.0', 'c@1.0.0', 'd@1.0.0'],
      after: {
        asks: 'a@^1 c@github:user/c#main d@^1',
        tree: 'a@1.0.0 b@1.0.0 c@1.0.0 d@1.0.0',
        entries: {
          'node_modules/b': {
            resolved: 'git+ssh://git@github.com/user/b.git#0123456789abcdef0123456789abcdef01234567',
          },
          'node_modules/c': { resolved: 'git+ssh://git@github.com/user/c.git#main' },
          'node_modules/d': {
            resolved: 'git+https://git.invalid/user/d.git#0123456789abcdef0123456789abcdef01234567',
          },
        },
      },
      expect: [
        {
          message:
            'It is taken from git, though the project does not ask for that: git+ssh://git@github.com/user/b.git#0123456789abcdef0123456789abcdef01234567',
          at: { in: 'lockfile', path: 'package-lock.json', line: 24, pointer: '/packages/node_modules~1b/resolved' },
          via: ['app', 'a@1.0.0', 'b@1.0.0'],
        },
        {
          message:
            'It is taken from git at something that can move, no commit: git+ssh://git@github.com/user/c.git#main',
          at: { in: 'lockfile', path: 'package-lock.json', line: 29, pointer: '/packages/node_modules~1c/resolved' },
          via: ['app', 'c@1.0.0'],
        },
        {
          message:
            'It is taken from git, though the project does not ask for that: git+https://git.invalid/user/d.git#0123456789abcdef0123456789abcdef01234567',
          at: { in: 'lockfile', path: 'package-lock.json', line: 34, pointer: '/packages/node_modules~1d/resolved' },
          via: ['app', 'd@1.0.0'],
        },
      ],
    },
    {
      title: 'a tarball outside of the project',
      registry: ['a@1.0.0'],
      after: {
        asks: 'a@file:../a-1.0.0.tgz',
        tree: 'a@1.0.0',
        entries: { 'node_modules/a': { resolved: 'file:../a-1.0.0.tgz' } },
      },
      expect: [
        {
          kind: 'outside-project',
          message: 'It is taken from outside of the project: file:../a-1.0.0.tgz',
          at: { in: 'lockfile', path: 'package-lock.json', line: 14, pointer: '/packages/node_modules~1a/resolved' },
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'the registry, no address at all, a commit, a tarball of the project',
      registry: ['a@1.0.0', 'b@1.0.0', 'c@1.0.0', 'd@1.0.0'],
      after: {
        asks: 'a@^1 b@^1 c@github:user/c#v1 d@file:vendor/d.tgz',
        tree: 'a@1.0.0 b@1.0.0 c@1.0.0 d@1.0.0',
        entries: {
          'node_modules/b': { resolved: null },
          'node_modules/c': {
            resolved: 'git+ssh://git@github.com/user/c.git#0123456789abcdef0123456789abcdef01234567',
          },
          'node_modules/d': { resolved: 'file:vendor/d.tgz' },
        },
      },
    },
  ],
  check({ entry }, { allowedHosts }) {
    const hosts = new Set([...entry.project.registryHosts, ...allowedHosts]);
    return entry.after.flatMap((node) => judgeSource(node, entry, hosts));
  },
});

type Seen = Evidence<'outside-project'>;

function judgeSource(node: LockNode, entry: EntryChange, hosts: ReadonlySet<string>): Seen[] {
  const { resolved = '', source } = node;
  const findPlace = (): Place => atEntry(entry.project, node, 'resolved');
  const say = (message: string): Seen[] => [{ message, at: findPlace(), via: entry.why }];
  const shown = shorten(resolved, 160);
  switch (source) {
    case 'root':
    case 'workspace':
    case 'bundled':
      return [];
    case 'registry':
      return resolved === '' ? [] : judgeAddress(resolved, hosts).flatMap(say);
    case 'remote':
      if (!isAskedByProject(node))
        return say(`It is taken from an address, though the project does not ask for that: ${shown}`);
      return judgeAddress(resolved, hosts).flatMap(say);
    case 'git':
      if (!isAskedByProject(node))
        return say(`It is taken from git, though the project does not ask for that: ${shown}`);
      if (/^git(?:\+http)?:|^http:/i.test(resolved)) return say(`It is taken from git without encryption: ${shown}`);
      return commit.test(resolved) ? [] : say(`It is taken from git at something that can move, no commit: ${shown}`);
    case 'link':
    case 'file':
      if (node.edgesIn.some(({ type }) => type === 'workspace')) return [];
      if (!isAskedByProject(node))
        return say(`It is taken from this machine, though the project does not ask for that: ${shown}`);
      return isInside(resolved)
        ? []
        : [
            {
              kind: 'outside-project',
              message: `It is taken from outside of the project: ${shown}`,
              at: findPlace(),
              via: entry.why,
            },
          ];
  }
}

function judgeAddress(resolved: string, hosts: ReadonlySet<string>): string[] {
  const url = URL.canParse(resolved) ? new URL(resolved) : undefined;
  if (url === undefined) return [`It is taken from something that is no address: ${shorten(resolved, 160)}`];
  if (!hosts.has(url.host)) return [`It is taken from ${url.host}, which is none of the registries that npm is set to`];
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.host))) return [];
  return [`It is taken over ${url.protocol.slice(0, -1)}, without encryption: ${shorten(resolved, 160)}`];
}

/** The project asks for such a source in so many words; an override is the project's word too. */
function isAskedByProject({ edgesIn }: LockNode): boolean {
  return edgesIn.some((edge) => (isOfProject(edge) || edge.overridden) && namesSource(edge));
}

/** The root, a workspace, or another folder of the repository. */
function isOfProject({ from }: LockEdge): boolean {
  return !/(?:^|\/)node_modules\//.test(from.location);
}

function namesSource({ spec }: LockEdge): boolean {
  return /[:/]/.test(spec.replace(/^npm:(?:@[^/]*\/)?/, ''));
}

/** `file:vendor/a.tgz`, `packages/a`. */
function isInside(resolved: string): boolean {
  const path = resolved.replace(/^file:/, '').replaceAll('\\', '/');
  return !/^(?:\/|~|[a-z]:)/i.test(path) && !path.split('/').includes('..');
}
