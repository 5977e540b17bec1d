/**
 * Emits the published JavaScript into build/, and makes `npx sluice` find it in a clone.
 * npm runs it as `prepare`: after `npm ci` in a clone, and before packing.
 * Plain JavaScript, because a clone without development dependencies has only the machine's own Node to run it.
 * Types are not checked here: `npm run check` does.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const command = new URL('build/src/cli/main.js', root);
const compiler = findCompiler();

if (compiler === undefined) {
  console.error(
    'sluice: build/ was not made, because TypeScript is not installed; run `npm ci` with development dependencies.',
  );
} else {
  process.exitCode = build(compiler);
}

/** @param {string} tsc */
function build(tsc) {
  rmSync(new URL('build/', root), { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--noCheck'], {
    cwd: fileURLToPath(root),
    stdio: 'inherit',
  });
  if (status !== 0) return status ?? 1;
  chmodSync(command, 0o755);
  linkCommand();
  return 0;
}

/** Without a link npx installs the clone into its own cache first: slower, and wrong for ever where an older try failed. */
function linkCommand() {
  const folder = new URL('node_modules/.bin/', root);
  if (process.platform === 'win32' || !existsSync(folder)) return;
  const link = new URL('sluice', folder);
  rmSync(link, { force: true });
  symlinkSync('../../build/src/cli/main.js', link);
}

/** @returns {string | undefined} */
function findCompiler() {
  try {
    // The package exports its package.json, but not its command.
    const manifest = createRequire(import.meta.url).resolve('typescript/package.json');
    return join(dirname(manifest), 'bin/tsc');
  } catch {
    return undefined;
  }
}
