/** A problem as an answer: its status, its type, and when to ask again. */
import type { FastifyReply } from 'fastify';
import { type Problem, problemType, renderProblem, retryAfterOf } from './problem.ts';

/** @param problem Or one that the store has, as the service itself wrote it. */
export function sendProblem(
  reply: FastifyReply,
  problem: Problem | { readonly json: string; readonly status: number },
): FastifyReply {
  const retryAfter = retryAfterOf(problem.status);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="sluice"');
  return reply
    .code(problem.status)
    .header('cache-control', 'no-store')
    .type(problemType)
    .send('json' in problem ? problem.json : renderProblem(problem));
}
