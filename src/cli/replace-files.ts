/** Several files given new contents, each whole or not at all, with a way back. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { GuardError } from '../errors.ts';

/** @returns What puts the old contents back. */
export async function replaceFiles(contents: ReadonlyMap<string, string>): Promise<() => Promise<void>> {
  const before = new Map<string, string | undefined>();
  for (const path of contents.keys()) before.set(path, await readFile(path, 'utf8').catch(() => undefined));
  const replaced: string[] = [];
  const restore = async (): Promise<void> => {
    for (const path of replaced) {
      const text = before.get(path);
      await (text === undefined ? rm(path, { force: true }) : replaceFile(path, text));
    }
  };
  try {
    for (const [path, text] of contents) {
      await replaceFile(path, text);
      replaced.push(path);
    }
  } catch (cause) {
    await restore();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GuardError('file-unreadable', `The project could not be written, and is as it was: ${reason}.`, {
      cause,
    });
  }
  return restore;
}

/** Beside it first, then in its place: nobody ever sees half of it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const beside = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  const mode = await stat(path).then(
    (found) => found.mode & 0o777,
    () => 0o644,
  );
  try {
    await writeFile(beside, text, { mode, flush: true });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    throw error;
  }
}
