/** Which projects of a repository a change touches: by the digests of their files, before any is read. Pure. */
import { basename, dirname, join, matchesGlob } from 'node:path/posix';
import { listGuardFiles, workflowFolder } from '../guard/project-files.ts';
import type { Blob } from './github.ts';

export type Files = ReadonlyMap<string, Blob>;

export interface TouchedProject {
  /** Path of its lockfile now; where there is none any more, as it was. */
  readonly lockfile: string;
  /** Where its lockfile was in the base; undefined where it is new. */
  readonly before: string | undefined;
}

export interface Touched {
  readonly projects: readonly TouchedProject[];
  /** Changed lockfiles of other package managers, and links in place of lockfiles: nobody reads them here. */
  readonly unreadable: readonly string[];
}

/** npm prefers the first where both are there. */
const lockfileNames = ['npm-shrinkwrap.json', 'package-lock.json'] as const;
const foreignNames: ReadonlySet<string> = new Set(['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb']);

/** @param before Undefined: there is nothing to compare with, and every project is looked at. */
export function findTouched(before: Files | undefined, after: Files, patterns: readonly string[]): Touched {
  const old: Files = before ?? new Map();
  const changed = listChanged(old, after);
  const isWanted = (path: string): boolean => patterns.length === 0 || patterns.some((one) => matchesGlob(path, one));
  const [was, is] = [findLockfiles(old), findLockfiles(after)];
  const folders = [...new Set([...is.keys(), ...was.keys()])].toSorted();
  const moved = findMoves(was, is, { old, after });
  const goneByMove = new Set(moved.values());
  const isShared = isSharedFile(folders);
  const projects = folders.flatMap((folder): readonly TouchedProject[] => {
    const [own, earlier] = [is.get(folder), was.get(folder) ?? moved.get(folder)];
    const lockfile = own ?? earlier;
    if (lockfile === undefined || !isWanted(lockfile)) return [];
    // A project that went as a whole installs nothing any more.
    if (own === undefined && (goneByMove.has(lockfile) || !after.has(join(folder, 'package.json')))) return [];
    const isTouched = before === undefined || changed.some((path) => isOwnFile(path, folder) || isShared(path, folder));
    return isTouched ? [{ lockfile, before: earlier }] : [];
  });
  const unreadable = changed.filter((path) => {
    const isOwn = lockfileNames.some((name) => name === basename(path));
    const isForeign = foreignNames.has(basename(path)) || (isOwn && after.get(path)?.isLink === true);
    return isForeign && after.has(path) && isWanted(path);
  });
  return { projects, unreadable };
}

function listChanged(before: Files, after: Files): readonly string[] {
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths.filter((path) => before.get(path)?.sha !== after.get(path)?.sha && !isInstalled(path));
}

/** By folder, the one that npm takes. */
function findLockfiles(files: Files): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const name of lockfileNames.toReversed()) {
    for (const { path, isLink } of files.values()) {
      if (basename(path) === name && !isLink && !isInstalled(path)) found.set(folderOf(path), path);
    }
  }
  return found;
}

/** A lockfile that is in a new folder with the same content, or the only one that went and the only one that came. */
function findMoves(
  was: ReadonlyMap<string, string>,
  is: ReadonlyMap<string, string>,
  { old, after }: { readonly old: Files; readonly after: Files },
): ReadonlyMap<string, string> {
  const gone = [...was].filter(([folder]) => !is.has(folder)).map(([, path]) => path);
  const came = [...is].filter(([folder]) => !was.has(folder));
  const moves = new Map<string, string>();
  for (const [folder, path] of came) {
    const same = gone.find((one) => old.get(one)?.sha === after.get(path)?.sha);
    const only = gone.length === 1 && came.length === 1 ? gone[0] : undefined;
    const from = same ?? only;
    if (from !== undefined) moves.set(folder, from);
  }
  return moves;
}

function isOwnFile(path: string, folder: string): boolean {
  if (folder !== '' && !path.startsWith(`${folder}/`)) return false;
  if (basename(path) === 'package.json') return true;
  const own = [...lockfileNames.map((name) => join(folder, name)), ...listGuardFiles(folder)];
  return own.includes(path) && folderOf(path) === folder;
}

/** What guards the whole repository is told once: of the project at its root, else of the first one. */
function isSharedFile(folders: readonly string[]): (path: string, folder: string) => boolean {
  const teller = folders.includes('') ? '' : folders[0];
  const shared = new Set(listGuardFiles('').filter((path) => path !== 'package.json'));
  return (path, folder) => folder === teller && (shared.has(path) || dirname(path) === workflowFolder);
}

function folderOf(path: string): string {
  const folder = dirname(path);
  return folder === '.' ? '' : folder;
}

function isInstalled(path: string): boolean {
  return path.startsWith('node_modules/') || path.includes('/node_modules/');
}
