/** What keeps one caller, or a page in a browser, from spoiling it for the others. */
import compress from '@fastify/compress';
import underPressure from '@fastify/under-pressure';
import type { FastifyRequest } from 'fastify';
import { GuardError } from '../errors.ts';
import type { Access } from './access.ts';
import { CallerLimit } from './caller-limit.ts';
import type { App, Service } from './service.ts';

/** A process that answers no sooner than this has more to do than it can. Less than that a machine takes that is merely busy. */
const maxEventLoopDelayMs = 5_000;
/** Below, the time to compress is worth more than the bytes. */
const minCompressedBytes = 8_192;

/** Its hooks are without promises: each would have every request wait for the end of the turn. */
export async function addProtection(app: App, { settings, access }: Service): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    pressureHandler: (...[request, , , delayMs]) => {
      // Nothing was measured where one turn took the whole time between two looks: that says nothing of the next.
      if (request.routeOptions.config.scope === undefined || delayMs === Number.POSITIVE_INFINITY) return;
      throw new GuardError('overloaded', 'The service has more to do than it can.');
    },
  });
  const limit = new CallerLimit(settings.limits.requestsPerMinute);
  app.addHook('onRequest', (request, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (request.routeOptions.config.scope === undefined) return done();
    const waitMs = limit.count(callerOf(request, access), performance.now());
    if (waitMs === 0) return done();
    const seconds = Math.ceil(waitMs / 1_000);
    done(new GuardError('too-many-requests', `No more requests are taken for ${seconds} seconds.`));
  });
  await app.register(compress, {
    threshold: minCompressedBytes,
    encodings: ['br', 'gzip'],
    globalDecompression: false,
  });
}

/** Before the token is checked: who makes ids up is one caller, by address. */
function callerOf({ ip, headers: { authorization } }: FastifyRequest, access: Access): string {
  if (authorization === undefined) return ip;
  const [, id] = /^Bearer +sluice_([0-9a-f]{32})_/i.exec(authorization) ?? [];
  return id !== undefined && access.knows(id) ? `${ip} ${id}` : ip;
}
