/** Runs the rules over one package of a change, and turns evidence into findings at the level that rule and policy say. */
import type { Change, FactName } from '../model/change.ts';
import type { Evidence, Finding, Level } from '../model/finding.ts';
import { levelRank } from '../model/finding.ts';
import type { Policy, RuleSetting } from '../model/policy.ts';
import type { UncheckedRule } from '../model/verdict.ts';
import type { Rule } from '../rule.ts';
import { findMissingNeeds } from '../rule.ts';

/** A hostile package can repeat itself without end; a person reads the worst places and the number of the others. */
const maxFindingsPerRule = 50;

export interface Examination {
  readonly findings: readonly Finding[];
  readonly unchecked: readonly UncheckedRule[];
}

interface Weighed {
  readonly evidence: Evidence;
  readonly level: Exclude<Level, 'off'>;
}

export function examineChange(change: Change, rules: readonly Rule[], policy: Policy): Examination {
  const findings: Finding[] = [];
  const unchecked: UncheckedRule[] = [];
  for (const rule of rules) {
    const facts = findMissingNeeds(rule, change);
    if (facts.length > 0) {
      unchecked.push({ rule: rule.id, package: change.subject.name, facts, failure: undefined });
      continue;
    }
    try {
      findings.push(...askRule(rule, change, policy));
    } catch (error) {
      const failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      unchecked.push({ rule: rule.id, package: change.subject.name, facts: [], failure });
    }
  }
  return { findings, unchecked };
}

/** What a comparison alone can say is not asked of a package that replaces nothing, nor of two tarballs what a lockfile says. */
export function appliesTo(rule: Rule, change: Change): boolean {
  if (rule.needs.some((name) => isInapplicable(change, name))) return false;
  return rule.appliesToAdditions || isComparison(change);
}

export function isInapplicable({ facts }: Change, name: FactName): boolean {
  const fact = facts[name];
  return !fact.known && fact.why === 'not-applicable';
}

/** A tarball need not tell its version, so the old tree counts as well. */
export function isComparison({ subject, facts }: Change): boolean {
  return subject.from !== undefined || (facts.files.known && facts.files.value.before !== undefined);
}

/** A rule is off when the policy, or else its own default, says so, and the policy raises none of its kinds again. */
export function isSwitchedOn(rule: Rule, policy: Policy): boolean {
  const setting = findSetting(rule, policy);
  if ((setting?.level ?? rule.level) !== 'off') return true;
  return Object.values(setting?.kinds ?? {}).some((level) => level !== 'off');
}

function askRule(rule: Rule, change: Change, policy: Policy): Finding[] {
  const setting = findSetting(rule, policy);
  const evidence = rule.check(change, { cooldownDays: policy.cooldownDays, options: setting?.options ?? {} });
  const weighed: Weighed[] = [];
  for (const piece of withoutRepeats(evidence)) {
    const level = weigh(rule, piece, setting);
    if (level !== 'off') weighed.push({ evidence: piece, level });
  }
  weighed.sort((left, right) => levelRank[right.level] - levelRank[left.level]);
  const findings = weighed.slice(0, maxFindingsPerRule).map((entry) => describe(rule, change, entry));
  const [firstUnlisted, ...others] = weighed.slice(maxFindingsPerRule);
  if (firstUnlisted !== undefined) {
    const message = `${others.length + 1} more of these were found and are not listed one by one; the first stands here`;
    const { at } = firstUnlisted.evidence;
    findings.push(describe(rule, change, { evidence: { message, at }, level: firstUnlisted.level }));
  }
  return findings;
}

/** One call with one of several values is told once, unless something else is said of it. */
function withoutRepeats(evidence: readonly Evidence[]): readonly Evidence[] {
  const seen = new Set<string>();
  return evidence.filter(({ kind, message, at, target }) => {
    const key = JSON.stringify([kind, message, at, target]);
    const isRepeat = seen.has(key);
    seen.add(key);
    return !isRepeat;
  });
}

function weigh(rule: Rule, { kind }: Evidence, setting: RuleSetting | undefined): Level {
  if (kind === undefined) return setting?.level ?? rule.level;
  const ownLevel = Object.hasOwn(rule.kinds, kind) ? rule.kinds[kind]?.level : undefined;
  if (ownLevel === undefined)
    throw new Error(`${rule.id} gave evidence of the kind "${kind}", which it does not declare`);
  const kindLevel =
    setting?.kinds !== undefined && Object.hasOwn(setting.kinds, kind) ? setting.kinds[kind] : undefined;
  return kindLevel ?? setting?.level ?? ownLevel;
}

function findSetting(rule: Rule, policy: Policy): RuleSetting | undefined {
  return Object.hasOwn(policy.rules, rule.id) ? policy.rules[rule.id] : undefined;
}

/** The excerpt is filled by whoever shows the finding: here the file is not opened again. */
function describe(rule: Rule, { subject }: Change, { evidence, level }: Weighed): Finding {
  return {
    rule: rule.id,
    kind: evidence.kind,
    level,
    package: { name: subject.name, version: subject.to },
    message: evidence.message,
    at: evidence.at,
    via: evidence.via ?? [],
    excerpt: [],
    why: rule.rationale,
    remedy: rule.remedy,
    target: evidence.target,
    exemption: undefined,
  };
}
