/** Everything that the registry is asked about a lockfile's change: facts for the rules, and a verdict on each tarball. */
import { GuardError } from '../errors.ts';
import { judgePair, type PairOptions } from '../guard.ts';
import { type Fact, known, missing } from '../model/fact.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { TarballAnswer } from '../model/lock-change.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Registry } from '../registry/registry.ts';
import { loadAdvisories, loadRegistryWord } from './load-lock-facts.ts';
import { type EntryQuestion, isFromRegistry, type LockQuestion } from './lock-changes.ts';
import { createSummaryMemory } from './summary-memory.ts';
import { VerdictMemory } from './verdict-memory.ts';

/** Release verdicts by the entry they are about. */
export type Releases = ReadonlyMap<EntryQuestion['entry'], Verdict>;

export interface RegistryAnswers {
  /** With all the facts that the registry gave. */
  readonly entries: readonly EntryQuestion[];
  readonly releases: Releases;
  /** By package: versions that nothing may be moved to. */
  readonly excluded: ReadonlyMap<string, ReadonlySet<string>>;
  readonly registry: Registry;
}

export interface AskOptions extends Omit<PairOptions, 'registry'> {
  /** Opened only where something is asked of it. */
  readonly openRegistry: () => Promise<Registry>;
  readonly openStore: () => Promise<FactStore>;
  /** Told whenever one more package was read. */
  readonly onProgress?: (read: number, all: number) => void;
  /** False: only what the registry says is asked, no tarball is read. */
  readonly tarballs?: boolean;
}

export async function askRegistry(
  questions: readonly EntryQuestion[],
  kept: LockQuestion['kept'],
  options: AskOptions,
): Promise<RegistryAnswers> {
  const served = questions.filter(({ entry }) => entry.after.some(isFromRegistry));
  const { asOf, policy } = options;
  const [registry, store] = await Promise.all([options.openRegistry(), options.openStore()]);
  const context = { ...options, registry, memory: createSummaryMemory(store, options) };
  const verdicts = new VerdictMemory(store, context);
  const advisories = await loadAdvisories(served, registry);
  const releases = new Map<EntryQuestion['entry'], Verdict>();
  const excluded = new Map<string, ReadonlySet<string>>();
  const reads = ({ kind }: EntryQuestion['entry']): boolean =>
    options.tarballs !== false && (kind !== 'kept' || kept === 'tarballs');
  let read = 0;
  const answered = await mapInTurn(questions, async (question): Promise<EntryQuestion> => {
    if (!served.includes(question)) return question;
    const [word, release] = await Promise.all([
      loadRegistryWord(question, advisories, { registry, asOf, cooldownDays: policy.cooldownDays }),
      reads(question.entry) ? judgeRelease(question, verdicts, context) : unread,
    ]);
    if (release.known) releases.set(question.entry, release.value);
    excluded.set(question.change.subject.name, word.excluded);
    read += 1;
    options.onProgress?.(read, served.length);
    const tarballAnswer = release.known ? known(answerOf(release.value)) : release;
    return {
      ...question,
      change: { ...question.change, facts: { ...question.change.facts, ...word.facts, tarballAnswer } },
    };
  });
  return { entries: answered, releases, excluded, registry };
}

const unread = missing('not-applicable', 'The tarball is the one that the base has, and was not read again.');

/** So many packages are read at the same time: more would only hold more tarballs in memory. */
const maxAtOnce = 6;

async function mapInTurn<T, R>(values: readonly T[], work: (value: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(values.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < values.length; at = next++) {
      const value = values[at];
      if (value !== undefined) results[at] = await work(value);
    }
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, values.length) }, worker));
  return results;
}

/** A version that the registry does not have is a fact about the lockfile, not a slip of the person who asks. */
async function judgeRelease(
  { change, entry }: EntryQuestion,
  verdicts: VerdictMemory,
  options: PairOptions,
): Promise<Fact<Verdict>> {
  const { name, from, to, integrity } = change.subject;
  const pair =
    entry.kind === 'kept'
      ? { name, from: undefined, to, integrity: { to: integrity.to } }
      : { name, from, to, integrity };
  try {
    return known(await verdicts.find(pair, () => judgePair(pair, options)));
  } catch (error) {
    if (!(error instanceof GuardError) || !absences.has(error.code)) throw error;
    return missing('not-found', error.message);
  }
}

const absences: ReadonlySet<GuardError['code']> = new Set(['package-unknown', 'version-unknown']);

function answerOf({ result, findings }: Verdict): TarballAnswer {
  const counting = findings.filter(({ level, exemption }) => level !== 'notice' && exemption === undefined);
  const rules = [...new Set(counting.map(({ rule }) => rule))];
  return { result, rules, addsInstallScript: findings.some(({ rule }) => rule === 'install-script-added') };
}
