/** A repository with a committed lockfile that npm wrote, against the tests' own little registry. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLittle } from '../registry/connect.ts';
import type { LittleRegistry, PublishedPackage, PublishedVersion } from '../support/registry.ts';
import { makePlace, type Place } from './run-sluice.ts';

interface VersionText {
  readonly day: number;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** A version with one file, published so many days after the first of 2025. */
export function release(code: string, { day, dependencies = {}, scripts = {} }: VersionText): PublishedVersion {
  return {
    publishedAt: new Date(Date.UTC(2025, 0, 1) + day * 86_400_000).toISOString(),
    files: { 'package.json': { main: 'index.js', dependencies, scripts }, 'index.js': code },
  };
}

export interface Project extends LittleRegistry, Place {
  npm(...args: string[]): Promise<void>;
  git(...args: string[]): Promise<void>;
  readText(path: string): string;
  has(path: string): boolean;
  readLock(): Lockfile;
  writeLock(document: Lockfile): void;
  /** Lays fields over an entry of the lockfile. */
  tamper(location: string, fields: LockfileEntry): void;
}

interface LockfileEntry {
  version?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
}

/** As npm writes it; only what the tests touch has a type. */
export interface Lockfile {
  readonly packages: Record<string, LockfileEntry>;
}

export async function makeProject(
  packages: Readonly<Record<string, PublishedPackage>>,
  dependencies: Readonly<Record<string, string>>,
): Promise<Project> {
  const little = await startLittle({ packages });
  const place = await makePlace(little.url);
  // Not the synchronous kind: the registry answers from this very process.
  const execute = async (program: string, args: readonly string[]): Promise<void> => {
    const env = { PATH: process.env['PATH'] ?? '', HOME: place.folder };
    await promisify(execFile)(program, args, { cwd: place.folder, env });
  };
  const npm = (...args: string[]) =>
    execute('npm', [...args, '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund']);
  const git = (...args: string[]) =>
    execute('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid', ...args]);
  await place.write('package.json', renderManifest(dependencies));
  await npm('install');
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', 'package.json', 'package-lock.json', '.npmrc');
  await git('commit', '--quiet', '-m', 'start');
  const lockfile = join(place.folder, 'package-lock.json');
  const readLock = (): Lockfile => JSON.parse(readFileSync(lockfile, 'utf8'));
  const writeLock = (document: Lockfile): void => writeFileSync(lockfile, `${JSON.stringify(document, null, 2)}\n`);
  return {
    ...little,
    ...place,
    npm,
    git,
    readText: (path) => readFileSync(join(place.folder, path), 'utf8'),
    has: (path) => existsSync(join(place.folder, path)),
    readLock,
    writeLock,
    tamper: (location, fields) => {
      const { packages: entries, ...rest } = readLock();
      writeLock({ ...rest, packages: { ...entries, [location]: { ...entries[location], ...fields } } });
    },
  };
}

export function renderManifest(dependencies: Readonly<Record<string, string>>): string {
  return `${JSON.stringify({ name: 'app', version: '1.0.0', private: true, dependencies }, null, 2)}\n`;
}
