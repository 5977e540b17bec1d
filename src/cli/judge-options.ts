/** What every judging command is given: rules, policy, version and the instant of asking. */
import { join } from 'node:path';
import { rules } from '../../rules/index.ts';
import { readPolicy } from '../guard/prepare.ts';
import type { JudgeOptions } from '../guard.ts';
import type { Policy } from '../model/policy.ts';
import type { Conclusion } from '../model/verdict.ts';
import { findFile, loadFile } from './load-file.ts';
import { readOwnVersion } from './version.ts';

export const policyPath = 'sluice.json';
const maxPolicyBytes = 1_000_000;

export function judgeOptions(policy: Policy): JudgeOptions {
  return { rules, policy, engine: readOwnVersion(), asOf: new Date().toISOString() };
}

/** @param given The file that the user named; without it `sluice.json` in the project's folder, where it is. */
export async function loadPolicy(given: string | undefined, folder = ''): Promise<Policy> {
  const path = given ?? join(folder, policyPath);
  if (given === undefined) return parsePolicyText(await findFile(path, 'policy file', maxPolicyBytes), path);
  return parsePolicyText((await loadFile(path, 'policy file', maxPolicyBytes)).toString('utf8'), path);
}

export async function parsePolicyText(text: string | undefined, path: string): Promise<Policy> {
  return readPolicy(text === undefined ? undefined : { text, path }, rules);
}

const exitStatus: Readonly<Record<Conclusion, 0 | 1 | 3>> = { allow: 0, review: 0, block: 1, undecided: 3 };

export function exitStatusOf(result: Conclusion, { strict }: { readonly strict?: boolean }): 0 | 1 | 3 {
  return strict === true && result === 'review' ? 1 : exitStatus[result];
}
