/** Which stored verdicts have a finding of a rule. */
import { type Static, Type } from '@fastify/type-provider-typebox';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import { renderPurl } from '../model/package-spec.ts';
import { listFindings, type StoredFinding } from '../store/stored-findings.ts';
import { nextPage, pageQuery, readPage } from './paging.ts';
import type { App, Service } from './service.ts';
import { problemAnswers } from './shapes.ts';

const level = Type.Enum(['notice', 'review', 'block']);

const finding = Type.Object(
  {
    rule: Type.String(),
    level,
    purl: Type.String({ description: 'The release that it is about: the new version, or a dependency that it adds.' }),
    verdict: Type.String({ description: 'The id of the verdict: `GET /v1/verdicts/{id}` tells what was found.' }),
    foundAt: Type.String({ description: 'When the verdict was first asked for.' }),
  },
  { additionalProperties: false },
);

const page = Type.Object({ findings: Type.Array(finding), next: nextPage }, { additionalProperties: false });

export function addFindingRoutes(app: App, { database }: Service): void {
  app.get(
    '/v1/findings',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listFindings',
        summary: 'The stored verdicts in which a rule found something, newest first',
        description:
          'Each verdict, level and release once, however often the rule speaks of it. Exempted ones too. What is found in a lockfile itself stands in its check.',
        querystring: Type.Object(
          {
            rule: Type.String({ maxLength: 100, description: 'Its id: `GET /v1/rules` lists them.' }),
            level: Type.Optional(level),
            ...pageQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: page, ...problemAnswers('request-invalid') },
      },
    },
    async (request) => {
      const { rule, level: only } = request.query;
      const { rows, next } = await readPage(request.query, (part) =>
        listFindings(database, { rule, level: only, ...part }),
      );
      if (rows.length === 0) refuseOtherRule(rule);
      return { findings: rows.map(describe), next };
    },
  );
}

/** A slip must not look like "nothing was found". A rule that was given up may still have findings. */
function refuseOtherRule(rule: string): void {
  const family = rules.find(({ id }) => id === rule)?.family;
  if (family === 'code' || family === 'release') return;
  const why =
    family === undefined
      ? `There is no rule called "${rule}"; GET /v1/rules lists them all.`
      : `${rule} is about lockfiles: what it finds stands in their checks.`;
  throw new GuardError('request-invalid', why);
}

function describe({ rule, level: its, name, version, verdictId, foundAt }: StoredFinding): Static<typeof finding> {
  return { rule, level: its, purl: renderPurl(name, version), verdict: verdictId, foundAt };
}
