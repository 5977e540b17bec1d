/**
 * What a variable holds while a file's text is acted out: numbers, texts, lists and objects as the program would have them;
 * everything of the outside by its canonical name; and what cannot be known, with the origins that flowed into it.
 */
import type { ESTree } from 'meriyah';
import type { FunctionNode } from '../syntax/scope.ts';
import type { Primitive } from '../values/value.ts';

/** A text or number that came from somewhere worth telling. */
export interface Marked {
  readonly kind: 'marked';
  readonly value: Primitive;
  readonly origins: number;
}

/** Something of the outside: see `ReferenceValue`. */
export interface Outside {
  readonly kind: 'outside';
  readonly name: string;
  readonly origins: number;
}

export interface Unsure {
  readonly kind: 'unsure';
  readonly origins: number;
  /** What of a text is known, with `…` for the rest. */
  readonly text: string | undefined;
}

export interface List {
  readonly kind: 'list';
  readonly elements: Held[];
  /** Where an iterator over it stands. */
  at: number;
}

/** An object, or an instance of a class of the file. */
export interface Table {
  readonly kind: 'table';
  readonly members: Map<string, Held>;
  readonly getters: Map<string, Closure>;
  readonly maker: Held;
}

/** A Map or Set. */
export interface Dictionary {
  readonly kind: 'dictionary';
  readonly entries: Map<unknown, readonly [Held, Held]>;
  readonly isSet: boolean;
}

export interface Closure {
  readonly kind: 'closure';
  readonly node: FunctionNode;
  readonly run: (call: Call) => Held;
  readonly members: Map<string, Held>;
  /** An arrow function's `this`, or what a class's method belongs to. */
  readonly self: Held;
}

export interface Maker {
  readonly kind: 'maker';
  readonly node: ESTree.ClassDeclaration | ESTree.ClassExpression;
  readonly parent: Held;
  readonly construct: Closure | undefined;
  readonly prototype: Table;
  readonly members: Map<string, Held>;
  /** Puts the fields that the class declares into a new instance. */
  readonly prepare: (instance: Table) => void;
}

/** `f.bind(self, …given)`; what a method is when it is taken from its object: `[].map`. */
export interface Bound {
  readonly kind: 'bound';
  readonly target: Held;
  readonly self: Held;
  readonly given: readonly Held[];
}

export interface Method {
  readonly kind: 'method';
  readonly self: Held;
  readonly name: string;
}

/** One number a byte. */
export interface Bytes {
  readonly kind: 'bytes';
  readonly numbers: number[];
  origins: number;
  /** Something was written into it that cannot be known. */
  isOpen?: true;
}

export interface Pattern {
  readonly kind: 'pattern';
  readonly source: string;
  readonly flags: string;
}

/** What a promise's executor is given to answer with. */
export interface Settler {
  readonly kind: 'settler';
  readonly cell: { value: Held };
}

/** What another file of the package holds, as far as it is text and numbers. */
export interface KnownModule {
  /** The whole of it, where that is known: a JSON document. */
  readonly whole?: Held;
  readonly members: ReadonlyMap<string, Held>;
  /** Given where it exports functions: what they make of a text is found by acting them out. */
  readonly code?: ModuleCode;
}

export interface ModuleCode {
  readonly text: string;
  readonly path: string;
}

export type Thing =
  | Marked
  | Outside
  | Unsure
  | List
  | Table
  | Dictionary
  | Closure
  | Maker
  | Bound
  | Method
  | Bytes
  | Pattern
  | Settler;

export type Held = Primitive | Thing;

/** One call of a function of the file. */
export interface Call {
  readonly self: Held;
  readonly given: readonly Held[];
}

export const nothingKnown: Unsure = { kind: 'unsure', origins: 0, text: undefined };

export const maxText = 200_000;
export const maxList = 20_000;
/** Of a longer list only the start is looked at, where the whole is not asked for. */
const maxTold = 64;
/** A longer name of a member is none that anybody asks for. */
export const maxNameLength = 1_000;

export function isThing(held: Held): held is Thing {
  return typeof held === 'object' && held !== null;
}

export function unsure(origins: number, text?: string): Unsure {
  return origins === 0 && text === undefined ? nothingKnown : { kind: 'unsure', origins, text };
}

export function marked(value: Primitive, origins: number): Held {
  if (typeof value === 'string' && value.length > maxText) return unsure(origins);
  return origins === 0 ? value : { kind: 'marked', value, origins };
}

export function listOf(elements: Held[]): List {
  return { kind: 'list', elements: elements.length > maxList ? elements.slice(0, maxList) : elements, at: 0 };
}

export function tableOf(entries: Iterable<readonly [string, Held]> = [], maker: Held = undefined): Table {
  return { kind: 'table', members: new Map(entries), getters: new Map(), maker };
}

/** What flowed into it, or into what a list holds. */
export function originsOf(held: Held): number {
  if (!isThing(held)) return 0;
  switch (held.kind) {
    case 'marked':
    case 'outside':
    case 'unsure':
    case 'bytes':
      return held.origins;
    case 'list': {
      let bits = 0;
      for (let at = 0; at < held.elements.length && at < maxTold; at += 1) {
        const one = held.elements[at];
        if (isThing(one) && 'origins' in one) bits |= one.origins;
      }
      return bits;
    }
    default:
      return 0;
  }
}

/** The text, number or the like that it certainly is; `undefined` alone does not tell: see `isPlain`. */
export function plainOf(held: Held): Primitive {
  if (!isThing(held)) return held;
  return held.kind === 'marked' ? held.value : undefined;
}

export function isPlain(held: Held): boolean {
  return !isThing(held) || held.kind === 'marked';
}

/** As `String(held)` would have it; undefined where that is not known, or long to tell. */
export function wordOf(held: Held, most: number = maxTold): string | undefined {
  if (!isThing(held)) return String(held);
  switch (held.kind) {
    case 'marked':
      return String(held.value);
    case 'list': {
      if (held.elements.length > most) return undefined;
      const words = held.elements.map((one) => (one === null || one === undefined ? '' : wordOf(one, most >> 3)));
      return words.includes(undefined) ? undefined : words.join(',');
    }
    case 'table':
    case 'dictionary':
      return '[object Object]';
    default:
      return undefined;
  }
}

/** How much work it is to go through it. */
export function sizeOf(held: Held): number {
  if (typeof held === 'string') return held.length;
  if (!isThing(held)) return 0;
  switch (held.kind) {
    case 'marked':
      return typeof held.value === 'string' ? held.value.length : 0;
    case 'list':
      return held.elements.length;
    case 'bytes':
      return held.numbers.length;
    case 'dictionary':
      return held.entries.size;
    case 'table':
      return held.members.size;
    default:
      return 0;
  }
}

export function numberOf(held: Held): number | undefined {
  if (!isThing(held)) return Number(held);
  if (held.kind === 'marked') return Number(held.value);
  const word = held.kind === 'list' ? wordOf(held) : undefined;
  return word === undefined ? undefined : Number(word);
}

/** True or false where it is certain. */
export function truth(held: Held): boolean | undefined {
  if (!isThing(held)) return Boolean(held);
  if (held.kind === 'marked') return Boolean(held.value);
  return held.kind === 'outside' || held.kind === 'unsure' ? undefined : true;
}

export function isCallable(held: Held): held is Closure | Maker | Bound | Method | Outside | Settler {
  if (!isThing(held)) return false;
  switch (held.kind) {
    case 'closure':
    case 'maker':
    case 'bound':
    case 'method':
    case 'outside':
    case 'settler':
      return true;
    default:
      return false;
  }
}
