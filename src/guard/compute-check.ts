/**
 * A change of a lockfile, judged as a whole: what the lockfile says by itself first, then what the registry says of it,
 * and the tarballs of every changed package. What blocks without the network is answered without it.
 */
import { createHash } from 'node:crypto';
import { judge } from '../engine/judge.ts';
import type { Change } from '../model/change.ts';
import type { CheckVerdict, LockPatch } from '../model/check-verdict.ts';
import type { Verdict } from '../model/verdict.ts';
import { approvePolicy, namePolicy } from './approved-policy.ts';
import { askRegistry, type RegistryAnswers } from './ask-registry.ts';
import { type CheckOptions, type CheckQuestion, isUnchanged } from './check-question.ts';
import { concludeCheck } from './conclude-check.ts';
import { type EntryQuestion, findLockChanges, type LockChanges } from './lock-changes.ts';
import { makePatch } from './make-patch.ts';

/** Of a question that nobody remembers the answer to. */
export async function computeCheck(question: CheckQuestion, given: CheckOptions): Promise<CheckVerdict> {
  const { base } = given;
  const changes = await findChanges(question, given);
  const options = changes.entries.length === 0 ? given : await addApprovals(given);
  const offline = judgeLock(changes.project, changes.entries, options);
  const stopped = offline.result === 'block';
  if (stopped || changes.entries.length === 0) {
    const answers = { lock: offline, releases: new Map(), patch: undefined, base, stopped };
    return concludeCheck(changes, answers, sha256);
  }
  const answers = await askRegistry(changes.entries, question.kept, options);
  const lock = judgeLock(changes.project, answers.entries, options);
  const patch = await patchLock({ question, changes, lock }, answers, options);
  return concludeCheck(
    { ...changes, entries: answers.entries },
    { lock, releases: answers.releases, patch, base, stopped },
    sha256,
  );
}

async function findChanges(question: CheckQuestion, options: CheckOptions): Promise<LockChanges> {
  const registryHosts = isUnchanged(question) ? [] : (await options.openRegistry()).hosts;
  return findLockChanges({ ...question, registryHosts, asOf: options.asOf, digest: sha256 });
}

async function addApprovals(options: CheckOptions): Promise<CheckOptions> {
  if (options.approvals !== undefined) return options;
  const store = await options.openStore();
  return { ...options, approvals: await store.findApprovals(namePolicy(options.policy)) };
}

function judgeLock(project: Change, entries: readonly EntryQuestion[], options: CheckOptions): Verdict {
  const packages = entries.map(({ change: { subject } }) => ({ name: subject.name, version: subject.to }));
  const policy = approvePolicy(options.policy, options.approvals ?? [], packages);
  return judge([project, ...entries.map(({ change }) => change)], { ...options, policy, digest: sha256 });
}

interface Judged {
  readonly question: CheckQuestion;
  readonly changes: LockChanges;
  readonly lock: Verdict;
}

/** The edited lockfile is judged by what the registry said: its tarballs are the base's, or are read when it is taken. */
async function patchLock(
  { question, changes, lock }: Judged,
  { excluded, registry }: RegistryAnswers,
  options: CheckOptions,
): Promise<LockPatch | undefined> {
  const { path, text } = question.after.lockfile;
  const { project } = changes.project.facts;
  if (text === undefined || !project.known) return undefined;
  const rejudge = async (patched: string): Promise<Verdict> => {
    const after = { ...question.after, lockfile: { path, text: patched } };
    const edited = await findChanges({ ...question, after, kept: 'nothing' }, options);
    const answers = await askRegistry(edited.entries, 'nothing', { ...options, tarballs: false });
    return judgeLock(edited.project, answers.entries, options);
  };
  return makePatch({ project: project.value, text, lock, excluded }, { rules: options.rules, registry, rejudge });
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('hex')}`;
}
