/** A little registry, and ours talking to it with a home, an .npmrc and a cache of their own. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { loadNpmConfig, type NpmConfig, type NpmConfigOverrides } from '../../src/registry/load-npm-config.ts';
import {
  createRegistry,
  type Registry,
  type RegistryLimits,
  type RegistryOptions,
} from '../../src/registry/registry.ts';
import {
  type LittleRegistry,
  type LittleRegistryOptions,
  type PublishedPackage,
  startRegistry,
} from '../support/registry.ts';

export interface Connection {
  readonly little: LittleRegistry;
  readonly home: string;
  readonly config: NpmConfig;
  readonly warnings: readonly string[];
  readonly registry: Registry;
  /** Another one on the same cache, as the next run would make it. */
  again(config?: Partial<NpmConfig>, limits?: Partial<RegistryLimits>): Registry;
}

/** Two plain versions, for tests that are about something else. */
export const plainPackages: Readonly<Record<string, PublishedPackage>> = {
  plain: {
    versions: {
      '1.0.0': { files: { 'index.js': 'module.exports = 1;' } },
      '1.0.1': { files: { 'index.js': 'module.exports = 2;' } },
    },
  },
};

/** Retries follow at once, so that no test waits. */
export const quickLimits: Partial<RegistryLimits> = { minDelayMs: 1, maxDelayMs: 200, timeoutMs: 5_000, idleMs: 2_000 };

export async function connect(
  options: LittleRegistryOptions = {},
  { npmrc = '', limits = {}, memory }: Pick<RegistryOptions, 'limits' | 'memory'> & { readonly npmrc?: string } = {},
): Promise<Connection> {
  const little = await startLittle(options);
  const home = await makeHome(`registry=${little.url}\n${npmrc.replaceAll('{registry}', little.url)}`);
  const config = await loadConfigIn(home);
  const warnings: string[] = [];
  const again: Connection['again'] = (changes = {}, more = {}) =>
    createRegistry(
      { ...config, ...changes },
      { memory, warn: (sentence) => warnings.push(sentence), limits: { ...quickLimits, ...limits, ...more } },
    );
  return { little, home, config, warnings, registry: again(), again };
}

export async function startLittle(options: LittleRegistryOptions = {}): Promise<LittleRegistry> {
  const little = await startRegistry({ ...options, packages: options.packages ?? plainPackages });
  onTestFinished(() => little.close());
  return little;
}

/** A folder with an .npmrc, gone when the test is over. */
export async function makeHome(npmrc: string): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'sluice-registry-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  await writeFile(join(home, '.npmrc'), npmrc);
  return home;
}

export function loadConfigIn(
  home: string,
  { env = {}, cwd = home, ...overrides }: NpmConfigOverrides & { env?: Record<string, string>; cwd?: string } = {},
): Promise<NpmConfig> {
  return loadNpmConfig(overrides, { cwd, env: { HOME: home, npm_config_globalconfig: join(home, 'none'), ...env } });
}

/** Every file below the folder. */
export async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
