/**
 * Loops that go on for ever once they are entered, because their turns change nothing of what their test asks: a flag that
 * nothing in them sets, a list of which every turn puts back what it takes, numbers that come round again.
 */
import type { ESTree } from 'meriyah';
import { findApi } from '../outside/catalog.ts';
import { type Binding, findBinding, type Node, type Scope, type Write } from '../syntax/scope.ts';
import { childrenOf, isFunctionNode, propertyName, someChild } from '../syntax/syntax.ts';
import { referenceNames, truthOf } from '../values/value.ts';
import { deciding, isPlain, type LoopSetting, type TestedLoop } from './loop-test.ts';
import { runsInCircles } from './number-turns.ts';

/** Why it goes on; exits of the loop are asked for elsewhere. */
export function findStandstill(node: TestedLoop, setting: LoopSetting): string | undefined {
  const { test } = node;
  if (test === null) return undefined;
  const list = listAskedBy(test);
  if (list !== undefined)
    return putsBack(list, node, setting) ? 'every turn puts back what it takes out of its list' : undefined;
  if (!isPlain(test, 0)) return undefined;
  const asked = bindingsIn(test, setting.scope);
  if (asked === undefined || asked.length === 0) return undefined;
  if (asked.every(({ writes }) => !writes.some((write) => isInside(write, node)))) {
    const isStill =
      !mayChangeOthers(node, setting) && truthOf(setting.evaluator.evaluate(test, setting.scope)) !== false;
    return isStill ? 'nothing in it changes what its condition asks' : undefined;
  }
  return runsInCircles(node, asked, setting) ? 'its numbers never come to what ends it' : undefined;
}

/** What is written in more places is not followed. */
const maxWrites = 100;

/** Undefined where a name is nobody's in this file. */
function bindingsIn(test: Node, scope: Scope): Binding[] | undefined {
  if (test.type === 'MemberExpression') return [];
  if (test.type === 'Identifier') {
    const binding = findBinding(scope, test.name);
    return binding === undefined || binding.writes.length > maxWrites ? undefined : [binding];
  }
  const found = childrenOf(test).map((child) => bindingsIn(child, scope));
  return found.includes(undefined) ? undefined : [...new Set(found.flatMap((one) => one ?? []))];
}

export function isInside(write: Write, loop: Node): boolean {
  const at = 'node' in write ? write.node.start : undefined;
  return at !== undefined && at >= (loop.start ?? 0) && at < (loop.end ?? 0);
}

/** Whoever is called may change a variable; printing does not. */
function mayChangeOthers(node: Node, setting: LoopSetting): boolean {
  switch (node.type) {
    case 'NewExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'TaggedTemplateExpression':
    case 'ImportExpression':
      return true;
    case 'CallExpression':
      if (!prints(node, setting)) return true;
      return node.arguments.some((argument) => mayChangeOthers(argument, setting));
    default:
      return !isFunctionNode(node) && someChild(node, (child) => mayChangeOthers(child, setting));
  }
}

function prints({ callee }: ESTree.CallExpression, { evaluator, scope }: LoopSetting): boolean {
  const names = callee.type === 'MemberExpression' ? referenceNames(evaluator.evaluate(callee, scope)) : [];
  return names.length > 0 && names.every((name) => findApi(name)?.kind === 'output');
}

/** The `list` of `while (list.length)` and `while (list.length > 0)`. */
function listAskedBy(test: Node): string | undefined {
  if (test.type === 'BinaryExpression') {
    const isZero = test.right.type === 'Literal' && test.right.value === 0;
    return isZero && /^(?:>|!==?)$/.test(test.operator) ? listAskedBy(test.left) : undefined;
  }
  if (test.type !== 'MemberExpression' || propertyName(test.property, test.computed) !== 'length') return undefined;
  return test.object.type === 'Identifier' ? test.object.name : undefined;
}

const takes: ReadonlySet<string> = new Set(['shift', 'pop']);
const gives: ReadonlySet<string> = new Set(['push', 'unshift']);

/** Every turn gives the list at least as much as it takes, and nobody else can reach it meanwhile. */
function putsBack(list: string, { body }: TestedLoop, setting: LoopSetting): boolean {
  const binding = findBinding(setting.scope, list);
  if (binding === undefined || binding.writes.some((write) => isInside(write, body))) return false;
  const turn = { taken: 0, given: 0, isOpen: false };
  const look = (node: Node): void => {
    if (isFunctionNode(node) || turn.isOpen) return;
    if (node.type === 'CallExpression') {
      const method = methodOn(list, node);
      if (method !== undefined && takes.has(method)) turn.taken += 1;
      else if (
        method !== undefined &&
        gives.has(method) &&
        node.arguments.every(({ type }) => type !== 'SpreadElement')
      )
        turn.given += node.arguments.length;
      else if (!prints(node, setting)) turn.isOpen = true;
    }
    // What is not done in every turn, and whoever else has the list, says nothing.
    if (undecided.has(node.type) || (node.type === 'AssignmentExpression' && node.left.type === 'MemberExpression'))
      turn.isOpen = true;
    for (const child of childrenOf(node)) look(child);
  };
  look(body);
  return !turn.isOpen && turn.taken > 0 && turn.given >= turn.taken;
}

function methodOn(list: string, { callee }: ESTree.CallExpression): string | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier' || callee.object.name !== list)
    return undefined;
  return propertyName(callee.property, callee.computed);
}

/** What may wait, or be another thing next time, too. */
const undecided: ReadonlySet<Node['type']> = new Set([
  ...deciding,
  'DoWhileStatement',
  'AwaitExpression',
  'YieldExpression',
  'NewExpression',
]);
