/** Where variables get their values: declarations, assignments, parameters. */
import type { ESTree } from 'meriyah';
import { copyField } from '../calls/mail-copies.ts';
import { addAnswer } from './collect-control.ts';
import type { Collector } from './collector.ts';
import { type Compound, functionScope, type Write } from './scope.ts';
import { propertyName } from './syntax.ts';

export function visitDeclaration(at: Collector, node: ESTree.VariableDeclaration): void {
  const scope = node.kind === 'var' ? functionScope(at.scope) : at.scope;
  for (const { id, init } of node.declarations) {
    at.declarePattern(id, scope, (path) =>
      init === null ? undefined : { kind: 'value', node: init, scope: at.scope, path },
    );
    if (init !== null) at.visitNamed(init, id.type === 'Identifier' ? id.name : undefined);
  }
}

export function visitAssignment(at: Collector, node: ESTree.AssignmentExpression): void {
  const { left, right } = node;
  if (left.type === 'MemberExpression') {
    at.sites.memberWrites.push({ node, ...at.site() });
    const name = propertyName(left.property, left.computed);
    at.store(name, right);
    if (name !== undefined && copyField.test(name)) at.sites.copies.push({ node: right, ...at.site() });
    at.visit(left);
    at.visitNamed(right, name);
    return;
  }
  if (left.type === 'Identifier') {
    const write: Write = compoundOf(at, node) ?? { kind: 'value', node: right, scope: at.scope, path: [] };
    at.assign(left.name, write);
    addAnswer(at, node);
    at.visitNamed(right, left.name);
    return;
  }
  at.assignPattern(left, (path) => ({ kind: 'value', node: right, scope: at.scope, path }));
  at.visit(right);
}

export function visitUpdate(at: Collector, node: ESTree.UpdateExpression): void {
  if (node.argument.type === 'Identifier') {
    at.assign(node.argument.name, { kind: 'update', node });
  } else at.visit(node.argument);
}

function compoundOf(at: Collector, node: ESTree.AssignmentExpression): Compound | undefined {
  const { left, right, operator } = node;
  const compound = {
    kind: 'compound',
    node,
    scope: at.scope,
    once: at.condition === undefined && at.loops === 0,
  } as const;
  if (operator !== '=') return { ...compound, operator, operand: right };
  if (left.type !== 'Identifier' || right.type !== 'BinaryExpression' || right.operator !== '+') return undefined;
  if (right.left.type !== 'Identifier' || right.left.name !== left.name) return undefined;
  return { ...compound, operator: '+=', operand: right.right };
}
