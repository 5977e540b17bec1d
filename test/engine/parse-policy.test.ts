import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { isDate, parsePolicy } from '../../src/engine/parse-policy.ts';
import { defaultPolicy, describePolicySchema } from '../../src/engine/policy-schema.ts';
import { GuardError } from '../../src/errors.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule } from '../../src/rule.ts';

const place = { in: 'tarball', path: 'index.js' } as const;
const tunable: Rule = defineRule({
  id: 'tunable-rule',
  family: 'code',
  title: 'A rule with everything',
  rationale: 'because',
  remedy: 'do this',
  level: 'review',
  incidents: [{ what: 'an event', when: '2026', url: 'https://events.invalid/1' }],
  flags: [{ title: 'flagged', after: {}, expect: [{ message: 'seen', at: place }] }],
  passes: [{ title: 'passed', after: {} }],
  appliesToAdditions: false,
  needs: ['files'],
  kinds: { worse: { level: 'block', about: 'a worse case' } },
  options: {
    maxBytes: { default: 100, about: 'bytes' },
    isStrict: { default: false, about: 'strictness' },
    prefix: { default: 'x', about: 'what it starts with' },
    hosts: { default: ['a.invalid'], about: 'allowed hosts' },
  },
  check: () => [],
});
const plain: Rule = { ...tunable, id: 'plain-rule', kinds: {}, options: {} };
const rules = [plain, tunable];

function failureOf(text: string): string {
  try {
    parsePolicy(text, 'sluice.json', rules);
  } catch (error) {
    if (error instanceof GuardError && error.code === 'policy-invalid') return error.message;
    throw error;
  }
  throw new Error(`was taken for a policy: ${text}`);
}

const exemption = '"package": "sample", "rule": "plain-rule", "reason": "looked at", "expires": "2026-03-31"';

const good: readonly (readonly [string, string])[] = [
  ['nothing', '{}'],
  ['a schema', '{ "$schema": "./policy.schema.json" }'],
  ['a level alone', '{ "rules": { "plain-rule": "off" } }'],
  ['levels and kinds', '{ "rules": { "tunable-rule": { "level": "notice", "kinds": { "worse": "review" } } } }'],
  [
    'options of every type',
    '{ "rules": { "tunable-rule": { "options": { "maxBytes": 0, "isStrict": true, "prefix": "", "hosts": ["b.invalid"] } } } }',
  ],
  ['an exemption by name', `{ "exemptions": [{ ${exemption}, "by": "somebody" }] }`],
  ['an exemption by scoped version', `{ "exemptions": [{ ${exemption.replace('sample', '@s/p@1.0.0-rc.1')} }] }`],
  ['an exemption by digest', `{ "exemptions": [{ ${exemption.replace('sample', 'sha512-ab+/CD==')} }] }`],
  ['required facts and rules', '{ "require": ["publishTimes", "plain-rule"] }'],
  ['a cooldown', '{ "cooldownDays": 0.5 }'],
];

const bad: readonly (readonly [text: string, message: string])[] = [
  ['', 'sluice.json, line 1: this is no JSON: value expected'],
  ['{ "rules": }', 'sluice.json, line 1: this is no JSON: value expected'],
  ['{\n  "cooldownDays": 3', 'sluice.json, line 2: this is no JSON: close brace expected'],
  ['[]', 'sluice.json, line 1: the policy must be an object, not a list'],
  ['null', 'sluice.json, line 1: the policy must be an object, not null'],
  ['{\n\n"rulez": {} }', 'sluice.json, line 3: unknown key "rulez"; did you mean "rules"?'],
  [
    '{ "rules": { "plain-rul": "off" } }',
    'sluice.json, line 1: unknown key "plain-rul" in rules; did you mean "plain-rule"?',
  ],
  [
    '{ "rules": { "plain-rule": "blok" } }',
    'sluice.json, line 1: rules.plain-rule names "blok", which does not exist; did you mean "block"?',
  ],
  [
    '{ "rules": { "plain-rule": 1 } }',
    'sluice.json, line 1: rules.plain-rule must be a level or an object, not a number',
  ],
  [
    '{ "rules": { "plain-rule": { "kinds": {} } } }',
    'sluice.json, line 1: unknown key "kinds" in rules.plain-rule; did you mean "level"?',
  ],
  [
    '{ "rules": { "tunable-rule": { "kinds": { "wors": "off" } } } }',
    'sluice.json, line 1: unknown key "wors" in rules.tunable-rule.kinds; did you mean "worse"?',
  ],
  [
    '{ "rules": { "tunable-rule": { "options": { "maxByte": 1 } } } }',
    'sluice.json, line 1: unknown key "maxByte" in rules.tunable-rule.options; did you mean "maxBytes"?',
  ],
  [
    '{ "rules": { "tunable-rule": { "options": { "maxBytes": "1" } } } }',
    'sluice.json, line 1: rules.tunable-rule.options.maxBytes must be a number, not a string',
  ],
  [
    '{ "rules": { "tunable-rule": { "options": { "hosts": "b.invalid" } } } }',
    'sluice.json, line 1: rules.tunable-rule.options.hosts must be a list, not a string',
  ],
  ['{ "cooldownDays": -1 }', 'sluice.json, line 1: cooldownDays must be a number from 0 up'],
  ['{ "cooldownDays": 1e999 }', 'sluice.json, line 1: cooldownDays must be a number from 0 up'],
  [
    '{ "require": ["publishTime"] }',
    'sluice.json, line 1: require[0] names "publishTime", which does not exist; did you mean "publishTimes"?',
  ],
  [
    `{ "exemptions": [\n{ ${exemption.replace('"reason": "looked at", ', '')} }] }`,
    'sluice.json, line 2: exemptions[0] has no "reason": write a sentence that says why',
  ],
  [
    `{ "exemptions": [{ ${exemption.replace('looked at', ' ')} }] }`,
    'sluice.json, line 1: exemptions[0].reason must be a sentence that says why, not " "',
  ],
  [
    `{ "exemptions": [{ ${exemption.replace('2026-03-31', '2026-02-30')} }] }`,
    'sluice.json, line 1: exemptions[0].expires must be a date like 2026-03-31, not "2026-02-30"',
  ],
  [
    `{ "exemptions": [{ ${exemption.replace('sample', 'sample@^1.0.0')} }] }`,
    'sluice.json, line 1: exemptions[0].package must be a package name, name@version, or the SRI digest of a tarball, not "sample@^1.0.0"',
  ],
  [
    `{ "exemptions": [{ ${exemption.replace('plain-rule', 'plane-rule')} }] }`,
    'sluice.json, line 1: exemptions[0].rule names "plane-rule", which does not exist; did you mean "plain-rule"?',
  ],
];

describe('a policy', () => {
  it('that says nothing is the default one', () => {
    expect(parsePolicy('{}', 'sluice.json', rules)).toEqual(defaultPolicy);
  });

  it('may have comments, trailing commas and a byte order mark', () => {
    const text = '\uFEFF{\n  // half a week\n  "cooldownDays": 3.5, /* days */\n}\n';
    expect(parsePolicy(text, 'sluice.json', rules).cooldownDays).toBe(3.5);
  });

  it('may write a level alone', () => {
    const policy = parsePolicy('{ "rules": { "plain-rule": "off" } }', 'sluice.json', rules);
    expect(policy.rules).toEqual({ 'plain-rule': { level: 'off' } });
  });

  it('keeps its exemptions as they are', () => {
    const { exemptions } = parsePolicy(`{ "exemptions": [{ ${exemption} }] }`, 'sluice.json', rules);
    expect(exemptions).toEqual([{ package: 'sample', rule: 'plain-rule', reason: 'looked at', expires: '2026-03-31' }]);
  });

  it.each(bad)('%s is refused', (text, message) => {
    expect(failureOf(text)).toBe(message);
  });

  it('refuses a key that stands twice, and names the second', () => {
    expect(failureOf('{ "cooldownDays": 1,\n "cooldownDays": 0 }')).toBe(
      'sluice.json, line 2: cooldownDays stands here a second time; keep one of the two',
    );
  });

  it('refuses a rule that is required and off', () => {
    expect(failureOf('{ "require": ["plain-rule"], "rules": { "plain-rule": "off" } }')).toContain(
      '"plain-rule" is required, and switched off',
    );
  });

  it('refuses a rule that is required and off by default', () => {
    const quiet: Rule = { ...plain, level: 'off' };
    const parse = (text: string) => () => parsePolicy(text, 'sluice.json', [quiet]);
    expect(parse('{ "require": ["plain-rule"] }')).toThrow('"plain-rule" is required, and switched off');
    expect(parse('{ "require": ["plain-rule"], "rules": { "plain-rule": "review" } }')).not.toThrow();
  });

  it.each(['__proto__', 'constructor', 'toString'])('takes %s for an unknown key, and changes no object', (key) => {
    expect(failureOf(`{ "rules": { "${key}": { "level": "off" } } }`)).toContain(`unknown key "${key}" in rules`);
    expect(Object.hasOwn(Object.prototype, 'level')).toBe(false);
  });

  it('that is nested without end is refused with a sentence', () => {
    const failure = failureOf(`{ "rules": ${'['.repeat(200_000)}`);
    expect(failure).toMatch(/^sluice\.json, line 1: (it is nested too deeply|this is no JSON)/);
  });
});

describe('the published schema', () => {
  const ajv = new Ajv2020({ strict: true, formats: { date: isDate } });
  const validate = ajv.compile(describePolicySchema(rules));

  it.each(good)('takes %s, as the parser does', (_what, text) => {
    expect(validate(JSON.parse(text))).toBe(true);
    expect(() => parsePolicy(text, 'sluice.json', rules)).not.toThrow();
  });

  it.each(bad.filter(([text]) => isJson(text)))('refuses %s, as the parser does', (text) => {
    expect(validate(JSON.parse(text))).toBe(false);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
