/** Lockfiles of all versions as one tree. Over 300 lines, because the cases are one table. */
import { describe, expect, it } from 'vitest';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.ts';
import { parseProjectManifest } from '../../src/lockfile/parse-project-manifest.ts';
import type { LockEdge, LockTree, ProjectManifest } from '../../src/model/lock-tree.ts';

type Manifests = Readonly<Record<string, unknown>>;

function read(lockfile: unknown, manifests: Manifests = {}, options: { legacyPeerDeps?: boolean } = {}): LockTree {
  return parseLockfile({
    path: 'package-lock.json',
    text: JSON.stringify(lockfile, undefined, 2),
    manifests: new Map(
      Object.entries(manifests).map(([folder, manifest]): [string, ProjectManifest] => [
        folder,
        parseProjectManifest(JSON.stringify(manifest), `${folder}/package.json`, folder),
      ]),
    ),
    ...options,
  });
}

function readPackages(packages: Readonly<Record<string, unknown>>, manifests: Manifests = {}): LockTree {
  return read({ name: 'app', lockfileVersion: 3, packages: { '': {}, ...packages } }, manifests);
}

function nodeAt(tree: LockTree, location: string): NonNullable<ReturnType<LockTree['nodes']['get']>> {
  const node = tree.nodes.get(location);
  if (node === undefined) throw new Error(`there is nothing at ${location}`);
  return node;
}

function tell({ type, name, spec, to, problem }: LockEdge): string {
  return [type, `${name}@${spec}`, '->', to?.location ?? 'nothing', problem].filter((word) => word).join(' ');
}

describe('entries', () => {
  it('stand in the order of the file, under their own names and with their lines', () => {
    const tree = readPackages({
      'node_modules/b': { version: '1.0.0' },
      'node_modules/a': { name: '@scope/real', version: '2.0.0' },
      'node_modules/a/node_modules/@scope/c': { version: '3.0.0' },
    });
    const nodes = [...tree.nodes.values()].map(({ location, name, key, version, line }) => [
      location,
      name,
      key,
      version,
      line,
    ]);
    expect(nodes).toEqual([
      ['', '', '', undefined, 5],
      ['node_modules/b', 'b', 'b', '1.0.0', 6],
      ['node_modules/a', '@scope/real', 'a', '2.0.0', 9],
      ['node_modules/a/node_modules/@scope/c', '@scope/c', '@scope/c', '3.0.0', 13],
    ]);
  });

  it('repeat what the manifest says', () => {
    const tree = readPackages({
      'node_modules/@scope/a': {
        version: '1.0.0',
        resolved: 'https://registry.example/a/-/a-1.0.0.tgz',
        integrity: 'sha512-AAAA',
        dependencies: { b: '^1' },
        optionalDependencies: { c: '2' },
        peerDependencies: { d: '*', e: '*' },
        peerDependenciesMeta: { e: { optional: true }, d: {} },
        bin: 'cli.js',
        os: ['linux'],
        cpu: 'x64',
        deprecated: 'use b',
        hasInstallScript: true,
        devOptional: true,
      },
    });
    const { resolved, integrity, manifest, flags } = nodeAt(tree, 'node_modules/@scope/a');
    expect({ resolved, integrity, manifest, flags }).toEqual({
      resolved: 'https://registry.example/a/-/a-1.0.0.tgz',
      integrity: 'sha512-AAAA',
      manifest: {
        dependencies: { b: '^1' },
        devDependencies: undefined,
        optionalDependencies: { c: '2' },
        peerDependencies: { d: '*', e: '*' },
        optionalPeers: ['e'],
        workspaces: undefined,
        bin: { a: 'cli.js' },
        os: ['linux'],
        cpu: ['x64'],
        deprecated: 'use b',
      },
      flags: {
        dev: false,
        optional: false,
        devOptional: true,
        peer: false,
        hasInstallScript: true,
        hasShrinkwrap: false,
      },
    });
  });

  it('may be called like what every object has', () => {
    const tree = readPackages({
      '': { dependencies: { constructor: '^1.0.0', toString: '1' } },
      'node_modules/constructor': { version: '1.0.0', dependencies: { hasOwnProperty: '*' } },
      'node_modules/hasOwnProperty': { version: '1.0.0' },
    });
    expect(tree.root.edgesOut.map(tell)).toEqual([
      'prod constructor@^1.0.0 -> node_modules/constructor',
      'prod toString@1 -> nothing missing',
    ]);
    expect(nodeAt(tree, 'node_modules/hasOwnProperty').edgesIn.map(({ from }) => from.name)).toEqual(['constructor']);
  });
});

describe('a source', () => {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const registry = 'https://registry.example/a/-/a-1.0.0.tgz';
  it.each([
    ['registry', '^1.0.0', { version: '1.0.0', resolved: registry }],
    ['registry', '^1.0.0', { version: '1.0.0' }],
    ['registry', 'npm:b@1', { name: 'b', version: '1.0.0', resolved: registry }],
    ['remote', registry, { version: '1.0.0', resolved: registry }],
    ['git', 'user/project', { version: '1.0.0', resolved: `git+ssh://git@github.com/user/project.git#${commit}` }],
    ['git', 'git+https://git.example/a.git', { version: '1.0.0', resolved: `git+https://git.example/a.git#${commit}` }],
    ['git', '^1.0.0', { version: '1.0.0', resolved: `git+https://git.example/a.git#${commit}` }],
    ['file', 'file:a.tgz', { version: '1.0.0', resolved: 'file:a.tgz' }],
    ['file', '^1.0.0', { version: '1.0.0', resolved: 'file:a.tgz' }],
  ])('is %s for %s', (source, spec, entry) => {
    const tree = readPackages({ '': { dependencies: { a: spec } }, 'node_modules/a': entry });
    expect(nodeAt(tree, 'node_modules/a').source).toBe(source);
  });

  it('is the bundler for what its list names, what that needs beside it, and what lies in that', () => {
    const tree = readPackages({
      '': { dependencies: { a: '1.0.0' } },
      'node_modules/a': {
        version: '1.0.0',
        dependencies: { b: '1.0.0', other: '1.0.0' },
        bundleDependencies: ['b'],
      },
      'node_modules/a/node_modules/b': { version: '1.0.0', inBundle: true, dependencies: { c: '1.0.0', d: '1.0.0' } },
      'node_modules/a/node_modules/b/node_modules/d': { version: '1.0.0', inBundle: true },
      'node_modules/a/node_modules/c': { version: '1.0.0', inBundle: true },
      'node_modules/a/node_modules/other': { version: '1.0.0', inBundle: true },
    });
    const sources = [...tree.nodes.values()].slice(2).map(({ key, source }) => `${key} ${source}`);
    expect(sources).toEqual(['b bundled', 'd bundled', 'c bundled', 'other registry']);
  });

  it('is still the registry for what the root bundles, and for what only calls itself bundled', () => {
    const tree = readPackages({
      '': { dependencies: { a: '1.0.0', b: '1.0.0' }, bundleDependencies: ['a'] },
      'node_modules/a': { version: '1.0.0', inBundle: true },
      'node_modules/b': { version: '1.0.0', inBundle: true },
    });
    expect([...tree.nodes.values()].map(({ source }) => source)).toEqual(['root', 'registry', 'registry']);
  });
});

describe('workspaces and links', () => {
  const packages = {
    '': { workspaces: ['packages/*'], dependencies: { lib: 'file:lib' } },
    'node_modules/web': { resolved: 'packages/web', link: true },
    'node_modules/lib': { resolved: 'lib', link: true },
    'node_modules/a': { version: '1.0.0' },
    lib: { version: '0.0.1', dependencies: { a: '1' } },
    'packages/web': { name: 'web', version: '1.0.0', dependencies: { a: '2' }, devDependencies: { a: '2' } },
    'packages/web/node_modules/a': { version: '2.0.0' },
  };

  it('lead to folders, which look for packages from where they are', () => {
    const tree = readPackages(packages);
    expect(tree.root.edgesOut.map(tell)).toEqual([
      'workspace web@file:packages/web -> node_modules/web',
      'prod lib@file:lib -> node_modules/lib',
    ]);
    expect(nodeAt(tree, 'node_modules/web').target).toBe(nodeAt(tree, 'packages/web'));
    expect(nodeAt(tree, 'packages/web').edgesOut.map(tell)).toEqual(['dev a@2 -> packages/web/node_modules/a']);
    expect(nodeAt(tree, 'lib').edgesOut.map(tell)).toEqual(['prod a@1 -> node_modules/a']);
    const sources = ['node_modules/web', 'packages/web', 'node_modules/lib', 'lib'].map(
      (at) => nodeAt(tree, at).source,
    );
    expect(sources).toEqual(['link', 'workspace', 'link', 'file']);
  });

  it('ask for what their own package.json says, and keep what the lockfile says beside it', () => {
    const manifests = {
      '': { workspaces: ['packages/*'] },
      'packages/web': { name: 'web', dependencies: { a: '^3' } },
      'packages/new': { name: 'new' },
    };
    const tree = readPackages(packages, manifests);
    expect(tree.root.edgesOut.map(tell)).toEqual([
      'workspace web@file:packages/web -> node_modules/web',
      'workspace new@file:packages/new -> nothing missing',
    ]);
    const web = nodeAt(tree, 'packages/web');
    expect(web.edgesOut.map(tell)).toEqual(['prod a@^3 -> packages/web/node_modules/a invalid']);
    expect(web.manifest.dependencies).toEqual({ a: '2' });
  });

  it('may lie beside the project, where a link leads', () => {
    const tree = readPackages({
      '': { dependencies: { lib: 'file:../lib' } },
      '../lib': { version: '1.0.0', dependencies: { a: '1' } },
      '../lib/node_modules/a': { version: '1.0.0' },
      'node_modules/lib': { resolved: '../lib', link: true },
    });
    expect(tree.root.edgesOut.map(tell)).toEqual(['prod lib@file:../lib -> node_modules/lib']);
    expect(nodeAt(tree, '../lib').edgesOut.map(tell)).toEqual(['prod a@1 -> ../lib/node_modules/a']);
  });
});

describe('version 1', () => {
  const lockfile = {
    name: 'app',
    lockfileVersion: 1,
    requires: true,
    dependencies: {
      a: {
        version: '1.0.0',
        resolved: 'https://registry.example/a/-/a-1.0.0.tgz',
        integrity: 'sha512-AAAA',
        requires: { b: '^2.0.0', c: '^1.0.0' },
        dependencies: { b: { version: '2.0.0', integrity: 'sha512-BBBB' } },
      },
      alias: { version: 'npm:real@1.2.3', integrity: 'sha512-CCCC' },
      c: { version: '1.0.0', integrity: 'sha1-DDDD', optional: true },
      g: { version: 'git+https://git.example/g.git#0123456789abcdef0123456789abcdef01234567', from: 'g' },
      web: {
        version: 'file:packages/web',
        requires: { a: '1' },
        dependencies: { a: { version: '1.1.0', integrity: 'sha512-EEEE' } },
      },
    },
  };
  const manifests = { '': { dependencies: { a: '^1.0.0', alias: 'npm:real@^1' }, devDependencies: { c: '1' } } };

  it('nests its entries, and leaves what the root asks for to package.json', () => {
    const tree = read(lockfile, manifests);
    const nodes = [...tree.nodes.values()].map(({ location, name, version, line }) => [location, name, version, line]);
    expect(nodes).toEqual([
      ['', '', undefined, 1],
      ['node_modules/a', 'a', '1.0.0', 6],
      ['node_modules/a/node_modules/b', 'b', '2.0.0', 15],
      ['node_modules/alias', 'real', '1.2.3', 21],
      ['node_modules/c', 'c', '1.0.0', 25],
      ['node_modules/g', 'g', undefined, 30],
      ['node_modules/web', 'web', undefined, 34],
      ['packages/web', 'web', undefined, 34],
      ['packages/web/node_modules/a', 'a', '1.1.0', 40],
    ]);
    expect(tree.root.edgesOut.map(tell)).toEqual([
      'prod a@^1.0.0 -> node_modules/a',
      'prod alias@npm:real@^1 -> node_modules/alias',
      'dev c@1 -> node_modules/c',
    ]);
  });

  it('takes for optional what is, and is asked for by what is not', () => {
    expect(nodeAt(read(lockfile, manifests), 'node_modules/a').edgesOut.map(tell)).toEqual([
      'prod b@^2.0.0 -> node_modules/a/node_modules/b',
      'optional c@^1.0.0 -> node_modules/c',
    ]);
  });
});

describe('version 2', () => {
  const entry = { version: '1.0.0', resolved: 'https://registry.example/a/-/a-1.0.0.tgz', integrity: 'sha512-AAAA' };
  const disagreementsOf = (dependencies: unknown): LockTree['disagreements'] =>
    read({ lockfileVersion: 2, packages: { '': {}, 'node_modules/a': entry }, dependencies }).disagreements;

  it('says everything twice', () => {
    expect(disagreementsOf({ a: entry })).toEqual([]);
  });

  it.each([
    { field: 'version', old: '2.0.0' },
    { field: 'integrity', old: 'sha512-BBBB' },
    { field: 'resolved', old: 'https://other.example/a.tgz' },
  ] as const)('may say another $field the second time', ({ field, old }) => {
    expect(disagreementsOf({ a: { ...entry, [field]: old } })).toEqual([
      { location: 'node_modules/a', field, packages: entry[field], dependencies: old, line: 12 },
    ]);
  });

  it('may have an entry in one half only', () => {
    const fields = disagreementsOf({ b: entry }).map(({ location, field, packages, dependencies }) => [
      location,
      field,
      packages,
      dependencies,
    ]);
    expect(fields).toEqual([
      ['node_modules/a', 'entry', '1.0.0', undefined],
      ['node_modules/b', 'entry', undefined, '1.0.0'],
    ]);
  });
});

describe('peers', () => {
  const packages = {
    '': { dependencies: { a: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', peerDependencies: { b: '1' } },
  };

  it('are demanded, unless npm is told to ignore them', () => {
    const lockfile = { lockfileVersion: 3, packages };
    expect(nodeAt(read(lockfile), 'node_modules/a').edgesOut.map(tell)).toEqual(['peer b@1 -> nothing missing']);
    expect(nodeAt(read(lockfile, {}, { legacyPeerDeps: true }), 'node_modules/a').edgesOut).toEqual([]);
  });
});
