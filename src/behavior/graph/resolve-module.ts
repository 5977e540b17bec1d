/** Paths inside a package, found as Node and bundlers find them. */
import { isRecord } from '../../model/manifest.ts';
import { type PackageTree, textOf } from '../../model/package-tree.ts';
import { listSubpaths } from './subpath-imports.ts';

const endings = ['', '.js', '.json', '.node', '.cjs', '.mjs', '.jsx', '.ts'];
const indexes = ['/index.js', '/index.json', '/index.node', '/index.cjs', '/index.mjs'];

/** `target` is relative to the package's root; undefined when the tarball has no such file. */
export function findFile(target: string, tree: PackageTree): string | undefined {
  const path = normalizePath(target);
  if (path === undefined) return undefined;
  if (path !== '') {
    for (const ending of endings) if (tree.files.has(path + ending)) return path + ending;
    const inner = findFolderMain(path, tree);
    if (inner !== undefined) return inner;
  }
  const folder = path === '' ? '' : path;
  for (const index of indexes) {
    const candidate = folder === '' ? index.slice(1) : folder + index;
    if (tree.files.has(candidate)) return candidate;
  }
  return undefined;
}

/** `specifier` as written in the file at `from`; undefined for other packages and for files that are not there. */
export function findImported(specifier: string, from: string, tree: PackageTree): string | undefined {
  if (specifier.startsWith('#'))
    return listSubpaths(specifier, tree)
      .map((target) => findFile(target, tree))
      .find((found) => found !== undefined);
  const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
  return specifier.startsWith('.') ? findFile(`${folder}/${specifier}`, tree) : findBundled(specifier, folder, tree);
}

const bundling = new WeakMap<PackageTree, boolean>();

/** Of a package that is bundled with this one: in the nearest `node_modules` that has it. */
function findBundled(specifier: string, folder: string, tree: PackageTree): string | undefined {
  if (packageNameOf(specifier) === undefined) return undefined;
  let bundles = bundling.get(tree);
  if (bundles === undefined) {
    bundles = [...tree.files.keys()].some((path) => /(?:^|\/)node_modules\//.test(path));
    bundling.set(tree, bundles);
  }
  if (!bundles) return undefined;
  for (let at = folder; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    const found = findFile(`${at}/node_modules/${specifier}`, tree);
    if (found !== undefined || at === '') return found;
  }
}

/** A folder with a package.json of its own: `preact/hooks` and its like. */
function findFolderMain(folder: string, tree: PackageTree): string | undefined {
  const manifest = tree.files.get(`${folder}/package.json`);
  if (manifest === undefined) return undefined;
  const main = readMain(textOf(manifest));
  if (main === undefined) return undefined;
  const path = normalizePath(`${folder}/${main}`);
  if (path === undefined || path === folder) return undefined;
  return [...endings, ...indexes].map((ending) => path + ending).find((candidate) => tree.files.has(candidate));
}

function readMain(text: string): string | undefined {
  try {
    const document: unknown = JSON.parse(text);
    return isRecord(document) && typeof document['main'] === 'string' ? document['main'] : undefined;
  } catch {
    // No JSON, no main: Node would fail on it too.
    return undefined;
  }
}

/** `./a/../b//c/` → `b/c`; undefined when it leads out of the package. */
export function normalizePath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join('/');
}

/** `@scope/name/deep/file` → `@scope/name`; `node:fs/promises` → `fs`. */
export function packageNameOf(specifier: string): string | undefined {
  if (/^[./#]|^(?:data|file|https?):/.test(specifier) || specifier === '') return undefined;
  const bare = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  const parts = bare.split('/');
  return bare.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0];
}
