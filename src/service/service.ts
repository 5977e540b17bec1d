/** What every route of the service works with. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Database } from '../store/database.ts';
import type { Scope } from '../store/make-token.ts';
import type { Access, Caller } from './access.ts';
import type { Answers } from './answers.ts';
import type { Jobs } from './jobs.ts';
import type { Metrics } from './metrics.ts';
import type { Questions } from './questions.ts';
import type { ServiceSettings } from './settings.ts';

export interface Service {
  readonly settings: ServiceSettings;
  readonly database: Database;
  readonly questions: Questions;
  readonly answers: Answers;
  readonly access: Access;
  readonly jobs: Jobs;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyContextConfig {
    /** What a caller needs; a route without one is for everybody. */
    readonly scope?: Scope;
  }
}
