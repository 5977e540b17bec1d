/** Many questions at once, each with its own outcome, in their order. */
import { Type } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { StoredAnswer } from '../store/stored-answers.ts';
import type { Caller } from './access.ts';
import { demandScope } from './access.ts';
import { explainError } from './error-handling.ts';
import { parseQuestion, renderLocation, type VerdictRequest } from './parse-question.ts';
import { renderProblem, toProblem } from './problem.ts';
import { callerOf } from './require-scope.ts';
import type { App, Service } from './service.ts';
import { problemAnswers, refer } from './shapes.ts';

const lineType = 'application/x-ndjson';

const outcome = Type.Union([
  Type.Object({ status: Type.Literal(200), verdict: refer('Verdict') }, { additionalProperties: false }),
  Type.Object(
    { status: Type.Literal(202), location: Type.String({ description: 'Ask here, later.' }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { status: Type.Integer({ minimum: 400, maximum: 599 }), problem: refer('Problem') },
    { additionalProperties: false },
  ),
]);

const description =
  'Outcomes stand in the order of the questions. What was never judged is accepted as work where the token has the scope `check`, as far as there is room.';

export function addBatchRoutes(app: App, service: Service): void {
  const { maxBatchEntries, maxBatchBytes } = service.settings.limits;
  // What each entry says is judged entry by entry: a slip in one does not spoil the others.
  const entry = Type.Object(
    {
      purl: Type.String({ maxLength: 1_000 }),
      from: Type.Optional(Type.String({ maxLength: 300 })),
      integrity: Type.Optional(Type.String({ maxLength: 200 })),
    },
    { additionalProperties: false },
  );
  const body = Type.Object(
    { verdicts: Type.Array(entry, { minItems: 1, maxItems: maxBatchEntries }) },
    { additionalProperties: false },
  );
  const response = {
    200: {
      description,
      content: {
        'application/json': {
          schema: Type.Object({ verdicts: Type.Array(outcome) }, { additionalProperties: false }),
        },
        [lineType]: { schema: outcome },
      },
    },
    ...problemAnswers('request-invalid', 'body-too-large', 'body-unreadable'),
  };
  const config = { scope: 'read' } as const;
  const answer = async (request: FastifyRequest<{ Body: { verdicts: VerdictRequest[] } }>, reply: FastifyReply) =>
    sendOutcomes(
      reply,
      await Promise.all(request.body.verdicts.map((one) => answerOne(one, callerOf(request), service))),
    );
  const summary = 'The verdicts on up to 1,000 updates';
  app.post(
    '/v1/verdicts/batch',
    { config, bodyLimit: maxBatchBytes, schema: { operationId: 'findVerdicts', summary, description, body, response } },
    answer,
  );
  // The same question, and safe by its method: QUERY is not in OpenAPI 3.1.
  app.route<{ Body: { verdicts: VerdictRequest[] } }>({
    method: 'QUERY',
    url: '/v1/verdicts',
    config,
    bodyLimit: maxBatchBytes,
    schema: { body, hide: true },
    handler: answer,
  });
}

/** JSON text of one outcome, on one line. */
async function answerOne(request: VerdictRequest, caller: Caller, service: Service): Promise<string> {
  try {
    const held = service.answers.findHeld(request);
    if (held !== undefined) return render(held);
    const pair = parseQuestion(request);
    const stored = await service.answers.findFresh(request, pair);
    if (stored !== undefined) return render(stored);
    demandScope(caller, 'check');
    await service.jobs.acceptVerdict(service.questions.nameOf(pair), pair);
    return JSON.stringify({ status: 202, location: renderLocation(pair) });
  } catch (error) {
    const known = explainError(error);
    if (known === undefined) throw error;
    return `{"status":${known.status},"problem":${renderProblem(toProblem(known))}}`;
  }
}

function render({ document }: StoredAnswer): string {
  return `{"status":200,"verdict":${document}}`;
}

function sendOutcomes(reply: FastifyReply, outcomes: readonly string[]): FastifyReply {
  reply.header('cache-control', 'no-store').header('vary', 'accept');
  if (reply.request.headers.accept?.includes(lineType) === true) {
    return reply.type(lineType).send(`${outcomes.join('\n')}\n`);
  }
  return reply.type('application/json; charset=utf-8').send(`{"verdicts":[${outcomes.join(',')}]}`);
}
