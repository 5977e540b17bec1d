/** Approvals: an exemption for one tarball, one rule and one policy, with who gave it, why, and until when. */
import { Type } from '@fastify/type-provider-typebox';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import { renderPurl } from '../model/package-spec.ts';
import { makeId } from '../store/make-id.ts';
import { listIntegrities } from '../store/stored-answers.ts';
import {
  findApproval,
  insertApproval,
  listApprovals,
  revokeApproval,
  type StoredApproval,
} from '../store/stored-approvals.ts';
import { makeOnce } from './idempotency.ts';
import { nextPage, pageQuery, readPage } from './paging.ts';
import { parsePurl } from './parse-question.ts';
import { callerOf } from './require-scope.ts';
import type { App, Service } from './service.ts';
import { checkId, problemAnswers } from './shapes.ts';

const sri = '^sha512-[A-Za-z0-9+/]{86}==$';

const body = Type.Object(
  {
    purl: Type.String({ maxLength: 1_000, examples: ['pkg:npm/%40scope/name@1.2.3'] }),
    integrity: Type.Optional(
      Type.String({
        pattern: sri,
        description: 'Of the tarball that was looked at. It may be left out where a verdict is stored.',
      }),
    ),
    rule: Type.String({ maxLength: 100, description: 'Its id: `GET /v1/rules` lists them.' }),
    reason: Type.String({ minLength: 1, maxLength: 2_000, pattern: '\\S' }),
    expires: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'The last day, UTC.' }),
  },
  { additionalProperties: false },
);

const approval = Type.Object(
  {
    id: Type.String(),
    purl: Type.String(),
    integrity: Type.String(),
    rule: Type.String(),
    policy: Type.String({ description: 'Digest of the policy under which it was given.' }),
    reason: Type.String(),
    expires: Type.String(),
    by: Type.String({ description: 'The name of the token with which it was given.' }),
    givenAt: Type.String(),
  },
  { additionalProperties: false },
);

const page = Type.Object({ approvals: Type.Array(approval), next: nextPage }, { additionalProperties: false });

export function addApprovalRoutes(app: App, service: Service): void {
  const { database, questions, now } = service;
  app.post(
    '/v1/approvals',
    {
      config: { scope: 'approve' },
      schema: {
        operationId: 'approve',
        summary: 'Let a tarball pass a rule, for a reason and until a day',
        headers: Type.Object({ 'idempotency-key': Type.Optional(Type.String()) }),
        body,
        response: {
          201: approval,
          ...problemAnswers(
            'request-invalid',
            'not-found',
            'body-too-large',
            'body-unreadable',
            'idempotency-key-reused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { purl, integrity, rule, reason, expires } = request.body;
      const { name, version } = parsePurl(purl);
      refusePastDay(expires, now());
      refuseUnknownRule(rule);
      const id = await makeOnce(request, service, async (record) => {
        const wished: StoredApproval = {
          id: makeId(now()),
          name,
          version,
          integrity: integrity ?? (await findIntegrity(name, version, service)),
          rule,
          policy: questions.policy,
          reason,
          expires,
          by: callerOf(request).name,
          givenAt: now().toISOString(),
        };
        await database.write([...insertApproval(wished), ...record(wished.id)]);
        return wished.id;
      });
      const given = await loadApproval(id, service);
      await questions.refresh();
      return reply.code(201).header('location', `/v1/approvals/${given.id}`).send(describe(given));
    },
  );
  app.get(
    '/v1/approvals',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'listApprovals',
        summary: 'Approvals that nobody took back, newest first',
        querystring: Type.Object(
          {
            name: Type.Optional(Type.String({ maxLength: 214, description: 'Only those of this package.' })),
            ...pageQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: page, ...problemAnswers('request-invalid') },
      },
    },
    async (request) => {
      const { name } = request.query;
      const { rows, next } = await readPage(request.query, (part) => listApprovals(database, { name, ...part }));
      return { approvals: rows.map(describe), next };
    },
  );
  addSingleApproval(app, service);
}

async function loadApproval(id: string, { database }: Service): Promise<StoredApproval> {
  const found = await findApproval(database, id);
  if (found === undefined) throw new GuardError('not-found', `There is no approval ${id} in force here.`);
  return found;
}

function addSingleApproval(app: App, service: Service): void {
  const { database, questions, now } = service;
  app.get(
    '/v1/approvals/:id',
    {
      config: { scope: 'read' },
      schema: {
        operationId: 'findApproval',
        summary: 'One approval',
        params: checkId,
        response: { 200: approval, ...problemAnswers('request-invalid', 'not-found') },
      },
    },
    async (request) => describe(await loadApproval(request.params.id, service)),
  );
  app.delete(
    '/v1/approvals/:id',
    {
      config: { scope: 'approve' },
      schema: {
        operationId: 'revokeApproval',
        summary: 'Take an approval back',
        params: checkId,
        response: {
          204: Type.Null({ description: 'It is taken back' }),
          ...problemAnswers('request-invalid', 'not-found'),
        },
      },
    },
    async (request, reply) => {
      const found = await loadApproval(request.params.id, service);
      await database.write(revokeApproval(found, callerOf(request).name, now()));
      await questions.refresh();
      return reply.code(204).send(null);
    },
  );
}

/** What was judged is what is let pass: another tarball under the same version is another matter. */
async function findIntegrity(name: string, version: string, { database }: Service): Promise<string> {
  const [only, ...others] = await listIntegrities(database, name, version);
  if (only !== undefined && others.length === 0) return only;
  const why =
    only === undefined ? 'no verdict on it is stored' : 'verdicts on several tarballs of this version are stored';
  throw new GuardError('request-invalid', `Name the "integrity" of ${name}@${version} that is let pass: ${why}.`);
}

function refuseUnknownRule(rule: string): void {
  if (rules.some(({ id }) => id === rule)) return;
  throw new GuardError('request-invalid', `There is no rule called "${rule}"; GET /v1/rules lists them all.`);
}

/** Also refuses a day that does not exist. */
function refusePastDay(day: string, now: Date): void {
  const instant = new Date(`${day}T00:00:00Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(day);
  if (!exists) throw new GuardError('request-invalid', `"expires" is no day that exists: ${day}.`);
  if (day < now.toISOString().slice(0, 10)) {
    throw new GuardError('request-invalid', `"expires" is over already: ${day}.`);
  }
}

function describe({
  name,
  version,
  ...rest
}: StoredApproval): Omit<StoredApproval, 'name' | 'version'> & { purl: string } {
  return { purl: renderPurl(name, version), ...rest };
}
