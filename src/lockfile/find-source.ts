/** Where the contents of a node come from, by its place, its `resolved` and who asks for it. */
import type { LockSource } from '../model/lock-tree.ts';
import { isPlainSpec, parseSpec } from './edge-validity.ts';
import type { LockedNode } from './locked-node.ts';

/** After all edges are there. */
export function findSource(node: LockedNode, workspaces: ReadonlySet<LockedNode>): LockSource {
  if (node.location === '') return 'root';
  if (node.entry.isLink) return 'link';
  if (workspaces.has(node)) return 'workspace';
  if (node.bundler !== undefined && node.bundler.location !== '') return 'bundled';
  const { resolved } = node;
  if (resolved === undefined)
    return node.up === undefined || node.parent !== undefined ? findAskedSource(node) : 'file';
  if (/^https?:[^#]*\.tgz$/i.test(resolved)) return findAskedSource(node);
  const type = parseSpec(undefined, resolved)?.type;
  if (type === 'git') return 'git';
  return type === 'remote' ? findAskedSource(node) : 'file';
}

/** A tarball's URL does not say whether a registry serves it; who asks for the package does. */
function findAskedSource(node: LockedNode): LockSource {
  for (const { spec } of node.edgesIn) {
    if (isPlainSpec(spec)) continue;
    const type = parseSpec(node.key, spec)?.type;
    if (type === 'git' || type === 'remote') return type;
    if (type === 'file' || type === 'directory') return 'file';
  }
  return 'registry';
}
