/** Verdicts on updates: what is stored at once, what is not as accepted work. */
import { Type } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { GuardError } from '../errors.ts';
import type { Pair } from '../guard.ts';
import { findAnswerById, type StoredAnswer } from '../store/stored-answers.ts';
import { findNewestJob } from '../store/stored-jobs.ts';
import { type Caller, demandScope } from './access.ts';
import { idCachingOf, questionCaching } from './answers.ts';
import { parseQuestion, renderLocation, type VerdictRequest } from './parse-question.ts';
import { parseWait, waitAtMost } from './prefer-wait.ts';
import { callerOf } from './require-scope.ts';
import type { JobEnd } from './running-job.ts';
import { sendProblem } from './send-problem.ts';
import type { App, Service } from './service.ts';
import { problemAnswers, verdictAnswer } from './shapes.ts';

const jsonType = 'application/json; charset=utf-8';
/** A failed question is not asked again for so long: whoever waited for it gets its problem. */
const failureMs = 60_000;
const retryAfterSeconds = 2;

const question = Type.Object(
  {
    purl: Type.String({
      maxLength: 1_000,
      description: 'The new version, as a package URL.',
      examples: ['pkg:npm/%40scope/name@1.2.3'],
    }),
    from: Type.Optional(
      Type.String({ maxLength: 300, description: 'The version that is replaced; none where the package is new.' }),
    ),
    integrity: Type.Optional(
      Type.String({
        maxLength: 200,
        description: "The caller's own sha512 of the new tarball, as its lockfile has it.",
      }),
    ),
  },
  { additionalProperties: false },
);

export function addVerdictRoutes(app: App, service: Service): void {
  app.get(
    '/v1/verdicts',
    {
      config: { scope: 'read' },
      // The strong ETag names these very bytes.
      compress: false,
      schema: {
        operationId: 'findVerdict',
        summary: 'The verdict on one update',
        description:
          'Answers from the store. What was never judged is accepted as work (this takes the scope `check`): 202, and the same question again gives the verdict. `Prefer: wait=N` waits up to 60 seconds for it.',
        querystring: question,
        headers: Type.Object({ prefer: Type.Optional(Type.String({ maxLength: 200, examples: ['wait=30'] })) }),
        response: {
          200: verdictAnswer,
          202: pendingAnswer,
          ...problemAnswers(
            'request-invalid',
            'package-unknown',
            'version-unknown',
            'tarball-unreadable',
            'unauthorized',
            'registry-unreachable',
            'registry-malformed',
            'offline',
            'job-too-long',
            'queue-full',
            'store-busy',
          ),
        },
      },
    },
    // No promise where the answer is at hand: the framework would wait for the end of what it has sent.
    (request, reply) => {
      const held = service.answers.findHeld(request.query);
      if (held === undefined) {
        const waitSeconds = parseWait(request.headers.prefer);
        return answerLater(request.query, { caller: callerOf(request), waitSeconds, reply, service });
      }
      sendAnswer(reply, held, questionCaching);
      return undefined;
    },
  );
  app.get(
    '/v1/verdicts/:id',
    {
      config: { scope: 'read' },
      compress: false,
      schema: {
        operationId: 'findVerdictById',
        summary: 'A verdict by its id',
        params: Type.Object({ id: Type.String({ pattern: '^sha256-[0-9a-f]{64}$' }) }),
        response: { 200: verdictAnswer, ...problemAnswers('request-invalid', 'not-found') },
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      const stored = await findAnswerById(service.database, id);
      if (stored === undefined) throw new GuardError('not-found', `There is no verdict ${id} here.`);
      return sendAnswer(reply, stored, idCachingOf(stored));
    },
  );
}

const pendingAnswer = Type.Object(
  {
    state: Type.Literal('waiting'),
    job: Type.String(),
    location: Type.String({ description: 'Ask here again.' }),
  },
  { additionalProperties: false, description: 'Accepted: ask again at `Location`, after `Retry-After` seconds.' },
);

interface LaterQuestion {
  readonly caller: Caller;
  readonly waitSeconds: number;
  readonly reply: FastifyReply;
  readonly service: Service;
}

async function answerLater(
  asked: VerdictRequest,
  { caller, waitSeconds, reply, service }: LaterQuestion,
): Promise<FastifyReply> {
  const { answers, questions, jobs } = service;
  const pair = parseQuestion(asked);
  const stored = await answers.findFresh(asked, pair);
  if (stored !== undefined) return sendAnswer(reply, stored, questionCaching);
  const name = questions.nameOf(pair);
  const failure = jobs.find(name) === undefined ? await findFailure(name, service) : undefined;
  if (failure !== undefined) return sendProblem(reply, failure);
  demandScope(caller, 'check');
  const job = await jobs.acceptVerdict(name, pair);
  const end = await waitAtMost(job.end, waitSeconds, jobs.stopping);
  if (end === undefined) return sendPending(reply, job.id, pair);
  reply.header('preference-applied', `wait=${waitSeconds}`);
  return sendEnd(reply, end);
}

function sendEnd(reply: FastifyReply, end: JobEnd): FastifyReply {
  if (end.kind === 'failed') return sendProblem(reply, end.problem);
  if (end.kind === 'checked') throw new Error('a verdict was asked for, and a check was answered');
  return reply.header('cache-control', questionCaching).type(jsonType).send(end.judged.document);
}

function sendPending(reply: FastifyReply, job: string, pair: Pair): FastifyReply {
  const location = renderLocation(pair);
  return reply
    .code(202)
    .header('location', location)
    .header('retry-after', retryAfterSeconds)
    .header('cache-control', 'no-store')
    .send({ state: 'waiting', job, location });
}

function sendAnswer(reply: FastifyReply, { checksum, document }: StoredAnswer, caching: string): FastifyReply {
  return sendWithEtag(reply, { text: document, checksum, caching });
}

/** JSON as it is stored, or nothing where the caller has it. */
export function sendWithEtag(
  reply: FastifyReply,
  { text, checksum, caching }: { readonly text: string; readonly checksum: string; readonly caching: string },
): FastifyReply {
  const etag = `"${checksum}"`;
  reply.header('etag', etag).header('cache-control', caching);
  if (matchesEtag(reply.request.headers['if-none-match'], etag)) return reply.code(304).send();
  return reply.type(jsonType).send(text);
}

/** RFC 9110: a list, `*`, and weak comparison. */
function matchesEtag(condition: string | undefined, etag: string): boolean {
  if (condition === undefined) return false;
  return condition === etag || condition.split(',').some((one) => ['*', etag, `W/${etag}`].includes(one.trim()));
}

/** Why the same question had no answer just now. */
async function findFailure(
  name: string,
  { database, now }: Service,
): Promise<{ readonly json: string; readonly status: number } | undefined> {
  const job = await findNewestJob(database, name, now().toISOString());
  if (job?.problem === undefined || job.endedAt === undefined) return undefined;
  if (Math.abs(now().getTime() - Date.parse(job.endedAt)) > failureMs) return undefined;
  return { json: job.problem, status: statusOf(job.problem) };
}

/** Of a problem that the service itself wrote. */
function statusOf(problem: string): number {
  const { status } = JSON.parse(problem);
  return typeof status === 'number' ? status : 500;
}
