/** What is asked of git: never to run anything of the repository, never to write. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { GuardError } from '../errors.ts';

const maxOutputBytes = 128_000_000;
/** A repository's own configuration may name programs; none of them is to run here. */
const quiet = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '--no-optional-locks'];

export interface Repository {
  /** Absolute path of its working tree. */
  readonly root: string;
}

export async function findRepository(folder: string): Promise<Repository | undefined> {
  const root = await find(folder, ['rev-parse', '--show-toplevel']);
  return root === undefined || root === '' ? undefined : { root };
}

/** A commit and how a person calls it. */
export interface Base {
  readonly commit: string;
  readonly title: string;
}

/** @param given What the user named; without it the merge base with the default branch, else HEAD. */
export async function findBase({ root }: Repository, given: string | undefined): Promise<Base | undefined> {
  if (given !== undefined) {
    const commit = await find(root, ['rev-parse', '--verify', '--quiet', '--end-of-options', `${given}^{commit}`]);
    return commit === undefined ? undefined : { commit, title: `${given} (${commit.slice(0, 7)})` };
  }
  const head = await find(root, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}']);
  if (head === undefined) return undefined;
  for (const branch of await listDefaultBranches(root)) {
    const commit = await find(root, ['merge-base', 'HEAD', branch]);
    if (commit === undefined) continue;
    if (commit === head) break;
    return { commit, title: `${branch.replace(/^refs\/(?:heads|remotes)\//, '')} (merge base ${commit.slice(0, 7)})` };
  }
  return { commit: head, title: `HEAD (${head.slice(0, 7)})` };
}

async function listDefaultBranches(root: string): Promise<readonly string[]> {
  const remote = await find(root, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD']);
  const candidates = [
    ...(remote === undefined ? [] : [remote]),
    ...['refs/remotes/origin/main', 'refs/remotes/origin/master', 'refs/heads/main', 'refs/heads/master'],
  ];
  const known = await find(root, ['for-each-ref', '--format=%(refname)', 'refs/heads', 'refs/remotes/origin']);
  const names = new Set(known?.split('\n'));
  return candidates.filter((name) => names.has(name));
}

/** Undefined where the commit has no such file. */
export async function findBlob(repository: Repository, commit: string, path: string): Promise<string | undefined> {
  const [entry] = await listTree(repository, commit, [path]);
  return entry === undefined ? undefined : run(repository.root, ['cat-file', 'blob', entry.hash]);
}

export interface TreeEntry {
  readonly hash: string;
  /** From the root of the repository. */
  readonly path: string;
}

/** The files of a commit below some paths; all of them without any. */
export async function listTree(
  { root }: Repository,
  commit: string,
  paths: readonly string[] = [],
): Promise<readonly TreeEntry[]> {
  const where = paths.length === 0 ? [] : ['--', ...paths];
  const text = await run(root, ['--literal-pathspecs', 'ls-tree', '-r', '-z', '--full-tree', commit, ...where]);
  return text.split('\0').flatMap((line) => {
    const entry = /^(?:100644|100755) blob ([0-9a-f]+)\t(.+)$/s.exec(line);
    const [, hash, path] = entry ?? [];
    return hash === undefined || path === undefined ? [] : [{ hash, path }];
  });
}

export async function readBlob({ root }: Repository, { hash }: TreeEntry): Promise<string> {
  return run(root, ['cat-file', 'blob', hash]);
}

/** Undefined where git answers no, or is not there at all. */
async function find(folder: string, args: readonly string[]): Promise<string | undefined> {
  try {
    return (await execute(folder, args)).trim();
  } catch {
    return undefined;
  }
}

async function run(folder: string, args: readonly string[]): Promise<string> {
  try {
    return await execute(folder, args);
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim().split('\n')[0] : '';
    const about = said === '' || said === undefined ? 'git failed' : said;
    throw new GuardError('base-unreadable', `git could not read what to compare with: ${about}.`, { cause });
  }
}

async function execute(folder: string, args: readonly string[]): Promise<string> {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };
  const { stdout } = await promisify(execFile)('git', [...quiet, ...args], {
    cwd: folder,
    env,
    maxBuffer: maxOutputBytes,
    windowsHide: true,
  });
  return stdout;
}
