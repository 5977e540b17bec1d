/**
 * An entry is marked as part of another package's tarball, and is not. npm fetches what a bundle turns out not to hold
 * from wherever the entry says, without asking for a digest; and whoever checks lockfiles passes over what is bundled.
 */
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { EntryChange, PublishedRelease } from '../../src/model/lock-change.ts';
import type { LockNode, LockTree } from '../../src/model/lock-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, defineRule, nameAsker, shorten } from '../../src/rule.ts';

type Seen = Evidence<'unlisted' | 'newly-said'>;

export const notInBundle: Rule = defineRule({
  id: 'not-in-bundle',
  family: 'pin',
  title: 'An entry is said to lie in a tarball that does not hold it',
  rationale:
    'npm believes the mark, finds nothing in the tarball, and fetches the entry all the same, without a digest to hold it to.',
  remedy: 'Take the entry out, and lock again with `npm install --package-lock-only --ignore-scripts`.',
  level: 'block',
  incidents: [
    {
      what: 'Liran Tal: lockfiles in pull requests are seldom read, and can be edited to inject packages',
      when: '2019-09-24',
      url: 'https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  wants: ['published'],
  kinds: {
    unlisted: { level: 'review', about: 'The registry does not list the dependency among those that are bundled.' },
    'newly-said': {
      level: 'review',
      about: 'The tarball is the one of before, and nothing of the sort was said of it then.',
    },
  },
  flags: [
    {
      title: 'an entry with an address of its own',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0'],
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0 a/c@1.0.0',
        entries: {
          'node_modules/a': { bundleDependencies: ['c'] },
          'node_modules/a/node_modules/c': { inBundle: true, integrity: null },
        },
      },
      facts: { a: { published: { known: false, why: 'offline', detail: 'The registry was not asked.' } } },
      expect: [
        {
          message:
            'It is said to lie in the tarball of a@1.0.0, and has a source of its own: https://registry.example/c/-/c-1.0.0.tgz',
          at: entryPlace(25),
          via: ['app', 'a@1.0.0', 'c@1.0.0'],
        },
      ],
    },
    {
      title: 'a dependency that the package does not bundle',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0'],
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0 a/c@1.0.0',
        entries: {
          'node_modules/a': { bundleDependencies: ['c'] },
          'node_modules/a/node_modules/c': { inBundle: true, integrity: null, resolved: null },
        },
      },
      expect: [
        {
          kind: 'unlisted',
          message: 'Its tarball is said to hold c, and the registry lists no such thing',
          at: entryPlace(25),
          via: ['app', 'a@1.0.0'],
        },
      ],
    },
    {
      title: 'a package that did not change is said to hold something more',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0', 'c@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 c@1.0.0' },
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0 a/c@1.1.0',
        entries: {
          'node_modules/a': { bundleDependencies: ['c'] },
          'node_modules/a/node_modules/c': { inBundle: true, integrity: null, resolved: null },
        },
      },
      expect: [
        {
          kind: 'newly-said',
          message: 'It is said to lie in the tarball of a@1.0.0, which is the same as before and did not hold it',
          at: entryPlace(25),
          via: ['app', 'a@1.0.0', 'c@1.1.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a package that bundles, as the registry says',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0'],
      after: {
        asks: 'a@^1',
        tree: 'a@1.0.0 a/c@1.0.0',
        entries: {
          'node_modules/a': { bundleDependencies: ['c'] },
          'node_modules/a/node_modules/c': { inBundle: true, integrity: null, resolved: null },
        },
      },
      facts: { a: { published: known(publishedBundling(['c'])) } },
    },
    {
      title: 'a copy below another package that is fetched like any other',
      registry: ['a@1.0.0: c@^1', 'c@1.0.0', 'c@2.0.0'],
      after: { asks: 'a@^1 c@^2', tree: 'a@1.0.0 a/c@1.0.0 c@2.0.0' },
    },
  ],
  check({ entry, published }): readonly Seen[] {
    return entry.after.flatMap((node) => {
      if (node.source === 'bundled') return judgeBundled(node, entry);
      return published.known ? compareBundle(node, published.value, entry) : [];
    });
  },
});

function judgeBundled(node: LockNode, { project, why }: EntryChange): Seen[] {
  const bundler = findBundler(node, project.after.tree);
  if (bundler === undefined) return [];
  const at = atEntry(project, node, 'inBundle');
  const said = `It is said to lie in the tarball of ${nameAsker(bundler)}`;
  if (!bundler.location.includes('node_modules/')) {
    const message = `It is said to be bundled with ${nameAsker(bundler)}, which npm unpacks from no tarball`;
    return [{ message, at, via: why }];
  }
  // npm writes neither of them for what it found in a tarball.
  const own = node.resolved ?? node.integrity;
  if (own !== undefined) {
    return [{ message: `${said}, and has a source of its own: ${shorten(own, 160)}`, at, via: why }];
  }
  const old = project.before?.tree?.nodes.get(bundler.location);
  const isSameTarball = old !== undefined && old.integrity === bundler.integrity && old.name === bundler.name;
  const before = project.before?.tree?.nodes.get(node.location);
  if (!isSameTarball || old.integrity === undefined || isSamePackage(before, node)) return [];
  const message = `${said}, which is the same as before and did not hold it`;
  return [{ kind: 'newly-said', message, at, via: why }];
}

/** The nearest package above that is not bundled itself. */
function findBundler({ location }: LockNode, tree: LockTree | undefined): LockNode | undefined {
  const above = location.slice(0, Math.max(0, location.lastIndexOf('/node_modules/')));
  const node = tree?.nodes.get(above);
  return node?.source === 'bundled' ? findBundler(node, tree) : node;
}

function isSamePackage(before: LockNode | undefined, { name, version, source }: LockNode): boolean {
  return before !== undefined && before.source === source && before.name === name && before.version === version;
}

/** Only what the package itself asks for has to be listed; what that brings along lies beside it. */
function compareBundle(node: LockNode, { bundled }: PublishedRelease, { project, why }: EntryChange): Seen[] {
  return node.edgesOut.flatMap(({ to }) => {
    if (to?.source !== 'bundled' || to.location !== `${node.location}/node_modules/${to.key}`) return [];
    if (bundled.includes(to.key)) return [];
    const message = `Its tarball is said to hold ${shorten(to.key)}, and the registry lists no such thing`;
    return { kind: 'unlisted', message, at: atEntry(project, to, 'inBundle'), via: why };
  });
}

function entryPlace(line: number): Evidence['at'] {
  const pointer = '/packages/node_modules~1a~1node_modules~1c/inBundle';
  return { in: 'lockfile', path: 'package-lock.json', line, pointer };
}

function publishedBundling(bundled: readonly string[]): PublishedRelease {
  return {
    name: 'a',
    version: '1.0.0',
    tarball: 'https://registry.example/a/-/a-1.0.0.tgz',
    integrity: [],
    dependencies: { c: '^1' },
    optionalDependencies: {},
    peerDependencies: {},
    optionalPeers: [],
    bundled,
    bin: {},
    os: [],
    cpu: [],
    hasInstallScript: false,
  };
}
