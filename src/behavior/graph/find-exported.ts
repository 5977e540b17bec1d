/** Exports across files: the functions behind one, and all the names, through files that pass them on. */
import type { CodeFiles } from '../code-files.ts';
import type { FileSummary } from '../summary/file-summary.ts';
import { findImported } from './resolve-module.ts';

/** A chain of re-exports longer than this is followed no further. */
const maxFiles = 200;

interface Exported {
  readonly path: string;
  /** `a.b` of the module, `A().b` of what an export of it gives; empty for the module itself. */
  readonly member: string;
}

/** Functions that an export of a file leads to, through files that pass it on. */
export function findExported(
  wanted: Exported,
  files: CodeFiles,
  seen: Set<string> = new Set(),
): { readonly path: string; readonly fn: number }[] {
  const { path, member } = wanted;
  const key = `${path}\0${member}`;
  const summary = files.analyzed(path);
  if (summary === undefined || seen.has(key) || seen.size > maxFiles) return [];
  seen.add(key);
  const head = member.split(/[.(]/, 1)[0] ?? '';
  const names = head === '' ? ['', 'default'] : [head];
  // `f.bind(…)` calls nothing yet.
  const named = (member.endsWith('.bind') ? [] : names).flatMap((name) => summary.exports.fns.get(name) ?? []);
  const found = [...named, ...findMethods(summary, member, head)].map((fn) => ({ path, fn }));
  for (const from of summary.exports.from) {
    if (from.name !== undefined && !names.includes(from.name)) continue;
    const target = findImported(from.specifier, path, files.tree);
    if (target === undefined) continue;
    // What follows the name that is passed on belongs to it still.
    const rest = from.name === undefined ? member : member.slice(head.length);
    const inner = from.member === '*' ? rest.replace(/^\./, '') : from.member + rest;
    found.push(...findExported({ path: target, member: inner }, files, seen));
  }
  return found;
}

/** `new A().go()`, `create().go()`, `tools.go()`: whatever the file calls `go`, as it does not say what its objects hold. */
function findMethods({ fns }: FileSummary, member: string, head: string): number[] {
  const method = member.slice(member.lastIndexOf('.') + 1);
  if (method === head || method === '' || method.endsWith(')')) return [];
  return fns.flatMap(({ name }, index) => (name === method && index > 0 ? [index] : []));
}

/** Undefined when they cannot be told from the text. */
export function findExportedNames(
  path: string,
  files: CodeFiles,
  seen: Set<string> = new Set(),
): ReadonlySet<string> | undefined {
  const exports = files.analyzed(path)?.exports;
  if (exports === undefined || !exports.complete || seen.size > maxFiles) return undefined;
  seen.add(path);
  const names = new Set(exports.names);
  for (const { name, specifier } of exports.from) {
    if (name !== undefined) continue;
    const target = findImported(specifier, path, files.tree);
    if (target === undefined) return undefined;
    if (seen.has(target)) continue;
    const inner = findExportedNames(target, files, seen);
    if (inner === undefined) return undefined;
    for (const one of inner) names.add(one);
  }
  return names;
}
