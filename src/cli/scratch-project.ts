/**
 * A copy of all that npm needs to resolve a project: its manifests, lockfile, `.npmrc` and the folders and tarballs
 * that it names by `file:`. No source, no node_modules: nothing that could run.
 */
import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { ProjectFiles } from '../guard/project-files.ts';
import { isRecord } from '../model/manifest.ts';
import type { Project } from './read-project.ts';

export interface ScratchProject {
  /** Where npm is to run. */
  readonly folder: string;
  /** Where the project's file lies in the copy. */
  readonly pathOf: (path: string) => string;
  readonly remove: () => Promise<void>;
}

const dependencyFields = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

/** @param text The lockfile to put there instead of the project's own. */
export async function createScratchProject(
  project: Project,
  files: ProjectFiles,
  text: string | undefined = files.lockfile.text,
): Promise<ScratchProject> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'sluice-')));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  try {
    const outside = await listOutside(project, files);
    // `file:../lib` has to lead to the same place in the copy.
    const top = outside.reduce(commonFolder, project.folder);
    const pathOf = (path: string): string => join(root, relative(top, path));
    const write = async (path: string, contents: string): Promise<void> => {
      await mkdir(dirname(pathOf(path)), { recursive: true });
      await writeFile(pathOf(path), contents);
    };
    for (const [path, contents] of files.files) {
      if (/(?:^|\/)(?:package\.json|\.npmrc)$/.test(path)) await write(join(project.root, path), contents);
    }
    for (const path of outside) await copyNamed(path, pathOf(path));
    if (text !== undefined) await write(join(project.root, project.lockfile), text);
    return { folder: pathOf(project.folder), pathOf, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What the project's manifests name by path. */
async function listOutside(project: Project, { files }: ProjectFiles): Promise<readonly string[]> {
  const named = new Set<string>();
  for (const [path, text] of files) {
    if (!/(?:^|\/)package\.json$/.test(path)) continue;
    for (const target of namedPaths(text)) named.add(resolve(project.root, dirname(path), target));
  }
  return [...named].filter((path) => !isBelow(path, project.folder) || path !== project.folder);
}

function namedPaths(manifestText: string): readonly string[] {
  const manifest = parse(manifestText);
  return dependencyFields.flatMap((field) => {
    const dependencies = isRecord(manifest) ? manifest[field] : undefined;
    const specs = isRecord(dependencies) ? Object.values(dependencies) : [];
    return specs.flatMap((spec) => {
      const path =
        typeof spec === 'string' ? /^(?:file:|link:)?((?:\.{1,2}|~)?\/.*|file:.+)$/.exec(spec)?.[1] : undefined;
      return path === undefined ? [] : [path.replace(/^file:(?:\/\/)?/, '')];
    });
  });
}

/** npm reads a folder's package.json, and a tarball whole. */
async function copyNamed(path: string, copy: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const [from, to] = found.isDirectory() ? [join(path, 'package.json'), join(copy, 'package.json')] : [path, copy];
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to).catch(() => undefined);
}

function commonFolder(folder: string, path: string): string {
  let common = folder;
  while (!isBelow(path, common) && common !== dirname(common)) common = dirname(common);
  return common;
}

function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === '' || !(way === '..' || way.startsWith(`..${sep}`));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function readScratch(scratch: ScratchProject, path: string): Promise<string> {
  return readFile(scratch.pathOf(path), 'utf8');
}
