/** What a check compares with: a commit of the repository, or a lockfile that the user names. */
import { existsSync, statSync } from 'node:fs';
import { dirname, posix } from 'node:path';
import { GuardError } from '../errors.ts';
import type { ProjectFiles } from '../guard/project-files.ts';
import { isRecord } from '../model/manifest.ts';
import { findBase, type Repository } from './git.ts';
import { loadFile } from './load-file.ts';
import { type Project, readFromCommit } from './read-project.ts';

export interface ReadBase {
  readonly files: ProjectFiles;
  readonly title: string;
  /** Whether it is the project itself at another time, with its own policy and configuration. */
  readonly isCommit: boolean;
}

const maxLockfileBytes = 64_000_000;

export async function readBase(
  given: string | undefined,
  { project, repository }: { readonly project: Project; readonly repository: Repository | undefined },
  head: ProjectFiles,
): Promise<ReadBase> {
  if (given !== undefined && existsSync(given) && statSync(given).isFile()) {
    const text = (await loadFile(given, 'base lockfile', maxLockfileBytes)).toString('utf8');
    return { files: standIn(text, head), title: given, isCommit: false };
  }
  if (repository === undefined) {
    const problem =
      given === undefined ? 'This is no git repository' : `${given} is no file, and this is no git repository`;
    throw new GuardError(
      'base-unreadable',
      `${problem}, so there is nothing to compare with (--all looks at the whole tree).`,
    );
  }
  const base = await findBase(repository, given);
  if (base === undefined) {
    const problem =
      given === undefined ? 'The repository has no commit yet' : `${given} is neither a file nor a commit`;
    throw new GuardError(
      'base-unreadable',
      `${problem}, so there is nothing to compare with (--all looks at the whole tree).`,
    );
  }
  return { files: await readFromCommit(project, repository, base.commit), title: base.title, isCommit: true };
}

/** A lockfile alone knows what its package.json asked for; everything else is taken to be as it is now. */
function standIn(text: string, head: ProjectFiles): ProjectFiles {
  const { path } = head.lockfile;
  const folder = dirname(path);
  const files = new Map(head.files);
  const root = findRootEntry(text);
  if (root !== undefined) files.set(posix.join(folder, 'package.json'), JSON.stringify(root));
  return { lockfile: { path, text }, files };
}

/** Version 1 has none; what is no JSON at all is told by the parser of lockfiles. */
function findRootEntry(text: string): unknown {
  try {
    const document: unknown = JSON.parse(text);
    const packages = isRecord(document) ? document['packages'] : undefined;
    const root = isRecord(packages) ? packages[''] : undefined;
    return isRecord(root) ? root : undefined;
  } catch {
    return undefined;
  }
}
