/** The OpenAPI document, made of the routes' own schemas, and the page that shows it. */
import { readFileSync } from 'node:fs';
import helmet from '@fastify/helmet';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { findPackageFile } from '../guard/package-file.ts';
import { isRecord } from '../model/manifest.ts';
import type { App } from './service.ts';

export async function describeApi(app: App): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Sluice',
        version: '1',
        description: 'May this update of a dependency go through, why, and how much of it was looked at.',
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      },
      security: [{ token: [] }],
    },
    transformObject: (document) => {
      const openapi = 'openapiObject' in document ? document.openapiObject : {};
      const schemas = { ...openapi.components?.schemas, ...loadComponents() };
      // Safe: what is added are JSON Schemas, as OpenAPI 3.1 has them.
      return { ...openapi, components: { ...openapi.components, schemas } } as typeof openapi;
    },
  });
  // A page is shown by browsers: it has all the headers that keep them careful.
  await app.register(async (pages) => {
    await pages.register(helmet, { contentSecurityPolicy: false, strictTransportSecurity: false });
    await pages.register(swaggerUi, {
      routePrefix: '/docs',
      // Its own files, and nothing from anywhere else.
      staticCSP: "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
      uiConfig: { docExpansion: 'list', validatorUrl: null },
    });
  });
}

const problem = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  additionalProperties: false,
  required: ['type', 'title', 'status', 'detail', 'hint'],
  properties: {
    type: {
      type: 'string',
      pattern: '^urn:sluice:problem:[a-z-]+$',
      description: 'Stable: one for each kind of problem.',
    },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What, and where.' },
    hint: { type: 'string', description: 'What to do about it.' },
  },
} as const;

/** The published schemas of verdict and check, each with what it refers to beside it. */
function loadComponents(): Readonly<Record<string, unknown>> {
  return { Problem: problem, ...loadSchema('Verdict', 'verdict'), ...loadSchema('Check', 'check') };
}

function loadSchema(name: string, file: string): Readonly<Record<string, unknown>> {
  const text = readFileSync(findPackageFile(`docs/${file}.schema.json`), 'utf8');
  const moved: unknown = JSON.parse(text.replaceAll('"#/$defs/', `"#/components/schemas/${name}.`));
  if (!isRecord(moved)) throw new Error(`docs/${file}.schema.json is no schema`);
  const { $schema: _dialect, $id: _id, $defs, ...schema } = moved;
  const parts = isRecord($defs) ? Object.entries($defs) : [];
  return { [name]: schema, ...Object.fromEntries(parts.map(([part, one]) => [`${name}.${part}`, one])) };
}
