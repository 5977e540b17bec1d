/**
 * A piece of our own code to put into a host. It is written once, as CommonJS: lines of `const name = require('module');`
 * and what uses them. From that, both module systems are written.
 */
import {
  findName,
  findString,
  isNode,
  isVariable,
  parseCode,
  rewriteCode,
  type SyntaxNode,
  statementsOf,
} from './rewrite-code.ts';

export type ModuleSystem = 'cjs' | 'esm';

export interface Snippet {
  readonly imports: readonly ImportLine[];
  readonly body: string;
}

export interface ImportLine {
  readonly module: string;
  /** The name of the whole module, or its members and what they are called here. */
  readonly binding: string | readonly Member[];
  /** A function of the snippet's own that the module goes through. */
  readonly through?: string;
}

export interface Member {
  readonly name: string;
  readonly local: string;
}

export function parseSnippet(code: string): Snippet {
  const imports: ImportLine[] = [];
  const rest: string[] = [];
  for (const statement of statementsOf(parseCode(code))) {
    const line = findImport(statement);
    if (line === undefined) rest.push(code.slice(statement.start, statement.end));
    else imports.push(line);
  }
  return { imports, body: rest.join('\n') };
}

function findImport(statement: SyntaxNode): ImportLine | undefined {
  const [declarator] = statement.type === 'VariableDeclaration' ? nodesIn(statement['declarations']) : [];
  const [id, init] = [declarator?.['id'], declarator?.['init']];
  if (!isNode(init) || init.type !== 'CallExpression' || findName(init['callee']) !== 'require') return undefined;
  const [binding, module] = [findName(id), findString(nodesIn(init['arguments'])[0])];
  return binding === undefined || module === undefined ? undefined : { binding, module };
}

/** Every variable that the code declares at its top. */
export function listDeclared(code: string): readonly string[] {
  return statementsOf(parseCode(code)).flatMap((statement) => {
    const parts = [...nodesIn(statement['declarations']), ...nodesIn(statement['specifiers'])];
    return [statement['id'], ...parts.flatMap((part) => [part['id'], part['local']])].flatMap(namesOfPattern);
  });
}

function namesOfPattern(pattern: unknown): readonly string[] {
  if (!isNode(pattern)) return [];
  const name = findName(pattern);
  if (name !== undefined) return [name];
  return [...nodesIn(pattern['properties']), ...nodesIn(pattern['elements']), pattern['value']].flatMap(namesOfPattern);
}

/** `rename` gives the new text of a variable, or undefined to keep it. */
export function renameVariables(code: string, rename: (name: string) => string | undefined): string {
  return rewriteCode(code, (node, position, textOf) => {
    const { key, value, shorthand } = node;
    if (node.type === 'Property' && shorthand === true && isNode(value)) {
      const [name, text] = [findName(key), textOf(value)];
      return name === undefined || name === text ? undefined : `${name}: ${text}`;
    }
    if (node.type === 'ImportSpecifier' && isNode(node['imported']) && isNode(node['local'])) {
      const [imported, local] = [findName(node['imported']), findName(node['local'])];
      const renamed = local === undefined ? undefined : rename(local);
      return imported === undefined || renamed === undefined ? undefined : `${imported} as ${renamed}`;
    }
    const name = findName(node);
    return name === undefined || !isVariable(position) ? undefined : rename(name);
  });
}

function nodesIn(value: unknown): readonly SyntaxNode[] {
  return Array.isArray(value) ? value.filter(isNode) : [];
}
