/** What calling a function of the outside gives, where it only rearranges text or loads a module. */

import { type DirectCall, findDirectCall, isIndirect } from '../flows/direct-call.ts';
import { givenBy } from '../outside/catalog.ts';
import { type FoldedName, isFolded } from '../outside/folded-names.ts';
import { projectManifest } from '../outside/telling-names.ts';
import { textToBytes } from './encoding.ts';
import { anyhow, flow } from './flow.ts';
import { globCalls } from './fold-glob.ts';
import { type Caller, foldMethod, originsOfAll } from './fold-method.ts';
import { foldBinary } from './fold-operator.ts';
import { addressOfPath, addressOn, joinPath, placeOfModule, resolvePath } from './fold-path.ts';
import { moduleReference } from './references.ts';
import { textOf } from './text-of.ts';
import {
  alternatives,
  constant,
  type ReferenceValue,
  reference,
  union,
  unknown,
  type Value,
  withOrigins,
} from './value.ts';

type OutsideCall = (given: readonly Value[], caller: Caller, callee: ReferenceValue) => Value | undefined;

const outsideCalls: Readonly<Record<FoldedName, OutsideCall>> = {
  require: loadModule,
  import: loadModule,
  'module._load': loadModule,
  'module.Module._load': loadModule,
  'module.constructor._load': loadModule,
  'module.prototype.require': loadModule,
  'process.getBuiltinModule': loadModule,
  'module.createRequire': () => reference('require'),
  'require.resolve': ([value]) => placeOfModule(value),
  'import.meta.resolve': ([value]) => placeOfModule(value),
  'Buffer.from': toBytes,
  'buffer.Buffer.from': toBytes,
  'Buffer.concat': ([list]) => unknown(list?.origins ?? 0),
  Buffer: toBytes,
  atob: (given) => decodeConstant(given, (text) => textToBytes(text, 'base64')),
  unescape: (given) => decodeConstant(given, (text) => unescapeText(text)),
  decodeURIComponent: (given) => keepConstant(given, (text) => decodeURIComponent(text)),
  encodeURIComponent: (given) => keepConstant(given, (text) => encodeURIComponent(text)),
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
  'path.resolve': resolvePath,
  'path.normalize': ([value]) => value,
  // A folder is shown as what lies in it is; what matters is where it begins.
  'path.dirname': ([value]) => {
    const installed = value === undefined ? undefined : textOf(value);
    if (value?.kind === 'constant' && installed?.startsWith('node_modules/'))
      return constant(installed.slice(0, installed.lastIndexOf('/')));
    return value?.kind === 'reference' ? value : undefined;
  },
  'path.posix.join': joinPath,
  'path.win32.join': joinPath,
  // What compilers write around a module gives it as it is, with itself as its default.
  'npm:@babel/runtime/helpers/interopRequireDefault': ([value]) => value,
  'npm:@babel/runtime/helpers/interopRequireWildcard': ([value]) => value,
  'npm:tslib.__importDefault': ([value]) => value,
  'npm:tslib.__importStar': ([value]) => value,
  'util.promisify': ([value]) => value,
  'Promise.resolve': ([value]) => value,
  'Object.freeze': ([value]) => value,
  // What is made with a prototype, or of one, has its members.
  'Object.create': ([value]) => value,
  'Object.getPrototypeOf': ([value]) => value,
  'Object.defineProperty': ([value]) => value,
  'Object.assign': ([value, ...rest]) => (value === undefined ? undefined : union([...rest, value])),
  'Reflect.get': ([object, key], caller) => {
    const name = key === undefined ? undefined : textOf(key);
    return object === undefined || name === undefined ? undefined : caller.property(object, name);
  },
  'JSON.parse': ([value]) =>
    isProjectManifest(value) ? reference(projectManifest, value.origins) : unknown(value?.origins ?? 0),
  'JSON.stringify': ([value]) => unknown(value?.origins ?? 0),
  'url.fileURLToPath': ([value]) => value,
  'url.pathToFileURL': addressOfPath,
  Blob: ([parts], caller) =>
    parts?.kind === 'list' ? foldMethod(parts, { name: 'join', given: [constant('')], caller }) : parts,
  'URL.createObjectURL': ([blob]) => (blob === undefined ? undefined : foldBinary('+', constant(blobScheme), blob)),
  URL: addressOn,
  'url.URL': addressOn,
  Function: (given) => {
    // The old way to the global object: `Function('return this')()`.
    const body = given.at(-1);
    return body?.kind === 'constant' && /^\s*return this;?\s*$/.test(String(body.value))
      ? reference('Function#this')
      : undefined;
  },
  'Function#this': () => reference('globalThis'),
  ...globCalls,
  'fs.readFileSync': readProject,
  'fs.readFile': readProject,
  'fs.readJsonSync': readProject,
  'fs.readJson': readProject,
};

/** Of an address that stands for a text: what follows is that text. */
export const blobScheme = 'blob:';

/** The package.json of whoever runs the program. */
const projectPath = /^(?:<cwd>|\.)?[\\/]*package\.json$/;

function readProject([path]: readonly Value[]): Value | undefined {
  const text = path === undefined ? undefined : textOf(path);
  return text !== undefined && projectPath.test(text) ? reference(projectManifest, flow.file) : undefined;
}

function isProjectManifest(value: Value | undefined): value is ReferenceValue {
  return (
    value?.kind === 'reference' && (value.name === projectManifest || value.name.startsWith(`${projectManifest}.to`))
  );
}

/** Whether `foldOutsideCall` may have something to say, so that arguments need not be looked at in vain. */
export function foldsOutsideCall(name: string): boolean {
  return isFolded(name) || /\.(?:call|apply|bind)$|^Reflect\.(?:apply|construct)$/.test(name);
}

/** What calling something of the outside gives; undefined when only its name is known. */
export function foldOutsideCall(callee: ReferenceValue, given: readonly Value[], caller: Caller): Value | undefined {
  if (isIndirect(callee)) {
    return foldIndirect(findDirectCall({ callee, given: () => given, first: () => given[0] }), caller);
  }
  const { name } = callee;
  const known = isFolded(name) ? outsideCalls[name] : undefined;
  if (known !== undefined) return eachAlternative(given, (one) => known(one, caller, callee));
  if (!name.endsWith('.bind')) return undefined;
  // `Function.prototype.call.bind(f)` is what calls `f`.
  if (/^Function\.(?:prototype\.)?(?:call|apply)\.bind$/.test(name)) {
    const [target] = given;
    const method = target === undefined ? undefined : caller.property(target, name.split('.').at(-2) ?? '');
    return method?.kind === 'reference' && given.length > 1 ? { ...method, bound: given.slice(1) } : method;
  }
  const bound = reference(name.slice(0, -'.bind'.length), callee.origins);
  return bound.kind === 'reference' && given.length > 1 ? { ...bound, bound: given.slice(1) } : bound;
}

/** A first argument that may be one of several texts gives one of as many values: a loop over encoded names, say. */
function eachAlternative(
  given: readonly Value[],
  fold: (given: readonly Value[]) => Value | undefined,
): Value | undefined {
  const [first, ...rest] = given;
  if (first?.kind !== 'union' || !first.of.some((one) => one.kind === 'constant')) return fold(given);
  const folded = first.of.map((one) => fold([withOrigins(one, first.origins), ...rest]));
  return union(folded.map((one) => one ?? unknown(originsOfAll(given))));
}

function foldIndirect(call: DirectCall, caller: Caller): Value | undefined {
  const { callee } = call;
  const given = call.given();
  if (callee.kind === 'function') return caller.callFunction(callee.fn, given);
  if (callee.kind !== 'reference') return undefined;
  const folded = foldOutsideCall(callee, given, caller);
  return folded ?? reference(`${callee.name}()`, originsOfAll(given) | givenBy(callee.name));
}

function loadModule([specifier]: readonly Value[]): Value | undefined {
  if (specifier === undefined) return undefined;
  const names = alternatives(specifier).flatMap((one) =>
    one.kind === 'constant' && typeof one.value === 'string' ? [one.value] : [],
  );
  const text = textOf(specifier);
  if (text?.startsWith('<cwd>') && projectPath.test(text)) return reference(projectManifest);
  return names.length === 0 ? unknown(specifier.origins & anyhow(flow.decoded)) : union(names.map(moduleReference));
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
  return mapper === undefined ? list : foldMethod(list, { name: 'map', given: [mapper], caller });
}
