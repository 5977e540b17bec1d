/** What a loop's condition is made of, and whether the text decides it. */
import type { ESTree } from 'meriyah';
import { findBinding, type Node, type Scope } from '../syntax/scope.ts';
import { childrenOf } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';

export type TestedLoop = ESTree.ForStatement | ESTree.WhileStatement | ESTree.DoWhileStatement;

export interface LoopSetting {
  readonly scope: Scope;
  readonly evaluator: Evaluator;
}

/** Made of literals, variables and operators: a member may be changed by anybody who holds the object. */
export function isPlain(test: Node, depth: number): boolean {
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
export function mayBeConstant(test: Node, scope: Scope): boolean {
  if (test.type !== 'Identifier') return childrenOf(test).every((child) => mayBeConstant(child, scope));
  const writes = findBinding(scope, test.name)?.writes;
  return writes === undefined || (writes.length === 1 && writes[0]?.kind === 'value');
}

/** `x === x`, `x !== x`: what a variable that is given something once says of itself, unless it is no number at all. */
export function comparesItself(test: Node, scope: Scope): boolean | undefined {
  if (test.type === 'UnaryExpression' && test.operator === '!') {
    const inner = comparesItself(test.argument, scope);
    return inner === undefined ? undefined : !inner;
  }
  if (test.type !== 'BinaryExpression' || test.left.type !== 'Identifier' || test.right.type !== 'Identifier')
    return undefined;
  const writes = test.left.name === test.right.name ? findBinding(scope, test.left.name)?.writes : undefined;
  if (writes?.length !== 1) return undefined;
  if (/^(?:===?|[<>]=)$/.test(test.operator)) return true;
  return /^(?:!==?|[<>])$/.test(test.operator) ? false : undefined;
}

/** What stands inside one of these may not happen in every turn. */
export const deciding: ReadonlySet<Node['type']> = new Set([
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
