/** What a call does: enters functions, uses the outside, loads modules, runs text, hands callbacks on. */
import { findApi, timers } from './catalog.ts';
import { describeCall, findCodeArgument } from './describe-call.ts';
import { type DirectCall, findDirectCall } from './direct-call.ts';
import type { DisclosureReader } from './disclosure-reader.ts';
import type { Evaluator } from './evaluate.ts';
import type { FileSummary } from './file-summary.ts';
import { findFunctions } from './find-functions.ts';
import { isOneThing } from './is-one-thing.ts';
import { may } from './may-be.ts';
import { mayBeText } from './may-be-text.ts';
import { changesPage } from './page-changes.ts';
import type { PageScriptReader } from './page-scripts.ts';
import { type PatchReader, patchingCalls } from './patched-globals.ts';
import { loaders, readLoad } from './read-load.ts';
import { parseLocalReference } from './references.ts';
import type { Relevance } from './relevance.ts';
import type { CallSite, FileSites, Fn, Node, Scope } from './scope.ts';
import type { SelfSchedulingFinder } from './self-scheduling.ts';
import type { SummaryDraft, When } from './summary-draft.ts';
import { isFunctionNode, propertyName } from './syntax.ts';
import { textOf } from './text-of.ts';
import { alternatives, type ClassValue, constantOf, sameValue, union, type Value } from './value.ts';
import { whenCalled } from './when-called.ts';

/** What a call is looked at with. */
export interface CallSetting {
  readonly evaluator: Evaluator;
  /** Follows only what may name something of the outside, or a function: enough to tell what is called. */
  readonly names: Evaluator;
  /** Like `names`, with little work to spend: for what is only shown. */
  readonly shown: Evaluator;
  readonly relevance: Relevance;
  readonly fnOf: FileSites['fnOf'];
  /** The functions that calls certainly or possibly enter, as far as names alone tell. */
  readonly targets: ReadonlyMap<CallSite, readonly Fn[]>;
  readonly selfScheduling: SelfSchedulingFinder;
  readonly sent: DisclosureReader;
  readonly patches: PatchReader;
  readonly scripts: PageScriptReader;
  /** Reads code given as text; undefined when it may be read no deeper. */
  readonly readText: (text: string) => FileSummary | undefined;
}

/** A longer line of classes is followed no further. */
const maxParents = 16;

export class CallReader {
  readonly #setting: CallSetting;
  readonly #evaluator: Evaluator;
  readonly #draft: SummaryDraft;

  constructor(setting: CallSetting, draft: SummaryDraft) {
    this.#setting = setting;
    this.#evaluator = setting.evaluator;
    this.#draft = draft;
  }

  read(site: CallSite): void {
    const callees = this.#callees(site);
    let resolved = false;
    for (const indirect of callees) {
      const { callee, given } = this.#direct(site, indirect);
      switch (callee.kind) {
        case 'reference':
          resolved = true;
          this.#outsideCall(site, callee.name, given);
          break;
        case 'function':
          resolved = true;
          this.#draft.enter(site, callee.fn);
          break;
        case 'class':
          resolved = true;
          this.#construct(site, callee, 0);
          break;
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
    const fns = this.#setting.targets.get(site) ?? [];
    const targets = fns.map((fn): Value => ({ kind: 'function', fn, origins: 0 }));
    if (node.type === 'CallExpression' || node.type === 'NewExpression') {
      // Evaluated only if it can lead outside; which functions of the file it enters, its name tells.
      const { callee } = node;
      const bits = this.#setting.relevance.calleeBits(callee, scope);
      if ((bits & (may.name | may.load | may.global | may.file)) === 0) {
        if (targets.length > 0) return targets;
        if ((bits & may.fn) === 0) return [];
        if (callee.type === 'MemberExpression' && !callee.computed) return [];
        return this.#functionsNamed(callee, scope);
      }
    }
    const called = alternatives(this.#setting.names.callee(node, scope));
    const others = targets.filter((target) => !called.some((one) => sameValue(one, target)));
    return [...called, ...others];
  }

  /** Where nothing but functions of the file can be meant, their names are followed and nothing is evaluated. */
  #functionsNamed(node: Node, scope: Scope): readonly Value[] {
    return findFunctions(node, scope, {
      fnOf: this.#setting.fnOf,
      storedUnder: (name) => this.#setting.names.storedUnder(name),
    });
  }

  /** What an argument names that is to be called. */
  #named(argument: Node, scope: Scope): readonly Value[] {
    const { relevance, names } = this.#setting;
    const bits = relevance.calleeBits(argument, scope);
    if ((bits & (may.name | may.load | may.global | may.file)) !== 0)
      return alternatives(names.evaluate(argument, scope));
    return (bits & may.fn) === 0 && argument.type === 'Identifier' ? [] : this.#functionsNamed(argument, scope);
  }

  /** Its own constructor, and those of the classes it extends: one that is derived always calls `super`. */
  #construct(site: CallSite, { node, scope }: ClassValue, depth: number): void {
    const { names } = this.#setting;
    const fn = names.constructorOf(node);
    if (fn !== undefined) this.#draft.enter(site, fn);
    if (node.superClass === null || depth >= maxParents) return;
    for (const parent of alternatives(names.evaluate(node.superClass, scope))) {
      if (parent.kind === 'class') this.#construct(site, parent, depth + 1);
      else if (parent.kind === 'function') this.#draft.enter(site, parent.fn);
      else if (parent.kind === 'reference') this.#enterFile(site, parent.name);
    }
  }

  /** @returns Whether a reference leads into another file of the package. */
  #enterFile(site: CallSite, name: string, when: When = 'now'): boolean {
    const local = parseLocalReference(name);
    if (local !== undefined) this.#draft.edge(site, local, when);
    return local !== undefined;
  }

  #direct({ node, scope }: CallSite, callee: Value): DirectCall {
    const { names } = this.#setting;
    const first = (): Value | undefined => {
      const [argument] = 'arguments' in node ? node.arguments : [];
      if (argument === undefined || argument.type === 'SpreadElement') return this.#evaluator.arguments(node, scope)[0];
      const named = this.#named(argument, scope);
      return named.length === 0 ? names.evaluate(argument, scope) : union(named);
    };
    return findDirectCall({ callee, given: () => this.#evaluator.arguments(node, scope), first });
  }

  /** The name of the method that is called, put together if need be: `answer['o' + 'n']`. */
  #methodOf({ node, scope }: CallSite): string | undefined {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
    const { property, computed } = node.callee;
    const name = propertyName(property, computed);
    if (name !== undefined || !computed) return name;
    if (!mayBeText(property, scope)) return undefined;
    const folded = constantOf(this.#evaluator.evaluate(property, scope))?.value;
    return typeof folded === 'string' ? folded : undefined;
  }

  /** A method of an object that is not understood. */
  #methodCall(site: CallSite, method: string): void {
    if (method === '_compile') {
      this.#emitApi(site, 'module._compile', () => this.#evaluator.arguments(site.node, site.scope));
    }
    for (const fn of this.#methodsNamed(site, method)) this.#draft.enter(site, fn);
    if (changesPage(method)) this.#draft.addPageChange(site, method);
    if (method === 'insertAdjacentHTML')
      this.#setting.scripts.readMarkup(site, this.#evaluator.arguments(site.node, site.scope));
  }

  /** Where several functions have the name, the object is looked at after all, if it may be known. */
  #methodsNamed({ node, scope }: CallSite, method: string): readonly Fn[] {
    const { names, relevance } = this.#setting;
    const stored = names.storedUnder(method);
    if (stored.length < 2 || node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return stored;
    if (!isOneThing(node.callee.object, scope) || (relevance.bits(node.callee.object, scope) & may.fn) === 0)
      return stored;
    const exact = alternatives(names.callee(node, scope));
    return exact.every((one) => one.kind === 'function') ? exact.map(({ fn }) => fn) : stored;
  }

  #outsideCall(site: CallSite, name: string, given: () => readonly Value[]): void {
    if (this.#enterFile(site, name)) return;
    if (loaders.has(name)) {
      readLoad(site, { loader: name, specifier: given()[0] }, this.#draft);
      return;
    }
    if (name === 'document.createElement().setAttribute') this.#setting.scripts.readAttribute(site, given());
    if (patchingCalls.has(name)) this.#setting.patches.readCall(site, name);
    if (timers.has(name) && name !== 'addEventListener') this.#timer(site, name, given);
    this.#emitApi(site, name, given);
  }

  #emitApi(site: CallSite, name: string, findGiven: () => readonly Value[]): void {
    const api = findApi(name);
    if (api === undefined) {
      const method = this.#methodOf(site);
      if (method !== undefined && changesPage(method)) this.#draft.addPageChange(site, method);
      return;
    }
    if (api.kind === 'page-change') {
      this.#draft.addPageChange(site, name);
      if (name.startsWith('document.write')) this.#setting.scripts.readMarkup(site, findGiven());
      return;
    }
    // What is printed is only shown: it is worth a little work, and none through callers.
    const given = api.kind === 'output' ? this.#setting.shown.arguments(site.node, site.scope) : findGiven();
    if (
      name === 'process.kill' &&
      given.length > 0 &&
      textOf(given[0] ?? { kind: 'unknown', text: undefined, origins: 0 }) !== undefined
    )
      return;
    const { detail, origins, marks } = describeCall(api, given, this.#evaluator);
    if (api.kind === 'network' || api.kind === 'disclosure' || api.kind === 'child-process')
      this.#setting.sent.readCall(site, { api: name, kind: api.kind, detail });
    if (api.kind === 'disclosure') return;
    this.#draft.add(site, { kind: api.kind, api: name, detail, origins, marks });
    if (api.kind === 'dynamic-code') this.#runText(site, given);
    if (api.kind === 'child-process') this.#runText(site, findCodeArgument(given));
  }

  /** Code given as a constant text is read as if it stood in the file. */
  #runText(site: CallSite, given: readonly Value[]): void {
    for (const value of given) {
      for (const one of alternatives(value)) {
        if (one.kind !== 'constant' && one.kind !== 'bytes') continue;
        const text = textOf(one);
        if (text === undefined || text.length < 4) continue;
        const nested = this.#setting.readText(text);
        if (nested !== undefined) this.#draft.addNested(site, nested.fns);
      }
    }
  }

  #timer(site: CallSite, name: string, given: () => readonly Value[]): void {
    const [first, delay] = this.#timed(site, given);
    if (first === undefined) return;
    const code = textOf(first);
    if (
      (first.kind === 'constant' && typeof first.value === 'string') ||
      (first.origins !== 0 && first.kind === 'unknown' && code !== undefined)
    ) {
      this.#draft.add(site, { kind: 'dynamic-code', api: name, detail: code, origins: first.origins });
      this.#runText(site, [first]);
    }
    for (const one of alternatives(first)) {
      if (one.kind !== 'function') continue;
      const delayMs = delay === undefined ? 0 : constantOf(delay)?.value;
      const reason = this.#setting.selfScheduling.find(site, { fn: one.fn, name, delay: delayMs });
      if (reason !== undefined) this.#draft.add(site, { kind: 'endless-loop', api: name, detail: reason });
    }
  }

  /** What a timer is given: a function, as a rule, and then nothing else is to be followed. */
  #timed({ node, scope }: CallSite, given: () => readonly Value[]): readonly Value[] {
    const { names } = this.#setting;
    const [argument] = 'arguments' in node ? node.arguments : [];
    if (argument === undefined || argument.type === 'SpreadElement') return given();
    const named = this.#named(argument, scope);
    return named.length > 0 && named.every(({ kind }) => kind === 'function') ? names.arguments(node, scope) : given();
  }

  #callbacks(site: CallSite, callees: readonly Value[], method: string | undefined): void {
    if (!('arguments' in site.node)) return;
    for (const argument of site.node.arguments) {
      if (!isFunctionNode(argument) && argument.type !== 'Identifier' && argument.type !== 'MemberExpression') continue;
      const names = callees.flatMap((one) => (one.kind === 'reference' ? [one.name] : []));
      const when = whenCalled(site.node, names[0], method);
      if (when === undefined) continue;
      for (const one of this.#named(argument, site.scope)) {
        if (one.kind === 'function') this.#draft.enter(site, one.fn, when);
        if (one.kind === 'reference') this.#enterFile(site, one.name, when);
      }
    }
  }
}
