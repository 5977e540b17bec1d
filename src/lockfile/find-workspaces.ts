/** Which folders of the project are its workspaces, by name. */
import type { ProjectManifest } from '../model/lock-tree.ts';
import type { LockedNode } from './locked-node.ts';

/**
 * Where manifests are given, every one besides the root's is a workspace's, whether the lockfile has it or not.
 * Without them the lockfile's own copy of the root decides: it names patterns, and links lead to the folders.
 */
export function findWorkspaces(
  nodes: ReadonlyMap<string, LockedNode>,
  manifests: ReadonlyMap<string, ProjectManifest>,
): ReadonlyMap<string, Workspace> {
  const workspaces = new Map<string, Workspace>();
  if (manifests.has('')) {
    for (const [folder, { name }] of manifests) {
      if (folder !== '') workspaces.set(name ?? findBaseName(folder), { folder, node: nodes.get(folder) });
    }
    return workspaces;
  }
  const root = nodes.get('');
  if (root === undefined || (root.manifest.workspaces ?? []).length === 0) return workspaces;
  const { dependencies, devDependencies, optionalDependencies } = root.manifest;
  for (const { key, target } of root.modules?.values() ?? []) {
    if (target === undefined || target.location === '' || target.parent !== undefined) continue;
    const specs = [dependencies, devDependencies, optionalDependencies];
    const isAskedAsFolder = specs.some(
      (asked) => asked !== undefined && Object.hasOwn(asked, key) && /^(?:file:|[./~])/.test(asked[key] ?? ''),
    );
    if (!isAskedAsFolder) workspaces.set(key, { folder: target.location, node: target });
  }
  return workspaces;
}

export interface Workspace {
  readonly folder: string;
  /** Undefined when the lockfile has no such folder. */
  readonly node: LockedNode | undefined;
}

function findBaseName(folder: string): string {
  const [scope, name] = folder.split('/').slice(-2);
  if (name === undefined) return scope ?? '';
  return scope?.startsWith('@') === true ? `${scope}/${name}` : name;
}
