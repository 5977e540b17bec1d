/** The words of which the names that are known here are made: a name with any other word in it leads to nothing that is told. */

import { folderLoaders } from '../calls/folder-loads.ts';
import { patchingCalls } from '../calls/patched-globals.ts';
import { loaderHooks } from '../calls/read-load.ts';
import { globalObjects, isOpenTable, numberNames } from '../values/references.ts';
import { foreignReference } from '../values/value.ts';
import { catalogNames } from './catalog.ts';
import { foldedNames } from './folded-names.ts';
import { sharedMembers } from './shared-members.ts';
import { tellingNames } from './telling-names.ts';

/** What loads modules. */
const loading = [
  'require',
  'import',
  'process.mainModule.require',
  'process.getBuiltinModule',
  'module.require',
  'module.parent.require',
  'module.prototype.require',
  'module.createRequire',
  ...loaderHooks,
  ...folderLoaders.keys(),
  'module.Module._load',
  'module.constructor._load',
  'require.main.require',
];

/** Names of which a part is asked for, without being told themselves. */
const others = [
  ...globalObjects,
  'module.exports',
  'require.extensions',
  'require.cache',
  'require.resolve()',
  'performance.now()',
  'process.hrtime.bigint()',
  'perf_hooks.performance.now()',
  'fs.promises.default',
  'Worker',
  'SharedWorker',
  'URL.createObjectURL()',
  'Blob()',
  'document.createElement()',
  'document.createElement().setAttribute',
  'Image().src',
  'document.createElementNS()',
  'Function()()',
  'Function.prototype.constructor()',
  'Reflect.apply()',
  'Reflect.construct()',
  'Function.call()',
  'Function.apply()',
  'Function.bind()',
  'Function.prototype.__proto__',
];

/** Names that lead to what is told when it is called or written to. */
const usedNames: readonly string[] = [
  ...loading,
  ...others,
  ...catalogNames,
  ...sharedMembers.keys(),
  ...patchingCalls,
];
const names: readonly string[] = [...usedNames, ...tellingNames];

/** Globals and modules with which a known name begins. */
const roots: ReadonlySet<string> = new Set(names.map(rootOf));
const loadingRoots: ReadonlySet<string> = new Set(loading.map(rootOf));
const tellingRoots: ReadonlySet<string> = new Set(['Date', 'Intl', 'npm:os-locale']);

/** The globals are members of the global object. */
const words: ReadonlySet<string> = new Set(names.flatMap(wordsOf));
const usedWords: ReadonlySet<string> = new Set(usedNames.flatMap(wordsOf));
const loadingWords: ReadonlySet<string> = new Set([...loading.flatMap(wordsOf), 'call', 'apply', 'bind']);
const tellingWords: ReadonlySet<string> = new Set(tellingNames.flatMap((name) => wordsOf(name).slice(1)));
/** What stands before the brackets in a known name. */
const givingWords: ReadonlySet<string> = new Set(
  names.flatMap((name) => [...name.matchAll(/([^.()]+)\(\)/g)].map(([, word]) => word ?? '')),
);

/** What is computed with what is known. */
const foldedWords: ReadonlySet<string> = new Set([...foldedNames, ...numberNames].flatMap(wordsOf));
const tellingPrefixes: ReadonlySet<string> = new Set(tellingNames.map(rootOf));

/** What may be asked for a member that is told when it is called or written to. */
const holders: ReadonlySet<string> = new Set(
  usedNames.flatMap((name) => [...name.matchAll(/\./g)].map(({ index }) => name.slice(0, index))),
);

/**
 * Whether it matters by which name something of the outside is asked for a member: some of its members are told when they
 * are called, or lead to `Function`, as those of every class do.
 */
export function hidesCalls(name: string): boolean {
  return !isOpenTable(name) && (holders.has(name) || globalObjects.has(name) || /^[A-Z]\w*$|\.constructor$/.test(name));
}

/** The same of a member that is written to. */
export function hidesWrites(name: string): boolean {
  return !isOpenTable(name) && (sharedMembers.has(name) || writtenHolders.has(name) || name.endsWith('.prototype'));
}

/** What asks for an address or runs text when a member of it is written to. */
const writtenHolders: ReadonlySet<string> = new Set(['Image()', 'document.createElement()', 'location', 'document']);

function rootOf(name: string): string {
  return /^(?:npm:)?[^.(]*/.exec(name)?.[0] ?? name;
}

function wordsOf(name: string): string[] {
  return name.split(/[.()#]+/).filter((word) => word !== '');
}

/** Whether a known name begins so. */
export function isRoot(name: string): boolean {
  return roots.has(name);
}

export function isLoadingRoot(name: string): boolean {
  return loadingRoots.has(name);
}

export function isTellingRoot(name: string): boolean {
  return tellingRoots.has(name);
}

/** Whether a known name may go on so. */
export function isKnown(word: string): boolean {
  return words.has(word);
}

/** Whether what is called or written to may have it in its name; what only tells has not. */
export function isUsed(word: string): boolean {
  return usedWords.has(word);
}

export function isLoading(word: string): boolean {
  return loadingWords.has(word);
}

export function isTelling(word: string): boolean {
  return tellingWords.has(word);
}

/** Whether a call by that word may give what has a known name. */
export function isGiving(word: string): boolean {
  return givingWords.has(word);
}

/** Words by which a call gives what it is given. */
const passing: ReadonlySet<string> = new Set(
  `assign resolve freeze create getPrototypeOf defineProperty promisify get from of normalize URL fileURLToPath concat
  bind construct __importDefault __importStar`.split(/\s+/),
);

export function isPassing(word: string): boolean {
  return passing.has(word);
}

export function isGlobalObject(name: string): boolean {
  return globalObjects.has(name);
}

/** Whether a member or call by that word makes a reference that means nothing here, whatever is done with it. */
export function leadsNowhere(name: string, word: string): boolean {
  if (name === foreignReference.name) return true;
  return !words.has(word) && !foldedWords.has(word) && !isFile(name) && !tellingPrefixes.has(rootOf(name));
}

/** What a call of a reference gives, likewise. */
export function givesNothing(name: string): boolean {
  if (name === foreignReference.name) return true;
  if (isFile(name) || tellingPrefixes.has(rootOf(name))) return false;
  const word = name.slice(name.lastIndexOf('.') + 1);
  return !givingWords.has(word) && !foldedWords.has(word) && !loadingWords.has(word) && !word.endsWith(')');
}

function isFile(name: string): boolean {
  return name.startsWith('.') || name.startsWith('/');
}

/** The root of a module's canonical name. */
export function rootOfModule(name: string): string {
  return rootOf(name);
}
