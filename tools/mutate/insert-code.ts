/** Puts a piece of code between the statements of a file, in the file's own manner of lines. */
import { type PackageFile, textOf } from '../../src/model/package-tree.ts';
import type { Random } from './random-for.ts';
import { parseCode, statementsOf } from './rewrite-code.ts';

/** @param random Chooses between which statements; without it the code comes last. */
export function insertCode(file: PackageFile, code: string, random: Random | undefined): string {
  const text = textOf(file);
  const piece = isMinified(text) ? code.replaceAll(/\s*\n\s*/g, ' ') : `${code}\n`;
  // The statement before it may end without a semicolon.
  const safe = /^[([`+\-/!]/.test(piece) ? `;${piece}` : piece;
  const ends = [...findStarts(file), findEnd(text)];
  const at = random === undefined ? findEnd(text) : (ends[random.below(ends.length)] ?? text.length);
  const head = text.slice(0, at);
  const startsLine = head === '' || head.endsWith('\n') || isMinified(text);
  return `${head}${startsLine ? '' : '\n'}${safe}${text.slice(at)}`;
}

const starts = new WeakMap<PackageFile, readonly number[]>();

/** Where statements begin, directives apart. None in a file that cannot be parsed. */
function findStarts(file: PackageFile): readonly number[] {
  const known = starts.get(file);
  if (known !== undefined) return known;
  const found = listStarts(textOf(file));
  starts.set(file, found);
  return found;
}

function listStarts(text: string): readonly number[] {
  try {
    return statementsOf(parseCode(text))
      .filter(({ directive }) => directive === undefined)
      .map(({ start }) => start);
  } catch {
    // Only the end is left: whoever takes the mutant will see that it does not parse.
    return [];
  }
}

/** In front of the comment that ends a built file. */
export function findEnd(text: string): number {
  const comment = text.search(/\n\/\/[#@] sourceMappingURL=[^\n]*\s*$/);
  return comment === -1 ? text.length : comment + 1;
}

const minifiedLineChars = 500;

function isMinified(text: string): boolean {
  return text.length > 2 * minifiedLineChars && text.length / text.split('\n').length > minifiedLineChars;
}
