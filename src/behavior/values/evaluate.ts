/**
 * Expression → abstract value: constants folded, aliases followed, origins carried. Demand-driven and remembered by node;
 * bounded by a budget of steps for the whole file, because the file's author may be hostile.
 */
import type { ESTree } from 'meriyah';
import { type FieldFlow, KeptFlows } from '../flows/kept-flows.ts';
import {
  type Binding,
  type CallNode,
  type FileSites,
  type Fn,
  type FunctionNode,
  findBinding,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { valueOfExpression, valuesOfElements } from './expressions.ts';
import { foldOutsideCall } from './fold-call.ts';
import { Members, type StoredParts } from './members.ts';
import { globalReference } from './references.ts';
import { Solver } from './solver.ts';
import {
  constant,
  type Environment,
  noValue,
  type ObjectValue,
  type ReferenceValue,
  reference,
  throughCall,
  union,
  unknownValue,
  type Value,
} from './value.ts';
import { valueOfWrites } from './written-value.ts';

const maxCallDepth = 4;
/** A longer function is no mere spelling of a text, or wrapper of a module: it is evaluated once for all its calls. */
const maxDecoder = 800;
const maxWrapper = 250;
const maxReturns = 8;
/** `a.b().c()…`: each link of an expression costs several frames of the stack. */
const maxNesting = 400;
/** So deep may the values that an expression leans on be computed at once; deeper ones wait. */
const maxDescent = 120;

interface EvaluatorSetting {
  /** How many expressions may be looked at in all. */
  readonly maxSteps: number;
  /** Whether an expression may name something of the outside: see `relevance`. */
  readonly mayBeOutside: (node: Node, scope: Scope) => boolean;
  /**
   * Given where only names are asked for. Variables it says no to stay unknown, and what flows through calls that are not
   * understood is not followed: what is not looked for need not be found.
   */
  readonly follows?: (binding: Binding) => boolean;
  /** What a computed key or a call was found to be when the file was acted out. */
  readonly acted?: ((node: Node) => Value | undefined) | undefined;
  /** Told of each function in which something of the outside is asked for a member by a name that does not fold. */
  readonly hides?: (fn: Fn) => void;
}

export class Evaluator {
  readonly #sites: FileSites;
  readonly #follows: ((binding: Binding) => boolean) | undefined;
  readonly #hides: ((fn: Fn) => void) | undefined;
  readonly #acted: ((node: Node) => Value | undefined) | undefined;
  readonly #values = new Map<Node, Value>();
  /** What was computed while solving, good for one round of one variable. */
  #passing = new Map<Node, Value>();
  readonly #solver: Solver<Binding | Fn | StoredParts | FieldFlow>;
  readonly #members: Members;
  /** Ways of values that no assignment shows. */
  readonly flows: KeptFlows;
  #steps: number;
  #nesting = 0;
  #callDepth = 0;
  /** Functions whose calls are being evaluated apart. */
  #inlined = new Set<Fn>();

  constructor(sites: FileSites, { maxSteps, mayBeOutside, follows, acted, hides }: EvaluatorSetting) {
    this.#sites = sites;
    this.#acted = acted;
    this.#hides = hides;
    this.#follows = follows;
    this.#steps = maxSteps;
    this.flows = new KeptFlows(sites, (node, scope) => this.evaluate(node, scope));
    this.#members = new Members(sites, this, mayBeOutside);
    this.#solver = new Solver({
      compute: (key) => this.#compute(key),
      mayDescend: () => this.#nesting < maxDescent,
    });
  }

  /** A value of its own: what was computed on the way to it is good for this time only. */
  #compute(key: Binding | Fn | StoredParts | FieldFlow): Value {
    const [passing, callDepth, inlined] = [this.#passing, this.#callDepth, this.#inlined];
    this.#passing = new Map();
    this.#callDepth = 0;
    this.#inlined = new Set();
    const value = this.#valueOf(key);
    this.#passing = passing;
    this.#callDepth = callDepth;
    this.#inlined = inlined;
    return value;
  }

  #valueOf(key: Binding | Fn | StoredParts | FieldFlow): Value {
    if ('writes' in key) return this.#written(key, undefined);
    if ('returns' in key) return this.#results(key, undefined);
    if ('put' in key) return this.flows.ofField(key);
    const parts = key.parts.map(({ node, scope }) => this.evaluate(node, scope));
    return union([noValue, ...parts.filter(({ kind }) => kind === 'reference')]);
  }

  /** True when the budget ran out: what was evaluated after that is unknown. */
  get exhausted(): boolean {
    return this.#steps <= 0;
  }

  /** Whether origins are followed, or only names. */
  get followsOrigins(): boolean {
    return this.#follows === undefined;
  }

  evaluate(node: Node, scope: Scope, env?: Environment): Value {
    if (node.type === 'Literal') return literalValue(node);
    // What a variable holds is remembered with the variable.
    const isVariable = node.type === 'Identifier' && env === undefined;
    const memory: Map<object, Value> = env?.values ?? (this.#solver.solving ? this.#passing : this.#values);
    const known = isVariable ? undefined : memory.get(node);
    if (known !== undefined) return known;
    if (this.#steps <= 0 || this.#nesting >= maxNesting + maxDescent) return unknownValue;
    this.#steps -= 1;
    this.#nesting += 1;
    try {
      const value = valueOfExpression(this, node, { scope, env });
      if (!isVariable) memory.set(node, value);
      return value;
    } finally {
      this.#nesting -= 1;
    }
  }

  /** What it was found to be when the file was acted out; that is exact where the text alone is not. */
  acted(node: Node): Value | undefined {
    return this.#acted?.(node);
  }

  /** A key of something of the outside does not fold. */
  tellHidden(fn: Fn): void {
    this.#hides?.(fn);
  }

  /** What a call calls. */
  callee(node: CallNode, scope: Scope, env?: Environment): Value {
    if (node.type === 'ImportExpression') return reference('import');
    return this.evaluate(node.type === 'TaggedTemplateExpression' ? node.tag : node.callee, scope, env);
  }

  arguments(node: CallNode, scope: Scope, env?: Environment): Value[] {
    if (node.type === 'ImportExpression') return [this.evaluate(node.source, scope, env)];
    if (node.type === 'TaggedTemplateExpression') return [this.evaluate(node.quasi, scope, env)];
    return valuesOfElements(this, node.arguments, { scope, env });
  }

  /** What `value.name` is. */
  property(value: Value, name: string): Value {
    return this.#members.find(value, name);
  }

  readStored(parts: StoredParts): Value {
    return this.#solver.read(parts);
  }

  readFlow(field: FieldFlow): number {
    return this.#solver.read(field).origins;
  }

  /** Functions of this file that may be stored under a property's name. */
  storedUnder(name: string): readonly Fn[] {
    return this.#members.storedUnder(name);
  }

  /** Accounts for work that is not the evaluation of one more expression. */
  spend(steps: number): void {
    this.#steps -= steps;
  }

  /** A computed member of a table of functions may be any of them: bundlers keep their modules so. */
  anyFunctionOf(object: ObjectValue): Value {
    return this.#members.anyFunctionOf(object);
  }

  functionOf(node: FunctionNode): Value {
    const fn = this.#sites.fnOf.get(node);
    return fn === undefined ? unknownValue : { kind: 'function', fn, origins: 0 };
  }

  constructorOf(node: ESTree.ClassDeclaration | ESTree.ClassExpression): Fn | undefined {
    for (const element of node.body.body) {
      if (element.type === 'MethodDefinition' && element.kind === 'constructor') {
        return this.#sites.fnOf.get(element.value);
      }
    }
    return undefined;
  }

  identifier(name: string, scope: Scope, env: Environment | undefined): Value {
    const binding = findBinding(scope, name);
    if (binding === undefined) return globalReference(name);
    if (env === undefined || binding.owner !== env.fn) {
      return this.#follows?.(binding) === false ? unknownValue : this.#solver.read(binding);
    }
    const passed = env.parameters.get(binding) ?? env.values.get(binding);
    if (passed !== undefined) return passed;
    // A variable of the function that leans on itself is unknown in this call.
    env.values.set(binding, unknownValue);
    const value = this.#written(binding, env);
    env.values.set(binding, value);
    return value;
  }

  #written(binding: Binding, env: Environment | undefined): Value {
    const value = valueOfWrites(this, binding, env);
    return this.followsOrigins ? this.flows.fill(value, binding) : value;
  }

  #results(fn: Fn, env: Environment | undefined): Value {
    return union(fn.returns.slice(0, maxReturns).map(({ node, scope }) => this.evaluate(node, scope, env)));
  }

  callOutside(callee: ReferenceValue, given: readonly Value[]): Value | undefined {
    return foldOutsideCall(callee, given, this);
  }

  /** The value of calling a function of this file: its `return` expressions, with the arguments in place. */
  callFunction(fn: Fn, given: readonly Value[]): Value {
    if (this.#callDepth >= maxCallDepth || fn.returns.length === 0) return unknownValue;
    // What calls itself gives by each turn what it gives by all of them.
    if (this.#inlined.has(fn) || !isInlined(fn, given)) return throughCall(this.#solver.read(fn));
    const parameters = new Map<Binding, Value>();
    fn.params.forEach(([binding], index) => {
      const value = given[index];
      const plain = binding?.writes.some(
        (write) => write.kind === 'parameter' && write.path.length === 0 && !write.rest,
      );
      if (binding !== undefined && plain === true && value !== undefined) parameters.set(binding, value);
    });
    this.#callDepth += 1;
    this.#inlined.add(fn);
    try {
      return this.#results(fn, { fn, parameters, values: new Map() });
    } finally {
      this.#inlined.delete(fn);
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

function literalValue(node: ESTree.Literal): Value {
  if ('regex' in node) return unknownValue;
  const { value } = node;
  return typeof value === 'bigint' ? constant(Number(value)) : constant(value as string | number | boolean | null);
}
