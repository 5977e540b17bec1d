/** Small questions about syntax trees that need no scope. */
import type { FunctionNode, Node } from './scope.ts';

/** The keys of each node type that hold children, in the order of evaluation. Types without children are absent. */
const childKeys: Readonly<Partial<Record<Node['type'], readonly string[]>>> = {
  Program: ['body'],
  ExpressionStatement: ['expression'],
  BlockStatement: ['body'],
  StaticBlock: ['body'],
  ClassBody: ['body'],
  ClassDeclaration: ['superClass', 'body'],
  ClassExpression: ['superClass', 'body'],
  MethodDefinition: ['key', 'value'],
  PropertyDefinition: ['key', 'value'],
  AccessorProperty: ['key', 'value'],
  Property: ['key', 'value'],
  FunctionDeclaration: ['params', 'body'],
  FunctionExpression: ['params', 'body'],
  ArrowFunctionExpression: ['params', 'body'],
  VariableDeclaration: ['declarations'],
  VariableDeclarator: ['id', 'init'],
  IfStatement: ['test', 'consequent', 'alternate'],
  ConditionalExpression: ['test', 'consequent', 'alternate'],
  LogicalExpression: ['left', 'right'],
  BinaryExpression: ['left', 'right'],
  AssignmentExpression: ['left', 'right'],
  AssignmentPattern: ['left', 'right'],
  UnaryExpression: ['argument'],
  UpdateExpression: ['argument'],
  AwaitExpression: ['argument'],
  YieldExpression: ['argument'],
  SpreadElement: ['argument'],
  RestElement: ['argument'],
  ReturnStatement: ['argument'],
  ThrowStatement: ['argument'],
  MemberExpression: ['object', 'property'],
  ChainExpression: ['expression'],
  ParenthesizedExpression: ['expression'],
  SequenceExpression: ['expressions'],
  CallExpression: ['callee', 'arguments'],
  NewExpression: ['callee', 'arguments'],
  ImportExpression: ['source', 'options'],
  TaggedTemplateExpression: ['tag', 'quasi'],
  TemplateLiteral: ['expressions'],
  ArrayExpression: ['elements'],
  ArrayPattern: ['elements'],
  ObjectExpression: ['properties'],
  ObjectPattern: ['properties'],
  ForStatement: ['init', 'test', 'update', 'body'],
  ForInStatement: ['left', 'right', 'body'],
  ForOfStatement: ['left', 'right', 'body'],
  WhileStatement: ['test', 'body'],
  DoWhileStatement: ['body', 'test'],
  LabeledStatement: ['body'],
  SwitchStatement: ['discriminant', 'cases'],
  SwitchCase: ['test', 'consequent'],
  TryStatement: ['block', 'handler', 'finalizer'],
  CatchClause: ['param', 'body'],
  WithStatement: ['object', 'body'],
  Decorator: ['expression'],
};

/** Calls `visit` for every child, without making a list of them: this is the inner loop of the whole analysis. */
export function eachChild(node: Node, visit: (child: Node) => void): void {
  const keys = childKeys[node.type];
  if (keys === undefined) return;
  const skipsProperty = node.type === 'MemberExpression' && !node.computed;
  for (const key of keys) {
    if (skipsProperty && key === 'property') continue;
    // Safe: `childKeys` names only fields that hold a node, a list of nodes, or nothing.
    const value = (node as unknown as Record<string, Node | (Node | null)[] | null | undefined>)[key];
    if (!value) continue;
    if (Array.isArray(value)) {
      for (const child of value) if (child !== null) visit(child);
    } else visit(value);
  }
}

export function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  eachChild(node, (child) => children.push(child));
  return children;
}

export function isFunctionNode(node: Node): node is FunctionNode {
  return (
    node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression' || node.type === 'FunctionDeclaration'
  );
}

/** The name a property has in the text; undefined when it is computed from anything but a literal. */
export function propertyName(key: Node, computed: boolean): string | undefined {
  if (!computed && (key.type === 'Identifier' || key.type === 'PrivateIdentifier')) return key.name;
  if (key.type === 'Literal' && (typeof key.value === 'string' || typeof key.value === 'number')) {
    return String(key.value);
  }
  return undefined;
}

/** True when a statement never runs to its end: what follows it is decided by what stands over it. */
export function alwaysLeaves(statement: Node): boolean {
  switch (statement.type) {
    case 'ReturnStatement':
    case 'ThrowStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return true;
    case 'BlockStatement': {
      const last = statement.body.at(-1);
      return last !== undefined && alwaysLeaves(last);
    }
    case 'IfStatement':
      return statement.alternate !== null && alwaysLeaves(statement.consequent) && alwaysLeaves(statement.alternate);
    default:
      return false;
  }
}
