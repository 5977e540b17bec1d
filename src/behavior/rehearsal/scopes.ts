/** Which names a scope of the text declares. */
import type { ESTree } from 'meriyah';
import type { Node } from '../syntax/scope.ts';
import { eachChild, isFunctionNode } from '../syntax/syntax.ts';

/** `var` names of a function's body, wherever in it they stand. */
export function varNames(statements: readonly Node[]): string[] {
  const found: string[] = [];
  const visit = (node: Node): void => {
    if (isFunctionNode(node) || node.type === 'ClassDeclaration' || node.type === 'ClassExpression') return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var')
      for (const { id } of node.declarations) found.push(...patternNames(id));
    if (mayHoldStatements(node)) eachChild(node, visit);
  };
  for (const statement of statements) visit(statement);
  return found;
}

function mayHoldStatements({ type }: Node): boolean {
  return type.endsWith('Statement')
    ? type !== 'ExpressionStatement'
    : type === 'SwitchCase' || type === 'CatchClause' || type === 'VariableDeclaration' || type.startsWith('Export');
}

/** Names that `let`, `const`, `class` and function declarations put into a block. */
export function blockNames(statements: readonly Node[]): string[] {
  return statements.flatMap((statement) => {
    const node = declarationOf(statement);
    if (node.type === 'VariableDeclaration') return node.kind === 'var' ? [] : declaredNames(node);
    if (node.type !== 'FunctionDeclaration' && node.type !== 'ClassDeclaration') return [];
    return node.id === null ? [] : [node.id.name];
  });
}

/** Names that `import` statements bind. */
export function importedNames(statements: readonly Node[]): string[] {
  return statements.flatMap((node) =>
    node.type === 'ImportDeclaration' ? node.specifiers.map(({ local }) => local.name) : [],
  );
}

/** What an `export` statement declares, or the statement itself. */
export function declarationOf(statement: Node): Node {
  if (statement.type !== 'ExportNamedDeclaration' && statement.type !== 'ExportDefaultDeclaration') return statement;
  return statement.declaration ?? statement;
}

export function declaredNames({ declarations }: ESTree.VariableDeclaration): string[] {
  return declarations.flatMap(({ id }) => patternNames(id));
}

export function patternNames(pattern: Node | null): string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'Property':
      return patternNames(pattern.value);
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'ArrayPattern':
      return pattern.elements.flatMap(patternNames);
    case 'ObjectPattern':
      return pattern.properties.flatMap(patternNames);
    default:
      return [];
  }
}
