/** npm's configuration for a check: a change that brings its own `.npmrc` must not choose where its packages are looked up. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, relative } from 'node:path';
import type { CheckSubject } from './check.ts';

/** @param work Given the folder whose `.npmrc` holds. */
export async function withBaseConfig<T>(
  { project, before, after }: CheckSubject,
  work: (cwd: string) => Promise<T>,
): Promise<T> {
  const path = posix.join(relative(project.root, project.folder).replaceAll('\\', '/'), '.npmrc');
  if (before?.isCommit !== true || before.files.files.get(path) === after.files.get(path)) return work(project.folder);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  try {
    // npm takes the nearest folder with a package.json for the project's.
    await writeFile(join(folder, 'package.json'), '{}\n');
    await writeFile(join(folder, '.npmrc'), before.files.files.get(path) ?? '');
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
