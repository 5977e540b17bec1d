/** Starts the service, and ends it in order: what was accepted is in the store, whatever happens. */
import { GuardError } from '../errors.ts';
import { openRegistry } from '../guard.ts';
import type { Database } from '../store/database.ts';
import { openDatabase } from '../store/open-database.ts';
import { Access } from './access.ts';
import { Answers } from './answers.ts';
import { createApp } from './create-app.ts';
import { JobPool } from './job-pool.ts';
import { Jobs } from './jobs.ts';
import { keepTicksQuick } from './keep-ticks-quick.ts';
import { createMetrics } from './metrics.ts';
import { pruneRegularly } from './prune-regularly.ts';
import { Questions } from './questions.ts';
import type { App, Service } from './service.ts';
import type { ServiceSettings } from './settings.ts';

export interface OpenService {
  readonly app: App;
  readonly service: Service;
  stop(): Promise<void>;
}

export interface RunningService extends OpenService {
  readonly url: string;
  /** Jobs that an earlier process left. */
  readonly resumed: number;
}

/** Short: nobody is answered while the process waits for another one's lock. */
const lockWaitMs = 250;
/** How soon what another process writes is known here: tokens and approvals. */
const refreshMs = 1_000;

export async function startService(settings: ServiceSettings): Promise<RunningService> {
  const open = await openService(settings);
  try {
    const url = await listen(open.app, settings);
    const resumed = await open.service.jobs.resume();
    pruneRegularly(open.service, (sentence, cause) => open.app.log.warn({ err: cause }, sentence));
    return { ...open, url, resumed };
  } catch (error) {
    await open.stop();
    throw error;
  }
}

/** All of it, but nobody can reach it yet. */
export async function openService(settings: ServiceSettings): Promise<OpenService> {
  const { storePath, limits, now } = settings;
  keepTicksQuick();
  const database = await openDatabase(storePath, { waitMs: lockWaitMs, durable: true });
  try {
    const access = await openAccess(database, settings.host);
    const { policy, engine } = settings;
    const { addressOf } = await openRegistry(settings.registry);
    const questions = new Questions({ database, policy, engine, addressOf });
    await questions.refresh();
    const warn = (sentence: string, cause?: unknown): void => app.log.warn({ err: cause }, sentence);
    const pool = new JobPool({ storePath, registry: settings.registry, policy, engine }, limits, warn);
    const metrics = createMetrics(() => jobs.count);
    const { maxWaiting } = limits;
    const context = { database, pool, engine, now, warn, maxWaiting };
    const jobs = new Jobs({ ...context, policy: questions.policy, ended: metrics.jobEnded });
    const answers = new Answers(database, questions, now);
    const service: Service = { settings, database, questions, answers, access, jobs, metrics, now };
    const app = await createApp(service);
    keepUpToDate(app, service);
    return { app, service, stop: once(() => stopService(app, service, pool)) };
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openAccess(database: Database, host: string): Promise<Access> {
  const access = new Access(database, !isLoopback(host));
  await access.refresh();
  if (isLoopback(host) || !access.isEmpty) return access;
  throw new GuardError('tokens-needed', `The service is not opened to ${host} while there is no token.`);
}

/** What another process wrote is known within a second. */
function keepUpToDate(app: App, { access, questions }: Service): void {
  const timer = setInterval(() => {
    Promise.all([access.refresh(), questions.refresh()]).catch((cause) => {
      app.log.warn({ err: cause }, 'The store cannot be read.');
    });
  }, refreshMs);
  app.addHook('onClose', async () => clearInterval(timer));
}

async function stopService(app: App, { jobs, settings, database }: Service, pool: JobPool): Promise<void> {
  await Promise.all([jobs.drain(settings.limits.drainSeconds), app.close()]);
  await pool.stop();
  await database.close();
}

const refusals: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not',
  ENOTFOUND: 'there is no such name',
};

async function listen(app: App, { host, port }: ServiceSettings): Promise<string> {
  try {
    return await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const reason = refusals[code] ?? code;
    throw new GuardError('address-unusable', `The service cannot listen at ${host}, port ${port}: ${reason}.`, {
      cause,
    });
  }
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1|\[::1\])$/i.test(host);
}

function once(work: () => Promise<void>): () => Promise<void> {
  let begun: Promise<void> | undefined;
  return () => {
    begun ??= work();
    return begun;
  };
}
