/**
 * Expression → abstract value: constants folded, aliases followed, origins carried. Demand-driven and remembered by node;
 * bounded by a budget of steps for the whole file, because the file's author may be hostile.
 */
import type { ESTree } from 'meriyah';
import { givenBy } from './catalog.ts';
import { foldOutsideCall, foldsOutsideCall } from './fold-call.ts';
import { foldMethod } from './fold-method.ts';
import { foldBinary, foldUnary } from './fold-operator.ts';
import { Members } from './members.ts';
import { globalReference, moduleReference, parseLocalReference } from './references.ts';
import {
  type Binding,
  type CallNode,
  type Entrance,
  type FileSites,
  type Fn,
  findBinding,
  type Node,
  type Path,
  type Scope,
  type Write,
} from './scope.ts';
import { Solver } from './solver.ts';
import { propertyName } from './syntax.ts';
import { joinedOrigins, textOf } from './text-of.ts';
import {
  alternatives,
  constant,
  type Environment,
  flow,
  type ReferenceValue,
  reference,
  truthOf,
  union,
  unknown,
  unknownValue,
  type Value,
  withOrigins,
} from './value.ts';

const maxCallDepth = 4;
/** A longer function is no mere spelling of a text, or wrapper of a module: it is evaluated once for all its calls. */
const maxDecoder = 800;
const maxWrapper = 250;
const maxListLength = 20_000;
const maxWrites = 32;
const maxReturns = 8;
const maxEntrances = 6;
/** `a.b().c()…`: each link of an expression costs several frames of the stack. */
const maxNesting = 400;

interface Call {
  readonly node: CallNode;
  readonly scope: Scope;
  readonly env: Environment | undefined;
}

export class Evaluator {
  readonly #sites: FileSites;
  readonly #values = new Map<Node, Value>();
  /** What was computed while solving, good for one round of one variable. */
  readonly #passing = new Map<Node, Value>();
  readonly #solver: Solver<Binding | Fn>;
  readonly #members: Members;
  #steps: number;
  #nesting = 0;
  #callDepth = 0;

  /** @param maxSteps How many expressions may be looked at in all. */
  constructor(sites: FileSites, maxSteps: number) {
    this.#sites = sites;
    this.#steps = maxSteps;
    this.#members = new Members(sites, this);
    this.#solver = new Solver((key) => {
      this.#passing.clear();
      return 'writes' in key ? this.#written(key, undefined) : this.#results(key, undefined);
    });
  }

  /** True when the budget ran out: what was evaluated after that is unknown. */
  get exhausted(): boolean {
    return this.#steps <= 0;
  }

  evaluate(node: Node, scope: Scope, env?: Environment): Value {
    if (node.type === 'Literal') return literalValue(node);
    const memory: Map<object, Value> = env?.values ?? (this.#solver.solving ? this.#passing : this.#values);
    const known = memory.get(node);
    if (known !== undefined) return known;
    if (this.#steps <= 0 || this.#nesting >= maxNesting) return unknownValue;
    this.#steps -= 1;
    this.#nesting += 1;
    try {
      const value = this.#compute(node, scope, env);
      memory.set(node, value);
      return value;
    } finally {
      this.#nesting -= 1;
    }
  }

  /** What a call calls. */
  callee(node: CallNode, scope: Scope, env?: Environment): Value {
    if (node.type === 'ImportExpression') return reference('import');
    return this.evaluate(node.type === 'TaggedTemplateExpression' ? node.tag : node.callee, scope, env);
  }

  arguments(node: CallNode, scope: Scope, env?: Environment): Value[] {
    if (node.type === 'ImportExpression') return [this.evaluate(node.source, scope, env)];
    if (node.type === 'TaggedTemplateExpression') return [this.evaluate(node.quasi, scope, env)];
    return this.#elements(node.arguments, scope, env);
  }

  #argument(node: CallNode, scope: Scope, index: number): Value {
    if (!('arguments' in node)) return unknownValue;
    const before = node.arguments.slice(0, index + 1);
    if (before.some(({ type }) => type === 'SpreadElement')) return this.arguments(node, scope)[index] ?? unknownValue;
    const argument = before[index];
    return argument === undefined ? constant(undefined) : this.evaluate(argument, scope);
  }

  /** What `value.name` is. */
  property(value: Value, name: string): Value {
    return this.#members.find(value, name);
  }

  /** Functions of this file that may be stored under a property's name. */
  storedUnder(name: string): readonly Fn[] {
    return this.#members.storedUnder(name);
  }

  constructorOf(node: ESTree.ClassDeclaration | ESTree.ClassExpression): Fn | undefined {
    for (const element of node.body.body) {
      if (element.type === 'MethodDefinition' && element.kind === 'constructor') {
        return this.#sites.fnOf.get(element.value);
      }
    }
    return undefined;
  }

  #compute(node: Node, scope: Scope, env: Environment | undefined): Value {
    switch (node.type) {
      case 'Identifier':
        return this.#identifier(node.name, scope, env);
      case 'MemberExpression':
        return this.#memberExpression(node, scope, env);
      case 'CallExpression':
      case 'NewExpression':
      case 'ImportExpression':
      case 'TaggedTemplateExpression':
        return this.#call(node, scope, env);
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'FunctionDeclaration': {
        const fn = this.#sites.fnOf.get(node);
        return fn === undefined ? unknownValue : { kind: 'function', fn, origins: 0 };
      }
      case 'ClassExpression':
      case 'ClassDeclaration':
        return { kind: 'class', node, origins: 0 };
      case 'TemplateLiteral':
        return this.#template(node, scope, env);
      case 'BinaryExpression':
        return this.#binary(node, scope, env);
      case 'UnaryExpression':
        return foldUnary(node.operator, this.evaluate(node.argument, scope, env));
      case 'LogicalExpression':
        return this.#logical(node, scope, env);
      case 'ConditionalExpression':
        return this.#conditional(node, scope, env);
      case 'ArrayExpression': {
        const elements = this.#elements(node.elements, scope, env);
        return { kind: 'list', elements, origins: elements.reduce((bits, one) => bits | one.origins, 0) };
      }
      case 'ObjectExpression':
        return { kind: 'object', node, scope, env, origins: 0 };
      case 'SequenceExpression': {
        const last = node.expressions.at(-1);
        return last === undefined ? unknownValue : this.evaluate(last, scope, env);
      }
      case 'AssignmentExpression':
      case 'AssignmentPattern':
        return node.right === undefined ? unknownValue : this.evaluate(node.right, scope, env);
      case 'AwaitExpression':
      case 'SpreadElement':
        return this.evaluate(node.argument, scope, env);
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return this.evaluate(node.expression, scope, env);
      case 'ThisExpression':
        return scope.fn.id === 0 ? reference('module.exports') : unknownValue;
      case 'MetaProperty':
        return reference(`${node.meta.name}.${node.property.name}`);
      default:
        return unknownValue;
    }
  }

  #identifier(name: string, scope: Scope, env: Environment | undefined): Value {
    const binding = findBinding(scope, name);
    if (binding === undefined) return globalReference(name);
    if (env === undefined || binding.owner !== env.fn) return this.#solver.read(binding);
    const passed = env.parameters.get(binding) ?? env.values.get(binding);
    if (passed !== undefined) return passed;
    // A variable of the function that leans on itself is unknown in this call.
    env.values.set(binding, unknownValue);
    const value = this.#written(binding, env);
    env.values.set(binding, value);
    return value;
  }

  #written(binding: Binding, env: Environment | undefined): Value {
    return union(binding.writes.slice(0, maxWrites).map((write) => this.#writeValue(write, env)));
  }

  #results(fn: Fn, env: Environment | undefined): Value {
    return union(fn.returns.slice(0, maxReturns).map(({ node, scope }) => this.evaluate(node, scope, env)));
  }

  #writeValue(write: Write, env: Environment | undefined): Value {
    switch (write.kind) {
      case 'value':
        return this.#follow(this.evaluate(write.node, write.scope, env), write.path);
      case 'compound': {
        const { origins } = this.evaluate(write.node.right, write.scope, env);
        return unknown(origins);
      }
      case 'each': {
        const iterated = this.evaluate(write.node, write.scope, env);
        const one = iterated.kind === 'list' ? union(iterated.elements.slice(0, 64)) : unknown(iterated.origins);
        return this.#follow(one, write.path);
      }
      case 'import': {
        const module = moduleReference(write.module);
        return write.member === '*' ? module : this.property(module, write.member);
      }
      case 'function':
        return { kind: 'function', fn: write.fn, origins: 0 };
      case 'class':
        return { kind: 'class', node: write.node, origins: 0 };
      case 'parameter':
        return this.#follow(this.#parameter(write.fn, write.index, write.rest), write.path);
      default:
        return unknownValue;
    }
  }

  #follow(value: Value, path: Path): Value {
    return path.reduce<Value>((at, key) => this.property(at, String(key)), value);
  }

  #parameter(fn: Fn, index: number, rest: boolean): Value {
    if (fn.entrances.length === 0) return unknown(flow.parameter);
    return union(fn.entrances.slice(0, maxEntrances).map((entrance) => this.#passed(entrance, index, rest)));
  }

  /** What one way into a function passes for one parameter. */
  #passed({ kind, site, argument }: Entrance, index: number, rest: boolean): Value {
    const { node, scope } = site;
    if (kind === 'call') {
      if (rest) return { kind: 'list', elements: this.arguments(node, scope).slice(argument + index), origins: 0 };
      return this.#argument(node, scope, argument + index);
    }
    const receiver =
      node.type === 'CallExpression' && node.callee.type === 'MemberExpression'
        ? this.evaluate(node.callee.object, scope)
        : unknownValue;
    const method =
      node.type === 'CallExpression' && node.callee.type === 'MemberExpression'
        ? propertyName(node.callee.property, node.callee.computed)
        : undefined;
    if (method === 'then' && index === 0) return receiver;
    if (receiver.kind === 'list' && index === 0) return union(receiver.elements.slice(0, 64));
    const given = alternatives(this.callee(node, scope)).reduce(
      (bits, one) => (one.kind === 'reference' ? bits | givenBy(one.name) : bits),
      0,
    );
    return unknown(receiver.origins | given);
  }

  #memberExpression(node: ESTree.MemberExpression, scope: Scope, env: Environment | undefined): Value {
    const object = this.evaluate(node.object, scope, env);
    const literal = propertyName(node.property, node.computed);
    if (literal !== undefined) return this.property(object, literal);
    const key = this.evaluate(node.property, scope, env);
    const name = key.kind === 'constant' ? String(key.value) : undefined;
    if (name !== undefined) return withOrigins(this.property(object, name), key.origins & flow.decoded);
    // A computed member of a table of functions may be any of them: bundlers keep their modules so.
    if (object.kind === 'list') return withOrigins(union(object.elements.slice(0, 512)), object.origins);
    if (object.kind === 'object') return withOrigins(this.#members.anyFunctionOf(object), object.origins);
    return unknown(object.origins | (key.origins & flow.decoded));
  }

  #elements(nodes: readonly (Node | null)[], scope: Scope, env: Environment | undefined): Value[] {
    const elements: Value[] = [];
    for (const node of nodes) {
      if (elements.length >= maxListLength) break;
      if (node === null) elements.push(constant(undefined));
      else if (node.type === 'SpreadElement') {
        const spread = this.evaluate(node.argument, scope, env);
        if (spread.kind === 'list') elements.push(...spread.elements.slice(0, maxListLength));
        else if (spread.kind === 'constant' && typeof spread.value === 'string') {
          elements.push(...[...spread.value].map((one) => constant(one, spread.origins)));
        } else elements.push(unknown(spread.origins));
      } else elements.push(this.evaluate(node, scope, env));
    }
    return elements;
  }

  #template(node: ESTree.TemplateLiteral, scope: Scope, env: Environment | undefined): Value {
    const values = node.expressions.map((expression) => this.evaluate(expression, scope, env));
    const origins = values.reduce((bits, one) => bits | one.origins, 0);
    const text = node.quasis
      .map((quasi, index) => {
        const value = values[index];
        return (quasi.value.cooked ?? '') + (value === undefined ? '' : (textOf(value) ?? '…'));
      })
      .join('');
    const joined = joinedOrigins(origins, text);
    return values.every((one) => one.kind === 'constant') ? constant(text, joined) : unknown(joined, text);
  }

  /** `a + b + c …` leans to the left, thousands deep in generated code: walked, not recursed into. */
  #binary(node: ESTree.BinaryExpression, scope: Scope, env: Environment | undefined): Value {
    const chain: ESTree.BinaryExpression[] = [];
    let left: Node = node;
    while (left.type === 'BinaryExpression') {
      chain.push(left);
      left = left.left;
    }
    let value = this.evaluate(left, scope, env);
    for (const { operator, right } of chain.reverse())
      value = foldBinary(operator, value, this.evaluate(right, scope, env));
    return value;
  }

  #logical(node: ESTree.LogicalExpression, scope: Scope, env: Environment | undefined): Value {
    const left = this.evaluate(node.left, scope, env);
    const truth = truthOf(left);
    if (node.operator === '&&') {
      return truth === false ? left : this.evaluate(node.right, scope, env);
    }
    if (node.operator === '||' && truth === true) return left;
    if (left.kind === 'constant' && left.value !== null && left.value !== undefined && node.operator === '??')
      return left;
    return union([left, this.evaluate(node.right, scope, env)]);
  }

  #conditional(node: ESTree.ConditionalExpression, scope: Scope, env: Environment | undefined): Value {
    const truth = truthOf(this.evaluate(node.test, scope, env));
    if (truth !== undefined) return this.evaluate(truth ? node.consequent : node.alternate, scope, env);
    return union([this.evaluate(node.consequent, scope, env), this.evaluate(node.alternate, scope, env)]);
  }

  #call(node: CallNode, scope: Scope, env: Environment | undefined): Value {
    const found = alternatives(this.callee(node, scope, env)).map((callee) =>
      this.#callOne(callee, { node, scope, env }),
    );
    return union(found);
  }

  #callOne(callee: Value, call: Call): Value {
    const { node, scope, env } = call;
    if (callee.kind === 'class') return unknownValue;
    if (callee.kind === 'function') {
      const { fn } = callee;
      return this.callFunction(fn, fn.returns.length === 0 ? [] : this.arguments(node, scope, env));
    }
    if (callee.kind === 'reference') {
      if (!foldsOutsideCall(callee.name)) return this.#outsideValue(callee, call);
      const given = this.arguments(node, scope, env);
      return foldOutsideCall(callee, given, this) ?? this.#outsideValue(callee, call);
    }
    return this.#methodCall(call) ?? unknown(callee.origins | this.#flowing(call));
  }

  #outsideValue(callee: ReferenceValue, call: Call): Value {
    const passed = parseLocalReference(callee.name) === undefined ? this.#flowing(call) : 0;
    return reference(`${callee.name}()`, callee.origins | givenBy(callee.name) | passed);
  }

  /** What flows through a function that is not seen into: what its plain arguments carry. */
  #flowing({ node, scope, env }: Call): number {
    if (!('arguments' in node) || node.arguments.length > 4) return 0;
    let bits = 0;
    for (const argument of node.arguments)
      if (plainArguments.has(argument.type)) bits |= this.evaluate(argument, scope, env).origins;
    return bits & ~(flow.parameter | flow.broad);
  }

  #methodCall(call: Call): Value | undefined {
    const { node, scope, env } = call;
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return undefined;
    const object = this.evaluate(node.callee.object, scope, env);
    if (object.kind === 'reference') return undefined;
    const { property, computed } = node.callee;
    const name = propertyName(property, computed) ?? textOf(this.evaluate(property, scope, env));
    if (name === undefined) return undefined;
    if (name === 'call' && object.kind === 'function') {
      return this.callFunction(object.fn, this.arguments(node, scope, env).slice(1));
    }
    if (object.kind === 'unknown') return unknown(object.origins | this.#flowing(call));
    const given = this.arguments(node, scope, env);
    return alternatives(object).length > 1
      ? union(alternatives(object).map((one) => foldMethod(one, { name, given, caller: this }) ?? unknown(one.origins)))
      : foldMethod(object, { name, given, caller: this });
  }

  callOutside(callee: ReferenceValue, given: readonly Value[]): Value | undefined {
    return foldOutsideCall(callee, given, this);
  }

  /** The value of calling a function of this file: its `return` expressions, with the arguments in place. */
  callFunction(fn: Fn, given: readonly Value[]): Value {
    if (this.#callDepth >= maxCallDepth || fn.returns.length === 0) return unknownValue;
    if (!isInlined(fn, given)) return this.#solver.read(fn);
    const parameters = new Map<Binding, Value>();
    fn.params.forEach(([binding], index) => {
      const value = given[index];
      const plain = binding?.writes.some(
        (write) => write.kind === 'parameter' && write.path.length === 0 && !write.rest,
      );
      if (binding !== undefined && plain === true && value !== undefined) parameters.set(binding, value);
    });
    this.#callDepth += 1;
    try {
      return this.#results(fn, { fn, parameters, values: new Map() });
    } finally {
      this.#callDepth -= 1;
    }
  }
}

/** Whether a call is evaluated apart from the function's other calls: where text or a module passes through a short one. */
function isInlined(fn: Fn, given: readonly Value[]): boolean {
  const length = (fn.node.end ?? 0) - (fn.node.start ?? 0);
  if (fn.returns.length === 0 || length > maxDecoder) return false;
  return given.some((one) => isText(one) || (length <= maxWrapper && isPassedOn(one)));
}

function isText(value: Value): boolean {
  if (value.kind === 'constant') return typeof value.value === 'string';
  return (
    value.kind === 'bytes' || (value.kind === 'list' && value.elements.length > 0 && value.elements.every(isConstant))
  );
}

function isConstant(value: Value): boolean {
  return value.kind === 'constant';
}

function isPassedOn(value: Value): boolean {
  return value.kind === 'reference' || (value.kind === 'constant' && typeof value.value === 'number');
}

const plainArguments: ReadonlySet<Node['type']> = new Set([
  'Identifier',
  'MemberExpression',
  'CallExpression',
  'TemplateLiteral',
  'BinaryExpression',
  'AwaitExpression',
]);

function literalValue(node: ESTree.Literal): Value {
  if ('regex' in node) return unknownValue;
  const { value } = node;
  return typeof value === 'bigint' ? constant(Number(value)) : constant(value as string | number | boolean | null);
}
