/** Scripts of package.json as nodes of the graph: each stands under a path of its own, and does what its line says. */
import type { Manifest } from '../../model/manifest.ts';
import { type PackageTree, textOf } from '../../model/package-tree.ts';
import { readCommandLine } from '../scripts/read-script.ts';
import type { FileSummary } from '../summary/file-summary.ts';

/** No path in a tarball ends so, since a tarball's package.json is a file. */
const root = 'package.json/scripts/';

export function pathOfScript(name: string): string {
  return root + name;
}

export function nameOfScript(path: string): string | undefined {
  return path.startsWith(root) ? path.slice(root.length) : undefined;
}

/** `npm run build` runs what stands before and after it as well. */
export function listScriptsOf(name: string, { scripts }: Manifest): string[] {
  return [`pre${name}`, name, `post${name}`].filter((one) => Object.hasOwn(scripts, one));
}

export class NpmScripts {
  readonly #manifest: Manifest;
  readonly #tree: PackageTree;
  readonly #read = new Map<string, FileSummary>();

  constructor(manifest: Manifest, tree: PackageTree) {
    this.#manifest = manifest;
    this.#tree = tree;
  }

  summary(name: string): FileSummary | undefined {
    const text = Object.hasOwn(this.#manifest.scripts, name) ? this.#manifest.scripts[name] : undefined;
    if (text === undefined) return undefined;
    let summary = this.#read.get(name);
    if (summary === undefined) {
      summary = readCommandLine(text, `npm (${name})`);
      this.#read.set(name, summary);
    }
    return summary;
  }

  /** 1-based, in package.json. */
  lineOf(name: string): number {
    const manifest = this.#tree.files.get('package.json');
    const lines = manifest === undefined ? [] : textOf(manifest).split('\n');
    return Math.max(1, lines.findIndex((line) => line.includes(`"${name}"`)) + 1);
  }
}
