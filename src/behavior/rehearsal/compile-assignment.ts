/** What writes: assignments, `++`, `delete`. */
import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import { compileKey, weigh } from './compile-parts.ts';
import { compileTarget } from './compile-target.ts';
import type { Frame, Run } from './frame.ts';
import { type Held, isThing, type Outside, truth, unsure, wordOf } from './held.ts';
import { setMember } from './members.ts';
import { binaryOf, toNumber } from './operations.ts';
import { compileExpression, type Spot } from './spot.ts';

export function compileAssignment(node: ESTree.AssignmentExpression, at: Spot): Run {
  const { operator, left, right } = node;
  if (left.type === 'MemberExpression') return compileMemberWrite(node, left, at);
  const value = compileExpression(right, at);
  const write = compileTarget(left, at);
  if (operator === '=') {
    return (frame) => {
      const made = value(frame);
      write(frame, made);
      return made;
    };
  }
  const read = compileExpression(left, at);
  const combine = combinerOf(operator);
  return (frame) => {
    const made = weigh(
      at.stage,
      combine(read(frame), () => value(frame)),
    );
    write(frame, made);
    return made;
  };
}

function compileMemberWrite(node: ESTree.AssignmentExpression, left: ESTree.MemberExpression, at: Spot): Run {
  const { stage } = at;
  const member = compileMemberPlace(left, at);
  const value = compileExpression(node.right, at);
  const combine = node.operator === '=' ? undefined : combinerOf(node.operator);
  return (frame) => {
    const { held, name } = member(frame);
    const made =
      combine === undefined
        ? value(frame)
        : combine(name === undefined ? unsure(0) : stage.get(held, name), () => value(frame));
    if (name === undefined) return made;
    if (isThing(held) && held.kind === 'outside' && !stage.writes.has(node))
      stage.writes.set(node, { target: held satisfies Outside, name, value: made });
    setMember(stage, held, { name, value: made });
    return made;
  };
}

type Combine = (old: Held, made: () => Held) => Held;

function combinerOf(operator: ESTree.AssignmentExpression['operator']): Combine {
  switch (operator) {
    case '&&=':
      return (old, made) => (truth(old) === false ? old : made());
    case '||=':
      return (old, made) => (truth(old) === true ? old : made());
    case '??=':
      return (old, made) => (old === undefined || old === null ? made() : old);
    default: {
      // Safe: what is left are the binary operators with `=` behind them.
      const operate = binaryOf(operator.slice(0, -1) as ESTree.BinaryOperator);
      return (old, made) => operate(old, made());
    }
  }
}

export function compileUpdate({ argument, operator, prefix }: ESTree.UpdateExpression, at: Spot): Run {
  const step = operator === '++' ? 1 : -1;
  const change = (old: Held): Held => (typeof old === 'number' ? old + step : toNumber(old, (number) => number + step));
  if (argument.type === 'MemberExpression') {
    const member = compileMemberPlace(argument, at);
    return (frame) => {
      const { held, name } = member(frame);
      if (name === undefined) return unsure(0);
      const old = at.stage.get(held, name);
      const changed = change(old);
      setMember(at.stage, held, { name, value: changed });
      return prefix ? changed : old;
    };
  }
  const read = compileExpression(argument, at);
  const write = compileTarget(argument, at);
  return (frame) => {
    const old = read(frame);
    const changed = change(old);
    write(frame, changed);
    return prefix ? changed : old;
  };
}

interface MemberPlace {
  readonly held: Held;
  readonly name: string | undefined;
}

/** A member that is read and written: what stands before it is acted out once. */
function compileMemberPlace(
  { object, property, computed }: ESTree.MemberExpression,
  at: Spot,
): (frame: Frame) => MemberPlace {
  const run = compileExpression(object, at);
  const literal = propertyName(property, computed);
  const key = literal === undefined ? compileKey(property, at) : (): Held => literal;
  return (frame) => ({ held: run(frame), name: wordOf(key(frame)) });
}

export function compileDelete(argument: Node, at: Spot): Run {
  if (argument.type !== 'MemberExpression') return () => true;
  const object = compileExpression(argument.object, at);
  const name = propertyName(argument.property, argument.computed);
  return (frame) => {
    const held = object(frame);
    if (name !== undefined && isThing(held) && held.kind === 'table') held.members.delete(name);
    return true;
  };
}
