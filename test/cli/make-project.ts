/** A repository with a committed lockfile that npm wrote, against the tests' own little registry. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startLittle } from '../registry/connect.ts';
import type { PublishedPackage, PublishedVersion } from '../support/registry.ts';
import { makePlace } from './run-sluice.ts';

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

export async function makeProject(
  packages: Readonly<Record<string, PublishedPackage>>,
  dependencies: Readonly<Record<string, string>>,
) {
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
  return {
    ...little,
    ...place,
    npm,
    git,
    readText: (path: string) => readFileSync(join(place.folder, path), 'utf8'),
    has: (path: string) => existsSync(join(place.folder, path)),
    readLock: () => JSON.parse(readFileSync(lockfile, 'utf8')),
    writeLock: (document: unknown) => writeFileSync(lockfile, `${JSON.stringify(document, null, 2)}\n`),
  };
}

export function renderManifest(dependencies: Readonly<Record<string, string>>): string {
  return `${JSON.stringify({ name: 'app', version: '1.0.0', private: true, dependencies }, null, 2)}\n`;
}
