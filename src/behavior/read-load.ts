/** What a call loads: modules by name, code by its address, or something that the text does not tell. */

import { anyhow, flow } from './flow.ts';
import type { CallSite } from './scope.ts';
import type { SummaryDraft } from './summary-draft.ts';
import { textOf } from './text-of.ts';
import { alternatives, constantOf, type Value } from './value.ts';

/** Canonical names of what loads modules. */
export const loaders: ReadonlySet<string> = new Set([
  'require',
  'import',
  'module._load',
  'module.Module._load',
  'module.constructor._load',
  'process.getBuiltinModule',
]);

const foreignAddress = /^(?:https?|data|blob):/i;

export function readLoad(
  site: CallSite,
  { loader, specifier }: { readonly loader: string; readonly specifier: Value | undefined },
  draft: SummaryDraft,
): void {
  if (specifier === undefined) return;
  const api = loader === 'import' ? 'import()' : loader;
  const { origins } = specifier;
  const names = alternatives(specifier).flatMap((one) => constantOf(one)?.value ?? []);
  for (const name of names) {
    if (typeof name !== 'string') continue;
    draft.addLoad(site, name);
    if (foreignAddress.test(name)) draft.add(site, { kind: 'dynamic-code', api, detail: name, origins });
  }
  if (names.length === 0 || (origins & anyhow(flow.decoded)) !== 0)
    draft.add(site, { kind: 'computed-import', api, detail: textOf(specifier) ?? someFile(origins), origins });
}

/** Whichever it is, it lies among the files: no module of Node's is hidden behind it. */
function someFile(origins: number): string | undefined {
  return (origins & flow.place) === 0 ? undefined : '…/…';
}
