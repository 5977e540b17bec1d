/** TypeScript's own command: version 7 has no other stable way in. Its whole answer is returned, complaints and all. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const tsc = fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url));

export interface CompilerAnswer {
  readonly exit: number | null;
  readonly complaints: string;
}

export function runCompiler(folder: string, parameters: readonly string[]): CompilerAnswer {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [tsc, ...parameters], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (error !== undefined) throw error;
  return { exit: status, complaints: `${stdout}${stderr}` };
}
