/** The web server: what every request passes through, and the routes. It listens nowhere yet. */
import type { Socket } from 'node:net';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify, LogController } from 'fastify';
import { escapeJson } from '../report/json-document.ts';
import { addApprovalRoutes } from './approval-routes.ts';
import { addBatchRoutes } from './batch-routes.ts';
import { addCheckEvents } from './check-events.ts';
import { addCheckRoutes } from './check-routes.ts';
import { describeApi } from './describe-api.ts';
import { addErrorHandling, explainClientError } from './error-handling.ts';
import { addFindingRoutes } from './finding-routes.ts';
import { addHealthRoutes } from './health-routes.ts';
import { addProtection } from './protection.ts';
import { addReportRoutes } from './report-routes.ts';
import { requireScopes } from './require-scope.ts';
import { addRuleRoutes } from './rule-routes.ts';
import type { App, Service } from './service.ts';
import { addVerdictRoutes } from './verdict-routes.ts';

const maxHeaderBytes = 16_384;
const maxCheckingMs = 5_000;

export async function createApp(service: Service): Promise<App> {
  const { settings, metrics } = service;
  const { limits, log } = settings;
  const requestMs = limits.requestSeconds * 1_000;
  const app: App = fastify({
    // Logs go where talk goes. A token is in no log: headers are not logged at all.
    logger: log === 'silent' ? false : { level: log, stream: process.stderr },
    logController: new LogController({ disableRequestLogging: true }),
    // What is logged names its request by itself.
    childLoggerFactory: (logger) => logger,
    bodyLimit: limits.maxBatchBytes,
    requestTimeout: requestMs,
    connectionTimeout: requestMs * 4,
    keepAliveTimeout: 10_000,
    // A connection that waits for its next request does not hold up the end.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    // How long an id may be is for its schema to say, and its answer.
    routerOptions: { maxParamLength: maxHeaderBytes, ignoreTrailingSlash: false },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false } },
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: requestMs,
      // Node looks only so often for who is too slow.
      connectionsCheckingInterval: Math.min(requestMs, maxCheckingMs),
      joinDuplicateHeaders: false,
    },
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Only JSON is read: a form or a plain text could be sent by any page that a browser shows.
  app.removeContentTypeParser('text/plain');
  // Answers are made of our own values; their schemas are for the document, and the tests hold them against it.
  app.setSerializerCompiler(() => (payload) => escapeJson(JSON.stringify(payload)));
  addErrorHandling(app);
  await addProtection(app, service);
  await describeApi(app);
  requireScopes(app, service.access);
  app.addHook('onResponse', (request, reply, done) => {
    metrics.answered(request.routeOptions.url ?? 'none', reply.statusCode, reply.elapsedTime / 1_000);
    if (log === 'debug') {
      const { method, url, id } = request;
      request.log.debug({
        id,
        method,
        url: withoutTokens(url),
        status: reply.statusCode,
        ms: Math.round(reply.elapsedTime),
      });
    }
    done();
  });
  addHealthRoutes(app, service);
  addVerdictRoutes(app, service);
  addBatchRoutes(app, service);
  addCheckRoutes(app, service);
  addCheckEvents(app, service);
  addReportRoutes(app, service);
  addRuleRoutes(app, service);
  addFindingRoutes(app, service);
  addApprovalRoutes(app, service);
  return app;
}

/** Who sends one where it does not belong should not find it in a log. */
function withoutTokens(url: string): string {
  return url.replaceAll(/(sluice_[0-9a-f]{32})_[\w-]+/gi, '$1_…');
}

function answerClientError(this: unknown, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  socket.end(explainClientError(error));
}
