/** The rules, and what each is worth under the policy of this service. */
import { hash } from 'node:crypto';
import { Type } from '@fastify/type-provider-typebox';
import { rules } from '../../rules/index.ts';
import { questionCaching } from './answers.ts';
import type { App, Service } from './service.ts';
import { problemAnswers } from './shapes.ts';
import { sendWithEtag } from './verdict-routes.ts';

const level = Type.Enum({ off: 'off', notice: 'notice', review: 'review', block: 'block' });

const answer = Type.Object(
  {
    rules: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          family: Type.Enum({ pin: 'pin', select: 'select', code: 'code', release: 'release' }),
          title: Type.String(),
          rationale: Type.String(),
          remedy: Type.String(),
          level: Type.Unsafe({ ...level, description: 'Under the policy of this service, for what it plainly finds.' }),
          incidents: Type.Array(
            Type.Object(
              { what: Type.String(), when: Type.String(), url: Type.String() },
              { additionalProperties: false },
            ),
          ),
        },
        { additionalProperties: false },
      ),
    ),
    digest: Type.String({ description: 'Of the rule set, as verdicts name it.' }),
    policy: Type.String({ description: 'Digest of the policy, as verdicts name it where nothing was approved.' }),
  },
  { additionalProperties: false },
);

export function addRuleRoutes(app: App, { questions, settings }: Service): void {
  const { policy } = settings;
  const list = rules.map(({ id, family, title, rationale, remedy, level: own, incidents }) => ({
    id,
    family,
    title,
    rationale,
    remedy,
    level: (Object.hasOwn(policy.rules, id) ? policy.rules[id]?.level : undefined) ?? own,
    incidents,
  }));
  const text = JSON.stringify({ rules: list, digest: questions.rules, policy: questions.policy });
  const checksum = hash('sha256', text);
  app.get(
    '/v1/rules',
    {
      config: { scope: 'read' },
      // The strong ETag names these very bytes.
      compress: false,
      schema: {
        operationId: 'listRules',
        summary: 'The rules in their own words',
        response: { 200: answer, ...problemAnswers() },
      },
    },
    async (_, reply) => sendWithEtag(reply, { text, checksum, caching: questionCaching }),
  );
}
