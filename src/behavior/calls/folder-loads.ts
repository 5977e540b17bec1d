/** What loads files without a specifier of a module: whole folders, a program for other processes, a path that is handed on. */
import type { Evaluator } from '../values/evaluate.ts';
import { listPathsOf, patternsOf } from '../values/fold-glob.ts';
import { constantOf, type Value } from '../values/value.ts';

type Given = readonly (Value | undefined)[];

/** By canonical name, the paths that a call loads; parts that are not known as `…`. */
export const folderLoaders: ReadonlyMap<string, (given: Given, evaluator: Evaluator) => readonly string[]> = new Map([
  ...named(([patterns]) => listPatterns(patterns), 'import.meta.glob', 'import.meta.globEager'),
  ...named(([folder, deep]) => listFolder(folder, constantOf(deep ?? none)?.value !== false), 'require.context'),
  ...named(([folder]) => listFolder(folder, false), 'npm:require-dir'),
  ...named(
    ([, folder]) => (folder === undefined ? ['./…', './…/…'] : listFolder(folder, true)),
    'npm:require-directory',
  ),
  ...named(
    ([given], evaluator) => listFolder(given && (optionOf(given, 'dirname', evaluator) ?? given), true),
    'npm:require-all',
    'npm:include-all',
  ),
  ...named(
    ([given], evaluator) => pathsOf(given && optionOf(given, 'exec', evaluator)),
    'cluster.setupPrimary',
    'cluster.setupMaster',
  ),
  ...named(([, path]) => pathsOf(path), 'module._extensions..js', 'module.Module._extensions..js'),
  ...named(([path]) => pathsOf(path), 'module().load', 'module.Module().load'),
]);

/** The paths that a call of that name loads. */
export function listLoaded(name: string, given: () => readonly Value[], evaluator: Evaluator): readonly string[] {
  return folderLoaders.get(name)?.(given(), evaluator) ?? [];
}

type Reader = (given: Given, evaluator: Evaluator) => readonly string[];

const none: Value = { kind: 'unknown', text: undefined, origins: 0 };

function named(read: Reader, ...names: string[]): [string, Reader][] {
  return names.map((name) => [name, read]);
}

function optionOf(given: Value, name: string, evaluator: Evaluator): Value | undefined {
  return given.kind === 'object' || given.kind === 'record' ? evaluator.property(given, name) : undefined;
}

function listPatterns(value: Value | undefined): readonly string[] {
  return value === undefined ? [] : patternsOf(value).flatMap(listPathsOf).flatMap(besideOf);
}

function listFolder(value: Value | undefined, deep: boolean): readonly string[] {
  return pathsOf(value).flatMap((folder) => {
    const path = folder.replace(/\/+$/, '');
    return deep ? [`${path}/…`, `${path}/…/…`] : [`${path}/…`];
  });
}

function pathsOf(value: Value | undefined): readonly string[] {
  return value === undefined ? [] : patternsOf(value).flatMap(besideOf);
}

/** Where a file lies beside the one that names it: `<package>/lib` → `./lib`. */
function besideOf(path: string): readonly string[] {
  if (path === '<package>' || path === '.') return ['.'];
  const beside = path.startsWith('<package>/') ? `./${path.slice('<package>/'.length)}` : path;
  return /^\.{1,2}\//.test(beside) ? [beside] : [];
}
