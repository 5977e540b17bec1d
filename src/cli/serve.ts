/** `sluice serve`: the verdict API, until the process is told to stop. */
import { GuardError } from '../errors.ts';
import { startService } from '../service/serve.ts';
import { defaultLimits, type ServiceSettings } from '../service/settings.ts';
import type { Answer } from './answer.ts';
import { loadPolicy } from './judge-options.ts';
import { findDatabasePath } from './open-ledger.ts';
import { say } from './terminal.ts';
import { readOwnVersion } from './version.ts';

export interface ServeOptions {
  readonly db?: string;
  readonly host?: string;
  readonly port?: string;
  readonly policy?: string;
  readonly registry?: string;
  readonly cache?: string;
  readonly offline?: boolean;
  readonly redirectHosts?: string;
  readonly threads?: string;
  readonly maxWaiting?: string;
  readonly jobSeconds?: string;
  readonly jobMegabytes?: string;
  readonly requestsPerMinute?: string;
  readonly drainSeconds?: string;
  readonly keepCheckDays?: string;
  readonly log?: string;
}

const defaultPort = 7423;
const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export async function serve(options: ServeOptions): Promise<Answer> {
  const { url, resumed, stop } = await startService(await readSettings(options));
  say(`Sluice answers at ${url} (its API is described at ${url}/docs).`);
  if (resumed > 0) say(`${resumed} ${resumed === 1 ? 'job goes' : 'jobs go'} on that an earlier process left.`);
  await untilTold();
  say('Sluice stops: what is accepted and not yet done goes on with the next start.');
  await stop();
  return { exit: 0, text: '' };
}

/** Also for `sluice reassess`, which needs a service that nobody reaches. */
export async function readSettings(options: ServeOptions): Promise<ServiceSettings> {
  const { registry, cache, offline, redirectHosts } = options;
  const log = logLevels.find((level) => level === (options.log ?? 'info'));
  if (log === undefined) throw new GuardError('usage', `--log must be one of ${logLevels.join(', ')}.`);
  return {
    storePath: findDatabasePath(options.db),
    host: options.host ?? '127.0.0.1',
    port: readNumber('--port', options.port, { least: 0, most: 65_535 }) ?? defaultPort,
    registry: { registry, cache, offline, redirectHosts: readHosts(redirectHosts) },
    policy: await loadPolicy(options.policy),
    engine: readOwnVersion(),
    limits: readLimits(options),
    log,
    now: () => new Date(),
  };
}

function readLimits(options: ServeOptions): ServiceSettings['limits'] {
  const { threads, maxWaiting, jobSeconds, jobMegabytes, requestsPerMinute, drainSeconds, keepCheckDays } = options;
  const given = {
    threads: readNumber('--threads', threads, { least: 1, most: 64 }),
    maxWaiting: readNumber('--max-waiting', maxWaiting, { least: 1, most: 100_000 }),
    jobSeconds: readNumber('--job-seconds', jobSeconds, { least: 1, most: 86_400 }),
    jobMegabytes: readNumber('--job-megabytes', jobMegabytes, { least: 32, most: 65_536 }),
    requestsPerMinute: readNumber('--requests-per-minute', requestsPerMinute, { least: 1, most: 1_000_000_000 }),
    drainSeconds: readNumber('--drain-seconds', drainSeconds, { least: 0, most: 86_400 }),
    keptCheckDays: readNumber('--keep-check-days', keepCheckDays, { least: 1, most: 36_500 }),
  };
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...defaultLimits, ...named };
}

function readHosts(text: string | undefined): readonly string[] {
  const hosts = (text ?? '').split(',').map((host) => host.trim().toLowerCase());
  return hosts.filter((host) => {
    if (host === '') return false;
    if (/^(?:[\w.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?$/.test(host)) return true;
    throw new GuardError('usage', `--redirect-hosts must name hosts, with commas between them, not "${host}".`);
  });
}

export function readNumber(
  option: string,
  text: string | undefined,
  { least, most }: { readonly least: number; readonly most: number },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (/^\d{1,10}$/.test(text) && value >= least && value <= most) return value;
  throw new GuardError('usage', `${option} must be a whole number from ${least} to ${most}, not "${text}".`);
}

/** Told a second time, the process ends at once. */
function untilTold(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
