/** What is held while acting out, as an abstract value, and the other way round. */
import type { FileSites } from '../syntax/scope.ts';
import { constant, reference, union, unknown, unknownValue, type Value } from '../values/value.ts';
import {
  type Bound,
  type Held,
  isThing,
  type List,
  listOf,
  marked,
  nothingKnown,
  type Table,
  tableOf,
  unsure,
} from './held.ts';

const maxElements = 2_000;
const maxNesting = 4;

export function fromValue(value: Value): Held {
  switch (value.kind) {
    case 'constant':
      return marked(value.value, value.origins);
    case 'reference': {
      const outside = { kind: 'outside', name: value.name, origins: value.origins } as const;
      return value.bound === undefined
        ? outside
        : { kind: 'bound', target: outside, self: undefined, given: value.bound.map(fromValue) };
    }
    case 'bytes':
      return {
        kind: 'bytes',
        numbers: Array.from(value.text, (one) => one.charCodeAt(0) & 0xff),
        origins: value.origins,
      };
    case 'list':
      return listOf(value.elements.map(fromValue));
    case 'record':
      return tableOf([...value.members].map(([name, member]) => [name, fromValue(member)] as const));
    case 'unknown':
      return unsure(value.origins, value.text);
    default:
      return value.origins === 0 ? nothingKnown : unsure(value.origins);
  }
}

export function toValue(held: Held, sites: Pick<FileSites, 'fnOf'>): Value {
  return new Translation(sites).toValue(held, 0);
}

/** Lists may hold one another, and the same one many times: only so much of it is told. */
class Translation {
  readonly #sites: Pick<FileSites, 'fnOf'>;
  #left = maxElements;

  constructor(sites: Pick<FileSites, 'fnOf'>) {
    this.#sites = sites;
  }

  toValue(held: Held, nesting: number): Value {
    this.#left -= 1;
    if (!isThing(held)) return constant(held);
    switch (held.kind) {
      case 'marked':
        return constant(held.value, held.origins);
      case 'outside':
        return reference(held.name, held.origins);
      case 'unsure':
        return unknown(held.origins, held.text);
      case 'bytes':
        return { kind: 'bytes', text: textOfBytes(held.numbers), origins: held.origins };
      case 'closure': {
        const fn = this.#sites.fnOf.get(held.node);
        return fn === undefined ? unknownValue : { kind: 'function', fn, origins: 0 };
      }
      case 'list':
      case 'table':
      case 'bound':
        return nesting >= maxNesting || this.#left <= 0 ? unknownValue : this.#toCollection(held, nesting + 1);
      default:
        return unknownValue;
    }
  }

  #toCollection(held: List | Table | Bound, nesting: number): Value {
    if (held.kind === 'list') {
      const elements = held.elements.slice(0, Math.max(0, this.#left)).map((one) => this.toValue(one, nesting));
      return { kind: 'list', elements, origins: elements.reduce((bits, one) => bits | one.origins, 0) };
    }
    if (held.kind === 'bound') {
      const target = this.toValue(held.target, nesting);
      return target.kind === 'reference' && held.given.length > 0
        ? { ...target, bound: held.given.map((one) => this.toValue(one, nesting)) }
        : target;
    }
    const entries = [...held.members].slice(0, Math.max(0, this.#left));
    const members = new Map(entries.map(([name, one]) => [name, this.toValue(one, nesting)]));
    return { kind: 'record', members, origins: [...members.values()].reduce((bits, one) => bits | one.origins, 0) };
  }
}

export function textOfBytes(numbers: readonly number[]): string {
  let text = '';
  for (const one of numbers) text += String.fromCharCode(one & 0xff);
  return text;
}

export function toAlternatives(held: readonly Held[], sites: Pick<FileSites, 'fnOf'>): Value {
  return union(held.map((one) => toValue(one, sites)));
}
