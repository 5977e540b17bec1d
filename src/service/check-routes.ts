/** Checks of a whole lockfile: accepted with all their texts, done by a job, kept with their answer. */
import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { Type } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import { readPolicy } from '../guard.ts';
import type { SqlStatement } from '../store/database.ts';
import { makeId } from '../store/make-id.ts';
import { findCheck, type StoredCheck } from '../store/stored-jobs.ts';
import { insertAudit } from '../store/stored-tokens.ts';
import { questionCaching } from './answers.ts';
import type { CheckRequest } from './check-request.ts';
import { makeOnce } from './idempotency.ts';
import { parseWait, waitAtMost } from './prefer-wait.ts';
import { callerOf } from './require-scope.ts';
import type { App, Service } from './service.ts';
import { checkId, problemAnswers, refer } from './shapes.ts';
import { sendWithEtag } from './verdict-routes.ts';

const compress = promisify(gzip);
const retryAfterSeconds = 2;

/** Names in reports: nothing is opened by them. */
const path = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '^(?!/)(?!(?:.*/)?\\.\\.(?:/|$))[^\\\\\\u0000-\\u001f]+$',
  description: 'From the root of the repository, with slashes.',
});

const project = Type.Object(
  {
    lockfile: Type.Object({ path, text: Type.Union([Type.String(), Type.Null()]) }, { additionalProperties: false }),
    files: Type.Record(path, Type.String(), {
      additionalProperties: false,
      maxProperties: 10_000,
      description: 'Text by path: package.json of the project and its workspaces, .npmrc, sluice.json, workflows.',
    }),
  },
  { additionalProperties: false },
);

const body = Type.Object(
  {
    base: Type.Optional(
      Type.String({ maxLength: 200, description: 'What it is compared with, for a person: `main (1a2b3c4)`.' }),
    ),
    before: Type.Union([project, Type.Null()], { description: 'null: the whole tree is judged, as if all were new.' }),
    after: project,
    policy: Type.Optional(
      Type.String({
        maxLength: 1_000_000,
        description:
          "Text of a sluice.json, in place of the service's own policy. Take it from the base of the change.",
      }),
    ),
  },
  { additionalProperties: false },
);

const accepted = Type.Object(
  { id: Type.String(), location: Type.String(), events: Type.String({ description: 'Its progress, as events.' }) },
  { additionalProperties: false },
);

const kept = Type.Object(
  {
    id: Type.String(),
    state: Type.Enum({ waiting: 'waiting', running: 'running', done: 'done', failed: 'failed' }),
    askedAt: Type.String(),
    askedBy: Type.Union([Type.String(), Type.Null()]),
    check: Type.Union([refer('Check'), Type.Null()]),
    problem: Type.Union([refer('Problem'), Type.Null()]),
  },
  { additionalProperties: false },
);

export function addCheckRoutes(app: App, service: Service): void {
  app.post(
    '/v1/checks',
    {
      config: { scope: 'check' },
      bodyLimit: service.settings.limits.maxCheckBytes,
      schema: {
        operationId: 'askCheck',
        summary: 'Have a change of a lockfile checked as a whole',
        description:
          'Nothing that a lockfile names as a URL is fetched: tarballs come from the registry of the service.',
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String()) }),
        body,
        response: {
          202: accepted,
          ...problemAnswers(
            'request-invalid',
            'policy-invalid',
            'body-too-large',
            'body-unreadable',
            'idempotency-key-reused',
            'queue-full',
          ),
        },
      },
    },
    async (request, reply) => {
      const by = callerOf(request).name;
      const id = await makeOnce(request, service, (record) => acceptCheck(request.body, { by, record, service }));
      const location = `/v1/checks/${id}`;
      return reply
        .code(202)
        .header('location', location)
        .header('retry-after', retryAfterSeconds)
        .header('cache-control', 'no-store')
        .send({ id, location, events: `${location}/events` });
    },
  );
  app.get(
    '/v1/checks/:id',
    {
      config: { scope: 'read' },
      // The strong ETag names these very bytes.
      compress: false,
      schema: {
        operationId: 'findCheck',
        summary: 'A check: its state, and its verdict once it is done',
        description: '`Prefer: wait=N` waits up to 60 seconds for its end.',
        params: checkId,
        headers: Type.Object({ prefer: Type.Optional(Type.String({ maxLength: 200 })) }),
        response: { 200: kept, ...problemAnswers('request-invalid', 'not-found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const { jobs } = service;
      const open = jobs.findById(id);
      if (open !== undefined) await waitAtMost(open.end, parseWait(request.headers.prefer), jobs.stopping);
      return sendCheck(reply, await loadCheck(id, service));
    },
  );
}

interface NewCheck {
  readonly by: string;
  /** What is to be written beside it. */
  readonly record: (id: string) => readonly SqlStatement[];
  readonly service: Service;
}

/** @returns The id of a check that is in the store. */
async function acceptCheck(request: CheckRequest, { by, record, service }: NewCheck): Promise<string> {
  const { jobs, questions, now } = service;
  // A policy that is not understood is refused at once; what stands in it is for the job.
  if (request.policy !== undefined) await readPolicy({ text: request.policy, path: 'policy' }, rules);
  const text = JSON.stringify(request);
  const question = hash('sha256', JSON.stringify(['check', questions.rules, questions.policy, text]));
  const at = now();
  const audit = (id: string) =>
    insertAudit({ id: makeId(at), at: at.toISOString(), actor: by, action: 'check-asked', about: id });
  const beside = (id: string) => [audit(id), ...record(id)];
  const job = await jobs.acceptCheck(question, { request: await compress(text), by, beside });
  return job.id;
}

export async function loadCheck(id: string, { database }: Service): Promise<StoredCheck> {
  const check = await findCheck(database, id);
  if (check === undefined) throw new GuardError('not-found', `There is no check ${id} here.`);
  return check;
}

/** The documents go out as they are stored. */
function sendCheck(reply: FastifyReply, check: StoredCheck): FastifyReply {
  const { id, state, askedAt, askedBy, document, problem, checksum } = check;
  const head = JSON.stringify({ id, state, askedAt, askedBy: askedBy ?? null }).slice(0, -1);
  const text = `${head},"check":${document ?? 'null'},"problem":${problem ?? 'null'}}`;
  if (checksum !== undefined && state === 'done')
    return sendWithEtag(reply, { text, checksum, caching: questionCaching });
  if (state !== 'failed') reply.header('retry-after', retryAfterSeconds);
  return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(text);
}
