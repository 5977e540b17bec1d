/** Fields of a lockfile's entries and of a package.json: each has the shape that npm writes, or the file is refused. */
import { isRecord } from '../model/manifest.ts';
import type { Specs } from './lock-entry.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** A field that has no such shape. What holds it, says so with its place. */
export class FieldError extends Error {
  readonly key: string;

  constructor(key: string, expected: string, found: unknown) {
    super(`"${key}" must be ${expected}, not ${describe(found)}`);
    this.key = key;
  }
}

/** Longer than any spec that is not made to waste our time; the longest real ones have some 300. */
const maxSpecChars = 4000;

export function readText(fields: Fields, key: string): string | undefined {
  const value = fields[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new FieldError(key, 'a text', value);
}

/** npm 5 and 6 wrote `false` or `null` where a bundled package has no tarball of its own. */
export function readTextOrNone(fields: Fields, key: string): string | undefined {
  return fields[key] === false || fields[key] === null ? undefined : readText(fields, key);
}

export function readSwitch(fields: Fields, key: string): boolean | undefined {
  const value = fields[key];
  if (value === undefined || typeof value === 'boolean') return value;
  throw new FieldError(key, 'true or false', value);
}

export function readFields(fields: Fields, key: string): Fields | undefined {
  const value = fields[key];
  if (value === undefined || isRecord(value)) return value;
  throw new FieldError(key, 'an object', value);
}

/** Name to spec. The object is JSON's own: `__proto__` is not in it, and other names are its own properties. */
export function readSpecs(fields: Fields, key: string): Specs | undefined {
  const specs = readFields(fields, key);
  if (specs === undefined) return undefined;
  for (const name in specs) {
    const spec = specs[name];
    if (typeof spec !== 'string') throw new FieldError(`${key}.${name}`, 'a text', spec);
    if (spec.length > maxSpecChars)
      throw new FieldError(`${key}.${name}`, 'a spec', `a text of ${spec.length} characters`);
  }
  // Safe: every value was looked at just above.
  return specs as Specs;
}

/** One string stands for a list of one, as npm reads `os` and `cpu`. */
export function readTexts(fields: Fields, key: string): readonly string[] | undefined {
  const value = fields[key];
  if (value === undefined) return undefined;
  if (typeof value === 'string') return [value];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new FieldError(key, 'a list of texts', value);
}

/** Names that `peerDependenciesMeta` marks as optional. */
export function readOptionalPeers(fields: Fields): readonly string[] {
  const meta = readFields(fields, 'peerDependenciesMeta');
  if (meta === undefined) return none;
  return Object.keys(meta).filter((name) => {
    const about = meta[name];
    if (isRecord(about)) return Boolean(about['optional']);
    throw new FieldError(`peerDependenciesMeta.${name}`, 'an object', about);
  });
}

/** Patterns of folders: a list, or an object that has one under `packages`. */
export function readWorkspaces(fields: Fields): readonly string[] | undefined {
  const value = fields['workspaces'];
  return isRecord(value) ? readTexts(value, 'packages') : readTexts(fields, 'workspaces');
}

/** `true` means every dependency. */
export function readBundles(fields: Fields, dependencies: Specs | undefined): readonly string[] {
  const key = fields['bundleDependencies'] === undefined ? 'bundledDependencies' : 'bundleDependencies';
  const value = fields[key];
  if (value === undefined || value === false) return none;
  if (value === true) return Object.keys(dependencies ?? {});
  return isRecord(value) ? Object.keys(value) : (readTexts(fields, key) ?? none);
}

const none: readonly string[] = [];

function describe(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('a text of') ? value : 'a text';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : String(value).slice(0, 40);
}
