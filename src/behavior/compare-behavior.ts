/** Both versions' behavior side by side: the way into this folder. */
import type {
  Behavior,
  BehaviorComparison,
  BehaviorKind,
  ModuleComparison,
  ParseFailure,
  UnreadCode,
} from '../model/behavior.ts';
import { tierRank } from '../model/behavior.ts';
import type { ManifestComparison } from '../model/change.ts';
import type { FileComparison } from '../model/file-comparison.ts';
import { type PackageFile, textOf } from '../model/package-tree.ts';
import { CodeFiles, SummaryCache } from './code-files.ts';
import { findHookCommands } from './hook-commands.ts';
import { type PackageBehavior, type PackageCode, walkPackage } from './module-graph.ts';
import { signatureOf } from './signature.ts';

export interface BehaviorFacts {
  readonly modules: ModuleComparison;
  readonly behaviors: BehaviorComparison;
}

/**
 * Reads the JavaScript of both versions, each content once, and follows their modules. Never throws on hostile code.
 * @param cache May hold summaries that were made ahead.
 */
export function compareBehavior(
  files: FileComparison,
  manifests: ManifestComparison,
  cache: SummaryCache = new SummaryCache(),
): BehaviorFacts {
  const familiar = findFamiliar(files);
  const after = { manifest: manifests.after, files: new CodeFiles(files.after, cache, familiar) };
  const before =
    files.before === undefined || manifests.before === undefined
      ? undefined
      : { manifest: manifests.before, files: new CodeFiles(files.before, cache, familiar) };
  const walked = walkBoth(before, after);
  return {
    modules: { before: walked.before?.graph, after: walked.after.graph },
    behaviors: {
      added: findAdded(walked),
      parseFailures: findParseFailures(before, after, walked),
      unread: findUnread(before, after),
    },
  };
}

/** The JavaScript that has to be read in full: contents that only one of the versions has, each once. */
export function listUnfamiliarCode(files: FileComparison): readonly PackageFile[] {
  const familiar = findFamiliar(files);
  const unfamiliar = new Map<string, PackageFile>();
  for (const tree of [files.before, files.after]) {
    for (const file of tree?.files.values() ?? []) {
      if (file.format === 'javascript' && !familiar.has(file.digest)) unfamiliar.set(file.digest, file);
    }
  }
  return [...unfamiliar.values()];
}

interface Walked {
  readonly before: PackageBehavior | undefined;
  readonly after: PackageBehavior;
}

function walkBoth(before: PackageCode | undefined, after: PackageCode): Walked {
  const walkAll = (): Walked => ({
    before: before === undefined ? undefined : walk(before),
    after: walk(after),
  });
  let walked = walkAll();
  if (before === undefined) return walked;
  if (analyzeRisen(walked, after.files)) walked = walkAll();
  if (analyzeAlike(findAdded(walked), before.files)) walked = walkAll();
  return walked;
}

function walk(code: PackageCode): PackageBehavior {
  const { graph, behaviors } = walkPackage(code);
  return { graph, behaviors: [...behaviors, ...findHookCommands(graph.hooks, code.files.tree)] };
}

/** Contents that both versions have, wherever they stand. */
function findFamiliar({ before, after }: FileComparison): ReadonlySet<string> {
  if (before === undefined) return new Set();
  const old = new Set([...before.files.values()].map(({ digest }) => digest));
  return new Set([...after.files.values()].map(({ digest }) => digest).filter((digest) => old.has(digest)));
}

/** A familiar file that is run earlier than before, or newly run at all, was perhaps put there to be woken up now. */
function analyzeRisen({ before, after }: Walked, files: CodeFiles): boolean {
  const risen = [...files.outlined()].filter(({ path }) => {
    const [old, now] = [before?.graph.tiers.get(path) ?? 'unreached', after.graph.tiers.get(path) ?? 'unreached'];
    return tierRank[now] > tierRank[old];
  });
  for (const { path } of risen) files.analyzed(path);
  return risen.length > 0;
}

/** What a file that does such a thing nearly always mentions. A file that hides it is no witness that it was done before. */
const hints: Readonly<Record<BehaviorKind, RegExp>> = {
  network: /http|\bnet\b|fetch|XMLHttp|WebSocket|EventSource|\bdns\b|sendBeacon|axios|\bgot\b|request/,
  'child-process': /child_process|exec|spawn|fork/,
  'file-read': /\bfs\b|read/,
  'file-write': /\bfs\b|write|append|copy|rename|output/i,
  'file-delete': /unlink|\brm|rimraf|del|remove|empty/i,
  'dynamic-code': /eval|Function|\bvm\b|_compile|setTimeout|setInterval|\.src\b/,
  output: /console|stdout|stderr|_rawDebug/,
  'endless-loop': /\bfor\b|\bwhile\b|set(?:Immediate|Interval|Timeout)|nextTick/,
  'process-stop': /exit|abort|kill|throw|Date|Atomics/,
  'global-patch': /prototype|global|window|console|process|navigator|defineProperty/,
  'native-code': /binding|dlopen|WebAssembly|node-gyp-build|ffi/,
  'page-change': /alert|open|append|insert|innerHTML|document|location|\bplay\b/,
  'computed-import': /require|import/,
};

/** Before something is called new, the familiar files that may have done it all along are read. */
function analyzeAlike(added: readonly Behavior[], files: CodeFiles): boolean {
  const kinds = new Set(added.filter(isTelling).map(({ kind }) => kind));
  if (kinds.size === 0) return false;
  const witnesses = [...files.outlined()].filter((file) => [...kinds].some((kind) => hints[kind].test(textOf(file))));
  for (const { path } of witnesses) files.analyzed(path);
  return witnesses.length > 0;
}

/** Reading files, and printing or throwing when called, is what nearly every file does: no reason to read all the others. */
function isTelling({ kind, tier, guards }: Behavior): boolean {
  if (tier === 'unreached' || kind === 'file-read') return false;
  return (
    tier !== 'call' || guards.length > 0 || !(kind === 'output' || kind === 'process-stop' || kind === 'global-patch')
  );
}

/** What the new version does and no file of the old one did, at this tier or a stronger one. */
function findAdded({ before, after }: Walked): Behavior[] {
  const known = new Map<string, number>();
  for (const behavior of before?.behaviors ?? []) {
    const signature = signatureOf(behavior);
    known.set(signature, Math.max(known.get(signature) ?? -1, tierRank[behavior.tier]));
  }
  return after.behaviors
    .filter((behavior) => (known.get(signatureOf(behavior)) ?? -1) < tierRank[behavior.tier])
    .sort((a, b) => tierRank[b.tier] - tierRank[a.tier]);
}

function findParseFailures(before: PackageCode | undefined, after: PackageCode, walked: Walked): ParseFailure[] {
  const failures: ParseFailure[] = [];
  for (const path of after.files.paths()) {
    const failure = after.files.summary(path)?.failure;
    if (failure === undefined) continue;
    const old = before?.files.analyzed(path);
    const parsedBefore = old !== undefined && old.failure === undefined;
    const isRun = old === undefined && walked.after.graph.tiers.has(path);
    if (parsedBefore || isRun) failures.push({ path, ...failure });
  }
  return failures;
}

/** A file that could not be read in full before either is no news. */
function findUnread(before: PackageCode | undefined, after: PackageCode): UnreadCode[] {
  const unread: UnreadCode[] = [];
  for (const path of after.files.paths()) {
    const now = after.files.summary(path)?.unread;
    if (now !== undefined && before?.files.analyzed(path)?.unread?.why !== now.why) unread.push({ path, ...now });
  }
  return unread;
}
