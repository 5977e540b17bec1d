/** Which files of a package are the ones that something can be put into, told by the analysis that is under test. */
import { findEntries, findHooks } from '../../src/behavior/graph/find-entries.ts';
import type { Entry } from '../../src/model/behavior.ts';
import type { Manifest } from '../../src/model/manifest.ts';
import { listNamedFiles } from '../../src/model/named-files.ts';
import { type PackageFile, type PackageTree, textOf } from '../../src/model/package-tree.ts';
import { readManifest } from '../../src/tarball/read-manifest.ts';
import type { ModuleSystem } from './snippet.ts';

export interface HostFiles {
  readonly manifest: Manifest;
  /** The file that importing the package by its name loads first. */
  readonly entry: string | undefined;
  /** Files that the entry loads. */
  readonly loaded: readonly string[];
  /** Other entries, and what they load: another build of the same. */
  readonly builds: readonly string[];
  readonly bins: readonly string[];
  /** JavaScript that a lifecycle script starts. */
  readonly hooks: readonly string[];
  readonly hasHook: boolean;
}

const buildFolder = /(?:^|\/)(?:dist|build|umd|cjs|esm|es|lib-es|browser|bundles?)\/|\.min\.[cm]?js$|\.(?:cjs|mjs)$/;

export function findHostFiles(tree: PackageTree): HostFiles | undefined {
  const fact = readManifest(tree);
  if (!fact.known) return undefined;
  const manifest = fact.value;
  const entries = findEntries(manifest, tree).filter(({ path }) => path !== undefined && isCode(tree.files.get(path)));
  const pathsOf = (isWanted: (entry: Entry) => boolean): string[] => [
    ...new Set(entries.filter(isWanted).flatMap(({ path }) => path ?? [])),
  ];
  const [entry] = [...pathsOf(isMain), ...pathsOf(({ kind }) => kind === 'exports')];
  const loaded = entry === undefined ? [] : listCode(tree, [entry]).filter((path) => path !== entry);
  const others = pathsOf(({ kind }) => kind !== 'hook' && kind !== 'bin').filter((path) => path !== entry);
  const builds = listCode(tree, others).filter(
    (path) => path !== entry && !loaded.includes(path) && buildFolder.test(path),
  );
  return {
    manifest,
    entry,
    loaded,
    builds,
    bins: pathsOf(({ kind }) => kind === 'bin'),
    hooks: pathsOf(({ kind }) => kind === 'hook'),
    hasHook: findHooks(manifest, tree).length > 0,
  };
}

/** `/exports/import`, but not `/exports/.~1feature/import`. */
function isMain({ kind, pointer }: Entry): boolean {
  if (kind === 'exports') return !/^\/exports\/\.~1/.test(pointer) && !pointer.includes('browser');
  return kind === 'main';
}

function listCode(tree: PackageTree, start: readonly string[]): readonly string[] {
  return [...listNamedFiles(tree, start)].filter(isCode).map(({ path }) => path);
}

function isCode(file: PackageFile | undefined): file is PackageFile {
  return file?.format === 'javascript';
}

const moduleSyntax =
  /^\s*(?:import\b\s*[\w{*'"$]|export\b\s*[\w{*$])|[;}]\s*export\s*(?:\{|default\b)|[;}]import\s*[\w{*$][^;()]*from\s*['"]/m;

export function moduleSystemOf(file: PackageFile, manifest: Manifest): ModuleSystem {
  if (file.path.endsWith('.mjs')) return 'esm';
  if (file.path.endsWith('.cjs')) return 'cjs';
  if (moduleSyntax.test(textOf(file))) return 'esm';
  return manifest.type === 'module' && !/\bmodule\.exports\b|\brequire\s*\(/.test(textOf(file)) ? 'esm' : 'cjs';
}
