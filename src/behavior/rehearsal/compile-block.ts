/** Statements after one another, and what perhaps does not happen. */
import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { type Act, type Frame, findSlot, frameFor, namesIn, Thrown, writeSlot } from './frame.ts';
import { blockNames, declarationOf } from './scopes.ts';
import { compileExpression, compileStatement, type Spot } from './spot.ts';

/** Statements after one another; functions that they declare are there from the start. */
export function compileStatements(statements: readonly Node[], at: Spot): Act {
  const { stage } = at;
  const functions = statements.flatMap((statement) => {
    const node = declarationOf(statement);
    return node.type === 'FunctionDeclaration' && node.id !== null ? [compileDefinition(node, node.id.name, at)] : [];
  });
  const acts = statements
    .filter(({ type }) => type !== 'FunctionDeclaration' && type !== 'EmptyStatement')
    .map((statement) => compileStatement(statement, at));
  return (frame) => {
    for (const define of functions) define(frame);
    for (const act of acts) {
      stage.spend(1);
      const leave = act(frame);
      if (leave !== undefined) return leave;
    }
    return undefined;
  };
}

export function compileBlock(statements: readonly Node[], outer: Spot): Act {
  const declared = blockNames(statements);
  if (declared.length === 0) return compileStatements(statements, outer);
  const names = namesIn(outer.names, declared);
  const act = compileStatements(statements, { ...outer, names });
  return (frame) => act(frameFor(names, frame, frame.call));
}

export function compileDefinition(
  node: ESTree.FunctionDeclaration | ESTree.ClassDeclaration,
  name: string,
  at: Spot,
): Act {
  const run = compileExpression(node, at);
  const slot = findSlot(at.names, name);
  const write = slot === undefined ? undefined : writeSlot(slot);
  return (frame) => {
    write?.(frame, run(frame));
    return undefined;
  };
}

/** Acts out what perhaps does not happen: it leaves nothing for certain. */
export function perhaps(act: Act, frame: Frame): void {
  try {
    const leave = act(frame);
    if (leave === undefined) return;
    if (leave.kind === 'return') frame.call.possible.push(leave.value);
    frame.call.perhapsLeft = true;
  } catch (thrown) {
    if (!(thrown instanceof Thrown)) throw thrown;
  }
}
