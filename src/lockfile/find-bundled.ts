/**
 * Which nodes come out of another package's tarball. What an entry says of itself (`inBundle`) does not count: npm
 * goes by the list of its bundler, and so an entry cannot talk itself out of having an integrity.
 */
import type { LockedNode } from './locked-node.ts';

/** After all edges are there. */
export function bundleNodes(nodes: Iterable<LockedNode>): void {
  const bundlers: { readonly node: LockedNode; readonly names: readonly string[] }[] = [];
  for (const node of nodes) {
    const names = findBundles(node);
    if (names.length > 0) bundlers.push({ node, names });
  }
  bundlers.sort((left, right) => left.node.location.length - right.node.location.length);
  for (const { node, names } of bundlers) {
    // What lies in a bundled package is bundled with it.
    if (node.bundler === undefined) bundle(node, names);
  }
}

function findBundles({ entry, modules }: LockedNode): readonly string[] {
  if (modules === undefined || entry.isMarkedBundled) return entry.bundles;
  const marked = [...modules.values()].filter(({ entry: child }) => child.isMarkedBundled);
  const asked = marked.filter(
    ({ key }) => asksFor(entry.asked.dependencies, key) || asksFor(entry.asked.optionalDependencies, key),
  );
  return asked.length === 0 ? entry.bundles : asked.map(({ key }) => key);
}

function asksFor(specs: Readonly<Record<string, string>> | undefined, name: string): boolean {
  return specs !== undefined && Object.hasOwn(specs, name);
}

/** The listed ones, what lies in them, and what they ask for and find beside them. */
function bundle(bundler: LockedNode, names: readonly string[]): void {
  const waiting: LockedNode[] = [];
  const take = (node: LockedNode): void => {
    if (node.bundler !== undefined) return;
    node.bundler = bundler;
    waiting.push(node);
  };
  for (const name of names) {
    const node = bundler.modules?.get(name);
    if (node !== undefined) take(node);
  }
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const child of node.modules?.values() ?? []) take(child);
    for (const { to } of node.out) if (to !== undefined && to.parent === bundler) take(to);
  }
}
