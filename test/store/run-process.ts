/** A process of its own that uses a store: what a crash, a limit or another user does to it is real. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const source = new URL('../../src/store/open-store.ts', import.meta.url).href;

export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder that is gone when the test is over. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-store-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/**
 * @param code Has `openStore`, `path`, and `verdict(name)`, which makes one up.
 * @param shell What the shell does before Node takes its place: `ulimit -f 100`.
 */
export function startProcess(path: string, code: string, shell: string = 'true'): ChildProcess {
  const program = `
    import { openStore } from ${JSON.stringify(source)};
    const path = ${JSON.stringify(path)};
    const verdict = (name) => ({
      result: 'allow', id: 'sha256-' + name, findings: [], engine: '0', asOf: '2026-01-01T00:00:00.000Z',
      subject: { name, to: '1.0.0', integrity: {}, source: 'registry' },
    });
    ${code}`;
  const line = `${shell} && exec "$0" --input-type=module -e "$1"`;
  const child = spawn('/bin/sh', ['-c', line, process.execPath, program], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

export async function runProcess(path: string, code: string, shell?: string): Promise<Outcome> {
  const child = startProcess(path, code, shell);
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    stderr += chunk;
  });
  await once(child, 'close');
  return { exit: child.exitCode, stdout, stderr };
}
