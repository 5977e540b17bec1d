/** A project's lockfile and what belongs to it: as it lies on the disk, and as a commit has it. */
import { glob, readdir } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { GuardError } from '../errors.ts';
import {
  isWorkspaceFolder,
  listGuardFiles,
  type ProjectFiles,
  readWorkspacePatterns,
  workflowFolder,
} from '../guard/project-files.ts';
import { findBlob, listTree, type Repository, readBlob } from './git.ts';
import { findFile } from './load-file.ts';

const maxLockfileBytes = 64_000_000;
const maxManifestBytes = 10_000_000;
/** npm prefers the first where both are there. */
const lockfileNames = ['npm-shrinkwrap.json', 'package-lock.json'] as const;

export interface Project {
  /** Absolute. */
  readonly folder: string;
  /** Absolute; what paths in reports are relative to. */
  readonly root: string;
  /** From `root`, with slashes. */
  readonly lockfile: string;
}

/** @param given The lockfile that the user named; without it the nearest project above `cwd` is taken. */
export async function locateProject(
  cwd: string,
  given: string | undefined,
  repository: Repository | undefined,
): Promise<Project> {
  const path = given === undefined ? await findLockfile(cwd) : resolve(cwd, given);
  const folder = dirname(path);
  const root = repository !== undefined && isBelow(folder, repository.root) ? repository.root : folder;
  return { folder, root, lockfile: relative(root, path).split(sep).join('/') };
}

/** As npm finds its project: the nearest package.json, or the one above that has it as a workspace. */
async function findLockfile(cwd: string): Promise<string> {
  let nearest: string | undefined;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const names = new Set(await readdir(folder).catch(() => []));
    const found = lockfileNames.find((name) => names.has(name)) ?? 'package-lock.json';
    if (names.has('package.json') || names.has(found)) {
      if (nearest === undefined) {
        if (names.has(found)) return join(folder, found);
        nearest = join(folder, found);
      } else if (await hasWorkspace(folder, dirname(nearest))) return join(folder, found);
    }
    if (folder === dirname(folder)) break;
  }
  if (nearest !== undefined) return nearest;
  throw new GuardError(
    'file-unreadable',
    `Neither ${cwd} nor a folder above it has a package-lock.json or a package.json; name the file with --lockfile.`,
  );
}

async function hasWorkspace(folder: string, inner: string): Promise<boolean> {
  const manifest = await findFile(join(folder, 'package.json'), 'file', maxManifestBytes);
  return isWorkspaceFolder(relative(folder, inner).split(sep).join('/'), readWorkspacePatterns(manifest));
}

export async function readFromDisk(project: Project): Promise<ProjectFiles> {
  const { root, folder, lockfile } = project;
  const inRepository = relative(root, folder).split(sep).join('/');
  const text = await findFile(join(root, lockfile), 'lockfile', maxLockfileBytes);
  const files = new Map<string, string>();
  const read = async (path: string): Promise<void> => {
    const found = await findFile(join(root, path), 'file', maxManifestBytes);
    if (found !== undefined) files.set(path, found);
  };
  const workflows = await readdir(join(root, workflowFolder)).catch(() => []);
  await Promise.all(
    [...listGuardFiles(inRepository), ...workflows.map((name) => posix.join(workflowFolder, name))].map(read),
  );
  const patterns = readWorkspacePatterns(files.get(posix.join(inRepository, 'package.json')));
  for await (const path of glob(patterns.filter((one) => !one.startsWith('!')).map(toManifestGlob), {
    cwd: folder,
    exclude: (name) => name === 'node_modules',
  })) {
    const inProject = dirname(path).split(sep).join('/');
    if (isWorkspaceFolder(inProject, patterns)) await read(posix.join(inRepository, inProject, 'package.json'));
  }
  return { lockfile: { path: lockfile, text }, files };
}

function toManifestGlob(pattern: string): string {
  return `${pattern.replace(/\/+$/, '')}/package.json`;
}

export async function readFromCommit(
  { root, folder, lockfile }: Project,
  repository: Repository,
  commit: string,
): Promise<ProjectFiles> {
  const inRepository = relative(root, folder).split(sep).join('/');
  const entries = await listTree(repository, commit);
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const manifest = await findBlob(repository, commit, posix.join(inRepository, 'package.json'));
  const patterns = readWorkspacePatterns(manifest);
  const guards = new Set(listGuardFiles(inRepository));
  const wanted = entries.filter(({ path }) => {
    if (guards.has(path) || posix.dirname(path) === workflowFolder) return true;
    if (posix.basename(path) !== 'package.json' || !isBelow(path, inRepository)) return false;
    return isWorkspaceFolder(posix.relative(inRepository, posix.dirname(path)), patterns);
  });
  const files = new Map<string, string>();
  for (const entry of wanted) files.set(entry.path, await readBlob(repository, entry));
  const entry = byPath.get(lockfile);
  return {
    lockfile: { path: lockfile, text: entry === undefined ? undefined : await readBlob(repository, entry) },
    files,
  };
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`) || way.startsWith('../'));
}
