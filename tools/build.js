/**
 * Emits the published JavaScript into build/. npm runs it as `prepare`: after `npm ci` in a clone, and before packing.
 * Plain JavaScript, because a clone without development dependencies has only the machine's own Node to run it.
 * Types are not checked here: `npm run check` does.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const compiler = findCompiler();

if (compiler === undefined) {
  console.error(
    'sluice: build/ was not made, because TypeScript is not installed; run `npm ci` with development dependencies.',
  );
} else {
  rmSync(new URL('build/', root), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json', '--noCheck'], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  });
  if (status === 0) chmodSync(new URL('build/src/cli/main.js', root), 0o755);
  process.exitCode = status ?? 1;
}

/** @returns {string | undefined} */
function findCompiler() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return undefined;
  }
}
