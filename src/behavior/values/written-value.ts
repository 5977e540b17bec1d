/** What a variable may hold: the value of each write to it, and of a parameter what the calls found pass for it. */
import { givenBy } from '../outside/catalog.ts';
import { isRequestPart } from '../outside/request-part.ts';
import { runsCompiled } from '../syntax/compiled-async.ts';
import {
  type Binding,
  type CallSite,
  type Compound,
  type Entrance,
  type Fn,
  maxFollowedParameters,
  type Path,
  type Write,
} from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from './evaluate.ts';
import { flow } from './flow.ts';
import { foldBinary } from './fold-operator.ts';
import { moduleReference } from './references.ts';
import {
  constant,
  constantOf,
  type Environment,
  guess,
  referenceNames,
  throughCall,
  union,
  unknown,
  unknownValue,
  type Value,
  withOrigins,
} from './value.ts';

const maxEntrances = 6;
const maxWrites = 32;

/** What a variable may hold, all its writes together. */
export function valueOfWrites(evaluator: Evaluator, binding: Binding, env: Environment | undefined): Value {
  const [only, second] = binding.writes;
  if (only !== undefined && second === undefined) return valueOfWrite(evaluator, only, env);
  const writes = binding.writes.slice(0, maxWrites);
  const [first, ...rest] = writes;
  if (
    first?.kind === 'value' &&
    rest.length > 0 &&
    rest.every((write): write is Compound => isAppended(write, binding))
  ) {
    return rest.reduce<Value>(
      (text, { operand, scope }) => foldBinary('+', text, evaluator.evaluate(operand, scope, env)),
      valueOfWrite(evaluator, first, env),
    );
  }
  return union(writes.map((write) => valueOfWrite(evaluator, write, env)));
}

/** A text that is put together line by line is taken as whole: what uses it comes after. */
function isAppended(write: Write, { owner }: Binding): boolean {
  return write.kind === 'compound' && write.operator === '+=' && write.once && write.scope.fn === owner;
}

type ParameterWrite = Extract<Write, { readonly kind: 'parameter' }>;

function valueOfWrite(evaluator: Evaluator, write: Write, env: Environment | undefined): Value {
  switch (write.kind) {
    case 'value': {
      const value = follow(evaluator, evaluator.evaluate(write.node, write.scope, env), write.path);
      const [part] = write.path;
      const isPart = typeof part === 'string' && isRequestPart(write.node, part, write.scope);
      return isPart ? withOrigins(value, flow.request) : value;
    }
    case 'compound': {
      const { origins } = evaluator.evaluate(write.operand, write.scope, env);
      return unknown(origins);
    }
    case 'each': {
      const iterated = evaluator.evaluate(write.node, write.scope, env);
      const one = iterated.kind === 'list' ? union(iterated.elements.slice(0, 64)) : unknown(iterated.origins);
      return follow(evaluator, one, write.path);
    }
    case 'import': {
      const module = moduleReference(write.module);
      return write.member === '*' ? module : evaluator.property(module, write.member);
    }
    case 'function':
      return { kind: 'function', fn: write.fn, origins: 0 };
    case 'class':
      return { kind: 'class', node: write.node, scope: write.scope, origins: 0 };
    case 'parameter':
      return follow(evaluator, parameter(evaluator, write), write.path);
    default:
      return unknownValue;
  }
}

function follow(evaluator: Evaluator, value: Value, path: Path): Value {
  return path.reduce<Value>((at, key) => {
    if (typeof key !== 'object') return evaluator.property(at, String(key));
    const name = constantOf(evaluator.evaluate(key.node, key.scope));
    return name === undefined ? unknown(at.origins) : evaluator.property(at, String(name.value));
  }, value);
}

function parameter(evaluator: Evaluator, wanted: ParameterWrite): Value {
  const { fn } = wanted;
  const { entrances } = fn;
  if (entrances.length === 0 || wanted.index >= maxFollowedParameters) return unknown(flow.parameter);
  const given = entrances.slice(0, maxEntrances).map((entrance) => {
    const value = passedBy(evaluator, entrance, wanted);
    if (entrance.kind === 'method') return guess(value);
    return entrance.kind === 'callback' ? value : throughCall(value);
  });
  if (!evaluator.followsOrigins) return union(given);
  // Who calls by the name of a method is not known, nor who calls what only calls itself.
  const isOpen = entrances.some(({ kind }) => kind === 'method') || entrances.every(({ site }) => isIn(site.fn, fn));
  const others = isOpen ? [unknown(flow.parameter)] : [];
  return union([...given, ...others, ...waitedFor(evaluator, wanted)]);
}

/** Itself, or a function that stands in it. */
function isIn(inner: Fn, fn: Fn): boolean {
  return inner === fn || (inner.scope !== undefined && isIn(inner.scope.fn, fn));
}

/** `case 0: return [4, fetch(url)]; case 1: answer = state.sent();`: what compiled code waits for comes back to it. */
function waitedFor(evaluator: Evaluator, { fn, index }: ParameterWrite): Value[] {
  if (index !== 0 || !fn.entrances.some(({ kind, site }) => kind === 'callback' && runsCompiled(site.node))) return [];
  return fn.returns.map(({ node, scope }) => unknown(evaluator.evaluate(node, scope).origins & ~flow.parameter));
}

/** What one way into a function passes for one parameter. */
export function passedBy(
  evaluator: Evaluator,
  { kind, site, argument }: Entrance,
  { index, rest }: Pick<ParameterWrite, 'index' | 'rest'>,
): Value {
  const { node, scope } = site;
  if (kind !== 'callback') {
    if (rest) return { kind: 'list', elements: evaluator.arguments(node, scope).slice(argument + index), origins: 0 };
    return argumentAt(evaluator, site, argument + index);
  }
  const receiver =
    node.type === 'CallExpression' && node.callee.type === 'MemberExpression'
      ? evaluator.evaluate(node.callee.object, scope)
      : unknown(evaluator.callee(node, scope).origins);
  const method =
    node.type === 'CallExpression' && node.callee.type === 'MemberExpression'
      ? propertyName(node.callee.property, node.callee.computed)
      : undefined;
  if (method === 'then' && index === 0) return receiver;
  if (receiver.kind === 'list' && index === 0) return union(receiver.elements.slice(0, 64));
  const [event] = 'arguments' in node ? node.arguments : [];
  if (evaluator.followsOrigins && listening.has(method ?? '') && event?.type === 'Literal') {
    const emitted = evaluator.flows.ofEvent(String(event.value), index);
    if (emitted !== 0) return unknown(receiver.origins | emitted);
  }
  const names = namesCalled(evaluator, site);
  // `setTimeout(f, 0, value)`
  const extra = names.map((name) => firstPassedOn.get(name)).find((first) => first !== undefined);
  if (extra !== undefined && !rest) return argumentAt(evaluator, site, extra + index);
  const given = names.reduce((bits, name) => bits | givenBy(name), 0);
  return unknown(receiver.origins | given);
}

/** Which argument is the first that these hand on to the function they call. */
const firstPassedOn: ReadonlyMap<string, number> = new Map([
  ['setTimeout', 2],
  ['setInterval', 2],
  ['setImmediate', 1],
  ['process.nextTick', 1],
]);

const listening: ReadonlySet<string> = new Set(['on', 'once', 'addListener', 'prependListener']);

/** What a call calls of the outside, through `call`, `apply` and `Reflect.apply`. */
function namesCalled(evaluator: Evaluator, { node, scope }: CallSite): readonly string[] {
  const names = referenceNames(evaluator.callee(node, scope));
  const [first] = 'arguments' in node ? node.arguments : [];
  if (names.includes('Reflect.apply') && first !== undefined) return referenceNames(evaluator.evaluate(first, scope));
  return names.map((name) => name.replace(/\.(?:call|apply)$/, ''));
}

function argumentAt(evaluator: Evaluator, { node, scope }: CallSite, index: number): Value {
  if (!('arguments' in node)) return unknownValue;
  const before = node.arguments.slice(0, index + 1);
  if (before.some(({ type }) => type === 'SpreadElement'))
    return evaluator.arguments(node, scope)[index] ?? unknownValue;
  const argument = before[index];
  return argument === undefined ? constant(undefined) : evaluator.evaluate(argument, scope);
}
