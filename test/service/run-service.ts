/** `sluice serve` as an operator runs it: a process of its own, that can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { makePlace, type Place } from '../cli/run-sluice.ts';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** One for all of them: each would compile the same code anew. */
const compileCache = fileURLToPath(new URL('../../.cache/compiled', import.meta.url));

export interface Process {
  readonly url: string;
  readonly said: readonly string[];
  ask(path: string, init?: RequestInit): Promise<Response>;
  /** Whether it was told to end. */
  isEnding(): boolean;
  /** @returns The exit status; null where it was killed. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export interface Site extends Place {
  serve(...args: string[]): Promise<Process>;
}

/** One folder, one store: each process that is started in it follows the one before. */
export async function makeSite(registry: string): Promise<Site> {
  const place = await makePlace(registry);
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: place.folder,
    npm_config_globalconfig: join(place.folder, 'none'),
    NODE_COMPILE_CACHE: compileCache,
  };
  return {
    ...place,
    serve: async (...args) => {
      const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--db', 'store.db', ...args], {
        cwd: place.folder,
        env,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      onTestFinished(() => void child.kill('SIGKILL'));
      return watch(child);
    },
  };
}

async function watch(child: ChildProcess): Promise<Process> {
  if (child.stderr === null) throw new Error('the service was started without a stderr');
  const said: string[] = [];
  const lines = createInterface(child.stderr);
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      const [, found] = /^Sluice answers at (\S+)/.exec(line) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(`the service ended: ${said.join('\n')}`)));
  });
  let isEnding = false;
  return {
    url,
    said,
    isEnding: () => isEnding,
    ask: (path, init) => fetch(new URL(path, url), init),
    end: async (signal) => {
      isEnding = true;
      const exit = once(child, 'exit');
      child.kill(signal);
      const [status] = await exit;
      return status;
    },
  };
}
