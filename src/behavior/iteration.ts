/** `for (const x of …)` that has no end: a generator without one, or a list that the body makes longer. */
import type { ESTree } from 'meriyah';
import type { Evaluator } from './evaluate.ts';
import { hasExit } from './loop-exits.ts';
import type { Fn, LoopSite, Node } from './scope.ts';
import { childrenOf, isFunctionNode } from './syntax.ts';
import { alternatives } from './value.ts';

export function findEndlessIteration(
  node: ESTree.ForOfStatement,
  site: LoopSite,
  evaluator: Evaluator,
): string | undefined {
  const { right, body } = node;
  const setting = { evaluator, scope: site.scope };
  if (right.type === 'CallExpression') {
    const endless = alternatives(evaluator.evaluate(right.callee, site.scope)).some(
      (callee) => callee.kind === 'function' && callee.fn.isGenerator && yieldsForEver(callee.fn, evaluator),
    );
    if (endless && !hasExit(node, site.label, setting)) return 'it drains a generator that never ends';
  }
  return right.type === 'Identifier' && pushesTo(right.name, body) && !hasExit(node, site.label, setting)
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
        ? isPlainly(true, statement.test)
        : statement.type === 'ForStatement' && statement.test === null) &&
      !leavesOtherThanByYield(statement, evaluator),
  );
}

/** `true`, `1`, `!0`, `!![]`: tests that need no variable to be told. */
function isPlainly(truth: boolean, test: Node): boolean {
  if (test.type === 'Literal') return Boolean(test.value) === truth;
  if (test.type === 'UnaryExpression' && test.operator === '!') return isPlainly(!truth, test.argument);
  return truth && (test.type === 'ArrayExpression' || test.type === 'ObjectExpression');
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
