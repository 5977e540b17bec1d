/** Loops: as often as the program would, while it only computes; a few times where it acts on the outside. */

import type { ESTree } from 'meriyah';
import type { LoopNode, Node } from '../syntax/scope.ts';
import { perhaps } from './compile-block.ts';
import { compileTarget } from './compile-target.ts';
import { type Act, type Frame, frameFor, type Leave, namesIn, type Run } from './frame.ts';
import { type Held, isThing, originsOf, truth, unsure } from './held.ts';
import { declaredNames } from './scopes.ts';
import { compileExpression, compileStatement, type Spot } from './spot.ts';
import type { Stage } from './stage.ts';

/** A loop that acts on the outside in every turn does the same each time, as a rule. */
const maxActingTurns = 48;

export function compileLoop(node: LoopNode | ESTree.ForInStatement, at: Spot, label: string | undefined): Act {
  switch (node.type) {
    case 'ForStatement':
      return compileFor(node, at, label);
    case 'WhileStatement':
    case 'DoWhileStatement': {
      const decide = compileExpression(node.test, at);
      const act = compileStatement(node.body, at);
      return (frame) => turn({ stage: at.stage, label, decide, act, isChecked: node.type === 'WhileStatement' }, frame);
    }
    default:
      return compileIteration(node, at, label);
  }
}

interface Turning {
  readonly stage: Stage;
  readonly label: string | undefined;
  readonly decide: Run;
  readonly act: Act;
  readonly update?: Run | undefined;
  /** Whether the test stands before the first turn. */
  readonly isChecked: boolean;
  /** Makes the frame of the next turn. */
  readonly renew?: (frame: Frame) => Frame;
}

function turn({ stage, label, decide, act, update, isChecked, renew }: Turning, start: Frame): Leave | undefined {
  const before = stage.outsideCalls;
  let frame = start;
  for (let turns = 0; ; turns += 1) {
    stage.spend(1);
    const known = turns === 0 && !isChecked ? true : truth(decide(frame));
    if (known === false) return undefined;
    if (known === undefined) {
      perhaps(act, frame);
      return undefined;
    }
    frame.call.perhapsLeft = false;
    const leave = act(frame);
    if (leave !== undefined && !(leave.kind === 'continue' && isMine(leave, label)))
      return leave.kind === 'break' && isMine(leave, label) ? undefined : leave;
    if (frame.call.perhapsLeft || (turns >= maxActingTurns && stage.outsideCalls > before)) return undefined;
    if (renew !== undefined) frame = renew(frame);
    update?.(frame);
  }
}

function isMine(leave: Exclude<Leave, { kind: 'return' }>, label: string | undefined): boolean {
  return leave.label === undefined || leave.label === label;
}

function compileFor(node: ESTree.ForStatement, outer: Spot, label: string | undefined): Act {
  const { init, test, update, body } = node;
  const names = namesIn(
    outer.names,
    init?.type === 'VariableDeclaration' && init.kind !== 'var' ? declaredNames(init) : [],
  );
  const isOwn = names.slots.size > 0;
  const at = isOwn ? { ...outer, names } : outer;
  const begin =
    init === null
      ? undefined
      : init.type === 'VariableDeclaration'
        ? compileStatement(init, at)
        : compileExpression(init, at);
  const turning: Turning = {
    stage: outer.stage,
    label,
    decide: test === null ? () => true : compileExpression(test, at),
    act: compileStatement(body, at),
    update: update === null ? undefined : compileExpression(update, at),
    isChecked: true,
    // Each turn has variables of its own, which closures may keep.
    ...(isOwn ? { renew: (frame: Frame): Frame => ({ ...frame, slots: [...frame.slots] }) } : {}),
  };
  return (outside) => {
    const frame = isOwn ? frameFor(names, outside, outside.call) : outside;
    begin?.(frame);
    return turn(turning, frame);
  };
}

function compileIteration(
  node: ESTree.ForOfStatement | ESTree.ForInStatement,
  outer: Spot,
  label: string | undefined,
): Act {
  const { left, right, body } = node;
  const { stage } = outer;
  const names = namesIn(
    outer.names,
    left.type === 'VariableDeclaration' && left.kind !== 'var' ? declaredNames(left) : [],
  );
  const at: Spot = { ...outer, names };
  const source = compileExpression(right, outer);
  const target: Node | undefined = left.type === 'VariableDeclaration' ? left.declarations[0]?.id : left;
  const write = target === undefined ? undefined : compileTarget(target, at);
  const act = compileStatement(body, at);
  const isOf = node.type === 'ForOfStatement';
  return (outside) => {
    const iterated = source(outside);
    const elements = isOf ? stage.iterate(iterated) : keysOf(iterated);
    const before = stage.outsideCalls;
    const isUnsure = elements === undefined;
    let turns = 0;
    for (const element of elements ?? [unsure(originsOf(iterated))]) {
      stage.spend(1);
      const frame = frameFor(names, outside, outside.call);
      write?.(frame, element);
      outside.call.perhapsLeft = false;
      if (isUnsure) {
        perhaps(act, frame);
        return undefined;
      }
      const leave = act(frame);
      if (leave !== undefined && !(leave.kind === 'continue' && isMine(leave, label)))
        return leave.kind === 'break' && isMine(leave, label) ? undefined : leave;
      turns += 1;
      if (turns >= maxActingTurns && stage.outsideCalls > before) return undefined;
    }
    return undefined;
  };
}

function keysOf(held: Held): readonly Held[] | undefined {
  if (!isThing(held)) return typeof held === 'string' ? [...held].map((_, index) => String(index)) : [];
  if (held.kind === 'table') return [...held.members.keys()];
  return held.kind === 'list' ? held.elements.map((_, index) => String(index)) : undefined;
}
