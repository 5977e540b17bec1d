/** Both versions' behavior side by side: the way into this folder. */
import type {
  Behavior,
  BehaviorComparison,
  ModuleComparison,
  ModuleGraph,
  ParseFailure,
  UnreadCode,
} from '../model/behavior.ts';
import { tierRank } from '../model/behavior.ts';
import type { ManifestComparison } from '../model/change.ts';
import type { FileComparison } from '../model/file-comparison.ts';
import { type PackageFile, type PackageTree, textOf } from '../model/package-tree.ts';
import { CodeFiles, computesName, type Reading, SummaryCache } from './code-files.ts';
import { isDevelopmentFile } from './graph/development-file.ts';
import { type PackageBehavior, type PackageCode, walkPackage } from './graph/module-graph.ts';
import { placeNewPaths } from './graph/tier-of.ts';
import { mayMatter } from './may-matter.ts';
import {
  findAll,
  findCounterparts,
  findLikeliest,
  findRisen,
  findStronger,
  findWitnesses,
  rankBySignature,
  rankOf,
} from './read-enough.ts';
import { signaturesOfKnown } from './signature.ts';

export interface BehaviorFacts {
  readonly modules: ModuleComparison;
  readonly behaviors: BehaviorComparison;
}

/**
 * Reads the JavaScript of both versions as far as is needed, each content once, and follows their modules.
 * Never throws on hostile code.
 */
export function compareBehavior(
  files: FileComparison,
  manifests: ManifestComparison,
  cache: SummaryCache = new SummaryCache(),
): BehaviorFacts {
  const steps = compareInSteps(files, manifests, cache);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same, telling before each step which files will be read in full: who can analyse them faster puts their summaries
 * into the cache.
 */
export function* compareInSteps(
  files: FileComparison,
  manifests: ManifestComparison,
  cache: SummaryCache,
): Generator<readonly Reading[], BehaviorFacts> {
  const familiar = findFamiliar(files);
  const isFamiliar = ({ digest }: PackageFile): boolean => familiar.has(digest);
  const after = { manifest: manifests.after, files: new CodeFiles(files.after, cache) };
  const before =
    files.before === undefined || manifests.before === undefined
      ? undefined
      : { manifest: manifests.before, files: new CodeFiles(files.before, cache) };
  const now = yield* walkByName(after, files.before, isFamiliar);
  const walked = before === undefined ? { before, after: now } : yield* walkBoth(before, { after, now }, isFamiliar);
  return {
    modules: { before: walked.before?.graph, after: walked.after.graph },
    behaviors: {
      added: findAdded(walked),
      knownKinds: new Set(walked.before?.behaviors.map(({ kind }) => kind)),
      knownInInstall: new Set(
        walked.before?.behaviors.filter(({ tier }) => tier === 'install').map(({ kind }) => kind),
      ),
      parseFailures: findParseFailures(before, after, walked),
      unread: findUnread(before, after, walked.after.graph),
    },
  };
}

interface Walked {
  readonly before: PackageBehavior | undefined;
  readonly after: PackageBehavior;
}

/** One counterpart nearly always shows what its fellows would show again. */
const likelyRounds = 2;
/** More rounds than this happen only where each file read leads to the next: then all are read. */
const maxRounds = 4;

/** Reads what is new as far as anything leads into it: what nothing runs is never told. */
function* walkAfter(
  after: PackageCode,
  isFamiliar: (file: PackageFile) => boolean,
): Generator<readonly Reading[], PackageBehavior> {
  let walked = walkPackage(after);
  for (let round = 1; ; round += 1) {
    const { tiers } = walked.graph;
    const reached = [...after.files.outlined()].filter(
      (file) => !isFamiliar(file) && (tiers.has(file.path) || round > maxRounds),
    );
    if (reached.length === 0) return walked;
    yield* readInFull(reached, after.files);
    walked = walkPackage(after);
  }
}

/** Where a new file has no other way in, what both versions have may load it by a name that it puts together. */
function* walkByName(
  after: PackageCode,
  old: PackageTree | undefined,
  isFamiliar: (file: PackageFile) => boolean,
): Generator<readonly Reading[], PackageBehavior> {
  const walked = yield* walkAfter(after, isFamiliar);
  if (old === undefined) return walked;
  if (!walked.unnamed.some((path) => !old.files.has(path) && !isDevelopmentFile(path))) return walked;
  const loaders = [...after.files.outlined()].filter(
    (file) => walked.graph.tiers.has(file.path) && computesName.test(textOf(file)),
  );
  if (loaders.length === 0) return walked;
  yield* readInFull(loaders, after.files);
  return yield* walkAfter(after, isFamiliar);
}

function* walkBoth(
  before: PackageCode,
  { after, now }: { readonly after: PackageCode; readonly now: PackageBehavior },
  isFamiliar: (file: PackageFile) => boolean,
): Generator<readonly Reading[], Walked> {
  const { files } = before.files.tree;
  let walked: Walked = { before: walkPackage(before), after: unnamedYet(now, files) };
  const risen = findRisen(
    { graph: walked.before?.graph, files: before.files },
    { graph: walked.after.graph, files: after.files },
  );
  if (risen.length > 0) {
    yield* readInFull(risen, after.files);
    walked = {
      before: walkPackage(before),
      after: unnamedYet(yield* walkByName(after, before.files.tree, isFamiliar), files),
    };
  }
  const likeliest = (added: readonly Behavior[]): PackageFile[] => findLikeliest(added, before.files);
  const counterparts = (added: readonly Behavior[]): PackageFile[] => findCounterparts(added, before.files);
  const choices: readonly ((added: readonly Behavior[]) => readonly PackageFile[])[] = [
    ...Array.from({ length: likelyRounds }, () => likeliest),
    ...Array.from({ length: maxRounds }, () => counterparts),
    (added) => findWitnesses(added, before.files, isFamiliar),
    (added) => findAll(findStronger(added, walked.before?.behaviors ?? []), before.files, isFamiliar),
  ];
  for (const choose of choices) {
    const chosen = choose(findAdded(walked));
    if (chosen.length === 0) continue;
    yield* readInFull(chosen, before.files);
    walked = { before: walkPackage(before), after: walked.after };
  }
  return walked;
}

function unnamedYet(after: PackageBehavior, old: ReadonlyMap<string, PackageFile>): PackageBehavior {
  return { ...after, behaviors: placeNewPaths(after.behaviors, old) };
}

function* readInFull(chosen: readonly PackageFile[], files: CodeFiles): Generator<readonly Reading[], void> {
  yield chosen.map((file) => ({ file }));
  const asking = files.listAsking(chosen);
  if (asking.length > 0) yield asking;
  for (const { path } of chosen) files.analyzed(path);
}

/** Contents that both versions have, wherever they stand. */
function findFamiliar({ before, after }: FileComparison): ReadonlySet<string> {
  if (before === undefined) return new Set();
  const old = new Set([...before.files.values()].map(({ digest }) => digest));
  return new Set([...after.files.values()].map(({ digest }) => digest).filter((digest) => old.has(digest)));
}

/** What the new version does and no file of the old one did, at this tier or a stronger one. */
function findAdded({ before, after }: Walked): Behavior[] {
  const known = rankBySignature(before?.behaviors ?? []);
  return after.behaviors
    .filter((behavior) => mayMatter(behavior) && !isKnown(behavior, known))
    .sort((a, b) => tierRank[b.tier] - tierRank[a.tier]);
}

/**
 * Done before, at this tier or a stronger one. A call of users counts for what is done on loading only if the right one of
 * several functions of a name is meant; what was certainly done before counts where only a guess is new.
 */
function isKnown(behavior: Behavior, known: ReadonlyMap<string, number>): boolean {
  const rank = behavior.doubtful ? tierRank.call : rankOf(behavior);
  const has = (signature: string): boolean => (known.get(signature) ?? -1) >= rank;
  return signaturesOfKnown(behavior).some(has);
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
function findUnread(before: PackageCode | undefined, after: PackageCode, { tiers }: ModuleGraph): UnreadCode[] {
  const unread: UnreadCode[] = [];
  for (const path of new Set([...after.files.paths(), ...tiers.keys()])) {
    const now = after.files.summary(path)?.unread;
    const old = before?.files.tree.files.get(path);
    if (now === undefined || old?.digest === after.files.tree.files.get(path)?.digest) continue;
    if (before?.files.analyzed(path)?.unread?.why !== now.why) unread.push({ path, ...now });
  }
  return unread;
}
