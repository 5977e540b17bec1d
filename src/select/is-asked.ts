/** Whether somebody asked for a change: the project names the package anew, or an edge demands what was not there. */

import type { ProjectChange, ProjectState } from '../model/lock-change.ts';
import type { LockNode, LockTree, ProjectManifest } from '../model/lock-tree.ts';
import { isRecord } from '../model/manifest.ts';
import { findDemanding } from './find-keepable.ts';
import { findAliased } from './parse-demand.ts';

type StateChange = Pick<ProjectChange, 'before' | 'after'>;

/** @param node One copy of the package in the new tree; all copies at its version are looked at. */
export function isAsked(node: LockNode, project: StateChange): boolean {
  if (isNamedAnew(node.name, project)) return true;
  const copies = findCopies(project.after.tree, node.name).filter(({ version }) => version === node.version);
  const base = findCopies(project.before?.tree, node.name).flatMap(({ version }) => version ?? []);
  return findDemanding(copies.length === 0 ? [node] : copies, base) !== undefined;
}

/** Whether a spec or an override of the project that names the package is new, other than before, or (an override) gone. */
export function isNamedAnew(name: string, { before, after }: StateChange): boolean {
  const specsBefore = readSpecs(name, before);
  for (const [place, spec] of readSpecs(name, after)) if (specsBefore.get(place) !== spec) return true;
  const [old, now] = [readOverrides(name, before), readOverrides(name, after)];
  return old.size !== now.size || [...now].some(([path, spec]) => old.get(path) !== spec);
}

function findCopies(tree: LockTree | undefined, name: string): LockNode[] {
  return [...(tree?.nodes.values() ?? [])].filter((node) => node.name === name && node.source === 'registry');
}

const fields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'] as const;

/** By folder and key: one package may stand there under several aliases. Moving it between fields asks for nothing new. */
function readSpecs(name: string, state: ProjectState | undefined): ReadonlyMap<string, string> {
  const specs = new Map<string, string>();
  for (const manifest of state?.manifests.values() ?? []) {
    for (const field of fields) {
      for (const [key, spec] of Object.entries(manifest[field])) {
        if ((findAliased(key, spec) ?? key) === name) specs.set(`${manifest.folder}\n${key}`, spec);
      }
    }
  }
  return specs;
}

/** npm itself gives up long before. */
const maxOverrideDepth = 64;

/** Overrides that end in the package, by the path that leads there: `a`, `b > a@^1`. npm reads the root's only. */
function readOverrides(name: string, state: ProjectState | undefined): ReadonlyMap<string, string> {
  const root = state?.manifests.get('');
  const found = new Map<string, string>();
  if (root === undefined) return found;
  const collect = (overrides: Readonly<Record<string, unknown>>, above: readonly string[]): void => {
    for (const [key, value] of Object.entries(overrides)) {
      const path = [...above, key];
      if (isRecord(value) && path.length < maxOverrideDepth) collect(value, path);
      else if (typeof value === 'string' && concerns(name, path, value)) {
        found.set(path.join(' > '), resolveReference(value, root));
      }
    }
  };
  collect(root.overrides, []);
  return found;
}

/** `.` inside of an override's object stands for the package that the object is about. */
function concerns(name: string, path: readonly string[], value: string): boolean {
  const selector = path.findLast((key) => key !== '.') ?? '';
  const at = selector.indexOf('@', 1);
  const key = at === -1 ? selector : selector.slice(0, at);
  return key === name || findAliased(key, value) === name;
}

/** `$name` means: as the project itself asks for that package. */
function resolveReference(value: string, root: ProjectManifest): string {
  if (!value.startsWith('$')) return value;
  const reference = value.slice(1);
  const specs = fields.flatMap((field) => (Object.hasOwn(root[field], reference) ? [root[field][reference]] : []));
  return specs[0] ?? value;
}
