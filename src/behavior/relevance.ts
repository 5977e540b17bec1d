/**
 * Which variables may hold something of the outside at all? One cheap pass over all writes, so that the costly evaluation
 * looks only at calls that can matter: in most files nearly all calls stay inside the file.
 * It may say yes too often, and must never say no wrongly.
 */
import { type Binding, type FileSites, type Fn, findBinding, type Node, type Scope } from './scope.ts';
import { childrenOf, isFunctionNode, propertyName } from './syntax.ts';

/** Globals that can do nothing but compute. `Date` and `Intl` are not among them: they tell when and where the code runs. */
const harmless = new Set(
  `Object Array Math Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Symbol Map
  Set WeakMap WeakSet WeakRef RegExp Number Boolean BigInt isNaN isFinite parseFloat undefined NaN Infinity arguments
  Uint8Array Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array
  BigInt64Array BigUint64Array ArrayBuffer SharedArrayBuffer DataView TextEncoder TextDecoder AbortController
  exports`.split(/\s+/),
);

type Holder = Binding | Fn;

export class Relevance {
  readonly #outside = new Set<Holder>();
  readonly #dependents = new Map<Holder, Holder[]>();
  /** Property names under which something of the outside is stored. */
  readonly #names = new Set<string>();

  /** After the calls are linked: parameters take part through what is passed to them. */
  constructor(sites: FileSites) {
    const queue: Holder[] = [];
    const depend = (holder: Holder, node: Node, scope: Scope): void => {
      for (const source of sourcesOf(node, scope, 0)) {
        if (source === 'outside') {
          if (!this.#outside.has(holder)) queue.push(holder);
          this.#outside.add(holder);
        } else {
          const dependents = this.#dependents.get(source);
          if (dependents === undefined) this.#dependents.set(source, [holder]);
          else dependents.push(holder);
        }
      }
    };
    for (const binding of sites.bindings) this.#addBinding(binding, depend, queue);
    for (const fn of sites.fns) for (const { node, scope } of fn.returns) depend(fn, node, scope);
    const stored = new Map<Holder, string[]>();
    for (const [name, places] of sites.methods) {
      for (const { node, scope } of places) {
        if (isFunctionNode(node)) continue;
        for (const source of sourcesOf(node, scope, 0)) {
          if (source === 'outside') this.#names.add(name);
          else stored.set(source, [...(stored.get(source) ?? []), name]);
        }
      }
    }
    for (let holder = queue.pop(); holder !== undefined; holder = queue.pop()) {
      for (const dependent of this.#dependents.get(holder) ?? []) {
        if (this.#outside.has(dependent)) continue;
        this.#outside.add(dependent);
        queue.push(dependent);
      }
    }
    for (const [holder, names] of stored)
      if (this.#outside.has(holder)) for (const name of names) this.#names.add(name);
  }

  #addBinding(binding: Binding, depend: (holder: Holder, node: Node, scope: Scope) => void, queue: Holder[]): void {
    for (const write of binding.writes) {
      if (write.kind === 'import') {
        this.#outside.add(binding);
        queue.push(binding);
      } else if (write.kind === 'value' || write.kind === 'each') depend(binding, write.node, write.scope);
      else if (write.kind === 'parameter') {
        for (const { kind, site, argument } of write.fn.entrances) {
          const { node, scope } = site;
          if (!('arguments' in node)) continue;
          // A callback is given what the call it is passed to makes of its receiver and its other arguments.
          if (kind === 'callback') depend(binding, node, scope);
          else
            for (const passed of write.rest
              ? node.arguments
              : node.arguments.slice(argument, argument + write.index + 1))
              depend(binding, passed, scope);
        }
      }
    }
  }

  /** Whether a callee may name something of the outside. */
  mayBeOutside(callee: Node, scope: Scope): boolean {
    for (const source of sourcesOf(callee, scope, 0))
      if (source === 'outside' || this.#outside.has(source)) return true;
    return this.#goesThroughName(callee);
  }

  /** `this.child.exec()`; `''.constructor.constructor()`; `table[key]()`. */
  #goesThroughName(callee: Node): boolean {
    let node = callee;
    for (;;) {
      if (node.type === 'MemberExpression') {
        const name = propertyName(node.property, node.computed);
        if (
          name === undefined
            ? node.property.type !== 'PrivateIdentifier'
            : name === 'constructor' || this.#names.has(name)
        ) {
          return true;
        }
        node = node.object;
      } else if (node.type === 'CallExpression' || node.type === 'NewExpression') node = node.callee;
      else return false;
    }
  }
}

const maxDepth = 40;

/** What a value may be taken from: variables, functions that return it, or the outside. */
function* sourcesOf(node: Node, scope: Scope, depth: number): Generator<Holder | 'outside'> {
  if (depth > maxDepth) {
    yield 'outside';
    return;
  }
  switch (node.type) {
    case 'Identifier': {
      const binding = findBinding(scope, node.name);
      if (binding !== undefined) yield binding;
      else if (!harmless.has(node.name)) yield 'outside';
      return;
    }
    case 'MemberExpression':
      yield* sourcesOf(node.object, scope, depth + 1);
      return;
    case 'CallExpression':
    case 'NewExpression':
      yield* calledSources(node.callee, scope, depth);
      for (const argument of node.arguments)
        if (passesThrough.has(argument.type)) yield* sourcesOf(argument, scope, depth + 1);
      return;
    case 'ImportExpression':
    case 'MetaProperty':
      yield 'outside';
      return;
    case 'TaggedTemplateExpression':
      yield* sourcesOf(node.tag, scope, depth + 1);
      return;
    case 'ThisExpression':
      if (scope.fn.id === 0) yield 'outside';
      return;
    case 'ConditionalExpression':
      yield* sourcesOf(node.consequent, scope, depth + 1);
      yield* sourcesOf(node.alternate, scope, depth + 1);
      return;
    case 'AssignmentExpression':
      yield* sourcesOf(node.right, scope, depth + 1);
      return;
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      if (last !== undefined) yield* sourcesOf(last, scope, depth + 1);
      return;
    }
    case 'Property':
      if (!isFunctionNode(node.value)) yield* sourcesOf(node.value, scope, depth + 1);
      return;
    case 'LogicalExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'SpreadElement':
    case 'ArrayExpression':
    case 'ObjectExpression':
      for (const child of childrenOf(node)) if (!isFunctionNode(child)) yield* sourcesOf(child, scope, depth + 1);
      return;
    default:
      return;
  }
}

function* calledSources(callee: Node, scope: Scope, depth: number): Generator<Holder | 'outside'> {
  yield* sourcesOf(callee, scope, depth + 1);
  if (callee.type !== 'Identifier') return;
  for (const write of findBinding(scope, callee.name)?.writes ?? []) {
    if (write.kind === 'function') yield write.fn;
  }
}

const passesThrough: ReadonlySet<Node['type']> = new Set([
  'Identifier',
  'MemberExpression',
  'CallExpression',
  'LogicalExpression',
]);
