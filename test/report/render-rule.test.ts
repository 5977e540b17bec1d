import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { renderRule, renderRuleList } from '../../src/report/render-rule.ts';

const plainly = { columns: 80, paint: (_style: string, text: string): string => text };

describe('renderRule', () => {
  test.each(rules.map((rule) => [rule.id, rule] as const))('says all of %s, addresses unbroken', (_id, rule) => {
    const text = renderRule(rule, plainly);
    const words = text.replace(/\s+/g, ' ');
    const said = [rule.title, rule.level, rule.rationale, rule.remedy, ...Object.keys(rule.kinds)];
    said.push(...Object.keys(rule.options), ...Object.values(rule.kinds).map((kind) => kind.about));
    for (const sentence of said) expect(words).toContain(sentence.replace(/\s+/g, ' '));
    for (const { url } of rule.incidents) expect(text.split('\n').map((line) => line.trim())).toContain(url);
  });
});

test('renderRuleList gives each rule its level, id and title', () => {
  const lines = renderRuleList(rules, { ...plainly, columns: 120 })
    .trimEnd()
    .split('\n');
  expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual(rules.map(({ level, id }) => [level, id]));
});
