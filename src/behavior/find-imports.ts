/** Names of packages and builtins (`fs`, without `node:`) that any file of a package imports. */
import type { CodeFiles } from './code-files.ts';
import { packageNameOf } from './resolve-module.ts';

export function findImports(files: CodeFiles): ReadonlySet<string> {
  const imports = new Set<string>();
  for (const path of files.paths()) {
    for (const { specifier } of files.summary(path)?.fns.flatMap((fn) => fn.loads) ?? []) {
      const name = packageNameOf(specifier);
      if (name !== undefined) imports.add(name);
    }
  }
  return imports;
}
