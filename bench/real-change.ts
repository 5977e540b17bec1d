/**
 * A change of a real lockfile, written by npm, and what nobody can avoid who judges it: hashing, unpacking and parsing what
 * changed, on one core. Downloads are not measured.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProgram } from '../src/behavior/syntax/parse-program.ts';
import { textOf } from '../src/model/package-tree.ts';
import { loadNpmConfig } from '../src/registry/load-npm-config.ts';
import { createRegistry } from '../src/registry/registry.ts';
import { compareTrees } from '../src/tarball/compare-trees.ts';
import { readTarball } from '../src/tarball/read-tarball.ts';
import { time } from './measure.ts';

/** What a project asks for, before and after. */
export type Asked = readonly (readonly [name: string, before: string, after: string])[];

export interface Changed {
  readonly name: string;
  readonly from: string | null;
  readonly to: string;
}

/** Written by npm once, and kept: what npm resolves today is not what it will resolve tomorrow. */
export function makeLockfile(folder: string, asked: Asked, at: 1 | 2): string {
  const path = join(folder, 'package-lock.json');
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const dependencies = Object.fromEntries(asked.map((one) => [one[0], one[at]]));
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', private: true, dependencies }));
  const parameters = ['install', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
  const { status, stderr } = spawnSync('npm', parameters, { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm could not resolve the project: ${stderr}`);
  return path;
}

/** Seconds. */
export async function measureLimit(changed: readonly Changed[]): Promise<number> {
  const registry = createRegistry(await loadNpmConfig());
  const load = async (name: string, version: string | null): Promise<Uint8Array | undefined> => {
    if (version === null) return undefined;
    const tarball = await registry.loadTarball(name, version);
    if (!tarball.known) throw new Error(`${name}@${version} could not be fetched: ${tarball.detail}`);
    return tarball.value.bytes;
  };
  let seconds = 0;
  for (const { name, from, to } of changed) {
    const [before, after] = [await load(name, from), await load(name, to)];
    seconds += (await time(() => readBoth(before, after))).seconds;
  }
  return seconds;
}

async function readBoth(before: Uint8Array | undefined, after: Uint8Array | undefined): Promise<void> {
  for (const bytes of [before, after]) if (bytes !== undefined) createHash('sha512').update(bytes).digest();
  if (after === undefined) return;
  const trees = [before === undefined ? undefined : await readTarball(before), await readTarball(after)] as const;
  const { added, changed } = compareTrees(trees[0], trees[1]);
  for (const file of [...added, ...changed.flatMap((one) => [one.before, one.after])])
    if (file.format === 'javascript') parseProgram(textOf(file), file.path);
}
