/** Changes parts of a piece of JavaScript by its syntax tree, and leaves every other character where it stands. */
import { parseProgram } from '../../src/behavior/syntax/parse-program.ts';
import { isRecord } from '../../src/model/manifest.ts';

/** As much of an ESTree node as a rewriting needs. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** Where a node stands: the field of its parent. */
export interface Position {
  readonly parent: SyntaxNode | undefined;
  readonly field: string;
}

/** The new text of a node, or undefined to look into it. `textOf` is the rewritten text of a node inside. */
export type Rewriting = (
  node: SyntaxNode,
  position: Position,
  textOf: (inner: SyntaxNode) => string,
) => string | undefined;

export function rewriteCode(code: string, rewriting: Rewriting): string {
  const print = (node: SyntaxNode, position: Position): string =>
    rewriting(node, position, (inner) => print(inner, { parent: node, field: fieldOf(node, inner) })) ??
    printChildren(node);
  const printChildren = (node: SyntaxNode): string => {
    let text = '';
    let cursor = node.start;
    for (const { child, field } of childrenOf(node)) {
      // A shorthand property has its one name twice.
      if (child.start < cursor) continue;
      text += code.slice(cursor, child.start) + print(child, { parent: node, field });
      cursor = child.end;
    }
    return text + code.slice(cursor, node.end);
  };
  const root = parseCode(code);
  return code.slice(0, root.start) + printChildren(root) + code.slice(root.end);
}

/** Throws for text that is no JavaScript: what is rewritten here is our own. */
export function parseCode(code: string): SyntaxNode {
  const program = parseProgram(code, 'snippet.js');
  if (program.kind !== 'parsed') throw new Error(`Our own code cannot be parsed:\n${code}\n${JSON.stringify(program)}`);
  const root: unknown = program.root;
  if (!isNode(root)) throw new Error('The parser gave no tree.');
  return { ...root, start: 0, end: code.length };
}

/** The statements at the top, as far as there are any. */
export function statementsOf(root: SyntaxNode): readonly SyntaxNode[] {
  const { body } = root;
  return Array.isArray(body) ? body.filter(isNode) : [];
}

export function isNode(value: unknown): value is SyntaxNode {
  return (
    isRecord(value) &&
    typeof value['type'] === 'string' &&
    typeof value['start'] === 'number' &&
    typeof value['end'] === 'number'
  );
}

/** The text of a string literal. */
export function findString(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node['value'] === 'string' ? node['value'] : undefined;
}

/** The name of an identifier. */
export function findName(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' && typeof node['name'] === 'string' ? node['name'] : undefined;
}

/** Whether an identifier at this position is a variable, and not the name of a member or a key. */
export function isVariable({ parent, field }: Position): boolean {
  if (parent?.type === 'MemberExpression') return field !== 'property' || parent['computed'] === true;
  if (parent?.type === 'ImportSpecifier') return field === 'local';
  const isKey = parent?.type === 'Property' || parent?.type === 'MethodDefinition';
  return !(isKey && field === 'key' && parent['computed'] !== true && parent['shorthand'] !== true);
}

function fieldOf(node: SyntaxNode, child: SyntaxNode): string {
  return Object.keys(node).find((key) => node[key] === child) ?? '';
}

function childrenOf(node: SyntaxNode): readonly { readonly child: SyntaxNode; readonly field: string }[] {
  return Object.entries(node)
    .flatMap(([field, value]) =>
      (Array.isArray(value) ? value : [value]).filter(isNode).map((child: SyntaxNode) => ({ child, field })),
    )
    .sort((left, right) => left.child.start - right.child.start);
}
