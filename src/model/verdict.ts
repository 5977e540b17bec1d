/** The answer to "may this change go through?", and how much of it was looked at. */
import type { FactName, Subject } from './change.ts';
import type { MissingReason } from './fact.ts';
import type { Exemption, Finding } from './finding.ts';

export type Conclusion = 'allow' | 'review' | 'block' | 'undecided';

/** A fact that was not known, for one package of the change. */
export interface Gap {
  readonly fact: FactName;
  readonly package: string;
  readonly why: MissingReason;
  readonly detail: string;
  /** True when it makes the verdict undecided. */
  readonly required: boolean;
}

export interface UncheckedRule {
  readonly rule: string;
  readonly package: string;
  /** The facts it needs and did not get; empty when the rule itself failed. */
  readonly facts: readonly FactName[];
  /** Set when the rule threw: a bug in Sluice, which makes the verdict undecided. */
  readonly failure: string | undefined;
}

export interface Coverage {
  /** Rules that are switched on and apply to the change. */
  readonly applicable: number;
  readonly checked: number;
  readonly unchecked: readonly UncheckedRule[];
  readonly gaps: readonly Gap[];
}

export interface Verdict {
  readonly result: Conclusion;
  /** Hash of subject digests, policy, rule set and engine version: the same question has the same id. */
  readonly id: string;
  readonly subject: Subject;
  /** Worst first. Exempted ones are here too, with their exemption. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly exemptions: {
    readonly unused: readonly Exemption[];
    readonly expired: readonly Exemption[];
  };
  /** Sluice's version. */
  readonly engine: string;
  /** Digest of the rule set. */
  readonly rules: string;
  /** Digest of the policy. */
  readonly policy: string;
  /** ISO 8601 instant the verdict was asked for. */
  readonly asOf: string;
}
