/** The policy under which a package is judged: the team's, and what somebody let pass for this very package. */
import { createHash } from 'node:crypto';
import { identifyPolicy, identifySettings } from '../engine/identify-verdict.ts';
import type { Approval } from '../model/approval.ts';
import type { Policy } from '../model/policy.ts';
import type { Rule } from '../rule.ts';

interface PackageVersion {
  readonly name: string;
  readonly version: string;
}

/** An approval for another package leaves the policy as it is, and with it the verdict's id. */
export function approvePolicy(
  policy: Policy,
  approvals: readonly Approval[],
  packages: readonly PackageVersion[],
): Policy {
  if (approvals.length === 0) return policy;
  const asked = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const given = approvals.filter(({ name, version }) => asked.has(`${name}@${version}`));
  if (given.length === 0) return policy;
  return { ...policy, exemptions: [...policy.exemptions, ...given.map(({ exemption }) => exemption)] };
}

/** Digests of rule set and policy, as verdicts name them. */
export function nameSettings(
  rules: readonly Rule[],
  policy: Policy,
): { readonly rules: string; readonly policy: string } {
  return identifySettings({ rules, policy, digest });
}

/** The policy's alone: that of the rules takes longer. */
export function namePolicy(policy: Policy): string {
  return identifyPolicy(policy, digest);
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('hex')}`;
}
