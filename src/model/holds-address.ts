/** Did a version know a host before? What it is said to send there is less of a surprise then. */
import { type PackageTree, textOf } from './package-tree.ts';

/** Whether a tree's code has an address of that very host. */
export function holdsAddress(tree: PackageTree | undefined, host: string): boolean {
  for (const file of tree?.files.values() ?? []) {
    if (file.format !== 'javascript') continue;
    const text = textOf(file);
    for (let at = text.indexOf(`//${host}`); at !== -1; at = text.indexOf(`//${host}`, at + 1))
      if (!/[\w.-]/.test(text[at + host.length + 2] ?? '')) return true;
  }
  return false;
}
