/**
 * One walk over a syntax tree: scopes with every write to every binding, functions, and the sites (calls, loops,
 * member writes, throws) that the analysis comes back to. It understands nothing yet; `evaluate` does.
 */
import type { ESTree } from 'meriyah';
import { copyField } from '../calls/mail-copies.ts';
import { visitAssignment, visitDeclaration, visitUpdate } from './collect-bindings.ts';
import {
  visitBlock,
  visitIf,
  visitLabeled,
  visitLogical,
  visitLoop,
  visitReturn,
  visitStatements,
  visitSwitch,
  visitThrow,
  visitTry,
} from './collect-control.ts';
import { visitExportAll, visitExportDefault, visitExportNamed, visitImport } from './collect-modules.ts';
import { Collector, type Visitors } from './collector.ts';
import {
  type CallNode,
  type ClassNode,
  declare,
  type FileSites,
  type FunctionNode,
  functionScope,
  type Node,
} from './scope.ts';
import { isFunctionNode, propertyName } from './syntax.ts';

/** May overflow the stack on a tree nested thousands deep; the caller reports that as code not read. */
export function collectSites(root: ESTree.Program): FileSites {
  const collector = new Collector(root, visitors);
  visitStatements(collector, root.body);
  collector.resolveAssignments();
  return collector.sites;
}

function visitFunction(at: Collector, node: FunctionNode, name = ''): void {
  const ownName = 'id' in node && node.id !== null ? node.id.name : '';
  const fn = at.addFn(node, ownName === '' ? name : ownName);
  if (node.type === 'FunctionDeclaration' && node.id !== null) {
    declare(functionScope(at.scope), node.id.name, at.sites.bindings).writes.push({ kind: 'function', fn });
  }
  const saved = [at.fn, at.condition, at.loops, at.tried, at.handling] as const;
  [at.fn, at.condition, at.loops, at.tried, at.handling] = [fn, undefined, 0, false, false];
  at.within({ isFunction: true }, () => {
    if (node.type === 'FunctionExpression' && node.id !== null) {
      declare(at.scope, node.id.name, at.sites.bindings).writes.push({ kind: 'function', fn });
    }
    node.params.forEach((param, index) => {
      const rest = param.type === 'RestElement';
      fn.params.push(at.declarePattern(param, at.scope, (path) => ({ kind: 'parameter', fn, index, rest, path })));
    });
    const body = node.body;
    if (body === null || body === undefined) return;
    if (body.type === 'BlockStatement') {
      visitStatements(at, body.body);
    } else {
      fn.returns.push({ node: body, scope: at.scope });
      at.visit(body);
    }
  });
  [at.fn, at.condition, at.loops, at.tried, at.handling] = saved;
}

function visitClass(at: Collector, node: ClassNode): void {
  at.sites.classes.push(node);
  if (node.id !== null) {
    const scope = node.type === 'ClassDeclaration' ? at.scope : undefined;
    if (scope !== undefined)
      declare(scope, node.id.name, at.sites.bindings).writes.push({ kind: 'class', node, scope });
  }
  if (node.superClass !== null) at.visit(node.superClass);
  at.visit(node.body);
}

function visitMember(
  at: Collector,
  node: ESTree.MethodDefinition | ESTree.PropertyDefinition | ESTree.Property | ESTree.AccessorProperty,
): void {
  if (node.computed && node.key !== null) at.visit(node.key);
  const name = node.key === null ? undefined : propertyName(node.key, node.computed);
  if (node.value === null) return;
  at.store(name, node.value);
  if (name !== undefined && copyField.test(name)) at.sites.copies.push({ node: node.value, ...at.site() });
  if (!isFunctionNode(node.value)) {
    at.visit(node.value);
    return;
  }
  visitFunction(at, node.value, name);
  const isGetter = 'kind' in node && node.kind === 'get';
  const fn = name !== undefined && (isGetter || coercions.has(name)) ? at.sites.fnOf.get(node.value) : undefined;
  if (name !== undefined && fn !== undefined) at.sites.implicit.push({ name, fn });
}

/** The language calls them when it needs a text or a number. */
const coercions: ReadonlySet<string> = new Set(['toString', 'valueOf', 'toJSON']);

function visitCall(at: Collector, node: CallNode): void {
  at.sites.calls.push({ node, ...at.site() });
  if (node.type === 'CallExpression' || node.type === 'NewExpression') {
    const [first] = node.arguments;
    if (first !== undefined && mayGive.has(first.type) && drainsFirst(node.callee))
      at.sites.drains.push({ node: first, ...at.site() });
  }
  at.visitChildren(node);
}

/** What gives one thing after another without an end, is a call as a rule, or kept in a variable. */
const mayGive: ReadonlySet<Node['type']> = new Set(['CallExpression', 'Identifier']);

/** `Array.from(…)`, `new Set(…)` */
function drainsFirst(callee: Node): boolean {
  if (callee.type === 'Identifier') return callee.name === 'Set' || callee.name === 'Map';
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return false;
  const name = propertyName(callee.property, callee.computed);
  return callee.object.name === 'Array' ? name === 'from' : callee.object.name === 'Object' && name === 'fromEntries';
}

function visitSpread(at: Collector, node: ESTree.SpreadElement): void {
  if (mayGive.has(node.argument.type)) at.sites.drains.push({ node: node.argument, ...at.site() });
  at.visit(node.argument);
}

const visitors: Visitors = {
  functionNamed: visitFunction,
  IfStatement: visitIf,
  ConditionalExpression: visitIf,
  LogicalExpression: visitLogical,
  SwitchStatement: visitSwitch,
  FunctionDeclaration: (at, node) => visitFunction(at, node),
  FunctionExpression: (at, node) => visitFunction(at, node),
  ArrowFunctionExpression: (at, node) => visitFunction(at, node),
  ClassDeclaration: visitClass,
  ClassExpression: visitClass,
  MethodDefinition: visitMember,
  PropertyDefinition: visitMember,
  AccessorProperty: visitMember,
  Property: visitMember,
  VariableDeclaration: visitDeclaration,
  AssignmentExpression: visitAssignment,
  UpdateExpression: visitUpdate,
  ForStatement: (at, node) => visitLoop(at, node),
  WhileStatement: (at, node) => visitLoop(at, node),
  DoWhileStatement: (at, node) => visitLoop(at, node),
  ForOfStatement: (at, node) => visitLoop(at, node),
  ForInStatement: (at, node) => visitLoop(at, node),
  SpreadElement: visitSpread,
  LabeledStatement: visitLabeled,
  CallExpression: visitCall,
  NewExpression: visitCall,
  ImportExpression: visitCall,
  TaggedTemplateExpression: visitCall,
  TryStatement: visitTry,
  ThrowStatement: visitThrow,
  ReturnStatement: visitReturn,
  BlockStatement: visitBlock,
  StaticBlock: visitBlock,
  ImportDeclaration: visitImport,
  ExportNamedDeclaration: visitExportNamed,
  ExportDefaultDeclaration: visitExportDefault,
  ExportAllDeclaration: visitExportAll,
};
