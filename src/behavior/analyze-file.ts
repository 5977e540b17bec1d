/** One JavaScript file's text → what each of its functions does. The same text always gives the same summary. */
import type { Guard, Mark } from '../model/behavior.ts';
import { isBusyWait } from './busy-wait.ts';
import { findApi, runsCallback, timers } from './catalog.ts';
import { collectSites } from './collect.ts';
import { describeCall } from './describe-call.ts';
import { Evaluator } from './evaluate.ts';
import { summarizeExports } from './exports.ts';
import type { Edge, FileSummary, FnSummary, LocalBehavior, ModuleLoad } from './file-summary.ts';
import { GuardFinder } from './guards.ts';
import { linkCalls } from './link-calls.ts';
import { findEndlessReason } from './loops.ts';
import { parseProgram } from './parse-program.ts';
import { parseLocalReference } from './references.ts';
import { Relevance } from './relevance.ts';
import type { CallSite, Condition, FileSites, Fn, MemberWriteSite, Node, Site } from './scope.ts';
import { SelfSchedulingFinder } from './self-scheduling.ts';
import { isFunctionNode, propertyName } from './syntax.ts';
import { textOf } from './text-of.ts';
import { alternatives, constantOf, originsOf, referenceNames, type Value } from './value.ts';

const noExports: FileSummary['exports'] = { fns: new Map(), names: new Set(), from: [], complete: false };
const stepsPerChar = 2;
const minSteps = 200_000;
const maxNesting = 3;

/** Never throws on hostile text. */
export function analyzeFile(text: string, path: string): FileSummary {
  return analyzeText(text, path, 0);
}

function analyzeText(text: string, path: string, nesting: number): FileSummary {
  const program = parseProgram(text, path);
  if (program.kind === 'failed') return { fns: [], exports: noExports, failure: program.failure, unread: undefined };
  if (program.kind === 'unread') return { fns: [], exports: noExports, failure: undefined, unread: program.unread };
  try {
    const sites = collectSites(program.root);
    return new FileAnalysis(sites, text, nesting).summarize();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const unread = { why: 'too-deep', detail: 'nested too deeply to be followed' } as const;
    return { fns: [], exports: noExports, failure: undefined, unread };
  }
}

/** A finding before its guards are known; guards are costly, and most edges lead to nothing worth guarding. */
interface Conditioned<T> {
  readonly draft: T;
  readonly condition: Condition | undefined;
}

interface FnDraft {
  readonly name: string;
  readonly behaviors: Conditioned<Omit<LocalBehavior, 'guards'>>[];
  readonly edges: Conditioned<Omit<Edge, 'guards'>>[];
  readonly loads: ModuleLoad[];
}

class FileAnalysis {
  readonly #sites: FileSites;
  readonly #text: string;
  readonly #nesting: number;
  readonly #evaluator: Evaluator;
  readonly #drafts: readonly FnDraft[];
  readonly #targets: ReadonlyMap<CallSite, readonly Fn[]>;
  readonly #relevance: Relevance;
  readonly #guards: GuardFinder;
  readonly #selfScheduling: SelfSchedulingFinder;
  #lineStarts: number[] | undefined;

  constructor(sites: FileSites, text: string, nesting: number) {
    this.#sites = sites;
    this.#text = text;
    this.#nesting = nesting;
    this.#targets = linkCalls(sites);
    this.#evaluator = new Evaluator(sites, Math.max(minSteps, text.length * stepsPerChar));
    this.#relevance = new Relevance(sites);
    this.#selfScheduling = new SelfSchedulingFinder(sites, this.#evaluator);
    this.#guards = new GuardFinder({ evaluator: this.#evaluator, relevance: this.#relevance }, text, (at) =>
      this.#lineOf(at),
    );
    this.#drafts = sites.fns.map(({ name }) => ({ name, behaviors: [], edges: [], loads: [] }));
  }

  summarize(): FileSummary {
    for (const { module, offset } of this.#sites.imports) {
      this.#drafts[0]?.loads.push({ specifier: module, line: this.#lineOf(offset) });
    }
    for (const site of this.#sites.calls) this.#call(site);
    for (const site of this.#sites.loops) this.#loop(site);
    for (const site of this.#sites.memberWrites) this.#memberWrite(site);
    for (const site of this.#sites.throws) {
      if (site.condition === undefined && !site.tried && site.loops === 0)
        this.#add(site, { kind: 'process-stop', api: 'throw' });
    }
    const exports = summarizeExports(this.#sites, this.#evaluator);
    const unread = this.#evaluator.exhausted
      ? ({ why: 'too-long', detail: 'following its values took more steps than the limit' } as const)
      : undefined;
    return { fns: this.#finish(), exports, failure: undefined, unread };
  }

  /** Guards for every behavior, and for those edges that lead to one. */
  #finish(): FnSummary[] {
    const leading = this.#fnsThatAct();
    const finish = <T>(
      { draft, condition }: Conditioned<T>,
      needed: boolean,
    ): T & { readonly guards: readonly Guard[] } => ({
      ...draft,
      guards: needed ? this.#guards.find(condition) : [],
    });
    return this.#drafts.map(({ name, behaviors, edges, loads }) => ({
      name,
      loads,
      behaviors: behaviors.map((one) => finish(one, true)),
      edges: edges.map((one) => finish(one, !('fn' in one.draft.to) || leading.has(one.draft.to.fn))),
    }));
  }

  /** Functions that do something worth telling, or lead to one that does, or into another file. */
  #fnsThatAct(): Set<number> {
    const callers = new Map<number, number[]>();
    const acting = new Set<number>();
    const queue: number[] = [];
    const add = (fn: number): void => {
      if (acting.has(fn)) return;
      acting.add(fn);
      queue.push(fn);
    };
    this.#drafts.forEach(({ behaviors, edges }, fn) => {
      if (behaviors.some(({ draft }) => draft.kind !== 'file-read' && draft.kind !== 'process-stop')) add(fn);
      for (const { draft } of edges) {
        if (!('fn' in draft.to)) add(fn);
        else {
          const known = callers.get(draft.to.fn);
          if (known === undefined) callers.set(draft.to.fn, [fn]);
          else known.push(fn);
        }
      }
    });
    for (let fn = queue.pop(); fn !== undefined; fn = queue.pop())
      for (const caller of callers.get(fn) ?? []) add(caller);
    return acting;
  }

  #call(site: CallSite): void {
    const callees = this.#callees(site);
    let resolved = false;
    for (const callee of callees) {
      switch (callee.kind) {
        case 'reference':
          resolved = true;
          this.#outsideCall(site, callee.name);
          break;
        case 'function':
          resolved = true;
          this.#enter(site, callee.fn, false);
          break;
        case 'class': {
          resolved = true;
          const fn = this.#evaluator.constructorOf(callee.node);
          if (fn !== undefined) this.#enter(site, fn, false);
          break;
        }
        default:
          break;
      }
    }
    const method = this.#methodOf(site);
    if (!resolved && method !== undefined) this.#methodCall(site, method);
    this.#callbacks(site, callees, method);
  }

  #callees(site: CallSite): readonly Value[] {
    const { node, scope } = site;
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      // Evaluated only if it can lead outside; which functions of the file it enters, its name tells.
      if (!this.#relevance.mayLeadOutside(node.callee, scope)) {
        const fns = this.#targets.get(site);
        if (fns !== undefined) return fns.map((fn) => ({ kind: 'function', fn, origins: 0 }));
        if (node.callee.type === 'MemberExpression' && !node.callee.computed) return [];
      }
    }
    return alternatives(this.#evaluator.callee(node, scope));
  }

  /** The name of the method that is called, put together if need be: `answer['o' + 'n']`. */
  #methodOf({ node, scope }: CallSite): string | undefined {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
    const { property, computed } = node.callee;
    const name = propertyName(property, computed);
    if (name !== undefined || !computed) return name;
    const folded = constantOf(this.#evaluator.evaluate(property, scope))?.value;
    return typeof folded === 'string' ? folded : undefined;
  }

  /** A method of an object that is not understood. */
  #methodCall(site: CallSite, method: string): void {
    if (method === '_compile') this.#emitApi(site, 'module._compile');
    for (const fn of this.#evaluator.storedUnder(method)) this.#enter(site, fn, false);
    if (pageMethods.has(method)) this.#addPageChange(site, method);
  }

  #outsideCall(site: CallSite, name: string): void {
    const direct = name.replace(/\.(?:call|apply)$/, '');
    const local = parseLocalReference(direct);
    if (local !== undefined) {
      this.#edge(site, { specifier: local.specifier, member: local.member.replace(/\(\).*$/s, '') }, false);
      return;
    }
    if (loaders.has(direct)) {
      this.#load(site, direct);
      return;
    }
    if (timers.has(direct)) this.#timer(site, direct);
    this.#emitApi(site, direct);
  }

  #emitApi(site: CallSite, name: string): void {
    const api = findApi(name);
    if (api === undefined) {
      const method = this.#methodOf(site);
      if (method !== undefined && pageMethods.has(method)) this.#addPageChange(site, method);
      return;
    }
    if (api.kind === 'page-change') {
      this.#addPageChange(site, name);
      return;
    }
    const given = this.#given(site, name);
    if (
      name === 'process.kill' &&
      given.length > 0 &&
      textOf(given[0] ?? { kind: 'unknown', text: undefined, origins: 0 }) !== undefined
    )
      return;
    const { detail, origins, marks } = describeCall(api, given, this.#evaluator);
    this.#add(site, { kind: api.kind, api: name, detail, origins, marks });
    if (api.kind === 'dynamic-code') this.#runText(site, given);
  }

  /** Arguments, less the receiver where the call goes through `.call`, unpacked where it goes through `.apply`. */
  #given({ node, scope }: CallSite, name: string): Value[] {
    const given = this.#evaluator.arguments(node, scope);
    const names = referenceNames(this.#evaluator.callee(node, scope));
    if (names.includes(`${name}.call`)) return given.slice(1);
    if (!names.includes(`${name}.apply`)) return given;
    const list = given[1];
    return list?.kind === 'list' ? [...list.elements] : given.slice(1);
  }

  /** Code given as a constant text is read as if it stood in the file. */
  #runText(site: CallSite, given: readonly Value[]): void {
    if (this.#nesting >= maxNesting) return;
    for (const value of given) {
      for (const one of alternatives(value)) {
        if (one.kind !== 'constant' && one.kind !== 'bytes') continue;
        const text = textOf(one);
        if (text === undefined || text.length < 4) continue;
        const nested = analyzeText(text, 'text.cjs', this.#nesting + 1);
        for (const behavior of nested.fns.flatMap((fn) => fn.behaviors)) {
          const { guards: _, ...draft } = { ...behavior, line: this.#lineOf(site.node.start ?? 0) };
          this.#draft(site.fn)?.behaviors.push({ draft, condition: site.condition });
        }
        for (const load of nested.fns.flatMap((fn) => fn.loads)) this.#draft(site.fn)?.loads.push(load);
      }
    }
  }

  #load(site: CallSite, loader: string): void {
    const [specifier] = this.#given(site, loader);
    const names = specifier === undefined ? [] : alternatives(specifier).flatMap((one) => constantOf(one)?.value ?? []);
    const line = this.#lineOf(site.node.start ?? 0);
    for (const name of names) {
      if (typeof name === 'string') this.#draft(site.fn)?.loads.push({ specifier: name, line });
    }
    const isDecoded = specifier !== undefined && originsOf(specifier.origins).includes('decoded');
    if (specifier !== undefined && (names.length === 0 || isDecoded)) {
      const api = loader === 'import' ? 'import()' : loader;
      this.#add(site, { kind: 'computed-import', api, detail: textOf(specifier), origins: specifier.origins });
    }
  }

  #timer(site: CallSite, name: string): void {
    const [first, delay] = this.#evaluator.arguments(site.node, site.scope);
    if (first === undefined) return;
    const code = textOf(first);
    if (
      (first.kind === 'constant' && typeof first.value === 'string') ||
      (first.origins !== 0 && first.kind === 'unknown' && code !== undefined)
    ) {
      this.#add(site, { kind: 'dynamic-code', api: name, detail: code, origins: first.origins });
      this.#runText(site, [first]);
    }
    for (const one of alternatives(first)) {
      if (one.kind !== 'function') continue;
      const delayMs = delay === undefined ? 0 : constantOf(delay)?.value;
      const reason = this.#selfScheduling.find(site, { fn: one.fn, name, delay: delayMs });
      if (reason !== undefined) this.#add(site, { kind: 'endless-loop', api: name, detail: reason });
    }
  }

  #callbacks(site: CallSite, callees: readonly Value[], method: string | undefined): void {
    if (!('arguments' in site.node)) return;
    for (const argument of site.node.arguments) {
      if (!isFunctionNode(argument) && argument.type !== 'Identifier' && argument.type !== 'MemberExpression') continue;
      const names = callees.flatMap((one) => (one.kind === 'reference' ? [one.name] : []));
      const when = runsCallback(names[0], method);
      if (when === undefined) continue;
      for (const one of alternatives(this.#evaluator.evaluate(argument, site.scope))) {
        if (one.kind === 'function') this.#enter(site, one.fn, when === 'later');
        const local = one.kind === 'reference' ? parseLocalReference(one.name) : undefined;
        if (local !== undefined) this.#edge(site, local, when === 'later');
      }
    }
  }

  #loop(site: FileSites['loops'][number]): void {
    const reason = findEndlessReason(site, this.#evaluator);
    const { node } = site;
    if (reason !== undefined) {
      const end = Math.min('body' in node ? (node.body.start ?? 0) : 0, (node.start ?? 0) + 120);
      this.#add(site, { kind: 'endless-loop', api: this.#text.slice(node.start ?? 0, end).trim(), detail: reason });
    } else if (isBusyWait(site, this.#evaluator)) this.#add(site, { kind: 'process-stop', api: 'busy wait' });
  }

  #memberWrite(site: MemberWriteSite): void {
    const { left, right } = site.node;
    if (left.type !== 'MemberExpression') return;
    const member = propertyName(left.property, left.computed);
    if (member === undefined) return;
    if (pageWrites.has(member)) this.#addPageChange(site, `.${member} =`);
    const target = referenceNames(this.#evaluator.evaluate(left.object, site.scope))[0];
    if (target === undefined) return;
    if (member === 'src' && target.startsWith('document.createElement')) {
      const value = this.#evaluator.evaluate(right, site.scope);
      this.#add(site, { kind: 'dynamic-code', api: 'script.src', detail: textOf(value), origins: value.origins });
    }
    if (patched.test(target) && !(target === 'module' && member === 'exports'))
      this.#add(site, { kind: 'global-patch', api: `${target}.${member}` });
  }

  #enter(site: Site & { readonly node: Node }, fn: Fn, deferred: boolean): void {
    if (fn !== site.fn) this.#edge(site, { fn: fn.id }, deferred);
  }

  #edge(site: Site & { readonly node: Node }, to: Edge['to'], deferred: boolean): void {
    this.#draft(site.fn)?.edges.push({
      draft: { to, conditional: site.condition !== undefined, deferred },
      condition: site.condition,
    });
  }

  /** Whether an ordinary act of a page is worth telling depends on the tests over it, which callers may add: see `module-graph`. */
  #addPageChange(site: Site & { readonly node: Node }, api: string): void {
    this.#add(site, { kind: 'page-change', api });
  }

  #add(site: Site & { readonly node: Node }, seen: Seen): void {
    const marks: Mark[] = [...(seen.marks ?? [])];
    if (site.condition !== undefined || site.tried) marks.push('conditional');
    const { kind, api, detail } = seen;
    const line = this.#lineOf(site.node.start ?? 0);
    this.#draft(site.fn)?.behaviors.push({
      draft: { kind, api, detail, origins: originsOf(seen.origins ?? 0), marks, line },
      condition: site.condition,
    });
  }

  #draft(fn: Fn): FnDraft | undefined {
    return this.#drafts[fn.id];
  }

  #lineOf(offset: number): number {
    this.#lineStarts ??= findLineStarts(this.#text);
    let [low, high] = [0, this.#lineStarts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

interface Seen {
  readonly kind: LocalBehavior['kind'];
  readonly api: string;
  readonly detail?: string | undefined;
  readonly origins?: number;
  readonly marks?: readonly Mark[];
}

const loaders = new Set([
  'require',
  'import',
  'module._load',
  'module.Module._load',
  'module.constructor._load',
  'process.getBuiltinModule',
]);

/** What changes a page, whatever it is called on: told only under a test of where or for whom. */
const pageMethods = new Set([
  'appendChild',
  'insertBefore',
  'insertAdjacentHTML',
  'insertAdjacentElement',
  'append',
  'prepend',
  'play',
]);
const pageWrites = new Set(['innerHTML', 'outerHTML', 'pointerEvents', 'cssText', 'href']);

/** Objects that everybody shares. */
const patched =
  /^(?:globalThis|console|process|module|fs|https?|net|child_process|(?:Object|Array|Function|String|Promise|XMLHttpRequest|Response|Request|Storage|EventTarget)(?:\.prototype)?|navigator(?:\.clipboard)?|ethereum)$/;

function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
