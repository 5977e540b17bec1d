/** Both versions' behavior side by side: the way into this folder. */
import type { Behavior, BehaviorComparison, ModuleComparison, ParseFailure, UnreadCode } from '../model/behavior.ts';
import { tierRank } from '../model/behavior.ts';
import type { ManifestComparison } from '../model/change.ts';
import type { FileComparison } from '../model/file-comparison.ts';
import type { Manifest } from '../model/manifest.ts';
import { type PackageFile, type PackageTree, textOf } from '../model/package-tree.ts';
import { analyzeFile } from './analyze-file.ts';
import type { FileSummary } from './file-summary.ts';
import { type PackageBehavior, walkPackage } from './module-graph.ts';
import { signatureOf } from './signature.ts';

export interface BehaviorFacts {
  readonly modules: ModuleComparison;
  readonly behaviors: BehaviorComparison;
}

/** Reads the JavaScript of both versions, each content once, and follows their modules. Never throws on hostile code. */
export function compareBehavior(files: FileComparison, manifests: ManifestComparison): BehaviorFacts {
  const summaries = new Map<string, FileSummary>();
  const after = readPackage(files.after, manifests.after, summaries);
  const before =
    files.before === undefined || manifests.before === undefined
      ? undefined
      : readPackage(files.before, manifests.before, summaries);
  return {
    modules: { before: before?.walked.graph, after: after.walked.graph },
    behaviors: {
      added: findAdded(before?.walked.behaviors ?? [], after.walked.behaviors),
      parseFailures: findParseFailures(before, after),
      unread: findUnread(before, after),
    },
  };
}

interface ReadPackage {
  readonly files: ReadonlyMap<string, FileSummary>;
  readonly walked: PackageBehavior;
}

function readPackage(tree: PackageTree, manifest: Manifest, summaries: Map<string, FileSummary>): ReadPackage {
  const files = new Map<string, FileSummary>();
  for (const file of tree.files.values()) {
    if (file.format === 'javascript') files.set(file.path, summaryOf(file, summaries));
  }
  return { files, walked: walkPackage({ manifest, tree, files }) };
}

function summaryOf(file: PackageFile, summaries: Map<string, FileSummary>): FileSummary {
  // The ending takes part: it decides between module and script.
  const key = `${file.digest}${file.path.slice(file.path.lastIndexOf('.'))}`;
  let summary = summaries.get(key);
  if (summary === undefined) {
    summary = analyzeFile(textOf(file), file.path);
    summaries.set(key, summary);
  }
  return summary;
}

/** What the new version does and no file of the old one did, at this tier or a stronger one. */
function findAdded(before: readonly Behavior[], after: readonly Behavior[]): Behavior[] {
  const known = new Map<string, number>();
  for (const behavior of before) {
    const signature = signatureOf(behavior);
    known.set(signature, Math.max(known.get(signature) ?? -1, tierRank[behavior.tier]));
  }
  return after
    .filter((behavior) => (known.get(signatureOf(behavior)) ?? -1) < tierRank[behavior.tier])
    .sort((a, b) => tierRank[b.tier] - tierRank[a.tier]);
}

function findParseFailures(before: ReadPackage | undefined, after: ReadPackage): ParseFailure[] {
  const failures: ParseFailure[] = [];
  for (const [path, { failure }] of after.files) {
    if (failure === undefined) continue;
    const old = before?.files.get(path);
    const parsedBefore = old !== undefined && old.failure === undefined;
    const isRun = old === undefined && after.walked.graph.tiers.has(path);
    if (parsedBefore || isRun) failures.push({ path, ...failure });
  }
  return failures;
}

/** A file that could not be read in full before either is no news. */
function findUnread(before: ReadPackage | undefined, after: ReadPackage): UnreadCode[] {
  const unread: UnreadCode[] = [];
  for (const [path, summary] of after.files) {
    if (summary.unread !== undefined && before?.files.get(path)?.unread?.why !== summary.unread.why) {
      unread.push({ path, ...summary.unread });
    }
  }
  return unread;
}
