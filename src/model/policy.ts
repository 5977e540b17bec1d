/** What a team decided about the rules. Parsed from `sluice.json`; its defaults live in the schema that parses it. */
import type { Exemption, Level } from './finding.ts';

export type OptionValue = number | boolean | string | readonly string[];

export interface RuleSetting {
  /** Replaces the rule's own levels, those of its kinds too. */
  readonly level?: Level | undefined;
  /** Levels for single kinds of the rule; they win over `level`. */
  readonly kinds?: Readonly<Record<string, Level>> | undefined;
  readonly options?: Readonly<Record<string, OptionValue>> | undefined;
}

export interface Policy {
  readonly rules: Readonly<Record<string, RuleSetting>>;
  readonly exemptions: readonly Exemption[];
  /** Rules or facts without which a verdict is undecided, besides the facts that always are. */
  readonly require: readonly string[];
  /** How many days a release must have been public before it is taken without a look. */
  readonly cooldownDays: number;
}
