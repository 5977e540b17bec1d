/** Projects made by chance: trees that npm would not write as well, in which every kind of dependency meets every other. */
import fc from 'fast-check';
import type { WrittenProject } from './read-with-npm.ts';

const names = ['a', 'b', 'c', '@scope/d', 'Upper'] as const;
const versions = ['1.0.0', '1.2.3', '2.0.0', '0.1.2', '1.3.0-beta.1', '3.0.0+build'] as const;
const commit = '0123456789abcdef0123456789abcdef01234567';
const folders = ['packages/one', 'packages/two', 'lib'] as const;

const name = fc.constantFrom(...names);
const version = fc.constantFrom(...versions);
const spec = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('^1.0.0', '~1.2.0', '1.2.3', '*', '', '^0.1.0', '>=1.0.0', '^2', '1.x', '1 || 2'),
  },
  fc.constantFrom('^1.0.0-0', '1.3.0-beta.1', '>=1.0.0 <3', ' ^1.0.0 ', 'v1.2.3', '=1.0.0', '^01.0.0', '1.2.3.4'),
  fc.constantFrom('latest', 'next-1', 'no such spec', 'workspace:*', 'link:../x', '~/home', '.', './lib', 'b.tgz'),
  fc.constantFrom('npm:b@^1.0.0', 'npm:@scope/d@2', 'npm:b', 'npm:npm:b@1', 'npm:b@latest'),
  fc.constantFrom('file:lib', 'file:packages/one', 'file:../lib', 'file:b.tgz', 'file:vendor/b.tgz', 'file:.'),
  fc.constantFrom('https://registry.example/b/-/b-1.2.3.tgz', 'http://other.example/b.tgz', 'user/project#main'),
  fc.constantFrom(
    `git+https://git.example/b.git#${commit}`,
    'git+https://git.example/b.git#main',
    'git+https://git.example/b.git#semver:^1.0.0',
    'git+ssh://git@git.example:user/b.git',
    `github:user/project#${commit}`,
    'github:user/project#semver:^1',
  ),
);
const resolved = fc.constantFrom(
  undefined,
  'https://registry.example/b/-/b-1.2.3.tgz',
  'http://other.example/b.tgz',
  'file:b.tgz',
  'file:vendor/b.tgz',
  `git+https://git.example/b.git#${commit}`,
  `git+ssh://git@github.com/user/project.git#${commit}`,
);

const specs = fc.dictionary(name, spec, { maxKeys: 4, noNullPrototype: true });
const sometimes = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });
const peerMeta = fc.dictionary(name, fc.record({ optional: fc.boolean() }), { maxKeys: 2, noNullPrototype: true });

const asked = {
  dependencies: sometimes(specs),
  devDependencies: sometimes(specs),
  optionalDependencies: sometimes(specs),
  peerDependencies: sometimes(specs),
  peerDependenciesMeta: sometimes(peerMeta),
};

const entry = fc.record({
  version: fc.option(version, { nil: undefined, freq: 9 }),
  resolved,
  integrity: fc.constant(undefined),
  ...asked,
  acceptDependencies: fc.option(specs, { nil: undefined, freq: 1 }),
  bundleDependencies: fc.option(fc.uniqueArray(name, { maxLength: 2 }), { nil: undefined, freq: 1 }),
  inBundle: fc.constantFrom(undefined, undefined, true),
  hasShrinkwrap: fc.constantFrom(undefined, undefined, undefined, true),
});

const owner = fc.constantFrom('', '', 'node_modules/a/', 'node_modules/b/', ...folders.map((folder) => `${folder}/`));
const location = fc.oneof(
  { weight: 5, arbitrary: fc.tuple(owner, name).map(([inside, key]) => `${inside}node_modules/${key}`) },
  fc
    .tuple(name, name, name)
    .map(([first, second, third]) => `node_modules/${first}/node_modules/${second}/node_modules/${third}`),
);

const overrideKey = fc.oneof(
  name,
  fc.tuple(name, fc.constantFrom('^1.0.0', '2', '*')).map((parts) => parts.join('@')),
);
const overrideValue = fc.constantFrom('1.2.3', '^2', '*', '', '$a', 'npm:b@1', 'file:lib', '2.0.0');
const plainOverrides = fc.dictionary(name, overrideValue, { maxKeys: 3, noNullPrototype: true });
/** Each rule in the one above. */
const nestedOverrides = fc
  .array(fc.tuple(overrideKey, sometimes(overrideValue)), { minLength: 1, maxLength: 3 })
  .map((chain) => {
    let rules: Record<string, unknown> = {};
    for (const [key, own] of chain) rules = { [key]: own === undefined ? rules : { '.': own, ...rules } };
    return rules;
  });
/**
 * Where a package is reached under two rules of which none is within the other, npm takes the one that it came upon
 * last, or the one above both, as the order in which it read the file will have it: such rules are left out.
 */
const overrides = fc.oneof(plainOverrides, nestedOverrides);

const manifest = fc.record({ version, ...asked });

/** As npm 7 and later write it: `packages`. */
export const arbitraryProject: fc.Arbitrary<WrittenProject> = fc
  .record({
    root: manifest,
    overrides: sometimes(overrides),
    entries: fc.dictionary(location, entry, { maxKeys: 14, noNullPrototype: true }),
    workspaces: fc.subarray([...folders.slice(0, 2)]),
    members: fc.tuple(manifest, manifest),
    outside: fc.boolean(),
    lib: sometimes(entry),
  })
  .map(({ root, overrides: rules, entries, workspaces, members, outside, lib }) => {
    const packages: Record<string, unknown> = {
      '': { name: 'root', ...root, workspaces },
      ...entries,
      ...(lib === undefined || rules !== undefined ? {} : { lib, 'node_modules/c': { resolved: 'lib', link: true } }),
      ...(outside && rules === undefined
        ? { '../outside': { version: '1.2.3' }, 'node_modules/b': { resolved: '../outside', link: true } }
        : {}),
    };
    const manifests: Record<string, unknown> = { '': { name: 'root', ...root, workspaces, overrides: rules } };
    for (const [index, folder] of workspaces.entries()) {
      // One of them is called like a package, as somebody's fork may be; not where rules are about that name, too: what
      // npm hands through a link then depends on the order in which it happened to read the tree.
      const member = { ...members[index], name: index === 0 && rules === undefined ? 'a' : `@scope/${index}` };
      packages[folder] = member;
      packages[`node_modules/${member.name}`] = { resolved: folder, link: true };
      manifests[folder] = member;
    }
    // While npm reads the file, an edge meets the outer copy before the inner one, whose rule may stay with the outer.
    if (rules !== undefined) for (const at of Object.keys(packages)) if (isNested(at)) delete packages[at];
    if (rules !== undefined)
      for (const fields of [...Object.values(packages), ...Object.values(manifests)]) askOnce(fields);
    // npm has nothing below a link, and we refuse it.
    const links = Object.keys(packages).filter((at) => isLink(packages[at]));
    for (const at of Object.keys(packages)) if (links.some((link) => at.startsWith(`${link}/`))) delete packages[at];
    // In npm's order, in which what lies in a folder comes after the folder.
    const sorted = Object.fromEntries(Object.entries(packages).sort(([left], [right]) => (left < right ? -1 : 1)));
    return { lockfile: { name: 'root', lockfileVersion: 3, requires: true, packages: sorted }, manifests };
  });

function isNested(at: string): boolean {
  return at.lastIndexOf('node_modules/') > 0;
}

function isLink(fields: unknown): boolean {
  return typeof fields === 'object' && fields !== null && 'link' in fields;
}

/**
 * npm makes an edge for each kind of dependency, and of those that it replaces at once, overrides may stay behind.
 * An empty spec it reads as the overriding one as soon as there is one, and overrides it every second time only.
 */
function askOnce(fields: unknown): void {
  if (typeof fields !== 'object' || fields === null) return;
  const seen = new Set<string>();
  for (const [kind, specs] of Object.entries(fields)) {
    if (!(kind in asked) || kind === 'peerDependenciesMeta' || typeof specs !== 'object' || specs === null) continue;
    for (const [key, written] of Object.entries(specs)) {
      if (seen.has(key) || written === '') delete specs[key];
      seen.add(key);
    }
  }
}
