/**
 * The lockfile does not answer what is asked: npm then decides by itself what to install, on every machine anew, or
 * installs what nobody asked for. Somebody who edits a lockfile by hand often leaves such a seam.
 */
import { dropOptional } from '../../src/model/clean-manifest.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { ProjectChange } from '../../src/model/lock-change.ts';
import type { LockDisagreement, LockEdge, LockNode, LockTree, ProjectManifest } from '../../src/model/lock-tree.ts';
import { isSameSpec } from '../../src/model/same-spec.ts';
import type { Rule } from '../../src/rule.ts';
import { atEntry, atProjectFile, defineRule, nameAsker, shorten } from '../../src/rule.ts';

type Seen = Evidence<'peer' | 'extraneous'>;
type Specs = Readonly<Record<string, string>>;

const fieldOf = {
  prod: 'dependencies',
  dev: 'devDependencies',
  optional: 'optionalDependencies',
  peer: 'peerDependencies',
  peerOptional: 'peerDependencies',
  workspace: 'workspaces',
} as const satisfies Readonly<Record<LockEdge['type'], string>>;
const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

export const lockInSync: Rule = defineRule({
  id: 'lock-in-sync',
  family: 'pin',
  title: 'The lockfile does not answer what is asked for',
  rationale:
    'What the lockfile leaves open is decided anew on every machine; what it has beyond that, nobody asked for. Neither was looked at.',
  remedy: 'Lock again with `npm install --package-lock-only --ignore-scripts`, and commit what comes out.',
  level: 'block',
  incidents: [
    {
      what: 'Liran Tal: lockfiles in pull requests are seldom read, and can be edited to inject packages',
      when: '2019-09-24',
      url: 'https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/',
    },
  ],
  appliesToAdditions: true,
  needs: ['project'],
  kinds: {
    peer: {
      level: 'notice',
      about: 'Only a peer dependency is not answered: npm itself writes such lockfiles when peers disagree.',
    },
    extraneous: {
      level: 'review',
      about: 'An entry came in that nothing asks for. npm leaves such entries behind at times, but does not add them.',
    },
  },
  flags: [
    {
      title: 'package.json asks for another range than the lockfile knows of',
      registry: ['a@1.0.0', 'a@2.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^2', tree: 'a@1.0.0', entries: { '': { dependencies: { a: '^1' } } } },
      expect: [
        {
          message: 'package.json asks for a@^2, and the lockfile was written for a@^1',
          at: { in: 'lockfile', path: 'package-lock.json', line: 7, pointer: '/packages//dependencies/a' },
        },
      ],
    },
    {
      title: 'an entry outside of the range, one that is missing, and one of another package under the same name',
      registry: ['a@1.0.0: b@^1 c@^1 d@^1', 'b@2.0.0', 'evil@1.0.0'],
      after: { asks: 'a@^1', tree: 'a@1.0.0 b@2.0.0 d@npm:evil@1.0.0' },
      expect: [
        {
          message: 'a@1.0.0 asks for b@^1, and the lockfile gives it 2.0.0',
          at: { in: 'lockfile', path: 'package-lock.json', line: 24, pointer: '/packages/node_modules~1b/version' },
        },
        {
          message: 'a@1.0.0 asks for c@^1, and nothing in the lockfile answers it',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 14,
            pointer: '/packages/node_modules~1a/dependencies/c',
          },
        },
        {
          message: 'a@1.0.0 asks for d@^1, and the lockfile gives it another package: evil@1.0.0',
          at: { in: 'lockfile', path: 'package-lock.json', line: 29, pointer: '/packages/node_modules~1d/name' },
        },
      ],
    },
    {
      title: 'an entry that nothing asks for, and a peer that is not there',
      registry: ['a@1.0.0: peer:p@^1', 'b@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.0.0 b@1.0.0' },
      expect: [
        {
          kind: 'peer',
          message: 'a@1.0.0 asks for p@^1, and nothing in the lockfile answers it',
          at: {
            in: 'lockfile',
            path: 'package-lock.json',
            line: 14,
            pointer: '/packages/node_modules~1a/peerDependencies/p',
          },
        },
        {
          kind: 'extraneous',
          message: 'Nothing asks for this entry, b@1.0.0',
          at: { in: 'lockfile', path: 'package-lock.json', line: 22, pointer: '/packages/node_modules~1b' },
        },
      ],
    },
    {
      title: 'a workspace that the lockfile does not know',
      registry: [],
      after: {
        asks: '',
        tree: '',
        manifest: { workspaces: ['packages/*'] },
        files: { 'packages/web/package.json': '{ "name": "web", "version": "1.0.0" }' },
      },
      expect: [
        {
          message: 'The lockfile has no entry for the workspace packages/web',
          at: { in: 'lockfile', path: 'packages/web/package.json' },
        },
      ],
    },
  ],
  passes: [
    {
      title: 'an alias that was asked for, an override, an optional package that is not there, an optional peer',
      registry: ['a@1.0.0: b@^1 ?c@^1 peer?:p@^1', 'b@2.0.0', 'd@3.1.0'],
      after: {
        asks: 'a@^1 alias@npm:d@^3',
        tree: 'a@1.0.0 b@2.0.0 alias@npm:d@3.1.0',
        manifest: { overrides: { b: '2.0.0' } },
      },
    },
    {
      title: 'an entry without use that was there before',
      registry: ['a@1.0.0', 'a@1.1.0', 'b@1.0.0'],
      before: { asks: 'a@^1', tree: 'a@1.0.0 b@1.0.0' },
      after: { asks: 'a@^1', tree: 'a@1.1.0 b@1.0.0' },
    },
  ],
  check({ project }): readonly Seen[] {
    const { tree } = project.after;
    if (tree === undefined) {
      const message = 'There is no lockfile: each install takes what the registry offers at that moment';
      return [{ message, at: { in: 'lockfile', path: project.lockfile } }];
    }
    const stale = [...project.after.manifests.values()].flatMap((manifest) => findStale(manifest, tree, project));
    return [
      ...stale.map(({ evidence }) => evidence),
      ...findUnanswered(tree, new Set(stale.map(({ key }) => key)), project),
      ...findExtraneous(tree, project),
      ...tree.disagreements.map((one) => describeDisagreement(one, project)),
    ];
  },
});

/** What a package.json asks for, against what the lockfile says that it asks for. Version 1 does not say. */
function findStale(
  manifest: ProjectManifest,
  tree: LockTree,
  project: ProjectChange,
): { readonly key: string; readonly evidence: Seen }[] {
  const { folder } = manifest;
  const path = folder === '' ? 'package.json' : `${folder}/package.json`;
  const node = tree.nodes.get(folder);
  if (tree.version === 1) return [];
  if (node === undefined) {
    const message = `The lockfile has no entry for the workspace ${shorten(folder)}`;
    return [{ key: folder, evidence: { message, at: atProjectFile(project, path) } }];
  }
  return fields.flatMap((field) => {
    const asked = specsOf(manifest, field);
    const locked = specsOf(node.manifest, field);
    return [...new Set([...Object.keys(asked), ...Object.keys(locked)])].flatMap((name) => {
      const [left, right] = [findOwn(asked, name), findOwn(locked, name)];
      if (left === right || (left !== undefined && right !== undefined && isSameSpec(left, right))) return [];
      const asks =
        left === undefined ? `does not ask for ${shorten(name)}` : `asks for ${shorten(name)}@${shorten(left)}`;
      const knows = right === undefined ? 'without it' : `for ${shorten(name)}@${shorten(right)}`;
      const message = `${path} ${asks}, and the lockfile was written ${knows}`;
      return { key: keyOf(folder, name), evidence: { message, at: atEntry(project, node, field, name) } };
    });
  });
}

type Asking = Readonly<Partial<Record<(typeof fields)[number], Specs | undefined>>>;

/** npm takes what stands in both lists for optional alone. */
function specsOf(asking: Asking, field: (typeof fields)[number]): Specs {
  const specs = asking[field] ?? {};
  if (field !== 'dependencies') return specs;
  return dropOptional(specs, asking.optionalDependencies ?? {});
}

function findUnanswered(tree: LockTree, stale: ReadonlySet<string>, project: ProjectChange): Seen[] {
  const unanswered: LockEdge[] = [];
  for (const { edgesOut } of tree.nodes.values())
    for (const edge of edgesOut) if (edge.problem !== undefined || isMisnamed(edge)) unanswered.push(edge);
  return unanswered
    .filter((edge) => !isBundled(edge) && !isSaid(edge, stale))
    .flatMap((edge) => describeEdge(edge, tree, project));
}

/** What a tarball bundles is as its publisher packed it, and no lockfile can change that. */
function isBundled({ from }: LockEdge): boolean {
  return from.source === 'bundled';
}

/** A package.json that differs from the lockfile says it already. */
function isSaid({ from, name, spec, type }: LockEdge, stale: ReadonlySet<string>): boolean {
  return stale.has(type === 'workspace' ? spec.replace(/^file:/, '') : keyOf(from.location, name));
}

function describeEdge(edge: LockEdge, tree: LockTree, project: ProjectChange): Seen[] {
  const { from, to, name, spec, type } = edge;
  const asks = `${nameAsker(from)} asks for ${shorten(name)}@${shorten(spec)}`;
  const kind = type === 'peer' || type === 'peerOptional' ? { kind: 'peer' as const } : {};
  if (to === undefined) {
    const field = tree.version === 1 && from.location !== '' ? 'requires' : fieldOf[type];
    const message = `${asks}, and nothing in the lockfile answers it`;
    return [{ ...kind, message, at: atEntry(project, from, field, name) }];
  }
  if (isMisnamed(edge)) {
    const message = `${asks}, and the lockfile gives it another package: ${nameAsker(to)}`;
    return [{ message, at: atEntry(project, to, 'name') }];
  }
  if (to.source === 'bundled') return [];
  const message = `${asks}, and the lockfile gives it ${shorten(to.version ?? to.resolved ?? 'no version')}`;
  return [{ ...kind, message, at: atEntry(project, to, 'version') }];
}

/** Only who writes `npm:other@1` asks for another package than the name says. */
function isMisnamed({ to, name, spec, declaredSpec }: LockEdge): boolean {
  if (to === undefined) return false;
  const isAlias = spec.startsWith('npm:') || declaredSpec.startsWith('npm:');
  if (!isAlias && to.name === name) return false;
  const isFromRegistry = ![spec, declaredSpec].some((one) =>
    /[:/]/.test(one.replace(/^npm:/, '').replace(/^@[^/]*\//, '')),
  );
  if (!isFromRegistry || to.source === 'link' || to.source === 'workspace') return false;
  const wanted = [spec, declaredSpec].map((one) => /^npm:(@?[^@]+)/.exec(one)?.[1] ?? name);
  return !wanted.includes(to.name);
}

function findExtraneous(tree: LockTree, project: ProjectChange): Seen[] {
  const unreached: LockNode[] = [];
  for (const node of tree.nodes.values()) if (node.way === undefined && node !== tree.root) unreached.push(node);
  const isOld = ({ location, version, integrity }: LockNode) => {
    const old = project.before?.tree?.nodes.get(location);
    return old !== undefined && old.version === version && old.integrity === integrity;
  };
  return unreached
    .filter((node) => node.source !== 'bundled' && node.source !== 'workspace' && !isOld(node))
    .map((node) => ({
      kind: 'extraneous',
      message: `Nothing asks for this entry, ${nameAsker(node)}`,
      at: atEntry(project, node),
    }));
}

function describeDisagreement(disagreement: LockDisagreement, { lockfile }: ProjectChange): Seen {
  const { location, field, packages, dependencies, line } = disagreement;
  const [newer, older] = [packages, dependencies].map((value) => (value === undefined ? 'none' : shorten(value)));
  const what = field === 'entry' ? 'entry' : field;
  const message = `For ${shorten(location)}, npm 6 reads the ${what} ${older} in this file, and newer npm ${newer}`;
  return { message, at: { in: 'lockfile', path: lockfile, line } };
}

function keyOf(location: string, name: string): string {
  return `${location}\n${name}`;
}

function findOwn(specs: Specs, name: string): string | undefined {
  return Object.hasOwn(specs, name) ? specs[name] : undefined;
}
