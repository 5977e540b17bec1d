/** Did a version know a host before? What it is said to send there is less of a surprise then. */
import { type PackageTree, textOf } from './package-tree.ts';

/** @param address A host, or a host with a path, without `https://`: whether a tree's code has an address of that very one. */
export function holdsAddress(tree: PackageTree | undefined, address: string): boolean {
  for (const file of tree?.files.values() ?? []) {
    if (file.format !== 'javascript') continue;
    const text = textOf(file);
    for (let at = text.indexOf(`//${address}`); at !== -1; at = text.indexOf(`//${address}`, at + 1))
      if (!/[\w.-]/.test(text[at + address.length + 2] ?? '')) return true;
  }
  return false;
}
