/** `import` and `export`: what a module takes from others and gives to them. */
import type { ESTree } from 'meriyah';
import type { Collector } from './collector.ts';
import { declare, type Node } from './scope.ts';
import { childrenOf } from './syntax.ts';

export function visitImport(at: Collector, node: ESTree.ImportDeclaration): void {
  const module = node.source.value;
  at.sites.imports.push({ module, offset: node.start ?? 0 });
  for (const specifier of node.specifiers) {
    const member =
      specifier.type === 'ImportSpecifier'
        ? exportName(specifier.imported)
        : specifier.type === 'ImportDefaultSpecifier'
          ? 'default'
          : '*';
    declare(at.scope, specifier.local.name, at.sites.bindings).writes.push({ kind: 'import', module, member });
  }
}

export function visitExportNamed(at: Collector, node: ESTree.ExportNamedDeclaration): void {
  const { declaration, source } = node;
  if (source !== null) at.sites.imports.push({ module: source.value, offset: node.start ?? 0 });
  for (const { local, exported } of node.specifiers) {
    const name = exportName(exported);
    at.sites.exports.push(
      source === null
        ? { kind: 'local', name, node: local, scope: at.scope }
        : { kind: 'from', name, module: source.value, member: exportName(local) },
    );
  }
  if (declaration === null) return;
  at.visit(declaration);
  for (const id of declaredNames(declaration)) {
    at.sites.exports.push({ kind: 'local', name: id.name, node: id, scope: at.scope });
  }
}

export function visitExportDefault(at: Collector, node: ESTree.ExportDefaultDeclaration): void {
  const { declaration } = node;
  at.visitNamed(declaration, 'default');
  const id = 'id' in declaration && declaration.id ? declaration.id : declaration;
  const named = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
  at.sites.exports.push({ kind: 'local', name: 'default', node: named ? id : declaration, scope: at.scope });
}

export function visitExportAll(at: Collector, node: ESTree.ExportAllDeclaration): void {
  const module = node.source.value;
  at.sites.imports.push({ module, offset: node.start ?? 0 });
  at.sites.exports.push(
    node.exported === null
      ? { kind: 'all', module }
      : { kind: 'from', name: exportName(node.exported), module, member: '*' },
  );
}

function exportName(node: ESTree.Identifier | ESTree.StringLiteral): string {
  return node.type === 'Identifier' ? node.name : node.value;
}

function declaredNames(declaration: Node): ESTree.Identifier[] {
  if (declaration.type !== 'VariableDeclaration') {
    return 'id' in declaration && declaration.id?.type === 'Identifier' ? [declaration.id] : [];
  }
  return declaration.declarations.flatMap(({ id }) => patternNames(id));
}

function patternNames(pattern: Node): ESTree.Identifier[] {
  if (pattern.type === 'Identifier') return [pattern];
  if (pattern.type === 'Property') return patternNames(pattern.value);
  if (pattern.type === 'AssignmentPattern') return patternNames(pattern.left);
  return pattern.type === 'ObjectPattern' || pattern.type === 'ArrayPattern' || pattern.type === 'RestElement'
    ? [...childrenOf(pattern)].flatMap(patternNames)
    : [];
}
