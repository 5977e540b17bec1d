/** What loading a module may give, and what a name of the outside may lead to: see `may`. */

import { anything, may } from '../flows/may-be.ts';
import type { Node } from '../syntax/scope.ts';
import { moduleReference } from '../values/references.ts';
import { isGiving, isGlobalObject, isLoadingRoot, isRoot, isTellingRoot, rootOfModule } from './known-names.ts';

/** What loading a module gives. */
export function bitsOfSpecifier(specifier: Node | undefined): number {
  if (specifier === undefined) return 0;
  if (specifier.type !== 'Literal' || typeof specifier.value !== 'string') return anything & ~may.fn;
  return bitsOfModule(specifier.value);
}

export function bitsOfModule(specifier: string): number {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return may.file;
  const module = moduleReference(specifier);
  const root = module.kind === 'reference' ? rootOfModule(module.name) : '';
  return isRoot(root) ? bitsOfRoot(root) : 0;
}

export function bitsOfRoot(name: string): number {
  if (isTellingRoot(name)) return may.tell;
  let bits: number = may.name;
  if (isGiving(name)) bits |= may.give;
  if (isLoadingRoot(name)) bits |= may.load;
  if (isGlobalObject(name)) bits |= may.global;
  return bits;
}
