/** One tree in every version of the format, as npm's own writer has it: no change, whichever way it goes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareLockTrees } from '../../src/lockfile/compare-lock-trees.ts';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import type { LockTree } from '../../src/model/lock-tree.ts';
import { arbitraryProject } from './arbitrary-project.ts';
import { convertWithNpm, parseManifests, type WrittenProject } from './read-with-npm.ts';

const commit = '0123456789abcdef0123456789abcdef01234567';

function published(name: string, version: string, more: object = {}): object {
  const resolved = `https://registry.example/${name}/-/${name.slice(name.indexOf('/') + 1)}-${version}.tgz`;
  return { version, resolved, integrity: `sha512-${name.length}${version}AAAA==`, ...more };
}

const root = {
  name: 'app',
  version: '1.0.0',
  workspaces: ['packages/*'],
  dependencies: {
    a: '^1.0.0',
    other: 'npm:@scope/real@^2.0.0',
    bundler: '1.0.0',
    git: `git+https://git.example/git.git#${commit}`,
    tarball: 'https://files.example/tarball-1.0.0.tgz',
  },
  optionalDependencies: { native: '1.0.0' },
};
const web = { name: 'web', version: '1.0.0', dependencies: { a: '^2.0.0' } };
const everything: WrittenProject = {
  lockfile: {
    name: 'app',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': root,
      'node_modules/a': published('a', '1.2.0', {
        dependencies: { c: '^1.0.0' },
        peerDependencies: { c: '*' },
        bin: { a: 'cli.js' },
      }),
      'node_modules/bundler': published('bundler', '1.0.0', {
        bundleDependencies: ['inner'],
        dependencies: { inner: '1.0.0' },
        hasInstallScript: true,
      }),
      'node_modules/bundler/node_modules/inner': { version: '1.0.0', inBundle: true },
      'node_modules/c': published('c', '2.0.0'),
      'node_modules/git': { version: '3.0.0', resolved: `git+https://git.example/git.git#${commit}` },
      'node_modules/native': published('native', '1.0.0', { optional: true, os: ['linux'], cpu: ['x64'] }),
      'node_modules/other': { name: '@scope/real', ...published('@scope/real', '2.1.0') },
      'node_modules/tarball': {
        version: '1.0.0',
        resolved: 'https://files.example/tarball-1.0.0.tgz',
        integrity: 'sha512-TTTT',
      },
      'node_modules/web': { resolved: 'packages/web', link: true },
      'packages/web': web,
      'packages/web/node_modules/a': published('a', '2.0.0', { optionalDependencies: { native: '*' } }),
    },
  },
  manifests: { '': { ...root, overrides: { c: '2.0.0' } }, 'packages/web': web },
};

async function readAs(version: 1 | 2 | 3): Promise<LockTree> {
  const text = await convertWithNpm(everything, version);
  return parseLockfile({ path: 'package-lock.json', text, manifests: parseManifests(everything) });
}

describe('a change of the format alone', () => {
  it.each([
    [1, 3],
    [3, 1],
    [1, 2],
    [2, 1],
    [2, 3],
    [3, 2],
  ] as const)('is none: from version %i to %i', async (before, after) => {
    const [old, now] = [await readAs(before), await readAs(after)];
    expect([old.version, now.version]).toEqual([before, after]);
    const { entries, removed, unchanged } = compareLockTrees(old, now);
    const told = entries.map(({ kind, from, to, after: copies }) => `${kind} ${copies[0]?.name} ${from} ${to}`);
    // Version 1 does not say which version a repository holds.
    const [commitAlone, named] = [`git+https://git.example/git.git#${commit}`, '3.0.0'];
    const git = before === 1 ? `updated git ${commitAlone} ${named}` : `updated git ${named} ${commitAlone}`;
    expect(told).toEqual(before === 1 || after === 1 ? [git] : []);
    expect([removed, unchanged]).toEqual([[], before === 1 || after === 1 ? 8 : 9]);
  });

  it('leaves both halves of version 2 in agreement', async () => {
    expect((await readAs(2)).disagreements).toEqual([]);
  });
});

describe('a tree', () => {
  it('does not differ from itself', () => {
    const isSame = fc.property(arbitraryProject, (project) => {
      const text = JSON.stringify(project.lockfile);
      const read = (): LockTree =>
        parseLockfile({ path: 'package-lock.json', text, manifests: parseManifests(project) });
      const tree = read();
      const { entries, removed, unchanged } = compareLockTrees(tree, read());
      const identities = [...tree.nodes.values()]
        .filter(({ location, key }) => location.endsWith(`node_modules/${key}`))
        .filter(({ target }) => target === undefined)
        .map(({ name, version, resolved }) => `${name} ${version ?? resolved ?? ''}`);
      expect([entries, removed, unchanged]).toEqual([[], [], new Set(identities).size]);
    });
    fc.assert(isSame, { numRuns: 300 });
  });
});
