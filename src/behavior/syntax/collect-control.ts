/** Statements that decide whether, how often and under which tests others run. */
import type { ESTree } from 'meriyah';
import type { Collector } from './collector.ts';
import { type AnswerSite, functionScope, type LoopNode, type Node, type Path, type Write } from './scope.ts';
import { alwaysLeaves } from './syntax.ts';

export function visitStatements(at: Collector, statements: readonly Node[]): void {
  const outer = at.condition;
  for (const statement of statements) {
    at.visit(statement);
    // `if (!wanted) return;` decides about everything below it.
    if (statement.type === 'IfStatement' && statement.alternate === null && alwaysLeaves(statement.consequent)) {
      at.condition = { test: statement.test, scope: at.scope, negated: true, outer: at.condition };
    }
    const left = findLeft(statement);
    if (left !== undefined) at.condition = { test: left, scope: at.scope, negated: true, outer: at.condition };
  }
  at.condition = outer;
}

/** Of a block in a block; who returns from further inside is not seen. */
const maxInner = 3;

/** `for (const one of all) if (one.fits) return one;`: what stands below it depends on what was gone through. */
function findLeft(statement: Node): Node | undefined {
  switch (statement.type) {
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return statement.test !== null && mayReturn(statement.body, 0) ? statement.test : undefined;
    case 'ForInStatement':
    case 'ForOfStatement':
      return mayReturn(statement.body, 0) ? statement.right : undefined;
    default:
      return undefined;
  }
}

/** Under a test. */
function mayReturn(statement: Node, depth: number): boolean {
  if (depth > maxInner) return false;
  if (statement.type === 'BlockStatement') return statement.body.some((inner) => mayReturn(inner, depth + 1));
  return statement.type === 'IfStatement' && returns(statement.consequent);
}

function returns(statement: Node): boolean {
  if (statement.type === 'BlockStatement') return statement.body.some(({ type }) => type === 'ReturnStatement');
  return statement.type === 'ReturnStatement';
}

export function visitBlock(at: Collector, node: ESTree.BlockStatement | ESTree.StaticBlock): void {
  at.within({ isFunction: false }, () => visitStatements(at, node.body));
}

export function visitIf(at: Collector, node: ESTree.IfStatement | ESTree.ConditionalExpression): void {
  if (node.type === 'ConditionalExpression') addAside(at, node);
  at.visit(node.test);
  at.under(node.test, false, () => at.visit(node.consequent));
  const { alternate } = node;
  if (alternate !== null) at.under(node.test, true, () => at.visit(alternate));
}

export function visitLogical(at: Collector, node: ESTree.LogicalExpression): void {
  at.visit(node.left);
  at.under(node.left, node.operator !== '&&', () => at.visit(node.right));
}

export function visitSwitch(at: Collector, node: ESTree.SwitchStatement): void {
  at.visit(node.discriminant);
  at.within({ isFunction: false }, () => {
    const outer = at.condition;
    for (const { test, consequent } of node.cases) {
      if (test !== null) at.visit(test);
      const under = { test: node.discriminant, scope: at.scope, negated: false, outer };
      at.condition = test === null ? under : { ...under, equals: test };
      visitStatements(at, consequent);
      at.condition = outer;
    }
  });
}

export function visitLoop(at: Collector, node: LoopNode | ESTree.ForInStatement, label?: string): void {
  at.within({ isFunction: false }, () => {
    if (node.type !== 'ForInStatement') at.sites.loops.push({ node, label, ...at.site() });
    if (node.type === 'ForStatement') {
      if (node.init !== null) at.visit(node.init);
    } else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') {
      visitIteration(at, node);
    }
    at.loops += 1;
    if ('test' in node && node.test !== null) at.visit(node.test);
    if (node.type === 'ForStatement' && node.update !== null) at.visit(node.update);
    const test = 'test' in node ? node.test : null;
    if (test === null) at.visit(node.body);
    else at.under(test, false, () => at.visit(node.body));
    at.loops -= 1;
  });
}

export function visitLabeled(at: Collector, node: ESTree.LabeledStatement): void {
  const { body } = node;
  if (
    body.type === 'ForStatement' ||
    body.type === 'WhileStatement' ||
    body.type === 'DoWhileStatement' ||
    body.type === 'ForOfStatement'
  ) {
    visitLoop(at, body, node.label.name);
  } else at.visit(body);
}

function visitIteration(at: Collector, node: ESTree.ForOfStatement | ESTree.ForInStatement): void {
  const write = (path: Path): Write => ({ kind: 'each', node: node.right, scope: at.scope, path });
  if (node.left.type === 'VariableDeclaration') {
    const scope = node.left.kind === 'var' ? functionScope(at.scope) : at.scope;
    for (const { id } of node.left.declarations) at.declarePattern(id, scope, write);
  } else at.assignPattern(node.left, write);
  at.visit(node.right);
}

export function visitTry(at: Collector, node: ESTree.TryStatement): void {
  const tried = at.tried;
  at.tried = node.handler !== null || tried;
  at.visit(node.block);
  at.tried = tried;
  if (node.handler !== null) {
    const { param, body } = node.handler;
    const { handling } = at;
    at.handling = true;
    at.within({ isFunction: false }, () => {
      if (param !== null) at.declarePattern(param, at.scope, () => ({ kind: 'caught' }));
      at.visit(body);
    });
    at.handling = handling;
  }
  if (node.finalizer !== null) at.visit(node.finalizer);
}

export function visitThrow(at: Collector, node: ESTree.ThrowStatement): void {
  at.sites.throws.push({ node, ...at.site() });
  at.visit(node.argument);
}

export function visitReturn(at: Collector, node: ESTree.ReturnStatement): void {
  if (node.argument === null) return;
  at.fn.returns.push({ node: node.argument, scope: at.scope });
  addAnswer(at, node);
  if (node.argument.type === 'ConditionalExpression') addChoice(at, node, node.argument);
  at.visit(node.argument);
}

/** Of the two the one that is more than nothing. */
function addChoice(at: Collector, node: ESTree.ReturnStatement, chosen: ESTree.ConditionalExpression): void {
  const argument = chosen.consequent.type === 'Literal' ? chosen.alternate : chosen.consequent;
  at.under(chosen.test, false, () => {
    const { condition, ...site } = at.site();
    if (condition !== undefined)
      at.sites.answers.push({ node: { ...node, argument }, condition, ...site, isChoice: true });
  });
}

/** What is chosen anywhere. */
function addAside(at: Collector, { test, start, end }: ESTree.ConditionalExpression): void {
  const node: ESTree.ReturnStatement = {
    type: 'ReturnStatement',
    argument: test,
    ...(start !== undefined && { start, end }),
  };
  at.under(test, false, () => {
    const { condition, ...site } = at.site();
    if (condition !== undefined) at.sites.answers.push({ node, condition, ...site, isAside: true });
  });
}

export function addAnswer(at: Collector, node: AnswerSite['node']): void {
  const { condition, ...site } = at.site();
  if (condition !== undefined) at.sites.answers.push({ node, condition, ...site });
}
