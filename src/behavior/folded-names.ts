/** Functions of the outside whose results are computed: see `fold-call`. Canonical names. */

export const foldedNames = [
  'require',
  'import',
  'module._load',
  'module.Module._load',
  'module.constructor._load',
  'process.getBuiltinModule',
  'module.createRequire',
  'module.prototype.require',
  'require.resolve',
  'import.meta.resolve',
  'Buffer.from',
  'buffer.Buffer.from',
  'Buffer',
  'atob',
  'unescape',
  'decodeURIComponent',
  'decodeURI',
  'String.fromCharCode',
  'String.fromCodePoint',
  'String',
  'Number',
  'parseInt',
  'Number.parseInt',
  'Array.from',
  'Array.of',
  'path.join',
  'path.resolve',
  'path.normalize',
  'path.dirname',
  'path.posix.join',
  'path.win32.join',
  'util.promisify',
  'Promise.resolve',
  'Object.freeze',
  'Object.create',
  'Object.getPrototypeOf',
  'Object.defineProperty',
  'Object.assign',
  'Reflect.get',
  'JSON.parse',
  'JSON.stringify',
  'url.fileURLToPath',
  'URL',
  'url.URL',
  'Function',
  'Function#this',
  'Blob',
  'URL.createObjectURL',
  'fs.readFileSync',
  'fs.readFile',
  'fs.readJsonSync',
  'fs.readJson',
] as const;

export type FoldedName = (typeof foldedNames)[number];

const known: ReadonlySet<string> = new Set(foldedNames);

export function isFolded(name: string): name is FoldedName {
  return known.has(name);
}
