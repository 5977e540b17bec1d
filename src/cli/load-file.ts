/** A file that the user named, read whole; whatever goes wrong is one sentence. */
import { readFile, stat } from 'node:fs/promises';
import { GuardError } from '../errors.ts';

/** @param what What the file is meant to be, for messages: "policy file". */
export async function loadFile(path: string, what: string, maxBytes: number): Promise<Buffer> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new GuardError('file-unreadable', `${path} is no file, so it cannot be the ${what}.`);
    if (found.size > maxBytes) {
      throw new GuardError('file-unreadable', `${path} is larger than ${maxBytes / 1_000_000} MB: no ${what} is.`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof GuardError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const reason = readFailures[code] ?? `cannot be read (${code})`;
    throw new GuardError('file-unreadable', `The ${what} ${path} ${reason}.`, { cause });
  }
}

/** Undefined where there is no such file; every other trouble is an error. */
export async function findFile(path: string, what: string, maxBytes: number): Promise<string | undefined> {
  try {
    return (await loadFile(path, what, maxBytes)).toString('utf8');
  } catch (error) {
    if (error instanceof GuardError && isAbsence(error.cause)) return undefined;
    throw error;
  }
}

function isAbsence(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'ENOTDIR');
}

const readFailures: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ENOTDIR: 'lies below something that is no folder',
  ENAMETOOLONG: 'has too long a name to exist',
};
