/**
 * Which variables may hold what matters: a name of the outside that is known or may be continued to a known one, something
 * of another file, a function? One cheap pass over all writes, so that the costly evaluation looks only at calls that can
 * lead to something: in most files nearly all calls stay inside the file, or reach what is never told.
 * It may say yes too often, and must never say no wrongly.
 */

import { isKnown, isRoot } from '../outside/known-names.ts';
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
import { FlowLinker } from './flow-linker.ts';
import { along, anything, type Holder, may, nameable, type Way } from './may-be.ts';
import { SourceFinder, type SourceSink } from './value-sources.ts';

export class Relevance {
  readonly #stored = new Map<string, Holder>();
  readonly #changed: Holder[] = [];
  readonly #asker: Asker;

  /** After the calls are linked: parameters take part through what is passed to them. */
  constructor(sites: FileSites) {
    this.#asker = new Asker(sites, this.#stored);
    const linker = new FlowLinker(sites, {
      holderOf: (key) => this.#holderOf(key),
      add: (holder, bits) => this.#add(holder, bits),
    });
    for (const binding of sites.bindings) linker.linkWrites(binding);
    for (const fn of sites.fns) for (const { node, scope } of fn.returns) linker.into(fn).link(node, scope, undefined);
    for (const [name, places] of sites.methods) linker.linkStored(name, places);
    for (const [name, places] of sites.parts) linker.linkStored(name, places);
    for (const [name, places] of sites.made) linker.linkStored(name, places.filter(isInstance));
    this.#spread();
  }

  /**
   * Whether a variable is worth following in search of what a name stands for: it may hold something that matters, or one
   * text, or it is given functions. What callers pass otherwise matters only as an argument.
   */
  mayName(binding: Binding): boolean {
    const bits = binding.holder?.bits ?? 0;
    if ((bits & nameable) !== 0) return true;
    const { writes } = binding;
    if (writes.length === 0) return false;
    if (writes.some(({ kind }) => kind === 'parameter'))
      return writes.every((write) => write.kind === 'parameter' && isGivenTable(write));
    if (bits !== 0) return true;
    // Only what is written once, or appended to, is one text.
    return writes.every((write, index) => index === 0 || write.kind === 'compound');
  }

  /** What is called may be; where only evaluation tells, it may be anything. */
  calleeBits(callee: Node, scope: Scope): number {
    return isComputed(callee) ? anything : this.bits(callee, scope);
  }

  /** Whether an expression may name something of the outside. */
  mayBeOutside(node: Node, scope: Scope): boolean {
    return (this.bits(node, scope) & (may.name | may.load | may.global | may.tell)) !== 0 || isComputed(node);
  }

  /** Whether it may tell where, when or for whom the code runs, or come from what does. */
  mayTell(node: Node, scope: Scope): boolean {
    return (this.bits(node, scope) & may.tell) !== 0;
  }

  /** See `may`. */
  bits(node: Node, scope: Scope): number {
    if (node.type === 'Identifier') {
      const binding = findBinding(scope, node.name);
      if (binding !== undefined) return binding.holder?.bits ?? 0;
    }
    return this.#asker.ask(node, scope);
  }

  #holderOf(key: Binding | Fn | string): Holder {
    if (typeof key !== 'string') {
      key.holder ??= { bits: 0, to: [], ways: [] };
      return key.holder;
    }
    let holder = this.#stored.get(key);
    if (holder === undefined) {
      holder = { bits: 0, to: [], ways: [] };
      this.#stored.set(key, holder);
    }
    return holder;
  }

  #add(holder: Holder, bits: number): void {
    if ((holder.bits | bits) === holder.bits) return;
    holder.bits |= bits;
    this.#changed.push(holder);
  }

  #spread(): void {
    for (let holder = this.#changed.pop(); holder !== undefined; holder = this.#changed.pop()) {
      const { bits, ways } = holder;
      holder.to.forEach((next, index) => {
        this.#add(next, along(ways[index], bits));
      });
    }
  }
}

/** `this.client = new Client()`, where the class is none of the file's, nor one that is not known here. */
export function isInstance({ node, scope }: Stored): boolean {
  if (node.type !== 'NewExpression') return false;
  const { callee } = node;
  if (callee.type !== 'Identifier') return true;
  const binding = findBinding(scope, callee.name);
  if (binding === undefined) return isRoot(callee.name);
  return !binding.writes.some(({ kind }) => kind === 'class' || kind === 'function');
}

/** `table[key]()`, `''['constr' + 'uctor'](…)()`: what is called cannot be told without evaluation. */
function isComputed(callee: Node): boolean {
  let node = callee;
  for (;;) {
    if (node.type === 'MemberExpression') {
      const name = propertyName(node.property, node.computed);
      if (name === undefined && node.computed && !isNumeric(node.property)) return true;
      if (name !== undefined && !isKnown(name)) return false;
      node = node.object;
    } else if (node.type === 'CallExpression' || node.type === 'NewExpression') node = node.callee;
    else if (node.type === 'SequenceExpression') node = node.expressions.at(-1) ?? node.expressions[0] ?? callee;
    else return false;
  }
}

function isNumeric(key: Node): boolean {
  if (key.type === 'UpdateExpression') return true;
  return key.type === 'BinaryExpression' && key.operator !== '+';
}

/** A table of functions or texts, as bundlers keep their modules in and obfuscators their strings. */
function isGivenTable({ fn, index }: Extract<Write, { kind: 'parameter' }>): boolean {
  return fn.entrances.some(({ kind, site, argument }) => {
    const passed = kind === 'call' && 'arguments' in site.node ? site.node.arguments[argument + index] : undefined;
    return (
      passed !== undefined &&
      (isFunctionNode(passed) || passed.type === 'ObjectExpression' || passed.type === 'ArrayExpression')
    );
  });
}

/** Adds up what is known of an expression's sources. */
class Asker implements SourceSink {
  readonly sites: FileSites;
  readonly #stored: ReadonlyMap<string, Holder>;
  readonly #finder: SourceFinder = new SourceFinder(this);
  #bits = 0;

  constructor(sites: FileSites, stored: ReadonlyMap<string, Holder>) {
    this.sites = sites;
    this.#stored = stored;
  }

  ask(node: Node, scope: Scope): number {
    this.#bits = 0;
    this.#finder.find(node, scope, undefined);
    return this.#bits;
  }

  from(source: Binding | Fn, way: Way | undefined): void {
    const bits = source.holder?.bits;
    if (bits !== undefined) this.#bits |= along(way, bits);
  }

  fromStored(name: string, way: Way | undefined): void {
    const bits = this.#stored.get(name)?.bits;
    if (bits !== undefined) this.#bits |= along(way, bits);
  }

  /** An object that is made where it is asked: it may be asked for anything. */
  store(): void {
    this.#bits |= anything;
  }

  give(bits: number): void {
    this.#bits |= bits;
  }
}
