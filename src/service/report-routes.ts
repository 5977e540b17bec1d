/** A check for people and for code scanning: the same reports that the command line writes. */
import { Type } from '@fastify/type-provider-typebox';
import { GuardError } from '../errors.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import { renderCheckMarkdown } from '../report/render-check-markdown.ts';
import { renderCheckTerminal } from '../report/render-check-terminal.ts';
import { renderSarif } from '../report/render-sarif.ts';
import { questionCaching } from './answers.ts';
import { loadCheck } from './check-routes.ts';
import type { App, Service } from './service.ts';
import { checkId, problemAnswers } from './shapes.ts';

const columns = 100;
const forms: Readonly<Record<string, (check: CheckVerdict) => string>> = {
  'text/plain': (check) => renderCheckTerminal(check, { columns, paint: (_, text) => text }),
  'text/markdown': renderCheckMarkdown,
  'application/sarif+json': renderSarif,
  // As it is kept: another Sluice renders it in its own way.
  'application/vnd.sluice.check+json': (check) => JSON.stringify(check),
};
const types = Object.keys(forms);

export function addReportRoutes(app: App, service: Service): void {
  const text = { schema: Type.Unsafe<unknown>({ type: 'string' }) };
  app.get(
    '/v1/checks/:id/report',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'reportCheck',
        summary: 'A check as text, as Markdown for a pull request, or as SARIF 2.1.0: what `Accept` names',
        params: checkId,
        response: {
          200: {
            description: 'The report',
            content: {
              'text/plain': text,
              'text/markdown': text,
              'application/sarif+json': { schema: Type.Unsafe<unknown>({ type: 'object' }) },
              'application/vnd.sluice.check+json': { schema: Type.Unsafe<unknown>({ type: 'object' }) },
            },
          },
          ...problemAnswers('request-invalid', 'not-found', 'not-acceptable'),
        },
      },
    },
    async (request, reply) => {
      const accepted = (request.headers.accept ?? 'text/plain')
        .split(',')
        .map((one) => one.replace(/;.*$/s, '').trim());
      const type = types.find((one) => accepted.includes(one)) ?? (accepted.includes('*/*') ? 'text/plain' : undefined);
      const render = type === undefined ? undefined : forms[type];
      if (type === undefined || render === undefined) {
        throw new GuardError('not-acceptable', `A report is ${types.join(', ')}.`);
      }
      const { verdict } = await loadCheck(request.params.id, service);
      if (verdict === undefined) throw new GuardError('not-found', 'This check has no verdict yet.');
      // Safe: the checksum says that it is what the guard returned.
      const check = JSON.parse(verdict) as CheckVerdict;
      return reply
        .header('cache-control', questionCaching)
        .header('vary', 'accept')
        .type(type.startsWith('text/') ? `${type}; charset=utf-8` : type)
        .send(render(check));
    },
  );
}
