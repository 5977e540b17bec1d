/** Whatever goes wrong becomes a problem document. What is a bug is logged, and the caller hears only that it is one. */
import type { FastifyError } from 'fastify';
import { type ErrorCode, GuardError } from '../errors.ts';
import { explainFailure, isPassing } from '../store/sqlite.ts';
import { bug, problemType, renderProblem, toProblem } from './problem.ts';
import { sendProblem } from './send-problem.ts';
import type { App } from './service.ts';

const knownPaths = /^\/(?:v1\/|healthz$|readyz$|metrics$)/;

export function addErrorHandling(app: App): void {
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const known = explainError(error);
    if (known !== undefined) return sendProblem(reply, toProblem(known));
    request.log.error({ id: request.id, route: request.routeOptions.url, err: error });
    return sendProblem(reply, bug);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.replace(/\?.*$/s, '');
    const others = (['GET', 'POST', 'DELETE'] as const).filter(
      (method) => knownPaths.test(path) && app.findRoute({ method, url: path }) !== null,
    );
    if (others.length === 0) {
      return sendProblem(reply, toProblem(new GuardError('not-found', 'There is nothing at this path.')));
    }
    reply.header('allow', others.join(', '));
    return sendProblem(
      reply,
      toProblem(new GuardError('method-unknown', `This path is asked with ${others.join(' or ')}.`)),
    );
  });
}

const frameworkCodes: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'body-unreadable',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_JSON_BODY: 'request-invalid',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request-invalid',
  FST_ERR_BAD_URL: 'request-invalid',
  FST_ERR_VALIDATION: 'request-invalid',
  FST_ERR_REOPENED_CLOSE_SERVER: 'draining',
};

/** Undefined for a bug. */
export function explainError(error: unknown): GuardError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof GuardError) return error;
  if (isPassing(error)) return new GuardError('store-busy', `The store cannot be used now: ${explainFailure(error)}.`);
  const { code: own, statusCode: status = 500 }: Partial<FastifyError> = error;
  const code = frameworkCodes[own ?? ''];
  if (code !== undefined) return new GuardError(code, `${sentence(error.message)}.`);
  // The parsers of fastify give a status to what is the caller's mistake.
  return status >= 400 && status < 500 ? new GuardError('request-invalid', `${sentence(error.message)}.`) : undefined;
}

function sentence(message: string): string {
  const text = message.slice(0, 300).replace(/\.$/, '');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What was not understood as a request at all is answered past the framework. */
export function explainClientError({ code }: NodeJS.ErrnoException): string {
  const known: Readonly<Record<string, GuardError>> = {
    HPE_HEADER_OVERFLOW: new GuardError('headers-too-large', 'The headers of the request are too large.'),
    ERR_HTTP_REQUEST_TIMEOUT: new GuardError('request-timeout', 'The request did not arrive in time.'),
  };
  const error = known[code ?? ''] ?? new GuardError('request-invalid', 'This is no HTTP request.');
  const body = renderProblem(toProblem(error));
  const head = [
    `HTTP/1.1 ${error.status} ${error.code}`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
