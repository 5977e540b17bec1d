/** A function that starts itself again by timer, without end and without a pause, and fills the output or the memory. */
import { printsAgain } from '../../model/behavior.ts';
import { findApi } from '../outside/catalog.ts';
import type { CallSite, FileSites, Fn, Node } from '../syntax/scope.ts';
import { childrenOf, isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives, type Primitive, referenceNames } from '../values/value.ts';

interface Timer {
  /** What the timer calls. */
  readonly fn: Fn;
  readonly name: string;
  /** Milliseconds; not a number when the text does not tell. */
  readonly delay: Primitive;
}

/** Below this a timer is no pause that anybody would notice. */
const maxDelayMs = 10;
/** Who prints less often than this shows that something is still being done. */
const maxFloodMs = 1_000;
const delaying = new Set(['setTimeout', 'setInterval', 'timers.setTimeout', 'timers.setInterval']);
const starving = new Set(['process.nextTick', 'queueMicrotask', 'Promise.resolve().then']);
const listening = new Set(['addEventListener', 'requestAnimationFrame', 'requestIdleCallback']);

export class SelfSchedulingFinder {
  readonly #sites: FileSites;
  readonly #evaluator: Evaluator;
  #callsOf: ReadonlyMap<Fn, readonly CallSite[]> | undefined;
  #pilingUp: ReadonlySet<Fn> | undefined;

  constructor(sites: FileSites, evaluator: Evaluator) {
    this.#sites = sites;
    this.#evaluator = evaluator;
  }

  /** Why it never ends, as a person would say it; undefined when it may end, pauses, or does nothing that piles up. */
  find(site: CallSite, timer: Timer): string | undefined {
    if (listening.has(timer.name)) return undefined;
    const isPause = delaying.has(timer.name) && !(typeof timer.delay === 'number' && timer.delay <= maxDelayMs);
    if (isPause) return this.#floods(site, timer) ? printsAgain : undefined;
    const repeats = timer.name.endsWith('setInterval');
    const restarts = site.condition === undefined && (timer.fn === site.fn || this.#callsBack(timer.fn, site.fn));
    if (!repeats && !restarts) return undefined;
    this.#pilingUp ??= this.#findPilingUp();
    if (this.#pilingUp.has(repeats ? timer.fn : site.fn)) return 'it starts itself again without end or pause';
    // Nothing else gets its turn before these are done.
    return !repeats && starving.has(timer.name) ? 'it starts itself again before anything else may run' : undefined;
  }

  /** `setInterval(() => console.log(…), 50)`, whatever happens. */
  #floods(site: CallSite, { name, fn, delay }: Timer): boolean {
    if (!name.endsWith('setInterval') || site.condition !== undefined || site.fn.id !== 0) return false;
    if (typeof delay === 'number' && delay > maxFloodMs) return false;
    this.#callsOf ??= Map.groupBy(this.#sites.calls, (call) => call.fn);
    return (this.#callsOf.get(fn) ?? []).some((call) => isAlways(call) && this.#prints(call));
  }

  /** `setImmediate(() => f())` inside `f`. */
  #callsBack(callback: Fn, fn: Fn): boolean {
    this.#callsOf ??= Map.groupBy(this.#sites.calls, (call) => call.fn);
    const calls = this.#callsOf.get(callback) ?? [];
    return calls.some((call) => {
      const { node, condition } = call;
      if (condition !== undefined || node.type !== 'CallExpression') return false;
      return this.#isStarted(fn, this.#schedules(call) ? node.arguments[0] : node.callee, call);
    });
  }

  /** What starts the other one as soon as it may: `setImmediate(f)`, `process.nextTick(f)`. */
  #schedules({ node, scope }: CallSite): boolean {
    if (node.type !== 'CallExpression') return false;
    return referenceNames(this.#evaluator.evaluate(node.callee, scope)).some(
      (name) => starving.has(name) || name === 'setImmediate',
    );
  }

  #isStarted(fn: Fn, named: Node | undefined, { scope }: CallSite): boolean {
    if (named?.type !== 'Identifier') return false;
    return alternatives(this.#evaluator.evaluate(named, scope)).some((one) => one.kind === 'function' && one.fn === fn);
  }

  /** Functions in which something is printed or grows, in themselves or in a function that stands in them. */
  #findPilingUp(): Set<Fn> {
    const found = new Set<Fn>();
    const add = (fn: Fn | undefined): void => {
      for (let at = fn; at !== undefined && !found.has(at); at = at.scope?.fn) found.add(at);
    };
    for (const call of this.#sites.calls) if (!found.has(call.fn) && this.#pilesUp(call)) add(call.fn);
    for (const fn of this.#sites.fns) if (!found.has(fn) && growsText(fn.node)) add(fn);
    return found;
  }

  /** Evaluated where the call stands: in another scope its names mean something else. */
  #pilesUp({ node, scope }: CallSite): boolean {
    if (node.type !== 'CallExpression') return false;
    const { callee } = node;
    const method = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
    return method === 'push' || method === 'unshift' || this.#prints({ node, scope });
  }

  #prints({ node, scope }: Pick<CallSite, 'node' | 'scope'>): boolean {
    if (node.type !== 'CallExpression') return false;
    const called = alternatives(this.#evaluator.evaluate(node.callee, scope));
    return called.some((one) => one.kind === 'reference' && findApi(one.name)?.kind === 'output');
  }
}

/** In every turn, or by a loop in it. */
function isAlways({ condition, loops }: CallSite): boolean {
  return condition === undefined || (loops > 0 && condition.outer === undefined);
}

/** `text += …`, outside of the functions that stand in it. */
function growsText(node: Node): boolean {
  if (node.type === 'AssignmentExpression' && node.operator === '+=') return true;
  return childrenOf(node).some((child) => !isFunctionNode(child) && growsText(child));
}
