/** Methods that only rearrange text: what those of strings, lists and buffers give for values that are known. */

import type { Fn } from '../syntax/scope.ts';
import { bytesToText } from './encoding.ts';
import { anyhow, flow } from './flow.ts';
import { textOf } from './text-of.ts';
import { constant, type ReferenceValue, unknown, type Value, withOrigins } from './value.ts';

/** What folding needs from the evaluator. */
export interface Caller {
  callFunction(fn: Fn, given: readonly Value[]): Value;
  callOutside(callee: ReferenceValue, given: readonly Value[]): Value | undefined;
  property(value: Value, name: string): Value;
}

interface MethodCall {
  readonly name: string;
  readonly given: readonly Value[];
  readonly caller: Caller;
}

const maxRepeat = 10_000;
const maxMapped = 4_096;

/** `value.name(...given)`; undefined when it is no method that is understood here. */
export function foldMethod(value: Value, call: MethodCall): Value | undefined {
  const { name, given } = call;
  switch (value.kind) {
    case 'constant':
      return typeof value.value === 'string' ? foldStringMethod(value.value, value.origins, call) : undefined;
    case 'bytes':
      return name === 'toString' ? decodeBytes(value.text, textArgument(given, 0), value.origins) : undefined;
    case 'list':
      return foldListMethod(value.elements, call);
    case 'unknown':
      // A method of something unknown keeps what flowed into it, and adds what flows into the call.
      if (name === 'reverse' && value.origins === 0) return undefined;
      if (cuts.has(name)) return unknown(value.origins);
      return unknown(
        value.origins | originsOfAll(given) | (givesOn.has(name) ? originsGivenBack(given, call.caller) : 0),
      );
    default:
      return undefined;
  }
}

export function originsOfAll(values: readonly Value[]): number {
  return values.reduce((bits, one) => bits | one.origins, 0);
}

/** Methods whose value is made of what the function gives that they are given. */
export const givesOn: ReadonlySet<string> = new Set(['map', 'flatMap', 'reduce', 'replace', 'replaceAll']);

/** `codes.map((code) => String.fromCharCode(code))` */
export function originsGivenBack(given: readonly Value[], caller: Pick<Caller, 'callFunction'>): number {
  const fns = given.flatMap((one) => (one.kind === 'function' ? [one.fn] : []));
  return fns.reduce((bits, fn) => bits | (caller.callFunction(fn, []).origins & anyhow(flow.decoded)), 0);
}

function textArgument(given: readonly Value[], index: number): string | undefined {
  const value = given[index];
  return value?.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;
}

function numberArgument(given: readonly Value[], index: number): number | undefined {
  const value = given[index];
  if (value === undefined) return undefined;
  return value.kind === 'constant' && typeof value.value === 'number' ? value.value : Number.NaN;
}

function foldStringMethod(text: string, bits: number, { name, given }: MethodCall): Value {
  const origins = cuts.has(name) ? bits : bits | originsOfAll(given);
  const bySpan = Object.hasOwn(spanMethods, name) ? spanMethods[name] : undefined;
  if (bySpan !== undefined) {
    const [from, to] = [numberArgument(given, 0), numberArgument(given, 1)];
    const folded = Number.isNaN(from) || Number.isNaN(to) ? undefined : bySpan(text, from ?? 0, to);
    return folded === undefined ? unknown(origins) : constant(folded, origins);
  }
  const byText = Object.hasOwn(textMethods, name) ? textMethods[name] : undefined;
  return byText === undefined ? unknown(origins) : byText(text, given, origins);
}

/** A piece of a text is as foreign as the text, wherever it is that the cut was told from. */
export const cuts: ReadonlySet<string> = new Set(['slice', 'substring', 'substr']);

/** Methods that take numbers only. */
const spanMethods: Readonly<
  Record<string, (text: string, from: number, to: number | undefined) => string | number | undefined>
> = {
  slice: (text, from, to) => text.slice(from, to),
  substring: (text, from, to) => text.substring(from, to),
  substr: (text, from, to) => text.slice(from, to === undefined ? undefined : from + to),
  charAt: (text, from) => text.at(from),
  at: (text, from) => text.at(from),
  charCodeAt: (text, from) => text.charCodeAt(from),
  codePointAt: (text, from) => text.charCodeAt(from),
  repeat: (text, from) => (text.length * from > maxRepeat ? undefined : text.repeat(Math.max(0, from))),
};

type TextMethod = (text: string, given: readonly Value[], origins: number) => Value;

const textMethods: Readonly<Record<string, TextMethod>> = {
  split: (text, given, origins) => {
    const separator = textArgument(given, 0);
    if (separator === undefined) return unknown(origins);
    return { kind: 'list', elements: text.split(separator).map((part) => constant(part, origins)), origins };
  },
  concat: (text, given, origins) =>
    given.every((one) => one.kind === 'constant')
      ? constant(text.concat(...given.map((one) => textOf(one) ?? '')), origins)
      : unknown(origins, text),
  replace: (text, given, origins) => replaceText(given, origins, (from, to) => text.replace(from, () => to)),
  replaceAll: (text, given, origins) => replaceText(given, origins, (from, to) => text.replaceAll(from, () => to)),
  toString: keepText,
  valueOf: keepText,
  normalize: keepText,
  trim: (text, _, origins) => constant(text.trim(), origins),
  toLowerCase: (text, _, origins) => constant(text.toLowerCase(), origins),
  toUpperCase: (text, _, origins) => constant(text.toUpperCase(), origins),
};

function keepText(text: string, _given: readonly Value[], origins: number): Value {
  return constant(text, origins);
}

/** The replacement is taken literally: `$` stands for itself less often than it could, and the text is only shown. */
function replaceText(given: readonly Value[], origins: number, replace: (from: string, to: string) => string): Value {
  const [pattern, replacement] = [textArgument(given, 0), textArgument(given, 1)];
  if (pattern === undefined || replacement === undefined) return unknown(origins);
  return constant(replace(pattern, replacement), origins);
}

function decodeBytes(text: string, encoding: string | undefined, origins: number): Value {
  const name = encoding?.toLowerCase() ?? 'utf8';
  const encodes = name.startsWith('base64') || name === 'hex';
  return constant(bytesToText(text, name), encodes ? origins & ~anyhow(flow.decoded) : origins);
}

function foldListMethod(elements: readonly Value[], { name, given, caller }: MethodCall): Value {
  const origins = originsOfAll(elements) | originsOfAll(given);
  const method = Object.hasOwn(listMethods, name) ? listMethods[name] : undefined;
  return method === undefined ? unknown(origins) : method(elements, { given, caller, origins });
}

interface ListCall {
  readonly given: readonly Value[];
  readonly caller: Caller;
  readonly origins: number;
}

type ListMethod = (elements: readonly Value[], call: ListCall) => Value;

const listMethods: Readonly<Record<string, ListMethod>> = {
  join: (elements, { given, origins }) => {
    const separator = given.length === 0 ? ',' : textArgument(given, 0);
    if (separator === undefined) return unknown(origins);
    const text = elements
      .map((one) => (one.kind === 'constant' && one.value == null ? '' : (textOf(one) ?? '…')))
      .join(separator);
    return elements.every((one) => one.kind === 'constant') ? constant(text, origins) : unknown(origins, text);
  },
  // Text that is written backwards is written to be hidden.
  reverse: (elements, { origins }) => ({
    kind: 'list',
    elements: elements.map((one) => withOrigins(one, flow.decoded)).reverse(),
    origins: origins | flow.decoded,
  }),
  concat: (elements, { given, origins }) => ({
    kind: 'list',
    elements: [...elements, ...given.flatMap((one) => (one.kind === 'list' ? one.elements : [one]))],
    origins,
  }),
  slice: (elements, { given, origins }) => {
    const [from, to] = [numberArgument(given, 0), numberArgument(given, 1)];
    return Number.isNaN(from) || Number.isNaN(to)
      ? unknown(origins)
      : { kind: 'list', elements: elements.slice(from, to), origins };
  },
  map: (elements, { given: [callback], caller, origins }) =>
    callback === undefined || elements.length > maxMapped
      ? unknown(origins)
      : {
          kind: 'list',
          elements: elements.map((one, index) => callWith(callback, [one, constant(index)], caller)),
          origins,
        },
  filter: (elements, { origins }) => ({ kind: 'list', elements, origins }),
  sort: (elements, { origins }) => ({ kind: 'list', elements, origins }),
  pop: (elements) => elements.at(-1) ?? constant(undefined),
  shift: (elements) => elements.at(0) ?? constant(undefined),
};

function callWith(callback: Value, given: readonly Value[], caller: Caller): Value {
  if (callback.kind === 'function') return caller.callFunction(callback.fn, given);
  const folded = callback.kind === 'reference' ? caller.callOutside(callback, given.slice(0, 1)) : undefined;
  return folded ?? unknown(originsOfAll(given));
}
