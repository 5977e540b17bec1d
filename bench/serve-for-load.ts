/**
 * One server in a process of its own, for `bench/service.ts`: the service with so many stored verdicts, or a bare route of
 * the same framework that returns the same bytes. Tells its address once it listens, and its processor time when asked.
 */
import { dirname, join } from 'node:path';
import { fastify } from 'fastify';
import { defaultPolicy } from '../src/engine/policy-schema.ts';
import { startService } from '../src/service/serve.ts';
import { defaultLimits } from '../src/service/settings.ts';
import { engine, openSeeded } from './seed-answers.ts';

const [kind, storePath = '', count = '1', registry = ''] = process.argv.slice(2);
process.on('message', () => process.send?.(process.threadCpuUsage()));
if (kind === 'bare') await serveBare(storePath);
else await serveStored(storePath, Number(count));

async function serveBare(document: string): Promise<void> {
  const app = fastify();
  app.get('/v1/verdicts', (_, reply) => reply.type('application/json; charset=utf-8').send(document));
  process.send?.(await app.listen({ host: '127.0.0.1', port: 0 }));
}

async function serveStored(path: string, rows: number): Promise<void> {
  const settings = {
    storePath: path,
    host: '127.0.0.1',
    port: 0,
    registry: { registry, cache: join(dirname(path), 'cache'), cwd: dirname(path) },
    policy: defaultPolicy,
    engine,
    // The limit is asked for each request, and never reached.
    limits: { ...defaultLimits, requestsPerMinute: 1_000_000_000 },
    log: 'warn',
    now: () => new Date(),
  } as const;
  const { url, service } = await startService(settings);
  await openSeeded(service, rows);
  process.send?.(url);
}
