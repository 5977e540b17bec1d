/** Methods of what is held: of texts, lists, maps, bytes and functions; those of other objects are members like any. */
import { bytesToText, textToBytes } from '../values/encoding.ts';
import { flow } from '../values/flow.ts';
import { callDictionaryMethod } from './dictionary-methods.ts';
import type { CallPlace } from './frame.ts';
import {
  type Bytes,
  type Held,
  isCallable,
  isThing,
  listOf,
  marked,
  originsOf,
  plainOf,
  type Table,
  unsure,
  wordOf,
} from './held.ts';
import { callListMethod } from './list-methods.ts';
import { isListMethod, isTextMethod } from './method-names.ts';
import { callPatternMethod } from './patterns.ts';
import type { Stage } from './stage.ts';
import { callTextMethod } from './text-methods.ts';
import { textOfBytes } from './translate.ts';

export interface MethodCall {
  readonly self: Held;
  readonly name: string;
  readonly given: readonly Held[];
  readonly place: CallPlace;
}

/** `self.name(...given)`. */
export function callMember(stage: Stage, call: MethodCall): Held {
  const { self, name, given, place } = call;
  if (typeof self === 'string' && isTextMethod(name)) return callTextMethod(stage, self, call);
  if (isThing(self) && self.kind === 'list' && isListMethod(name)) return callMethod(stage, call);
  const member = stage.get(self, name);
  if (isThing(member) && member.kind === 'method') return callMethod(stage, call);
  if (member === undefined && (name === 'then' || name === 'catch' || name === 'finally')) return answer(stage, call);
  return stage.call(member, { self, given }, place);
}

/** What awaits a value that is there already. */
function answer(stage: Stage, { self, name, given: [callback], place }: MethodCall): Held {
  if (name !== 'then') {
    stage.later(callback, { self: undefined, given: [unsure(0)] });
    return self;
  }
  return isCallable(callback) ? stage.call(callback, { self: undefined, given: [self] }, place) : self;
}

/** A method that is taken from what it belongs to. */
export function callMethod(stage: Stage, call: MethodCall): Held {
  const { self, name } = call;
  stage.spend(1);
  if (!isThing(self)) {
    return typeof self === 'string' ? callTextMethod(stage, self, call) : callNumberMethod(self, call, 0);
  }
  switch (self.kind) {
    case 'marked':
      if (typeof self.value === 'string') return callTextMethod(stage, self.value, call);
      return callNumberMethod(self.value, call, self.origins);
    case 'list':
      return isFunctionMethod(name) ? unsure(0) : callListMethod(stage, self, call);
    case 'dictionary':
      return callDictionaryMethod(stage, self, call);
    case 'bytes':
      return callBytesMethod(stage, self, call);
    case 'pattern':
      return callPatternMethod(stage, self, call);
    case 'table':
      return callObjectMethod(self, call);
    default:
      return isFunctionMethod(name) ? callFunctionMethod(stage, call) : unsure(originsOf(self));
  }
}

function isFunctionMethod(name: string): boolean {
  return name === 'call' || name === 'apply' || name === 'bind';
}

/** `f.call(self, …)`, `f.apply(self, […])`, `f.bind(self, …)`. */
export function callFunctionMethod(stage: Stage, { self: target, name, given, place }: MethodCall): Held {
  const [self, ...rest] = given;
  if (name === 'bind') return { kind: 'bound', target, self, given: rest };
  if (name === 'call') return stage.call(target, { self, given: rest }, place);
  return stage.call(target, { self, given: listed(stage, rest[0]) }, place);
}

/** What `apply` is given as a list. */
export function listed(stage: Stage, list: Held): readonly Held[] {
  if (list === undefined || list === null) return [];
  return stage.iterate(list) ?? [unsure(originsOf(list))];
}

function callNumberMethod(self: Held, { name, given }: MethodCall, origins: number): Held {
  if (typeof self === 'number' && name === 'toString') {
    const radix = given.length === 0 ? 10 : Number(plainOf(given[0]));
    return radix >= 2 && radix <= 36 ? marked(self.toString(radix), origins) : unsure(origins);
  }
  if (typeof self === 'number' && name === 'toFixed')
    return marked(self.toFixed(Number(plainOf(given[0] ?? 0)) & 15), origins);
  if (name === 'valueOf') return self;
  return name === 'toString' ? marked(String(self), origins) : unsure(origins);
}

function callObjectMethod(self: Table, { name, given }: MethodCall): Held {
  const key = wordOf(given[0]);
  if (name === 'hasOwnProperty' || name === 'propertyIsEnumerable')
    return key === undefined ? unsure(0) : self.members.has(key);
  return name === 'valueOf' ? self : '[object Object]';
}

function callBytesMethod(stage: Stage, self: Bytes, { name, given, place }: MethodCall): Held {
  const { numbers, origins } = self;
  stage.spend(numbers.length >> 4);
  switch (name) {
    case 'toString': {
      const encoding = String(plainOf(given[0]) ?? 'utf8').toLowerCase();
      const encodes = encoding.startsWith('base64') || encoding === 'hex';
      if (self.isOpen === true) return unsure(encodes ? origins & ~flow.decoded : origins);
      return marked(bytesToText(textOfBytes(numbers), encoding), encodes ? origins & ~flow.decoded : origins);
    }
    case 'readUInt8':
    case 'at':
      return marked(numbers[Number(plainOf(given[0] ?? 0))], origins);
    case 'slice':
    case 'subarray':
      return { ...self, numbers: numbers.slice(Number(plainOf(given[0] ?? 0)), end(given[1])) };
    case 'write':
    case 'fill':
    case 'set':
      return writeBytes(stage, self, { name, given });
    default: {
      const list = callListMethod(stage, listOf(numbers.map((one) => marked(one, origins))), {
        self,
        name,
        given,
        place,
      });
      return name === 'map' || name === 'reverse' || name === 'filter' ? toBytes(list, origins) : list;
    }
  }
}

/** `bytes.write(text, at, 'hex')`, `bytes.set(others, at)`, `bytes.fill(0)`: what is written where no number tells flows in all the same. */
function writeBytes(stage: Stage, self: Bytes, { name, given }: Pick<MethodCall, 'name' | 'given'>): Held {
  const [value, ...rest] = given;
  const [encoding = 'utf8'] = rest.flatMap((one) => (typeof plainOf(one) === 'string' ? [String(plainOf(one))] : []));
  const decodes = encoding === 'hex' || encoding.startsWith('base64');
  self.origins |= (originsOf(value) | (decodes ? flow.decoded : 0)) & ~flow.broad;
  const written = numbersOf(value, encoding);
  const offset = rest.find((one) => typeof plainOf(one) !== 'string');
  const at = offset === undefined ? 0 : plainOf(offset);
  if (written === undefined || typeof at !== 'number' || !(at >= 0)) {
    self.isOpen = true;
    return unsure(self.origins);
  }
  const room = Math.max(0, self.numbers.length - Math.trunc(at));
  const length = Math.min(room, name === 'fill' ? room : written.length);
  stage.spend(length >> 4);
  for (let index = 0; index < length; index += 1)
    self.numbers[Math.trunc(at) + index] = written[index % written.length] ?? 0;
  return name === 'write' ? length : self;
}

function numbersOf(held: Held, encoding: string): readonly number[] | undefined {
  if (isThing(held) && held.kind === 'bytes') return held.numbers;
  if (isThing(held) && held.kind === 'list') return held.elements.map((one) => Number(plainOf(one)) & 0xff);
  const plain = plainOf(held);
  if (typeof plain === 'number') return [plain & 0xff];
  return typeof plain === 'string' ? Array.from(textToBytes(plain, encoding), (one) => one.charCodeAt(0)) : undefined;
}

function toBytes(held: Held, origins: number): Held {
  if (!isThing(held) || held.kind !== 'list') return held;
  return { kind: 'bytes', numbers: held.elements.map((one) => Number(plainOf(one)) & 0xff), origins };
}

function end(held: Held): number | undefined {
  return held === undefined ? undefined : Number(plainOf(held));
}
