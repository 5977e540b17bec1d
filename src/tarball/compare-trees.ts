/** Two trees by content: what is new, gone, changed, or only stands elsewhere. Linear in the size of both. */
import type { ChangedFile, FileComparison, MovedFile } from '../model/file-comparison.ts';
import type { PackageFile, PackageTree } from '../model/package-tree.ts';
import { findWithoutHash } from '../model/without-hash.ts';

export function compareTrees(before: PackageTree | undefined, after: PackageTree): FileComparison {
  const changed: ChangedFile[] = [];
  const unchanged: PackageFile[] = [];
  const newPaths: PackageFile[] = [];
  for (const file of after.files.values()) {
    const old = before?.files.get(file.path);
    if (old === undefined) newPaths.push(file);
    else if (hasSameContents(old, file)) unchanged.push(file);
    else changed.push({ before: old, after: file });
  }
  const oldFiles = [...(before?.files.values() ?? [])];
  const gone = oldFiles.filter((file) => !after.files.has(file.path));
  const { added, moved } = splitMoved(newPaths, findSources(newPaths, gone, oldFiles));
  const movedFrom = new Set(moved.map((move) => move.from));
  const removed = gone.filter((file) => !movedFrom.has(file));
  const renamed = pairByHash(removed, added);
  const paired = new Set(renamed.flatMap((pair) => [pair.before, pair.after]));
  const isAlone = (file: PackageFile): boolean => !paired.has(file);
  return {
    before,
    after,
    added: added.filter(isAlone),
    removed: removed.filter(isAlone),
    changed: [...changed, ...renamed],
    moved,
    unchanged,
  };
}

/** Files whose names differ in a hash alone, where there is one such on each side. */
function pairByHash(removed: readonly PackageFile[], added: readonly PackageFile[]): readonly ChangedFile[] {
  const old = Map.groupBy(removed, ({ path }) => findWithoutHash(path));
  return [...Map.groupBy(added, ({ path }) => findWithoutHash(path))].flatMap(([name, files]) => {
    const [before, ...others] = name === undefined ? [] : (old.get(name) ?? []);
    const [after, ...more] = files;
    const isOne = others.length === 0 && more.length === 0;
    return before !== undefined && after !== undefined && isOne ? [{ before, after }] : [];
  });
}

/** Byte by byte, where they are there: no digest is computed for the many files that did not change. */
function hasSameContents(a: PackageFile, b: PackageFile): boolean {
  if (a.size !== b.size) return false;
  const areThere = a.bytes.length === a.size && b.bytes.length === b.size;
  return areThere ? Buffer.compare(a.bytes, b.bytes) === 0 : a.digest === b.digest;
}

/**
 * By digest, the old files that a new path's contents may have come from, those that are gone first.
 * Only files whose size a new one has are hashed. Empty files are all alike: none comes from another.
 */
function findSources(
  newPaths: readonly PackageFile[],
  gone: readonly PackageFile[],
  oldFiles: readonly PackageFile[],
): ReadonlyMap<string, PackageFile[]> {
  const sizes = new Set(newPaths.map((file) => file.size));
  sizes.delete(0);
  const sources = new Map<string, PackageFile[]>();
  for (const file of new Set([...gone, ...oldFiles])) {
    if (!sizes.has(file.size)) continue;
    const known = sources.get(file.digest);
    if (known === undefined) sources.set(file.digest, [file]);
    else known.push(file);
  }
  return sources;
}

function splitMoved(
  newPaths: readonly PackageFile[],
  sources: ReadonlyMap<string, PackageFile[]>,
): { readonly added: readonly PackageFile[]; readonly moved: readonly MovedFile[] } {
  const added: PackageFile[] = [];
  const moved: MovedFile[] = [];
  const taken = new Map<string, number>();
  for (const to of newPaths) {
    const candidates = to.size === 0 ? undefined : sources.get(to.digest);
    const count = taken.get(to.digest) ?? 0;
    // Each source is used once; when the copies outnumber them, the last one stands for the rest.
    const from = candidates?.[Math.min(count, candidates.length - 1)];
    if (from === undefined) added.push(to);
    else moved.push({ from, to });
    taken.set(to.digest, count + 1);
  }
  return { added, moved };
}
