/** The packages and builtins that any file of a package imports: by their names (`fs`, without `node:`), or as written. */
import type { CodeFiles } from '../code-files.ts';
import { normalizePath, packageNameOf } from './resolve-module.ts';

interface Import {
  readonly path: string;
  readonly specifier: string;
}

export function findImports(files: CodeFiles): ReadonlySet<string> {
  const names = listImports(files).map(({ specifier }) => packageNameOf(specifier));
  return new Set(names.filter((name) => name !== undefined));
}

/** Relative ones are among them where they lead out of the package. */
export function findSpecifiers(files: CodeFiles): ReadonlySet<string> {
  return new Set(
    listImports(files)
      .filter((one) => packageNameOf(one.specifier) !== undefined || leadsOut(one))
      .map(({ specifier }) => specifier),
  );
}

function leadsOut({ path, specifier }: Import): boolean {
  if (specifier.startsWith('/')) return true;
  return specifier.startsWith('.') && normalizePath(`${path}/../${specifier}`) === undefined;
}

function listImports(files: CodeFiles): Import[] {
  return [...files.paths()].flatMap((path) =>
    (files.summary(path)?.fns ?? []).flatMap(({ loads }) => loads.map(({ specifier }) => ({ path, specifier }))),
  );
}
