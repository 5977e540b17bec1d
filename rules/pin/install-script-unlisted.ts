/**
 * A package that runs a script when it is installed, and that nobody has listed for it. npm 12 runs only what
 * `allowScripts` lists; older versions run every one of them.
 */
import type { EntryChange } from '../../src/model/lock-change.ts';
import type { LockNode } from '../../src/model/lock-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, atProjectFile, defineRule, shorten } from '../../src/rule.ts';

export const installScriptUnlisted: Rule = defineRule({
  id: 'install-script-unlisted',
  family: 'pin',
  title: 'An install script that allowScripts does not list',
  rationale:
    'An install script runs with all the rights of whoever installs, before a line of the package was used. Most hijacks use one.',
  remedy:
    'Read the script. If it may run, list this very version with `npm install-scripts approve <name>`; if not, deny it there.',
  level: 'review',
  incidents: [
    {
      what: 'ua-parser-js 0.7.29 was hijacked; its preinstall script fetched a miner and a password stealer',
      when: '2021-10-22',
      url: 'https://github.com/advisories/GHSA-pjwm-rvh2-c87w',
    },
    {
      what: 'eslint-scope 3.7.2: a postinstall script sent npm tokens away',
      when: '2018-07-12',
      url: 'https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/',
    },
  ],
  appliesToAdditions: true,
  needs: ['entry'],
  wants: ['published'],
  kinds: {
    'new-package': { level: 'block', about: 'The package is new to the tree: nobody has ever listed its script.' },
    'listed-by-name': {
      level: 'notice',
      about: 'allowScripts lists the package without a version: the scripts of all its future versions run, too.',
    },
  },
  flags: [
    {
      title: 'an update whose version is not listed, and a new package',
      registry: ['a@1.0.0', 'a@1.1.0', 'b@1.0.0'],
      before: {
        asks: 'a@^1',
        tree: 'a@1.0.0',
        manifest: { allowScripts: { 'a@1.0.0': true } },
        entries: { 'node_modules/a': { hasInstallScript: true } },
      },
      after: {
        asks: 'a@^1 b@^1',
        tree: 'a@1.1.0 b@1.0.0',
        manifest: { allowScripts: { 'a@1.0.0': true } },
        entries: { 'node_modules/a': { hasInstallScript: true }, 'node_modules/b': { hasInstallScript: true } },
      },
      expect: [
        {
          message: 'Version 1.1.0 has an install script, as 1.0.0 has, and allowScripts does not list it',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 15,
            pointer: '/packages/node_modules~1a/hasInstallScript',
          },
          via: ['app', 'a@1.1.0'],
        },
        {
          kind: 'new-package',
          message: 'Version 1.0.0 has an install script, and allowScripts does not list it',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 21,
            pointer: '/packages/node_modules~1b/hasInstallScript',
          },
          via: ['app', 'b@1.0.0'],
        },
      ],
    },
    {
      title: 'listed without a version',
      registry: ['a@1.0.0', 'a@1.1.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0', manifest: { allowScripts: { a: true } } },
      after: {
        asks: 'a@^1',
        tree: 'a@1.1.0',
        manifest: { allowScripts: { a: true } },
        entries: { 'node_modules/a': { hasInstallScript: true } },
      },
      expect: [
        {
          kind: 'listed-by-name',
          message: 'allowScripts lists the install script without a version',
          at: { in: 'lockfile', path: 'package.json', pointer: '/allowScripts/a' },
          via: ['app', 'a@1.1.0'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'this version is listed, among others; the script of another package may not run at all',
      registry: ['a@1.0.0', 'a@1.1.0', 'b@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: {
        asks: 'a@^1 b@^1',
        tree: 'a@1.1.0 b@1.0.0',
        manifest: { allowScripts: { 'a@1.0.0 || 1.1.0': true, b: false } },
        entries: { 'node_modules/a': { hasInstallScript: true }, 'node_modules/b': { hasInstallScript: true } },
      },
    },
    {
      title: 'no install script',
      registry: ['a@1.0.0'],
      after: { asks: 'a@^1', tree: 'a@1.0.0' },
    },
  ],
  check({ entry, published }) {
    const isPublishedWith = published.known && published.value.hasInstallScript === true;
    return entry.after
      .filter(({ source, flags }) => canRun(source) && (flags.hasInstallScript === true || isPublishedWith))
      .flatMap((node) => {
        const { listing, key } = findListing(node, entry);
        if (listing === 'exact' || listing === 'denied') return [];
        if (listing === 'by-name') {
          const message = 'allowScripts lists the install script without a version';
          const at = atProjectFile(entry.project, 'package.json', 'allowScripts', key);
          return { kind: 'listed-by-name', message, at, via: entry.why };
        }
        const version = node.version ?? 'unknown';
        const message = `Version ${version} has an install script${likeBefore(entry, version)}, and allowScripts does not list it`;
        const evidence = { message, at: atEntry(entry.project, node, 'hasInstallScript'), via: entry.why };
        return isNew(entry) ? { kind: 'new-package', ...evidence } : evidence;
      });
  },
});

/** npm runs no scripts of what a tarball bundles, and those of the project itself are the project's. */
function canRun(source: LockNode['source']): boolean {
  return source === 'registry' || source === 'remote' || source === 'git' || source === 'file';
}

/** Whoever reads it wants to know whether the script is new. */
function likeBefore({ before }: EntryChange, now: string): string {
  const had = before.find(({ flags, version = now }) => flags.hasInstallScript === true && version !== now);
  return had === undefined ? '' : `, as ${shorten(had.version ?? '', 40)} has`;
}

/** Without a base everything would be new. */
function isNew({ kind, baseVersions, project }: EntryChange): boolean {
  return kind === 'added' && baseVersions.length === 0 && project.before !== undefined;
}

interface Listing {
  readonly listing: 'exact' | 'by-name' | 'denied' | 'none';
  readonly key: string;
}

/** A denial wins, as with npm; then the narrower entry. */
function findListing(node: LockNode, { project }: EntryChange): Listing {
  const lists = Object.entries(project.after.manifests.get('')?.allowScripts ?? {});
  const found = lists.flatMap(([key, allowed]): Listing[] => {
    const match = matchKey(key, node);
    if (match === undefined) return [];
    return [{ listing: allowed ? match : 'denied', key }];
  });
  const order: readonly Listing['listing'][] = ['denied', 'exact', 'by-name'];
  const [best] = found.toSorted((left, right) => order.indexOf(left.listing) - order.indexOf(right.listing));
  return best ?? { listing: 'none', key: '' };
}

/** `name`, `name@1.0.0`, `name@1.0.0 || 1.1.0`; what is not from a registry is listed by the spec or URL it comes from. */
function matchKey(
  key: string,
  { name, version, source, resolved, edgesIn }: LockNode,
): 'exact' | 'by-name' | undefined {
  if (source !== 'registry') {
    return key === resolved || edgesIn.some(({ spec }) => spec === key) ? 'exact' : undefined;
  }
  const at = key.indexOf('@', 1);
  if ((at === -1 ? key : key.slice(0, at)) !== name) return undefined;
  const versions = at === -1 ? '*' : key.slice(at + 1).trim();
  if (versions === '' || versions === '*') return 'by-name';
  return versions.split('||').some((one) => one.trim().replace(/^[v=]+/, '') === version) ? 'exact' : undefined;
}
