/** Whose parameter an object is, told by names alone: what is written to it, whoever calls the function has handed to it. */

import type { GivenPart } from '../summary/file-summary.ts';
import { type Entrance, type Fn, findBinding, type Node, type Scope, type Write } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { union, type Value } from '../values/value.ts';
import { passedBy } from '../values/written-value.ts';

/** A parameter of a function, or a part of it; number -1 is `this`. */
export interface Given {
  readonly fn: Fn;
  readonly index: number;
  readonly path: readonly string[];
}

interface GivenNode {
  readonly ways: readonly Given[];
  /** It is nothing else. */
  readonly wholly: boolean;
}

const maxDepth = 4;
const maxWrites = 4;
const maxPath = 3;
const nothing: GivenNode = { ways: [], wholly: false };

/** Whose parameters an expression is. */
export function findGiven(node: Node, scope: Scope, depth = 0): GivenNode {
  switch (node.type) {
    case 'Identifier': {
      const writes = depth < maxDepth ? findBinding(scope, node.name)?.writes : undefined;
      if (writes === undefined || writes.length === 0 || writes.length > maxWrites) return nothing;
      return join(writes.map((write) => givenByWrite(write, depth)));
    }
    case 'MemberExpression': {
      const name = propertyName(node.property, node.computed);
      if (name === undefined) return nothing;
      if (isArguments(node.object, scope))
        return { ways: [{ fn: calledFn(scope), index: Number(name), path: [] }], wholly: true };
      return partOf(findGiven(node.object, scope, depth), [name]);
    }
    case 'LogicalExpression':
      return join([findGiven(node.left, scope, depth), findGiven(node.right, scope, depth)]);
    case 'ConditionalExpression':
      return join([findGiven(node.consequent, scope, depth), findGiven(node.alternate, scope, depth)]);
    case 'AssignmentExpression':
      return findGiven(node.right, scope, depth);
    case 'ChainExpression':
    case 'ParenthesizedExpression':
      return findGiven(node.expression, scope, depth);
    case 'ThisExpression':
      return { ways: [{ fn: calledFn(scope), index: -1, path: [] }], wholly: true };
    default:
      return nothing;
  }
}

function givenByWrite(write: Write, depth: number): GivenNode {
  if (write.kind === 'parameter') {
    const path = namesOf(write.path);
    if (write.rest || path === undefined) return nothing;
    return { ways: [{ fn: write.fn, index: write.index, path }], wholly: true };
  }
  const path = write.kind === 'value' ? namesOf(write.path) : undefined;
  return write.kind !== 'value' || path === undefined
    ? nothing
    : partOf(findGiven(write.node, write.scope, depth + 1), path);
}

function namesOf(path: Extract<Write, { kind: 'parameter' }>['path']): readonly string[] | undefined {
  const names = path.flatMap((key) => (typeof key === 'object' ? [] : [String(key)]));
  return names.length === path.length ? names : undefined;
}

function partOf({ ways, wholly }: GivenNode, path: readonly string[]): GivenNode {
  if (ways.length === 0 || path.length === 0) return { ways, wholly };
  const longer = ways.map((way) => ({ ...way, path: [...way.path, ...path] }));
  return { ways: longer.filter((way) => way.path.length <= maxPath), wholly };
}

function join(nodes: readonly GivenNode[]): GivenNode {
  return { ways: nodes.flatMap(({ ways }) => ways), wholly: nodes.every(({ wholly }) => wholly) };
}

function isArguments(node: Node, scope: Scope): boolean {
  return node.type === 'Identifier' && node.name === 'arguments' && findBinding(scope, 'arguments') === undefined;
}

/** The function that `this` and `arguments` belong to: an arrow has none of its own. */
function calledFn({ fn }: Scope): Fn {
  let at = fn;
  while (at.node.type === 'ArrowFunctionExpression' && at.scope !== undefined) at = at.scope.fn;
  return at;
}

/** What a call that is no plain one gives: `list.forEach(f)`, `promise.then(f)`. The plain ones tell it as they are followed. */
export function valueByCallback(evaluator: Evaluator, { fn, index, path }: Given): Value {
  const callbacks = fn.entrances.filter(({ kind }) => kind === 'callback');
  const values = callbacks.map((entrance) => passedBy(evaluator, entrance, { index, rest: false }));
  return union(values.map((whole) => path.reduce((value, name) => evaluator.property(value, name), whole)));
}

export function toPart({ fn, index, path }: Given): GivenPart {
  return { fn: fn.id, index, path: path.map((name) => `.${name}`).join('') };
}

/** What a call passes for a parameter; of a list that is walked, the list. */
export function findPassed({ kind, site: { node }, argument }: Entrance, index: number): Node | undefined {
  if (!('arguments' in node)) return undefined;
  if (kind !== 'callback') return node.arguments[argument + index];
  return index === 0 && node.callee.type === 'MemberExpression' ? node.callee.object : undefined;
}
