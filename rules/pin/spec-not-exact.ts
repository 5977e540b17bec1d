/**
 * An application that asks for a range leaves it to the day of the next install which version it gets. A library has
 * to leave room for those who use it; an application has no such users.
 */
import type { Evidence } from '../../src/model/finding.ts';
import type { ProjectChange } from '../../src/model/lock-change.ts';
import type { ProjectManifest } from '../../src/model/lock-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { atProjectFile, defineRule, shorten } from '../../src/rule.ts';

const fields = ['dependencies', 'devDependencies', 'optionalDependencies'] as const;
/** Overrides nest by the packages they hold for; deeper than this nobody writes them. */
const maxOverrideDepth = 20;

export const specNotExact: Rule = defineRule({
  id: 'spec-not-exact',
  family: 'pin',
  title: 'An application asks for a range, not for a version',
  rationale:
    'A range takes in versions that nobody of this project has tried, as soon as somebody locks again. Only libraries need ranges.',
  remedy: 'Write the locked version into package.json, and let updates change it one by one.',
  level: 'notice',
  incidents: [
    {
      what: 'Russ Cox: within hours the sabotaged colors release reached all who asked for a range that held it',
      when: '2022-01-10',
      url: 'https://research.swtch.com/npm-colors',
    },
  ],
  appliesToAdditions: true,
  needs: ['project'],
  flags: [
    {
      title: 'a new range, a tag and an override with a range, in an application',
      registry: ['a@1.0.0', 'a@1.2.0', 'b@2.0.0: c@^1', 'c@1.5.0'],
      before: { asks: 'a@1.0.0', tree: 'a@1.0.0', manifest: { private: true } },
      after: {
        asks: 'a@^1.0.0 dev:b@latest',
        tree: 'a@1.2.0 b@2.0.0 c@1.5.0',
        manifest: { private: true, overrides: { b: { c: '~1.5.0' } } },
      },
      expect: [
        {
          message: 'a is asked for as "^1.0.0", which leaves the version open',
          at: { in: 'lockfile', path: 'package.json', pointer: '/dependencies/a' },
          target: '1.2.0',
        },
        {
          message: 'b is asked for as "latest", which leaves the version open',
          at: { in: 'lockfile', path: 'package.json', pointer: '/devDependencies/b' },
          target: '2.0.0',
        },
        {
          message: 'c is overridden as "~1.5.0", which leaves the version open',
          at: { in: 'lockfile', path: 'package.json', pointer: '/overrides/b/c' },
        },
      ],
    },
  ],
  passes: [
    {
      title: 'exact versions, an alias of one, a commit, and an override that repeats what is asked for',
      registry: ['a@1.2.0', 'b@2.0.0', 'd@3.0.0'],
      after: {
        asks: 'a@1.2.0 alias@npm:d@3.0.0 b@github:user/b#0123456789abcdef0123456789abcdef01234567',
        tree: 'a@1.2.0 alias@npm:d@3.0.0 b@2.0.0',
        manifest: { private: true, overrides: { a: '$a', d: { '.': '3.0.0' } } },
      },
    },
    {
      title: 'a library that others install',
      registry: ['a@1.2.0'],
      after: { asks: 'a@^1.0.0', tree: 'a@1.2.0' },
    },
    {
      title: 'a range that was there before',
      registry: ['a@1.1.0', 'a@1.2.0'],
      before: { asks: 'a@^1.0.0', tree: 'a@1.1.0', manifest: { private: true } },
      after: { asks: 'a@^1.0.0', tree: 'a@1.2.0', manifest: { private: true } },
    },
  ],
  check({ project }) {
    return [...project.after.manifests.values()]
      .filter(({ isPrivate }) => isPrivate)
      .flatMap((manifest) => [...findOpenSpecs(manifest, project), ...findOpenOverrides(manifest, project)]);
  },
});

function findOpenSpecs(manifest: ProjectManifest, project: ProjectChange): Evidence<never>[] {
  const { folder } = manifest;
  const old = project.before?.manifests.get(folder);
  const edges = project.after.tree?.nodes.get(folder)?.edgesOut ?? [];
  const copies = new Map(edges.map(({ name, to }) => [name, to]));
  return fields.flatMap((field) =>
    Object.entries(manifest[field]).flatMap(([name, spec]) => {
      const copy = copies.get(name);
      const isOwn = copy?.source === 'link' || copy?.source === 'workspace';
      if (isOwn || !leavesVersionOpen(spec) || fields.some((other) => findOwn(old?.[other], name) === spec)) return [];
      const message = `${shorten(name)} is asked for as "${shorten(spec)}", which leaves the version open`;
      const at = atProjectFile(project, pathOf(manifest), field, name);
      return copy?.version === undefined ? { message, at } : { message, at, target: copy.version };
    }),
  );
}

/** Only the root's overrides hold. */
function findOpenOverrides(manifest: ProjectManifest, project: ProjectChange): Evidence<never>[] {
  if (manifest.folder !== '') return [];
  const old = new Map(listOverrides(project.before?.manifests.get('')?.overrides ?? {}).map(toEntry));
  return listOverrides(manifest.overrides)
    .filter(({ keys, spec }) => !spec.startsWith('$') && leavesVersionOpen(spec) && old.get(keys.join('\n')) !== spec)
    .map(({ keys, spec }) => {
      const name = keys.findLast((key) => key !== '.') ?? '';
      const message = `${shorten(name)} is overridden as "${shorten(spec)}", which leaves the version open`;
      return { message, at: atProjectFile(project, pathOf(manifest), 'overrides', ...keys) };
    });
}

interface Override {
  readonly keys: readonly string[];
  readonly spec: string;
}

function listOverrides(overrides: object, above: readonly string[] = []): readonly Override[] {
  if (above.length >= maxOverrideDepth) return [];
  return Object.entries(overrides).flatMap(([key, value]: [string, unknown]) => {
    const keys = [...above, key];
    if (typeof value === 'string') return { keys, spec: value };
    return typeof value === 'object' && value !== null ? listOverrides(value, keys) : [];
  });
}

function toEntry({ keys, spec }: Override): [string, string] {
  return [keys.join('\n'), spec];
}

/** What comes from elsewhere than a registry has no range; `source-not-allowed` looks at it. */
function leavesVersionOpen(spec: string): boolean {
  const plain = spec.trim().replace(/^npm:@?[^@]+(?:@|$)/, '');
  return !/[:/]/.test(plain) && !/^[v=\s]*\d+\.\d+\.\d+(?:[-+][0-9A-Za-z.+-]+)?$/.test(plain);
}

function pathOf({ folder }: ProjectManifest): string {
  return folder === '' ? 'package.json' : `${folder}/package.json`;
}

function findOwn(specs: Readonly<Record<string, string>> | undefined, name: string): string | undefined {
  return specs !== undefined && Object.hasOwn(specs, name) ? specs[name] : undefined;
}
