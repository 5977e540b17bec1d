/** The files of a package that each of its files loads or starts, at whatever time. */
import type { CodeFiles } from '../code-files.ts';
import type { FileSummary } from '../summary/file-summary.ts';
import { findStarted, listRunTexts, listStarts } from './find-started.ts';
import { ImportedFiles } from './imported-files.ts';

export function findLoads(files: CodeFiles): ReadonlyMap<string, readonly string[]> {
  const imported = new ImportedFiles(files.tree);
  const loads = new Map<string, readonly string[]>();
  const all = [...files.paths()];
  const paths = new Set(all);
  for (const path of paths) {
    const summary = files.summary(path);
    const targets = loadsAny(summary) ? all : listTargets(summary, path, { files, imported });
    for (const target of targets) paths.add(target);
    loads.set(path, targets);
  }
  return loads;
}

/** `require('./' + name)`, `import(process.env.PART)`: what is not known of a path may lead to any file. */
function loadsAny(summary: FileSummary | undefined): boolean {
  const specifiers = (summary?.fns ?? []).flatMap(({ loads }) => loads.map(({ specifier }) => specifier));
  return specifiers.some((specifier) => /^\.{1,2}\/.*[…$]/.test(specifier));
}

interface Package {
  readonly files: CodeFiles;
  readonly imported: ImportedFiles;
}

function listTargets(summary: FileSummary | undefined, path: string, { files, imported }: Package): readonly string[] {
  const targets = new Set<string>();
  for (const fn of summary?.fns ?? []) {
    const starts = fn.behaviors.flatMap(listStarts);
    for (const { specifier, runAs } of [...fn.loads, ...starts, ...listRunTexts(fn, summary)]) {
      const started = runAs === undefined ? undefined : findStarted(specifier, path, files);
      for (const target of started === undefined ? imported.list(specifier, path) : [started]) targets.add(target);
    }
    for (const { to } of fn.edges)
      if (!('fn' in to)) for (const target of imported.list(to.specifier, path)) targets.add(target);
  }
  return [...targets];
}
