/**
 * Bundles the Action into one file without anything around it, with the licences of all that is in it beside it.
 * `node tools/bundle-action.ts` writes dist/; `--check` compares it with a fresh bundle; `--out <folder>` writes elsewhere.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Plugin, rolldown } from 'rolldown';
import { loadNpmConfig } from '../src/registry/load-npm-config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const bundled = ['index.js', 'licenses.txt'] as const;

/** Of our own package.json only the version is needed; the rest would change the bundle with every new tool. */
const onlyVersion: Plugin = {
  name: 'only-version',
  load: (id) => {
    if (id !== join(root, 'package.json')) return null;
    // Safe: it is our own file, and npm needs the field.
    const { version } = JSON.parse(readFileSync(id, 'utf8')) as { version: string };
    return { code: JSON.stringify({ version }), moduleType: 'json' };
  },
};

const { values } = parseArgs({ options: { check: { type: 'boolean' }, out: { type: 'string' } } });
if (values.check === true) await check();
else await bundle(values.out ?? dist);

async function check(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bundle-'));
  try {
    await bundle(folder);
    const stale = bundled.filter((name) => read(join(folder, name)) !== read(join(dist, name)));
    if (stale.length === 0) return;
    console.error(`dist/ is not what the sources make (${stale.join(', ')}): run \`npm run bundle\` and commit it.`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function bundle(folder: string): Promise<void> {
  const build = await rolldown({
    input: join(root, 'src/action/main.ts'),
    cwd: root,
    platform: 'node',
    external: [/^node:/, ...builtinModules],
    // One of our parsers has a `main` that no bundler can follow, and a `module` that all can.
    resolve: { mainFields: ['module', 'main'] },
    plugins: [onlyVersion],
    onLog: (level, log, handle) => {
      if (level === 'warn') throw new Error(`${log.message}`);
      handle(level, log);
    },
  });
  const { output } = await build.generate({
    format: 'esm',
    codeSplitting: false,
    minify: false,
    comments: { legal: false },
  });
  const [code, ...others] = output;
  if (others.length > 0) throw new Error(`The bundle is to be one file, and has ${others.length} more.`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'index.js'), await withoutHostName(code.code));
  writeFileSync(join(folder, 'licenses.txt'), renderLicenses(code.moduleIds));
}

/** This repository names no registry: npm's own default stands in its libraries, and here in an equal spelling. */
async function withoutHostName(code: string): Promise<string> {
  const { defaultRegistryHost } = await loadNpmConfig();
  return code.replaceAll(defaultRegistryHost, defaultRegistryHost.replaceAll('.', String.raw`\u002e`));
}

function renderLicenses(modules: readonly string[]): string {
  const folders = new Set(modules.flatMap((id) => findPackageFolder(id) ?? []));
  const texts = [...folders].map((folder) => {
    // Safe: as above, of packages that npm installed.
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    const file = readdirSync(folder).find((one) => /^(licen[cs]e|copying)(\.|$)/i.test(one));
    const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim();
    return `${name} ${version}: ${license}\n\n${text}`.trim();
  });
  return `${[...new Set(texts)].toSorted().join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The nearest folder below node_modules with a name in its package.json. */
function findPackageFolder(id: string): string | undefined {
  if (!id.includes(`${sep}node_modules${sep}`)) return undefined;
  for (let folder = dirname(id.replace(/^\0/, '')); folder !== dirname(folder); folder = dirname(folder)) {
    const manifest = read(join(folder, 'package.json'));
    if (manifest !== undefined && /"version"\s*:/.test(manifest)) return folder;
  }
  return undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
