/** What each kind of expression may be. */
import type { ESTree } from 'meriyah';
import { hidesCalls } from '../outside/known-names.ts';
import { isRequestPart } from '../outside/request-part.ts';
import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { valueOfCall } from './call-value.ts';
import type { Evaluator } from './evaluate.ts';
import { anyhow, flow } from './flow.ts';
import { foldBinary, foldUnary } from './fold-operator.ts';
import { mayBeText } from './may-be-text.ts';
import { joinedOrigins, textOf } from './text-of.ts';
import {
  constant,
  type Place,
  reference,
  truthOf,
  type UnionValue,
  union,
  unknown,
  unknownValue,
  type Value,
  withOrigins,
} from './value.ts';

const maxListLength = 20_000;
const maxAlternativesOfTable = 512;

export function valueOfExpression(evaluator: Evaluator, node: Node, at: Place): Value {
  // Safe: `expressions` maps each type to a function that takes nodes of that type.
  const value = expressions[node.type] as ((evaluator: Evaluator, node: Node, at: Place) => Value) | undefined;
  return value === undefined ? unknownValue : value(evaluator, node, at);
}

type Expressions = {
  readonly [Type in Node['type']]?: (
    evaluator: Evaluator,
    node: Extract<Node, { readonly type: Type }>,
    at: Place,
  ) => Value;
};

const expressions: Expressions = {
  Identifier: (evaluator, { name }, at) => evaluator.identifier(name, at.scope, at.env),
  MemberExpression: memberExpression,
  CallExpression: valueOfCall,
  NewExpression: valueOfCall,
  ImportExpression: valueOfCall,
  TaggedTemplateExpression: valueOfCall,
  FunctionExpression: (evaluator, node) => evaluator.functionOf(node),
  ArrowFunctionExpression: (evaluator, node) => evaluator.functionOf(node),
  FunctionDeclaration: (evaluator, node) => evaluator.functionOf(node),
  ClassExpression: (_, node, { scope }) => ({ kind: 'class', node, scope, origins: 0 }),
  ClassDeclaration: (_, node, { scope }) => ({ kind: 'class', node, scope, origins: 0 }),
  TemplateLiteral: template,
  BinaryExpression: binary,
  UnaryExpression: (evaluator, node, at) =>
    foldUnary(node.operator, evaluator.evaluate(node.argument, at.scope, at.env)),
  LogicalExpression: logical,
  ConditionalExpression: conditional,
  ArrayExpression: (evaluator, node, at) => {
    const elements = valuesOfElements(evaluator, node.elements, at);
    const origins = elements.reduce((bits, one) => bits | one.origins, 0);
    const list: Value = { kind: 'list', elements, origins };
    // `[...words()]`: what comes out of it is known only if it could be spread.
    return isSpreadUnknown(node.elements, elements) ? { ...list, isOpen: true } : list;
  },
  ObjectExpression: (_, node, { scope, env }) => ({ kind: 'object', node, scope, env, origins: 0 }),
  SequenceExpression: (evaluator, node, at) => {
    const last = node.expressions.at(-1);
    return last === undefined ? unknownValue : evaluator.evaluate(last, at.scope, at.env);
  },
  AssignmentExpression: assigned,
  AssignmentPattern: assigned,
  AwaitExpression: (evaluator, node, at) => evaluator.evaluate(node.argument, at.scope, at.env),
  // What compilers make of `await`.
  YieldExpression: (evaluator, node, at) => {
    const value = node.argument ? evaluator.evaluate(node.argument, at.scope, at.env) : unknownValue;
    return value.kind === 'reference' || value.kind === 'union' ? value : unknown(value.origins);
  },
  SpreadElement: (evaluator, node, at) => evaluator.evaluate(node.argument, at.scope, at.env),
  ChainExpression: (evaluator, node, at) => evaluator.evaluate(node.expression, at.scope, at.env),
  ParenthesizedExpression: (evaluator, node, at) => evaluator.evaluate(node.expression, at.scope, at.env),
  ThisExpression: (_, _node, { scope }) => (scope.fn.id === 0 ? reference('module.exports') : unknownValue),
  MetaProperty: (_, node) => reference(`${node.meta.name}.${node.property.name}`),
};

function isSpreadUnknown(nodes: readonly (Node | null)[], elements: readonly Value[]): boolean {
  return nodes.some((node) => node?.type === 'SpreadElement') && elements.some(({ kind }) => kind === 'unknown');
}

function assigned(
  evaluator: Evaluator,
  { right }: ESTree.AssignmentExpression | ESTree.AssignmentPattern,
  at: Place,
): Value {
  return right === undefined ? unknownValue : evaluator.evaluate(right, at.scope, at.env);
}

function memberExpression(evaluator: Evaluator, node: ESTree.MemberExpression, at: Place): Value {
  const object = evaluator.evaluate(node.object, at.scope, at.env);
  const literal = propertyName(node.property, node.computed);
  if (literal === 'constructor' && isMethodOfText(evaluator, node.object, at)) return reference('Function');
  if (literal !== undefined) {
    const found = evaluator.property(object, literal);
    const isPart = evaluator.followsOrigins && isRequestPart(node.object, literal, at.scope);
    const value = isPart ? withOrigins(found, flow.request) : found;
    // A member that the file itself has written is more than its name.
    return value.kind === 'unknown' || value.kind === 'reference' ? (evaluator.acted(node) ?? value) : value;
  }
  if (object.kind === 'reference' && object.name === 'require.cache') return reference('require.cache.*');
  const key = evaluator.acted(node.property) ?? evaluator.evaluate(node.property, at.scope, at.env);
  if (key.kind === 'union' && key.of.every(({ kind }) => kind === 'constant')) return membersOf(evaluator, object, key);
  const name = key.kind === 'constant' ? String(key.value) : undefined;
  if (name !== undefined) return withOrigins(evaluator.property(object, name), key.origins & anyhow(flow.decoded));
  if (object.kind === 'reference' && hidesCalls(object.name) && (key.origins & flow.parameter) === 0)
    evaluator.tellHidden(at.scope.fn);
  // A computed member of a table of functions may be any of them: bundlers keep their modules so.
  if (object.kind === 'list') {
    const elements = object.elements.slice(0, maxAlternativesOfTable);
    evaluator.spend(elements.length);
    return withOrigins(union(elements), object.origins);
  }
  if (object.kind === 'object') return withOrigins(evaluator.anyFunctionOf(object), object.origins);
  return unknown(object.origins | (key.origins & anyhow(flow.decoded)));
}

/** One of several members. */
function membersOf(evaluator: Evaluator, object: Value, key: UnionValue): Value {
  const names = key.of.flatMap((one) => (one.kind === 'constant' ? [String(one.value)] : []));
  return union(names.map((name) => withOrigins(evaluator.property(object, name), key.origins & anyhow(flow.decoded))));
}

/** `[].map`, `''.at`: functions, which is all that is to be told of them. */
function isMethodOfText(evaluator: Evaluator, node: Node, at: Place): boolean {
  if (node.type !== 'MemberExpression') return false;
  const { kind } = evaluator.evaluate(node.object, at.scope, at.env);
  const name = propertyName(node.property, node.computed);
  return name !== undefined && name !== 'length' && !/^\d+$/.test(name) && (kind === 'list' || kind === 'constant');
}

export function valuesOfElements(evaluator: Evaluator, nodes: readonly (Node | null)[], at: Place): Value[] {
  const elements: Value[] = [];
  for (const node of nodes) {
    if (elements.length >= maxListLength) break;
    if (node === null) elements.push(constant(undefined));
    else if (node.type === 'SpreadElement') {
      const spread = evaluator.evaluate(node.argument, at.scope, at.env);
      if (spread.kind === 'list') elements.push(...spread.elements.slice(0, maxListLength));
      else if (spread.kind === 'constant' && typeof spread.value === 'string') {
        elements.push(...[...spread.value].map((one) => constant(one, spread.origins)));
      } else elements.push(unknown(spread.origins));
    } else elements.push(evaluator.evaluate(node, at.scope, at.env));
  }
  return elements;
}

function template(evaluator: Evaluator, node: ESTree.TemplateLiteral, at: Place): Value {
  const values = node.expressions.map((expression) => evaluator.evaluate(expression, at.scope, at.env));
  const text = node.quasis
    .map((quasi, index) => {
      const value = values[index];
      return (quasi.value.cooked ?? '') + (value === undefined ? '' : (textOf(value) ?? '…'));
    })
    .join('');
  const [start] = node.quasis;
  const parts = start?.value.cooked === '' ? values : [constant(start?.value.cooked), ...values];
  const joined = joinedOrigins(parts, text);
  return values.every((one) => one.kind === 'constant') ? constant(text, joined) : unknown(joined, text);
}

/** `a + b + c …` leans to the left, thousands deep in generated code: walked, not recursed into. */
function binary(evaluator: Evaluator, node: ESTree.BinaryExpression, at: Place): Value {
  const chain: ESTree.BinaryExpression[] = [];
  let left: Node = node;
  while (left.type === 'BinaryExpression') {
    chain.push(left);
    left = left.left;
  }
  // Where only names are asked for, a number is worth something only if it is one.
  if (!evaluator.followsOrigins && node.operator !== '+' && at.env === undefined && !mayBeText(node, at.scope))
    return unknownValue;
  let value = evaluator.evaluate(left, at.scope, at.env);
  for (const { operator, right } of chain.reverse())
    value = foldBinary(operator, value, evaluator.evaluate(right, at.scope, at.env));
  return value;
}

function logical(evaluator: Evaluator, node: ESTree.LogicalExpression, at: Place): Value {
  const left = evaluator.evaluate(node.left, at.scope, at.env);
  const truth = truthOf(left);
  if (node.operator === '&&') {
    return truth === false ? left : evaluator.evaluate(node.right, at.scope, at.env);
  }
  if (node.operator === '||' && truth === true) return left;
  if (left.kind === 'constant' && left.value !== null && left.value !== undefined && node.operator === '??')
    return left;
  return union([left, evaluator.evaluate(node.right, at.scope, at.env)]);
}

function conditional(evaluator: Evaluator, node: ESTree.ConditionalExpression, at: Place): Value {
  const truth = truthOf(evaluator.evaluate(node.test, at.scope, at.env));
  if (truth !== undefined) return evaluator.evaluate(truth ? node.consequent : node.alternate, at.scope, at.env);
  return union([
    evaluator.evaluate(node.consequent, at.scope, at.env),
    evaluator.evaluate(node.alternate, at.scope, at.env),
  ]);
}
