/**
 * npm's configuration as npm itself reads it: command line, environment, project, user, global and builtin .npmrc.
 * Nothing is printed about keys that npm does not know: that is npm's business.
 */
import { dirname, join } from 'node:path';
import { GuardError } from '../errors.ts';

export interface NpmConfig {
  /** The registry of packages whose scope has none of its own. */
  readonly registry: string;
  /** The host of npm's default registry: the one that `replace-registry-host=npmjs` replaces in tarball URLs. */
  readonly defaultRegistryHost: string;
  /** npm's content-addressed cache (`_cacache`), shared with npm. */
  readonly cacheFolder: string;
  readonly offline: boolean;
  readonly preferOnline: boolean;
  readonly preferOffline: boolean;
  /** ISO 8601 instant: versions published later do not count. */
  readonly before: string | undefined;
  readonly attempts: AttemptLimits;
  /** npm's flattened options, for npm's own libraries. Holds credentials: never print it. */
  readonly flat: Readonly<Record<string, unknown>>;
}

export interface AttemptLimits {
  /** How many times a request is made again after it failed. */
  readonly retries: number;
  readonly factor: number;
  readonly minDelayMs: number;
  readonly maxDelayMs: number;
  /** For one request, answer included. */
  readonly timeoutMs: number;
}

export interface NpmConfigOverrides {
  readonly registry?: string | undefined;
  /** npm's cache folder, the one that holds `_cacache`. */
  readonly cache?: string | undefined;
  readonly offline?: boolean | undefined;
}

/** What the configuration depends on besides files. */
export interface NpmConfigSurroundings {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * npm waits 10 s before its first retry and 60 s before the second, made for installs that nobody watches.
 * A person waits for a check: these delays hold unless the configuration names others.
 */
const ownDelays: Readonly<Record<string, number>> = {
  'fetch-retry-mintimeout': 500,
  'fetch-retry-maxtimeout': 10_000,
  'fetch-retry-factor': 4,
};

export async function loadNpmConfig(
  overrides: NpmConfigOverrides = {},
  surroundings: NpmConfigSurroundings = { cwd: process.cwd(), env: process.env },
): Promise<NpmConfig> {
  const [{ default: Config }, { default: npm }] = await Promise.all([
    import('@npmcli/config'),
    import('@npmcli/config/lib/definitions/index.js'),
  ]);
  const { definitions, shorthands, flatten, nerfDarts, defaults } = npm;
  // A copy: the library writes into the environment that it is given.
  const env = { ...surroundings.env };
  const config = new Config({
    npmPath: findNpmFolder(env),
    definitions,
    shorthands,
    flatten,
    nerfDarts,
    argv: [process.execPath, 'sluice', ...renderArguments(overrides)],
    env,
    cwd: surroundings.cwd,
    warn: false,
  });
  const flat = await loadFlat(config);
  const delay = (key: string, value: unknown) =>
    readNumber(config.find(key) === 'default' ? ownDelays[key] : value, ownDelays[key] ?? 0);
  const retry = readRecord(flat['retry']);
  return {
    registry: parseRegistryUrl(flat['registry'], 'registry'),
    defaultRegistryHost: new URL(String(defaults['registry'])).host,
    cacheFolder: String(flat['cache']),
    offline: flat['offline'] === true,
    preferOnline: flat['preferOnline'] === true,
    preferOffline: flat['preferOffline'] === true,
    before: flat['before'] instanceof Date ? flat['before'].toISOString() : undefined,
    attempts: {
      retries: readNumber(retry['retries'], 2),
      factor: delay('fetch-retry-factor', retry['factor']),
      minDelayMs: delay('fetch-retry-mintimeout', retry['minTimeout']),
      maxDelayMs: delay('fetch-retry-maxtimeout', retry['maxTimeout']),
      timeoutMs: boundTimeout(readNumber(flat['timeout'], 0)),
    },
    flat,
  };
}

/** The registry for a package, as npm picks it: its scope's, then the configured default scope's, then the default. */
export function findRegistryOf(name: string, config: NpmConfig): string {
  const scope = name.startsWith('@') ? name.slice(0, name.indexOf('/')) : undefined;
  const defaultScope = typeof config.flat['scope'] === 'string' ? config.flat['scope'].replace(/^@?/, '@') : '@';
  for (const candidate of [scope, defaultScope]) {
    const key = `${candidate}:registry`;
    if (candidate !== undefined && config.flat[key]) return parseRegistryUrl(config.flat[key], key);
  }
  return config.registry;
}

/** The default registry's host and those of all scopes. */
export function listRegistryHosts(config: NpmConfig): readonly string[] {
  const scoped = Object.entries(config.flat).filter(([key, value]) => key.endsWith(':registry') && Boolean(value));
  const urls = [config.registry, ...scoped.map(([key, value]) => parseRegistryUrl(value, key))];
  return [...new Set(urls.map((url) => new URL(url).host))];
}

export function withoutCredentials(registry: string): string {
  const url = new URL(registry);
  url.username = '';
  url.password = '';
  return url.href;
}

async function loadFlat(config: {
  load(): Promise<void>;
  readonly flat: Readonly<Record<string, unknown>>;
}): Promise<Readonly<Record<string, unknown>>> {
  try {
    await config.load();
    return config.flat;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GuardError('usage', `npm's configuration (.npmrc, npm_config_* variables) cannot be read: ${reason}`, {
      cause,
    });
  }
}

/** Undefined overrides stay out, so that npm's own sources decide. */
function renderArguments(overrides: NpmConfigOverrides): readonly string[] {
  const given: string[] = [];
  if (overrides.registry !== undefined) given.push(`--registry=${parseRegistryUrl(overrides.registry, '--registry')}`);
  if (overrides.cache !== undefined) given.push(`--cache=${overrides.cache}`);
  if (overrides.offline !== undefined) given.push(`--offline=${overrides.offline}`);
  return given;
}

/** npm says `Invalid URL` and no more; here the key and its value are named. */
function parseRegistryUrl(value: unknown, key: string): string {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new GuardError(
      'usage',
      `The npm configuration's ${key} is no http or https URL: ${JSON.stringify(value)}. Write it in full, as in https://registry.example/.`,
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** Where npm's builtin npmrc would lie: beside the npm that started us, else the one beside Node. */
function findNpmFolder(env: Readonly<Record<string, string | undefined>>): string {
  const started = env['npm_execpath'];
  if (started !== undefined && /^np[mx]-cli\.c?js$/.test(started.split(/[\\/]/).at(-1) ?? '')) {
    return dirname(dirname(started));
  }
  const beside = dirname(process.execPath);
  return process.platform === 'win32'
    ? join(beside, 'node_modules', 'npm')
    : join(dirname(beside), 'lib', 'node_modules', 'npm');
}

/** npm takes 0 for "no limit"; here nothing hangs for ever, and no timer is asked for more than it can count. */
function boundTimeout(ms: number): number {
  return ms === 0 ? 300_000 : Math.min(ms, 3_600_000);
}

function readNumber(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : otherwise;
}

function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
