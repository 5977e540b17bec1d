/** Every rule against its own examples, and against the absence of what it needs. Not edited when a rule is added. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import { appliesTo } from '../src/engine/examine-change.ts';
import { judge } from '../src/engine/judge.ts';
import { defaultPolicy } from '../src/engine/policy-schema.ts';
import type { Change, FactName } from '../src/model/change.ts';
import { factStanding } from '../src/model/change.ts';
import { missing } from '../src/model/fact.ts';
import type { Evidence } from '../src/model/finding.ts';
import type { Policy } from '../src/model/policy.ts';
import type { Verdict } from '../src/model/verdict.ts';
import type { Rule } from '../src/rule.ts';
import { changesFromExample, type ExampleChanges } from './support/changes-from-example.ts';

const ruleFolder = fileURLToPath(new URL('../rules/', import.meta.url));

function check(rule: Rule, changes: ExampleChanges): readonly Evidence[] {
  const settings = { cooldownDays: defaultPolicy.cooldownDays, options: {} };
  return changes.filter((change) => appliesTo(rule, change)).flatMap((change) => rule.check(change, settings));
}

/** A rule that is off by default is switched on. */
function judgeAlone(rule: Rule, changes: ExampleChanges): Verdict {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const policy: Policy =
    rule.level === 'off' ? { ...defaultPolicy, rules: { [rule.id]: { level: 'review' } } } : defaultPolicy;
  return judge(changes, { rules: [rule], policy, engine: '0.0.0', digest });
}

/** Taken away wherever the rule would look for it. */
function without(rule: Rule, fact: FactName, [first, ...others]: ExampleChanges): ExampleChanges {
  const strip = (change: Change): Change => {
    if (!appliesTo(rule, change)) return change;
    return { ...change, facts: { ...change.facts, [fact]: missing('unreachable', 'taken away by the test') } };
  };
  return [strip(first), ...others.map(strip)];
}

/** Family folder and file name of every rule file, whether or not the index names it. */
function listRuleFiles(): readonly { readonly path: string; readonly family: string; readonly id: string }[] {
  const paths = readdirSync(ruleFolder, { recursive: true, encoding: 'utf8' });
  return paths
    .filter((path) => path.endsWith('.ts') && path !== 'index.ts')
    .map((path) => ({ path, family: dirname(path), id: basename(path, '.ts') }));
}

describe('the list of rules', () => {
  it('is in the order of the ids, each once', () => {
    const ids = rules.map((rule) => rule.id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it.each(listRuleFiles())('has $path, under the name of its file', async ({ path, family, id }) => {
    const module: Record<string, unknown> = await import(pathToFileURL(`${ruleFolder}${path}`).href);
    const rule = rules.find((entry) => entry.id === id);
    expect(Object.values(module)).toEqual([rule]);
    expect(rule).toMatchObject({ id, family });
  });

  it('has nothing that is not in a file', () => {
    expect(rules.map((rule) => rule.id)).toEqual(
      listRuleFiles()
        .map((file) => file.id)
        .toSorted(),
    );
  });
});

describe.each(rules)('$id', (rule) => {
  it.each(rule.incidents)('answers $what', ({ what, when, url }) => {
    expect(new URL(url).protocol).toBe('https:');
    expect(when).toMatch(/^\d{4}(-\d{2}(-\d{2})?)?$/);
    expect(what.trim()).not.toBe('');
  });

  it.each(rule.flags)('flags $title', async (example) => {
    expect(check(rule, await changesFromExample(example))).toEqual(example.expect);
  });

  it.each(rule.passes)('passes $title', async (example) => {
    expect(check(rule, await changesFromExample(example))).toEqual([]);
  });

  it('shows each of its kinds in an example', () => {
    const shown = rule.flags.flatMap((example) => example.expect.map((evidence) => evidence.kind));
    expect(Object.keys(rule.kinds).filter((kind) => !shown.includes(kind))).toEqual([]);
  });

  const removals = rule.flags.flatMap((example) => rule.needs.map((fact) => ({ fact, title: example.title, example })));
  it.each(removals)('is unchecked, not clean, without $fact: $title', async ({ fact, example }) => {
    const verdict = judgeAlone(rule, without(rule, fact, await changesFromExample(example)));
    expect(verdict.findings).toEqual([]);
    expect(verdict.coverage.checked).toBe(0);
    expect(verdict.coverage.unchecked).not.toEqual([]);
    for (const one of verdict.coverage.unchecked)
      expect(one).toMatchObject({ rule: rule.id, facts: [fact], failure: undefined });
    expect(verdict.coverage.gaps.map((gap) => gap.fact)).toContain(fact);
    expect(verdict.result).toBe(factStanding[fact] === 'required' ? 'undecided' : 'allow');
  });

  const losses = rule.flags.flatMap((example) => rule.wants.map((fact) => ({ fact, title: example.title, example })));
  it.each(losses)('is checked all the same, and says the gap, without $fact: $title', async ({ fact, example }) => {
    const { coverage } = judgeAlone(rule, without(rule, fact, await changesFromExample(example)));
    expect(coverage).toMatchObject({ applicable: 1, checked: 1, unchecked: [] });
    expect(coverage.gaps.map((gap) => gap.fact)).toContain(fact);
  });
});
