/** Lists, objects, maps and promises: what makes them and tells what they hold. */
import { dictionaryOf } from './dictionary-methods.ts';
import {
  type Held,
  isCallable,
  isPlain,
  isThing,
  listOf,
  marked,
  maxList,
  originsOf,
  plainOf,
  tableOf,
  unsure,
  wordOf,
} from './held.ts';
import { setMember } from './members.ts';
import { type Native, of } from './native.ts';

const makeList = of((given) => {
  const [length] = given;
  if (given.length !== 1 || typeof length !== 'number') return listOf([...given]);
  return listOf(new Array<Held>(Math.max(0, Math.min(length, maxList)) | 0).fill(undefined));
});

const listFrom = of(([source, mapper], stage) => {
  const elements = stage.iterate(source) ?? lengthOf(source);
  if (elements === undefined) return unsure(originsOf(source));
  const list = listOf([...elements]);
  return isCallable(mapper)
    ? stage.call({ kind: 'method', self: list, name: 'map' }, { self: list, given: [mapper] }, undefined)
    : list;
});

/** `Array.from({ length: 3 }, …)`. */
function lengthOf(source: Held): Held[] | undefined {
  const length = isThing(source) && source.kind === 'table' ? source.members.get('length') : undefined;
  return typeof length === 'number'
    ? new Array<Held>(Math.max(0, Math.min(length, maxList)) | 0).fill(undefined)
    : undefined;
}

const settle: Native = (stage, { given: [executor], place }) => {
  if (!isCallable(executor)) return undefined;
  const cell: { value: Held } = { value: unsure(0) };
  const settler = { kind: 'settler', cell } as const;
  stage.call(executor, { self: undefined, given: [settler, { kind: 'settler', cell: { value: undefined } }] }, place);
  return { value: cell.value };
};

/** It may have any members. */
function isOpen(held: Held): boolean {
  return isThing(held) && (held.kind === 'unsure' || held.kind === 'outside');
}

function entriesOf(held: Held): [string, Held][] {
  if (isThing(held) && (held.kind === 'table' || held.kind === 'closure' || held.kind === 'maker'))
    return [...held.members];
  if (isThing(held) && held.kind === 'list') return held.elements.map((one, index) => [String(index), one]);
  return [];
}

const assign: Native = (stage, { given }) => {
  const [target, ...sources] = given;
  for (const source of sources)
    for (const [name, value] of entriesOf(source)) setMember(stage, target, { name, value });
  return { value: target };
};

const defineProperty: Native = (stage, { given: [target, key, descriptor] }) => {
  const name = wordOf(key);
  if (name === undefined || !isThing(descriptor) || descriptor.kind !== 'table') return { value: target };
  const getter = descriptor.members.get('get');
  if (isThing(getter) && getter.kind === 'closure' && isThing(target) && target.kind === 'table')
    target.getters.set(name, getter);
  if (descriptor.members.has('value')) setMember(stage, target, { name, value: descriptor.members.get('value') });
  return { value: target };
};

const maxParsed = 100_000;

/** @param nesting How deep the document may still be. */
export function fromDocument(document: unknown, origins: number, nesting = 60): Held {
  if (
    document === null ||
    typeof document === 'boolean' ||
    typeof document === 'number' ||
    typeof document === 'string'
  )
    return marked(document, origins);
  if (nesting === 0 || typeof document !== 'object') return unsure(origins);
  if (Array.isArray(document)) return listOf(document.map((one: unknown) => fromDocument(one, origins, nesting - 1)));
  return tableOf(
    Object.entries(document).map(
      ([name, one]: [string, unknown]) => [name, fromDocument(one, origins, nesting - 1)] as const,
    ),
  );
}

const parseJson = of(([held]) => {
  const text = isPlain(held) ? plainOf(held) : undefined;
  if (typeof text !== 'string' || text.length > maxParsed) return unsure(originsOf(held));
  try {
    return fromDocument(JSON.parse(text), originsOf(held));
  } catch {
    // The program would throw on it; nothing flows from it.
    return unsure(originsOf(held));
  }
});

export const objectNatives: readonly (readonly [string, Native])[] = [
  ['Array', makeList],
  ['Int32Array', makeList],
  ['Uint32Array', makeList],
  ['Uint16Array', makeList],
  ['Int16Array', makeList],
  ['Float64Array', makeList],
  ['Array.of', of((given) => listOf([...given]))],
  ['Array.from', listFrom],
  [
    'Array.isArray',
    of(([held]) =>
      isThing(held) && (held.kind === 'unsure' || held.kind === 'outside')
        ? unsure(0)
        : isThing(held) && held.kind === 'list',
    ),
  ],
  ['Map', of(([source], stage) => dictionaryOf(false, stage.iterate(source)))],
  ['WeakMap', of(([source], stage) => dictionaryOf(false, stage.iterate(source)))],
  ['Set', of(([source], stage) => dictionaryOf(true, stage.iterate(source)))],
  ['Promise', settle],
  [
    'Promise.all',
    of(([list], stage) => {
      const all = stage.iterate(list);
      return all === undefined ? unsure(originsOf(list)) : listOf([...all]);
    }),
  ],
  ['Object', of(([held]) => held ?? tableOf())],
  [
    'Object.keys',
    of(([held]) => (isOpen(held) ? unsure(originsOf(held)) : listOf(entriesOf(held).map(([name]) => name)))),
  ],
  [
    'Object.getOwnPropertyNames',
    of(([held]) => (isOpen(held) ? unsure(0) : listOf(entriesOf(held).map(([name]) => name)))),
  ],
  [
    'Object.values',
    of(([held]) => (isOpen(held) ? unsure(originsOf(held)) : listOf(entriesOf(held).map(([, value]) => value)))),
  ],
  [
    'Object.entries',
    of(([held]) => (isOpen(held) ? unsure(originsOf(held)) : listOf(entriesOf(held).map((pair) => listOf([...pair]))))),
  ],
  [
    'Object.fromEntries',
    of(([source], stage) =>
      tableOf(
        (stage.iterate(source) ?? []).flatMap((pair) => {
          const [name, value] = isThing(pair) && pair.kind === 'list' ? pair.elements : [];
          return typeof name === 'string' ? [[name, value] as const] : [];
        }),
      ),
    ),
  ],
  ['Object.create', of(([prototype]) => tableOf([], prototype ?? undefined))],
  ['Object.assign', assign],
  ['Object.freeze', of(([held]) => held)],
  ['Object.seal', of(([held]) => held)],
  ['Object.defineProperty', defineProperty],
  ['JSON.parse', parseJson],
  ['JSON.stringify', of(([held]) => unsure(originsOf(held)))],
  ['Symbol', of(() => unsure(0))],
];
