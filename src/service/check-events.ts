/** A check's progress as server-sent events: what was read so far, then its end. */
import { Readable } from 'node:stream';
import { Type } from '@fastify/type-provider-typebox';
import { GuardError } from '../errors.ts';
import { loadCheck } from './check-routes.ts';
import type { JobReport } from './job-worker.ts';
import type { OpenJob } from './running-job.ts';
import type { App, Service } from './service.ts';
import { checkId, problemAnswers } from './shapes.ts';

/** Proxies end connections on which nothing happens. */
const heartbeatMs = 15_000;
const maxListeners = 1_000;

export function addCheckEvents(app: App, service: Service): void {
  let listeners = 0;
  app.get(
    '/v1/checks/:id/events',
    {
      config: { scope: 'read' },
      // It would keep events back until there is enough to compress.
      compress: false,
      schema: {
        operationId: 'followCheck',
        summary: "A check's progress, as server-sent events",
        description:
          'Events: `progress` with `{"read", "all"}`, then `end` with `{"state", "result", "location"}`. A stream that ends without `end` is asked for again: the service was about to stop.',
        params: checkId,
        response: {
          200: {
            description: 'Events',
            content: { 'text/event-stream': { schema: Type.Unsafe<unknown>({ type: 'string' }) } },
          },
          ...problemAnswers('request-invalid', 'not-found', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      await loadCheck(id, service);
      if (listeners >= maxListeners) throw new GuardError('overloaded', 'Too many callers follow checks.');
      const events = followCheck(id, service);
      listeners += 1;
      events.once('close', () => {
        listeners -= 1;
      });
      return reply.header('cache-control', 'no-store').type('text/event-stream').send(events);
    },
  );
}

function followCheck(id: string, service: Service): Readable {
  const { jobs } = service;
  const events = new Readable({ read: () => {} });
  const open = jobs.findById(id);
  const tell = (report: JobReport): void => {
    if (report.kind === 'read') events.push(renderEvent('progress', { read: report.read, all: report.all }));
  };
  if (open?.progress !== undefined) tell(open.progress);
  const unwatch = open?.watch(tell);
  const heartbeat = setInterval(() => events.push(': still there\n\n'), heartbeatMs);
  const leave = (): void => void events.push(null);
  jobs.stopping.addEventListener('abort', leave, { once: true });
  events.once('close', () => {
    clearInterval(heartbeat);
    unwatch?.();
    jobs.stopping.removeEventListener('abort', leave);
  });
  endWith(events, id, { open, service });
  return events;
}

function endWith(
  events: Readable,
  id: string,
  { open, service }: { readonly open: OpenJob | undefined; readonly service: Service },
): void {
  const end = async (): Promise<void> => {
    await open?.end;
    const { state, result } = await loadCheck(id, service);
    events.push(renderEvent('end', { state, result: result ?? null, location: `/v1/checks/${id}` }));
    events.push(null);
  };
  end().catch((cause: unknown) => events.destroy(cause instanceof Error ? cause : new Error(String(cause))));
}

/** JSON has no line break in it. */
function renderEvent(name: string, value: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(value)}\n\n`;
}
