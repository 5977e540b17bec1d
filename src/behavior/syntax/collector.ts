/** The state of one walk over a syntax tree: where it is, and what it has collected. It knows no syntax but patterns. */
import type { ESTree } from 'meriyah';
import {
  type AnswerSite,
  type Binding,
  type CallSite,
  type ClassNode,
  type Condition,
  type CopySite,
  type DrainSite,
  declare,
  type Fn,
  type FunctionNode,
  findBinding,
  type Implicit,
  type LoopSite,
  type MemberWriteSite,
  type ModuleExport,
  type Node,
  type Path,
  type Scope,
  type Site,
  type Stored,
  type ThrowSite,
  type Write,
} from './scope.ts';
import { eachChild, isFunctionNode, propertyName } from './syntax.ts';

/** What is done at each type of node; children of the others are visited in their order. */
export type Visitors = {
  readonly [Type in Node['type']]?: (at: Collector, node: Extract<Node, { readonly type: Type }>) => void;
} & { readonly functionNamed: (at: Collector, node: FunctionNode, name: string | undefined) => void };

export class Collector {
  readonly sites: {
    fns: Fn[];
    bindings: Binding[];
    calls: CallSite[];
    loops: LoopSite[];
    drains: DrainSite[];
    answers: AnswerSite[];
    copies: CopySite[];
    memberWrites: MemberWriteSite[];
    throws: ThrowSite[];
    exports: ModuleExport[];
    imports: { module: string; offset: number }[];
    methods: Map<string, Stored[]>;
    parts: Map<string, Stored[]>;
    made: Map<string, Stored[]>;
    classes: ClassNode[];
    fnOf: Map<Node, Fn>;
    implicit: Implicit[];
  } = {
    fns: [],
    bindings: [],
    calls: [],
    loops: [],
    drains: [],
    answers: [],
    copies: [],
    memberWrites: [],
    throws: [],
    exports: [],
    imports: [],
    methods: new Map(),
    parts: new Map(),
    made: new Map(),
    classes: [],
    fnOf: new Map(),
    implicit: [],
  };

  readonly #visitors: Visitors;
  readonly #visitChild = (child: Node): void => this.visit(child);
  fn: Fn;
  scope: Scope;
  condition: Condition | undefined;
  loops = 0;
  tried = false;
  handling = false;
  /** Resolved last: a function may assign what is declared below it. */
  readonly #assignments: { readonly name: string; readonly scope: Scope; readonly write: Write }[] = [];

  constructor(root: ESTree.Program, visitors: Visitors) {
    this.#visitors = visitors;
    this.fn = this.addFn(root, '');
    this.scope = { parent: undefined, isFunction: true, fn: this.fn, bindings: undefined };
  }

  assign(name: string, write: Write): void {
    this.#assignments.push({ name, scope: this.scope, write });
  }

  resolveAssignments(): void {
    for (const { name, scope, write } of this.#assignments) findBinding(scope, name)?.writes.push(write);
  }

  visit(node: Node): void {
    // Safe: `visitors` maps each type to a function that takes nodes of that type.
    const visitor = this.#visitors[node.type] as ((at: Collector, node: Node) => void) | undefined;
    if (visitor === undefined) this.visitChildren(node);
    else visitor(this, node);
  }

  visitChildren(node: Node): void {
    eachChild(node, this.#visitChild);
  }

  /** What stands around the place where the walk is. */
  site(): Site {
    const { scope, fn, condition, loops, tried, handling } = this;
    return { scope, fn, condition, loops, tried, handling };
  }

  addFn(node: Fn['node'], name: string): Fn {
    const isGenerator = node.type !== 'Program' && node.generator;
    const fn: Fn = {
      id: this.sites.fns.length,
      node,
      scope: this.sites.fns.length === 0 ? undefined : this.scope,
      name,
      params: [],
      returns: [],
      entrances: [],
      isGenerator,
      holder: undefined,
    };
    this.sites.fns.push(fn);
    this.sites.fnOf.set(node, fn);
    return fn;
  }

  within(options: { readonly isFunction: boolean }, body: () => void): void {
    const parent = this.scope;
    this.scope = { parent, isFunction: options.isFunction, fn: this.fn, bindings: undefined };
    body();
    this.scope = parent;
  }

  under(test: Node, negated: boolean, body: () => void): void {
    const outer = this.condition;
    this.condition = { test, scope: this.scope, negated, outer };
    body();
    this.condition = outer;
  }

  /** A function is named after what it is given to. */
  visitNamed(node: Node, name: string | undefined): void {
    if (isFunctionNode(node)) this.#visitors.functionNamed(this, node, name);
    else this.visit(node);
  }

  store(name: string | undefined, node: Node): void {
    const kept = keptUnder(node);
    if (name === undefined || kept === undefined) return;
    const stored = this.sites[kept].get(name);
    const entry = { node, scope: this.scope };
    if (stored === undefined) this.sites[kept].set(name, [entry]);
    else stored.push(entry);
  }

  /** Declares every name of a pattern; visits default values and computed keys on the way. */
  declarePattern(pattern: Node, scope: Scope, write: (path: Path) => Write | undefined): Binding[] {
    const declared: Binding[] = [];
    this.#eachTarget(pattern, [], (target, path) => {
      if (target.type !== 'Identifier') return;
      const binding = declare(scope, target.name, this.sites.bindings);
      const entry = write(path);
      if (entry !== undefined) binding.writes.push(entry);
      declared.push(binding);
    });
    return declared;
  }

  assignPattern(pattern: Node, write: (path: Path) => Write): void {
    this.#eachTarget(pattern, [], (target, path) => {
      if (target.type === 'Identifier') {
        this.assign(target.name, write(path));
      } else this.visit(target);
    });
  }

  #eachTarget(pattern: Node, path: Path, found: (target: Node, path: Path) => void): void {
    switch (pattern.type) {
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') {
            this.#eachTarget(property.argument, path, found);
            continue;
          }
          if (property.computed) this.visit(property.key);
          const key = propertyName(property.key, property.computed) ?? { node: property.key, scope: this.scope };
          this.#eachTarget(property.value, [...path, key], found);
        }
        return;
      case 'ArrayPattern':
        pattern.elements.forEach((element, index) => {
          if (element !== null) this.#eachTarget(element, [...path, index], found);
        });
        return;
      case 'AssignmentPattern':
        this.#eachTarget(pattern.left, path, found);
        if (pattern.right !== undefined) this.#visitDefault(pattern.left, pattern.right);
        return;
      case 'RestElement':
        this.#eachTarget(pattern.argument, path, found);
        return;
      default:
        found(pattern, path);
    }
  }

  /** A default value is one more write: `function f(run = require('child_process').exec)`. */
  #visitDefault(target: Node, value: Node): void {
    const name = target.type === 'Identifier' ? target.name : undefined;
    if (name !== undefined) {
      const write: Write = { kind: 'value', node: value, scope: this.scope, path: [] };
      this.assign(name, write);
    }
    this.visitNamed(value, name);
  }
}

function keptUnder(node: Node): 'methods' | 'parts' | 'made' | undefined {
  if (isFunctionNode(node) || node.type === 'Identifier') return 'methods';
  if (node.type === 'CallExpression' || node.type === 'MemberExpression') return 'parts';
  if (node.type === 'NewExpression') return 'made';
  const hasFunctions =
    node.type === 'ObjectExpression' &&
    node.properties.some((one) => one.type === 'Property' && isFunctionNode(one.value));
  return hasFunctions ? 'made' : undefined;
}
