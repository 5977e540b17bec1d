/** Operators over what is certain. */
import type { ESTree } from 'meriyah';
import { isBroad } from '../outside/broad-path.ts';
import { flow } from '../values/flow.ts';
import { computeBinary } from '../values/fold-operator.ts';
import { textOf } from '../values/text-of.ts';
import type { Primitive } from '../values/value.ts';
import { type Held, isPlain, isThing, marked, numberOf, originsOf, plainOf, truth, unsure, wordOf } from './held.ts';

type Binary = (left: Held, right: Held) => Held;

export function binaryOf(operator: ESTree.BinaryOperator): Binary {
  if (operator === '+') return add;
  if (operator === 'in') return (left, right) => isIn(left, right);
  if (operator === 'instanceof') return () => unsure(0);
  const compute = computeBinary(operator);
  return (left, right) => {
    if (!isThing(left) && !isThing(right)) return compute(left, right);
    return computeThings(left, right, { operator, compute });
  };
}

interface Computing {
  readonly operator: ESTree.BinaryOperator;
  readonly compute: (left: Primitive, right: Primitive) => Primitive;
}

function computeThings(left: Held, right: Held, { operator, compute }: Computing): Held {
  const origins = originsOf(left) | originsOf(right);
  if (isPlain(left) && isPlain(right)) return marked(compute(plainOf(left), plainOf(right)), origins & ~flow.broad);
  if (operator.startsWith('==') || operator.startsWith('!='))
    return compareIdentity(left, right, operator.startsWith('!'));
  const [a, b] = [numberOf(left), numberOf(right)];
  return a === undefined || b === undefined ? unsure(origins & ~flow.broad) : marked(compute(a, b), origins);
}

/** Two objects of the program are the same or not; what is outside may be anything. */
function compareIdentity(left: Held, right: Held, negated: boolean): Held {
  if (left === right && isThing(left) && left.kind !== 'unsure') return !negated;
  const isOpen = (held: Held): boolean => isThing(held) && (held.kind === 'outside' || held.kind === 'unsure');
  if (isOpen(left) || isOpen(right)) return unsure(0);
  if (isPlain(left) !== isPlain(right)) {
    const [a, b] = [wordOf(left), wordOf(right)];
    if (a !== undefined && b !== undefined && plainOf(left) !== null && plainOf(right) !== null)
      return (a === b) !== negated;
  }
  return negated;
}

function isIn(left: Held, right: Held): Held {
  const name = wordOf(left);
  if (name === undefined || !isThing(right)) return unsure(0);
  if (right.kind === 'table') return right.members.has(name) || right.getters.has(name) ? true : unsure(0);
  if (right.kind === 'list') return Number(name) < right.elements.length;
  return unsure(0);
}

export function add(left: Held, right: Held): Held {
  if (!isThing(left) && !isThing(right)) {
    if (typeof left === 'string' || typeof right === 'string') return marked(`${left}${right}`, 0);
    return Number(left) + Number(right);
  }
  const [a, b] = [textIn(left), textIn(right)];
  const origins = originsOf(left) | originsOf(right);
  if (isPlain(left) && isPlain(right)) {
    const [x, y] = [plainOf(left), plainOf(right)];
    if (typeof x !== 'string' && typeof y !== 'string') return marked(Number(x) + Number(y), origins);
  }
  const text = `${a ?? '…'}${b ?? '…'}`;
  const certain = wordOf(left) !== undefined && wordOf(right) !== undefined;
  const joined =
    (origins & flow.broad) !== 0 && (origins & flow.listing) === 0 && !isBroad(text) ? origins & ~flow.broad : origins;
  if (certain) return marked(text, joined);
  return /^…*$/.test(text) ? unsure(joined) : unsure(joined, text.slice(0, maxPartial));
}

const maxPartial = 4_096;

/** What is known of it as a text; a known folder of the outside by its name. */
export function textIn(held: Held): string | undefined {
  if (!isThing(held)) return String(held);
  if (held.kind === 'unsure') return held.text;
  return held.kind === 'outside' ? textOf({ kind: 'reference', name: held.name, origins: held.origins }) : wordOf(held);
}

/** The first that may be something, of values of which it is not known which one it is. */
export function either(values: readonly Held[]): Held {
  const [first] = values;
  const telling = values.find((one) => one !== undefined && one !== null && !(isThing(one) && one.kind === 'unsure'));
  if (telling !== undefined) return telling;
  const origins = values.reduce<number>((bits, one) => bits | originsOf(one), 0);
  return origins === 0 ? first : unsure(origins);
}

export function unaryOf(operator: ESTree.UnaryOperator): (held: Held) => Held {
  switch (operator) {
    case '!':
      return (held) => {
        const known = truth(held);
        return known === undefined ? unsure(originsOf(held)) : !known;
      };
    case 'void':
      return () => undefined;
    case 'typeof':
      return typeName;
    case '-':
      return (held) => toNumber(held, (number) => -number);
    case '~':
      return (held) => toNumber(held, (number) => ~number);
    case '+':
      return (held) => toNumber(held, (number) => number);
    default:
      return () => unsure(0);
  }
}

export function toNumber(held: Held, change: (number: number) => number): Held {
  const number = numberOf(held);
  return number === undefined ? unsure(originsOf(held)) : marked(change(number), originsOf(held));
}

function typeName(held: Held): Held {
  if (!isThing(held)) return held === null ? 'object' : typeof held;
  switch (held.kind) {
    case 'marked':
      return typeof held.value;
    case 'outside':
    case 'unsure':
      return unsure(0);
    case 'closure':
    case 'maker':
    case 'bound':
    case 'method':
    case 'settler':
      return 'function';
    default:
      return 'object';
  }
}
