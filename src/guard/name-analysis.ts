/**
 * A name for the very code that analyses files, so that what it said is never taken for what another one would say: a digest
 * of all of this program's own files, of the parser and of Node's version. Undefined where the files may be others than those
 * that this process runs: changed since it began, or not there.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What reads files and is not this program's own. */
export const parsers: readonly string[] = ['meriyah'];

/** Sources and published JavaScript lie in a folder of this name; one file made of all has none of its own. */
const ownFolder = /^(file:.*\/src\/)(?:guard|parts|cli|service)\/[^/]+\.[jt]s$/;

let named: { readonly listing: string; readonly name: string } | undefined;

export function nameAnalysis(
  here: string = import.meta.url,
  startedAt: number = performance.timeOrigin,
): string | undefined {
  const [, folder] = ownFolder.exec(here) ?? [];
  try {
    return folder === undefined ? undefined : nameFiles(folder, startedAt);
  } catch {
    // A file is gone, or may not be read: what cannot be named is analysed anew.
    return undefined;
  }
}

function nameFiles(folder: string, startedAt: number): string | undefined {
  const rules = fileURLToPath(new URL('../rules/', folder));
  const own = [...listFiles(fileURLToPath(folder)), ...(existsSync(rules) ? listFiles(rules) : [])];
  const files = [...own, ...parsers.map((one) => fileURLToPath(import.meta.resolve(one)))];
  const stats = files.map((path) => statSync(path));
  if (stats.some(({ ctimeMs }) => ctimeMs >= startedAt)) return undefined;
  const listing = JSON.stringify(stats.map(({ ctimeMs, size }, at) => [files[at], size, ctimeMs]));
  if (named?.listing !== listing) named = { listing, name: digestOf(files) };
  return named.name;
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[jt]s$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function digestOf(files: readonly string[]): string {
  const digest = createHash('sha256').update(process.version);
  for (const path of files) digest.update(createHash('sha256').update(readFileSync(path)).digest());
  return digest.digest('hex');
}
