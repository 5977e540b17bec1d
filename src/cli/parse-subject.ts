/** What `sluice diff` is asked about: two versions of one package, or two tarballs on the disk. */
import { GuardError } from '../errors.ts';
import { exactVersion, packageName } from '../model/package-spec.ts';

export type DiffSubject =
  | { readonly source: 'registry'; readonly name: string; readonly from: string; readonly to: string }
  | { readonly source: 'local'; readonly before: string; readonly after: string };

interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** @param isFile Whether there is such a file. A file called like a package's version is not taken for it. */
export function parseSubject(before: string, after: string, isFile: (path: string) => boolean): DiffSubject {
  const old = findNamedVersion(before);
  const bare = exactVersion.exec(after)?.[1];
  const newer = old !== undefined && bare !== undefined ? { name: old.name, version: bare } : findNamedVersion(after);
  if (old !== undefined && newer !== undefined) return toPair(old, newer);
  const files = { before: isTarball(before) || isFile(before), after: isTarball(after) || isFile(after) };
  if (old === undefined && newer === undefined && files.before && files.after) {
    return { source: 'local', before, after };
  }
  if (old === undefined && !files.before) throw explainSpec(before);
  if (newer === undefined && !files.after) throw explainSpec(after);
  throw new GuardError(
    'usage',
    `"${before}" and "${after}" are a file and a package of the registry: give two files, or two versions of one package.`,
  );
}

function toPair(old: NamedVersion, newer: NamedVersion): DiffSubject {
  if (old.name === newer.name) return { source: 'registry', name: old.name, from: old.version, to: newer.version };
  throw new GuardError(
    'usage',
    `${old.name} and ${newer.name} are two different packages: an update stays with one package.`,
  );
}

function findNamedVersion(argument: string): NamedVersion | undefined {
  const { name, selector } = splitSpec(argument);
  const version = selector === undefined ? undefined : exactVersion.exec(selector)?.[1];
  return version !== undefined && packageName.test(name) && !isTarball(argument) ? { name, version } : undefined;
}

function isTarball(argument: string): boolean {
  return /\.(?:tgz|tar\.gz|tar)$/i.test(argument);
}

/** A scope's own `@` is none before a version. */
function splitSpec(argument: string): { readonly name: string; readonly selector: string | undefined } {
  const at = argument.indexOf('@', 1);
  return at === -1
    ? { name: argument, selector: undefined }
    : { name: argument.slice(0, at), selector: argument.slice(at + 1) };
}

function explainSpec(argument: string): GuardError {
  const { name, selector } = splitSpec(argument);
  if (!packageName.test(name)) {
    return new GuardError('package-spec-invalid', `"${argument}" is neither a file nor a package with its version.`);
  }
  if (selector === undefined || selector === '') {
    return new GuardError('package-spec-invalid', `"${argument}" names no version, and there is no file of this name.`);
  }
  const what = /^[a-z][\w.-]*$/i.test(selector) && !/^[vx]?\d|^x$/i.test(selector) ? 'a tag' : 'a range';
  return new GuardError(
    'package-spec-invalid',
    `"${argument}" names ${what}, not one version: what it means can change from one day to the next.`,
  );
}
