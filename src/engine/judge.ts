/**
 * Change + rules + policy → verdict. Pure and synchronous: whatever it needs to know is in its arguments.
 * A rule decides what was seen; the policy decides what that is worth; here both become one answer.
 */
import type { Change } from '../model/change.ts';
import type { Finding } from '../model/finding.ts';
import { levelRank } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { Conclusion, Coverage, Gap, UncheckedRule, Verdict } from '../model/verdict.ts';
import type { Rule } from '../rule.ts';
import { applyExemptions } from './apply-exemptions.ts';
import { appliesTo, examineChange, isSwitchedOn } from './examine-change.ts';
import { findGaps } from './find-gaps.ts';
import { identifyVerdict } from './identify-verdict.ts';

export interface JudgeContext {
  readonly rules: readonly Rule[];
  readonly policy: Policy;
  /** Sluice's version. */
  readonly engine: string;
  /** A collision-resistant hash of a text; the engine itself may not reach `node:crypto`. */
  readonly digest: (text: string) => string;
}

/** The change that is asked about, then the dependencies that it adds, each with nothing before it. */
export type JudgedChanges = readonly [Change, ...Change[]];

export function judge(changes: JudgedChanges, context: JudgeContext): Verdict {
  const { rules, policy } = context;
  const [subjectChange] = changes;
  const active = rules.filter((rule) => isSwitchedOn(rule, policy));
  const findings: Finding[] = [];
  const unchecked: UncheckedRule[] = [];
  const gaps: Gap[] = [];
  for (const change of changes) {
    const applicable = active.filter((rule) => appliesTo(rule, change));
    const examined = examineChange(change, applicable, policy);
    findings.push(...examined.findings);
    unchecked.push(...examined.unchecked);
    gaps.push(...findGaps(change, applicable, policy));
  }
  const exempted = applyExemptions(findings, changes, policy.exemptions);
  const applicable = active.filter((rule) => changes.some((change) => appliesTo(rule, change))).length;
  // A rule counts as checked only when it could look at every package it applies to.
  const checked = applicable - new Set(unchecked.map((entry) => entry.rule)).size;
  const coverage: Coverage = { applicable, checked, unchecked, gaps };
  return {
    result: conclude(exempted.findings, coverage, policy),
    ...identifyVerdict(changes, context),
    subject: subjectChange.subject,
    findings: exempted.findings.toSorted(worstFirst),
    coverage,
    exemptions: { unused: exempted.unused, expired: exempted.expired },
    engine: context.engine,
    asOf: subjectChange.asOf,
  };
}

function conclude(findings: readonly Finding[], coverage: Coverage, policy: Policy): Conclusion {
  const counting = findings.filter((finding) => finding.exemption === undefined);
  if (counting.some((finding) => finding.level === 'block')) return 'block';
  if (isUndecided(coverage, policy)) return 'undecided';
  return counting.some((finding) => finding.level === 'review') ? 'review' : 'allow';
}

function isUndecided({ gaps, unchecked }: Coverage, policy: Policy): boolean {
  return (
    gaps.some((gap) => gap.required) ||
    unchecked.some((entry) => entry.failure !== undefined || policy.require.includes(entry.rule))
  );
}

/** Findings that an exemption silences come last within their level; the sort keeps the rules' own order otherwise. */
function worstFirst(left: Finding, right: Finding): number {
  const byLevel = levelRank[right.level] - levelRank[left.level];
  return byLevel !== 0 ? byLevel : Number(left.exemption !== undefined) - Number(right.exemption !== undefined);
}
