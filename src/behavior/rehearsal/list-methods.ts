/** Methods of lists; those that take a function call it. */
import { flow } from '../values/flow.ts';
import {
  type Held,
  isThing,
  type List,
  listOf,
  marked,
  maxList,
  maxText,
  numberOf,
  originsOf,
  plainOf,
  tableOf,
  truth,
  unsure,
  wordOf,
} from './held.ts';
import type { MethodCall } from './methods.ts';
import { textIn } from './operations.ts';
import type { Stage } from './stage.ts';

type ListMethod = (list: List, call: MethodCall, stage: Stage) => Held;

export function callListMethod(stage: Stage, list: List, call: MethodCall): Held {
  stage.spend(1 + (costly.has(call.name) ? list.elements.length >> 3 : 0));
  const method = listMethods.get(call.name);
  if (method !== undefined) return method(list, call, stage);
  return unsure(originsOf(list));
}

/** Those that look at all elements or move them. */
const costly: ReadonlySet<string> = new Set(
  'concat every fill filter find findIndex flat forEach includes indexOf join map reduce reverse shift slice some splice sort unshift'.split(
    ' ',
  ),
);

function whole(held: Held, otherwise: number): number {
  const number = held === undefined ? otherwise : numberOf(held);
  return number === undefined || Number.isNaN(number) ? 0 : Math.trunc(number);
}

/** Calls the function for each element, until it is told to stop. */
function each(
  list: List,
  { given: [callback], place, self }: MethodCall,
  stage: Stage,
): (visit: (made: Held, one: Held, index: number) => boolean) => void {
  return (visit) => {
    list.elements
      .slice(0, maxCalled)
      .some((one, index) =>
        visit(stage.call(callback, { self: undefined, given: [one, index, self] }, place), one, index),
      );
  };
}

const maxCalled = 5_000;

const listMethods: ReadonlyMap<string, ListMethod> = new Map<string, ListMethod>([
  [
    'push',
    ({ elements }, { given }) => (elements.length + given.length > maxList ? elements.length : elements.push(...given)),
  ],
  ['pop', ({ elements }) => elements.pop()],
  ['shift', ({ elements }) => elements.shift()],
  [
    'unshift',
    ({ elements }, { given }) =>
      elements.length + given.length > maxList ? elements.length : elements.unshift(...given),
  ],
  [
    'slice',
    ({ elements }, { given: [from, to] }) =>
      listOf(elements.slice(whole(from, 0), to === undefined ? undefined : whole(to, 0))),
  ],
  [
    'subarray',
    ({ elements }, { given: [from, to] }) =>
      listOf(elements.slice(whole(from, 0), to === undefined ? undefined : whole(to, 0))),
  ],
  ['splice', splice],
  ['concat', ({ elements }, { given }) => flatten([listOf(elements), ...given])],
  ['join', (list, { given: [separator] }) => join(list, separator === undefined ? ',' : (wordOf(separator) ?? '…'))],
  ['toString', (list) => join(list, ',')],
  ['reverse', (list) => reverse(list)],
  ['toReversed', (list) => reverse(listOf([...list.elements]))],
  ['at', ({ elements }, { given: [at] }) => elements.at(whole(at, 0))],
  ['indexOf', ({ elements }, { given: [one] }) => find(elements, one, -1, (at) => at)],
  ['lastIndexOf', ({ elements }, { given: [one] }) => find(elements, one, -1, (at) => at)],
  ['includes', ({ elements }, { given: [one] }) => find(elements, one, false, () => true)],
  ['fill', fill],
  ['flat', ({ elements }) => flatten(elements)],
  ['keys', ({ elements }) => listOf(elements.map((_, index) => index))],
  ['values', ({ elements }) => listOf([...elements])],
  ['entries', ({ elements }) => listOf(elements.map((one, index) => listOf([index, one])))],
  ['next', next],
  ['map', (list, call, stage) => collect(list, call, stage, (made) => [made])],
  [
    'flatMap',
    (list, call, stage) =>
      collect(list, call, stage, (made) => (isThing(made) && made.kind === 'list' ? made.elements : [made])),
  ],
  ['filter', (list, call, stage) => collect(list, call, stage, (made, one) => (truth(made) === false ? [] : [one]))],
  [
    'forEach',
    (list, call, stage) => {
      each(list, call, stage)(() => false);
      return undefined;
    },
  ],
  ['some', (list, call, stage) => search(list, call, stage, { found: () => true, otherwise: false })],
  ['find', (list, call, stage) => search(list, call, stage, { found: (one) => one, otherwise: undefined })],
  ['findIndex', (list, call, stage) => search(list, call, stage, { found: (_, index) => index, otherwise: -1 })],
  ['every', every],
  ['reduce', (list, call, stage) => reduce(list.elements, call, stage)],
  ['reduceRight', (list, call, stage) => reduce([...list.elements].reverse(), call, stage)],
  ['sort', sort],
  ['toSorted', (list, call, stage) => sort(listOf([...list.elements]), call, stage)],
]);

/** Where it stands in a list; not known of what may be anything. */
// biome-ignore lint/complexity/useMaxParams: a list, what is looked for, and both answers
function find(elements: readonly Held[], one: Held, otherwise: Held, found: (at: number) => Held): Held {
  const at = elements.findIndex((other) => isSame(one, other));
  if (at >= 0) return found(at);
  return isOpen(one) || elements.some(isOpen) ? unsure(0) : otherwise;
}

function isOpen(held: Held): boolean {
  return isThing(held) && (held.kind === 'unsure' || held.kind === 'outside');
}

function isSame(one: Held, other: Held): boolean {
  return one === other || (plainOf(one) !== undefined && plainOf(one) === plainOf(other));
}

/** Lists in it one after another. */
function flatten(parts: readonly Held[]): Held {
  const elements: Held[] = [];
  for (const part of parts) {
    if (isThing(part) && part.kind === 'list') for (const one of part.elements) elements.push(one);
    else elements.push(part);
    if (elements.length > maxList) break;
  }
  return listOf(elements);
}

function splice({ elements }: List, { given }: MethodCall): Held {
  const [from, count, ...added] = given;
  if (elements.length + added.length > maxList) return unsure(0);
  return listOf(elements.splice(whole(from, 0), given.length < 2 ? elements.length : whole(count, 0), ...added));
}

function join({ elements }: List, separator: string): Held {
  let origins = 0;
  let text = '';
  let isCertain = true;
  elements.forEach((one, index) => {
    origins |= originsOf(one);
    const word = one === undefined || one === null ? '' : wordOf(one);
    isCertain &&= word !== undefined;
    if (text.length <= maxText) text += `${index === 0 ? '' : separator}${word ?? textIn(one) ?? '…'}`;
  });
  const kept = origins & ~flow.broad;
  return isCertain ? marked(text, kept) : unsure(kept, text.slice(0, maxPartial));
}

const maxPartial = 4_096;

/** Text that is written backwards is written to be hidden. */
function reverse(list: List): Held {
  list.elements.reverse();
  const letters = list.elements.length > 1 && list.elements.every((one) => typeof one === 'string' && one.length === 1);
  if (letters)
    list.elements.forEach((one, index) => {
      list.elements[index] = marked(plainOf(one), flow.decoded);
    });
  return list;
}

function fill(list: List, { given: [value, from, to] }: MethodCall): Held {
  list.elements.fill(value, whole(from, 0), to === undefined ? undefined : whole(to, 0));
  return list;
}

function next(list: List): Held {
  const isDone = list.at >= list.elements.length;
  const value = list.elements[list.at];
  list.at += 1;
  return tableOf([
    ['value', isDone ? undefined : value],
    ['done', isDone],
  ]);
}

// biome-ignore lint/complexity/useMaxParams: the first three are those of every method
function collect(list: List, call: MethodCall, stage: Stage, keep: (made: Held, one: Held) => readonly Held[]): Held {
  const elements: Held[] = [];
  each(
    list,
    call,
    stage,
  )((made, one) => {
    elements.push(...keep(made, one));
    return elements.length > maxList;
  });
  return listOf(elements);
}

interface Search {
  readonly found: (one: Held, index: number) => Held;
  readonly otherwise: Held;
}

// biome-ignore lint/complexity/useMaxParams: the first three are those of every method
function search(list: List, call: MethodCall, stage: Stage, { found, otherwise }: Search): Held {
  let answer: Held = otherwise;
  each(
    list,
    call,
    stage,
  )((made, one, index) => {
    if (truth(made) !== true) return false;
    answer = found(one, index);
    return true;
  });
  return answer;
}

function every(list: List, call: MethodCall, stage: Stage): Held {
  let answer: Held = true;
  each(
    list,
    call,
    stage,
  )((made) => {
    if (truth(made) !== false) return false;
    answer = false;
    return true;
  });
  return answer;
}

function reduce(elements: readonly Held[], { given, place }: MethodCall, stage: Stage): Held {
  const [callback, start] = given;
  const [first, ...others] = elements.slice(0, maxCalled);
  const rest = given.length > 1 ? elements.slice(0, maxCalled) : others;
  return rest.reduce<Held>(
    (sum, one, index) =>
      stage.call(callback, { self: undefined, given: [sum, one, given.length > 1 ? index : index + 1] }, place),
    given.length > 1 ? start : first,
  );
}

function sort(list: List, { given: [callback], place }: MethodCall, stage: Stage): Held {
  if (list.elements.length > maxCalled) return list;
  const compare = (a: Held, b: Held): number => {
    if (callback === undefined) return (wordOf(a) ?? '') < (wordOf(b) ?? '') ? -1 : 1;
    return numberOf(stage.call(callback, { self: undefined, given: [a, b] }, place)) ?? 0;
  };
  list.elements.sort(compare);
  return list;
}
