/**
 * The registry shows one package.json and the tarball holds another: npm resolves, warns and audits by the first,
 * and installs the second. Only fields that decide what is installed or run are compared, after undoing what
 * publishing itself rewrites.
 */

import { cleanCommands, cleanVersion, dropOptional } from '../../src/model/clean-manifest.ts';
import { known } from '../../src/model/fact.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { parseManifest } from '../../src/model/manifest.ts';
import type { Rule } from '../../src/rule.ts';
import { atManifest, atRegistry, defineRule, shorten } from '../../src/rule.ts';

/** The scripts that npm runs when it installs from a registry; others differ between tarball and registry in many honest releases. */
const installEvents = ['preinstall', 'install', 'postinstall'] as const;
/** What the registry writes for a package with a binding.gyp and no script of its own. */
const implicitBuild = 'node-gyp rebuild';

type Table = Readonly<Record<string, string>>;

export const manifestConfusion: Rule = defineRule({
  id: 'manifest-confusion',
  family: 'release',
  title: "The tarball's package.json is not the one that the registry shows",
  rationale:
    'Whoever looks at the registry, npm included, sees other scripts, commands or dependencies than those that are installed.',
  remedy: 'Stay on the old version, compare both manifests, and ask the maintainers how this release was published.',
  level: 'block',
  incidents: [
    {
      what: 'Darcy Clarke: the registry never compares the manifest it is sent with the one in the tarball',
      when: '2023-06-27',
      url: 'https://blog.vlt.sh/blog/the-massive-hole-in-the-npm-ecosystem',
    },
  ],
  appliesToAdditions: true,
  needs: ['files', 'manifests', 'registryManifest'],
  kinds: {
    dependencies: {
      level: 'review',
      about: 'The dependencies differ: some publishing tools rewrite them on one side only.',
    },
  },
  flags: [
    {
      title: 'an install script that the registry does not show',
      before: {},
      after: { 'package.json': { scripts: { postinstall: 'node setup.js' } }, 'setup.js': '' },
      facts: { registryManifest: known(emptyManifest('sample', '1.0.1')) },
      expect: [
        {
          message: 'The script "postinstall" is "node setup.js" in the tarball and absent at the registry',
          at: atManifest('scripts', 'postinstall'),
        },
      ],
    },
    {
      title: 'another name, version and command',
      before: {},
      after: { 'package.json': { name: 'other', version: '2.0.0', bin: { tool: 'cli.js' } }, 'cli.js': '' },
      facts: { registryManifest: known(emptyManifest('sample', '1.0.1')) },
      expect: [
        { message: 'The name is "other" in the tarball and "sample" at the registry', at: atManifest('name') },
        { message: 'The version is "2.0.0" in the tarball and "1.0.1" at the registry', at: atManifest('version') },
        {
          message: 'The command "tool" is "cli.js" in the tarball and absent at the registry',
          at: atManifest('bin', 'tool'),
        },
      ],
    },
    {
      title: 'a dependency that only the registry shows',
      before: {},
      after: {},
      facts: {
        registryManifest: known({ ...emptyManifest('sample', '1.0.1'), dependencies: { hidden: '^1.0.0' } }),
      },
      expect: [
        {
          kind: 'dependencies',
          message: 'The dependency "hidden" is absent in the tarball and "^1.0.0" at the registry',
          at: atRegistry('versions', '1.0.1', 'dependencies', 'hidden'),
        },
      ],
    },
  ],
  passes: [
    {
      title:
        'what publishing rewrites: paths of commands, the version, the implicit build, optional dependencies listed twice',
      before: {},
      after: {
        'package.json': {
          version: ' v1.0.1+build.5 ',
          bin: { '@scope/tool': './bin/tool.js' },
          optionalDependencies: { fast: '^1.0.0' },
        },
        'binding.gyp': '{}',
        'bin/tool.js': '',
      },
      facts: {
        registryManifest: known({
          ...emptyManifest('sample', '1.0.1'),
          bin: { tool: 'bin/tool.js' },
          scripts: { install: 'node-gyp rebuild' },
          dependencies: { fast: '^1.0.0' },
          optionalDependencies: { fast: '^1.0.0' },
        }),
      },
    },
    {
      title: 'scripts for developers that were left out of the tarball',
      before: {},
      after: {},
      facts: {
        registryManifest: known({ ...emptyManifest('sample', '1.0.1'), scripts: { test: 'run-tests' } }),
      },
    },
  ],
  check({ files, manifests, registryManifest, subject }) {
    const tarball = normalize(manifests.after, files.after.files.has('binding.gyp'));
    const registry = normalize(registryManifest, files.after.files.has('binding.gyp'));
    return compared.flatMap(({ field, noun, kind }) =>
      compareTables(tarball[field], registry[field]).map(
        ([key, inTarball, atTheRegistry]): Evidence<'dependencies'> => {
          const name = key === '' ? noun : `${noun} "${shorten(key)}"`;
          const message = `The ${name} is ${quote(inTarball)} in the tarball and ${quote(atTheRegistry)} at the registry`;
          const path = key === '' ? [field] : [field, key];
          const at = inTarball === undefined ? atRegistry('versions', subject.to, ...path) : atManifest(...path);
          return kind === undefined ? { message, at } : { kind, message, at };
        },
      ),
    );
  },
});

const compared = [
  { field: 'name', noun: 'name', kind: undefined },
  { field: 'version', noun: 'version', kind: undefined },
  { field: 'scripts', noun: 'script', kind: undefined },
  { field: 'bin', noun: 'command', kind: undefined },
  { field: 'dependencies', noun: 'dependency', kind: 'dependencies' },
  { field: 'optionalDependencies', noun: 'optional dependency', kind: 'dependencies' },
] as const;

type NormalManifest = Readonly<Record<(typeof compared)[number]['field'], Table>>;

function normalize(manifest: Manifest, hasBindingGyp: boolean): NormalManifest {
  const { name, version, optionalDependencies } = manifest;
  return {
    name: name === undefined ? {} : { '': name.trim() },
    version: version === undefined ? {} : { '': cleanVersion(version) },
    scripts: normalizeScripts(manifest.scripts, hasBindingGyp),
    bin: cleanCommands(manifest.bin),
    dependencies: dropOptional(manifest.dependencies, optionalDependencies),
    optionalDependencies,
  };
}

function normalizeScripts(scripts: Table, hasBindingGyp: boolean): Table {
  const hooks = installEvents.flatMap((event) => {
    const command = Object.hasOwn(scripts, event) ? scripts[event]?.trim() : undefined;
    return command === undefined || command === '' ? [] : [[event, command] as const];
  });
  const isImplicit =
    hasBindingGyp && hooks.length === 1 && hooks[0]?.[0] === 'install' && hooks[0][1] === implicitBuild;
  return isImplicit ? {} : Object.fromEntries(hooks);
}

function compareTables(
  tarball: Table,
  registry: Table,
): [key: string, tarball: string | undefined, registry: string | undefined][] {
  const keys = new Set([...Object.keys(tarball), ...Object.keys(registry)]);
  return [...keys].flatMap((key): [string, string | undefined, string | undefined][] => {
    const left = Object.hasOwn(tarball, key) ? tarball[key] : undefined;
    const right = Object.hasOwn(registry, key) ? registry[key] : undefined;
    return left === right ? [] : [[key, left, right]];
  });
}

function quote(value: string | undefined): string {
  return value === undefined ? 'absent' : `"${shorten(value)}"`;
}

function emptyManifest(name: string, version: string): Manifest {
  return parseManifest({ name, version });
}
