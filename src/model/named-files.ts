/** Which files of a package name each other. Rough on purpose: it reads quotes, not code, and so never fails to parse. */
import type { PackageFile, PackageTree } from './package-tree.ts';
import { textOf } from './package-tree.ts';

/** More modules than any entry needs; a hostile package may name more. */
const maxFiles = 5000;
const maxPaths = 100_000;
const endings = ['', '.js', '.cjs', '.mjs', '.json', '/index.js', '/index.cjs', '/index.mjs'];

/** The files at these paths, and those that their texts name with a relative path, and so on. */
export function listNamedFiles(tree: PackageTree, start: readonly string[]): ReadonlySet<PackageFile> {
  const named = new Set<PackageFile>();
  const paths = [...start];
  for (const path of paths) {
    const file = tree.files.get(path);
    if (file === undefined || named.has(file) || named.size >= maxFiles) continue;
    named.add(file);
    if (file.format !== 'javascript') continue;
    for (const [, specifier = ''] of textOf(file).matchAll(/["'`](\.{1,2}\/[^"'`\n]{0,200})["'`]/g)) {
      const target = resolve(path, specifier);
      const found = endings.map((ending) => `${target}${ending}`).find((candidate) => tree.files.has(candidate));
      if (found !== undefined && paths.length < maxPaths) paths.push(found);
    }
  }
  return named;
}

function resolve(path: string, specifier: string): string {
  const parts = path.split('/').slice(0, -1);
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
