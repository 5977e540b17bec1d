/** Where npm puts a package: `node_modules/a/node_modules/b`, `packages/web`. A location that leads elsewhere is refused. */

export interface Location {
  /** The name under which it is required: the last part, with its scope. */
  readonly key: string;
  /** What its `node_modules` belongs to: '' for the root. Undefined for a folder that is in no `node_modules`. */
  readonly owner: string | undefined;
}

/** Real trees have at most a dozen folders in folders, and no file system takes many more. */
const maxLocationParts = 150;

/** The common case, told without looking at each part. */
const ordinary = /^(?:[a-z0-9@][a-z0-9._~-]*\/)*[a-z0-9][a-z0-9._~-]*$/;

/** A string says what is wrong with it. */
export function parseLocation(location: string): Location | string {
  if (location.length > 500 || !ordinary.test(location)) {
    const problem = findProblem(location);
    if (problem !== undefined) return problem;
  }
  const last = location.slice(location.lastIndexOf('/') + 1);
  if (last === 'node_modules' || last.startsWith('@')) return 'ends where the name of a package should stand';
  const at = location.lastIndexOf('node_modules/');
  const key = location.slice(at + 'node_modules/'.length);
  const isPart = at === 0 || location[at - 1] === '/';
  if (at !== -1 && isPart && isPackageKey(key)) return { key, owner: at === 0 ? '' : location.slice(0, at - 1) };
  return { key: findFolderName(location), owner: undefined };
}

/** Folder above it, as text: '' for what lies in the project itself; undefined above that. */
export function findFolder(location: string): string | undefined {
  if (location === '' || location === '..' || location.endsWith('/..')) return undefined;
  const at = location.lastIndexOf('/');
  return at === -1 ? '' : location.slice(0, at);
}

/** `to` as seen from the folder `from`, both relative to the project; undefined when it is no relative path at all. */
export function resolveLocation(from: string, to: string): string | undefined {
  if (to.startsWith('/') || to.includes('\\') || to.includes('\0') || /^[a-z]:/i.test(to)) return undefined;
  const parts: string[] = from === '' ? [] : from.split('/');
  for (const part of to.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}

function isPackageKey(key: string): boolean {
  const slash = key.indexOf('/');
  if (key.startsWith('@')) return slash > 1 && slash === key.lastIndexOf('/') && slash < key.length - 1;
  return slash === -1 && key !== '';
}

function findFolderName(location: string): string {
  const [scope, name] = location.split('/').slice(-2);
  if (name === undefined) return scope ?? '';
  return scope?.startsWith('@') === true ? `${scope}/${name}` : name;
}

function findProblem(location: string): string | undefined {
  if (location.startsWith('/') || /^[a-z]:/i.test(location)) return 'is an absolute path';
  if (location.includes('\\')) return 'holds a backslash';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(location)) return 'holds invisible characters';
  const parts = location.split('/');
  if (parts.length > maxLocationParts) return `has ${parts.length} parts; no tree is that deep`;
  if (parts.includes('')) return 'holds an empty part';
  if (parts.includes('.')) return 'holds a part "."';
  const inside = parts.findIndex((part) => part !== '..');
  if (inside === -1 || parts.includes('..', inside)) return 'leads out of the folder it names';
  if (parts[inside] === 'node_modules' && inside > 0) return 'leads out of the project';
  return undefined;
}
