/** What a call does: enters functions, uses the outside, loads modules, runs text, hands callbacks on. */

import { type DirectCall, findDirectCall, isIndirect } from '../flows/direct-call.ts';
import { findFunctions } from '../flows/find-functions.ts';
import type { GuessedMethods } from '../flows/guessed-method.ts';
import { listArguments } from '../flows/link-calls.ts';
import { may } from '../flows/may-be.ts';
import type { Relevance } from '../flows/relevance.ts';
import type { SelfSchedulingFinder } from '../loops/self-scheduling.ts';
import { findApi } from '../outside/catalog.ts';
import { changesPage } from '../outside/page-changes.ts';
import { whenCalled } from '../outside/when-called.ts';
import type { Rehearsal, RehearsedCall } from '../rehearsal/rehearse.ts';
import type { FileSummary } from '../summary/file-summary.ts';
import type { SummaryDraft, When } from '../summary/summary-draft.ts';
import { isOfThis, isResolved } from '../syntax/call-shapes.ts';
import type { CallSite, FileSites, Fn, Node, Scope } from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { isOneThing } from '../values/is-one-thing.ts';
import { parseLocalReference } from '../values/references.ts';
import { alternatives, type ClassValue, sameValue, union, type Value } from '../values/value.ts';
import type { BundleTables } from './bundle-table.ts';
import type { DisclosureReader } from './disclosure-reader.ts';
import { findHiddenHolder, isHidden, methodOf } from './hidden-call.ts';
import { OutsideCalls } from './outside-calls.ts';
import type { PageScriptReader } from './page-scripts.ts';
import type { PatchReader } from './patched-globals.ts';
import { loaders, readLoadByCallback } from './read-load.ts';

/** What a call is looked at with. */
export interface CallSetting {
  readonly evaluator: Evaluator;
  /** Follows only what may name something of the outside, or a function: enough to tell what is called. */
  readonly names: Evaluator;
  /** Like `names`, with little work to spend: for what is only shown. */
  readonly shown: Evaluator;
  readonly relevance: Relevance;
  readonly fnOf: FileSites['fnOf'];
  readonly guessed: GuessedMethods;
  readonly bundles: BundleTables;
  /** The functions that calls certainly or possibly enter, as far as names alone tell. */
  readonly targets: ReadonlyMap<CallSite, readonly Fn[]>;
  readonly selfScheduling: SelfSchedulingFinder;
  readonly sent: DisclosureReader;
  readonly patches: PatchReader;
  readonly scripts: PageScriptReader;
  /** Reads code given as text; undefined when it may be read no deeper. */
  readonly readText: (text: string) => FileSummary | undefined;
  /** Asked where the text does not show what is called, or with what. */
  readonly rehearsal: Rehearsal;
}

const clipboard = 'clipboardData';
const resolvedThen = 'Promise.resolve().then';
/** A longer line of classes is followed no further. */
const maxParents = 16;

export class CallReader {
  readonly #setting: CallSetting;
  readonly #evaluator: Evaluator;
  readonly #draft: SummaryDraft;
  readonly #outside: OutsideCalls;
  /** What was told to be called at each call: function numbers of the file, and names. */
  readonly #told = new Map<Node, (number | string)[]>();

  constructor(setting: CallSetting, draft: SummaryDraft) {
    this.#setting = setting;
    this.#evaluator = setting.evaluator;
    this.#draft = draft;
    this.#outside = new OutsideCalls(setting, draft, (node, scope) => this.#named(node, scope));
  }

  read(site: CallSite): void {
    const callees = this.#callees(site);
    const byName = callees.flatMap((one) => (one.kind === 'function' && one.byName ? [one.fn] : []));
    let resolved = false;
    const names: string[] = [];
    for (const indirect of callees) {
      const { callee, given } = this.#direct(site, indirect);
      switch (callee.kind) {
        case 'reference':
          resolved = true;
          names.push(callee.name);
          this.#tellOutside(site, callee.name, given);
          break;
        case 'function':
          resolved = true;
          this.#isToldAt(site, callee.fn.id);
          this.#draft.enter(site, callee.fn, callee.byName && this.#isGuessed(site, byName) ? 'guessed' : 'now');
          break;
        case 'class':
          resolved = true;
          this.#construct(site, callee, 0);
          break;
        default:
          break;
      }
    }
    const method = methodOf(site, this.#evaluator);
    if (!resolved && method !== undefined) this.#methodCall(site, method);
    if (isHidden(site, resolved)) this.#setting.rehearsal.enter(site.fn);
    this.#callbacks(site, names[0], method);
  }

  /** A call that was found by acting the file out, as far as the text did not show it. */
  readSeen(site: CallSite, { callee, given }: RehearsedCall): void {
    if (callee.kind === 'function') {
      if (!this.#isToldAt(site, callee.fn.id)) this.#draft.enter(site, callee.fn);
      return;
    }
    if (callee.kind !== 'reference' || this.#isToldAt(site, callee.name)) return;
    this.#outside.tell(site, callee.name, () => given);
    const when = whenCalled(site.node, callee.name, undefined);
    if (when === undefined) return;
    for (const one of given) if (one.kind === 'function') this.#draft.enterCallback(site, one.fn, when);
  }

  /** What one name stands for differs from call to call: on loading, others of these functions were called here. */
  doubtUnseen({ node, fn: { id } }: CallSite): void {
    const entered = this.#setting.rehearsal.enteredAtLoad(node);
    if (entered === undefined) return;
    const seen = new Set([...entered].map((one) => this.#setting.fnOf.get(one)?.id));
    for (const told of this.#told.get(node) ?? [])
      if (typeof told === 'number' && !seen.has(told)) this.#draft.doubt(id, node, told);
  }

  /** A call of which acting the file out has shown nothing either. */
  readUnknown(site: CallSite): void {
    const holder = findHiddenHolder(site, this.#setting);
    if (holder !== undefined) this.#draft.add(site, { kind: 'computed-call', api: `${holder}[…]` });
  }

  #tellOutside(site: CallSite, name: string, given: () => readonly Value[]): void {
    this.#isToldAt(site, name);
    if (!this.#enterFile(site, name, { when: 'now', call: site })) this.#outside.tell(site, name, given);
  }

  /** Whether it was told before, which it is from now on. */
  #isToldAt({ node }: CallSite, what: number | string): boolean {
    const told = this.#told.get(node);
    if (told === undefined) this.#told.set(node, [what]);
    else if (told.includes(what)) return true;
    else told.push(what);
    return false;
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
    if (targets.length === 0) return called;
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
      else if (parent.kind === 'function') this.#draft.enterCallback(site, parent.fn, 'now');
      else if (parent.kind === 'reference') this.#enterFile(site, parent.name, { when: 'now' });
    }
  }

  /** @returns Whether a reference leads into another file of the package. */
  #enterFile(site: CallSite, name: string, way: { readonly when: When; readonly call?: CallSite }): boolean {
    const local = parseLocalReference(name);
    if (local !== undefined) this.#draft.edge(site, local, way);
    return local !== undefined;
  }

  #direct({ node, scope }: CallSite, callee: Value): Pick<DirectCall, 'callee' | 'given'> {
    const { names } = this.#setting;
    const given = (): readonly Value[] => this.#evaluator.arguments(node, scope);
    if (!isIndirect(callee)) return { callee, given };
    const first = (): Value | undefined => {
      const [argument] = 'arguments' in node ? node.arguments : [];
      if (argument === undefined || argument.type === 'SpreadElement') return given()[0];
      const named = this.#named(argument, scope);
      return named.length === 0 ? names.evaluate(argument, scope) : union(named);
    };
    return findDirectCall({ callee, given, first });
  }

  /** A method of an object that is not understood. */
  #methodCall(site: CallSite, method: string): void {
    // What is resolved already goes on in the same turn.
    if (method === 'then' && isResolved(site)) this.#outside.tell(site, resolvedThen, () => []);
    const fns = this.#methodsNamed(site, method);
    if (method === '_compile' && (fns.length === 0 || !isOfThis(site)))
      this.#outside.tell(site, 'module._compile', () => this.#evaluator.arguments(site.node, site.scope));
    // Any one of several may be meant, or none of them.
    const when = fns.length === 1 ? 'now' : 'oneOf';
    for (const fn of fns) this.#draft.enter(site, fn, this.#isGuessed(site, fns) ? 'guessed' : when);
    if (changesPage(method)) this.#draft.addPageChange(site, method);
    // What a page copies is replaced: `event.clipboardData.setData('text/plain', …)`.
    if (method === 'setData' && this.#isClipboard(site))
      this.#draft.add(site, { kind: 'global-patch', api: `${clipboard}.setData` });
  }

  #isClipboard({ node }: CallSite): boolean {
    const [holder] = 'callee' in node && node.callee.type === 'MemberExpression' ? [node.callee.object] : [];
    if (holder?.type === 'Identifier') return holder.name === clipboard;
    return holder?.type === 'MemberExpression' && propertyName(holder.property, holder.computed) === clipboard;
  }

  #isGuessed({ node, scope, condition }: CallSite, fns: readonly Fn[]): boolean {
    return node.type === 'CallExpression' && this.#setting.guessed.has({ node, scope, condition }, fns);
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

  #callbacks(site: CallSite, name: string | undefined, method: string | undefined): void {
    for (const argument of listArguments(site.node)) {
      if (!isFunctionNode(argument) && argument.type !== 'Identifier' && argument.type !== 'MemberExpression') continue;
      const when = whenCalled(site.node, name, method);
      if (when === undefined) continue;
      for (const one of this.#named(argument, site.scope)) {
        if (one.kind === 'function') this.#draft.enterCallback(site, one.fn, when);
        if (one.kind !== 'reference' || this.#enterFile(site, one.name, { when })) continue;
        if (loaders.has(one.name))
          readLoadByCallback(
            site,
            { loader: one.name, callback: argument },
            { evaluator: this.#evaluator, draft: this.#draft },
          );
        // What it is called with there, only acting it out shows.
        if (findApi(one.name) !== undefined) this.#setting.rehearsal.enter(site.fn);
      }
    }
  }
}
