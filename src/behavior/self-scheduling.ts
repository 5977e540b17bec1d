/** A function that starts itself again by timer, without end and without a pause, and fills the output or the memory. */
import { findApi } from './catalog.ts';
import type { Evaluator } from './evaluate.ts';
import type { CallSite, Fn, Node, Scope } from './scope.ts';
import { childrenOf, isFunctionNode, propertyName } from './syntax.ts';
import { alternatives, type Primitive } from './value.ts';

interface Timer {
  /** What the timer calls. */
  readonly fn: Fn;
  readonly name: string;
  /** Milliseconds; not a number when the text does not tell. */
  readonly delay: Primitive;
}

/** Below this a timer is no pause that anybody would notice. */
const maxDelayMs = 10;
const delaying = new Set(['setTimeout', 'setInterval', 'timers.setTimeout', 'timers.setInterval']);
const listening = new Set(['addEventListener', 'requestAnimationFrame', 'requestIdleCallback']);

/** Why it never ends, as a person would say it; undefined when it may end, pauses, or does nothing that piles up. */
export function findSelfScheduling(site: CallSite, timer: Timer, evaluator: Evaluator): string | undefined {
  if (listening.has(timer.name)) return undefined;
  if (delaying.has(timer.name) && !(typeof timer.delay === 'number' && timer.delay <= maxDelayMs)) return undefined;
  const repeats = timer.name.endsWith('setInterval');
  const restarts = site.condition === undefined && (timer.fn === site.fn || callsBack(timer.fn, site.fn, evaluator));
  if (!repeats && !restarts) return undefined;
  const body = repeats ? timer.fn : site.fn;
  return pilesUp(body.node, site.scope, evaluator) ? 'it starts itself again without end or pause' : undefined;
}

/** `setImmediate(() => f())` inside `f`. */
function callsBack(callback: Fn, fn: Fn, evaluator: Evaluator): boolean {
  const calls = (node: Node): boolean => {
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
      const named = alternatives(evaluator.evaluate(node.callee, scopeOf(callback)));
      if (named.some((one) => one.kind === 'function' && one.fn === fn)) return true;
    }
    return !decides(node) && childrenOf(node).some((child) => !isFunctionNode(child) && calls(child));
  };
  return childrenOf(callback.node).some(calls);
}

function decides(node: Node): boolean {
  return node.type === 'IfStatement' || node.type === 'ConditionalExpression' || node.type === 'LogicalExpression';
}

function scopeOf(fn: Fn): Scope {
  const scope = fn.returns[0]?.scope;
  return scope ?? { parent: fn.scope, isFunction: true, fn, bindings: undefined };
}

function pilesUp(node: Node, scope: Scope, evaluator: Evaluator): boolean {
  if (node.type === 'AssignmentExpression' && node.operator === '+=') return true;
  if (node.type === 'CallExpression') {
    const { callee } = node;
    const method = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
    if (method === 'push' || method === 'unshift') return true;
    const names = alternatives(evaluator.evaluate(callee, scope));
    if (names.some((one) => one.kind === 'reference' && findApi(one.name)?.kind === 'output')) return true;
  }
  return childrenOf(node).some((child) => pilesUp(child, scope, evaluator));
}
