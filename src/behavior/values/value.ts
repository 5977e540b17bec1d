/** What an expression may be, as far as the text tells: an abstract value with the origins that flowed into it. */
import type { ESTree } from 'meriyah';
import { broadPlaces, namesBroadPlace } from '../outside/broad-path.ts';
import type { Binding, Fn, Scope } from '../syntax/scope.ts';
import { bitsThroughCall, flow, guessBits } from './flow.ts';

export type Primitive = string | number | boolean | null | undefined;

/** One call of a function of the file, evaluated by itself: its parameters have the values of that call. */
export interface Environment {
  readonly fn: Fn;
  readonly parameters: ReadonlyMap<Binding, Value>;
  /** What was computed under it. */
  readonly values: Map<object, Value>;
}

/** Where an expression stands, and in which call of its function. */
export interface Place {
  readonly scope: Scope;
  readonly env: Environment | undefined;
}

interface Flowing {
  readonly origins: number;
}

export interface ConstantValue extends Flowing {
  readonly kind: 'constant';
  readonly value: Primitive;
}

/** A buffer; one character a byte. */
export interface BytesValue extends Flowing {
  readonly kind: 'bytes';
  readonly text: string;
}

/**
 * Something of the outside, by its canonical name: `process.env`, `child_process.exec`, `npm:axios.get()`,
 * `./lib/x#.start` for the export of another file of the package.
 */
export interface ReferenceValue extends Flowing {
  readonly kind: 'reference';
  readonly name: string;
  /** Arguments that `.bind` has put before those of the call. */
  readonly bound?: readonly Value[];
}

export interface FunctionValue extends Flowing {
  readonly kind: 'function';
  readonly fn: Fn;
  /** Nothing but its name says that it is meant. */
  readonly byName?: true;
}

export interface ClassValue extends Flowing {
  readonly kind: 'class';
  readonly node: ESTree.ClassDeclaration | ESTree.ClassExpression;
  readonly scope: Scope;
}

export interface ListValue extends Flowing {
  readonly kind: 'list';
  readonly elements: readonly Value[];
  /** What it holds at which number is not known: it is made of another list that is not. */
  readonly isOpen?: true;
}

export interface ObjectValue extends Flowing {
  readonly kind: 'object';
  readonly node: ESTree.ObjectExpression;
  readonly scope: Scope;
  readonly env: Environment | undefined;
}

/** An object whose members are known one by one. */
export interface RecordValue extends Flowing {
  readonly kind: 'record';
  readonly members: ReadonlyMap<string, Value>;
}

export interface UnionValue extends Flowing {
  readonly kind: 'union';
  readonly of: readonly Value[];
}

export interface UnknownValue extends Flowing {
  readonly kind: 'unknown';
  /** What of a text is known, with `…` for the rest. */
  readonly text: string | undefined;
}

export type Value =
  | ConstantValue
  | BytesValue
  | ReferenceValue
  | FunctionValue
  | ClassValue
  | ListValue
  | ObjectValue
  | RecordValue
  | UnionValue
  | UnknownValue;

const maxTextLength = 200_000;
const maxNameLength = 160;
const maxAlternatives = 8;

export const unknownValue: UnknownValue = { kind: 'unknown', text: undefined, origins: 0 };
/** A value of which nothing has been found yet: no alternative at all. */
export const noValue: UnionValue = { kind: 'union', of: [], origins: 0 };

export function constant(value: Primitive, origins = 0): Value {
  if (typeof value === 'string') {
    if (value.length > maxTextLength) return unknown(origins);
    if (value.length <= 8 && startsLikePath(value) && namesBroadPlace(value))
      return { kind: 'constant', value, origins: origins | flow.broad };
  }
  return { kind: 'constant', value, origins };
}

/** Most texts are not asked further. */
function startsLikePath(text: string): boolean {
  const first = text.charCodeAt(0);
  return first === 0x2e || first === 0x2f || first === 0x5c || first === 0x7e || text[1] === ':';
}

export function unknown(origins: number, text?: string): Value {
  if (origins === 0 && text === undefined) return unknownValue;
  return { kind: 'unknown', text: text !== undefined && text.length > maxTextLength ? undefined : text, origins };
}

/** A reference whose name leads to nothing that is known. */
export const foreignReference: ReferenceValue = { kind: 'reference', name: '(foreign)', origins: 0 };

export function reference(name: string, origins = 0): Value {
  if (name.length > maxNameLength) return unknown(origins);
  return { kind: 'reference', name, origins: broadPlaces.has(name) ? origins | flow.broad : origins };
}

export function withOrigins(value: Value, origins: number): Value {
  return (value.origins | origins) === value.origins ? value : { ...value, origins: value.origins | origins };
}

/** What came by a name that many things may have: a field, or a method, of an object that is not understood. */
export function guess(value: Value): Value {
  const origins = guessBits(value.origins);
  return origins === value.origins ? value : { ...value, origins };
}

/** What comes out of a call of a function of the file, or goes into one. */
export function throughCall(value: Value): Value {
  const origins = bitsThroughCall(value.origins);
  return origins === value.origins ? value : { ...value, origins };
}

/** Values that one place may hold; equal constants and references once. */
export function union(values: readonly Value[]): Value {
  const [first] = values;
  if (first === undefined) return unknownValue;
  if (values.every((value) => value === first)) return first;
  const of: Value[] = [];
  let origins = 0;
  for (const value of values) {
    origins |= value.origins;
    if (value.kind === 'union') for (const one of value.of) addAlternative(of, one);
    else addAlternative(of, value);
  }
  const [only] = of;
  if (only === undefined) return origins === 0 ? noValue : unknown(origins);
  return of.length === 1 ? withOrigins(only, origins) : { kind: 'union', of, origins };
}

function addAlternative(of: Value[], value: Value): void {
  for (const one of of) if (isSameAlternative(one, value)) return;
  if (of.length < maxAlternatives) of.push(value);
  else if (value.kind === 'reference' && value !== foreignReference) {
    // Of too many, those that lead outside are kept.
    const index = of.findLastIndex(({ kind }) => kind !== 'reference');
    if (index >= 0) of[index] = value;
  }
}

/** Whether another round has taught anything. Lists are compared by their length and first elements. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.origins !== b.origins) return false;
  if (a.kind === 'union' && b.kind === 'union') {
    return a.of.length === b.of.length && a.of.every((one) => b.of.some((other) => isSameAlternative(one, other)));
  }
  if (a.kind === 'list' && b.kind === 'list') {
    return (
      a.elements.length === b.elements.length &&
      a.elements.slice(0, 8).every((one, index) => sameValue(one, b.elements[index] ?? noValue))
    );
  }
  return isSameAlternative(a, b);
}

/** The same thing, wherever it came from. */
function isSameAlternative(a: Value, b: Value): boolean {
  if (a === b) return true;
  switch (a.kind) {
    case 'constant':
      return b.kind === 'constant' && Object.is(a.value, b.value);
    case 'reference':
      return b.kind === 'reference' && a.name === b.name;
    case 'function':
      return b.kind === 'function' && a.fn === b.fn;
    case 'class':
      return b.kind === 'class' && a.node === b.node;
    case 'object':
      return b.kind === 'object' && a.node === b.node;
    case 'bytes':
      return b.kind === 'bytes' && a.text === b.text;
    case 'unknown':
      return b.kind === 'unknown' && (a.text ?? '') === (b.text ?? '');
    default:
      return false;
  }
}

/** The alternatives of a value; a value that is no union is its own only one. */
export function alternatives(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.of : [value];
}

export function referenceNames(value: Value): readonly string[] {
  return alternatives(value).flatMap((one) => (one.kind === 'reference' ? [one.name] : []));
}

/** The one constant it certainly is. */
export function constantOf(value: Value): ConstantValue | undefined {
  return value.kind === 'constant' ? value : undefined;
}

/** True or false when the text decides which. */
export function truthOf(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'constant':
      return Boolean(value.value);
    case 'function':
    case 'class':
    case 'list':
    case 'object':
    case 'record':
    case 'bytes':
      return true;
    default:
      return undefined;
  }
}
