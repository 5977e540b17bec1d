/** Functions of the file: compiled when they are first called. */

import type { FunctionNode, Node } from '../syntax/scope.ts';
import { compileStatements } from './compile-block.ts';
import { compileTarget } from './compile-target.ts';
import { type Act, type CallState, type Frame, frameFor, type Names, namesIn, type Run } from './frame.ts';
import { type Closure, type Held, listOf } from './held.ts';
import { either } from './operations.ts';
import { blockNames, patternNames, varNames } from './scopes.ts';
import { compileExpression, type Spot } from './spot.ts';

interface Body {
  readonly names: Names;
  readonly bind: (frame: Frame, given: readonly Held[]) => void;
  readonly act: Act;
}

export function compileFunction(node: FunctionNode, at: Spot): Run {
  const { stage } = at;
  const isArrow = node.type === 'ArrowFunctionExpression';
  let body: Body | undefined;
  return (outer) => {
    const closure: Closure = {
      kind: 'closure',
      node,
      members: new Map(),
      self: isArrow ? outer.call.self : undefined,
      run: ({ self, given }) => {
        body ??= compileBody(node, at);
        const call: CallState = {
          self: isArrow ? outer.call.self : self,
          passed: isArrow ? outer.call.passed : given,
          possible: [],
          yields: node.generator ? listOf([]) : undefined,
          perhapsLeft: false,
        };
        const frame = frameFor(body.names, outer, call);
        const own = body.names.slots.get(ownName(node) ?? '');
        if (own !== undefined) frame.slots[own] = closure;
        body.bind(frame, given);
        return resultOf(body.act(frame), call);
      },
    };
    stage.closures.set(node, closure);
    return closure;
  };
}

function resultOf(leave: ReturnType<Act>, { possible, yields }: CallState): Held {
  if (yields !== undefined) return yields;
  const value = leave?.kind === 'return' ? leave.value : undefined;
  return possible.length === 0 ? value : either([value, ...possible]);
}

/** The name by which a function expression knows itself. */
function ownName(node: FunctionNode): string | undefined {
  return node.type === 'FunctionExpression' ? node.id?.name : undefined;
}

function compileBody(node: FunctionNode, outer: Spot): Body {
  const statements: readonly Node[] = node.body?.type === 'BlockStatement' ? node.body.body : [];
  const own = ownName(node);
  const names = namesIn(outer.names, [
    ...node.params.flatMap(patternNames),
    ...varNames(statements),
    ...blockNames(statements),
    ...(own === undefined ? [] : [own]),
  ]);
  const at: Spot = { ...outer, names };
  const params = node.params.map((param) =>
    param.type === 'RestElement'
      ? { write: compileTarget(param.argument, at), isRest: true }
      : { write: compileTarget(param, at), isRest: false },
  );
  const bind = (frame: Frame, given: readonly Held[]): void => {
    params.forEach(({ write, isRest }, index) => {
      write(frame, isRest ? listOf(given.slice(index)) : given[index]);
    });
  };
  if (node.body === null || node.body === undefined) return { names, bind, act: () => undefined };
  if (node.body.type === 'BlockStatement') return { names, bind, act: compileStatements(statements, at) };
  const value = compileExpression(node.body, at);
  return { names, bind, act: (frame) => ({ kind: 'return', value: value(frame) }) };
}
