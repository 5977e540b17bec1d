/**
 * The code of one version, read as deeply as is needed. Every file is first read in outline (which modules it loads). One
 * whose contents both versions have is analysed when something new leads into it, because what it does is no news; any other
 * one of the new version when anything leads into it; one of the old version when the new one does what may not be new.
 */
import type { PackageFile, PackageTree } from '../model/package-tree.ts';
import { textOf } from '../model/package-tree.ts';
import { analyzeFile } from './analyze-file.ts';
import { findKnownModules, type KnownModules } from './graph/known-modules.ts';
import type { KnownModule } from './rehearsal/held.ts';
import { readScript } from './scripts/read-script.ts';
import { type FileSummary, type RunAs, type ScriptLanguage, unreadSummary } from './summary/file-summary.ts';

/** Summaries by contents, shared by both versions. */
export class SummaryCache {
  readonly #full = new Map<string, FileSummary>();
  readonly #outlines = new Map<string, FileSummary>();
  readonly #scripts = new Map<string, FileSummary>();
  /** What files hold that others take texts from. */
  readonly modules: Map<string, KnownModule | undefined> = new Map();

  /** @param known What other files of the package hold, where that is known to tell more. */
  analyze(file: PackageFile, known?: KnownModules): FileSummary {
    return remember(this.#full, keyOf(file, known), () => analyzeFile(textOf(file), file.path, known?.modules));
  }

  analyzed(file: PackageFile, known?: KnownModules): FileSummary | undefined {
    return this.#full.get(keyOf(file, known));
  }

  /** A summary that was made elsewhere. */
  put(summary: FileSummary, file: PackageFile, known?: KnownModules): void {
    this.#full.set(keyOf(file, known), summary);
  }

  script(file: PackageFile, language: ScriptLanguage): FileSummary {
    return remember(this.#scripts, file.digest + language, () =>
      isLetGo(file) ? unreadSummary('too-large', 'it is a program') : readScript(textOf(file), language),
    );
  }

  outline(file: PackageFile): FileSummary {
    return remember(this.#outlines, keyOf(file), () => outlineOf(textOf(file)));
  }
}

/** One reading of a file in full. */
export interface Reading {
  readonly file: PackageFile;
  /** For a second reading. */
  readonly known?: KnownModules;
}

export class CodeFiles {
  readonly tree: PackageTree;
  readonly #cache: SummaryCache;
  readonly #full = new Map<string, FileSummary>();
  readonly #languages = new Map<string, ScriptLanguage>();

  constructor(tree: PackageTree, cache: SummaryCache) {
    this.tree = tree;
    this.#cache = cache;
  }

  /** Files that are JavaScript by name or hashbang; others are code only if something loads them. */
  *paths(): Generator<string> {
    for (const { path, format } of this.tree.files.values()) if (format === 'javascript') yield path;
  }

  /** From here on it is what runs it that says how it is read; its name does where that is not told. */
  readAs(path: string, language: RunAs['language']): void {
    const file = this.tree.files.get(path);
    if (file === undefined || language === 'javascript' || language === 'npm-script') return;
    const read = language ?? languageOf(file);
    if (read !== undefined) this.#languages.set(path, read);
  }

  /** As deep as it has been read so far; undefined when it is no code. */
  summary(path: string): FileSummary | undefined {
    const language = this.#languages.get(path);
    const script = language === undefined ? undefined : this.tree.files.get(path);
    if (script !== undefined && language !== undefined) return this.#cache.script(script, language);
    const known = this.#full.get(path);
    if (known !== undefined) return known;
    const file = this.tree.files.get(path);
    if (file === undefined) return undefined;
    if (file.format !== 'javascript') return this.#loadedText(file);
    if (this.#cache.analyzed(file) === undefined) return this.#cache.outline(file);
    return this.analyzed(path);
  }

  /** Read in full, whether or not it is familiar. */
  analyzed(path: string): FileSummary | undefined {
    const file = this.tree.files.get(path);
    if (file === undefined) return undefined;
    const alone = file.format === 'javascript' ? this.#cache.analyze(file) : this.#loadedText(file);
    const summary = alone === undefined ? undefined : this.#askOthers(file, alone);
    if (summary !== undefined) this.#full.set(path, summary);
    return summary;
  }

  /** Those that are to be read once more, because what they hide may stand in other files. */
  listAsking(files: readonly PackageFile[]): readonly Reading[] {
    return files.flatMap((file) => {
      const known = file.format === 'javascript' ? this.#findKnown(file, this.#cache.analyze(file)) : undefined;
      return known === undefined ? [] : [{ file, known }];
    });
  }

  #askOthers(file: PackageFile, alone: FileSummary): FileSummary {
    const known = this.#findKnown(file, alone);
    return known === undefined ? alone : this.#cache.analyze(file, known);
  }

  #findKnown(file: PackageFile, { asks: specifiers }: FileSummary): KnownModules | undefined {
    if (specifiers === undefined) return undefined;
    const known = findKnownModules({ specifiers, from: file.path }, this.tree, this.#cache.modules);
    return known.modules.size === 0 ? undefined : known;
  }

  /** Files that were read in outline only. */
  *outlined(): Generator<PackageFile> {
    for (const file of this.tree.files.values()) {
      if (file.format === 'javascript' && this.#cache.analyzed(file) === undefined) yield file;
    }
  }

  /** Node runs whatever is required as JavaScript, except JSON and addons; bundlers give other files other meanings. */
  #loadedText(file: PackageFile): FileSummary | undefined {
    if (isLetGo(file) || /\.(?:json|node|wasm|[cm]?tsx?|jsx)$/.test(file.path)) return undefined;
    const summary = this.#cache.analyze(file);
    return summary.failure === undefined ? summary : undefined;
  }
}

/** A program, of which only the digest is left. */
function isLetGo({ bytes, size }: PackageFile): boolean {
  return bytes.length < size;
}

/** Undefined for JavaScript, and for what is no script. */
function languageOf({ path, format }: PackageFile): ScriptLanguage | undefined {
  if (/\.(?:ps1|psm1)$/i.test(path)) return 'powershell';
  if (/\.(?:vbs|py|pl|rb|php)$/i.test(path)) return 'foreign';
  return format === 'shell' || format === 'batch' || format === 'gyp' ? format : undefined;
}

/** The ending takes part: it decides between module and script. Files of one key have one summary. */
export function keyOf({ digest, path }: PackageFile, known?: KnownModules): string {
  const key = digest + path.slice(path.lastIndexOf('.'));
  return known === undefined ? key : `${key} ${known.digests}`;
}

function remember(memory: Map<string, FileSummary>, key: string, compute: () => FileSummary): FileSummary {
  let summary = memory.get(key);
  if (summary === undefined) {
    summary = compute();
    memory.set(key, summary);
  }
  return summary;
}

const moduleName =
  /(?:\brequire\s*\(\s*|\bimport\s*\(\s*|\bfrom\s*|\bimport\s*)(?:"([^"\n]{1,200})"|'([^'\n]{1,200})'|`([^`\n]{1,200})`)/g;

/** `require('./parts/' + name)`, and not a name that stands there. */
export const computesName: RegExp = /\b(?:require|import|Worker)\s*\(\s*(?!["'`][^"'`$\n]*["'`]\s*[,)])/;

function outlineOf(text: string): FileSummary {
  const specifiers = new Set<string>();
  for (const match of text.matchAll(moduleName)) specifiers.add(match[1] ?? match[2] ?? match[3] ?? '');
  const loads = [...specifiers].map((specifier) => ({
    specifier,
    line: 1,
    guards: [],
    conditional: false,
    caught: false,
  }));
  return {
    fns: [{ name: '', behaviors: [], edges: [], loads }],
    exports: { fns: new Map(), names: new Set(), from: [], complete: false },
    failure: undefined,
    unread: undefined,
  };
}
