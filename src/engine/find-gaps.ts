/** Which facts were not known, and which of those leave the question open. */
import type { Change, FactName } from '../model/change.ts';
import { factStanding } from '../model/change.ts';
import type { Missing } from '../model/fact.ts';
import type { Policy } from '../model/policy.ts';
import type { Gap } from '../model/verdict.ts';
import type { Rule } from '../rule.ts';
import { isComparison, isInapplicable } from './examine-change.ts';

export function findGaps(change: Change, applicable: readonly Rule[], policy: Policy): readonly Gap[] {
  const read = new Set(applicable.flatMap((rule) => [...rule.needs, ...rule.wants]));
  const demanded = findDemandedFacts(applicable, policy);
  const gaps: Gap[] = [];
  for (const fact of factNames) {
    const state = change.facts[fact];
    // A package that replaces nothing owes only what some rule reads: nobody compares it with an older version of itself.
    const isOwed = read.has(fact) || demanded.has(fact) || (isComparison(change) && factStanding[fact] === 'required');
    if (!state.known && isOwed && !isInapplicable(change, fact))
      gaps.push(describeGap(fact, change.subject.name, state));
  }
  return [...gaps, ...findUnreadDependencies(change)].map((gap) =>
    demanded.has(gap.fact) ? { ...gap, required: true } : gap,
  );
}

const factNames = Object.keys(factStanding).filter((name): name is FactName => Object.hasOwn(factStanding, name));

/** What the policy requires by name, and what the rules that it requires cannot do without. */
function findDemandedFacts(applicable: readonly Rule[], policy: Policy): ReadonlySet<FactName> {
  const required = new Set(policy.require);
  const demanded = new Set(factNames.filter((fact) => required.has(fact)));
  for (const rule of applicable) {
    if (required.has(rule.id)) for (const fact of rule.needs) demanded.add(fact);
  }
  return demanded;
}

function describeGap(fact: FactName, packageName: string, state: Missing): Gap {
  const isRequired = factStanding[fact] === 'required' && state.why !== 'not-consulted';
  return { fact, package: packageName, why: state.why, detail: state.detail, required: isRequired };
}

/**
 * An added dependency is part of the change: one whose tarball could not be had was not looked at.
 * Peers are somebody else's to install, and a source outside the registry is a finding of its own.
 */
function findUnreadDependencies({ facts }: Change): readonly Gap[] {
  if (!facts.addedDependencies.known) return [];
  const gaps: Gap[] = [];
  for (const { name, field, source, release } of facts.addedDependencies.value) {
    if (release.known || field === 'peerDependencies' || source !== 'registry') continue;
    const gap = describeGap('addedDependencies', name, release);
    // npm goes on without an optional dependency that the registry does not have: nothing comes that was not looked at.
    const isLeftOut = field === 'optionalDependencies' && release.why === 'not-found';
    gaps.push(isLeftOut ? { ...gap, required: false } : gap);
  }
  return gaps;
}
