/** What a call gives: of a function of the file its `return` values, of the outside what is known of it by name. */
import { givenBy } from '../outside/catalog.ts';
import { givesNothing } from '../outside/known-names.ts';
import { wrappedByCompiler } from '../syntax/compiled-async.ts';
import type { CallNode, Node } from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from './evaluate.ts';
import { anyhow, flow } from './flow.ts';
import { foldOutsideCall, foldsOutsideCall } from './fold-call.ts';
import { cuts, foldMethod, givesOn, originsGivenBack } from './fold-method.ts';
import { parseLocalReference } from './references.ts';
import { textOf } from './text-of.ts';
import {
  alternatives,
  foreignReference,
  guess,
  type Place,
  type ReferenceValue,
  reference,
  union,
  unknown,
  unknownValue,
  type Value,
  withOrigins,
} from './value.ts';

interface Call extends Place {
  readonly node: CallNode;
}

export function valueOfCall(evaluator: Evaluator, node: CallNode, { scope, env }: Place): Value {
  const compiled = wrappedByCompiler(node);
  if (compiled !== undefined) return evaluator.evaluate(compiled, scope, env);
  const acted = evaluator.acted(node);
  if (acted !== undefined && alternatives(acted).every(({ kind }) => kind === 'constant' || kind === 'reference'))
    return withOrigins(acted, evaluator.followsOrigins ? ofReceiver(evaluator, node, { scope, env }) : 0);
  const callee = evaluator.callee(node, scope, env);
  const call = { node, scope, env };
  return callee.kind === 'union'
    ? union(callee.of.map((one) => callOne(evaluator, one, call)))
    : callOne(evaluator, callee, call);
}

/** What is put into a list or buffer elsewhere was perhaps not seen when the file was acted out. */
function ofReceiver(evaluator: Evaluator, node: CallNode, { scope, env }: Place): number {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return 0;
  const { object } = node.callee;
  const back = givenBack(evaluator, { node, scope, env });
  if (object.type !== 'Identifier' && object.type !== 'CallExpression') return back;
  return back | (evaluator.evaluate(object, scope, env).origins & anyhow(flow.decoded | flow.fetched | flow.request));
}

function callOne(evaluator: Evaluator, callee: Value, call: Call): Value {
  const { node, scope, env } = call;
  if (callee.kind === 'class') return unknownValue;
  if (callee.kind === 'function') {
    const { fn } = callee;
    const given = evaluator.callFunction(fn, fn.returns.length === 0 ? [] : evaluator.arguments(node, scope, env));
    return callee.byName ? guess(given) : given;
  }
  if (callee.kind === 'reference') {
    if (callee.bound === undefined && !foldsOutsideCall(callee.name)) return outsideValue(evaluator, callee, call);
    const given = evaluator.arguments(node, scope, env);
    return foldOutsideCall(callee, given, evaluator) ?? outsideValue(evaluator, callee, call);
  }
  return methodCall(evaluator, call) ?? unknown(callee.origins | flowing(evaluator, call));
}

function outsideValue(evaluator: Evaluator, callee: ReferenceValue, call: Call): Value {
  if (!evaluator.followsOrigins && givesNothing(callee.name)) return foreignReference;
  const passed = parseLocalReference(callee.name) === undefined ? flowing(evaluator, call) : 0;
  if (callee.name === 'Promise' && evaluator.followsOrigins && call.node.type === 'NewExpression')
    return reference('Promise()', evaluator.flows.ofPromise(call.node.arguments[0]));
  return reference(`${callee.name}()`, callee.origins | givenBy(callee.name) | passed);
}

/** What flows through a function that is not seen into: what its plain arguments carry. What is asked for is not the answer. */
function flowing(evaluator: Evaluator, call: Call): number {
  const { node, scope, env } = call;
  if (!evaluator.followsOrigins || !('arguments' in node) || node.arguments.length > 4) return 0;
  let bits = 0;
  for (const argument of node.arguments)
    if (plainArguments.has(argument.type)) bits |= evaluator.evaluate(argument, scope, env).origins;
  bits |= givenBack(evaluator, call);
  return bits & ~(flow.parameter | flow.broad | anyhow(flow.request));
}

/** What flows out of the functions that a method is given. */
function givenBack(evaluator: Evaluator, { node, scope, env }: Call): number {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return 0;
  const name = propertyName(node.callee.property, node.callee.computed);
  if (name === undefined || !givesOn.has(name)) return 0;
  return originsGivenBack(
    node.arguments.filter(isFunctionNode).map((fn) => evaluator.evaluate(fn, scope, env)),
    evaluator,
  );
}

function methodCall(evaluator: Evaluator, call: Call): Value | undefined {
  const { node, scope, env } = call;
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
  const object = evaluator.evaluate(node.callee.object, scope, env);
  if (object.kind === 'reference') return undefined;
  const { property, computed } = node.callee;
  const name = propertyName(property, computed) ?? textOf(evaluator.evaluate(property, scope, env));
  if (name === undefined) return undefined;
  if (name === 'call' && object.kind === 'function') {
    return evaluator.callFunction(object.fn, evaluator.arguments(node, scope, env).slice(1));
  }
  if (name === 'bind' && object.kind === 'function') return object;
  if (object.kind !== 'unknown' && alternatives(object).some(({ kind }) => foldable.has(kind)))
    return foldMethodCall(evaluator, object, { ...call, name });
  // Where a text is cut does not flow into it, whether or not the text is known yet.
  if (cuts.has(name)) return unknown(object.origins);
  if (object.kind !== 'unknown') return undefined;
  return unknown(object.origins | flowing(evaluator, call));
}

function foldMethodCall(
  evaluator: Evaluator,
  object: Value,
  { node, scope, env, name }: Call & { readonly name: string },
): Value | undefined {
  const given = evaluator.arguments(node, scope, env);
  return alternatives(object).length > 1
    ? union(
        alternatives(object).map((one) => foldMethod(one, { name, given, caller: evaluator }) ?? unknown(one.origins)),
      )
    : foldMethod(object, { name, given, caller: evaluator });
}

const foldable: ReadonlySet<Value['kind']> = new Set(['constant', 'bytes', 'list', 'unknown']);

const plainArguments: ReadonlySet<Node['type']> = new Set([
  'Identifier',
  'MemberExpression',
  'CallExpression',
  'TemplateLiteral',
  'BinaryExpression',
  'AwaitExpression',
]);
