/** Puts entries in their places one after another, as npm would on a disk, and notes what a disk would make of clashes. */
import { posix } from 'node:path';
import type { PackageFile, PackageTree } from '../model/package-tree.ts';
import { createFile } from './create-file.ts';
import { detectFormat } from './detect-format.ts';
import { findInstalledPath } from './installed-path.ts';
import type { Reading } from './reading.ts';
import { renderBytes } from './tarball-limits.ts';
import type { WalkedEntry } from './walk-tar.ts';

export interface TreeBuilder {
  add(entry: WalkedEntry): void;
  finish(): PackageTree;
}

type EntryKind = 'file' | 'folder' | 'link' | 'device';

/** What pacote lets pass is a file; a link it drops, and folders come from the files in them. */
const entryKinds: ReadonlyMap<string, EntryKind> = new Map([
  ['File', 'file'],
  ['OldFile', 'file'],
  ['ContiguousFile', 'file'],
  ['Directory', 'folder'],
  ['GNUDumpDir', 'folder'],
  ['Link', 'link'],
  ['SymbolicLink', 'link'],
]);

const anyExecuteBit = 0o111;

export function createTreeBuilder(reading: Reading): TreeBuilder {
  const { log } = reading;
  const places = createPlaces(reading);
  const ignoreFiles = createIgnoreFiles();
  let root: string | undefined;
  return {
    add(entry) {
      const kind = entryKinds.get(entry.type) ?? 'device';
      if (kind !== 'file') {
        if (kind !== 'folder') log.record(kind, entry.path, `${entry.type}: npm does not unpack it`);
        return;
      }
      if (!passesLimits(entry, reading) || ignoreFiles.isDropped(entry.path)) return;
      const path = findInstalledPath(ignoreFiles.rename(entry.path), log);
      if (path === undefined) return;
      root ??= rootOf(entry.path);
      if (rootOf(entry.path) !== root) log.record('outside-root', entry.path, `the first file stands in ${root}/`);
      if (entry.path.includes('\ufffd')) log.record('bad-utf8', entry.path, 'its name is no valid UTF-8');
      places.put(path, entry);
    },
    finish: () => places.toTree(),
  };
}

function rootOf(entryPath: string): string {
  return entryPath.slice(0, entryPath.indexOf('/'));
}

function passesLimits(entry: WalkedEntry, { limits, log }: Reading): boolean {
  if (entry.path.length > limits.pathLength) {
    log.record('not-read', entry.path, `its path is over ${limits.pathLength} characters`);
    return false;
  }
  if (entry.bytes.length > limits.fileBytes) {
    log.record('not-read', entry.path, `it is over ${renderBytes(limits.fileBytes)}`);
    return false;
  }
  return true;
}

interface IgnoreFiles {
  isDropped(entryPath: string): boolean;
  rename(entryPath: string): string;
}

/** pacote unpacks a `.gitignore` as `.npmignore`, unless that came before it. A file under that name could be imported. */
function createIgnoreFiles(): IgnoreFiles {
  const seen = new Set<string>();
  const isGitIgnore = (entryPath: string) => posix.basename(entryPath) === '.gitignore';
  const rename = (entryPath: string) =>
    isGitIgnore(entryPath) ? entryPath.replace(/\.gitignore$/, '.npmignore') : entryPath;
  return {
    isDropped(entryPath) {
      if (posix.basename(entryPath) === '.npmignore') seen.add(entryPath);
      return isGitIgnore(entryPath) && seen.has(rename(entryPath));
    },
    rename,
  };
}

interface Places {
  put(path: string, entry: WalkedEntry): void;
  toTree(): PackageTree;
}

function createPlaces({ limits, log }: Reading): Places {
  const files = new Map<string, PackageFile>();
  const folders = new Set<string>();
  const pathByFolded = new Map<string, string>();
  return {
    put(path, entry) {
      // A short path can name five hundred folders, each of which would be remembered.
      if (folders.size > limits.entries) {
        log.record('not-read', entry.path, `more than ${limits.entries} folders stand before it`);
        return;
      }
      if (folders.has(path) || !claimFolders(path, files, folders)) {
        log.record('duplicate-path', entry.path, 'a file and a folder have the same path; npm keeps the first');
        return;
      }
      const previous = files.get(path);
      if (previous !== undefined && !isHarmlessTwin(previous, entry)) {
        log.record('duplicate-path', entry.path, 'it stands there twice, with other contents; npm keeps the last');
      }
      const folded = foldCase(path);
      const twin = pathByFolded.get(folded) ?? path;
      if (twin !== path) log.record('case-collision', entry.path, `some systems take it for the same file as ${twin}`);
      pathByFolded.set(folded, path);
      files.delete(path);
      const { bytes, mode } = entry;
      const format = detectFormat(path, bytes);
      files.set(path, createFile({ path, bytes, format, executable: (mode & anyExecuteBit) !== 0 }));
    },
    toTree() {
      let unpackedBytes = 0;
      for (const file of files.values()) unpackedBytes += file.bytes.length;
      return { files, anomalies: log.list(), unpackedBytes };
    },
  };
}

/** Packers write the file that `main` names a second time; and a .gitignore gives way to the .npmignore after it. */
function isHarmlessTwin(previous: PackageFile, entry: WalkedEntry): boolean {
  return posix.basename(previous.path) === '.npmignore' || Buffer.compare(previous.bytes, entry.bytes) === 0;
}

/** False when a file stands where one of the path's folders would have to be. */
function claimFolders(path: string, files: ReadonlyMap<string, PackageFile>, folders: Set<string>): boolean {
  const missing: string[] = [];
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    const folder = path.slice(0, end);
    if (folders.has(folder)) break;
    if (files.has(folder)) return false;
    missing.push(folder);
  }
  for (const folder of missing) folders.add(folder);
  return true;
}

/** As file systems that ignore case, or how an accent is written, compare names. */
function foldCase(path: string): string {
  return path.normalize('NFD').toLowerCase().toUpperCase();
}
