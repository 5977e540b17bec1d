/** A small project with a workspace, whose lockfiles npm itself wrote against the little registry; and copies to tamper with. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ProjectFiles } from '../../src/guard/project-files.ts';
import type { PublishedPackage } from './registry.ts';

/** What a test changes in place. JSON of npm's making, so its shape is known. */
export interface Draft {
  readonly lock: DraftLock;
  /** Contents by path. */
  readonly files: Record<string, string>;
}

export interface DraftLock {
  packages: Record<string, DraftEntry>;
  /** The half that npm 6 reads; versions 1 and 2 have it. */
  dependencies?: Record<string, DraftEntry>;
}

export interface DraftEntry {
  name?: string;
  version?: string;
  resolved?: string;
  integrity?: string;
  hasInstallScript?: boolean;
  bin?: Record<string, string>;
  license?: string;
  inBundle?: boolean;
  bundleDependencies?: string[];
  dependencies?: Record<string, string>;
  requires?: Record<string, string>;
}

export interface NpmWritten {
  /** `a` is at 2.0.0. */
  readonly base: ProjectFiles;
  /** The same after `npm update a`: it is at 2.1.3. */
  readonly updated: ProjectFiles;
  /** The base, with `d`, `e` and another version of `c` besides: where entries for them can be had. */
  readonly richer: ProjectFiles;
  /** The base in the older formats. */
  readonly oldest: ProjectFiles;
  readonly middle: ProjectFiles;
}

const dependOn = (dependencies: Record<string, string>) => ({ files: { 'package.json': { dependencies } } });

export const publishedPackages: Readonly<Record<string, PublishedPackage>> = {
  a: { versions: { '2.0.0': dependOn({ c: '^1.0.0' }), '2.1.3': dependOn({ c: '^1.0.0' }) } },
  b: { versions: { '1.0.0': dependOn({ c: '^1.0.0' }) } },
  c: { versions: { '1.0.0': {}, '2.0.0': {} } },
  d: { versions: { '1.0.0': {} } },
  e: {
    versions: {
      '1.0.0': {
        files: {
          'package.json': { dependencies: { c: '^1.0.0' }, bundleDependencies: ['c'] },
          'node_modules/c/package.json': { name: 'c', version: '1.0.0' },
        },
      },
    },
  },
};

/** @param registry The little registry's URL. */
export async function writeWithNpm(registry: string): Promise<NpmWritten> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-tampering-'));
  try {
    const files = {
      '.npmrc': `registry=${registry}\n`,
      'package.json': toJson({ name: 'app', version: '1.0.0', private: true, workspaces: ['packages/*'] }),
      'packages/web/package.json': toJson({ name: 'web', version: '1.0.0', dependencies: { b: '^1.0.0' } }),
    };
    await mkdir(join(folder, 'packages/web'), { recursive: true });
    for (const [path, text] of Object.entries(files)) await writeFile(join(folder, path), text);
    await runNpm(folder, ['install', 'a@2.0.0']);
    const base = await readFiles(folder);
    await runNpm(folder, ['install', '--lockfile-version=2']);
    const middle = await readFiles(folder);
    await runNpm(folder, ['install', '--lockfile-version=1']);
    const oldest = await readFiles(folder);
    await runNpm(folder, ['update', 'a', '--lockfile-version=3']);
    const updated = await readFiles(folder);
    await runNpm(folder, ['install', 'c@2.0.0', 'd@1.0.0', 'e@1.0.0']);
    return { base, middle, oldest, updated, richer: await readFiles(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function draftOf({ lockfile, files }: ProjectFiles): Draft {
  return { lock: JSON.parse(lockfile.text ?? '{}'), files: Object.fromEntries(files) };
}

export function projectOf({ lock, files }: Draft): ProjectFiles {
  return { lockfile: { path: 'package-lock.json', text: toJson(lock) }, files: new Map(Object.entries(files)) };
}

/** An entry that has to be there. */
export function entryAt(draft: Draft, location: string): DraftEntry {
  const entry = draft.lock.packages[location];
  if (entry === undefined) throw new Error(`npm wrote no entry ${location}`);
  return entry;
}

/** An entry that npm wrote in another of its lockfiles. */
export function entryFrom(project: ProjectFiles, location: string): DraftEntry {
  return entryAt(draftOf(project), location);
}

/** Changes some keys of an entry; those that are undefined go. */
export function editEntry(
  draft: Draft,
  location: string,
  more: { readonly [Key in keyof DraftEntry]: DraftEntry[Key] | undefined },
): void {
  const entry = Object.entries({ ...entryAt(draft, location), ...more });
  // Safe: what is taken out are only the keys that are undefined.
  draft.lock.packages[location] = Object.fromEntries(entry.filter(([, value]) => value !== undefined)) as DraftEntry;
}

/** Changes one of the project's JSON files. */
export function editManifest(draft: Draft, path: string, more: Readonly<Record<string, unknown>>): void {
  draft.files[path] = toJson({ ...JSON.parse(draft.files[path] ?? '{}'), ...more });
}

async function runNpm(folder: string, args: readonly string[]): Promise<void> {
  const quiet = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: folder, npm_config_cache: join(folder, 'cache') };
  await promisify(execFile)('npm', [...args, ...quiet], { cwd: folder, env });
}

async function readFiles(folder: string): Promise<ProjectFiles> {
  const read = (path: string): Promise<string> => readFile(join(folder, path), 'utf8');
  const paths = ['package.json', 'packages/web/package.json', '.npmrc'];
  const texts = await Promise.all(paths.map(async (path): Promise<[string, string]> => [path, await read(path)]));
  return {
    lockfile: { path: 'package-lock.json', text: await read('package-lock.json') },
    files: new Map(texts),
  };
}

function toJson(document: unknown): string {
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
