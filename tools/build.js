/**
 * Writes the published JavaScript into build/, and makes `npx sluice` find it in a clone.
 * npm runs it as `prepare`: after `npm ci` in a clone, and before packing.
 * Plain JavaScript, because a clone without development dependencies has only the machine's own Node to run it.
 * Our own modules are put together into a few files, which start in half the time; libraries stay what npm installs.
 * Types are not checked here: `npm run check` does.
 */
import { chmodSync, existsSync, rmSync, symlinkSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const command = new URL('build/src/cli/main.js', root);
/** What is started by itself: the command, and threads with the module that finds them beside it. */
const entries = [
  'src/cli/main',
  'src/guard/analysis-thread',
  'src/guard/analysis-worker',
  'src/service/job-pool',
  'src/service/job-worker',
];

const bundler = await import('rolldown').catch(() => undefined);
if (bundler === undefined) {
  console.error(
    'sluice: build/ was not made, because rolldown is not installed; run `npm ci` with development dependencies.',
  );
} else {
  await build(bundler);
}

/** @param {typeof import('rolldown')} bundler */
async function build({ rolldown }) {
  rmSync(new URL('build/', root), { recursive: true, force: true });
  const bundle = await rolldown({
    input: Object.fromEntries(entries.map((entry) => [entry, fileURLToPath(new URL(`${entry}.ts`, root))])),
    cwd: fileURLToPath(root),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
    preserveEntrySignatures: 'allow-extension',
  });
  await bundle.write({
    dir: fileURLToPath(new URL('build/', root)),
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'src/parts/[name].js',
  });
  chmodSync(command, 0o755);
  linkCommand();
}

/** Without a link npx installs the clone into its own cache first: slower, and wrong for ever where an older try failed. */
function linkCommand() {
  const folder = new URL('node_modules/.bin/', root);
  if (process.platform === 'win32' || !existsSync(folder)) return;
  const link = new URL('sluice', folder);
  rmSync(link, { force: true });
  symlinkSync('../../build/src/cli/main.js', link);
}
