/** All that two package trees tell by themselves: no registry, no disk, nothing of a package is run. */
import { SummaryCache } from '../behavior/code-files.ts';
import { type BehaviorFacts, compareInSteps } from '../behavior/compare-behavior.ts';
import type { ChangeFacts, ManifestComparison } from '../model/change.ts';
import type { Fact } from '../model/fact.ts';
import { known } from '../model/fact.ts';
import type { FileComparison } from '../model/file-comparison.ts';
import type { PackageTree } from '../model/package-tree.ts';
import { compareTrees } from '../tarball/compare-trees.ts';
import { readManifest } from '../tarball/read-manifest.ts';
import { analysisPool } from './analysis-pool.ts';
import type { SummaryMemory } from './summary-memory.ts';

export type ContentFacts = Pick<ChangeFacts, 'files' | 'manifests' | 'modules' | 'behaviors'>;

/**
 * @param before Undefined when the package is new and replaces nothing.
 * @param memory What files do is looked up there first, and kept there.
 */
export async function compareContents(
  before: PackageTree | undefined,
  after: PackageTree,
  memory?: SummaryMemory,
): Promise<ContentFacts> {
  const files = compareTrees(before, after);
  const manifests = compareManifests(before, after);
  // Without a package.json nobody knows which file is loaded: no behavior can be given a tier.
  if (!manifests.known) return { files: known(files), manifests, modules: manifests, behaviors: manifests };
  const { modules, behaviors } = await compareOnThreads(files, manifests.value, memory);
  return { files: known(files), manifests, modules: known(modules), behaviors: known(behaviors) };
}

/** Large files are analysed on threads, each time before they are asked for, unless it is remembered what they do. */
async function compareOnThreads(
  files: FileComparison,
  manifests: ManifestComparison,
  memory: SummaryMemory | undefined,
): Promise<BehaviorFacts> {
  const cache = new SummaryCache();
  const remembered = await memory?.begin(cache);
  const steps = compareInSteps(files, manifests, cache);
  for (;;) {
    const step = steps.next();
    if (step.done) {
      await remembered?.keep();
      return step.value;
    }
    await remembered?.recall(step.value.flatMap(({ file, known }) => (known === undefined ? [file] : [])));
    const unread = step.value.filter(({ file, known }) => cache.analyzed(file, known) === undefined);
    await analysisPool.analyze(unread, cache);
  }
}

function compareManifests(before: PackageTree | undefined, after: PackageTree): Fact<ManifestComparison> {
  const newManifest = readManifest(after);
  if (!newManifest.known) return newManifest;
  if (before === undefined) return known({ before: undefined, after: newManifest.value });
  const oldManifest = readManifest(before);
  return oldManifest.known ? known({ before: oldManifest.value, after: newManifest.value }) : oldManifest;
}
