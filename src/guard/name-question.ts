/** One name for equal questions about a package's update, before a byte of it was read. */
import { createHash } from 'node:crypto';
import type { Pair } from '../guard.ts';

export interface QuestionSettings {
  /** Address of the registry that the package comes from: the same name may mean something else at another. */
  readonly registry: string;
  /** Digests, as verdicts name them. */
  readonly rules: string;
  readonly policy: string;
  /** Sluice's version. */
  readonly engine: string;
}

export function nameQuestion(
  { name, from, to, integrity }: Pair,
  { registry, rules, policy, engine }: QuestionSettings,
): string {
  const subject = [name, from ?? null, to, integrity?.from ?? null, integrity?.to ?? null];
  return createHash('sha256')
    .update(JSON.stringify([...subject, registry, rules, policy, engine]))
    .digest('hex');
}
