/** Where an expression or statement stands, and what turns it into a function that acts it out. */
import type { Node } from '../syntax/scope.ts';
import type { Act, Names, Run } from './frame.ts';
import type { Stage } from './stage.ts';

export interface Spot {
  readonly stage: Stage;
  readonly names: Names;
  /** By type of node; given here, so that statements and expressions may hold one another. */
  readonly compilers: {
    readonly expression: (node: Node, at: Spot) => Run;
    readonly statement: (node: Node, at: Spot) => Act;
  };
}

/** What nests without end costs steps before it runs. */
export function compileExpression(node: Node, at: Spot): Run {
  at.stage.spend(1);
  return at.compilers.expression(node, at);
}

export function compileStatement(node: Node, at: Spot): Act {
  at.stage.spend(1);
  return at.compilers.statement(node, at);
}
