/** What facts, rules and policy make of a verdict. Over 300 lines: one small table or case for each thing that decides. */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/engine/judge.ts';
import type { Change, FactName } from '../../src/model/change.ts';
import { known, missing } from '../../src/model/fact.ts';
import type { Evidence, Exemption, Level } from '../../src/model/finding.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import type { Rule } from '../../src/rule.ts';
import { atFile, defineRule } from '../../src/rule.ts';
import { buildChange } from '../support/build-change.ts';

const plainPolicy: Policy = { rules: {}, exemptions: [], require: [], cooldownDays: 7 };
const seen: Evidence<'worse'> = { message: 'something was seen', at: { in: 'tarball', path: 'index.js' } };
const emptyTree: PackageTree = { files: new Map(), anomalies: [], unpackedBytes: 0 };
const sampleExemption: Exemption = { package: 'sample', rule: 'a-rule', reason: 'looked at', expires: '2026-01-01' };

interface RuleParts {
  readonly id?: string;
  readonly level?: Level;
  readonly needs?: readonly [FactName, ...FactName[]];
  readonly wants?: readonly FactName[];
  readonly appliesToAdditions?: boolean;
  readonly evidence?: (change: { readonly subject: { readonly name: string } }) => readonly Evidence<'worse'>[];
}

function rule({ id, level, needs, wants, appliesToAdditions, evidence }: RuleParts = {}): Rule {
  return defineRule({
    id: id ?? 'a-rule',
    family: 'code',
    title: 'A rule',
    rationale: 'because',
    remedy: 'do this',
    level: level ?? 'review',
    incidents: [{ what: 'an event', when: '2026', url: 'https://events.invalid/1' }],
    flags: [{ title: 'flagged', after: {}, expect: [seen] }],
    passes: [{ title: 'passed', after: {} }],
    appliesToAdditions: appliesToAdditions ?? false,
    needs: needs ?? ['files'],
    wants: wants ?? [],
    kinds: { worse: { level: 'block', about: 'a worse case' } },
    check: evidence ?? (() => []),
  });
}

function judgeWith(
  rules: readonly Rule[],
  change: Change | [Change, ...Change[]],
  policy: Partial<Policy> = {},
): Verdict {
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
  const changes: [Change, ...Change[]] = 'subject' in change ? [change] : change;
  return judge(changes, { rules, policy: { ...plainPolicy, ...policy }, engine: '0.0.0', digest });
}

const flagging = (level: Level, id = 'a-rule'): Rule => rule({ id, level, evidence: () => [seen] });
const gone = missing('unreachable', 'the registry did not answer');

describe('the result', () => {
  it.each([
    ['nothing', [rule()], 'allow'],
    ['a notice', [flagging('notice')], 'allow'],
    ['a review', [flagging('review'), flagging('notice', 'b-rule')], 'review'],
    ['a block', [flagging('review'), flagging('block', 'b-rule')], 'block'],
    ['evidence of a worse kind', [rule({ evidence: () => [{ ...seen, kind: 'worse' }] })], 'block'],
  ] as const)('of %s', (_what, rules, result) => {
    expect(judgeWith(rules, buildChange()).result).toBe(result);
  });

  it('is undecided when a required fact is missing, whatever a review says', () => {
    const change = buildChange({ facts: { versions: gone } });
    expect(judgeWith([flagging('review')], change).result).toBe('undecided');
  });

  it('is block when a finding blocks, even when a required fact is missing', () => {
    const change = buildChange({ facts: { versions: gone } });
    expect(judgeWith([flagging('block')], change).result).toBe('block');
  });

  it('stands when an optional fact is missing, and says the gap', () => {
    const change = buildChange({ facts: { publishTimes: missing('not-served', 'no time field') } });
    const verdict = judgeWith([rule({ needs: ['publishTimes'], evidence: () => [seen] })], change);
    expect(verdict.result).toBe('allow');
    expect(verdict.coverage).toEqual({
      applicable: 1,
      checked: 0,
      unchecked: [{ rule: 'a-rule', package: 'sample', facts: ['publishTimes'], failure: undefined }],
      gaps: [{ fact: 'publishTimes', package: 'sample', why: 'not-served', detail: 'no time field', required: false }],
    });
  });

  it('stands when a required fact was not asked for on purpose', () => {
    const change = buildChange({ facts: { versions: missing('not-consulted', 'two local tarballs') } });
    expect(judgeWith([rule({ needs: ['versions'] })], change).result).toBe('allow');
  });

  it.each([['versions'], ['a-rule']])('is undecided when the policy requires %s, which was not asked for', (name) => {
    const change = buildChange({ facts: { versions: missing('not-consulted', 'two local tarballs') } });
    const verdict = judgeWith([rule({ needs: ['versions'] })], change, { require: [name] });
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.gaps).toMatchObject([{ fact: 'versions', required: true }]);
  });

  it('is undecided when a rule throws, names the rule, and lets the others speak', () => {
    const broken = rule({
      evidence: () => {
        throw new TypeError('no such thing');
      },
    });
    const verdict = judgeWith([broken, flagging('notice', 'b-rule')], buildChange());
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.unchecked).toEqual([
      { rule: 'a-rule', package: 'sample', facts: [], failure: 'TypeError: no such thing' },
    ]);
    expect(verdict.findings.map((finding) => finding.rule)).toEqual(['b-rule']);
  });

  it('is undecided when a rule gives a kind that it does not declare', () => {
    // A rule's types forbid this; a rule from elsewhere may do it all the same.
    const liar: Rule = { ...rule(), check: () => [{ ...seen, kind: 'toString' }] };
    expect(judgeWith([liar], buildChange()).result).toBe('undecided');
  });
});

describe('levels of the policy', () => {
  const both = rule({ evidence: () => [seen, { ...seen, kind: 'worse' }] });

  it("replace the rule's own, and those of its kinds", () => {
    const verdict = judgeWith([both], buildChange(), { rules: { 'a-rule': { level: 'notice' } } });
    expect(verdict.findings.map((finding) => finding.level)).toEqual(['notice', 'notice']);
  });

  it('of single kinds win', () => {
    const verdict = judgeWith([both], buildChange(), {
      rules: { 'a-rule': { level: 'off', kinds: { worse: 'review' } } },
    });
    expect(verdict.findings.map((finding) => [finding.kind, finding.level])).toEqual([['worse', 'review']]);
  });

  it('switch a rule off so that it does not apply', () => {
    const verdict = judgeWith([flagging('block')], buildChange(), { rules: { 'a-rule': { level: 'off' } } });
    expect(verdict).toMatchObject({ result: 'allow', findings: [], coverage: { applicable: 0, checked: 0 } });
  });
});

describe('a rule that is off by default', () => {
  it('does not apply until the policy gives it a level', () => {
    const verdicts = [{}, { 'a-rule': { options: {} } }, { 'a-rule': { level: 'review' } } as const].map((rules) =>
      judgeWith([flagging('off')], buildChange(), { rules }),
    );
    expect(verdicts.map((verdict) => [verdict.result, verdict.coverage.applicable])).toEqual([
      ['allow', 0],
      ['allow', 0],
      ['review', 1],
    ]);
  });
});

describe('exemptions', () => {
  it.each([['sample'], ['sample@1.0.1'], ['sha512-new']])('named %s silence the rule and stay visible', (name) => {
    const exemption = { ...sampleExemption, package: name };
    const verdict = judgeWith([flagging('block')], buildChange(), { exemptions: [exemption] });
    expect(verdict.result).toBe('allow');
    expect(verdict.findings[0]?.exemption).toEqual(exemption);
    expect(verdict.exemptions).toEqual({ unused: [], expired: [] });
  });

  it.each([
    ['another package', { package: 'other' }],
    ['another version', { package: 'sample@1.0.0' }],
    ['the old tarball', { package: 'sha512-old' }],
    ['another rule', { rule: 'b-rule' }],
  ])('of %s are reported unused', (_what, parts) => {
    const exemption = { ...sampleExemption, ...parts };
    const verdict = judgeWith([flagging('block')], buildChange(), { exemptions: [exemption] });
    expect(verdict.result).toBe('block');
    expect(verdict.exemptions).toEqual({ unused: [exemption], expired: [] });
  });

  it.each([
    ['2026-01-01T23:59:59Z', 'allow'],
    ['2026-01-02T00:00:00Z', 'block'],
    ['2026-01-01T23:30:00-01:00', 'block'],
  ])('that end with 2026-01-01 give at %s: %s', (asOf, result) => {
    const verdict = judgeWith([flagging('block')], buildChange({ asOf }), { exemptions: [sampleExemption] });
    expect(verdict.result).toBe(result);
    expect(verdict.exemptions.expired).toHaveLength(result === 'block' ? 1 : 0);
  });

  it('do not fill a gap', () => {
    const change = buildChange({ facts: { files: gone } });
    expect(judgeWith([rule()], change, { exemptions: [sampleExemption] }).result).toBe('undecided');
  });
});

describe('added dependencies', () => {
  const onlyAfter = {
    before: undefined,
    after: emptyTree,
    added: [],
    removed: [],
    changed: [],
    moved: [],
    unchanged: [],
  };
  const facts = { files: known(onlyAfter) };
  const addition = buildChange({ subject: { name: 'added', from: undefined, to: '3.0.0' }, facts });

  it('are looked at by the rules that apply to them, under their own name', () => {
    const comparing = rule({ id: 'comparing', evidence: () => [seen] });
    const reading = rule({
      id: 'reading',
      appliesToAdditions: true,
      evidence: ({ subject }) => (subject.name === 'added' ? [seen] : []),
    });
    const verdict = judgeWith([comparing, reading], [buildChange(), addition]);
    expect(verdict.findings.map((finding) => [finding.rule, finding.package])).toEqual([
      ['comparing', { name: 'sample', version: '1.0.1' }],
      ['reading', { name: 'added', version: '3.0.0' }],
    ]);
    expect(verdict.coverage).toMatchObject({ applicable: 2, checked: 2 });
  });

  it('that could not be read leave the verdict undecided, and their rules unchecked', () => {
    const unread = { ...addition, facts: { ...addition.facts, files: gone } };
    const verdict = judgeWith([rule({ appliesToAdditions: true })], [buildChange(), unread]);
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage).toMatchObject({ applicable: 1, checked: 0, unchecked: [{ package: 'added' }] });
  });

  it('that nobody fetched leave the verdict undecided too', () => {
    const dependency = { name: 'added', spec: '^3.0.0', specBefore: undefined, release: gone };
    const added = known([{ ...dependency, field: 'optionalDependencies', source: 'registry' } as const]);
    const verdict = judgeWith([rule()], buildChange({ facts: { addedDependencies: added } }));
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.gaps).toMatchObject([{ fact: 'addedDependencies', package: 'added', required: true }]);
  });

  it('that the registry does not have leave it undecided, unless npm goes on without them', () => {
    const release = missing('not-found', 'No version of added at the registry satisfies "^3.0.0".');
    const dependency = { name: 'added', spec: '^3.0.0', specBefore: undefined, release, source: 'registry' } as const;
    const judgeAs = (field: 'dependencies' | 'optionalDependencies') => {
      const facts = { addedDependencies: known([{ ...dependency, field }]) };
      const { result, coverage } = judgeWith([rule()], buildChange({ facts }));
      return { result, gaps: coverage.gaps.map(({ package: name, required }) => [name, required]) };
    };
    expect(judgeAs('dependencies')).toEqual({ result: 'undecided', gaps: [['added', true]] });
    expect(judgeAs('optionalDependencies')).toEqual({ result: 'allow', gaps: [['added', false]] });
  });
});

describe('findings', () => {
  it('that say the same of the same place are one', () => {
    const seen = { message: 'seen', at: atFile('index.js', 3) };
    const verdict = judgeWith(
      [rule({ evidence: () => [seen, { ...seen }, { ...seen, at: atFile('index.js', 4) }] })],
      [buildChange()],
    );
    expect(verdict.findings.map(({ at }) => at.line)).toEqual([3, 4]);
  });

  it('stand worst first, and those of one level in the order of the rules', () => {
    const rules = [flagging('notice', 'n'), flagging('review', 'r1'), flagging('block', 'b'), flagging('review', 'r2')];
    expect(judgeWith(rules, buildChange()).findings.map((finding) => finding.rule)).toEqual(['b', 'r1', 'r2', 'n']);
  });

  it('of one rule are bounded: the worst are kept and the others counted', () => {
    const many = Array.from({ length: 5000 }, (_, index) => ({ ...seen, message: `place ${index}` }));
    const flooding = rule({ level: 'notice', evidence: () => [...many, { ...seen, kind: 'worse' }] });
    const { findings, result } = judgeWith([flooding], buildChange());
    expect(result).toBe('block');
    expect(findings).toHaveLength(51);
    expect(findings[0]).toMatchObject({ level: 'block', kind: 'worse' });
    expect(findings[50]?.message).toMatch(/^4951 more of these/);
  });
});

describe('the id', () => {
  const rules = [flagging('review'), flagging('notice', 'b-rule')];
  const policy: Policy = { ...plainPolicy, rules: { 'a-rule': { level: 'block' }, 'b-rule': { level: 'off' } } };
  const usual = judgeWith(rules, buildChange(), policy);

  it('is the same for the same question at another time, in another order of keys and rules', () => {
    const reordered = { ...policy, rules: { 'b-rule': { level: 'off' }, 'a-rule': { level: 'block' } } } as const;
    const again = judgeWith(rules.toReversed(), buildChange({ asOf: '2030-01-01T00:00:00Z' }), reordered);
    expect([again.id, again.policy, again.rules]).toEqual([usual.id, usual.policy, usual.rules]);
  });

  it('is the same when a fact was missing: the question did not change', () => {
    expect(judgeWith(rules, buildChange({ facts: { versions: gone } }), policy).id).toBe(usual.id);
  });

  const addition = buildChange({ subject: { name: 'added', from: undefined } });
  it.each<[string, Verdict]>([
    [
      'tarball',
      judgeWith(rules, buildChange({ subject: { integrity: { from: 'sha512-old', to: 'sha512-x' } } }), policy),
    ],
    ['version', judgeWith(rules, buildChange({ subject: { to: '1.0.2' } }), policy)],
    ['policy', judgeWith(rules, buildChange(), { ...policy, cooldownDays: 8 })],
    ['rule set', judgeWith(rules.slice(1), buildChange(), policy)],
    ['added dependency', judgeWith(rules, [buildChange(), addition], policy)],
  ])('differs for another %s', (_what, verdict) => {
    expect(verdict.id).not.toBe(usual.id);
  });
});
