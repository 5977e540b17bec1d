/** Runs the command line as a person does: a process of its own, with a home, an .npmrc, a cache and a folder to stand in. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { buildTarball } from '../support/build-tarball.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Where nobody listens: whoever asks this registry has no network. */
export const nowhere = 'http://127.0.0.1:9/';

export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Place {
  readonly folder: string;
  run(args: readonly string[], setting?: Setting): Promise<Outcome>;
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** A tarball of `sample` with this package.json laid over its own, and these other files. */
  pack(
    name: string,
    manifest: Readonly<Record<string, unknown>>,
    files?: Readonly<Record<string, string>>,
  ): Promise<string>;
}

export interface Setting {
  readonly env?: Readonly<Record<string, string>>;
  /** Code that runs in the process before Sluice does. */
  readonly before?: string;
  /** Closes stdout after its first bytes, as `head` does. */
  readonly leaveEarly?: boolean;
}

export async function makePlace(registry: string = nowhere): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const write: Place['write'] = async (name, content) => {
    await writeFile(join(folder, name), content);
    return name;
  };
  await write('.npmrc', `registry=${registry}\nfetch-retries=0\ncache=${join(folder, 'cache')}\n`);
  return {
    folder,
    write,
    run: (args, setting = {}) => runIn(folder, args, setting),
    pack: (name, manifest, files = {}) =>
      write(name, buildTarball({ 'package.json': JSON.stringify({ name: 'sample', ...manifest }), ...files })),
  };
}

function runIn(folder: string, args: readonly string[], { env, before, leaveEarly }: Setting): Promise<Outcome> {
  const preload = before === undefined ? [] : ['--import', `data:text/javascript,${encodeURIComponent(before)}`];
  const child = spawn(process.execPath, [...preload, main, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, npm_config_globalconfig: join(folder, 'none'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (leaveEarly === true) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, stdout, stderr }));
  });
}
