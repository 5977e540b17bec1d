/**
 * One walk over a syntax tree: scopes with every write to every binding, functions, and the sites (calls, loops,
 * member writes, throws) that the analysis comes back to. It understands nothing yet; `evaluate` does.
 */
import type { ESTree } from 'meriyah';
import {
  type Binding,
  type CallNode,
  type CallSite,
  type Condition,
  declare,
  type FileSites,
  type Fn,
  type FunctionNode,
  findBinding,
  functionScope,
  type LoopNode,
  type LoopSite,
  type MemberWriteSite,
  type ModuleExport,
  type Node,
  type Path,
  type Scope,
  type Stored,
  type ThrowSite,
  type Write,
} from './scope.ts';
import { alwaysLeaves, childrenOf, eachChild, isFunctionNode, propertyName } from './syntax.ts';

/** May overflow the stack on a tree nested thousands deep; the caller reports that as code not read. */
export function collectSites(root: ESTree.Program): FileSites {
  const collector = new Collector(root);
  collector.visitStatements(root.body);
  collector.resolveAssignments();
  return collector.sites;
}

class Collector {
  readonly sites: {
    fns: Fn[];
    bindings: Binding[];
    calls: CallSite[];
    loops: LoopSite[];
    memberWrites: MemberWriteSite[];
    throws: ThrowSite[];
    exports: ModuleExport[];
    imports: { module: string; offset: number }[];
    methods: Map<string, Stored[]>;
    fnOf: Map<Node, Fn>;
  } = {
    fns: [],
    bindings: [],
    calls: [],
    loops: [],
    memberWrites: [],
    throws: [],
    exports: [],
    imports: [],
    methods: new Map(),
    fnOf: new Map(),
  };

  readonly #visitChild = (child: Node): void => this.visit(child);
  #fn: Fn;
  #scope: Scope;
  #condition: Condition | undefined;
  #loops = 0;
  #tried = false;
  /** Writes by assignment are resolved last: a function may assign what is declared below it. */
  readonly #assignments: { readonly name: string; readonly scope: Scope; readonly write: Write }[] = [];

  constructor(root: ESTree.Program) {
    this.#fn = this.#addFn(root, '');
    this.#scope = { parent: undefined, isFunction: true, fn: this.#fn, bindings: undefined };
  }

  resolveAssignments(): void {
    for (const { name, scope, write } of this.#assignments) findBinding(scope, name)?.writes.push(write);
  }

  visitStatements(statements: readonly Node[]): void {
    const outer = this.#condition;
    for (const statement of statements) {
      this.visit(statement);
      // `if (!wanted) return;` decides about everything below it.
      if (statement.type === 'IfStatement' && statement.alternate === null && alwaysLeaves(statement.consequent)) {
        this.#condition = { test: statement.test, scope: this.#scope, negated: true, outer: this.#condition };
      }
    }
    this.#condition = outer;
  }

  visit(node: Node): void {
    const visitor = visitors[node.type];
    if (visitor !== undefined) {
      // Safe: `visitors` maps each type to a function that takes nodes of that type.
      (visitor as (this: Collector, node: Node) => void).call(this, node);
      return;
    }
    eachChild(node, this.#visitChild);
  }

  visitIf(node: ESTree.IfStatement | ESTree.ConditionalExpression): void {
    this.visit(node.test);
    this.#under(node.test, false, () => this.visit(node.consequent));
    const { alternate } = node;
    if (alternate !== null) this.#under(node.test, true, () => this.visit(alternate));
  }

  visitLogical(node: ESTree.LogicalExpression): void {
    this.visit(node.left);
    this.#under(node.left, node.operator !== '&&', () => this.visit(node.right));
  }

  visitSwitch(node: ESTree.SwitchStatement): void {
    this.visit(node.discriminant);
    this.#within({ isFunction: false }, () => {
      for (const branch of node.cases) {
        if (branch.test !== null) this.visit(branch.test);
        this.#under(node.discriminant, false, () => this.visitStatements(branch.consequent));
      }
    });
  }

  visitFunction(node: FunctionNode, name = ''): void {
    const ownName = 'id' in node && node.id !== null ? node.id.name : '';
    const fn = this.#addFn(node, ownName === '' ? name : ownName);
    if (node.type === 'FunctionDeclaration' && node.id !== null) {
      declare(functionScope(this.#scope), node.id.name, this.sites.bindings).writes.push({ kind: 'function', fn });
    }
    const saved = [this.#fn, this.#condition, this.#loops, this.#tried] as const;
    [this.#fn, this.#condition, this.#loops, this.#tried] = [fn, undefined, 0, false];
    this.#within({ isFunction: true }, () => {
      if (node.type === 'FunctionExpression' && node.id !== null) {
        declare(this.#scope, node.id.name, this.sites.bindings).writes.push({ kind: 'function', fn });
      }
      node.params.forEach((param, index) => {
        this.#declareParameter(fn, param, index);
      });
      const body = node.body;
      if (body === null || body === undefined) return;
      if (body.type === 'BlockStatement') {
        this.visitStatements(body.body);
      } else {
        fn.returns.push({ node: body, scope: this.#scope });
        this.visit(body);
      }
    });
    [this.#fn, this.#condition, this.#loops, this.#tried] = saved;
  }

  visitClass(node: ESTree.ClassDeclaration | ESTree.ClassExpression): void {
    if (node.id !== null) {
      const scope = node.type === 'ClassDeclaration' ? this.#scope : undefined;
      if (scope !== undefined)
        declare(scope, node.id.name, this.sites.bindings).writes.push({ kind: 'class', node, scope });
    }
    if (node.superClass !== null) this.visit(node.superClass);
    this.visit(node.body);
  }

  visitMember(
    node: ESTree.MethodDefinition | ESTree.PropertyDefinition | ESTree.Property | ESTree.AccessorProperty,
  ): void {
    if (node.computed && node.key !== null) this.visit(node.key);
    const name = node.key === null ? undefined : propertyName(node.key, node.computed);
    if (node.value === null) return;
    this.#store(name, node.value);
    if (isFunctionNode(node.value)) this.visitFunction(node.value, name);
    else this.visit(node.value);
  }

  visitDeclaration(node: ESTree.VariableDeclaration): void {
    const scope = node.kind === 'var' ? functionScope(this.#scope) : this.#scope;
    for (const { id, init } of node.declarations) {
      this.#declarePattern(id, scope, (path) =>
        init === null ? undefined : { kind: 'value', node: init, scope: this.#scope, path },
      );
      if (init !== null) this.#visitNamed(init, id.type === 'Identifier' ? id.name : undefined);
    }
  }

  visitAssignment(node: ESTree.AssignmentExpression): void {
    const { left, right } = node;
    if (left.type === 'MemberExpression') {
      this.sites.memberWrites.push({ node, ...this.#site() });
      const name = propertyName(left.property, left.computed);
      this.#store(name, right);
      this.visit(left);
      this.#visitNamed(right, name);
      return;
    }
    if (left.type === 'Identifier') {
      const write: Write =
        node.operator === '='
          ? { kind: 'value', node: right, scope: this.#scope, path: [] }
          : { kind: 'compound', node, scope: this.#scope };
      this.#assignments.push({ name: left.name, scope: this.#scope, write });
      this.#visitNamed(right, left.name);
      return;
    }
    this.#assignPattern(left, (path) => ({ kind: 'value', node: right, scope: this.#scope, path }));
    this.visit(right);
  }

  visitUpdate(node: ESTree.UpdateExpression): void {
    if (node.argument.type === 'Identifier') {
      this.#assignments.push({ name: node.argument.name, scope: this.#scope, write: { kind: 'update', node } });
    } else this.visit(node.argument);
  }

  visitLoop(node: LoopNode | ESTree.ForInStatement, label?: string): void {
    this.#within({ isFunction: false }, () => {
      if (node.type !== 'ForInStatement') this.sites.loops.push({ node, label, ...this.#site() });
      if (node.type === 'ForStatement') {
        if (node.init !== null) this.visit(node.init);
      } else if (node.type === 'ForOfStatement' || node.type === 'ForInStatement') {
        this.#visitIteration(node);
      }
      this.#loops += 1;
      if ('test' in node && node.test !== null) this.visit(node.test);
      if (node.type === 'ForStatement' && node.update !== null) this.visit(node.update);
      const test = 'test' in node ? node.test : null;
      if (test === null) this.visit(node.body);
      else this.#under(test, false, () => this.visit(node.body));
      this.#loops -= 1;
    });
  }

  visitLabeled(node: ESTree.LabeledStatement): void {
    const { body } = node;
    if (
      body.type === 'ForStatement' ||
      body.type === 'WhileStatement' ||
      body.type === 'DoWhileStatement' ||
      body.type === 'ForOfStatement'
    ) {
      this.visitLoop(body, node.label.name);
    } else this.visit(body);
  }

  visitCall(node: CallNode): void {
    this.sites.calls.push({
      node,
      scope: this.#scope,
      fn: this.#fn,
      condition: this.#condition,
      loops: this.#loops,
      tried: this.#tried,
    });
    eachChild(node, this.#visitChild);
  }

  visitTry(node: ESTree.TryStatement): void {
    const tried = this.#tried;
    this.#tried = node.handler !== null || tried;
    this.visit(node.block);
    this.#tried = tried;
    if (node.handler !== null) {
      const { param, body } = node.handler;
      this.#within({ isFunction: false }, () => {
        if (param !== null) this.#declarePattern(param, this.#scope, () => ({ kind: 'caught' }));
        this.visit(body);
      });
    }
    if (node.finalizer !== null) this.visit(node.finalizer);
  }

  visitThrow(node: ESTree.ThrowStatement): void {
    this.sites.throws.push({ node, ...this.#site() });
    this.visit(node.argument);
  }

  visitReturn(node: ESTree.ReturnStatement): void {
    if (node.argument === null) return;
    this.#fn.returns.push({ node: node.argument, scope: this.#scope });
    this.visit(node.argument);
  }

  visitBlock(node: ESTree.BlockStatement | ESTree.StaticBlock): void {
    this.#within({ isFunction: false }, () => this.visitStatements(node.body));
  }

  visitImport(node: ESTree.ImportDeclaration): void {
    const module = node.source.value;
    this.sites.imports.push({ module, offset: node.start ?? 0 });
    for (const specifier of node.specifiers) {
      const member =
        specifier.type === 'ImportSpecifier'
          ? exportName(specifier.imported)
          : specifier.type === 'ImportDefaultSpecifier'
            ? 'default'
            : '*';
      declare(this.#scope, specifier.local.name, this.sites.bindings).writes.push({ kind: 'import', module, member });
    }
  }

  visitExportNamed(node: ESTree.ExportNamedDeclaration): void {
    const { declaration, source } = node;
    if (source !== null) this.sites.imports.push({ module: source.value, offset: node.start ?? 0 });
    for (const { local, exported } of node.specifiers) {
      const name = exportName(exported);
      this.sites.exports.push(
        source === null
          ? { kind: 'local', name, node: local, scope: this.#scope }
          : { kind: 'from', name, module: source.value, member: exportName(local) },
      );
    }
    if (declaration === null) return;
    this.visit(declaration);
    for (const id of declaredNames(declaration)) {
      this.sites.exports.push({ kind: 'local', name: id.name, node: id, scope: this.#scope });
    }
  }

  visitExportDefault(node: ESTree.ExportDefaultDeclaration): void {
    const { declaration } = node;
    this.#visitNamed(declaration, 'default');
    const id = 'id' in declaration && declaration.id ? declaration.id : declaration;
    const named = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
    this.sites.exports.push({ kind: 'local', name: 'default', node: named ? id : declaration, scope: this.#scope });
  }

  visitExportAll(node: ESTree.ExportAllDeclaration): void {
    const module = node.source.value;
    this.sites.imports.push({ module, offset: node.start ?? 0 });
    this.sites.exports.push(
      node.exported === null
        ? { kind: 'all', module }
        : { kind: 'from', name: exportName(node.exported), module, member: '*' },
    );
  }

  #site(): { scope: Scope; fn: Fn; condition: Condition | undefined; loops: number; tried: boolean } {
    return { scope: this.#scope, fn: this.#fn, condition: this.#condition, loops: this.#loops, tried: this.#tried };
  }

  #addFn(node: Fn['node'], name: string): Fn {
    const isGenerator = node.type !== 'Program' && node.generator;
    const fn: Fn = {
      id: this.sites.fns.length,
      node,
      scope: this.sites.fns.length === 0 ? undefined : this.#scope,
      name,
      params: [],
      returns: [],
      entrances: [],
      isGenerator,
    };
    this.sites.fns.push(fn);
    this.sites.fnOf.set(node, fn);
    return fn;
  }

  #within(options: { readonly isFunction: boolean }, body: () => void): void {
    const parent = this.#scope;
    this.#scope = { parent, isFunction: options.isFunction, fn: this.#fn, bindings: undefined };
    body();
    this.#scope = parent;
  }

  #under(test: Node, negated: boolean, body: () => void): void {
    const outer = this.#condition;
    this.#condition = { test, scope: this.#scope, negated, outer };
    body();
    this.#condition = outer;
  }

  #visitNamed(node: Node, name: string | undefined): void {
    if (isFunctionNode(node)) this.visitFunction(node, name);
    else this.visit(node);
  }

  #store(name: string | undefined, node: Node): void {
    if (name === undefined || !(isFunctionNode(node) || node.type === 'Identifier')) return;
    const stored = this.sites.methods.get(name);
    const entry = { node, scope: this.#scope };
    if (stored === undefined) this.sites.methods.set(name, [entry]);
    else stored.push(entry);
  }

  #visitIteration(node: ESTree.ForOfStatement | ESTree.ForInStatement): void {
    const write = (path: Path): Write => ({ kind: 'each', node: node.right, scope: this.#scope, path });
    if (node.left.type === 'VariableDeclaration') {
      const scope = node.left.kind === 'var' ? functionScope(this.#scope) : this.#scope;
      for (const { id } of node.left.declarations) this.#declarePattern(id, scope, write);
    } else this.#assignPattern(node.left, write);
    this.visit(node.right);
  }

  #declareParameter(fn: Fn, param: Node, index: number): void {
    const rest = param.type === 'RestElement';
    fn.params.push(this.#declarePattern(param, this.#scope, (path) => ({ kind: 'parameter', fn, index, rest, path })));
  }

  /** Declares every name of a pattern; visits default values and computed keys on the way. */
  #declarePattern(pattern: Node, scope: Scope, write: (path: Path) => Write | undefined): Binding[] {
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

  #assignPattern(pattern: Node, write: (path: Path) => Write): void {
    this.#eachTarget(pattern, [], (target, path) => {
      if (target.type === 'Identifier') {
        this.#assignments.push({ name: target.name, scope: this.#scope, write: write(path) });
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
          const key = propertyName(property.key, property.computed);
          this.#eachTarget(property.value, [...path, key ?? '\0computed'], found);
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
      const write: Write = { kind: 'value', node: value, scope: this.#scope, path: [] };
      this.#assignments.push({ name, scope: this.#scope, write });
    }
    this.#visitNamed(value, name);
  }
}

type Visitors = {
  readonly [Type in Node['type']]?: (this: Collector, node: Extract<Node, { readonly type: Type }>) => void;
};

const { prototype } = Collector;

const visitors: Visitors = {
  IfStatement: prototype.visitIf,
  ConditionalExpression: prototype.visitIf,
  LogicalExpression: prototype.visitLogical,
  SwitchStatement: prototype.visitSwitch,
  FunctionDeclaration: prototype.visitFunction,
  FunctionExpression: prototype.visitFunction,
  ArrowFunctionExpression: prototype.visitFunction,
  ClassDeclaration: prototype.visitClass,
  ClassExpression: prototype.visitClass,
  MethodDefinition: prototype.visitMember,
  PropertyDefinition: prototype.visitMember,
  AccessorProperty: prototype.visitMember,
  Property: prototype.visitMember,
  VariableDeclaration: prototype.visitDeclaration,
  AssignmentExpression: prototype.visitAssignment,
  UpdateExpression: prototype.visitUpdate,
  ForStatement: prototype.visitLoop,
  WhileStatement: prototype.visitLoop,
  DoWhileStatement: prototype.visitLoop,
  ForOfStatement: prototype.visitLoop,
  ForInStatement: prototype.visitLoop,
  LabeledStatement: prototype.visitLabeled,
  CallExpression: prototype.visitCall,
  NewExpression: prototype.visitCall,
  ImportExpression: prototype.visitCall,
  TaggedTemplateExpression: prototype.visitCall,
  TryStatement: prototype.visitTry,
  ThrowStatement: prototype.visitThrow,
  ReturnStatement: prototype.visitReturn,
  BlockStatement: prototype.visitBlock,
  StaticBlock: prototype.visitBlock,
  ImportDeclaration: prototype.visitImport,
  ExportNamedDeclaration: prototype.visitExportNamed,
  ExportDefaultDeclaration: prototype.visitExportDefault,
  ExportAllDeclaration: prototype.visitExportAll,
};

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
