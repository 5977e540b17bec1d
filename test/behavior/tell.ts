/** Small programs and packages in, what is found in them out, a line for each behavior: the notation of these tests. */
import { createHash } from 'node:crypto';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';
import { type BehaviorFacts, compareBehavior } from '../../src/behavior/compare-behavior.ts';
import type { Behavior } from '../../src/model/behavior.ts';
import type { FileComparison } from '../../src/model/file-comparison.ts';
import { isRecord, parseManifest } from '../../src/model/manifest.ts';
import type { PackageFile, PackageTree } from '../../src/model/package-tree.ts';
import { compareTrees } from '../../src/tarball/compare-trees.ts';

/** Path to text; `package.json` may be given as an object. */
export type Files = Readonly<Record<string, string | Readonly<Record<string, unknown>>>>;

/** `kind api "detail"` of every behavior of one file, whoever reaches it. */
export function tellFile(program: string, path = 'index.js'): string[] {
  return analyzeFile(program, path).fns.flatMap(({ behaviors }) =>
    behaviors.map(({ kind, api, detail }) => [kind, api, quote(detail)].filter(Boolean).join(' ')),
  );
}

/** Both trees compared; without `before` the package replaces nothing. */
export function compare(before: Files | undefined, after: Files): BehaviorFacts & { readonly files: FileComparison } {
  const [old, now] = [before === undefined ? undefined : treeOf(before), treeOf(after)];
  const manifests = { before: before === undefined ? undefined : manifestOf(before), after: manifestOf(after) };
  const files = compareTrees(old, now);
  return { files, ...compareBehavior(files, manifests) };
}

/** `tier kind api` of every behavior that a package has and nothing before it had. */
export function tellPackage(after: Files, before?: Files): string[] {
  return compare(before, after).behaviors.added.map(({ tier, kind, api }) => `${tier} ${kind} ${api}`);
}

/** The one behavior of a package. */
export function tellOnly(after: Files, before?: Files): Behavior {
  const { added } = compare(before, after).behaviors;
  const [only] = added;
  if (only === undefined || added.length > 1) throw new Error(`one behavior was expected, not ${added.length}`);
  return only;
}

function quote(detail: string | undefined): string {
  return detail === undefined ? '' : JSON.stringify(detail);
}

function manifestOf(files: Files): ReturnType<typeof parseManifest> {
  const document = files['package.json'];
  return parseManifest(isRecord(document) ? document : { name: 'sample', version: '1.0.0' });
}

function treeOf(files: Files): PackageTree {
  const entries = Object.entries(files).map(([path, content]): [string, PackageFile] => [path, fileOf(path, content)]);
  return { files: new Map(entries), anomalies: [], unpackedBytes: 0 };
}

const formats: readonly (readonly [RegExp, PackageFile['format']])[] = [
  [/\.[cm]?js$/, 'javascript'],
  [/\.json$/, 'json'],
  [/\.sh$/, 'shell'],
  [/\.bat$/, 'batch'],
  [/\.gyp$/, 'gyp'],
];

function fileOf(path: string, content: Files[string]): PackageFile {
  const bytes = new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const format = formats.find(([ending]) => ending.test(path))?.[1] ?? 'text';
  return { path, bytes, size: bytes.length, digest, format, executable: false };
}
