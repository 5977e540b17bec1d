/** Two package trees side by side, by content. */
import type { PackageFile, PackageTree } from './package-tree.ts';

export interface ChangedFile {
  readonly before: PackageFile;
  readonly after: PackageFile;
}

export interface MovedFile {
  /** Where the contents stood before. Gone from there, or, when they were only copied, still there. */
  readonly from: PackageFile;
  readonly to: PackageFile;
}

export interface FileComparison {
  /** Undefined when the package is new to the tree and replaces nothing. */
  readonly before: PackageTree | undefined;
  readonly after: PackageTree;
  /** New path, and contents that stood nowhere before. A file whose name only has another hash in it is a changed one. */
  readonly added: readonly PackageFile[];
  /** Path and contents are gone: the contents stand nowhere now. */
  readonly removed: readonly PackageFile[];
  /** Same path, but for the hash that a bundler put into it, and other contents. */
  readonly changed: readonly ChangedFile[];
  /** New path, but the same contents as a file of the old version. */
  readonly moved: readonly MovedFile[];
  readonly unchanged: readonly PackageFile[];
}

export interface AddedLine {
  /** 1-based, in the new file. */
  readonly line: number;
  readonly text: string;
}

/**
 * The lines of `after` that `before` does not have, counted as a multiset and compared without the white space around them.
 * Linear in the size of the texts: a line comparison that also aligns is a denial-of-service hole on hostile files.
 */
export function findAddedLines(before: string, after: string): AddedLine[] {
  const left = new Map<string, number>();
  for (const line of before.split('\n')) {
    const key = line.trim();
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  const added: AddedLine[] = [];
  let number = 0;
  for (const text of after.split('\n')) {
    number += 1;
    const key = text.trim();
    const count = left.get(key) ?? 0;
    if (count > 0) left.set(key, count - 1);
    else if (key !== '') added.push({ line: number, text });
  }
  return added;
}
