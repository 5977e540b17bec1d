/**
 * The whole answer of a check, where the same was asked a moment ago and nothing that decides it is different: in a shell, in
 * a hook after a check by hand. What is remembered of single packages lasts longer (`verdict-memory.ts`).
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { CheckStore } from '../model/fact-store.ts';
import type { Registry } from '../registry/registry.ts';
import { namePolicy } from './approved-policy.ts';
import type { CheckOptions, CheckQuestion } from './check-question.ts';
import { nameAnalysis } from './name-analysis.ts';
import { nameLibraries } from './name-libraries.ts';
import type { ProjectFiles } from './project-files.ts';
import { isLasting } from './verdict-memory.ts';

/** As long as npm's registry lets a packument stand. */
const maxAgeMs = 300_000;
/** Packed; a larger one is not asked for in passing. */
const maxAnswerBytes = 4_000_000;

/** A question about advisories, which is asked again before an answer is taken: they come without a new version. */
interface AskedAdvisories {
  readonly packages: readonly (readonly [name: string, versions: readonly string[]])[];
  /** Digest of what was answered. */
  readonly answer: string;
}

interface Remembered {
  readonly check: CheckVerdict;
  readonly advisories: readonly AskedAdvisories[];
}

/** @param compute Given the options with what has been read of them by now. */
export async function checkRemembered(
  question: CheckQuestion,
  given: CheckOptions,
  compute: (options: CheckOptions) => Promise<CheckVerdict>,
): Promise<CheckVerdict> {
  const { checks, findApprovals } = await given.openStore();
  if (checks === undefined) return compute(given);
  const registry = await given.openRegistry();
  const approvals = given.approvals ?? (await findApprovals(namePolicy(given.policy)));
  const options = { ...given, approvals };
  const key = nameCheck(question, options, registry);
  if (key === undefined) return compute(options);
  const remembered = await findRecent(checks, key, options.asOf);
  if (remembered !== undefined && (await hasSameAdvisories(remembered, registry))) return remembered.check;
  const advisories: AskedAdvisories[] = [];
  const check = await compute({ ...options, openRegistry: async () => noteAdvisories(registry, advisories) });
  if (doesLast(check)) await keep(checks, key, { check, advisories });
  return check;
}

/** Undefined where no answer may be taken from before: this program was changed, or the registry is to be asked each time. */
function nameCheck(
  { before, after, kept }: CheckQuestion,
  { rules, policy, engine, approvals, base, tarballs, limits }: CheckOptions,
  { configuration }: Registry,
): string | undefined {
  const [program, libraries] = [nameAnalysis(), nameLibraries()];
  if (program === undefined || libraries === undefined || configuration === undefined) return undefined;
  // What rules do is named by the program.
  const ids = rules.map(({ id, level }) => [id, level]);
  const settings = [program, libraries, engine, ids, configuration, base, kept, tarballs, limits];
  const digest = createHash('sha256').update(JSON.stringify([settings, policy, approvals]));
  for (const text of [...listTexts(before), ...listTexts(after)]) digest.update(`\n${text?.length}\n${text}`);
  return digest.digest('hex');
}

function listTexts(project: ProjectFiles | undefined): readonly (string | undefined)[] {
  if (project === undefined) return [undefined];
  const { lockfile, files } = project;
  return [lockfile.path, lockfile.text, String(files.size), ...[...files].flat()];
}

async function findRecent(checks: CheckStore, key: string, now: string): Promise<Remembered | undefined> {
  const found = await checks.find(key);
  if (found === undefined) return undefined;
  const ageMs = Date.parse(now) - Date.parse(found.asOf);
  // Exemptions end with a day.
  if (!(ageMs >= 0 && ageMs < maxAgeMs) || dayOf(found.asOf) !== dayOf(now)) return undefined;
  const text = inflateRawSync(found.answer).toString('utf8');
  // Safe: the store's checksum says that `keep` wrote this under this key.
  return JSON.parse(text) as Remembered;
}

async function hasSameAdvisories({ advisories }: Remembered, registry: Registry): Promise<boolean> {
  for (const { packages, answer } of advisories) {
    if (digestOf(await registry.loadAdvisories(new Map(packages))) !== answer) return false;
  }
  return true;
}

function noteAdvisories(registry: Registry, noted: AskedAdvisories[]): Registry {
  return {
    ...registry,
    loadAdvisories: async (packages) => {
      const advisories = await registry.loadAdvisories(packages);
      noted.push({ packages: [...packages], answer: digestOf(advisories) });
      return advisories;
    },
  };
}

/** Why there are none is told in other words when npm's cache holds the answer. */
function digestOf(advisories: Awaited<ReturnType<Registry['loadAdvisories']>>): string {
  const told = [...advisories].map(([name, fact]) => [name, fact.known, fact.known ? fact.value : fact.why]);
  return createHash('sha256').update(JSON.stringify(told)).digest('hex');
}

/** What could not be had a moment ago may be had now. */
function doesLast({ lock, packages }: CheckVerdict): boolean {
  return isLasting(lock) && packages.every(({ release }) => release === undefined || isLasting(release));
}

async function keep(checks: CheckStore, key: string, remembered: Remembered): Promise<void> {
  const { asOf } = remembered.check.lock;
  const answer = deflateRawSync(JSON.stringify(remembered), { level: 1 });
  if (answer.length > maxAnswerBytes) return;
  const forgetBefore = new Date(Date.parse(asOf) - maxAgeMs).toISOString();
  await checks.save(key, { check: { asOf, answer }, forgetBefore });
}

function dayOf(instant: string): string {
  return instant.slice(0, 'YYYY-MM-DD'.length);
}
