/**
 * Which variables may hold something of the outside at all? One cheap pass over all writes, so that the costly evaluation
 * looks only at calls that can matter: in most files nearly all calls stay inside the file.
 * It may say yes too often, and must never say no wrongly.
 */
import { isKnownMember } from './catalog.ts';
import {
  type Binding,
  type FileSites,
  type Fn,
  findBinding,
  maxFollowedParameters,
  type Node,
  type Scope,
  type Write,
} from './scope.ts';
import { childrenOf, isFunctionNode, propertyName } from './syntax.ts';

/** Globals that can do nothing but compute. `Date` and `Intl` are not among them: they tell when and where the code runs. */
const harmless = new Set(
  `Object Array Math Error TypeError RangeError SyntaxError ReferenceError EvalError URIError AggregateError Symbol Map
  Set WeakMap WeakSet WeakRef RegExp Number Boolean BigInt isNaN isFinite parseFloat undefined NaN Infinity arguments
  Uint8Array Int8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array Float64Array
  BigInt64Array BigUint64Array ArrayBuffer SharedArrayBuffer DataView TextEncoder TextDecoder AbortController
  JSON`.split(/\s+/),
);

type Holder = Binding | Fn;
/** Where sources are reported, and how a function's syntax leads to the function. */
interface Search {
  readonly fnOf: FileSites['fnOf'];
  found(source: Holder | 'outside'): void;
}

export class Relevance {
  readonly #fnOf: FileSites['fnOf'];
  readonly #outside = new Set<Holder>();
  /** Property names under which something of the outside is stored. */
  readonly #names = new Set<string>();

  /** Whether it loads other files of the package, whose exports have any names. */
  readonly #loadsFiles: boolean;

  /** After the calls are linked: parameters take part through what is passed to them. */
  constructor(sites: FileSites) {
    this.#fnOf = sites.fnOf;
    this.#loadsFiles = loadsFiles(sites);
    const dependents = new Map<Holder, Holder[]>();
    const queue: Holder[] = [];
    const mark = (holder: Holder): void => {
      if (this.#outside.has(holder)) return;
      this.#outside.add(holder);
      queue.push(holder);
    };
    const depend = (holder: Holder, node: Node, scope: Scope): void => {
      this.#search(node, scope, (source) => {
        if (source === 'outside') mark(holder);
        else add(dependents, source, holder);
      });
    };
    for (const binding of sites.bindings) dependOnWrites(binding, depend, mark);
    for (const fn of sites.fns) for (const { node, scope } of fn.returns) depend(fn, node, scope);
    const stored = this.#findStored(sites);
    for (let holder = queue.pop(); holder !== undefined; holder = queue.pop()) {
      for (const dependent of dependents.get(holder) ?? []) mark(dependent);
      for (const name of stored.get(holder) ?? []) this.#names.add(name);
    }
  }

  /**
   * Whether a variable is worth following in search of what a name stands for: it may hold something of the outside, it is
   * given functions, or callers have no part in it. What callers pass otherwise matters only as an argument.
   */
  mayName(binding: Binding): boolean {
    return (
      this.#outside.has(binding) ||
      binding.writes.every((write) => write.kind !== 'parameter' || isGivenFunctions(write))
    );
  }

  /** Whether calling it may lead to something that is told: outside, by a name that is known there or stored here. */
  mayLeadOutside(callee: Node, scope: Scope): boolean {
    if (callee.type === 'MemberExpression' && !this.#loadsFiles) {
      const name = propertyName(callee.property, callee.computed);
      if (name !== undefined && !isKnownMember(name) && !this.#names.has(name)) return false;
    }
    return this.mayBeOutside(callee, scope);
  }

  /** Whether an expression may name something of the outside. */
  mayBeOutside(callee: Node, scope: Scope): boolean {
    let found = false;
    this.#search(callee, scope, (source) => {
      found ||= source === 'outside' || this.#outside.has(source);
    });
    return found || this.#goesThroughName(callee);
  }

  #search(node: Node, scope: Scope, found: Search['found']): void {
    findSources(node, scope, { fnOf: this.#fnOf, found });
  }

  #findStored(sites: FileSites): Map<Holder, string[]> {
    const stored = new Map<Holder, string[]>();
    for (const [name, places] of [...sites.methods, ...sites.parts]) {
      for (const { node, scope } of places) {
        if (isFunctionNode(node)) continue;
        this.#search(node, scope, (source) => {
          if (source === 'outside') this.#names.add(name);
          else add(stored, source, name);
        });
      }
    }
    return stored;
  }

  /** `this.child.exec()`; `''.constructor.constructor()`; `table[key]()`. */
  #goesThroughName(callee: Node): boolean {
    let node = callee;
    for (;;) {
      if (node.type === 'MemberExpression') {
        const name = propertyName(node.property, node.computed);
        if (name === undefined) return node.property.type !== 'PrivateIdentifier';
        if (name === 'constructor' || this.#names.has(name)) return true;
        node = node.object;
      } else if (node.type === 'CallExpression' || node.type === 'NewExpression') node = node.callee;
      else return false;
    }
  }
}

/** A callback, or a table of functions as bundlers keep their modules in. */
function isGivenFunctions({ fn, index }: Extract<Write, { kind: 'parameter' }>): boolean {
  return fn.entrances.some(({ kind, site, argument }) => {
    const passed = kind === 'call' && 'arguments' in site.node ? site.node.arguments[argument + index] : undefined;
    return (
      passed !== undefined &&
      (isFunctionNode(passed) || passed.type === 'ObjectExpression' || passed.type === 'ArrayExpression')
    );
  });
}

function loadsFiles({ imports, calls }: FileSites): boolean {
  if (imports.some(({ module }) => module.startsWith('.'))) return true;
  return calls.some(({ node }) => {
    if (node.type === 'ImportExpression') return true;
    if (node.type !== 'CallExpression') return false;
    const [first] = node.arguments;
    const named =
      node.callee.type !== 'MemberExpression' || propertyName(node.callee.property, node.callee.computed) === 'require';
    return (
      named && first?.type === 'Literal' && typeof first.value === 'string' && /^\.{1,2}(?:\/|$)/.test(first.value)
    );
  });
}

function add<Key, One>(map: Map<Key, One[]>, key: Key, one: One): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [one]);
  else known.push(one);
}

function dependOnWrites(
  binding: Binding,
  depend: (holder: Holder, node: Node, scope: Scope) => void,
  mark: (holder: Holder) => void,
): void {
  for (const write of binding.writes) {
    if (write.kind === 'import') mark(binding);
    else if (write.kind === 'value' || write.kind === 'each') depend(binding, write.node, write.scope);
    else if (write.kind === 'parameter' && write.index >= maxFollowedParameters) mark(binding);
    else if (write.kind === 'parameter') {
      for (const { kind, site, argument } of write.fn.entrances) {
        const { node, scope } = site;
        if (!('arguments' in node)) continue;
        // A callback is given what the call it is passed to makes of its receiver.
        if (kind === 'callback') depend(binding, node.callee, scope);
        else
          for (const passed of argumentsAt(node.arguments, argument + write.index, write.rest))
            depend(binding, passed, scope);
      }
    }
  }
}

function argumentsAt(given: readonly Node[], index: number, rest: boolean): readonly Node[] {
  if (rest || given.slice(0, index + 1).some(({ type }) => type === 'SpreadElement')) return given;
  return given.slice(index, index + 1);
}

/** What a value may be taken from: variables, functions that return it, or the outside. */
function findSources(node: Node, scope: Scope, search: Search): void {
  switch (node.type) {
    case 'Identifier': {
      const binding = findBinding(scope, node.name);
      if (binding !== undefined) search.found(binding);
      else if (!harmless.has(node.name)) search.found('outside');
      return;
    }
    case 'MemberExpression': {
      // `root.Array`: whoever holds the global object may take the harmless from it too.
      const name = propertyName(node.property, node.computed);
      if (name === undefined || !harmless.has(name)) findSources(node.object, scope, search);
      return;
    }
    case 'CallExpression':
    case 'NewExpression':
      findCalledSources(node, scope, search);
      return;
    case 'ImportExpression':
    case 'MetaProperty':
      search.found('outside');
      return;
    case 'ThisExpression':
      if (scope.fn.id === 0) search.found('outside');
      return;
    default:
      for (const part of valueParts(node)) findSources(part, scope, search);
  }
}

/** The parts of an expression whose value may be its own, or be a member of it. */
function valueParts(node: Node): readonly Node[] {
  switch (node.type) {
    case 'TaggedTemplateExpression':
      return [node.tag];
    case 'ConditionalExpression':
      return [node.consequent, node.alternate];
    case 'AssignmentExpression':
      return [node.right];
    case 'SequenceExpression':
      return node.expressions.slice(-1);
    case 'Property':
      return [node.value];
    case 'LogicalExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'SpreadElement':
    case 'ArrayExpression':
    case 'ObjectExpression':
      return childrenOf(node);
    default:
      return [];
  }
}

/** A call gives what its function returns; a harmless global's function (`Object.assign`) may give what it is given. */
function findCalledSources(
  node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>,
  scope: Scope,
  search: Search,
): void {
  let callee: Node = node.callee;
  findSources(callee, scope, search);
  for (const fn of functionsOf(callee, scope, search.fnOf)) search.found(fn);
  while (callee.type === 'MemberExpression' || callee.type === 'CallExpression') {
    callee = callee.type === 'MemberExpression' ? callee.object : callee.callee;
  }
  const isGlobal = callee.type === 'Identifier' && findBinding(scope, callee.name) === undefined;
  if (!isGlobal && callee.type !== 'ArrayExpression') return;
  for (const argument of node.arguments) if (!isFunctionNode(argument)) findSources(argument, scope, search);
}

function functionsOf(callee: Node, scope: Scope, fnOf: FileSites['fnOf']): Fn[] {
  const nodes = [callee];
  const found: Fn[] = [];
  if (callee.type === 'Identifier') {
    for (const write of findBinding(scope, callee.name)?.writes ?? []) {
      if (write.kind === 'function') found.push(write.fn);
      if (write.kind === 'value') nodes.push(write.node);
    }
  }
  for (const node of nodes) {
    const fn = isFunctionNode(node) ? fnOf.get(node) : undefined;
    if (fn !== undefined) found.push(fn);
  }
  return found;
}
