/** The lockfile's verdict and those of its packages → one answer. */
import type { CheckedPackage, CheckVerdict, LockPatch } from '../model/check-verdict.ts';
import type { Conclusion, Verdict } from '../model/verdict.ts';
import type { Releases } from './ask-registry.ts';
import { type EntryQuestion, isFromRegistry, type LockChanges } from './lock-changes.ts';

export interface CheckAnswers {
  readonly lock: Verdict;
  readonly releases: Releases;
  readonly patch: LockPatch | undefined;
  /** The lockfile alone blocks, and nobody else was asked. */
  readonly stopped: boolean;
  /** What it was compared with. */
  readonly base: string | undefined;
}

export function concludeCheck(
  changes: LockChanges,
  { lock, releases, patch, base, stopped }: CheckAnswers,
  digest: (text: string) => string,
): CheckVerdict {
  const verdicts = [lock, ...releases.values()];
  const project = changes.project.facts.project;
  if (!project.known) throw new Error('the project is always known');
  return {
    result: worstOf(verdicts.map(({ result }) => result)),
    id: digest([lock.id, ...[...releases.values()].map(({ id }) => id).toSorted()].join('\n')),
    lockfile: project.value.lockfile,
    project: project.value.after.manifests.get('')?.name,
    base,
    lock,
    packages: changes.entries
      .map((one) => describe(one, releases.get(one.entry), stopped))
      .toSorted((left, right) => rankOf(right, lock) - rankOf(left, lock)),
    stopped,
    removed: changes.removed,
    unchanged: changes.unchanged,
    patch,
  };
}

function describe({ change, entry }: EntryQuestion, release: Verdict | undefined, stopped: boolean): CheckedPackage {
  const { name, from, to } = change.subject;
  const { kind, direct, why, after } = entry;
  const { publishTimes } = change.facts;
  const [first] = after;
  return {
    name,
    from,
    to,
    kind,
    direct,
    why,
    locations: after.map(({ location }) => location),
    line: first?.line ?? 1,
    publishedAt: publishTimes.known ? publishTimes.value.get(to) : undefined,
    release,
    unread: release === undefined ? explainUnread({ change, entry }, stopped) : undefined,
  };
}

/** Undefined where its tarball was to be read, and could not be had. */
function explainUnread({ change, entry }: EntryQuestion, stopped: boolean): CheckedPackage['unread'] {
  if (!entry.after.some(isFromRegistry)) return 'not-from-registry';
  if (stopped) return 'blocked-before';
  const { tarballAnswer } = change.facts;
  const isUnasked = !tarballAnswer.known && tarballAnswer.why === 'not-applicable';
  return entry.kind === 'kept' && isUnasked ? 'unchanged-bytes' : undefined;
}

const resultRank: Readonly<Record<Conclusion, number>> = { allow: 0, review: 1, undecided: 2, block: 3 };

function worstOf(results: readonly Conclusion[]): Conclusion {
  return results.reduce<Conclusion>((worst, one) => (resultRank[one] > resultRank[worst] ? one : worst), 'allow');
}

function rankOf({ name, to, release }: CheckedPackage, lock: Verdict): number {
  const own = lock.findings.filter(({ package: about }) => about.name === name && about.version === to);
  const levels = own.map(({ level, exemption }) =>
    exemption === undefined ? { notice: 0, review: 1, block: 3 }[level] : 0,
  );
  return Math.max(0, ...levels, release === undefined ? 0 : resultRank[release.result]);
}
