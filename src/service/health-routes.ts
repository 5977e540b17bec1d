/** For whoever runs the service: is it alive, is it ready, what does it do. */
import { Type } from '@fastify/type-provider-typebox';
import { GuardError } from '../errors.ts';
import type { App, Service } from './service.ts';
import { problemAnswers } from './shapes.ts';

export function addHealthRoutes(app: App, { database, jobs, metrics }: Service): void {
  app.get(
    '/healthz',
    {
      schema: {
        operationId: 'isAlive',
        security: [],
        summary: 'Whether the process answers',
        response: { 200: Type.Object({ status: Type.Literal('alive') }, { additionalProperties: false }) },
      },
    },
    async () => ({ status: 'alive' as const }),
  );
  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'isReady',
        security: [],
        summary: 'Whether it takes work: the store answers, and it is not about to stop',
        response: {
          200: Type.Object({ status: Type.Literal('ready') }, { additionalProperties: false }),
          ...problemAnswers('draining', 'store-busy'),
        },
      },
    },
    async () => {
      if (jobs.isDraining) throw new GuardError('draining', 'The service is stopping, and takes no new work.');
      await database.read({ sql: 'SELECT id FROM migrations LIMIT 1', values: [] });
      return { status: 'ready' as const };
    },
  );
  app.get(
    '/metrics',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'readMetrics',
        summary: 'Metrics, in the form that Prometheus reads',
        response: {
          200: { description: 'Metrics', content: { 'text/plain': { schema: Type.String() } } },
          ...problemAnswers(),
        },
      },
    },
    async (_, reply) => reply.type(metrics.contentType).send(await metrics.render()),
  );
}
