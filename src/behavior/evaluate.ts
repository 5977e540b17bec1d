/**
 * Expression → abstract value: constants folded, aliases followed, origins carried. Demand-driven and remembered by node;
 * bounded by a budget of steps for the whole file, because the file's author may be hostile.
 */
import type { ESTree } from 'meriyah';
import { givenBy } from './catalog.ts';
import { foldMethod, foldOutsideCall, foldsOutsideCall } from './fold-call.ts';
import { foldBinary, foldUnary } from './fold-operator.ts';
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
import { isFunctionNode, propertyName } from './syntax.ts';
import {
  alternatives,
  constant,
  type Environment,
  flow,
  globalReference,
  joinedOrigins,
  memberReference,
  moduleReference,
  type ObjectValue,
  parseLocalReference,
  type ReferenceValue,
  reference,
  textOf,
  truthOf,
  union,
  unknown,
  unknownValue,
  type Value,
  withOrigins,
} from './value.ts';

const maxCallDepth = 4;
const maxEntrances = 8;
const maxStored = 6;
const maxListLength = 20_000;

/** Rounds after which a value that leans on itself is taken as it is. */
const maxTries = 3;
const maxInlined = 800;

interface Call {
  readonly node: CallNode;
  readonly scope: Scope;
  readonly env: Environment | undefined;
}

interface PropertyTable {
  readonly named: ReadonlyMap<string, Node>;
  /** Spreads and computed keys. */
  readonly others: readonly ESTree.ObjectLiteralElementLike[];
}

interface Provisional {
  readonly value: Value;
  readonly tries: number;
  readonly epoch: number;
}

export class Evaluator {
  readonly #sites: FileSites;
  readonly #values = new Map<Node, Value>();
  readonly #bindings = new Map<Binding, Value>();
  /** What is being evaluated right now, and how deep in the stack. */
  readonly #pending = new Map<Node | Binding, number>();
  /** The outermost pending evaluation that a cycle ran into since it was last clear. */
  #cycleTo = Number.POSITIVE_INFINITY;
  /** Values that lean on a pending one: good until the outermost evaluation ends, then computed anew a few times. */
  readonly #provisional = new Map<Node | Binding, Provisional>();
  #epoch = 0;
  readonly #stored = new Map<string, readonly Fn[]>();
  readonly #tables = new Map<ESTree.ObjectExpression, PropertyTable>();
  #steps: number;
  #callDepth = 0;

  /** @param maxSteps How many expressions may be looked at in all. */
  constructor(sites: FileSites, maxSteps: number) {
    this.#sites = sites;
    this.#steps = maxSteps;
  }

  /** True when the budget ran out: what was evaluated after that is unknown. */
  get left(): number {
    return this.#steps;
  }

  get exhausted(): boolean {
    return this.#steps <= 0;
  }

  /** Forgets what was concluded, after more ways into functions became known. */
  forget(): void {
    this.#values.clear();
    this.#bindings.clear();
    this.#provisional.clear();
  }

  evaluate(node: Node, scope: Scope, env?: Environment): Value {
    if (node.type === 'Literal') return literalValue(node);
    if (env !== undefined) return this.#once(node, undefined, () => this.#compute(node, scope, env));
    return this.#values.get(node) ?? this.#once(node, this.#values, () => this.#compute(node, scope, undefined));
  }

  /** Computes a value once at a time; what turns out to need itself is unknown there. */
  #once<Key extends Node | Binding>(key: Key, memory: Map<Key, Value> | undefined, compute: () => Value): Value {
    const earlier = memory === undefined ? undefined : this.#provisional.get(key);
    if (earlier?.epoch === this.#epoch) return earlier.value;
    const inside = this.#pending.get(key);
    if (inside !== undefined) {
      this.#cycleTo = Math.min(this.#cycleTo, inside);
      return unknownValue;
    }
    if (this.#steps <= 0) return unknownValue;
    this.#steps -= 1;
    const depth = this.#pending.size;
    this.#pending.set(key, depth);
    try {
      const value = compute();
      const closed = this.#cycleTo >= depth;
      if (closed) this.#cycleTo = Number.POSITIVE_INFINITY;
      if (memory !== undefined) this.#remember(key, closed ? memory : undefined, { value, earlier, memory });
      return value;
    } finally {
      this.#pending.delete(key);
      if (depth === 0) this.#epoch += 1;
    }
  }

  #remember<Key extends Node | Binding>(
    key: Key,
    closed: Map<Key, Value> | undefined,
    {
      value,
      earlier,
      memory,
    }: { readonly value: Value; readonly earlier: Provisional | undefined; readonly memory: Map<Key, Value> },
  ): void {
    const tries = (earlier?.tries ?? 0) + 1;
    if (closed !== undefined) closed.set(key, value);
    // Recursion through parameters may lean on itself every time: after a few rounds nothing new is learned.
    else if (tries >= maxTries) memory.set(key, earlier === undefined ? value : union([earlier.value, value]));
    else this.#provisional.set(key, { value, tries, epoch: this.#epoch });
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

  /** The property of an object literal, as a value. */
  property(value: Value, name: string): Value {
    return this.#member(value, name);
  }

  /** Functions of this file that may be stored under a property's name. */
  storedUnder(name: string): readonly Fn[] {
    const known = this.#stored.get(name);
    if (known !== undefined) return known;
    const stored = this.#sites.methods.get(name) ?? [];
    const fns = new Set<Fn>();
    for (const { node, scope } of stored.length > maxStored ? [] : stored) {
      for (const value of alternatives(this.evaluate(node, scope))) if (value.kind === 'function') fns.add(value.fn);
    }
    const found = [...fns];
    this.#stored.set(name, found);
    return found;
  }

  constructorOf(node: ESTree.ClassDeclaration | ESTree.ClassExpression): Fn | undefined {
    for (const element of node.body.body) {
      if (element.type === 'MethodDefinition' && element.kind === 'constructor')
        return this.#sites.fnOf.get(element.value);
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
    return env?.get(binding) ?? this.#bindingValue(binding, env);
  }

  #bindingValue(binding: Binding, env?: Environment): Value {
    const compute = (): Value => union(binding.writes.slice(0, 64).map((write) => this.#writeValue(write, env)));
    if (env !== undefined) return this.#once(binding, undefined, compute);
    return this.#bindings.get(binding) ?? this.#once(binding, this.#bindings, compute);
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
        return write.member === '*' ? module : this.#member(module, write.member);
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
    return path.reduce<Value>((at, key) => this.#member(at, String(key)), value);
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
    if (literal !== undefined) return this.#member(object, literal);
    const key = this.evaluate(node.property, scope, env);
    const name = key.kind === 'constant' ? String(key.value) : undefined;
    if (name !== undefined) return withOrigins(this.#member(object, name), key.origins & flow.decoded);
    // A computed member of a table of functions may be any of them: bundlers keep their modules so.
    if (object.kind === 'list') return withOrigins(union(object.elements.slice(0, 512)), object.origins);
    if (object.kind === 'object') return withOrigins(this.#anyFunctionOf(object.node, object.scope), object.origins);
    return unknown(object.origins | (key.origins & flow.decoded));
  }

  #anyFunctionOf(node: ESTree.ObjectExpression, scope: Scope): Value {
    const found: Value[] = [];
    for (const property of node.properties) {
      if (property.type === 'Property' && isFunctionNode(property.value)) {
        found.push(this.evaluate(property.value, scope));
      }
    }
    return found.length === 0 ? unknownValue : { kind: 'union', of: found, origins: 0 };
  }

  #member(value: Value, name: string): Value {
    switch (value.kind) {
      case 'constant':
        if (typeof value.value !== 'string') return unknown(value.origins);
        if (name === 'length') return constant(value.value.length, value.origins);
        if (/^\d+$/.test(name)) return constant(value.value[Number(name)], value.origins);
        return name === 'constructor' ? reference('String') : unknown(value.origins);
      case 'list':
        // Lists grow and shrink: what stands in the text is not what they hold later.
        if (name === 'length') return unknown(value.origins);
        if (/^\d+$/.test(name)) return value.elements[Number(name)] ?? constant(undefined);
        return name === 'constructor' ? reference('Array.constructor') : unknown(value.origins);
      case 'object':
        return this.#objectMember(value, name) ?? unknown(value.origins);
      case 'reference':
        return memberReference(value.name, name, value.origins);
      case 'function':
        return name === 'constructor' ? reference('Function') : unknownValue;
      case 'union':
        return union(value.of.map((one) => this.#member(one, name)));
      default:
        return this.#storedMember(value, name);
    }
  }

  /** A member of an object that is not understood may be what the file stores under that name. */
  #storedMember(value: Value, name: string): Value {
    const stored = this.#sites.methods.get(name);
    if (stored === undefined || stored.length > maxStored || value.origins !== 0) return unknown(value.origins);
    const found = union(
      stored.flatMap(({ node, scope }) => (this.#namesSomething(node, scope) ? [this.evaluate(node, scope)] : [])),
    );
    return found.kind === 'reference' || found.kind === 'function' || found.kind === 'union' ? found : unknownValue;
  }

  /** A function, or a variable that holds a function or a module and nothing else. */
  #namesSomething(node: Node, scope: Scope): boolean {
    if (node.type !== 'Identifier') return true;
    const binding = findBinding(scope, node.name);
    if (binding === undefined) return true;
    return binding.writes.some(
      (write) =>
        write.kind === 'function' ||
        write.kind === 'import' ||
        (write.kind === 'value' && (isFunctionNode(write.node) || write.node.type === 'CallExpression')),
    );
  }

  #objectMember({ node, scope, env }: ObjectValue, name: string): Value | undefined {
    let table = this.#tables.get(node);
    if (table === undefined) {
      table = tableOf(node);
      this.#tables.set(node, table);
    }
    const direct = table.named.get(name);
    if (direct !== undefined) return this.evaluate(direct, scope, env);
    for (const property of table.others) {
      if (property.type === 'SpreadElement') {
        const spread = this.evaluate(property.argument, scope, env);
        if (spread.kind === 'object' || spread.kind === 'reference') return this.#member(spread, name);
      } else if (property.type === 'Property' && textOf(this.evaluate(property.key, scope, env)) === name) {
        return this.evaluate(property.value, scope, env);
      }
    }
    return undefined;
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
      return isInlined(fn) ? this.callFunction(fn, this.arguments(node, scope, env)) : this.#returned(fn);
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

  #returned(fn: Fn): Value {
    return union(fn.returns.slice(0, 8).map(({ node, scope }) => this.evaluate(node, scope)));
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
      ? union(alternatives(object).map((one) => foldMethod(one, { name, given }, this) ?? unknown(one.origins)))
      : foldMethod(object, { name, given }, this);
  }

  /** The value of calling a function of this file: its `return` expressions, with the arguments in place. */
  callFunction(fn: Fn, given: readonly Value[]): Value {
    if (this.#callDepth >= maxCallDepth || fn.returns.length === 0) return unknownValue;
    if (!given.some(isTelling)) return this.#returned(fn);
    const env = new Map<Binding, Value>();
    fn.params.forEach((bindings, index) => {
      const [binding] = bindings;
      const value = given[index];
      if (
        binding?.writes.some((write) => write.kind === 'parameter' && write.path.length === 0 && !write.rest) &&
        value !== undefined
      ) {
        env.set(binding, value);
      }
    });
    this.#callDepth += 1;
    try {
      return union(fn.returns.slice(0, 8).map(({ node, scope }) => this.evaluate(node, scope, env)));
    } finally {
      this.#callDepth -= 1;
    }
  }
}

/** A longer function is no mere spelling of a constant: it is evaluated once for all its calls. */
function isInlined(fn: Fn): boolean {
  return fn.returns.length > 0 && (fn.node.end ?? 0) - (fn.node.start ?? 0) <= maxInlined;
}

/** An argument that makes a call worth evaluating apart from the function's other calls. */
function isTelling(value: Value): boolean {
  return value.kind === 'constant' ? value.value !== undefined : value.kind !== 'unknown' && value.kind !== 'function';
}

const plainArguments: ReadonlySet<Node['type']> = new Set([
  'Identifier',
  'MemberExpression',
  'CallExpression',
  'TemplateLiteral',
  'BinaryExpression',
  'AwaitExpression',
]);

function tableOf(node: ESTree.ObjectExpression): PropertyTable {
  const named = new Map<string, Node>();
  const others: ESTree.ObjectLiteralElementLike[] = [];
  for (const property of node.properties) {
    const name = property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
    if (property.type === 'Property' && name !== undefined) named.set(name, property.value);
    else others.push(property);
  }
  return { named, others };
}

function literalValue(node: ESTree.Literal): Value {
  if ('regex' in node) return unknownValue;
  const { value } = node;
  return typeof value === 'bigint' ? constant(Number(value)) : constant(value as string | number | boolean | null);
}
