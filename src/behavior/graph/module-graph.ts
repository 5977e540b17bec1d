/**
 * Who runs what: from the manifest's entries through modules and function calls to every behavior, with the strongest
 * tier that leads to it. One node of the graph is one function of one file.
 */
import type { Behavior, Entry, ModuleGraph, Tier } from '../../model/behavior.ts';
import type { Manifest } from '../../model/manifest.ts';
import type { CodeFiles } from '../code-files.ts';
import { type Edge, type FileSummary, type ModuleLoad, maxDoubts } from '../summary/file-summary.ts';
import { isDevelopmentFile } from './development-file.ts';
import { findEntries, findHooks, isByPattern, isMainPointer, listOwnPrograms } from './find-entries.ts';
import { findExported, findExportedNames } from './find-exported.ts';
import { findImports, findSpecifiers } from './find-imports.ts';
import { findLoads } from './find-loads.ts';
import { findStarted, listRunTexts, listStarts, type StartedLoad } from './find-started.ts';
import { findHandedPatches } from './handed-patches.ts';
import { ImportedFiles } from './imported-files.ts';
import { listScriptsOf, NpmScripts, nameOfScript, pathOfScript } from './npm-scripts.ts';
import { isStronger, labelOf, placeBehavior, type Reach, type Reached, rootReach, stepFrom } from './reach.ts';
import { findFile, findImported } from './resolve-module.ts';
import { placeThreads, tierOf } from './tier-of.ts';

/** npm runs node-gyp where there is one. */
const gypFile = 'binding.gyp';

export interface PackageCode {
  readonly manifest: Manifest;
  readonly files: CodeFiles;
}

export interface PackageBehavior {
  readonly graph: ModuleGraph;
  readonly behaviors: readonly Behavior[];
  /** Files of JavaScript that no entry leads to: at most their paths are named, by users or where names are put together. */
  readonly unnamed: readonly string[];
}

interface Visit {
  readonly path: string;
  readonly fn: number;
  readonly reach: Reach;
}

export function walkPackage(code: PackageCode): PackageBehavior {
  const entries = findEntries(code.manifest, code.files.tree);
  const walk = new PackageWalk(code);
  walk.run(entries);
  const main =
    entries.find(({ kind, pointer }) => kind === 'exports' && isMainPointer(pointer)) ??
    entries.find(({ kind }) => kind === 'main');
  return {
    graph: {
      entries,
      hooks: findHooks(code.manifest, code.files.tree),
      imports: findImports(code.files),
      // Only on demand: few packages are asked for what exactly they import.
      get specifiers() {
        return findSpecifiers(code.files);
      },
      get loads() {
        return findLoads(code.files);
      },
      // Only on demand: it means reading familiar files in full.
      get exportedNames() {
        return main?.path === undefined ? undefined : findExportedNames(main.path, code.files);
      },
      tiers: walk.tiers(),
    },
    behaviors: walk.behaviors(),
    unnamed: walk.unnamed(),
  };
}

/** What nothing names and is made to be started: by its hashbang, or because it lies where programs lie. */
function isProgramFile(path: string, { tree }: CodeFiles): boolean {
  const bytes = tree.files.get(path)?.bytes;
  return (bytes?.[0] === 0x23 && bytes[1] === 0x21) || path.startsWith('bin/');
}

const rootOrder: readonly Entry['kind'][] = ['main', 'exports', 'module', 'browser', 'bin'];

class PackageWalk {
  readonly #code: PackageCode;
  readonly #reached = new Map<string, (Reached | undefined)[]>();
  readonly #scripts: NpmScripts;
  readonly #imported: ImportedFiles;
  #queue: Visit[] = [];

  constructor(code: PackageCode) {
    this.#code = code;
    this.#scripts = new NpmScripts(code.manifest, code.files.tree);
    this.#imported = new ImportedFiles(code.files.tree);
  }

  run(entries: readonly Entry[]): void {
    for (const { event, implicit, command } of findHooks(this.#code.manifest, this.#code.files.tree)) {
      const path = implicit ? gypFile : pathOfScript(event);
      const reach = rootReach(implicit ? gypFile : `scripts/${event}`, 'hook');
      this.#code.files.readAs(path, undefined);
      this.#visit({ path, fn: 0, reach }, tierOf.hook);
      for (const target of implicit ? [] : listOwnPrograms(command, this.#code.manifest)) {
        const program = findFile(target, this.#code.files.tree);
        if (program !== undefined)
          this.#visit({ path: program, fn: 0, reach: { ...reach, label: program, parent: reach } }, tierOf.hook);
      }
    }
    this.#drain(tierOf.hook);
    const named = entries.filter((entry) => !isByPattern(entry));
    for (const kind of rootOrder) {
      for (const entry of named) if (entry.kind === kind) this.#start(entry, tierOf.entry);
      this.#drain(tierOf.entry);
    }
    // Last, and no more than by their paths: `./*` lets users import whatever there is, programs and tests too.
    for (const entry of entries) if (isByPattern(entry)) this.#start(entry, tierOf.pattern);
    this.#drain(tierOf.pattern);
    if (this.#code.manifest.exports === undefined) {
      for (const path of this.#code.files.paths()) {
        if (isDevelopmentFile(path)) continue;
        const root = isProgramFile(path, this.#code.files) ? 'bin' : 'file';
        this.#visit({ path, fn: 0, reach: rootReach(path, root) }, tierOf.path);
      }
      this.#drain(tierOf.path);
    }
    this.#callRest();
  }

  /** Every function of a file that is loaded may be called by somebody; what those calls load may be called too. */
  #callRest(): void {
    const done = new Set<string>();
    for (let grown = true; grown; ) {
      grown = false;
      for (const path of [...this.#reached.keys()]) {
        if (done.has(path)) continue;
        done.add(path);
        grown = true;
        const module = this.#reached.get(path)?.[0];
        const parent = module?.reach ?? rootReach(path, 'file');
        this.#callFunctions(path, parent);
      }
    }
  }

  /** Those that nothing in the file calls come first: tests that they make stand over what they call. */
  #callFunctions(path: string, parent: Reach): void {
    const fns = this.#summary(path)?.fns ?? [];
    const called = new Set(fns.flatMap(({ edges }) => edges.flatMap(({ to }) => ('fn' in to ? [to.fn] : []))));
    for (const isCalled of [false, true]) {
      fns.forEach((fn, index) => {
        if (called.has(index) !== isCalled) return;
        // What leads to it is known better than that anybody may call it.
        if (isCalled && this.#reached.get(path)?.[index] !== undefined) return;
        this.#visit(
          {
            path,
            fn: index,
            reach: {
              ...parent,
              guards: [],
              conditional: false,
              deferred: false,
              caught: false,
              doubts: 0,
              label: labelOf(fn.name),
              parent,
            },
          },
          tierOf.call,
        );
      });
      this.#drain(tierOf.call);
    }
  }

  #start(entry: Entry, tier: Tier): void {
    if (entry.path === undefined) return;
    const root: Reach = rootReach(entry.pointer.slice(1), entry.kind);
    this.#visit({ path: entry.path, fn: 0, reach: { ...root, label: entry.path, parent: root } }, tier);
  }

  #visit(visit: Visit, tier: Tier): void {
    let fns = this.#reached.get(visit.path);
    if (fns === undefined) {
      fns = [];
      this.#reached.set(visit.path, fns);
    }
    const known = fns[visit.fn];
    if (known !== undefined && !isStronger({ tier, reach: visit.reach }, known)) return;
    fns[visit.fn] = { tier, reach: visit.reach };
    this.#queue.push(visit);
  }

  #drain(tier: Tier): void {
    while (this.#queue.length > 0) {
      const visits = this.#queue;
      this.#queue = [];
      for (const { path, fn, reach } of visits) {
        const summary = this.#summary(path)?.fns[fn];
        if (summary === undefined) continue;
        for (const load of summary.loads) this.#load(load, { path, fn, reach }, tier);
        for (const behavior of summary.behaviors)
          for (const start of listStarts(behavior)) this.#load(start, { path, fn, reach }, tier);
        for (const text of listRunTexts(summary, this.#summary(path))) this.#load(text, { path, fn, reach }, tier);
        for (const edge of summary.edges) {
          if (tier !== 'load' || reach.doubts + (edge.doubts ?? 0) < maxDoubts)
            this.#follow(edge, { path, fn, reach }, tier);
        }
      }
    }
  }

  #load(load: ModuleLoad, { path, reach }: Visit, tier: Tier): void {
    if (load.runAs !== undefined) {
      this.#startFile({ ...load, runAs: load.runAs }, { path, fn: 0, reach }, tier);
      return;
    }
    const targets = this.#imported.list(load.specifier, path);
    // One of several: which, is decided when it runs.
    const step = load.specifier.includes('…') ? { ...load, conditional: true } : load;
    for (const target of targets)
      if (this.#code.files.summary(target) !== undefined)
        this.#visit({ path: target, fn: 0, reach: stepFrom(reach, target, step) }, tier);
  }

  #startFile({ specifier, runAs, ...step }: StartedLoad, { path, reach }: Visit, tier: Tier): void {
    const { manifest, files } = this.#code;
    if (runAs.language === 'npm-script') {
      for (const name of listScriptsOf(specifier, manifest))
        this.#visit({ path: pathOfScript(name), fn: 0, reach: stepFrom(reach, `scripts/${name}`, step) }, tier);
      return;
    }
    // `node .`
    const isOwn = /^\.?\/?$/.test(specifier) && manifest.main !== undefined;
    const target = findStarted(isOwn ? (manifest.main ?? specifier) : specifier, path, files);
    if (target === undefined) return;
    files.readAs(target, runAs.language);
    if (files.summary(target) !== undefined)
      this.#visit({ path: target, fn: 0, reach: stepFrom(reach, target, step) }, tier);
  }

  #summary(path: string): FileSummary | undefined {
    const name = nameOfScript(path);
    return name === undefined ? this.#code.files.summary(path) : this.#scripts.summary(name);
  }

  #follow(edge: Edge, { path, reach }: Visit, tier: Tier): void {
    if ('fn' in edge.to) {
      const name = this.#code.files.summary(path)?.fns[edge.to.fn]?.name ?? '';
      this.#visit({ path, fn: edge.to.fn, reach: stepFrom(reach, labelOf(name), edge) }, tier);
      return;
    }
    const target = findImported(edge.to.specifier, path, this.#code.files.tree);
    // What may only be called needs no exact way in: every function of a loaded file may be called.
    if (target === undefined || tier === 'call') return;
    for (const found of findExported({ path: target, member: edge.to.member }, this.#code.files)) {
      const name = this.#code.files.summary(found.path)?.fns[found.fn]?.name ?? '';
      const file = stepFrom(reach, found.path, edge);
      this.#visit(
        { ...found, reach: { ...file, label: labelOf(name === '' ? edge.to.member : name), parent: file } },
        tier,
      );
    }
  }

  tiers(): Map<string, Tier> {
    const tiers = new Map<string, Tier>();
    for (const [path, fns] of this.#reached) {
      if (nameOfScript(path) === undefined) tiers.set(path, fns[0]?.tier ?? tierOf.call);
    }
    return tiers;
  }

  unnamed(): string[] {
    const rootOf = (path: string): Reach['root'] => this.#reached.get(path)?.[0]?.reach.root;
    return [...this.#code.files.paths()].filter((path) => rootOf(path) === undefined || rootOf(path) === 'file');
  }

  behaviors(): Behavior[] {
    const found: Behavior[] = [];
    for (const path of new Set([...this.#code.files.paths(), ...this.#reached.keys()])) {
      const reaches = this.#reached.get(path);
      const script = nameOfScript(path);
      this.#summary(path)?.fns.forEach((fn, index) => {
        const reached = reaches?.[index];
        for (const behavior of fn.behaviors) {
          const placed =
            script === undefined
              ? placeBehavior(behavior, path, reached)
              : placeBehavior({ ...behavior, line: this.#scripts.lineOf(script) }, 'package.json', reached);
          if (placed !== undefined) found.push(placed);
        }
      });
    }
    return placeThreads([...found, ...findHandedPatches(this.#reached, this.#code.files, found)]);
  }
}
