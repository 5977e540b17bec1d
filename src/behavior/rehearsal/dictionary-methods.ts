/** Methods of Map and Set. */
import { type Dictionary, type Held, isThing, listOf, maxNameLength, sizeOf, unsure } from './held.ts';
import type { MethodCall } from './methods.ts';
import type { Stage } from './stage.ts';

const maxEntries = 20_000;
const walking: ReadonlySet<string> = new Set(['keys', 'values', 'entries', 'forEach', 'clear']);

export function dictionaryOf(isSet: boolean, elements: readonly Held[] | undefined): Dictionary {
  const dictionary: Dictionary = { kind: 'dictionary', entries: new Map(), isSet };
  for (const element of elements ?? []) {
    const [key, value] = isSet
      ? [element, element]
      : isThing(element) && element.kind === 'list'
        ? element.elements
        : [];
    put(dictionary, key, value);
  }
  return dictionary;
}

function put({ entries }: Dictionary, key: Held, value: Held): void {
  if (entries.size < maxEntries && sizeOf(key) <= maxNameLength) entries.set(identityOf(key), [key, value]);
}

/** Texts and numbers are the same key wherever they came from. */
function identityOf(key: Held): unknown {
  return isThing(key) && key.kind === 'marked' ? key.value : key;
}

export function callDictionaryMethod(stage: Stage, self: Dictionary, { name, given, place }: MethodCall): Held {
  const { entries, isSet } = self;
  const [key, value] = given;
  if (walking.has(name)) stage.spend(entries.size >> 4);
  switch (name) {
    case 'get':
      return isThing(key) && key.kind === 'unsure' ? unsure(key.origins) : entries.get(identityOf(key))?.[1];
    case 'has':
      return isThing(key) && key.kind === 'unsure' ? unsure(0) : entries.has(identityOf(key));
    case 'set':
      put(self, key, value);
      return self;
    case 'add':
      put(self, key, key);
      return self;
    case 'delete':
      return entries.delete(identityOf(key));
    case 'clear':
      entries.clear();
      return undefined;
    case 'keys':
      return listOf([...entries.values()].map(([one]) => one));
    case 'values':
      return listOf([...entries.values()].map(([, one]) => one));
    case 'entries':
      return listOf([...entries.values()].map(([one, other]) => (isSet ? one : listOf([one, other]))));
    case 'forEach':
      for (const [one, other] of [...entries.values()])
        stage.call(key, { self: undefined, given: [other, one, self] }, place);
      return undefined;
    default:
      return unsure(0);
  }
}
