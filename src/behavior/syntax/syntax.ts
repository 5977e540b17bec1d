/** Small questions about syntax trees that need no scope. */
import type { FunctionNode, Node } from './scope.ts';

type Visit = (child: Node) => void;

type Children = {
  readonly [Type in Node['type']]?: (node: Extract<Node, { readonly type: Type }>, visit: Visit) => void;
};

/**
 * The children of each type of node, in the order of evaluation; types without children are absent. One function for each,
 * though they look alike: engines read the fields of one shape of object several times as fast as those of any.
 */
const children: Children = {
  Program: ({ body }, visit) => visitAll(body, visit),
  ExpressionStatement: ({ expression }, visit) => visit(expression),
  BlockStatement: ({ body }, visit) => visitAll(body, visit),
  StaticBlock: ({ body }, visit) => visitAll(body, visit),
  ClassBody: ({ body }, visit) => visitAll(body, visit),
  ClassDeclaration: ({ superClass, body }, visit) => visitBoth(superClass, body, visit),
  ClassExpression: ({ superClass, body }, visit) => visitBoth(superClass, body, visit),
  MethodDefinition: ({ key, value }, visit) => visitBoth(key, value, visit),
  PropertyDefinition: ({ key, value }, visit) => visitBoth(key, value, visit),
  AccessorProperty: ({ key, value }, visit) => visitBoth(key, value, visit),
  Property: ({ key, value }, visit) => visitBoth(key, value, visit),
  FunctionDeclaration: ({ params, body }, visit) => visitListed(params, body, visit),
  FunctionExpression: ({ params, body }, visit) => visitListed(params, body, visit),
  ArrowFunctionExpression: ({ params, body }, visit) => visitListed(params, body, visit),
  VariableDeclaration: ({ declarations }, visit) => visitAll(declarations, visit),
  VariableDeclarator: ({ id, init }, visit) => visitBoth(id, init, visit),
  IfStatement: ({ test, consequent, alternate }, visit) => {
    visit(test);
    visitBoth(consequent, alternate, visit);
  },
  ConditionalExpression: ({ test, consequent, alternate }, visit) => {
    visit(test);
    visitBoth(consequent, alternate, visit);
  },
  LogicalExpression: ({ left, right }, visit) => visitBoth(left, right, visit),
  BinaryExpression: ({ left, right }, visit) => visitBoth(left, right, visit),
  AssignmentExpression: ({ left, right }, visit) => visitBoth(left, right, visit),
  AssignmentPattern: ({ left, right }, visit) => visitBoth(left, right, visit),
  UnaryExpression: ({ argument }, visit) => visit(argument),
  UpdateExpression: ({ argument }, visit) => visit(argument),
  AwaitExpression: ({ argument }, visit) => visit(argument),
  YieldExpression: ({ argument }, visit) => visitBoth(argument, undefined, visit),
  SpreadElement: ({ argument }, visit) => visit(argument),
  RestElement: ({ argument }, visit) => visit(argument),
  ReturnStatement: ({ argument }, visit) => visitBoth(argument, undefined, visit),
  ThrowStatement: ({ argument }, visit) => visit(argument),
  MemberExpression: ({ object, property, computed }, visit) =>
    visitBoth(object, computed ? property : undefined, visit),
  ChainExpression: ({ expression }, visit) => visit(expression),
  ParenthesizedExpression: ({ expression }, visit) => visit(expression),
  SequenceExpression: ({ expressions }, visit) => visitAll(expressions, visit),
  CallExpression: (node, visit) => {
    visit(node.callee);
    visitAll(node.arguments, visit);
  },
  NewExpression: (node, visit) => {
    visit(node.callee);
    visitAll(node.arguments, visit);
  },
  ImportExpression: ({ source, options }, visit) => visitBoth(source, options, visit),
  TaggedTemplateExpression: ({ tag, quasi }, visit) => visitBoth(tag, quasi, visit),
  TemplateLiteral: ({ expressions }, visit) => visitAll(expressions, visit),
  ArrayExpression: ({ elements }, visit) => visitAll(elements, visit),
  ArrayPattern: ({ elements }, visit) => visitAll(elements, visit),
  ObjectExpression: ({ properties }, visit) => visitAll(properties, visit),
  ObjectPattern: ({ properties }, visit) => visitAll(properties, visit),
  ForStatement: ({ init, test, update, body }, visit) => {
    visitBoth(init, test, visit);
    visitBoth(update, body, visit);
  },
  ForInStatement: ({ left, right, body }, visit) => {
    visitBoth(left, right, visit);
    visit(body);
  },
  ForOfStatement: ({ left, right, body }, visit) => {
    visitBoth(left, right, visit);
    visit(body);
  },
  WhileStatement: ({ test, body }, visit) => visitBoth(test, body, visit),
  DoWhileStatement: ({ body, test }, visit) => visitBoth(body, test, visit),
  LabeledStatement: ({ body }, visit) => visit(body),
  SwitchStatement: ({ discriminant, cases }, visit) => {
    visit(discriminant);
    visitAll(cases, visit);
  },
  SwitchCase: ({ test, consequent }, visit) => {
    if (test) visit(test);
    visitAll(consequent, visit);
  },
  TryStatement: ({ block, handler, finalizer }, visit) => {
    visit(block);
    visitBoth(handler, finalizer, visit);
  },
  CatchClause: ({ param, body }, visit) => visitBoth(param, body, visit),
  WithStatement: ({ object, body }, visit) => visitBoth(object, body, visit),
  Decorator: ({ expression }, visit) => visit(expression),
  JSXElement: ({ openingElement, children }, visit) => {
    visit(openingElement);
    visitAll(children, visit);
  },
  JSXFragment: ({ children }, visit) => visitAll(children, visit),
  JSXOpeningElement: ({ attributes }, visit) => visitAll(attributes, visit),
  JSXAttribute: ({ value }, visit) => visitBoth(value, undefined, visit),
  JSXSpreadAttribute: ({ argument }, visit) => visit(argument),
  JSXExpressionContainer: ({ expression }, visit) => visit(expression),
  JSXSpreadChild: ({ expression }, visit) => visit(expression),
};

type Maybe = Node | null | undefined;

function visitAll(nodes: readonly Maybe[], visit: Visit): void {
  for (let index = 0; index < nodes.length; index += 1) {
    const node = nodes[index];
    if (node) visit(node);
  }
}

function visitBoth(first: Maybe, second: Maybe, visit: Visit): void {
  if (first) visit(first);
  if (second) visit(second);
}

function visitListed(nodes: readonly Maybe[], last: Maybe, visit: Visit): void {
  visitAll(nodes, visit);
  if (last) visit(last);
}

/** Calls `visit` for every child, without making a list of them: this is the inner loop of the whole analysis. */
export function eachChild(node: Node, visit: Visit): void {
  // Safe: `children` maps each type to a function that takes nodes of that type.
  const visitChildren = children[node.type] as ((node: Node, visit: Visit) => void) | undefined;
  visitChildren?.(node, visit);
}

/** Whether something is true of a child; asked of each until it is. */
export function someChild(node: Node, test: (child: Node) => boolean): boolean {
  let found = false;
  eachChild(node, (child) => {
    found ||= test(child);
  });
  return found;
}

export function childrenOf(node: Node): Node[] {
  const found: Node[] = [];
  eachChild(node, (child) => found.push(child));
  return found;
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
