/**
 * Which functions and classes of the file an expression may be, told by following its names alone: variables, parameters,
 * results, properties by their names. Costs little where evaluation would have to solve half of a bundle.
 */

import {
  type Binding,
  type FileSites,
  type Fn,
  findBinding,
  type Node,
  type Scope,
  type Stored,
  type Write,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { ClassValue, FunctionValue } from '../values/value.ts';
import { boundBy } from './link-calls.ts';

export type Callable = FunctionValue | ClassValue;

interface Setting {
  readonly fnOf: FileSites['fnOf'];
  /** Functions that are stored under a property's name. */
  readonly storedUnder: (name: string) => readonly Fn[];
}

/** As many as evaluation would tell apart. */
const maxFound = 8;
const maxEntrances = 6;
/** A name that is passed on more often leads everywhere. */
const maxVisits = 1_000;
const maxNesting = 60;

export function findFunctions(node: Node, scope: Scope, setting: Setting): readonly Callable[] {
  const search = new Search(setting);
  search.visit(node, scope, 0);
  return search.found;
}

class Search {
  readonly found: Callable[] = [];
  readonly #setting: Setting;
  readonly #seen = new Set<Binding | Node>();

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  visit(node: Node, scope: Scope, nesting: number): void {
    if (this.found.length >= maxFound || this.#seen.size >= maxVisits || nesting > maxNesting) return;
    switch (node.type) {
      case 'Identifier':
        this.#visitVariable(findBinding(scope, node.name), nesting + 1);
        return;
      case 'ClassExpression':
      case 'ClassDeclaration':
        this.#add({ kind: 'class', node, scope, origins: 0 });
        return;
      case 'ConditionalExpression':
        this.visit(node.consequent, scope, nesting + 1);
        this.visit(node.alternate, scope, nesting + 1);
        return;
      case 'LogicalExpression':
        this.visit(node.left, scope, nesting + 1);
        this.visit(node.right, scope, nesting + 1);
        return;
      case 'AssignmentExpression':
        this.visit(node.right, scope, nesting + 1);
        return;
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        if (last !== undefined) this.visit(last, scope, nesting + 1);
        return;
      }
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        this.visit(node.expression, scope, nesting + 1);
        return;
      case 'AwaitExpression':
        this.visit(node.argument, scope, nesting + 1);
        return;
      case 'MemberExpression': {
        const name = propertyName(node.property, node.computed);
        if (name === undefined || /^\d/.test(name)) this.#visitElements(node.object, scope, nesting + 1);
        if (name !== undefined) this.#addStored(name);
        return;
      }
      case 'CallExpression':
      case 'NewExpression':
        this.#visitResult(node, scope, nesting + 1);
        return;
      default:
        if (isFunctionNode(node)) this.#addFn(this.#setting.fnOf.get(node));
    }
  }

  #visitVariable(binding: Binding | undefined, nesting: number): void {
    if (binding === undefined || this.#seen.has(binding)) return;
    this.#seen.add(binding);
    for (const write of binding.writes) this.#visitWrite(write, nesting);
  }

  #visitWrite(write: Write, nesting: number): void {
    const last = 'path' in write ? write.path.at(-1) : undefined;
    if (last !== undefined) {
      if (typeof last === 'string') this.#addStored(last);
      if (typeof last === 'number' && write.kind === 'value') this.#visitElements(write.node, write.scope, nesting);
      return;
    }
    if (write.kind === 'function') this.#addFn(write.fn);
    else if (write.kind === 'class') this.#add({ kind: 'class', node: write.node, scope: write.scope, origins: 0 });
    else if (write.kind === 'value') this.visit(write.node, write.scope, nesting);
    else if (write.kind === 'each') this.#visitElements(write.node, write.scope, nesting);
    else for (const { node, scope } of passedFor(write)) this.visit(node, scope, nesting);
  }

  /** What a table holds: bundlers keep their modules so. */
  #visitElements(node: Node, scope: Scope, nesting: number): void {
    if (this.#seen.has(node) || nesting > maxNesting) return;
    this.#seen.add(node);
    if (node.type === 'ArrayExpression') {
      for (const element of node.elements) if (element !== null) this.visit(element, scope, nesting + 1);
    } else if (node.type === 'ObjectExpression') {
      for (const property of node.properties)
        if (property.type === 'Property') this.visit(property.value, scope, nesting + 1);
    } else if (node.type === 'Identifier') {
      for (const write of findBinding(scope, node.name)?.writes ?? [])
        if (write.kind === 'value' && write.path.length === 0)
          this.#visitElements(write.node, write.scope, nesting + 1);
    }
  }

  #visitResult(node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, scope: Scope, nesting: number): void {
    if (this.#seen.has(node)) return;
    this.#seen.add(node);
    const bound = boundBy(node);
    if (bound !== undefined) this.visit(bound, scope, nesting);
    const inner = new Search(this.#setting);
    for (const one of this.#seen) inner.#seen.add(one);
    inner.visit(node.callee, scope, nesting);
    for (const one of inner.#seen) this.#seen.add(one);
    for (const called of inner.found) {
      if (called.kind !== 'function') continue;
      for (const returned of called.fn.returns) this.visit(returned.node, returned.scope, nesting + 1);
    }
  }

  #addStored(name: string): void {
    for (const fn of this.#setting.storedUnder(name)) this.#addFn(fn);
  }

  #addFn(fn: Fn | undefined): void {
    if (fn !== undefined) this.#add({ kind: 'function', fn, origins: 0 });
  }

  #add(one: Callable): void {
    const same = (other: Callable): boolean =>
      one.kind === 'function'
        ? other.kind === 'function' && other.fn === one.fn
        : other.kind === 'class' && other.node === one.node;
    if (this.found.length < maxFound && !this.found.some(same)) this.found.push(one);
  }
}

/** What the calls that are linked pass for a parameter. */
function passedFor(write: Write): readonly Stored[] {
  if (write.kind !== 'parameter' || write.rest || write.path.length > 0) return [];
  return write.fn.entrances.slice(0, maxEntrances).flatMap(({ kind, site, argument }) => {
    const given = kind !== 'callback' && 'arguments' in site.node ? site.node.arguments : [];
    const node = given[argument + write.index];
    return node === undefined ? [] : [{ node, scope: site.scope }];
  });
}
