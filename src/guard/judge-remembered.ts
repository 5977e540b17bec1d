/** One package's update, by versions of a registry: remembered where the same tarballs were judged before. */
import { type JudgeOptions, judgePair, type Pair } from '../guard.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Registry } from '../registry/registry.ts';
import { namePolicy } from './approved-policy.ts';
import { createSummaryMemory } from './summary-memory.ts';
import { VerdictMemory } from './verdict-memory.ts';

export interface RememberedOptions extends JudgeOptions {
  readonly registry: Registry;
  readonly store: FactStore;
}

export async function judgeRemembered(pair: Pair, { store, ...given }: RememberedOptions): Promise<Verdict> {
  const approvals = await store.findApprovals(namePolicy(given.policy));
  const options = { ...given, approvals, memory: createSummaryMemory(store, given) };
  const verdicts = new VerdictMemory(store, options);
  const named = await nameDigests(pair, options.registry);
  return verdicts.find(named, () => judgePair(pair, options));
}

/** The digests that the registry names, for the memory only: whether the tarballs have them is for the judge to say. */
async function nameDigests(pair: Pair, registry: Registry): Promise<Pair> {
  const { name, from, to, integrity } = pair;
  const packument = await registry.loadPackument(name, { containing: from === undefined ? [to] : [from, to] });
  if (!packument.known) return pair;
  const { findDist } = packument.value;
  const digestOf = (version: string): string | undefined => {
    const claim = findDist(version)?.claims.find(({ algorithm }) => algorithm === 'sha512');
    return claim?.digests.length === 1 ? `sha512-${claim.digests[0]}` : undefined;
  };
  return {
    ...pair,
    integrity: {
      from: integrity?.from ?? (from === undefined ? undefined : digestOf(from)),
      to: integrity?.to ?? digestOf(to),
    },
  };
}
