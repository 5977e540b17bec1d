/** The packages and builtins that any file of a package imports: by their names (`fs`, without `node:`), or as written. */
import type { CodeFiles } from './code-files.ts';
import { packageNameOf } from './resolve-module.ts';

export function findImports(files: CodeFiles): ReadonlySet<string> {
  const names = listSpecifiers(files).map((specifier) => packageNameOf(specifier));
  return new Set(names.filter((name) => name !== undefined));
}

export function findSpecifiers(files: CodeFiles): ReadonlySet<string> {
  return new Set(listSpecifiers(files).filter((specifier) => packageNameOf(specifier) !== undefined));
}

function listSpecifiers(files: CodeFiles): string[] {
  return [...files.paths()].flatMap((path) =>
    (files.summary(path)?.fns ?? []).flatMap(({ loads }) => loads.map(({ specifier }) => specifier)),
  );
}
