/**
 * An added dependency runs by what imports it. Files of it that nobody names are loaded by nobody: what they would do on loading
 * happens no sooner than users import them by their paths. Where it cannot be told which files are named, all are.
 */
import type { Behavior, BehaviorComparison, Entry, ModuleComparison, Tier } from '../../model/behavior.ts';
import type { FileComparison } from '../../model/file-comparison.ts';
import { type PackageFile, type PackageTree, textOf } from '../../model/package-tree.ts';
import { computesName } from '../code-files.ts';
import { findFile, normalizePath } from './resolve-module.ts';

/** A package that may import the addition: the one that is updated, or one that came along with it. */
export interface Importer {
  readonly files: FileComparison;
  readonly modules: ModuleComparison;
  readonly behaviors: BehaviorComparison;
}

export interface Addition extends Importer {
  /** As its dependents call it: an alias, where they gave it one. */
  readonly names: ReadonlySet<string>;
}

/** All texts together; beyond it everything counts as named. */
const maxSearchedBytes = 1_000_000_000;

export class ImportedAdditions {
  readonly #subject: Importer;
  readonly #additions: readonly Addition[];
  #computesName: boolean | undefined;
  #searchedBytes = 0;

  constructor(subject: Importer, additions: readonly Addition[]) {
    this.#subject = subject;
    this.#additions = additions;
  }

  /** What the addition does, seen from those who import it. */
  narrow(addition: Addition): BehaviorComparison {
    const { behaviors } = addition;
    const isNamed = this.#findNamed(addition, ({ tier }) => tier === 'load');
    if (behaviors.added.every(isNamed) || this.#someComputesName()) return behaviors;
    // Of its own files, whichever they are.
    if (behaviors.added.some((one) => one.kind === 'computed-import' && isRun(one.tier) && isNamed(one)))
      return behaviors;
    const added = behaviors.added.map((behavior) =>
      isNamed(behavior) ? behavior : { ...behavior, tier: 'call' as const },
    );
    return { ...behaviors, added };
  }

  #someComputesName(): boolean {
    this.#computesName ??=
      mayComputeName(this.#subject) ||
      this.#additions.some((addition) => {
        const isNamed = this.#findNamed(addition, isOpenImport);
        return addition.behaviors.added.some((behavior) => isOpenImport(behavior) && isNamed(behavior));
      });
    return this.#computesName;
  }

  /** Whether its file is loaded: asked of behaviors of one sort, and true of all others. */
  #findNamed(addition: Addition, isAsked: (behavior: Behavior) => boolean): (behavior: Behavior) => boolean {
    const { names, behaviors, modules, files } = addition;
    const { entries, tiers, loads } = modules.after;
    const asked = behaviors.added.filter(isAsked);
    if (asked.length === 0) return () => true;
    const roots = entries.filter(isMain).flatMap(({ path }) => path ?? []);
    const hooked = [...tiers].flatMap(([path, tier]) => (tier === 'install' ? [path] : []));
    const always = findLoaded([...roots, ...hooked], loads);
    if (asked.every(({ path }) => always.has(path))) return () => true;
    const subpaths = [...names].map((name) => this.#listSubpaths(name));
    if (subpaths.includes(undefined)) return () => true;
    const named = subpaths.flatMap((some) => some ?? []).flatMap((one) => findNamed(one, entries, files.after));
    const loaded = findLoaded(named, loads);
    return (behavior) => !isAsked(behavior) || always.has(behavior.path) || loaded.has(behavior.path);
  }

  /** Undefined where one is put together. */
  #listSubpaths(name: string): readonly string[] | undefined {
    const subpaths = new Set<string>();
    for (const { files, modules, behaviors } of [this.#subject, ...this.#additions]) {
      const { specifiers } = modules.after;
      if ([...specifiers].some((specifier) => /^(?:\.|\/)|\/\.\.(?:\/|$)/.test(specifier))) return undefined;
      const details = behaviors.added.map(({ detail }) => detail ?? '');
      const texts = [...files.after.files.values()].filter((file) => this.#mentions(name, file)).map(textOf);
      for (const text of [...specifiers, ...details, ...texts])
        for (const found of findMentions(name, text)) subpaths.add(found);
      if (this.#searchedBytes > maxSearchedBytes) return undefined;
    }
    const all = [...subpaths];
    return all.some((subpath) => subpath.includes('…')) ? undefined : all;
  }

  #mentions(name: string, { path, format, bytes }: PackageFile): boolean {
    if (!mentioning.has(format) || isProse.test(path)) return false;
    this.#searchedBytes += bytes.length;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(`${name}/`);
  }
}

/** Programs are started by their users. */
function isMain({ kind, pointer }: Entry): boolean {
  return kind !== 'exports' || !pointer.startsWith(subpathPointer);
}

/** `/exports/./one`: a key that begins with `./`, as a JSON pointer writes it. */
const subpathPointer = '/exports/.~1';

/**
 * A module is loaded by a name that the text does not tell, while the package loads: where a caller gives the name, it is loaded
 * when that is called, and no sooner.
 */
function isOpenImport({ kind, tier, detail }: Behavior): boolean {
  return kind === 'computed-import' && isRun(tier) && !/^(?:<package>|\.{1,2})\//.test(detail ?? '');
}

function isRun(tier: Tier | undefined): boolean {
  return tier === 'load' || tier === 'install';
}

/** What the old version did already is not told: there the text must do. */
function mayComputeName({ behaviors, modules, files }: Importer): boolean {
  if (behaviors.added.some(isOpenImport)) return true;
  return [...files.after.files.values()].some(
    (file) => isRun(modules.after.tiers.get(file.path)) && computesName.test(textOf(file)),
  );
}

const mentioning: ReadonlySet<string> = new Set(['javascript', 'json', 'shell', 'batch', 'gyp', 'text']);
const isProse =
  /\.(?:md|markdown|map|d\.[cm]?ts|css|scss|less|html?|txt|flow)$|(?:^|\/)(?:licen[cs]e|changelog|changes|readme)[^/]*$/i;

/** More than this in one file is a list of everything. */
const maxMentions = 2_000;

/** `name/lib/one.js` gives `lib/one.js`; what breaks off at a quote or a `${` is put together, and gives `…`. */
function findMentions(name: string, text: string): string[] {
  const found: string[] = [];
  const start = `${name}/`;
  for (let at = text.indexOf(start); at !== -1; at = text.indexOf(start, at + start.length)) {
    if (found.length >= maxMentions) return ['…'];
    if (/[\w.-]/.test(text[at - 1] ?? '')) continue;
    const [subpath = ''] =
      /^[^\s"'`$,;:()\\*?|<>{}[\]…]*/.exec(text.slice(at + start.length, at + start.length + 300)) ?? [];
    const next = text[at + start.length + subpath.length];
    const breaksOff =
      next === '$' || next === '…' || ((subpath === '' || subpath.endsWith('/')) && /["'`]/.test(next ?? ''));
    found.push(breaksOff ? '…' : subpath);
  }
  return found;
}

/** By the package's map of exports, and as a path, which older loaders and programs go by. */
function findNamed(subpath: string, entries: readonly Entry[], tree: PackageTree): readonly string[] {
  const file = normalizePath(subpath) === '' ? undefined : findFile(subpath, tree);
  const mapped = entries.flatMap(({ kind, pointer, path }) => {
    if (kind !== 'exports' || path === undefined || !pointer.startsWith(subpathPointer)) return [];
    const [key = ''] = pointer.slice(subpathPointer.length).split('/');
    return isMapped(subpath, key.replaceAll('~1', '/').replaceAll('~0', '~'), path) ? [path] : [];
  });
  return file === undefined ? mapped : [...mapped, file];
}

/** A key may be a pattern, or a folder, as it was once written: what stands for its open part stands in the file's path, too. */
function isMapped(subpath: string, key: string, path: string): boolean {
  if (!key.includes('*') && !key.endsWith('/')) return subpath === key;
  const [head = '', ...tails] = key.split('*');
  const tail = tails.at(-1) ?? '';
  if (!subpath.startsWith(head) || !subpath.endsWith(tail)) return false;
  return path.includes(subpath.slice(head.length, tail === '' ? undefined : -tail.length));
}

function findLoaded(roots: readonly string[], loads: ReadonlyMap<string, readonly string[]>): ReadonlySet<string> {
  const loaded = new Set(roots);
  for (const path of loaded) for (const target of loads.get(path) ?? []) loaded.add(target);
  return loaded;
}
