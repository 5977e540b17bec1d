/**
 * The verdict of one host's update, again and again with other files in it. What is the same each time is analysed once;
 * everything else goes the way of `src/guard.ts`, except that no bytes are packed and unpacked, and no registry is asked.
 */
import { createHash } from 'node:crypto';
import manifest from '../../package.json' with { type: 'json' };
import { rules } from '../../rules/index.ts';
import { SummaryCache } from '../../src/behavior/code-files.ts';
import { compareBehavior } from '../../src/behavior/compare-behavior.ts';
import type { KnownModules } from '../../src/behavior/graph/known-modules.ts';
import type { FileSummary } from '../../src/behavior/summary/file-summary.ts';
import { judge } from '../../src/engine/judge.ts';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { findBundled } from '../../src/guard/find-bundled.ts';
import { loadAddedDependencies } from '../../src/guard/load-added-dependencies.ts';
import {
  type ChangeFacts,
  type ManifestComparison,
  type Subject,
  withoutLockFacts,
  withoutReleaseFacts,
} from '../../src/model/change.ts';
import { known } from '../../src/model/fact.ts';
import type { PackageFile, PackageTree } from '../../src/model/package-tree.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { compareTrees } from '../../src/tarball/compare-trees.ts';
import { readManifest } from '../../src/tarball/read-manifest.ts';
import type { Sides } from './mechanism.ts';

export interface Host {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly sides: Sides;
}

export type JudgeSides = (sides: Sides) => Promise<Verdict>;

const asOf = '2026-01-01T00:00:00.000Z';

export function judgeHost({ name, from, to, sides: original }: Host): JudgeSides {
  const known = new KnownSummaries([original.before, original.after]);
  const integrity = { from: undefined, to: undefined };
  const subject: Subject = { name, from, to, integrity, source: 'local' };
  return async (sides) => {
    const facts = await readFacts(sides, subject, known.forOneMutant());
    const change = { subject, asOf, facts };
    return judge([change], { rules, policy: defaultPolicy, engine: manifest.version, digest: sha256 });
  };
}

async function readFacts(sides: Sides, { name, to }: Subject, cache: SummaryCache): Promise<ChangeFacts> {
  const files = compareTrees(sides.before, sides.after);
  const [before, after] = [readManifest(sides.before), readManifest(sides.after)];
  if (!before.known || !after.known) throw new Error(`${name} lost its package.json on the way.`);
  const manifests: ManifestComparison = { before: before.value, after: after.value };
  const { modules, behaviors } = compareBehavior(files, manifests, cache);
  const bundled = findBundled(sides.after, manifests.after);
  const contents = {
    files: known(files),
    manifests: known(manifests),
    modules: known(modules),
    behaviors: known(behaviors),
  };
  const subject = { name, version: to, manifests, bundled, contents };
  const added = await loadAddedDependencies(subject, { registry: undefined, asOf });
  return {
    ...withoutLockFacts,
    ...withoutReleaseFacts,
    ...contents,
    addedDependencies: known(added.dependencies),
  };
}

/** Summaries of the host's own files, made when first asked for. */
class KnownSummaries {
  readonly #digests: ReadonlySet<string>;
  readonly #summaries = new Map<string, FileSummary>();
  readonly #outlines = new SummaryCache();

  constructor(trees: readonly PackageTree[]) {
    this.#digests = new Set(trees.flatMap((tree) => [...tree.files.values()].map(({ digest }) => digest)));
  }

  /** It seems empty at first, as every update's does: which files are read in full depends on that. */
  forOneMutant(): SummaryCache {
    return new MutantSummaries(
      (file, analyze) => this.#recall(file, analyze),
      (file) => this.#outlines.outline(file),
    );
  }

  #recall(file: PackageFile, analyze: () => FileSummary): FileSummary {
    if (!this.#digests.has(file.digest)) return analyze();
    const key = `${file.path} ${file.digest}`;
    const summary = this.#summaries.get(key) ?? analyze();
    this.#summaries.set(key, summary);
    return summary;
  }
}

type Recall = (file: PackageFile, analyze: () => FileSummary) => FileSummary;

class MutantSummaries extends SummaryCache {
  readonly #recall: Recall;
  readonly #outline: (file: PackageFile) => FileSummary;

  constructor(recall: Recall, outline: (file: PackageFile) => FileSummary) {
    super();
    this.#recall = recall;
    this.#outline = outline;
  }

  override analyze(file: PackageFile, known?: KnownModules): FileSummary {
    if (known !== undefined) return super.analyze(file, known);
    const summary = super.analyzed(file) ?? this.#recall(file, () => super.analyze(file));
    this.put(summary, file);
    return summary;
  }

  override outline(file: PackageFile): FileSummary {
    return this.#outline(file);
  }
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('hex')}`;
}
