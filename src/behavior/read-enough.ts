/** Which files must be read in full before something may be called new: those that may have done it all along. */
import type { Behavior, BehaviorKind, ModuleGraph } from '../model/behavior.ts';
import { tierRank } from '../model/behavior.ts';
import { type PackageFile, textOf } from '../model/package-tree.ts';
import { findWithoutHash } from '../model/without-hash.ts';
import type { CodeFiles } from './code-files.ts';
import { signatureOf, signaturesOfLess } from './signature.ts';

/** One version, as far as it has been walked. */
interface Side {
  readonly graph: ModuleGraph | undefined;
  readonly files: CodeFiles;
}

/**
 * A familiar file that is run earlier than before, or newly run at all, was perhaps put there to be woken up now. What
 * counts is the contents: they may have lain elsewhere.
 */
export function findRisen(before: Side, after: Side): PackageFile[] {
  const ranks = new Map<string, number>();
  for (const { path, digest } of before.files.tree.files.values()) {
    const rank = tierRank[before.graph?.tiers.get(path) ?? 'unreached'];
    ranks.set(digest, Math.max(ranks.get(digest) ?? 0, rank));
  }
  return [...after.files.outlined()].filter(
    ({ path, digest }) => tierRank[after.graph?.tiers.get(path) ?? 'unreached'] > (ranks.get(digest) ?? 0),
  );
}

/** The old versions of the files in which something is done now, and of those on the way there. */
export function findCounterparts(added: readonly Behavior[], before: CodeFiles): PackageFile[] {
  const named = new Set(added.flatMap(({ path, via }) => [path, ...via]).flatMap(namesOf));
  return [...before.outlined()].filter(({ path }) => namesOf(path).some((name) => named.has(name)));
}

/** With and without the hash of a build. */
function namesOf(path: string): readonly string[] {
  const name = findWithoutHash(path);
  return name === undefined ? [path] : [path, name];
}

/**
 * For each thing that is done now, of the files that do it the old versions that cost least to read: what many files do,
 * one of them shows.
 */
export function findLikeliest(added: readonly Behavior[], before: CodeFiles): PackageFile[] {
  const unread = new Map([...before.outlined()].map((file) => [file.path, file]));
  const chosen = new Set<PackageFile>();
  for (const alike of Map.groupBy(added, signatureOf).values()) {
    const ways = alike.map(({ path, via }) => findUnread([path, ...via], unread)).filter((way) => way.length > 0);
    if (ways.some((way) => way.every((file) => chosen.has(file)))) continue;
    const cost = (way: readonly PackageFile[]): number =>
      way.reduce((bytes, file) => (chosen.has(file) ? bytes : bytes + file.bytes.length), 0);
    const [cheapest] = ways.toSorted((a, b) => cost(a) - cost(b));
    for (const file of cheapest ?? []) chosen.add(file);
  }
  return [...chosen];
}

function findUnread(names: readonly string[], unread: ReadonlyMap<string, PackageFile>): PackageFile[] {
  return [...new Set(names)].flatMap((name) => unread.get(name) ?? []);
}

const filesModule = /(?:\(|\bfrom|\bimport)\s*["'`](?:node:)?(?:[\w-]*fs|fs[\w/-]*|rimraf|del|mkdirp)["'`]/;
const requests =
  /["'`](?:node:)?(?:https?|http2|net|tls|dns|dgram)["'`]|fetch|XMLHttp|WebSocket|EventSource|sendBeacon|iframe|inspector|\brepl\b|axios|\bgot\b|["'`][\w@/-]*request/;

/** What a file that does such a thing nearly always mentions, all of it. A file that hides it is no witness that it was done before. */
const hints: Readonly<Record<BehaviorKind, readonly RegExp[]>> = {
  network: [requests],
  disclosure: [new RegExp(`${requests.source}|\\bImage\\b`)],
  'child-process': [/child_process|execa|spawn|shelljs/],
  'file-read': [filesModule],
  'file-write': [filesModule, /write|append|copy|\bcp|rename|link|chmod|truncate|output/i],
  'file-delete': [filesModule, /unlink|\brm|rimraf|remove|emptyDir|["'`]del["'`]/],
  'dynamic-code': [/eval|Function|\bvm\b|_compile|setTimeout|setInterval|\.src\b|Worker/],
  output: [/console|stdout|stderr|_rawDebug/],
  'endless-loop': [/\bfor\b|\bwhile\b|set(?:Immediate|Interval|Timeout)|nextTick|Microtask|Promise/],
  'process-stop': [/exit|abort|kill|throw|Date|Atomics/],
  'global-patch': [/prototype|global|window|console|process|navigator|defineProperty|require|Math|Date/],
  'native-code': [/binding|dlopen|WebAssembly|node-gyp-build|ffi/],
  'page-change': [/alert|open|append|insert|innerHTML|document|location|\bplay\b/],
  'computed-import': [/require|import/],
  'computed-call': [/\[/],
  answer: [/random|Random|Date/],
  'unseen-run': [/eval|Function|\bvm\b|_compile|Worker|child_process|execa|spawn|shelljs/],
};

/** Old files that by their words may have done it, whatever they are called now. Contents that did not change only for what tells. */
export function findWitnesses(
  added: readonly Behavior[],
  before: CodeFiles,
  isFamiliar: (file: PackageFile) => boolean,
): PackageFile[] {
  const all = listHints(added);
  const telling = listHints(added.filter(isTelling));
  return [...before.outlined()].filter((file) => mentions(file, isFamiliar(file) ? telling : all));
}

interface Hint {
  readonly words: readonly RegExp[];
  /** The member that is patched: it goes by its name. */
  readonly member: string;
}

function listHints(behaviors: readonly Behavior[]): readonly Hint[] {
  const found = new Map<string, Hint>();
  for (const { kind, api } of behaviors) {
    const member = kind === 'global-patch' ? api.slice(api.lastIndexOf('.') + 1) : '';
    found.set(`${kind} ${member}`, { words: hints[kind], member });
  }
  return [...found.values()];
}

function mentions(file: PackageFile, wanted: readonly Hint[]): boolean {
  if (wanted.length === 0) return false;
  const text = textOf(file);
  return wanted.some(({ words, member }) => text.includes(member) && words.every((word) => word.test(text)));
}

/** Reading files, and printing or throwing when called, is what nearly every file does: no reason to read all the others. */
function isTelling({ kind, tier, guards }: Behavior): boolean {
  if (tier === 'unreached' || kind === 'file-read') return false;
  return (
    tier !== 'call' || guards.length > 0 || !(kind === 'output' || kind === 'process-stop' || kind === 'global-patch')
  );
}

/** What was done before at a weaker tier: perhaps only because the files that lead there were not read. */
export function findStronger(added: readonly Behavior[], before: readonly Behavior[]): Behavior[] {
  const known = rankBySignature(before);
  return added.filter((behavior) => known.has(signatureOf(behavior)));
}

/** All that changed since, if there is anything to decide. */
export function findAll(
  undecided: readonly Behavior[],
  before: CodeFiles,
  isFamiliar: (file: PackageFile) => boolean,
): PackageFile[] {
  return undecided.length === 0 ? [] : [...before.outlined()].filter((file) => !isFamiliar(file));
}

/** The strongest tier at which each was done. */
export function rankBySignature(behaviors: readonly Behavior[]): ReadonlyMap<string, number> {
  const known = new Map<string, number>();
  for (const behavior of behaviors) {
    for (const signature of signaturesOfLess(behavior))
      known.set(signature, Math.max(known.get(signature) ?? -1, rankOf(behavior)));
  }
  return known;
}

/** Who starts a command line tool asked for what it does: to do the same on import is news. */
export function rankOf({ tier, root }: Behavior): number {
  return tier === 'load' && root === 'bin' ? (tierRank.load + tierRank.call) / 2 : tierRank[tier];
}
