/** `#parts/one`: what `imports` of package.json maps to files of the package itself, whichever condition holds. */
import { isRecord } from '../../model/manifest.ts';
import { type PackageTree, textOf } from '../../model/package-tree.ts';

/** A hostile map may nest or list without end. */
const maxDepth = 12;
const maxTargets = 50;
const maxKeys = 1_000;

const known = new WeakMap<PackageTree, ReadonlyMap<string, readonly string[]>>();

/** Targets as written, relative to the package's root. */
export function listSubpaths(specifier: string, tree: PackageTree): readonly string[] {
  let subpaths = known.get(tree);
  if (subpaths === undefined) {
    subpaths = readSubpaths(tree);
    known.set(tree, subpaths);
  }
  const exact = subpaths.get(specifier);
  if (exact !== undefined) return exact;
  for (const [key, targets] of subpaths) {
    const [start = '', end = '', ...more] = key.split('*');
    const isMatch = key.includes('*') && more.length === 0 && specifier.length >= start.length + end.length;
    if (!isMatch || !specifier.startsWith(start) || !specifier.endsWith(end)) continue;
    const part = specifier.slice(start.length, specifier.length - end.length);
    return targets.map((target) => target.replaceAll('*', () => part));
  }
  return [];
}

function readSubpaths(tree: PackageTree): ReadonlyMap<string, readonly string[]> {
  const file = tree.files.get('package.json');
  const imports = file === undefined ? undefined : readImports(textOf(file));
  return new Map(
    Object.entries(imports ?? {})
      .slice(0, maxKeys)
      .map(([key, target]) => [key, listTargets(target, 0)]),
  );
}

function readImports(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const document: unknown = JSON.parse(text);
    const imports = isRecord(document) ? document['imports'] : undefined;
    return isRecord(imports) ? imports : undefined;
  } catch {
    // No JSON, no map: Node would fail on it too.
    return undefined;
  }
}

function listTargets(target: unknown, depth: number): string[] {
  if (typeof target === 'string') return target.startsWith('./') ? [target] : [];
  if (depth >= maxDepth || typeof target !== 'object' || target === null) return [];
  return Object.values(target)
    .flatMap((one: unknown) => listTargets(one, depth + 1))
    .slice(0, maxTargets);
}
