/** The verdicts of all mutants of one host. */
import { levelRank } from '../../src/model/finding.ts';
import type { Conclusion, Verdict } from '../../src/model/verdict.ts';
import { type Host, judgeHost } from './judge-host.ts';
import type { Mechanism } from './mechanism.ts';
import { type Mutant, type MutantName, planMutants, type Wishes } from './plan-mutants.ts';

export interface Outcome extends MutantName {
  /** `name@version`. */
  readonly host: string;
  /** `broken`: the mutant is no JavaScript any more, which says nothing about the analysis. */
  readonly result: Conclusion | 'broken';
  /** What was found at review or above: rule, kind and level. */
  readonly findings: readonly string[];
  /** Rules that failed. */
  readonly failures: readonly string[];
}

/** @param watch Sees each mutant with its verdict. */
export async function runHost(
  host: Host,
  { mechanisms, wishes }: { readonly mechanisms: readonly Mechanism[]; readonly wishes: Wishes },
  watch: (mutant: Mutant, verdict: Verdict) => void = () => {},
): Promise<readonly Outcome[]> {
  const judge = judgeHost(host);
  const outcomes: Outcome[] = [];
  for (const mutant of planMutants(host, mechanisms, wishes)) {
    const verdict = await judge(mutant.sides);
    const { code: _code, sides: _sides, ...name } = mutant;
    outcomes.push({
      ...name,
      host: `${host.name}@${host.to}`,
      result: isBroken(mutant, verdict) ? 'broken' : verdict.result,
      findings: listFindings(verdict),
      failures: listFailures(verdict),
    });
    watch(mutant, verdict);
  }
  return outcomes;
}

function isBroken({ code }: Mutant, { findings }: Verdict): boolean {
  return code !== undefined && findings.some(({ rule }) => rule === 'parse-failed');
}

function listFindings({ findings }: Verdict): readonly string[] {
  const seen = findings.filter(({ level }) => levelRank[level] >= levelRank.review);
  return [...new Set(seen.map(({ rule, kind, level }) => `${level} ${kind === undefined ? rule : `${rule}/${kind}`}`))];
}

function listFailures({ coverage }: Verdict): readonly string[] {
  return coverage.unchecked.flatMap(({ rule, failure }) => (failure === undefined ? [] : `${rule}: ${failure}`));
}
