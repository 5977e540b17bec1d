/** Operators over abstract values. */
import type { ESTree } from 'meriyah';
import { joinedOrigins, textOf } from './text-of.ts';
import { constant, type Primitive, truthOf, unknown, type Value } from './value.ts';

export function foldUnary(operator: ESTree.UnaryOperator, value: Value): Value {
  if (operator === 'void') return constant(undefined);
  if (operator === '!') {
    const truth = truthOf(value);
    return truth === undefined ? unknown(value.origins) : constant(!truth, value.origins);
  }
  if (operator === 'typeof') return value.kind === 'function' ? constant('function') : unknown(0);
  const number = numberOf(value);
  if (number === undefined) return unknown(value.origins);
  if (operator === '-') return constant(-number, value.origins);
  if (operator === '+') return constant(number, value.origins);
  return operator === '~' ? constant(~number, value.origins) : unknown(value.origins);
}

export function foldBinary(operator: ESTree.BinaryOperator, left: Value, right: Value): Value {
  const origins = left.origins | right.origins;
  if (operator === '+') return add(left, right);
  if (left.kind !== 'constant' || right.kind !== 'constant') return unknown(origins);
  const folded = computeBinary(operator)(left.value, right.value);
  return folded === undefined ? unknown(origins) : constant(folded, origins);
}

function add(left: Value, right: Value): Value {
  if (left.kind === 'constant' && right.kind === 'constant') {
    const [a, b] = [left.value, right.value];
    return typeof a === 'string' || typeof b === 'string'
      ? constant(`${a}${b}`, joinedOrigins([left, right], `${a}${b}`))
      : constant(Number(a) + Number(b), left.origins | right.origins);
  }
  // `[] + x` and friends: obfuscators spell strings so, and the list's text is what it adds.
  const [a, b] = [textOf(left), textOf(right)];
  if (a === undefined && b === undefined) return unknown(left.origins | right.origins);
  const text = `${a ?? '…'}${b ?? '…'}`;
  return unknown(joinedOrigins([left, right], text), text);
}

function numberOf(value: Value): number | undefined {
  if (value.kind !== 'constant') return undefined;
  return typeof value.value === 'symbol' ? undefined : Number(value.value);
}

/** What an operator makes of two values; undefined for those that work on objects. */
export function computeBinary(operator: ESTree.BinaryOperator): (a: Primitive, b: Primitive) => Primitive {
  const ofNumbers = Object.hasOwn(arithmetic, operator) ? arithmetic[operator] : undefined;
  if (ofNumbers !== undefined) return (a, b) => ofNumbers(Number(a), Number(b));
  return (Object.hasOwn(comparisons, operator) ? comparisons[operator] : undefined) ?? (() => undefined);
}

const comparisons: Readonly<Partial<Record<ESTree.BinaryOperator, (a: Primitive, b: Primitive) => boolean>>> = {
  '===': (a, b) => a === b,
  '!==': (a, b) => a !== b,
  '==': (a, b) => looseEqual(a, b),
  '!=': (a, b) => !looseEqual(a, b),
  '<': (a, b) => (areTexts(a, b) ? String(a) < String(b) : Number(a) < Number(b)),
  '>': (a, b) => (areTexts(a, b) ? String(a) > String(b) : Number(a) > Number(b)),
  '<=': (a, b) => (areTexts(a, b) ? String(a) <= String(b) : Number(a) <= Number(b)),
  '>=': (a, b) => (areTexts(a, b) ? String(a) >= String(b) : Number(a) >= Number(b)),
};

function areTexts(a: Primitive, b: Primitive): boolean {
  return typeof a === 'string' && typeof b === 'string';
}

const arithmetic: Readonly<Partial<Record<ESTree.BinaryOperator, (x: number, y: number) => number>>> = {
  '-': (x, y) => x - y,
  '*': (x, y) => x * y,
  '/': (x, y) => x / y,
  '%': (x, y) => x % y,
  '**': (x, y) => x ** y,
  '|': (x, y) => x | y,
  '&': (x, y) => x & y,
  '^': (x, y) => x ^ y,
  '<<': (x, y) => x << y,
  '>>': (x, y) => x >> y,
  '>>>': (x, y) => x >>> y,
};

/** ECMAScript's `==` for primitives (7.2.13 IsLooselyEqual). */
function looseEqual(a: Primitive, b: Primitive): boolean {
  const missing = (value: Primitive): boolean => value === null || value === undefined;
  if (missing(a) || missing(b)) return missing(a) && missing(b);
  return typeof a === typeof b ? a === b : Number(a) === Number(b);
}
