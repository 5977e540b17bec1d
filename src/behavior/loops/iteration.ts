/** `for (const x of …)` that has no end: a generator without one, or a list that the body makes longer. */
import type { ESTree } from 'meriyah';
import { type DrainSite, type Fn, findBinding, type LoopSite, type Node, type Scope } from '../syntax/scope.ts';
import { childrenOf, isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives } from '../values/value.ts';
import { hasExit } from './loop-exits.ts';
import { deciding, type LoopSetting } from './loop-test.ts';

interface Draining {
  readonly evaluator: Evaluator;
  readonly yieldsForEver: (generator: Fn) => boolean;
}

export function findEndlessIteration(
  node: ESTree.ForOfStatement,
  site: LoopSite,
  { evaluator, yieldsForEver }: Draining,
): string | undefined {
  const { right, body } = node;
  const setting = { evaluator, scope: site.scope };
  const list = listOf(right);
  const reason = givesForEver(right, { ...setting, yieldsForEver })
    ? drains
    : list !== undefined && growsBy(list, body)
      ? 'every turn makes its list longer'
      : undefined;
  return reason === undefined || hasExit(node, site.label, setting) ? undefined : reason;
}

const drains = 'it drains a generator that never ends';

/** `[...count()]`, `Array.from(count())` */
export function findDrain({ node, scope }: DrainSite, { evaluator, yieldsForEver }: Draining): string | undefined {
  return givesForEver(node, { evaluator, scope, yieldsForEver }) ? drains : undefined;
}

function givesForEver(node: Node, { evaluator, scope, yieldsForEver }: LoopSetting & Draining): boolean {
  const made = node.type === 'Identifier' ? madeFor(node.name, scope) : { node, scope };
  if (made?.node.type !== 'CallExpression') return false;
  return alternatives(evaluator.evaluate(made.node.callee, made.scope)).some(
    (callee) => callee.kind === 'function' && callee.fn.isGenerator && yieldsForEver(callee.fn),
  );
}

/** What a variable holds that is given something once. */
function madeFor(name: string, scope: Scope): { readonly node: Node; readonly scope: Scope } | undefined {
  const [write, ...others] = findBinding(scope, name)?.writes ?? [];
  return write?.kind === 'value' && write.path.length === 0 && others.length === 0 ? write : undefined;
}

/** The `map` of `map`, `map.keys()` and `map.entries()`. */
function listOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = node.callee;
  const walks = /^(?:keys|values|entries)$/.test(propertyName(property, computed) ?? '');
  return walks && object.type === 'Identifier' ? object.name : undefined;
}

export function leavesOtherThanByYield(loop: Node, evaluator: Evaluator): boolean {
  const found = (node: Node): boolean =>
    node.type === 'ReturnStatement' ||
    node.type === 'ThrowStatement' ||
    node.type === 'BreakStatement' ||
    (!isFunctionNode(node) && childrenOf(node).some(found));
  return evaluator.exhausted || childrenOf(loop).some(found);
}

function growsBy(name: string, body: Node): boolean {
  const found = (node: Node, conditional: boolean): boolean => {
    if (isFunctionNode(node)) return false;
    if (
      !conditional &&
      node.type === 'CallExpression' &&
      node.callee.type === 'MemberExpression' &&
      node.callee.object.type === 'Identifier' &&
      node.callee.object.name === name &&
      node.callee.property.type === 'Identifier' &&
      isAddition(node.callee.property.name, node.arguments[0])
    ) {
      return true;
    }
    const decides = deciding.has(node.type);
    return childrenOf(node).some((child) => found(child, conditional || decides));
  };
  return found(body, false);
}

/** A Map or Set grows by what it does not have yet: a number further on, an object that is made for it. */
function isAddition(method: string, added: Node | undefined): boolean {
  if (method === 'push') return true;
  return (method === 'add' || method === 'set') && added !== undefined && fresh.has(added.type);
}

const fresh: ReadonlySet<Node['type']> = new Set([
  'BinaryExpression',
  'ObjectExpression',
  'ArrayExpression',
  'FunctionExpression',
  'ArrowFunctionExpression',
]);
