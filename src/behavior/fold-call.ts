/** Calls that only rearrange text: what string, list and buffer functions give for values that are known. */
import { bytesToText, textToBytes } from './encoding.ts';
import { moduleReference } from './references.ts';
import type { Fn } from './scope.ts';
import { joinedOrigins, textOf } from './text-of.ts';
import {
  alternatives,
  constant,
  flow,
  type ReferenceValue,
  reference,
  union,
  unknown,
  type Value,
  withOrigins,
} from './value.ts';

/** What the folding of a call needs from the evaluator. */
export interface Caller {
  callFunction(fn: Fn, given: readonly Value[]): Value;
  property(value: Value, name: string): Value;
}

interface MethodCall {
  readonly name: string;
  readonly given: readonly Value[];
}

const maxRepeat = 10_000;
const maxMapped = 4_096;

function originsOfAll(values: readonly Value[]): number {
  return values.reduce((bits, one) => bits | one.origins, 0);
}

/** `value.name(...given)`; undefined when it is no method that is understood here. */
export function foldMethod(value: Value, { name, given }: MethodCall, caller: Caller): Value | undefined {
  switch (value.kind) {
    case 'constant':
      return typeof value.value === 'string'
        ? foldStringMethod(value.value, value.origins, { name, given })
        : undefined;
    case 'bytes':
      return name === 'toString' ? decodeBytes(value.text, textArgument(given, 0), value.origins) : undefined;
    case 'list':
      return foldListMethod(value.elements, { name, given }, caller);
    case 'unknown':
      // A method of something unknown keeps what flowed into it, and adds what flows into the call.
      return name === 'reverse' && value.origins === 0 ? undefined : unknown(value.origins | originsOfAll(given));
    default:
      return undefined;
  }
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

function foldStringMethod(text: string, bits: number, { name, given }: MethodCall): Value | undefined {
  const origins = bits | originsOfAll(given);
  const [from, to] = [numberArgument(given, 0), numberArgument(given, 1)];
  const slices = Number.isNaN(from) || Number.isNaN(to);
  switch (name) {
    case 'split': {
      const separator = textArgument(given, 0);
      if (separator === undefined) return unknown(origins);
      return { kind: 'list', elements: text.split(separator).map((part) => constant(part, origins)), origins };
    }
    case 'slice':
      return slices ? unknown(origins) : constant(text.slice(from, to), origins);
    case 'substring':
      return slices ? unknown(origins) : constant(text.substring(from ?? 0, to), origins);
    case 'substr':
      return slices
        ? unknown(origins)
        : constant(text.slice(from, to === undefined ? undefined : (from ?? 0) + to), origins);
    case 'charAt':
    case 'at':
      return slices ? unknown(origins) : constant(text.at(from ?? 0), origins);
    case 'charCodeAt':
    case 'codePointAt':
      return slices ? unknown(origins) : constant(text.charCodeAt(from ?? 0), origins);
    case 'repeat':
      return slices || text.length * (from ?? 0) > maxRepeat
        ? unknown(origins)
        : constant(text.repeat(Math.max(0, from ?? 0)), origins);
    case 'concat':
      return given.every((one) => one.kind === 'constant')
        ? constant(text.concat(...given.map((one) => textOf(one) ?? '')), origins)
        : unknown(origins, text);
    case 'replace':
    case 'replaceAll': {
      const [pattern, replacement] = [textArgument(given, 0), textArgument(given, 1)];
      if (pattern === undefined || replacement === undefined) return unknown(origins);
      // As a function, so that `$` in the replacement stands for itself less often than it could; the text is only shown.
      return constant(
        name === 'replace' ? text.replace(pattern, () => replacement) : text.replaceAll(pattern, () => replacement),
        origins,
      );
    }
    case 'toString':
    case 'valueOf':
    case 'normalize':
      return constant(text, origins);
    case 'trim':
      return constant(text.trim(), origins);
    case 'toLowerCase':
      return constant(text.toLowerCase(), origins);
    case 'toUpperCase':
      return constant(text.toUpperCase(), origins);
    default:
      return unknown(origins);
  }
}

function foldListMethod(elements: readonly Value[], { name, given }: MethodCall, caller: Caller): Value | undefined {
  const origins = originsOfAll(elements) | originsOfAll(given);
  switch (name) {
    case 'join': {
      const separator = given.length === 0 ? ',' : textArgument(given, 0);
      if (separator === undefined) return unknown(origins);
      const text = elements
        .map((one) => (one.kind === 'constant' && one.value == null ? '' : (textOf(one) ?? '…')))
        .join(separator);
      return elements.every((one) => one.kind === 'constant') ? constant(text, origins) : unknown(origins, text);
    }
    case 'reverse':
      // Text that is written backwards is written to be hidden.
      return {
        kind: 'list',
        elements: elements.map((one) => withOrigins(one, flow.decoded)).reverse(),
        origins: origins | flow.decoded,
      };
    case 'concat':
      return {
        kind: 'list',
        elements: [...elements, ...given.flatMap((one) => (one.kind === 'list' ? one.elements : [one]))],
        origins,
      };
    case 'slice': {
      const [from, to] = [numberArgument(given, 0), numberArgument(given, 1)];
      return Number.isNaN(from) || Number.isNaN(to)
        ? unknown(origins)
        : { kind: 'list', elements: elements.slice(from, to), origins };
    }
    case 'map': {
      const [callback] = given;
      if (callback === undefined || elements.length > maxMapped) return unknown(origins);
      return {
        kind: 'list',
        elements: elements.map((one, index) => callWith(callback, [one, constant(index)], caller)),
        origins,
      };
    }
    case 'filter':
    case 'sort':
      return { kind: 'list', elements, origins };
    case 'pop':
    case 'shift':
      return elements.at(name === 'pop' ? -1 : 0) ?? constant(undefined);
    default:
      return unknown(origins);
  }
}

function callWith(callback: Value, given: readonly Value[], caller: Caller): Value {
  if (callback.kind === 'function') return caller.callFunction(callback.fn, given);
  if (callback.kind === 'reference')
    return foldOutsideCall(callback, given.slice(0, 1), caller) ?? unknown(originsOfAll(given));
  return unknown(originsOfAll(given));
}

type OutsideCall = (given: readonly Value[], caller: Caller, callee: ReferenceValue) => Value | undefined;

const outsideCalls: Readonly<Record<string, OutsideCall>> = {
  require: loadModule,
  import: loadModule,
  'module._load': loadModule,
  'module.Module._load': loadModule,
  'module.constructor._load': loadModule,
  'process.getBuiltinModule': loadModule,
  'module.createRequire': () => reference('require'),
  'Buffer.from': toBytes,
  'buffer.Buffer.from': toBytes,
  Buffer: toBytes,
  atob: (given) => decodeConstant(given, (text) => textToBytes(text, 'base64')),
  unescape: (given) => decodeConstant(given, (text) => unescapeText(text)),
  decodeURIComponent: (given) => keepConstant(given, (text) => decodeURIComponent(text)),
  decodeURI: (given) => keepConstant(given, (text) => decodeURI(text)),
  'String.fromCharCode': fromCharCodes,
  'String.fromCodePoint': fromCharCodes,
  String: ([value]) => (value === undefined ? constant('') : textValue(value)),
  Number: ([value]) => (value?.kind === 'constant' ? constant(Number(value.value), value.origins) : undefined),
  parseInt: parseInteger,
  'Number.parseInt': parseInteger,
  'Array.from': ([value, mapper], caller) => listOf(value, mapper, caller),
  'Array.of': (given) => ({ kind: 'list', elements: given, origins: originsOfAll(given) }),
  'path.join': joinPath,
  'path.resolve': joinPath,
  'path.normalize': ([value]) => value,
  'path.posix.join': joinPath,
  'path.win32.join': joinPath,
  'util.promisify': ([value]) => value,
  'Promise.resolve': ([value]) => value,
  'Object.freeze': ([value]) => value,
  'Object.assign': ([value, ...rest]) => (value === undefined ? undefined : union([...rest, value])),
  'Reflect.get': ([object, key], caller) => {
    const name = key === undefined ? undefined : textOf(key);
    return object === undefined || name === undefined ? undefined : caller.property(object, name);
  },
  'JSON.parse': ([value]) => unknown(value?.origins ?? 0),
  'JSON.stringify': ([value]) => unknown(value?.origins ?? 0),
  'url.fileURLToPath': ([value]) => value,
  URL: ([value]) => value,
  'url.URL': ([value]) => value,
  Function: (given) => {
    // The old way to the global object: `Function('return this')()`.
    const body = given.at(-1);
    return body?.kind === 'constant' && /^\s*return this;?\s*$/.test(String(body.value))
      ? reference('Function#this')
      : undefined;
  },
  'Function#this': () => reference('globalThis'),
};

/** Whether `foldOutsideCall` may have something to say, so that arguments need not be looked at in vain. */
export function foldsOutsideCall(name: string): boolean {
  return Object.hasOwn(outsideCalls, name) || /\.(?:call|apply|bind)$/.test(name);
}

/** What calling something of the outside gives; undefined when only its name is known. */
export function foldOutsideCall(callee: ReferenceValue, given: readonly Value[], caller: Caller): Value | undefined {
  const { name } = callee;
  const known = Object.hasOwn(outsideCalls, name) ? outsideCalls[name] : undefined;
  if (known !== undefined) return known(given, caller, callee);
  if (name.endsWith('.call')) return foldIndirect(name.slice(0, -'.call'.length), given.slice(1), caller);
  if (name.endsWith('.apply')) {
    const list = given[1];
    return foldIndirect(
      name.slice(0, -'.apply'.length),
      list?.kind === 'list' ? list.elements : [unknown(list?.origins ?? 0)],
      caller,
    );
  }
  if (name.endsWith('.bind')) return reference(name.slice(0, -'.bind'.length), callee.origins);
  return undefined;
}

function foldIndirect(name: string, given: readonly Value[], caller: Caller): Value | undefined {
  const callee: ReferenceValue = { kind: 'reference', name, origins: 0 };
  return foldOutsideCall(callee, given, caller) ?? reference(`${name}()`, originsOfAll(given));
}

function loadModule([specifier]: readonly Value[]): Value | undefined {
  if (specifier === undefined) return undefined;
  const names = alternatives(specifier).flatMap((one) =>
    one.kind === 'constant' && typeof one.value === 'string' ? [one.value] : [],
  );
  return names.length === 0 ? unknown(specifier.origins & flow.decoded) : union(names.map(moduleReference));
}

function toBytes([value, encoding]: readonly Value[]): Value {
  const name = encoding?.kind === 'constant' ? String(encoding.value).toLowerCase() : 'utf8';
  const decodes = name.startsWith('base64') || name === 'hex';
  const origins = (value?.origins ?? 0) | (decodes || value?.kind === 'list' ? flow.decoded : 0);
  if (value?.kind === 'constant' && typeof value.value === 'string') {
    return { kind: 'bytes', text: textToBytes(value.value, name), origins };
  }
  if (value?.kind === 'list' && value.elements.every((one) => one.kind === 'constant')) {
    const text = value.elements.map((one) =>
      String.fromCharCode(one.kind === 'constant' ? Number(one.value) & 255 : 0),
    );
    return { kind: 'bytes', text: text.join(''), origins };
  }
  return unknown(origins);
}

function decodeBytes(text: string, encoding: string | undefined, origins: number): Value {
  const name = encoding?.toLowerCase() ?? 'utf8';
  const encodes = name.startsWith('base64') || name === 'hex';
  return constant(bytesToText(text, name), encodes ? origins & ~flow.decoded : origins);
}

function decodeConstant(given: readonly Value[], decode: (text: string) => string): Value {
  return withOrigins(keepConstant(given, decode), flow.decoded);
}

function keepConstant([value]: readonly Value[], decode: (text: string) => string): Value {
  if (value?.kind !== 'constant' || typeof value.value !== 'string') return unknown(value?.origins ?? 0);
  try {
    return constant(decode(value.value), value.origins);
  } catch {
    // Text that does not decode is what the program would throw on; nothing flows from it.
    return unknown(value.origins);
  }
}

/** ECMAScript B.2.1.2. */
function unescapeText(text: string): string {
  return text.replace(
    /%u([0-9a-fA-F]{4})|%([0-9a-fA-F]{2})/g,
    (_, wide: string | undefined, narrow: string | undefined) =>
      String.fromCharCode(Number.parseInt(wide ?? narrow ?? '', 16)),
  );
}

function fromCharCodes(given: readonly Value[]): Value {
  const origins = originsOfAll(given) | flow.decoded;
  if (given.length === 0 || !given.every((one) => one.kind === 'constant')) return unknown(origins);
  return constant(
    given.map((one) => (one.kind === 'constant' ? String.fromCodePoint(codePoint(Number(one.value))) : '')).join(''),
    origins,
  );
}

function codePoint(number: number): number {
  return Number.isInteger(number) && number >= 0 && number <= 0x10ffff ? number : 0xfffd;
}

function textValue(value: Value): Value {
  const text = textOf(value);
  return value.kind === 'constant' ? constant(String(value.value), value.origins) : unknown(value.origins, text);
}

function parseInteger([value, radix]: readonly Value[]): Value | undefined {
  if (value?.kind !== 'constant') return undefined;
  const base = radix?.kind === 'constant' ? Number(radix.value) : 10;
  return constant(Number.parseInt(String(value.value), base), value.origins);
}

function listOf(value: Value | undefined, mapper: Value | undefined, caller: Caller): Value | undefined {
  const elements =
    value?.kind === 'list'
      ? value.elements
      : value?.kind === 'constant' && typeof value.value === 'string'
        ? [...value.value].map((one) => constant(one, value.origins))
        : undefined;
  if (elements === undefined) return undefined;
  const list: Value = { kind: 'list', elements, origins: originsOfAll(elements) };
  return mapper === undefined ? list : foldMethod(list, { name: 'map', given: [mapper] }, caller);
}

/** `path.join` and `path.resolve` for display and for telling broad targets: segments joined, `.` and doubled slashes dropped. */
function joinPath(given: readonly Value[]): Value {
  const text = given
    .map((one) => textOf(one) ?? '…')
    .join('/')
    .replace(/\/+(?:\.\/+)*/g, '/');
  const origins = joinedOrigins(originsOfAll(given), text);
  return given.every((one) => one.kind === 'constant') ? constant(text, origins) : unknown(origins, text);
}
