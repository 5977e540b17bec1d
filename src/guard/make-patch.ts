/** The smallest edit of a lockfile that removes its selection findings, proved by judging the edited lockfile again. */
import type { LockPatch } from '../model/check-verdict.ts';
import { type Finding, levelRank } from '../model/finding.ts';
import type { ProjectChange, PublishedRelease } from '../model/lock-change.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Registry } from '../registry/registry.ts';
import type { Rule } from '../rule.ts';
import { isNamedAnew } from '../select/is-asked.ts';
import { patchLockfile } from '../select/patch-lockfile.ts';
import { type PatchPlan, planPatch } from '../select/plan-patch.ts';
import { renderUnifiedDiff } from '../select/render-unified-diff.ts';

export interface PatchQuestion {
  readonly project: ProjectChange;
  /** The lockfile as it is. */
  readonly text: string;
  readonly lock: Verdict;
  /** By package: versions that nothing may be moved to. */
  readonly excluded: ReadonlyMap<string, ReadonlySet<string>>;
}

export interface PatchTools {
  readonly rules: readonly Rule[];
  readonly registry: Registry;
  /** The lockfile's verdict, were this its text. */
  readonly rejudge: (text: string) => Promise<Verdict>;
}

/** Releases are asked for as the plan grows; a chain of dependents that is longer than this is left to a person. */
const maxPlans = 20;

/** Undefined when no selection rule has anything to say. */
export async function makePatch(question: PatchQuestion, tools: PatchTools): Promise<LockPatch | undefined> {
  const { tree } = question.project.after;
  const wishes = findSelectionFindings(question.lock, tools.rules);
  if (tree === undefined || wishes.length === 0) return undefined;
  const plan = await growPlan(wishes, question, tools.registry);
  const { text, missing } = patchLockfile({ tree, text: question.text, takes: plan.takes });
  const unplaced = missing.map(
    ({ name, spec, by }) =>
      `${by.name}@${by.version} asks for ${name}@${spec}, which the tree does not have: npm has to place it.`,
  );
  const left = [...plan.left, ...unplaced];
  const remaining = text === question.text ? [] : findSelectionFindings(await tools.rejudge(text), tools.rules);
  const told = new Set(left.map((sentence) => sentence.split(':')[0]));
  const stubborn = remaining
    .map(({ package: { name, version }, rule }) => ({ key: `${name}@${version}`, rule }))
    .filter(({ key }) => !told.has(key))
    .map(({ key, rule }) => `${key}: ${rule} still speaks after the edit.`);
  return {
    text,
    diff: renderUnifiedDiff(question.text, text, question.project.lockfile),
    takes: plan.takes.map(({ name, from, version }) => ({ name, from, to: version })),
    needsNpm: missing.length > 0,
    left: [...new Set([...left, ...stubborn])],
  };
}

/** What counts, and asks for another version. */
function findSelectionFindings(lock: Verdict, rules: readonly Rule[]): readonly Finding[] {
  const selecting = new Set(rules.filter(({ family }) => family === 'select').map(({ id }) => id));
  return lock.findings.filter(
    ({ rule, exemption, level, target }) =>
      selecting.has(rule) && exemption === undefined && (levelRank[level] >= levelRank.review || target !== undefined),
  );
}

async function growPlan(wishes: readonly Finding[], question: PatchQuestion, registry: Registry): Promise<PatchPlan> {
  const { project, excluded } = question;
  const { tree } = project.after;
  if (tree === undefined) throw new Error('a project without a lockfile has nothing to patch');
  const releases = new Map<string, PublishedRelease | 'absent'>();
  const base = baseVersionsOf(project);
  const none: ReadonlySet<string> = new Set();
  for (let round = 0; ; round += 1) {
    const plan = planPatch(wishes, {
      tree,
      baseVersions: (name) => base.get(name) ?? [],
      findRelease: (name, version) => releases.get(`${name}@${version}`),
      excluded: (name) => excluded.get(name) ?? none,
      isNamed: (name) => isNamedAnew(name, project),
    });
    const news = plan.needs.filter(({ name, version }) => !releases.has(`${name}@${version}`));
    if (news.length === 0 || round >= maxPlans) return plan;
    await Promise.all(
      news.map(async ({ name, version }) => {
        const packument = await registry.loadPackument(name, { containing: [version] });
        releases.set(
          `${name}@${version}`,
          (packument.known ? packument.value.findRelease(version) : undefined) ?? 'absent',
        );
      }),
    );
  }
}

function baseVersionsOf({ before }: ProjectChange): ReadonlyMap<string, readonly string[]> {
  const versions = new Map<string, Set<string>>();
  for (const { name, version, source } of before?.tree?.nodes.values() ?? []) {
    if (source !== 'registry' || version === undefined) continue;
    versions.set(name, (versions.get(name) ?? new Set()).add(version));
  }
  return new Map([...versions].map(([name, all]) => [name, [...all]]));
}

/** The lines that differ, as `diff -u` writes them. */
export { renderUnifiedDiff };
