/**
 * The JSON Schema of `sluice.json`: one text that documents the keys, checks them, and holds the defaults.
 * It is plain JSON Schema: TypeBox would add 0.3 s to the start of every command for the same object.
 */

import type { FactName } from '../model/change.ts';
import { factStanding } from '../model/change.ts';
import type { Level } from '../model/finding.ts';
import type { OptionValue, Policy } from '../model/policy.ts';
import type { Rule } from '../rule.ts';

/** The part of JSON Schema that the policy needs; `parse-policy.ts` understands exactly this much. */
export type PolicySchema = SchemaObject | SchemaArray | SchemaString | SchemaNumber | SchemaBoolean | SchemaChoice;

interface SchemaText {
  readonly description?: string;
}
export interface SchemaObject extends SchemaText {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, PolicySchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties: false;
  readonly default?: Readonly<Record<string, never>>;
}
export interface SchemaArray extends SchemaText {
  readonly type: 'array';
  readonly items: PolicySchema;
  readonly default?: readonly string[];
}
export interface SchemaString extends SchemaText {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly format?: 'date';
  /** What the text must be, in words: "a date like 2026-03-31". */
  readonly title?: string;
  readonly default?: string;
}
export interface SchemaNumber extends SchemaText {
  readonly type: 'number';
  readonly minimum: number;
  readonly default?: number;
}
export interface SchemaBoolean extends SchemaText {
  readonly type: 'boolean';
  readonly default?: boolean;
}
/** The alternatives differ by type, so that an error can speak about the one that was meant. */
export interface SchemaChoice extends SchemaText {
  readonly anyOf: readonly (SchemaString | SchemaObject)[];
}

const levels: readonly Level[] = ['off', 'notice', 'review', 'block'];

const packageTitle = 'a package name, name@version, or the SRI digest of a tarball';
/** No range: an exemption is for what somebody looked at. */
const packagePattern =
  '^(sha(1|256|384|512)-[A-Za-z0-9+/]+=*|(@[^/@\\s]+/)?[^/@\\s]+(@\\d+\\.\\d+\\.\\d+([-+][0-9A-Za-z.+-]+)?)?)$';

/** The keys that do not depend on the rules. */
const fields = {
  $schema: { type: 'string', description: 'Where editors find this schema.' },
  require: {
    default: [],
    description: 'Rules or facts without which a verdict is undecided, besides those that always are.',
  },
  rules: { default: {}, description: 'What each rule is worth here.' },
  exemptions: {
    default: [],
    description: 'What may pass all the same: which rule, for which package, why, and until when.',
  },
  cooldownDays: {
    type: 'number',
    minimum: 0,
    default: 3,
    description: 'How many days a release must have been public before it is taken without a look.',
  },
} as const;

/** What holds where there is no policy file, and for each key that it leaves out. */
export const defaultPolicy: Policy = {
  rules: fields.rules.default,
  exemptions: fields.exemptions.default,
  require: fields.require.default,
  cooldownDays: fields.cooldownDays.default,
};

export function describePolicySchema(rules: readonly Rule[]): SchemaObject {
  const ruleIds = rules.map((rule) => rule.id);
  const names: readonly (FactName | string)[] = [...ruleIds, ...Object.keys(factStanding)];
  return {
    type: 'object',
    description: 'Policy of Sluice (sluice.json; comments are welcome).',
    additionalProperties: false,
    properties: {
      $schema: fields.$schema,
      rules: {
        ...fields.rules,
        type: 'object',
        additionalProperties: false,
        properties: Object.fromEntries(rules.map((rule) => [rule.id, describeRuleSetting(rule)])),
      },
      exemptions: { ...fields.exemptions, type: 'array', items: describeExemption(ruleIds) },
      require: { ...fields.require, type: 'array', items: { type: 'string', enum: names } },
      cooldownDays: fields.cooldownDays,
    },
  };
}

function describeRuleSetting(rule: Rule): SchemaChoice {
  const kinds = Object.entries(rule.kinds);
  const options = Object.entries(rule.options);
  const properties: Record<string, PolicySchema> = { level: describeLevel('For all that the rule finds.') };
  if (kinds.length > 0) {
    const kindLevels = kinds.map(([name, { about }]): [string, SchemaString] => [name, describeLevel(about)]);
    properties['kinds'] = {
      type: 'object',
      description: 'For single kinds of what the rule finds; they win over `level`.',
      additionalProperties: false,
      properties: Object.fromEntries(kindLevels),
    };
  }
  if (options.length > 0) {
    properties['options'] = {
      type: 'object',
      additionalProperties: false,
      properties: Object.fromEntries(
        options.map(([name, option]) => [name, describeOption(option.default, option.about)]),
      ),
    };
  }
  const setting: SchemaObject = { type: 'object', additionalProperties: false, properties };
  return { description: rule.title, anyOf: [describeLevel('The same as an object with this `level`.'), setting] };
}

function describeLevel(description: string): SchemaString {
  return { type: 'string', enum: levels, description };
}

function describeOption(value: OptionValue, description: string): PolicySchema {
  if (typeof value === 'number') return { type: 'number', minimum: 0, default: value, description };
  if (typeof value === 'boolean') return { type: 'boolean', default: value, description };
  if (typeof value === 'string') return { type: 'string', default: value, description };
  return { type: 'array', items: { type: 'string' }, default: value, description };
}

function describeExemption(ruleIds: readonly string[]): SchemaObject {
  return {
    type: 'object',
    additionalProperties: false,
    required: ['package', 'rule', 'reason', 'expires'],
    properties: {
      package: { type: 'string', pattern: packagePattern, title: packageTitle },
      rule: { type: 'string', enum: ruleIds },
      reason: { type: 'string', pattern: '\\S', title: 'a sentence that says why' },
      expires: { type: 'string', format: 'date', title: 'a date like 2026-03-31', description: 'The last day, UTC.' },
      by: { type: 'string', description: 'Who decided.' },
    },
  };
}
