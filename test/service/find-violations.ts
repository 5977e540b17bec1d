/** Holds a request and its answer against docs/openapi.json: what the document does not say must not happen. */
import { readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { InjectOptions } from 'fastify';
import { isRecord } from '../../src/model/manifest.ts';

interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const openapi: unknown = JSON.parse(readFileSync(new URL('../../docs/openapi.json', import.meta.url), 'utf8'));
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'urn:sluice:openapi', ...recordOf(openapi) });
const compiled = new Map<string, ValidateFunction>();

export function findViolations(request: InjectOptions, answered: Answered): readonly string[] {
  const { method = 'GET', url } = request;
  const path = String(url).replace(/\?.*$/s, '');
  // The document's own words have none for it; it answers as the batch does.
  const [asked, verb] = method === 'QUERY' ? [`${path}/batch`, 'POST'] : [path, method === 'HEAD' ? 'GET' : method];
  const paths = Object.keys(recordOf(find(openapi, ['paths'])));
  const template = paths.find((one) => one === asked) ?? paths.find((one) => matches(one, asked));
  const keys = ['paths', template ?? '', verb.toLowerCase()];
  const isProblem = String(answered.headers['content-type']).startsWith('application/problem+json');
  if (template === undefined || find(openapi, keys) === undefined) {
    return isProblem && [404, 405].includes(answered.status) ? [] : [`${verb} ${path} is not described`];
  }
  const undescribed = answered.status < 300 ? findUndescribed(request, { template, keys }) : [];
  if (undescribed.length > 0) return undescribed;
  if (answered.status === 304) return answered.text === '' ? [] : ['304 has a body'];
  const answer = find(openapi, [...keys, 'responses', String(answered.status)]);
  if (answer === undefined) return [`${verb} ${template} does not describe ${answered.status}`];
  if (method === 'HEAD') return answered.text === '' ? [] : ['HEAD has a body'];
  if (answered.text === '') return find(answer, ['content']) === undefined ? [] : [`${verb} ${template}: no body`];
  const type = String(answered.headers['content-type']).replace(/;.*$/, '');
  const place = [...keys, 'responses', String(answered.status), 'content', type, 'schema'];
  if (find(openapi, place) === undefined) return [`${verb} ${template} does not answer ${answered.status} as ${type}`];
  if (!/json$/.test(type)) return [];
  const isValid = compile(place);
  const texts = type === 'application/x-ndjson' ? answered.text.trim().split('\n') : [answered.text];
  return texts.flatMap((text) => (isValid(JSON.parse(text)) ? [] : [ajv.errorsText(isValid.errors)]));
}

interface Operation {
  readonly template: string;
  readonly keys: readonly string[];
}

/** What was sent and taken although the document does not allow it. */
function findUndescribed({ method = 'GET', url, headers = {}, payload }: InjectOptions, { template, keys }: Operation) {
  const what = `${method} ${template}`;
  const { pathname, searchParams } = new URL(String(url), 'http://localhost');
  const names = [...template.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name ?? '');
  const [, ...segments] = patternOf(template).exec(pathname) ?? [];
  const given: Readonly<Record<string, ReadonlyMap<string, string>>> = {
    query: new Map(searchParams),
    path: new Map(names.map((name, index) => [name, decodeURIComponent(segments[index] ?? '')])),
    header: new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
  };
  const parameters = find(openapi, [...keys, 'parameters']);
  const described = (Array.isArray(parameters) ? parameters : []).map(recordOf);
  const violations = described.flatMap(({ in: place, name, required }, index) => {
    const value = given[String(place)]?.get(String(name));
    if (value === undefined) return required === true ? [`${what} was answered without ${name}`] : [];
    return compile([...keys, 'parameters', String(index), 'schema'])(value)
      ? []
      : [`${what} took this ${name}: ${value}`];
  });
  const strangers = [...searchParams.keys()].filter((name) => !described.some((one) => one['name'] === name));
  violations.push(...strangers.map((name) => `${what} took ?${name}`));
  if (payload === undefined) return violations;
  const schema = [...keys, 'requestBody', 'content', 'application/json', 'schema'];
  if (find(openapi, schema) === undefined) return [...violations, `${what} took a body`];
  const body: unknown = typeof payload === 'string' ? JSON.parse(payload) : payload;
  const isValid = compile(schema);
  return isValid(body) ? violations : [...violations, `${what} took this body: ${ajv.errorsText(isValid.errors)}`];
}

function compile(place: readonly string[]): ValidateFunction {
  const pointer = place
    .map((key) => `/${encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('');
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `urn:sluice:openapi#${pointer}` });
  compiled.set(pointer, validate);
  return validate;
}

function matches(template: string, path: string): boolean {
  return patternOf(template).test(path);
}

function patternOf(template: string): RegExp {
  const pattern = template.replaceAll(/[.+*?^$()[\]|\\]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '([^/]+)');
  return new RegExp(`^${pattern}$`);
}

function find(value: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>(
    (within, key) => (Array.isArray(within) ? within[Number(key)] : recordOf(within)[key]),
    value,
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
