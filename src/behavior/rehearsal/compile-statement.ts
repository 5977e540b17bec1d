/** Statements. Where a test cannot be decided both branches are acted out, one after the other, and neither leaves for certain. */

import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { compileBlock, compileDefinition, compileStatements, perhaps } from './compile-block.ts';
import { compileLoop } from './compile-loop.ts';
import { compileImport } from './compile-module.ts';
import { compileTarget } from './compile-target.ts';
import { type Act, type Frame, frameFor, type Leave, namesIn, type Run, Thrown } from './frame.ts';
import { truth, unsure } from './held.ts';
import { binaryOf } from './operations.ts';
import { blockNames, patternNames } from './scopes.ts';
import { compileExpression, compileStatement, type Spot } from './spot.ts';
import type { Stage } from './stage.ts';

type Compilers = {
  readonly [Type in Node['type']]?: (node: Extract<Node, { readonly type: Type }>, at: Spot) => Act;
};

export function statementOf(node: Node, at: Spot): Act {
  // Safe: `compilers` maps each type to a function that takes nodes of that type.
  const compile = compilers[node.type] as ((node: Node, at: Spot) => Act) | undefined;
  return compile === undefined ? () => undefined : compile(node, at);
}

const compilers: Compilers = {
  ExpressionStatement: ({ expression }, at) => doing(compileExpression(expression, at)),
  VariableDeclaration: compileVariables,
  ReturnStatement: ({ argument }, at) => {
    if (argument === null || argument === undefined) return () => ({ kind: 'return', value: undefined });
    const run = compileExpression(argument, at);
    return (frame) => ({ kind: 'return', value: run(frame) });
  },
  ThrowStatement: ({ argument }, at) => {
    const run = compileExpression(argument, at);
    return (frame) => {
      throw new Thrown(run(frame));
    };
  },
  BreakStatement: ({ label }) => {
    const leave: Leave = { kind: 'break', label: label?.name };
    return () => leave;
  },
  ContinueStatement: ({ label }) => {
    const leave: Leave = { kind: 'continue', label: label?.name };
    return () => leave;
  },
  IfStatement: compileIf,
  BlockStatement: ({ body }, at) => compileBlock(body, at),
  SwitchStatement: compileSwitch,
  TryStatement: compileTry,
  ForStatement: (node, at) => compileLoop(node, at, undefined),
  WhileStatement: (node, at) => compileLoop(node, at, undefined),
  DoWhileStatement: (node, at) => compileLoop(node, at, undefined),
  ForOfStatement: (node, at) => compileLoop(node, at, undefined),
  ForInStatement: (node, at) => compileLoop(node, at, undefined),
  LabeledStatement: compileLabeled,
  ClassDeclaration: (node, at) => compileDefinition(node, node.id?.name ?? 'default', at),
  ImportDeclaration: compileImport,
  ExportNamedDeclaration: (node, at) =>
    node.declaration === null ? () => undefined : compileStatement(node.declaration, at),
  ExportDefaultDeclaration: ({ declaration }, at) => {
    if (declaration.type === 'FunctionDeclaration') return () => undefined;
    return declaration.type === 'ClassDeclaration'
      ? compileStatement(declaration, at)
      : doing(compileExpression(declaration, at));
  },
};

function doing(run: Run): Act {
  return (frame) => {
    run(frame);
    return undefined;
  };
}

function compileVariables({ declarations, kind }: ESTree.VariableDeclaration, at: Spot): Act {
  const writes = declarations.flatMap(({ id, init }) => {
    // `let x;` in a loop is undefined again each time; `var x;` is what it was.
    if (init === null && kind === 'var') return [];
    const value: Run = init === null ? () => undefined : compileExpression(init, at);
    return [{ write: compileTarget(id, at), value }];
  });
  return (frame) => {
    for (const { write, value } of writes) write(frame, value(frame));
    return undefined;
  };
}

function compileIf({ test, consequent, alternate }: ESTree.IfStatement, at: Spot): Act {
  const decide = compileExpression(test, at);
  const first = compileStatement(consequent, at);
  const second = alternate === null ? undefined : compileStatement(alternate, at);
  return (frame) => {
    const known = truth(decide(frame));
    if (known !== undefined) return known ? first(frame) : second?.(frame);
    perhaps(first, frame);
    if (second !== undefined) perhaps(second, frame);
    return undefined;
  };
}

function compileSwitch({ discriminant, cases }: ESTree.SwitchStatement, outer: Spot): Act {
  const statements = cases.flatMap(({ consequent }) => consequent);
  const names = namesIn(outer.names, blockNames(statements));
  const at: Spot = { ...outer, names };
  const value = compileExpression(discriminant, outer);
  const equals = binaryOf('===');
  const branches = cases.map(({ test, consequent }) => ({
    test: test === null ? undefined : compileExpression(test, at),
    act: compileStatements(consequent, at),
  }));
  return (outside) => {
    const found = value(outside);
    const frame = frameFor(names, outside, outside.call);
    const answers = branches.map(({ test }) => (test === undefined ? false : truth(equals(found, test(frame)))));
    if (answers.includes(undefined)) {
      for (const { act } of branches) perhaps(act, frame);
      return undefined;
    }
    const chosen = answers.indexOf(true);
    const start = chosen >= 0 ? chosen : branches.findIndex(({ test }) => test === undefined);
    for (const { act } of start < 0 ? [] : branches.slice(start)) {
      const leave = act(frame);
      if (leave !== undefined) return leave.kind === 'break' && leave.label === undefined ? undefined : leave;
    }
    return undefined;
  };
}

interface Handler {
  readonly act: Act;
  readonly bind: (frame: Frame, value: Thrown['value']) => Frame;
}

function compileTry({ block, handler, finalizer }: ESTree.TryStatement, at: Spot): Act {
  const { stage } = at;
  const body = compileBlock(block.body, at);
  const caught = handler === null ? undefined : compileHandler(handler, at);
  const last = finalizer === null ? undefined : compileBlock(finalizer.body, at);
  return (frame) => {
    let leave: Leave | undefined;
    const before = stage.outsideCalls;
    try {
      leave = attempt(body, frame, stage);
    } catch (thrown) {
      if (!(thrown instanceof Thrown)) throw thrown;
      if (caught === undefined) {
        last?.(frame);
        throw thrown;
      }
      leave = caught.act(caught.bind(frame, thrown.value));
      return last?.(frame) ?? leave;
    }
    // What is outside may fail.
    if (caught !== undefined && stage.outsideCalls > before) perhaps(caught.act, caught.bind(frame, unsure(0)));
    return last?.(frame) ?? leave;
  };
}

function attempt(body: Act, frame: Frame, stage: Stage): Leave | undefined {
  stage.tries += 1;
  try {
    return body(frame);
  } finally {
    stage.tries -= 1;
  }
}

function compileHandler({ param, body }: ESTree.CatchClause, outer: Spot): Handler {
  const names = namesIn(outer.names, param === null ? [] : patternNames(param));
  const at: Spot = { ...outer, names };
  const write = param === null ? undefined : compileTarget(param, at);
  const bind = (outside: Frame, value: Thrown['value']): Frame => {
    const frame = frameFor(names, outside, outside.call);
    write?.(frame, value);
    return frame;
  };
  return { act: compileBlock(body.body, at), bind };
}

function compileLabeled({ label, body }: ESTree.LabeledStatement, at: Spot): Act {
  if (isLoop(body)) return compileLoop(body, at, label.name);
  const act = compileStatement(body, at);
  return (frame) => {
    const leave = act(frame);
    return leave?.kind === 'break' && leave.label === label.name ? undefined : leave;
  };
}

type Loop = Parameters<typeof compileLoop>[0];

function isLoop(node: Node): node is Loop {
  return node.type.startsWith('For') || node.type === 'WhileStatement' || node.type === 'DoWhileStatement';
}
