/** What an expression may be, as far as the text tells: an abstract value with the origins that flowed into it. */
import type { ESTree } from 'meriyah';
import type { Origin } from '../model/behavior.ts';
import type { Binding, Fn, Scope } from './scope.ts';

/** Bits, so that joining two flows is one operation. */
export const flow = {
  decoded: 1,
  fetched: 2,
  file: 4,
  environment: 8,
  parameter: 16,
  /** A name out of a directory listing. */
  listing: 32,
  /** A path at or above the home folder, the root, the working directory or a drive. */
  broad: 64,
} as const;

export type Primitive = string | number | boolean | null | undefined;

/** One call of a function of the file, evaluated by itself: its parameters have the values of that call. */
export interface Environment {
  readonly fn: Fn;
  readonly parameters: ReadonlyMap<Binding, Value>;
  /** What was computed under it. */
  readonly values: Map<object, Value>;
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
}

export interface FunctionValue extends Flowing {
  readonly kind: 'function';
  readonly fn: Fn;
}

export interface ClassValue extends Flowing {
  readonly kind: 'class';
  readonly node: ESTree.ClassDeclaration | ESTree.ClassExpression;
}

export interface ListValue extends Flowing {
  readonly kind: 'list';
  readonly elements: readonly Value[];
}

export interface ObjectValue extends Flowing {
  readonly kind: 'object';
  readonly node: ESTree.ObjectExpression;
  readonly scope: Scope;
  readonly env: Environment | undefined;
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
    if (value.length <= 8 && broadPath.test(value)) return { kind: 'constant', value, origins: origins | flow.broad };
  }
  return { kind: 'constant', value, origins };
}

export function unknown(origins: number, text?: string): Value {
  if (origins === 0 && text === undefined) return unknownValue;
  return { kind: 'unknown', text: text !== undefined && text.length > maxTextLength ? undefined : text, origins };
}

export function reference(name: string, origins = 0): Value {
  if (name.length > maxNameLength) return unknown(origins);
  return { kind: 'reference', name, origins: broadPlaces.has(name) ? origins | flow.broad : origins };
}

/** Origins of a text put together from parts: what is appended to a broad path narrows it, unless it walks over it. */
export function joinedOrigins(origins: number, text: string | undefined): number {
  if ((origins & flow.broad) === 0 || (origins & flow.listing) !== 0) return origins;
  return text !== undefined && isBroad(text) ? origins : origins & ~flow.broad;
}

/** A path that is, or stands directly above, everything somebody owns. */
export function isBroad(path: string): boolean {
  return path !== '' && /^(?:<home>|<cwd>|~|\/|\.|\.\.|[A-Za-z]:)?(?:[\\/]\.\.)*[\\/]*\*{0,2}$/.test(path);
}

export function withOrigins(value: Value, origins: number): Value {
  return (value.origins | origins) === value.origins ? value : { ...value, origins: value.origins | origins };
}

/** Values that one place may hold; equal constants and references once. */
export function union(values: readonly Value[]): Value {
  if (values.length === 1) return values[0] ?? unknownValue;
  const seen = new Map<unknown, Value>();
  let origins = 0;
  const add = (value: Value): void => {
    origins |= value.origins;
    if (value.kind === 'union') {
      for (const one of value.of) add(one);
      return;
    }
    const key = identityOf(value);
    if (seen.size < maxAlternatives && !seen.has(key)) seen.set(key, value);
  };
  for (const value of values) add(value);
  const of = [...seen.values()];
  const [only] = of;
  if (only === undefined) return values.length > 0 && origins === 0 ? noValue : unknown(origins);
  return of.length === 1 ? withOrigins(only, origins) : { kind: 'union', of, origins };
}

/** Whether another round has taught anything. Lists are compared by their length and first elements. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.origins !== b.origins) return false;
  if (a.kind === 'union' && b.kind === 'union') {
    const known = new Set(b.of.map(identityOf));
    return a.of.length === b.of.length && a.of.every((one) => known.has(identityOf(one)));
  }
  if (a.kind === 'list' && b.kind === 'list') {
    return (
      a.elements.length === b.elements.length &&
      a.elements.slice(0, 8).every((one, index) => sameValue(one, b.elements[index] ?? noValue))
    );
  }
  return identityOf(a) === identityOf(b);
}

function identityOf(value: Value): unknown {
  switch (value.kind) {
    case 'constant':
      return `${typeof value.value}:${value.value}`;
    case 'reference':
      return `reference:${value.name}`;
    case 'function':
      return value.fn;
    case 'class':
    case 'object':
      return value.node;
    case 'bytes':
      return `bytes:${value.text}`;
    case 'unknown':
      return `unknown:${value.text ?? ''}`;
    default:
      return value;
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
    case 'bytes':
      return true;
    default:
      return undefined;
  }
}

const broadPath = /^(?:~|\.{1,2}|[A-Za-z]:)?[\\/](?:\.\.[\\/]?)*$|^(?:~|\.\.)$/;
const broadPlaces = new Set([
  'os.homedir()',
  'process.env.HOME',
  'process.env.USERPROFILE',
  'process.cwd()',
  'process.env.INIT_CWD',
]);

const places: Readonly<Record<string, string>> = {
  'os.homedir()': '<home>',
  'os.homedir': '<home>',
  'process.env.HOME': '<home>',
  'process.env.USERPROFILE': '<home>',
  'process.cwd()': '<cwd>',
  'process.env.INIT_CWD': '<cwd>',
  __dirname: '<package>',
  __filename: '<package>',
  'os.tmpdir()': '<temp>',
  'os.tmpdir': '<temp>',
};

/** The value as text: constants in full, known folders by name, `…` for what is not known. */
export function textOf(value: Value): string | undefined {
  switch (value.kind) {
    case 'constant':
      return String(value.value);
    case 'bytes':
      return value.text;
    case 'unknown':
      return value.text;
    case 'reference':
      return places[value.name] ?? environmentVariable(value.name);
    case 'list': {
      const texts = value.elements.slice(0, 64).map(textOf);
      return texts.every((text) => text === undefined) ? undefined : texts.map((text) => text ?? '…').join(' ');
    }
    case 'union':
      for (const one of value.of) {
        const text = one.kind === 'constant' && typeof one.value !== 'string' ? undefined : textOf(one);
        if (text !== undefined && text !== '') return text;
      }
      return undefined;
    default:
      return undefined;
  }
}

function environmentVariable(name: string): string | undefined {
  return name.startsWith('process.env.') ? `$${name.slice('process.env.'.length)}` : undefined;
}

const originNames: readonly (readonly [number, Origin])[] = [
  [flow.decoded, 'decoded'],
  [flow.fetched, 'fetched'],
  [flow.file, 'file'],
  [flow.environment, 'environment'],
  [flow.parameter, 'parameter'],
];

export function originsOf(bits: number): Origin[] {
  return originNames.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
}

const globalObjects = new Set(['globalThis', 'window', 'global', 'self', 'root', 'top', 'parent', 'frames']);
/** Node's own modules, told from packages of the registry by name. */
const builtins = new Set(
  `assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns
  dns/promises domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix
  path/win32 perf_hooks process punycode querystring readline readline/promises repl stream stream/consumers
  stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty url util util/types v8 vm
  wasi worker_threads zlib`.split(/\s+/),
);

/** A free identifier. */
export function globalReference(name: string): Value {
  if (name === 'undefined') return constant(undefined);
  if (name === 'Infinity') return constant(Number.POSITIVE_INFINITY);
  if (name === 'NaN') return constant(Number.NaN);
  return reference(globalObjects.has(name) ? 'globalThis' : name);
}

const numbers: ReadonlyMap<string, number> = new Map([
  ['Number.POSITIVE_INFINITY', Number.POSITIVE_INFINITY],
  ['Number.NEGATIVE_INFINITY', Number.NEGATIVE_INFINITY],
  ['Number.MAX_VALUE', Number.MAX_VALUE],
  ['Number.MAX_SAFE_INTEGER', Number.MAX_SAFE_INTEGER],
  ['Number.MIN_SAFE_INTEGER', Number.MIN_SAFE_INTEGER],
]);

/** A module as `require` or `import` gives it. */
export function moduleReference(specifier: string): Value {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return reference(`${specifier}#`);
  const bare = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  if (!builtins.has(bare) && bare === specifier) return reference(`npm:${specifier}`);
  return reference(bare.replace('/', '.').replace('.promises', ''));
}

/** `name.property`, with the spellings that mean the same brought together. */
export function memberReference(name: string, property: string, origins: number): Value {
  if (name === 'globalThis') return withOrigins(globalReference(property), origins);
  if (property === 'default' && !name.includes('()')) return reference(name, origins);
  if (property === 'promises' && builtins.has(name)) return reference(name, origins);
  if (property === 'constructor' && (name.endsWith('.constructor') || name === 'Function')) {
    return reference('Function', origins);
  }
  if (
    property === 'require' &&
    (name === 'process.mainModule' || name === 'module' || name.startsWith('require.main'))
  ) {
    return reference('require', origins);
  }
  const number = numbers.get(`${name}.${property}`);
  if (number !== undefined) return constant(number, origins);
  const bits = name === 'process.env' ? origins | flow.environment : origins;
  return reference(`${name}.${property}`, bits);
}

/** The file of the package, and the export of it, that a reference names. */
export function parseLocalReference(name: string): { readonly specifier: string; readonly member: string } | undefined {
  const hash = name.startsWith('.') || name.startsWith('/') ? name.indexOf('#') : -1;
  if (hash < 0) return undefined;
  return { specifier: name.slice(0, hash), member: name.slice(hash + 1).replace(/^\./, '') };
}
