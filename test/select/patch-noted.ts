/** A patch of a noted project: every copy of one package goes to one version. */
import type { PublishedRelease } from '../../src/model/lock-change.ts';
import { type PatchedLockfile, patchLockfile } from '../../src/select/patch-lockfile.ts';
import { parseRegistryNotation, publishedOf, writeLockfile } from '../support/lock-notation.ts';
import { buildTree, type NotedTree } from './build-tree.ts';

export interface AskedPatch extends Pick<NotedTree, 'asks' | 'tree' | 'overrides'> {
  readonly registry: readonly string[];
  /** `c@1.0.0`: every copy of `c` goes there. */
  readonly take: string;
  readonly published?: Partial<PublishedRelease>;
}

/** @param rewrite What the lockfile looks like, if not as npm writes it. */
export function patchNoted(
  { registry: lines, take, published, ...noted }: AskedPatch,
  rewrite: (text: string) => string = (text) => text,
): PatchedLockfile & { readonly before: string } {
  const registry = parseRegistryNotation(lines);
  const tree = buildTree({ ...noted, registry });
  const at = take.lastIndexOf('@');
  const [name, version] = [take.slice(0, at), take.slice(at + 1)];
  const locations = [...tree.nodes.values()].filter((node) => node.name === name).map(({ location }) => location);
  const text = rewrite(writeLockfile({ ...noted, registry }).lockfile);
  const release = { ...publishedOf(registry, name, version), ...published };
  return { before: text, ...patchLockfile({ tree, text, takes: [{ locations, version, published: release }] }) };
}
