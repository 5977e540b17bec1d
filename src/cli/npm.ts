/** npm itself, run as a person would run it. The one place that starts it. */
import { spawn } from 'node:child_process';
import { GuardError } from '../errors.ts';

export interface NpmRun {
  readonly cwd: string;
  /** `inherit`: the person sees npm work. `quiet`: its output is kept for the error that may come. */
  readonly output: 'inherit' | 'quiet';
}

const maxKeptChars = 20_000;
const maxErrorLines = 3;

/** @returns npm's exit status and, where it was quiet, what it said. */
export async function runNpm(
  args: readonly string[],
  { cwd, output }: NpmRun,
): Promise<{ readonly status: number; readonly said: string }> {
  const [program, ...before] = findNpm();
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...before, ...args], {
      cwd,
      // What the answer of Sluice goes to is not npm's to write on.
      stdio: output === 'inherit' ? ['inherit', 2, 2] : ['ignore', 'pipe', 'pipe'],
      env: withoutOwnScript(process.env),
      windowsHide: true,
    });
    let said = '';
    const keep = (chunk: Buffer): void => {
      said = (said + chunk.toString('utf8')).slice(-maxKeptChars);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (cause) =>
      reject(new GuardError('npm-failed', `npm could not be started: ${cause.message}.`, { cause })),
    );
    child.on('close', (status, signal) => resolve({ status: status ?? (signal === 'SIGINT' ? 130 : 1), said }));
  });
}

/** Run from an npm script, the very npm that runs it; else the one on the PATH. */
function findNpm(): readonly [string, ...string[]] {
  const path = process.env['npm_execpath'];
  if (path !== undefined && /npm-cli\.c?js$/.test(path)) return [process.execPath, path];
  return process.platform === 'win32' ? ['npm.cmd'] : ['npm'];
}

/** `npx sluice` tells its children about itself in variables that npm would take for its own configuration. */
function withoutOwnScript(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(
    ([name]) => !/^npm_(?:lifecycle|package|command|config_local_prefix)/i.test(name),
  );
  return Object.fromEntries(kept);
}

/** npm's own error lines, the first of them, for a sentence. Each begins with the status of an answer; once is enough. */
export function firstErrorOf(said: string): string {
  const lines = said.split('\n').map((line) => line.replace(/^npm (?:ERR!|error)\s?/, '').trim());
  const telling = lines.filter((line) => line !== '' && !/^(?:code|A complete log|npm warn)/i.test(line));
  const [first, ...others] = telling.slice(0, maxErrorLines);
  if (first === undefined) return 'npm said nothing';
  const [status] = /^\d{3}(?= )/.exec(first) ?? [];
  const rest = others.map((line) => (status !== undefined && line.startsWith(status) ? line.slice(3).trim() : line));
  return [first, ...rest.filter((line) => line !== '')].join(' ');
}
