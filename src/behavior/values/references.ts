/** Canonical names of the outside: globals, modules and their members, however the code spells them. */
import { flow } from './flow.ts';
import { constant, foreignReference, reference, type Value, withOrigins } from './value.ts';

export const globalObjects: ReadonlySet<string> = new Set([
  'globalThis',
  'window',
  'global',
  'self',
  'root',
  'top',
  'parent',
  'frames',
]);
/** Node's own modules, told from packages of the registry by name. */
const builtins = new Set(
  `assert assert/strict async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns
  dns/promises domain events fs fs/promises http http2 https inspector inspector/promises module net os path path/posix
  path/win32 perf_hooks process punycode querystring readline readline/promises repl stream stream/consumers
  stream/promises stream/web string_decoder sys timers timers/promises tls trace_events tty url util util/types v8 vm
  wasi worker_threads zlib`.split(/\s+/),
);

/** Packages that give the page's own objects to bundlers. */
const globalPackages: ReadonlyMap<string, string> = new Map([
  ['global', 'globalThis'],
  ['global/window', 'globalThis'],
  ['global/document', 'document'],
]);

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

export const numberNames: readonly string[] = [...numbers.keys()];

/** A module as `require` or `import` gives it. */
export function moduleReference(specifier: string): Value {
  if (specifier.startsWith('.') || specifier.startsWith('/')) return reference(`${specifier}#`);
  const bare = specifier.startsWith('node:') ? specifier.slice('node:'.length) : specifier;
  const passedOn = globalPackages.get(specifier);
  if (passedOn !== undefined) return reference(passedOn);
  if (!builtins.has(bare) && bare === specifier) return reference(`npm:${specifier}`);
  return reference(bare.replace('/', '.').replace('.promises', ''));
}

/** `name.property`, with the spellings that mean the same brought together. */
export function memberReference(name: string, property: string, origins: number): Value {
  if (name === 'globalThis') return withOrigins(globalReference(property), origins);
  if (property === 'default' && !name.includes('()')) return reference(name, origins);
  if (property === 'promises' && builtins.has(name)) return reference(name, origins);
  // A class is made by `Function`: `''.constructor.constructor`.
  if (property === 'constructor' && (name.endsWith('.constructor') || /^[A-Z]\w*$/.test(name))) {
    return reference('Function', origins);
  }
  if (
    property === 'require' &&
    (name === 'process.mainModule' || name === 'module' || name === 'module.parent' || name.startsWith('require.main'))
  ) {
    return reference('require', origins);
  }
  if (name === 'require' && property === 'extensions') return reference('module._extensions', origins);
  // `Function.prototype.__proto__`: what all objects have in common.
  if (property === '__proto__' && /^[A-Z]\w*\.prototype$/.test(name)) return reference('Object.prototype', origins);
  if (property === 'require' && isModulePrototype(name)) return reference('module.prototype.require', origins);
  if (name === 'Number') {
    const number = numbers.get(`Number.${property}`);
    if (number !== undefined) return constant(number, origins);
  }
  const bits = name === 'process.env' ? origins | flow.environment : origins;
  return reference(`${name}.${property}`, bits);
}

/** `import { env } from 'process'` */
export function importedReference({ module, member }: { readonly module: string; readonly member: string }): Value {
  const from = moduleReference(module);
  return from.kind === 'reference' ? memberReference(from.name, member, 0) : from;
}

/** The file of the package, and the export of it, that a reference names. */
export function parseLocalReference(name: string): { readonly specifier: string; readonly member: string } | undefined {
  const hash = name.startsWith('.') || name.startsWith('/') ? name.indexOf('#') : -1;
  if (hash < 0) return undefined;
  return { specifier: name.slice(0, hash), member: name.slice(hash + 1).replace(/^\./, '') };
}

/** What is asked by names that are only known when it runs, as a rule: exports, other files, the environment. */
export function isOpenTable(name: string): boolean {
  return openTables.has(name) || parseLocalReference(name) !== undefined;
}

const openTables: ReadonlySet<string> = new Set([foreignReference.name, 'exports', 'module.exports', 'process.env']);

function isModulePrototype(name: string): boolean {
  return name === 'module.prototype' || name === 'module.constructor.prototype' || name === 'module.Module.prototype';
}
