/** Calls whose text does not show what they call. */

import { boundBy } from '../flows/link-calls.ts';
import { type CallSite, findBinding, type Node, type Scope } from '../syntax/scope.ts';
import { childrenOf, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { flow } from '../values/flow.ts';
import { mayBeText } from '../values/may-be-text.ts';
import { constantOf, referenceNames } from '../values/value.ts';
import type { CallSetting } from './read-call.ts';

/** The name of the method that is called, put together if need be: `answer['o' + 'n']`, `answer.on.call(answer, …)`. */
export function methodOf({ node, scope }: CallSite, evaluator: Evaluator): string | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const { callee } = node;
  const method = boundBy(callee) ?? callee;
  const name = memberName(method, scope, evaluator);
  if (method.type !== 'MemberExpression' || (name !== 'call' && name !== 'apply')) return name;
  return method.object.type === 'MemberExpression' ? memberName(method.object, scope, evaluator) : name;
}

function memberName(node: Node, scope: Scope, evaluator: Evaluator): string | undefined {
  if (node.type !== 'MemberExpression') return undefined;
  const { property, computed } = node;
  const name = propertyName(property, computed);
  if (name !== undefined || !computed || property.type === 'PrivateIdentifier') return name;
  const acted = evaluator.acted(property);
  if (acted === undefined && !mayBeText(property, scope)) return undefined;
  const folded = constantOf(acted ?? evaluator.evaluate(property, scope))?.value;
  return typeof folded === 'string' ? folded : undefined;
}

/**
 * Whether it may well lead outside though nothing is known of it: it calls a member by a name that
 * is put together, takes its function out of a list or map, or hands on what loads and runs code.
 */
export function isHidden({ node, scope }: CallSite, isResolved: boolean): boolean {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
  const { callee } = node;
  if (isNamed(callee)) return false;
  if (node.arguments.some((argument) => handsOn(argument, scope))) return true;
  if (isResolved) return false;
  if (callee.type !== 'MemberExpression') return callee.type === 'CallExpression' && !isOfModule(callee, scope);
  return callee.computed && isPutTogether(callee.property);
}

/** A variable, or a member by its name. */
function isNamed(callee: Node): boolean {
  return (
    callee.type === 'Identifier' ||
    (callee.type === 'MemberExpression' && propertyName(callee.property, callee.computed) !== undefined)
  );
}

/** `require('sample')('name')`: what a module gives, which is known by the module's name if it matters. */
function isOfModule(node: Node, scope: Scope): boolean {
  let at = node;
  for (;;) {
    if (isRequire(at, scope)) return true;
    if (at.type === 'CallExpression') at = at.callee;
    else if (at.type === 'MemberExpression' && !at.computed) at = at.object;
    else break;
  }
  const writes = at.type === 'Identifier' ? (findBinding(scope, at.name)?.writes ?? []) : [];
  return (
    writes.length === 1 &&
    writes.every(
      (write) =>
        (write.kind === 'import' && !isPath(write.module)) ||
        (write.kind === 'value' && isRequire(write.node, write.scope)),
    )
  );
}

/** Of a module by its name. */
function isRequire(node: Node, scope: Scope): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== 'require')
    return false;
  const [specifier] = node.arguments;
  return specifier?.type === 'Literal' && !isPath(specifier.value) && findBinding(scope, 'require') === undefined;
}

/** Another file of the package may give what it has hidden. */
function isPath(specifier: unknown): boolean {
  return typeof specifier !== 'string' || /^[./]/.test(specifier);
}

/** `require`, `eval` and the like, as an argument. */
function handsOn(argument: Node, scope: Scope): boolean {
  return (
    argument.type === 'Identifier' && runners.has(argument.name) && findBinding(scope, argument.name) === undefined
  );
}

/**
 * Lists that are turned round by `list.push(list.shift())`: what stands in the text at a number is not what the program
 * finds there.
 */
export function turnsLists(text: string, calls: readonly CallSite[]): boolean {
  return text.includes('shift') && turning.test(text) && calls.some(turnsList);
}

const turning = /push['"`]?\]?\(\s*[\w$]{1,60}(?:\.|\[['"`])shift/;

function turnsList({ node, scope }: CallSite): boolean {
  if (node.type !== 'CallExpression') return false;
  const [taken] = node.arguments;
  if (taken?.type !== 'CallExpression') return false;
  const [to, from] = [receiverOf(node.callee, 'push'), receiverOf(taken.callee, 'shift')];
  return to !== undefined && from !== undefined && mayBeOne(to, from, scope);
}

function receiverOf(callee: Node, method: string): string | undefined {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined;
  return propertyName(callee.property, callee.computed) === method ? callee.object.name : undefined;
}

/** Two names of one list: the same, or other names of what somebody passes or keeps. */
function mayBeOne(a: string, b: string, scope: Scope): boolean {
  return a === b || (!isOwnList(a, scope) && !isOwnList(b, scope));
}

/** A list that is made for this variable. */
function isOwnList(name: string, scope: Scope): boolean {
  const writes = findBinding(scope, name)?.writes ?? [];
  return (
    writes.length > 0 &&
    writes.every((write) => write.kind === 'value' && write.path.length === 0 && makesList.has(write.node.type))
  );
}

const makesList: ReadonlySet<Node['type']> = new Set(['ArrayExpression', 'NewExpression']);

const runners: ReadonlySet<string> = new Set(['require', 'eval', 'Function', 'fetch']);

/** A parameter, or what a loop takes out of something: whoever fills it says what it is, and it is followed from there. */
export function isGiven(key: Node, scope: Scope): boolean {
  if (key.type !== 'Identifier') return false;
  const writes = findBinding(scope, key.name)?.writes ?? [];
  return writes.length > 0 && writes.every(({ kind }) => kind === 'parameter' || kind === 'each');
}

/** A key that a call gives, or a sum. */
function isPutTogether(key: Node): boolean {
  if (key.type === 'CallExpression') return true;
  return key.type === 'BinaryExpression' && key.operator === '+' && childrenOf(key).some(isPutTogether);
}

/** What is called by a name that does not fold, where its functions do something: `process`, a module of Node's. */
export function findHiddenHolder({ node, scope }: CallSite, { names, evaluator }: CallSetting): string | undefined {
  if ((node.type !== 'CallExpression' && node.type !== 'NewExpression') || node.callee.type !== 'MemberExpression')
    return undefined;
  const { object, property, computed } = node.callee;
  if (!computed || property.type === 'PrivateIdentifier' || propertyName(property, computed) !== undefined)
    return undefined;
  const holder = referenceNames(names.evaluate(object, scope)).find((name) => holders.has(name));
  if (holder === undefined || evaluator.acted(property) !== undefined) return undefined;
  const key = evaluator.evaluate(property, scope);
  if (key.kind === 'constant') return undefined;
  // Whatever it is, it starts a program.
  if (holder === 'child_process') return holder;
  return (key.origins & (flow.parameter | flow.listing)) === 0 ? holder : undefined;
}

const holders: ReadonlySet<string> = new Set(
  `globalThis process module fs child_process http https http2 net tls dns dgram vm worker_threads`.split(' '),
);
