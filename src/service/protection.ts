/** What keeps one caller, or a page in a browser, from spoiling it for the others. */
import compress from '@fastify/compress';
import rateLimit from '@fastify/rate-limit';
import underPressure from '@fastify/under-pressure';
import type { FastifyRequest } from 'fastify';
import { GuardError } from '../errors.ts';
import type { Access } from './access.ts';
import type { App, Service } from './service.ts';

/** A process that answers no sooner than this has more to do than it can. Less than that a machine takes that is merely busy. */
const maxEventLoopDelayMs = 5_000;
/** Below, the time to compress is worth more than the bytes. */
const minCompressedBytes = 8_192;

export async function addProtection(app: App, { settings, access }: Service): Promise<void> {
  await app.register(underPressure, {
    maxEventLoopDelay: maxEventLoopDelayMs,
    pressureHandler: (request) => {
      if (request.routeOptions.config.scope === undefined) return;
      throw new GuardError('overloaded', 'The service has more to do than it can.');
    },
  });
  app.addHook('onRequest', (_, reply, done) => {
    reply.header('x-content-type-options', 'nosniff');
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    done();
  });
  await app.register(rateLimit, {
    max: settings.limits.requestsPerMinute,
    timeWindow: 60_000,
    keyGenerator: (request) => callerOf(request, access),
    // Only who asks too often is told.
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false },
    allowList: (request) => request.routeOptions.config.scope === undefined,
    errorResponseBuilder: (_, { ttl }) =>
      new GuardError('too-many-requests', `No more requests are taken for ${Math.ceil(ttl / 1_000)} seconds.`),
  });
  await app.register(compress, {
    threshold: minCompressedBytes,
    encodings: ['br', 'gzip'],
    globalDecompression: false,
  });
}

/** Before the token is checked: who makes ids up is one caller, by address. */
function callerOf(request: FastifyRequest, access: Access): string {
  const [, id] = /^Bearer +sluice_([0-9a-f]{32})_/i.exec(request.headers.authorization ?? '') ?? [];
  return id !== undefined && access.knows(id) ? `${request.ip} ${id}` : request.ip;
}
