/**
 * `!modules[name] && require(name)`: a bundle asks outside for what its table of modules lacks. Which names those are stands
 * in the modules: `{ 1: [function (require, module, exports) { require('./two') }, { './two': 2 }] }`.
 */
import type { ESTree } from 'meriyah';
import { findPassed } from '../flows/given-part.ts';
import {
  type CallSite,
  type Condition,
  type Fn,
  type FunctionNode,
  findBinding,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { childrenOf, isFunctionNode, propertyName } from '../syntax/syntax.ts';

const maxModules = 5_000;

export class BundleTables {
  readonly #fnOf: ReadonlyMap<Node, Fn>;
  readonly #found = new Map<ESTree.ObjectExpression, readonly string[] | undefined>();

  constructor(fnOf: ReadonlyMap<Node, Fn>) {
    this.#fnOf = fnOf;
  }

  /** The names for which such a call asks; undefined where it is no such call, or a module asks by a name that does not show. */
  findAsked({ node, scope, condition }: CallSite): readonly string[] | undefined {
    const [specifier] = 'arguments' in node ? node.arguments : [];
    if (specifier?.type !== 'Identifier') return undefined;
    const table = findLacking(specifier.name, scope, condition);
    if (table === undefined) return undefined;
    if (!this.#found.has(table)) this.#found.set(table, this.#listAsked(table));
    return this.#found.get(table);
  }

  #listAsked({ properties }: ESTree.ObjectExpression): readonly string[] | undefined {
    const asked = new Set<string>();
    if (properties.length === 0 || properties.length > maxModules) return undefined;
    for (const property of properties) {
      const [code, own] =
        property.type === 'Property' && property.value.type === 'ArrayExpression' ? property.value.elements : [];
      const names = code && isFunctionNode(code) ? this.#namesIn(code) : undefined;
      if (names === undefined || own?.type !== 'ObjectExpression') return undefined;
      const known = namesWithin(own);
      for (const name of names) if (!known.has(name)) asked.add(name);
    }
    return [...asked];
  }

  /** By which names a module asks for others; undefined where one does not show, or it hands on what it asks with. */
  #namesIn(code: Node): readonly string[] | undefined {
    const fn = this.#fnOf.get(code);
    const [asks] = fn?.params[0] ?? [];
    if (fn === undefined) return undefined;
    if (asks === undefined) return [];
    const names: string[] = [];
    const left: Node[] = isFunctionNode(fn.node) && fn.node.body ? [fn.node.body] : [];
    for (let node = left.pop(); node !== undefined; node = left.pop()) {
      if (node.type === 'Identifier' && node.name === asks.name) return undefined;
      if (isFunctionNode(node) && this.#hasOwn(node, asks.name)) continue;
      if (node.type !== 'CallExpression' || node.callee.type !== 'Identifier' || node.callee.name !== asks.name) {
        left.push(...childrenOf(node));
        continue;
      }
      const [name, ...others] = node.arguments;
      if (name?.type !== 'Literal' || typeof name.value !== 'string' || others.length > 1) return undefined;
      names.push(name.value);
    }
    return names;
  }

  /** Another thing of that name: a parameter, or a variable that the function itself declares. */
  #hasOwn(node: FunctionNode, name: string): boolean {
    if (this.#fnOf.get(node)?.params.some((bindings) => bindings.some((one) => one.name === name))) return true;
    const left: Node[] = node.body ? [node.body] : [];
    for (let at = left.pop(); at !== undefined; at = left.pop()) {
      if (at.type === 'VariableDeclaration' && at.kind === 'var' && at.declarations.some(({ id }) => isNamed(id, name)))
        return true;
      if (at.type === 'FunctionDeclaration' && at.id?.name === name) return true;
      if (!isFunctionNode(at)) left.push(...childrenOf(at));
    }
    return false;
  }
}

function isNamed(id: Node, name: string): boolean {
  return id.type === 'Identifier' && id.name === name;
}

/** The table, written out where it is passed, that a test over the call has found to lack that name. */
function findLacking(
  name: string,
  scope: Scope,
  condition: Condition | undefined,
): ESTree.ObjectExpression | undefined {
  for (let at = condition; at !== undefined; at = at.outer) {
    const isNot = at.test.type === 'UnaryExpression' && at.test.operator === '!';
    const asked = at.test.type === 'UnaryExpression' ? at.test.argument : at.test;
    if (isNot === at.negated || asked.type !== 'MemberExpression' || !asked.computed) continue;
    if (asked.property.type !== 'Identifier' || asked.property.name !== name) continue;
    const table = asked.object.type === 'Identifier' ? findWritten(asked.object.name, scope) : undefined;
    if (table !== undefined) return table;
  }
  return undefined;
}

/** What the one call passes of the function that has it as a parameter; modules are handed that function, too. */
function findWritten(name: string, scope: Scope): ESTree.ObjectExpression | undefined {
  const [write, ...others] = findBinding(scope, name)?.writes ?? [];
  if (write?.kind !== 'parameter' || others.length > 0 || write.path.length > 0) return undefined;
  const [entrance, ...more] = write.fn.entrances.filter(({ kind }) => kind === 'call');
  const passed = entrance !== undefined && more.length === 0 ? findPassed(entrance, write.index) : undefined;
  return passed?.type === 'ObjectExpression' ? passed : undefined;
}

/** `{ './two': 2, fs: undefined }`: those that it has a number for. */
function namesWithin({ properties }: ESTree.ObjectExpression): ReadonlySet<string> {
  return new Set(
    properties.flatMap((property) =>
      property.type === 'Property' && property.value.type === 'Literal'
        ? (propertyName(property.key, property.computed) ?? [])
        : [],
    ),
  );
}
