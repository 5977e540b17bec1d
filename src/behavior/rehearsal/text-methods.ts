/** Methods of texts. */

import { flow } from '../values/flow.ts';
import type { Held } from './held.ts';
import { isCallable, isPlain, listOf, marked, maxText, numberOf, originsOf, plainOf, unsure, wordOf } from './held.ts';
import type { MethodCall } from './methods.ts';
import { matchText, toRegExp } from './patterns.ts';
import type { Stage } from './stage.ts';

type TextMethod = (text: string, given: readonly Held[]) => string | number | boolean | undefined;

export function callTextMethod(stage: Stage, text: string, call: MethodCall): Held {
  const { name, given, self } = call;
  stage.spend(1 + (text.length >> 6));
  const origins = (originsOf(self) | given.reduce<number>((bits, one) => bits | originsOf(one), 0)) & ~flow.broad;
  switch (name) {
    case 'split':
      return splitText(text, given, origins);
    case 'replace':
    case 'replaceAll':
      return replaceText(stage, text, { ...call, origins });
    case 'match':
    case 'matchAll':
    case 'search':
      return matchText(text, { name, pattern: given[0], origins });
    default: {
      const method = textMethods.get(name);
      if (method === undefined || !given.every(isPlain)) return unsure(origins);
      const made = method(text, given);
      if (typeof made === 'string') stage.spend(made.length >> 8);
      return marked(made, origins);
    }
  }
}

function whole(held: Held, otherwise: number): number {
  const number = held === undefined ? otherwise : numberOf(held);
  return number === undefined || Number.isNaN(number) ? 0 : Math.trunc(number);
}

function limit(held: Held): number | undefined {
  return held === undefined ? undefined : whole(held, 0);
}

const textMethods: ReadonlyMap<string, TextMethod> = new Map<string, TextMethod>([
  ['charAt', (text, [at]) => text.charAt(whole(at, 0))],
  ['charCodeAt', (text, [at]) => text.charCodeAt(whole(at, 0))],
  ['codePointAt', (text, [at]) => text.codePointAt(whole(at, 0))],
  ['at', (text, [at]) => text.at(whole(at, 0))],
  ['slice', (text, [from, to]) => text.slice(whole(from, 0), limit(to))],
  ['substring', (text, [from, to]) => text.substring(whole(from, 0), limit(to))],
  ['substr', (text, [from, count]) => substr(text, whole(from, 0), limit(count))],
  ['indexOf', (text, [part, at]) => text.indexOf(wordOf(part) ?? '', whole(at, 0))],
  ['lastIndexOf', (text, [part]) => text.lastIndexOf(wordOf(part) ?? '')],
  ['includes', (text, [part, at]) => text.includes(wordOf(part) ?? '', whole(at, 0))],
  ['startsWith', (text, [part, at]) => text.startsWith(wordOf(part) ?? '', whole(at, 0))],
  ['endsWith', (text, [part]) => text.endsWith(wordOf(part) ?? '')],
  ['concat', (text, parts) => text.concat(...parts.map((part) => wordOf(part) ?? ''))],
  ['toLowerCase', (text) => text.toLowerCase()],
  ['toLocaleLowerCase', (text) => text.toLowerCase()],
  ['toUpperCase', (text) => text.toUpperCase()],
  ['toLocaleUpperCase', (text) => text.toUpperCase()],
  ['trim', (text) => text.trim()],
  ['trimStart', (text) => text.trimStart()],
  ['trimEnd', (text) => text.trimEnd()],
  ['toString', (text) => text],
  ['valueOf', (text) => text],
  ['normalize', (text) => text.normalize()],
  ['localeCompare', (text, [other]) => (text < (wordOf(other) ?? '') ? -1 : Number(text !== wordOf(other)))],
  ['repeat', (text, [times]) => bounded(text.length, whole(times, 0), () => text.repeat(Math.max(0, whole(times, 0))))],
  [
    'padStart',
    (text, [length, fill]) => bounded(1, whole(length, 0), () => text.padStart(whole(length, 0), wordOf(fill ?? ' '))),
  ],
  [
    'padEnd',
    (text, [length, fill]) => bounded(1, whole(length, 0), () => text.padEnd(whole(length, 0), wordOf(fill ?? ' '))),
  ],
]);

/** ECMAScript B.2.2.1. */
function substr(text: string, from: number, count: number | undefined): string {
  const start = from < 0 ? Math.max(0, text.length + from) : from;
  return text.slice(start, count === undefined ? undefined : start + Math.max(0, count));
}

function bounded(length: number, times: number, make: () => string): string | undefined {
  return length * times > maxText ? undefined : make();
}

function splitText(text: string, [separator, most]: readonly Held[], origins: number): Held {
  const limited = most === undefined ? undefined : whole(most, 0);
  const mark = (part: string): Held => marked(part, origins);
  if (separator === undefined) return listOf([mark(text)]);
  const word = isPlain(separator) ? String(plainOf(separator)) : undefined;
  const by = word ?? toRegExp(separator, text);
  return by === undefined ? unsure(origins) : listOf(text.split(by, limited).map(mark));
}

interface Replacing extends MethodCall {
  readonly origins: number;
}

function replaceText(stage: Stage, text: string, { name, given, place, origins }: Replacing): Held {
  const [pattern, replacement] = given;
  const word = isPlain(pattern) ? String(plainOf(pattern)) : undefined;
  const found = word ?? toRegExp(pattern, text);
  if (found === undefined) return unsure(origins, text);
  let isCertain = true;
  const replaceOne = (...groups: readonly unknown[]): string => {
    if (!isCallable(replacement)) return '';
    const parts = groups
      .filter((one) => typeof one !== 'object')
      .map((one) => (typeof one === 'string' ? marked(one, origins) : Number(one)));
    const made = wordOf(stage.call(replacement, { self: undefined, given: parts }, place));
    isCertain &&= made !== undefined;
    return made ?? '';
  };
  const by = isPlain(replacement) ? wordOf(replacement) : undefined;
  if (by === undefined && !isCallable(replacement)) return unsure(origins, text);
  const isAll = name === 'replaceAll' && typeof found === 'string';
  const replaced =
    by === undefined ? replaceBy(text, { found, isAll, by: replaceOne }) : replaceBy(text, { found, isAll, by });
  return isCertain ? marked(replaced, origins) : unsure(origins, text);
}

interface Replacement {
  readonly found: string | RegExp;
  readonly isAll: boolean;
  readonly by: string | ((...groups: readonly unknown[]) => string);
}

function replaceBy(text: string, { found, isAll, by }: Replacement): string {
  const change = typeof by === 'string' ? by : (...groups: unknown[]): string => by(...groups);
  // Both overloads exist; the union of their arguments has none.
  if (typeof change === 'string') return isAll ? text.replaceAll(found, change) : text.replace(found, change);
  return isAll ? text.replaceAll(found, change) : text.replace(found, change);
}
