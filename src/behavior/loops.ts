/**
 * Does a loop have a way to end? Decided from its condition, what changes that condition, and its exits:
 * only a loop that certainly has none is called endless, because most loops in the world do end.
 */
import type { ESTree } from 'meriyah';
import type { Evaluator } from './evaluate.ts';
import { type Binding, type Fn, findBinding, type LoopSite, type Node, type Scope, type Write } from './scope.ts';
import { childrenOf, isFunctionNode } from './syntax.ts';
import { alternatives, constantOf, truthOf } from './value.ts';

/** Why it never ends, as a person would say it; undefined when it may end. */
export function findEndlessReason(site: LoopSite, evaluator: Evaluator): string | undefined {
  const { node } = site;
  if (node.type === 'ForOfStatement') return endlessIteration(node, site, evaluator);
  const reason =
    node.test === null || node.test === undefined ? 'it has no condition' : conditionReason(node, site, evaluator);
  return reason === undefined || hasExit(node, site.label, { evaluator, scope: site.scope }) ? undefined : reason;
}

type TestedLoop = ESTree.ForStatement | ESTree.WhileStatement | ESTree.DoWhileStatement;

function conditionReason(node: TestedLoop, site: LoopSite, evaluator: Evaluator): string | undefined {
  const { test } = node;
  if (test === null) return undefined;
  const { scope } = site;
  if (!isPlain(test, 0)) return undefined;
  if (test.type === 'BinaryExpression') {
    const reason = counterReason(test, node, { scope, evaluator });
    if (reason !== undefined) return reason;
  }
  if (!mayBeConstant(test, scope)) return undefined;
  return truthOf(evaluator.evaluate(test, scope)) === true ? 'its condition is always true' : undefined;
}

/** Made of literals, variables and operators: a member may be changed by anybody who holds the object. */
function isPlain(test: Node, depth: number): boolean {
  switch (test.type) {
    case 'Literal':
    case 'Identifier':
    case 'ArrayExpression':
      return true;
    case 'MemberExpression':
      // `Number.POSITIVE_INFINITY` and its like are nobody's to change.
      return test.object.type === 'Identifier' && test.object.name === 'Number';
    case 'UnaryExpression':
    case 'BinaryExpression':
    case 'LogicalExpression':
    case 'ParenthesizedExpression':
      return depth < 20 && childrenOf(test).every((child) => isPlain(child, depth + 1));
    default:
      return false;
  }
}

/** Every variable in it is written once, with a value: others change, and need not be evaluated. */
function mayBeConstant(test: Node, scope: Scope): boolean {
  if (test.type !== 'Identifier') return childrenOf(test).every((child) => mayBeConstant(child, scope));
  const writes = findBinding(scope, test.name)?.writes;
  return writes === undefined || (writes.length === 1 && writes[0]?.kind === 'value');
}

interface Setting {
  readonly scope: Scope;
  readonly evaluator: Evaluator;
}

const mirrored: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '!==': '!==',
  '!=': '!=',
};

/** `i < n`, where `i` is a variable of this file that only the loop counts. */
function counterReason(test: ESTree.BinaryExpression, loop: TestedLoop, setting: Setting): string | undefined {
  const direct = counterOf(test.left, setting);
  const flipped = direct === undefined ? counterOf(test.right, setting) : undefined;
  const counter = direct ?? flipped;
  const operator = direct === undefined ? mirrored[test.operator] : test.operator;
  if (counter === undefined || operator === undefined || !(operator in mirrored)) return undefined;
  const limit = direct === undefined ? test.left : test.right;
  if (!mayBeConstant(limit, setting.scope)) return undefined;
  const steps = stepsOf(counter, setting);
  if (steps === undefined) return undefined;
  const bound = constantOf(setting.evaluator.evaluate(limit, setting.scope));
  if (typeof bound?.value !== 'number') return undefined;
  const changedInside = counter.writes.some((write) => isCount(write) && isInside(write, loop));
  if (!changedInside) return undefined;
  return neverReaches(operator, { ...steps, bound: bound.value })
    ? `its counter never reaches ${bound.value}`
    : undefined;
}

function counterOf(node: Node, { scope }: Setting): Binding | undefined {
  return node.type === 'Identifier' ? findBinding(scope, node.name) : undefined;
}

function isCount(write: Write): boolean {
  return write.kind === 'update' || write.kind === 'compound';
}

function isInside(write: Write, loop: Node): boolean {
  const node = 'node' in write ? write.node : undefined;
  const at = node?.start;
  return at !== undefined && at >= (loop.start ?? 0) && at < (loop.end ?? 0);
}

interface Count {
  readonly start: number;
  readonly step: number;
}

/** Where a counter starts and how it is counted, when every write to it says so. */
function stepsOf(counter: Binding, { scope, evaluator }: Setting): Count | undefined {
  let start: number | undefined;
  let step: number | undefined;
  for (const write of counter.writes) {
    if (write.kind === 'value' && write.path.length === 0) {
      const value = constantOf(evaluator.evaluate(write.node, write.scope))?.value;
      if (typeof value !== 'number' || start !== undefined) return undefined;
      start = value;
    } else if (write.kind === 'update') {
      const by = write.node.operator === '++' ? 1 : -1;
      if (step !== undefined && step !== by) return undefined;
      step = by;
    } else if (write.kind === 'compound' && (write.node.operator === '+=' || write.node.operator === '-=')) {
      const value = constantOf(evaluator.evaluate(write.node.right, scope))?.value;
      if (typeof value !== 'number') return undefined;
      const by = write.node.operator === '+=' ? value : -value;
      if (step !== undefined && step !== by) return undefined;
      step = by;
    } else return undefined;
  }
  return start === undefined || step === undefined ? undefined : { start, step };
}

function neverReaches(operator: string, { start, step, bound }: Count & { readonly bound: number }): boolean {
  switch (operator) {
    case '<':
    case '<=': {
      const entered = operator === '<' ? start < bound : start <= bound;
      // Counting up by one never arrives at Infinity; counting by huge steps overflows to it and ends.
      return entered && (step <= 0 || (bound === Number.POSITIVE_INFINITY && step < 1e292));
    }
    case '>':
    case '>=': {
      const entered = operator === '>' ? start > bound : start >= bound;
      return entered && (step >= 0 || (bound === Number.NEGATIVE_INFINITY && step > -1e292));
    }
    default: {
      if (start === bound) return false;
      const turns = (bound - start) / step;
      return !(Number.isInteger(turns) && turns > 0);
    }
  }
}

/** Exits of the loop itself: nested functions do not count, and a `break` counts for the loop it leaves. */
function hasExit(
  loop: TestedLoop | ESTree.ForOfStatement,
  label: string | undefined,
  { evaluator, scope }: Setting,
): boolean {
  const leaves = (node: Node, ownBreaks: boolean): boolean => {
    switch (node.type) {
      case 'ReturnStatement':
      case 'ThrowStatement':
      case 'AwaitExpression':
      case 'YieldExpression':
        return true;
      case 'BreakStatement':
        return node.label === null ? ownBreaks : true;
      case 'ContinueStatement':
        return node.label !== null && node.label.name !== label;
      case 'IfStatement': {
        const truth =
          isPlain(node.test, 0) && mayBeConstant(node.test, scope)
            ? truthOf(evaluator.evaluate(node.test, scope))
            : undefined;
        if (truth !== false && leaves(node.consequent, ownBreaks)) return true;
        return (
          leaves(node.test, ownBreaks) ||
          (truth !== true && node.alternate !== null && leaves(node.alternate, ownBreaks))
        );
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'SwitchStatement':
        return (node.type === 'ForOfStatement' && node.await) || childrenOf(node).some((child) => leaves(child, false));
      case 'CallExpression':
        if (endsProcess(node, evaluator, scope)) return true;
        return childrenOf(node).some((child) => leaves(child, ownBreaks));
      default:
        return isFunctionNode(node) ? false : childrenOf(node).some((child) => leaves(child, ownBreaks));
    }
  };
  return childrenOf(loop).some((child) => leaves(child, true));
}

/** `process.exit()`, or a function of the file that certainly throws or exits. */
function endsProcess(node: ESTree.CallExpression, evaluator: Evaluator, scope: Scope): boolean {
  return alternatives(evaluator.evaluate(node.callee, scope)).some((callee) => {
    if (callee.kind === 'reference') return /^process\.(?:exit|abort|reallyExit|kill)$/.test(callee.name);
    // A function that can throw can end the loop; so can one that we do not see into, but then nothing would ever be endless.
    return callee.kind === 'function' && containsThrow(callee.fn);
  });
}

function containsThrow(fn: Fn): boolean {
  const throws = (node: Node, depth: number): boolean =>
    depth > 40
      ? false
      : node.type === 'ThrowStatement' ||
        childrenOf(node).some((child) => !isFunctionNode(child) && throws(child, depth + 1));
  return childrenOf(fn.node).some((child) => throws(child, 0));
}

/** `for (const x of …)` over a generator that never ends, or over a list that the body makes longer. */
function endlessIteration(node: ESTree.ForOfStatement, site: LoopSite, evaluator: Evaluator): string | undefined {
  if (hasExit(node, site.label, { evaluator, scope: site.scope })) return undefined;
  const { right } = node;
  if (right.type === 'CallExpression') {
    const endless = alternatives(evaluator.evaluate(right.callee, site.scope)).some(
      (callee) => callee.kind === 'function' && callee.fn.isGenerator && yieldsForEver(callee.fn, evaluator),
    );
    if (endless) return 'it drains a generator that never ends';
  }
  return right.type === 'Identifier' && pushesTo(right.name, node.body)
    ? 'every turn makes its list longer'
    : undefined;
}

/** A generator whose body holds an endless loop left only by `yield`. */
function yieldsForEver(fn: Fn, evaluator: Evaluator): boolean {
  const scopeOf = fn.returns.length === 0;
  const { body } = fn.node;
  if (!scopeOf || body === null || body === undefined || !('body' in body)) return false;
  return (body.body as readonly Node[]).some(
    (statement) =>
      (statement.type === 'WhileStatement' || statement.type === 'DoWhileStatement'
        ? statement.test.type === 'Literal' && Boolean(statement.test.value)
        : statement.type === 'ForStatement' && statement.test === null) &&
      !leavesOtherThanByYield(statement, evaluator),
  );
}

function leavesOtherThanByYield(loop: Node, evaluator: Evaluator): boolean {
  const found = (node: Node): boolean =>
    node.type === 'ReturnStatement' ||
    node.type === 'ThrowStatement' ||
    node.type === 'BreakStatement' ||
    (!isFunctionNode(node) && childrenOf(node).some(found));
  return evaluator.exhausted || childrenOf(loop).some(found);
}

/** What stands inside one of these may not happen in every turn. */
const deciding: ReadonlySet<Node['type']> = new Set([
  'IfStatement',
  'ConditionalExpression',
  'LogicalExpression',
  'SwitchStatement',
  'TryStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'WhileStatement',
]);

function pushesTo(name: string, body: Node): boolean {
  const found = (node: Node, conditional: boolean): boolean => {
    if (isFunctionNode(node)) return false;
    if (
      !conditional &&
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      node.callee.object.type === 'Identifier' &&
      node.callee.object.name === name &&
      node.callee.property.type === 'Identifier' &&
      node.callee.property.name === 'push'
    ) {
      return true;
    }
    const decides = deciding.has(node.type);
    return childrenOf(node).some((child) => found(child, conditional || decides));
  };
  return found(body, false);
}

/** `while (Date.now() < end) {}`: the process waits and does nothing else. */
export function isBusyWait(site: LoopSite, evaluator: Evaluator): boolean {
  const { node } = site;
  if (node.type === 'ForOfStatement' || node.test === null || node.test === undefined) return false;
  if (!hasCalls(node.test) || hasCalls(node.body)) return false;
  const readsClock = (part: Node, depth: number): boolean => {
    if (depth > 6) return false;
    if (part.type === 'CallExpression' || part.type === 'NewExpression') {
      const names = alternatives(evaluator.evaluate(part.callee, site.scope));
      if (
        names.some(
          (one) => one.kind === 'reference' && /^(?:Date(?:\.now)?|performance\.now|process\.hrtime.*)$/.test(one.name),
        )
      ) {
        return true;
      }
    }
    return childrenOf(part).some((child) => readsClock(child, depth + 1));
  };
  return readsClock(node.test, 0);
}

function hasCalls(node: Node): boolean {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
      return true;
    default:
      return childrenOf(node).some(hasCalls);
  }
}
