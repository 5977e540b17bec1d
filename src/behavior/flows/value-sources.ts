/** What an expression's value may be taken from: variables, functions that give it, names of the outside. No evaluation. */
import { isFolded } from '../outside/folded-names.ts';
import { isPassing, isRoot } from '../outside/known-names.ts';
import { bitsOfRoot, bitsOfSpecifier } from '../outside/module-bits.ts';
import {
  type Binding,
  type CallNode,
  type FileSites,
  type Fn,
  findBinding,
  type Implicit,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import { boundBy } from './link-calls.ts';
import {
  after,
  along,
  called,
  calledWithPath,
  computedMember,
  given,
  held,
  heldOpenly,
  may,
  member,
  spread,
  type Way,
} from './may-be.ts';

/** What is told of an expression's parts; each comes with the way from the part to the whole. */
export interface SourceSink {
  readonly sites: Pick<FileSites, 'fnOf' | 'methods' | 'implicit'>;
  /** The value of a variable, or what a function gives. */
  from(source: Binding | Fn, way: Way | undefined): void;
  /** What is stored under a property's name anywhere in the file. */
  fromStored(name: string, way: Way | undefined): void;
  /** An object of it has this under a name. */
  store(name: string, value: Node, scope: Scope): void;
  /** Bits that it has by itself. */
  give(bits: number): void;
}

/** A longer function is evaluated once for all its calls: what it is passed does not come out of it. */
const maxPassingLength = 250;
const maxSameName = 6;
const maxGetters = 2;

export class SourceFinder {
  readonly #sink: SourceSink;
  #getters: ReadonlyMap<string, readonly Implicit[]> | undefined;

  constructor(sink: SourceSink) {
    this.#sink = sink;
  }

  find(node: Node, scope: Scope, way: Way | undefined): void {
    switch (node.type) {
      case 'Identifier':
        this.#fromName(node.name, scope, way);
        return;
      case 'MemberExpression':
        this.#fromMember(node, scope, way);
        return;
      case 'CallExpression':
      case 'NewExpression':
      case 'TaggedTemplateExpression':
        this.#fromCall(node, scope, way);
        return;
      case 'ImportExpression':
        this.#sink.give(along(way, bitsOfSpecifier(node.source)));
        return;
      case 'MetaProperty':
        // `import.meta.glob` loads files; nothing else that `import.meta` has is called.
        this.#sink.give(along(way, may.name));
        return;
      case 'ThisExpression':
        if (scope.fn.id === 0) this.#sink.give(along(way, may.exported));
        return;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'FunctionDeclaration': {
        const fn = this.#sink.sites.fnOf.get(node);
        if (fn !== undefined) this.#fromFunction(fn, way);
        return;
      }
      case 'ClassExpression':
      case 'ClassDeclaration':
        this.#sink.give(along(way, may.fn));
        return;
      case 'ObjectExpression':
        if (node.properties.length > 0) this.#sink.give(along(way, may.fn));
        for (const property of node.properties) {
          if (property.type === 'Property') this.#fromProperty(property, scope, way);
          else if (property.type === 'SpreadElement') this.find(property.argument, scope, after(spread, way));
        }
        return;
      case 'ArrayExpression':
        for (const element of node.elements) {
          if (element === null) continue;
          if (element.type === 'SpreadElement') this.find(element.argument, scope, after(spread, way));
          else this.find(element, scope, after(held, way));
        }
        return;
      case 'SpreadElement':
        this.find(node.argument, scope, after(spread, way));
        return;
      case 'ConditionalExpression':
        this.find(node.consequent, scope, way);
        this.find(node.alternate, scope, way);
        return;
      case 'LogicalExpression':
        this.find(node.left, scope, way);
        this.find(node.right, scope, way);
        return;
      case 'AssignmentExpression':
        this.find(node.right, scope, way);
        return;
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        if (last !== undefined) this.find(last, scope, way);
        return;
      }
      case 'AwaitExpression':
        this.find(node.argument, scope, way);
        return;
      case 'YieldExpression':
        if (node.argument) this.find(node.argument, scope, way);
        return;
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        this.find(node.expression, scope, way);
        return;
      default:
    }
  }

  #fromName(name: string, scope: Scope, way: Way | undefined): void {
    const binding = findBinding(scope, name);
    if (binding !== undefined) this.#sink.from(binding, way);
    else if (name === 'exports') this.#sink.give(along(way, may.exported));
    else if (isRoot(name)) this.#sink.give(along(way, bitsOfRoot(name)));
  }

  #fromMember(
    { object, property, computed }: Extract<Node, { type: 'MemberExpression' }>,
    scope: Scope,
    way: Way | undefined,
  ): void {
    const name = propertyName(property, computed);
    if (name === undefined) {
      // `[]['constr' + 'uctor']`
      if (computed && isLiteral(object)) this.#sink.give(along(way, may.name));
      this.find(object, scope, after(computedMember, way));
      return;
    }
    // `''.constructor.constructor` makes functions of text.
    if (name === 'constructor') this.#sink.give(along(way, may.name));
    this.#sink.fromStored(name, way);
    this.#getters ??= Map.groupBy(this.#sink.sites.implicit, (one) => one.name);
    const getters = this.#getters.get(name) ?? [];
    for (const { fn } of getters.length > maxGetters ? [] : getters) this.#sink.from(fn, way);
    this.find(object, scope, after(member(name), way));
  }

  #fromProperty(
    { key, value, computed }: Extract<Node, { type: 'Property' }>,
    scope: Scope,
    way: Way | undefined,
  ): void {
    const name = propertyName(key, computed);
    if (name !== undefined) this.#sink.store(name, value, scope);
    // A computed key may lead to it all the same.
    this.find(value, scope, after(name === undefined ? heldOpenly : held, way));
  }

  #fromFunction(fn: Fn, way: Way | undefined): void {
    this.#sink.give(along(way, may.fn));
    this.#sink.from(fn, after(given, way));
  }

  #fromCall(node: Exclude<CallNode, { type: 'ImportExpression' }>, scope: Scope, way: Way | undefined): void {
    const callee = calleeOf(node);
    const passed = node.type === 'TaggedTemplateExpression' ? [] : node.arguments;
    if (callee.type === 'Identifier' && callee.name === 'require' && findBinding(scope, 'require') === undefined) {
      this.#sink.give(along(way, bitsOfSpecifier(passed[0])));
      return;
    }
    const bound = boundBy(node);
    if (bound !== undefined) this.find(bound, scope, way);
    const namesFile = passed[0] !== undefined && (bitsOfSpecifier(passed[0]) & may.file) !== 0;
    this.find(callee, scope, after(namesFile ? calledWithPath : called, way));
    if (nameOfCallee(callee) === 'map' && passed[0] !== undefined && mayLoad(passed[0]))
      this.find(passed[0], scope, after(called, after(held, way)));
    if (passed.length === 0 || !this.#mayGiveArguments(callee, scope)) return;
    for (const argument of passed) if (!isFunctionNode(argument)) this.find(argument, scope, after(spread, way));
  }

  #mayGiveArguments(callee: Node, scope: Scope): boolean {
    if (callee.type === 'Identifier') return isPassingCallee(callee, scope, 0);
    if (callee.type !== 'MemberExpression') return false;
    const name = propertyName(callee.property, callee.computed);
    if (name === undefined) return false;
    if (name === 'call' || name === 'apply') {
      const inner = callee.object.type === 'MemberExpression' ? nameOfCallee(callee.object) : undefined;
      return inner !== undefined && isPassing(inner);
    }
    return isPassing(name) || methodsNamed(name, this.#sink.sites).some(mayPassOn);
  }
}

/** What stands under a name is told by that name, whatever object is asked for it. */
/** Values that the text shows, and what is taken from them: their constructors are known. */
function isLiteral(node: Node): boolean {
  switch (node.type) {
    case 'Literal':
    case 'TemplateLiteral':
    case 'BinaryExpression':
    case 'ArrayExpression':
      return true;
    case 'MemberExpression':
      return isLiteral(node.object);
    case 'CallExpression':
      return isLiteral(node.callee);
    default:
      return isFunctionNode(node);
  }
}

/** A function holds what it gives: whoever calls it, by whatever name, has it. */
/** `(0, a.b)(…)` calls `a.b`. */
function calleeOf(node: Exclude<CallNode, { type: 'ImportExpression' }>): Node {
  const callee: Node = node.type === 'TaggedTemplateExpression' ? node.tag : node.callee;
  return callee.type === 'SequenceExpression' ? (callee.expressions.at(-1) ?? callee) : callee;
}

function nameOfCallee(callee: Node): string | undefined {
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
}

function methodsNamed(name: string | undefined, { methods, fnOf }: SourceSink['sites']): readonly Fn[] {
  const stored = name === undefined ? undefined : methods.get(name);
  if (stored === undefined || stored.length > maxSameName) return [];
  return stored.flatMap(({ node }) => (isFunctionNode(node) ? (fnOf.get(node) ?? []) : []));
}

/** `['fs', 'os'].map((name) => require(name))` */
function mayLoad(node: Node): boolean {
  if (node.type === 'Identifier') return node.name === 'require';
  if (node.type !== 'ArrowFunctionExpression') return false;
  const { body } = node;
  return body.type === 'ImportExpression' || (body.type === 'CallExpression' && body.callee.type === 'Identifier');
}

/** A function of the outside that gives what it is given, or a short method of the file, which may. */
function mayPassOn({ node, returns }: Fn): boolean {
  return returns.length > 0 && (node.end ?? 0) - (node.start ?? 0) <= maxPassingLength;
}

const maxAliases = 3;

/** `const { assign } = Object`. */
function isPassingCallee(callee: Node, scope: Scope, aliases: number): boolean {
  if (callee.type === 'MemberExpression') {
    const name = propertyName(callee.property, callee.computed);
    if (name === 'default' && aliases <= maxAliases) return isPassingCallee(callee.object, scope, aliases + 1);
    return name !== undefined && isPassing(name);
  }
  if (callee.type === 'CallExpression') return isCompilersHelper(callee);
  if (callee.type !== 'Identifier' || aliases > maxAliases) return false;
  const binding = findBinding(scope, callee.name);
  if (binding === undefined) return isPassing(callee.name);
  return binding.writes.some((write) => {
    if (write.kind === 'import') return isPassing(write.member);
    if (write.kind !== 'value') return false;
    const last = write.path.at(-1);
    if (last !== undefined) return typeof last === 'string' && isPassing(last);
    if (choosesFunction(write.node)) return true;
    const bound = boundBy(write.node);
    return isPassingCallee(bound ?? write.node, write.scope, aliases + 1);
  });
}

/** `require('@babel/runtime/helpers/interopRequireDefault')` */
function isCompilersHelper({ callee, arguments: [specifier] }: Extract<Node, { type: 'CallExpression' }>): boolean {
  if (callee.type !== 'Identifier' || callee.name !== 'require' || specifier?.type !== 'Literal') return false;
  return typeof specifier.value === 'string' && isFolded(`npm:${specifier.value}`);
}

/** `(this && this.helper) || function (module) { … }`: which function is called, no name tells. */
function choosesFunction(node: Node): boolean {
  if (node.type === 'LogicalExpression') return isFunctionNode(node.right) || choosesFunction(node.left);
  return node.type === 'ConditionalExpression' && (isFunctionNode(node.consequent) || isFunctionNode(node.alternate));
}
