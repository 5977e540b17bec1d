/**
 * `sluice.json` → policy. Whatever is not understood is an error with its line: a policy that silently
 * does nothing is worse than none. Loaded only where there is a policy file.
 */
import { distance } from 'fastest-levenshtein';
import type { Node, ParseError } from 'jsonc-parser';
import { parseTree, printParseErrorCode } from 'jsonc-parser';
import { GuardError } from '../errors.ts';
import type { Exemption, Level } from '../model/finding.ts';
import type { Policy, RuleSetting } from '../model/policy.ts';
import type { Rule } from '../rule.ts';
import type { PolicySchema, SchemaObject, SchemaString } from './policy-schema.ts';
import { defaultPolicy, describePolicySchema } from './policy-schema.ts';

/** What the schema lets through. */
interface PolicyDocument extends Partial<Omit<Policy, 'rules'>> {
  readonly rules?: Readonly<Record<string, Level | RuleSetting>>;
  readonly exemptions?: readonly Exemption[];
}

/** @param source What the file is called, for messages. */
export function parsePolicy(text: string, source: string, rules: readonly Rule[]): Policy {
  const withoutMark = text.replace(/^\uFEFF/, '');
  const fail = (offset: number, problem: string): never => {
    const line = withoutMark.slice(0, offset).split('\n').length;
    throw new GuardError('policy-invalid', `${source}, line ${line}: ${problem}`);
  };
  const root = readTree(withoutMark, fail);
  // Safe: readValue fails on everything that the schema, of which PolicyDocument is the type, does not allow.
  const document = readValue({ node: root, schema: describePolicySchema(rules), where: '', fail }) as PolicyDocument;
  const { rules: settings = {}, exemptions, require, cooldownDays } = document;
  const policy: Policy = {
    rules: Object.fromEntries(Object.entries(settings).map(([id, setting]) => [id, expandLevel(setting)])),
    exemptions: exemptions ?? defaultPolicy.exemptions,
    require: require ?? defaultPolicy.require,
    cooldownDays: cooldownDays ?? defaultPolicy.cooldownDays,
  };
  const dead = rules.find((rule) => policy.require.includes(rule.id) && levelOf(rule, policy) === 'off');
  if (dead === undefined) return policy;
  const problem = `"${dead.id}" is required, and switched off; give it a level under "rules", or do not require it`;
  return fail(root.offset, problem);
}

/** Of what the rule plainly finds. */
function levelOf(rule: Rule, { rules }: Policy): Level {
  return (Object.hasOwn(rules, rule.id) ? rules[rule.id]?.level : undefined) ?? rule.level;
}

type Fail = (offset: number, problem: string) => never;

function expandLevel(setting: Level | RuleSetting): RuleSetting {
  return typeof setting === 'string' ? { level: setting } : setting;
}

function readTree(text: string, fail: Fail): Node {
  const errors: ParseError[] = [];
  let root: Node | undefined;
  try {
    root = parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    // The parser calls itself for each level; the stack is its only limit.
    if (error instanceof RangeError) return fail(0, 'it is nested too deeply to be a policy');
    throw error;
  }
  const [first] = errors;
  if (first !== undefined) return fail(first.offset, `this is no JSON: ${nameSyntaxError(first)}`);
  return root ?? fail(0, 'the file is empty; write at least {}');
}

/** `PropertyNameExpected` → "property name expected". */
function nameSyntaxError({ error }: ParseError): string {
  return printParseErrorCode(error)
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toLowerCase();
}

interface Position {
  readonly node: Node;
  readonly schema: PolicySchema;
  /** Path of the value for a person: `rules.package-emptied.level`. Empty at the root. */
  readonly where: string;
  readonly fail: Fail;
}

function readValue(position: Position): unknown {
  const { node, schema, where, fail } = position;
  if ('anyOf' in schema) {
    const meant = schema.anyOf.find((alternative) => alternative.type === node.type);
    if (meant === undefined) return fail(node.offset, `${where} must be a level or an object, not ${nameType(node)}`);
    return readValue({ ...position, schema: meant });
  }
  if (node.type !== schema.type) {
    const name = where === '' ? 'the policy' : where;
    return fail(node.offset, `${name} must be ${article(schema.type)}, not ${nameType(node)}`);
  }
  if (schema.type === 'object') return readObject({ ...position, schema });
  if (schema.type === 'array') {
    const items = node.children ?? [];
    return items.map((item, index) =>
      readValue({ node: item, schema: schema.items, where: `${where}[${index}]`, fail }),
    );
  }
  if (schema.type === 'string') checkText({ ...position, schema });
  if (schema.type === 'number' && !(node.value >= schema.minimum && Number.isFinite(node.value))) {
    fail(node.offset, `${where} must be a number from ${schema.minimum} up`);
  }
  return node.value;
}

function readObject({ node, schema, where, fail }: Position & { readonly schema: SchemaObject }): object {
  const seen = new Map<string, unknown>();
  for (const property of node.children ?? []) {
    const [keyNode, valueNode] = property.children ?? [];
    const key: unknown = keyNode?.value;
    if (typeof key !== 'string' || valueNode === undefined) return fail(property.offset, 'this key has no value');
    const path = where === '' ? key : `${where}.${key}`;
    const valueSchema = Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined;
    if (valueSchema === undefined) {
      const place = where === '' ? '' : ` in ${where}`;
      return fail(property.offset, `unknown key "${key}"${place}${suggest(key, Object.keys(schema.properties))}`);
    }
    if (seen.has(key)) return fail(property.offset, `${path} stands here a second time; keep one of the two`);
    seen.set(key, readValue({ node: valueNode, schema: valueSchema, where: path, fail }));
  }
  const absent = schema.required?.find((key) => !seen.has(key));
  if (absent !== undefined) return fail(node.offset, `${where} has no "${absent}"${explainAbsence(schema, absent)}`);
  // `fromEntries` defines keys as they are: `__proto__` would be an ordinary one, were it known at all.
  return Object.fromEntries(seen);
}

function explainAbsence(schema: SchemaObject, key: string): string {
  const property = schema.properties[key];
  return property !== undefined && 'title' in property ? `: write ${property.title}` : '';
}

function checkText({ node, schema, where, fail }: Position & { readonly schema: SchemaString }): void {
  const text: string = node.value;
  if (schema.enum !== undefined && !schema.enum.includes(text)) {
    fail(node.offset, `${where} names "${text}", which does not exist${suggest(text, schema.enum)}`);
  }
  const isWrong =
    (schema.format === 'date' && !isDate(text)) ||
    (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(text));
  if (isWrong) fail(node.offset, `${where} must be ${schema.title ?? 'of another form'}, not "${text}"`);
}

/** A day that exists: `2026-02-30` has the form of a date and is none. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

function suggest(wrong: string, names: readonly string[]): string {
  const shortened = wrong.slice(0, 100);
  const nearest = names.toSorted((left, right) => distance(shortened, left) - distance(shortened, right))[0];
  if (nearest === undefined) return '; nothing may stand here';
  return `; did you mean "${nearest}"?`;
}

function nameType(node: Node): string {
  return node.type === 'null' ? 'null' : article(node.type);
}

function article(type: string): string {
  if (type === 'array') return 'a list';
  return type === 'object' ? 'an object' : `a ${type}`;
}
