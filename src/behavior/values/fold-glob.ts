/** Paths that a pattern of a file system stands for, as far as they are shown: what a star stands for is not known. */

import type { GlobName } from '../outside/folded-names.ts';
import { flow } from './flow.ts';
import { textOf } from './text-of.ts';
import { alternatives, constantOf, unknown, type Value } from './value.ts';

/** `./parts/*.js` → `./parts/….js`; over folders in between, with one of them and with none. */
export function listPathsOf(pattern: string): readonly string[] {
  if (pattern.startsWith('!')) return [];
  const one = (text: string): string => text.replaceAll(/\*+|\?\(|\{[^}]*\}|\[[^\]]*\]/g, '…').replaceAll(/…+/g, '…');
  return pattern.includes('**/')
    ? [one(pattern.replaceAll('**/', '')), one(pattern.replaceAll('**/', '*/'))]
    : [one(pattern)];
}

/** Texts of a value that is one pattern, or a list of them. */
export function patternsOf(value: Value): readonly string[] {
  const each = alternatives(value).flatMap((one) => (one.kind === 'list' ? one.elements : [one]));
  return each.flatMap((one) => {
    const text = textOf(one);
    return text === undefined || (constantOf(one) !== undefined && typeof constantOf(one)?.value !== 'string')
      ? []
      : [text];
  });
}

function foldGlob([pattern]: readonly Value[]): Value | undefined {
  const paths = pattern === undefined ? [] : patternsOf(pattern).flatMap(listPathsOf);
  if (pattern === undefined || paths.length === 0) return undefined;
  const origins = pattern.origins | flow.file | flow.listing;
  return { kind: 'list', elements: paths.map((path) => unknown(origins, path)), isOpen: true, origins };
}

export const globCalls: Readonly<Record<GlobName, (given: readonly Value[]) => Value | undefined>> = {
  'fs.globSync': foldGlob,
  'npm:glob': foldGlob,
  'npm:glob.sync': foldGlob,
  'npm:glob.glob': foldGlob,
  'npm:glob.globSync': foldGlob,
  'npm:fast-glob': foldGlob,
  'npm:fast-glob.sync': foldGlob,
  'npm:globby': foldGlob,
  'npm:globby.sync': foldGlob,
  'npm:globby.globby': foldGlob,
  'npm:globby.globbySync': foldGlob,
  'npm:tinyglobby.glob': foldGlob,
  'npm:tinyglobby.globSync': foldGlob,
};
