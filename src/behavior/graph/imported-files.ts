/** The files of a package that a specifier names, or may name where parts of it are not known: `./parts/….js`. */
import type { PackageTree } from '../../model/package-tree.ts';
import { isDevelopmentFile } from './development-file.ts';
import { findFile, findImported, normalizePath } from './resolve-module.ts';
import { listSubpaths } from './subpath-imports.ts';

/** More parts, or more files, say nothing of what is meant. */
const maxParts = 3;
const maxMatches = 500;
/** Each is looked for among all files. */
const maxPatterns = 200;
/** One of the environment, as `text-of` shows it, where no file has it in its name. */
const variable = /\$[A-Za-z_]\w*/g;

export class ImportedFiles {
  readonly #tree: PackageTree;
  readonly #matches = new Map<string, readonly string[]>();

  constructor(tree: PackageTree) {
    this.#tree = tree;
  }

  /** A part that is not known stands for a part of a file's name, and any such file may be meant. */
  list(specifier: string, from: string): readonly string[] {
    if (specifier.startsWith('#'))
      return listSubpaths(specifier, this.#tree).flatMap((target) => findFile(target, this.#tree) ?? []);
    const found = specifier.includes('…') ? undefined : findImported(specifier, from, this.#tree);
    if (found !== undefined) return [found];
    const open = specifier.replaceAll(variable, '…');
    const folder = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
    const path = open.includes('…') && open.startsWith('.') ? normalizePath(`${folder}/${open}`) : undefined;
    return path === undefined ? [] : this.#listMatching(path);
  }

  #listMatching(path: string): readonly string[] {
    const known = this.#matches.get(path);
    if (known !== undefined) return known;
    if (this.#matches.size >= maxPatterns) return [];
    const found = matchFiles(path.split('…'), this.#tree);
    this.#matches.set(path, found);
    return found;
  }
}

function matchFiles(parts: readonly string[], { files }: PackageTree): readonly string[] {
  if (parts.length > maxParts + 1) return [];
  const literal = parts.map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const matching = new RegExp(`^${literal.join('[^/]*')}(?:/index)?(?:\\.[cm]?jsx?)?$`);
  const found: string[] = [];
  for (const file of files.keys()) {
    if (found.length >= maxMatches) break;
    if (matching.test(file) && !isDevelopmentFile(file)) found.push(file);
  }
  return found;
}
