/** A project as a commit has it, read blob by blob: nothing of the repository is ever checked out. */
import { basename, dirname, join, relative } from 'node:path/posix';
import { GuardError } from '../errors.ts';
import {
  isWorkspaceFolder,
  listGuardFiles,
  type ProjectFiles,
  readWorkspacePatterns,
  workflowFolder,
} from '../guard/project-files.ts';
import type { Files } from './find-projects.ts';
import type { Blob, Github } from './github.ts';

const maxLockfileBytes = 64_000_000;
const maxFileBytes = 10_000_000;
/** Each is a request; the largest monorepos have some hundreds of workspaces. */
const maxFiles = 2_000;

export async function loadProject(github: Github, files: Files, lockfile: string): Promise<ProjectFiles> {
  const folder = dirname(lockfile) === '.' ? '' : dirname(lockfile);
  const blob = findFile(files, lockfile);
  const [text, manifest] = await Promise.all([
    blob && readBounded(github, blob, maxLockfileBytes),
    findText(github, files, join(folder, 'package.json')),
  ]);
  const patterns = readWorkspacePatterns(manifest);
  const guards = new Set(listGuardFiles(folder));
  const wanted = [...files.values()].filter(({ path, isLink }) => {
    if (isLink) return false;
    if (guards.has(path) || dirname(path) === workflowFolder) return true;
    if (basename(path) !== 'package.json' || (folder !== '' && !path.startsWith(`${folder}/`))) return false;
    return isWorkspaceFolder(relative(folder, dirname(path)), patterns);
  });
  if (wanted.length > maxFiles) {
    const count = `${wanted.length} manifests and workflows belong to ${lockfile}`;
    throw new GuardError('file-unreadable', `${count}; at most ${maxFiles} are read.`);
  }
  const texts = await Promise.all(
    wanted.map(async (one) => [one.path, await readBounded(github, one, maxFileBytes)] as const),
  );
  return { lockfile: { path: lockfile, text }, files: new Map(texts) };
}

/** Undefined where the commit has no such file. */
export async function findText(github: Github, files: Files, path: string): Promise<string | undefined> {
  const blob = findFile(files, path);
  return blob === undefined ? undefined : readBounded(github, blob, maxFileBytes);
}

function findFile(files: Files, path: string): Blob | undefined {
  const blob = files.get(path);
  return blob?.isLink === true ? undefined : blob;
}

async function readBounded(github: Github, blob: Blob, maxBytes: number): Promise<string> {
  if (blob.bytes > maxBytes) {
    const sizes = `${Math.ceil(blob.bytes / 1_000_000)} MB; at most ${maxBytes / 1_000_000} MB are read`;
    throw new GuardError('file-unreadable', `${blob.path} has ${sizes}.`);
  }
  return github.readBlob(blob);
}
