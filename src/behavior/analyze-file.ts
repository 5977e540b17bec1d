/** One JavaScript file's text → what each of its functions does. The same text always gives the same summary. */

import { BundleTables } from './calls/bundle-table.ts';
import { CarriedFinder } from './calls/carried.ts';
import { DisclosureReader } from './calls/disclosure-reader.ts';
import { summarizeExports } from './calls/exports.ts';
import { listHanded } from './calls/handed-on.ts';
import { isGiven, turnsLists } from './calls/hidden-call.ts';
import { readMailCopies } from './calls/mail-copies.ts';
import { PageScriptReader } from './calls/page-scripts.ts';
import { PatchReader } from './calls/patched-globals.ts';
import { CallReader } from './calls/read-call.ts';
import { readHiddenCalls } from './calls/read-hidden-calls.ts';
import { GuessedMethods } from './flows/guessed-method.ts';
import { linkCalls } from './flows/link-calls.ts';
import { Relevance } from './flows/relevance.ts';
import { describeAnswer, readAnswers, readExportsForSome } from './guards/answers.ts';
import { readDaysOfYear } from './guards/days-of-year.ts';
import { GuardFinder } from './guards/guards.ts';
import { isBusyWait } from './loops/busy-wait.ts';
import { findEndlessDrain, findEndlessReason } from './loops/loops.ts';
import { SelfSchedulingFinder } from './loops/self-scheduling.ts';
import { hidesWrites } from './outside/known-names.ts';
import { writesPage } from './outside/page-changes.ts';
import type { KnownModule } from './rehearsal/held.ts';
import { Rehearsal } from './rehearsal/rehearse.ts';
import type { FileSummary } from './summary/file-summary.ts';
import { SummaryDraft } from './summary/summary-draft.ts';
import { collectSites } from './syntax/collect.ts';
import { parseProgram } from './syntax/parse-program.ts';
import type { Binding, DrainSite, FileSites, Fn, LoopSite, MemberWriteSite, Node, Scope } from './syntax/scope.ts';
import { propertyName } from './syntax/syntax.ts';
import { Evaluator } from './values/evaluate.ts';
import { alternatives, referenceNames, type Value } from './values/value.ts';

const noExports: FileSummary['exports'] = { fns: new Map(), names: new Set(), from: [], complete: false };
const stepsPerChar = 2;
const minSteps = 200_000;
/** What a program prints is looked for no further than this. */
const maxShownSteps = 10_000;
const maxNesting = 3;
const minNestedChars = 1_000_000;

/** Never throws on hostile text. */
export function analyzeFile(
  text: string,
  path: string,
  modules: ReadonlyMap<string, KnownModule> = new Map(),
): FileSummary {
  return analyzeText(text, path, { depth: 0, budget: { chars: Math.max(minNestedChars, text.length) }, modules });
}

/** How deep text stands in text that is code, and how much of such text may still be read for the whole file. */
interface Nesting {
  readonly depth: number;
  readonly budget: { chars: number };
  /** What other files of the package hold, by the names that the file gives them. */
  readonly modules: ReadonlyMap<string, KnownModule>;
}

function analyzeText(text: string, path: string, nesting: Nesting): FileSummary {
  const program = parseProgram(text, path);
  if (program.kind === 'failed') return { fns: [], exports: noExports, failure: program.failure, unread: undefined };
  if (program.kind === 'unread') return { fns: [], exports: noExports, failure: undefined, unread: program.unread };
  try {
    const sites = collectSites(program.root);
    return summarizeSites(sites, text, { ...nesting, rehearsal: new Rehearsal(program.root, sites, nesting) });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const unread = { why: 'too-deep', detail: 'nested too deeply to be followed' } as const;
    return { fns: [], exports: noExports, failure: undefined, unread };
  }
}

interface Reading extends Nesting {
  readonly rehearsal: Rehearsal;
}

/** What was hidden and could be acted out is taken for granted in a second reading. */
function summarizeSites(sites: FileSites, text: string, reading: Reading): FileSummary {
  const { rehearsal, budget } = reading;
  const { chars } = budget;
  const found = { sites, text, targets: linkCalls(sites), relevance: new Relevance(sites) };
  if (turnsLists(text, sites.calls)) rehearsal.start(true);
  const asked = new Set<Node>();
  const teaches = (): boolean =>
    rehearsal.isStarted && [...asked].some((node) => rehearsal.valueAt(node) !== undefined);
  const first = readCalls({ ...found, acted: (node) => void asked.add(node) }, reading);
  const summary = teaches() ? undefined : readRest(found, first, reading);
  if (summary !== undefined && !teaches()) return withAsks(summary, rehearsal);
  budget.chars = chars;
  const second = readCalls({ ...found, acted: (node) => rehearsal.valueAt(node) }, reading);
  return withAsks(readRest(found, second, reading), rehearsal);
}

function withAsks(summary: FileSummary, { isStarted, asks }: Rehearsal): FileSummary {
  return isStarted && asks.length > 0 ? { ...summary, asks } : summary;
}

interface FoundSites {
  readonly sites: FileSites;
  readonly text: string;
  readonly targets: ReturnType<typeof linkCalls>;
  readonly relevance: Relevance;
}

interface ActedSites extends FoundSites {
  /** What was found by acting the file out. */
  readonly acted: (node: Node) => Value | undefined;
}

interface ReadCalls {
  readonly evaluator: Evaluator;
  readonly names: Evaluator;
  readonly draft: SummaryDraft;
  readonly calls: CallReader;
  readonly patches: PatchReader;
  readonly scripts: PageScriptReader;
  readonly sent: DisclosureReader;
}

function readCalls(
  { sites, text, targets, relevance, acted }: ActedSites,
  { rehearsal, ...nesting }: Reading,
): ReadCalls {
  const maxSteps = Math.max(minSteps, text.length * stepsPerChar);
  const hides = (fn: Fn): void => rehearsal.enter(fn);
  const evaluator = new Evaluator(sites, { maxSteps, mayBeOutside: () => true, acted, hides });
  const naming = {
    acted,
    hides,
    mayBeOutside: (node: Node, scope: Scope): boolean => relevance.mayBeOutside(node, scope),
    follows: (binding: Binding): boolean => relevance.mayName(binding),
  };
  const names = new Evaluator(sites, { maxSteps, ...naming });
  const shown = new Evaluator(sites, { maxSteps: maxShownSteps, ...naming });
  const draft = new SummaryDraft(sites.fns, text);
  for (const { module: specifier, offset } of sites.imports) draft.addImport(specifier, offset);
  const readText = (code: string): FileSummary | undefined => {
    nesting.budget.chars -= code.length;
    if (nesting.depth >= maxNesting || nesting.budget.chars < 0) return undefined;
    return analyzeText(code, 'text.cjs', { ...nesting, depth: nesting.depth + 1 });
  };
  const selfScheduling = new SelfSchedulingFinder(sites, names);
  const patches = new PatchReader({ names, relevance, draft, text });
  const scripts = new PageScriptReader(evaluator, draft, readText);
  const sent = new DisclosureReader({ evaluator, carried: new CarriedFinder(sites, evaluator), draft, sites });
  const looking = {
    evaluator,
    names,
    shown,
    relevance,
    guessed: new GuessedMethods(sites),
    bundles: new BundleTables(sites.fnOf),
    fnOf: sites.fnOf,
    targets,
    selfScheduling,
  };
  const calls = new CallReader({ ...looking, sent, patches, scripts, readText, rehearsal }, draft);
  for (const site of sites.calls) calls.read(site);
  return { evaluator, names, draft, calls, patches, scripts, sent };
}

function readRest(
  { sites, text, relevance }: FoundSites,
  { evaluator, names, draft, calls, patches, scripts, sent }: ReadCalls,
  { rehearsal, budget }: Reading,
): FileSummary {
  if (rehearsal.isStarted) readHiddenCalls(sites, rehearsal, calls);
  for (const site of sites.loops) readLoop(site, { evaluator: names, relevance, draft, text, loops: sites.loops });
  if (sites.fns.some(({ isGenerator }) => isGenerator))
    for (const site of sites.drains) readDrain(site, { names, draft, text, loops: sites.loops });
  for (const site of sites.memberWrites) readMemberWrite(site, { names, relevance, sent, patches, scripts, draft });
  const guards = new GuardFinder({ evaluator: names, relevance }, text, (offset) => draft.lineOf(offset));
  for (const site of sites.throws) {
    if (site.tried || site.handling || site.loops > 0) continue;
    // Most throws tell that something is wrong with what a function was given.
    if (site.condition === undefined || guards.find(site.condition).some(({ fixed }) => fixed === true))
      draft.add(site, { kind: 'process-stop', api: 'throw' });
  }
  readAnswers(sites.answers, { guards, draft, text });
  readDaysOfYear(sites, { guards, draft, text, describe: describeAnswer });
  readExportsForSome(sites.memberWrites, { guards, draft, text });
  readMailCopies(sites.copies, evaluator, draft);
  draft.enterImplicitly(sites);
  const exports = summarizeExports(sites, { evaluator: names, relevance, mentioned: /exports|\\u/.test(text) });
  const isCut = evaluator.exhausted || names.exhausted || budget.chars < 0;
  const unread = isCut
    ? ({ why: 'too-long', detail: 'following its values took more steps than the limit' } as const)
    : undefined;
  const fns = draft.finish(guards, (call, isTaken) => listHanded(call, isTaken, { names, relevance }));
  return { fns, exports, failure: undefined, unread };
}

interface Setting {
  readonly evaluator: Evaluator;
  readonly relevance: Relevance;
  readonly draft: SummaryDraft;
  readonly text: string;
  readonly loops: readonly LoopSite[];
}

interface WriteSetting {
  readonly names: Evaluator;
  readonly relevance: Relevance;
  readonly sent: DisclosureReader;
  readonly patches: PatchReader;
  readonly scripts: PageScriptReader;
  readonly draft: SummaryDraft;
}

function readLoop(site: LoopSite, { evaluator, relevance, draft, text, loops }: Setting): void {
  const reason = findEndlessReason(site, { evaluator, loops });
  const { node } = site;
  if (reason !== undefined) {
    const end = Math.min('body' in node ? (node.body.start ?? 0) : 0, (node.start ?? 0) + 120);
    draft.add(site, { kind: 'endless-loop', api: text.slice(node.start ?? 0, end).trim(), detail: reason });
  } else if (isBusyWait(site, { evaluator, relevance })) draft.add(site, { kind: 'process-stop', api: 'busy wait' });
}

function readDrain(
  site: DrainSite,
  { names, draft, text, loops }: Pick<WriteSetting, 'names' | 'draft'> & Pick<Setting, 'text' | 'loops'>,
): void {
  const detail = findEndlessDrain(site, { evaluator: names, loops });
  const { start = 0, end = 0 } = site.node;
  if (detail !== undefined)
    draft.add(site, { kind: 'endless-loop', api: text.slice(start, Math.min(end, start + 120)), detail });
}

function readMemberWrite(
  site: MemberWriteSite,
  { names, relevance, sent, patches, scripts, draft }: WriteSetting,
): void {
  const { left } = site.node;
  if (left.type !== 'MemberExpression') return;
  const plain = propertyName(left.property, left.computed);
  if (plain !== undefined && handler.test(plain)) enterHandler(site, left.object, { names, draft });
  const targets = relevance.mayBeOutside(left.object, site.scope)
    ? referenceNames(names.evaluate(left.object, site.scope))
    : [];
  const [target] = targets;
  // Addresses are taken apart with links that no page ever shows.
  const isOwnLink = plain === 'href' && target === 'document.createElement()';
  if (plain !== undefined && writesPage(plain) && !isOwnLink) draft.addPageChange(site, `.${plain} =`);
  if (plain !== undefined) scripts.readMarkupWrite(site, plain);
  const written = patches.findWritten(left.object, site.scope, targets);
  if (target === undefined && written.given.length === 0) return;
  const members = plain === undefined ? foldedMembers(left, site.scope, patches) : [plain];
  if (members.length === 0) {
    if (target !== undefined && hidesWrites(target) && !isGiven(left.property, site.scope)) names.tellHidden(site.fn);
    if (left.property.type !== 'PrivateIdentifier') patches.readOpenWrite(site, written, left.property);
  }
  for (const member of members) {
    if (member === 'src' && target?.startsWith('document.createElement')) scripts.readSource(site);
    if (sendsByWrite.test(`${target}.${member}`)) sent.readWrite(site, `${target}.${member} =`);
    patches.readWrite(site, written, member);
  }
}

/** What a page, a request or a socket calls by itself; what stands under such a name in an object of one's own is called by nobody. */
const handler = /^on[a-z]{4,}$/;

function enterHandler(
  site: MemberWriteSite,
  holder: Node,
  { names, draft }: Pick<WriteSetting, 'names' | 'draft'>,
): void {
  const isOwn = holder.type === 'ThisExpression' || holder.type === 'MemberExpression';
  if (isOwn || (holder.type === 'Identifier' && holder.name === 'exports')) return;
  for (const one of alternatives(names.evaluate(site.node.right, site.scope)))
    if (one.kind === 'function') draft.enterCallback(site, one.fn, 'later');
}

/** `globalThis['fe' + 'tch'] = …` */
function foldedMembers(
  { property, computed }: Extract<Node, { type: 'MemberExpression' }>,
  scope: Scope,
  patches: PatchReader,
): readonly string[] {
  return computed && property.type !== 'PrivateIdentifier' ? patches.membersOf(property, scope) : [];
}

/** What asks for an address when it is written to. */
const sendsByWrite =
  /^(?:Image\(\)|document\.createElement\(\))\.(?:src|href|data|action)$|^(?:globalThis\.)?location\.href$/;
