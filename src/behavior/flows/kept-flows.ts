/**
 * Ways of a value that no assignment shows: into a list by `push`, to a promise by the `resolve` of its executor, to a
 * listener by `emit`. Found once for a file, when first asked for; only what flows along them is of interest.
 */

import {
  type Binding,
  type CallSite,
  type FileSites,
  findBinding,
  type Node,
  type Scope,
  type Stored,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import { anyhow, flow } from '../values/flow.ts';
import { unknown, type Value } from '../values/value.ts';
import { findPutInto, type PutInto } from './put-into.ts';

/** What is worth following where no assignment shows the way. */
const followed = anyhow(flow.decoded | flow.fetched | flow.file | flow.request);
/** Lists that are filled at more places, and names that are more common, tell nothing. */
const maxKept = 12;

/** What objects that are not understood hold under one name. */
export interface FieldFlow {
  readonly put: readonly Stored[];
}

export class KeptFlows {
  readonly #sites: FileSites;
  readonly #evaluate: (node: Node, scope: Scope) => Value;
  readonly #fields = new Map<string, FieldFlow | undefined>();
  #put: PutInto | undefined;
  #answers: ReadonlyMap<Binding, readonly Stored[]> | undefined;
  #events: ReadonlyMap<string, readonly CallSite[]> | undefined;

  constructor(sites: FileSites, evaluate: (node: Node, scope: Scope) => Value) {
    this.#sites = sites;
    this.#evaluate = evaluate;
  }

  /** A variable's value, with what is put into its list elsewhere: what it holds then is not known. */
  fill(value: Value, binding: Binding): Value {
    if (!mayBeFilled(value)) return value;
    this.#put ??= findPutInto(this.#sites);
    const isCollection = value.kind === 'reference' && collections.has(value.name);
    const put = this.#put.variables.get(binding)?.filter(({ grows }) => grows || isCollection) ?? [];
    const origins = this.#flowing(put) & ~value.origins;
    // A buffer does not hold what it was made with any more.
    const isChanged = value.kind === 'bytes' && put.length > 0;
    return origins === 0 && !isChanged ? value : unknown(origins | value.origins);
  }

  /** What is put anywhere into a field of that name; undefined where nothing is. */
  intoField(name: string, stored: readonly Stored[]): FieldFlow | undefined {
    const known = this.#fields.get(name);
    if (known !== undefined || this.#fields.has(name)) return known;
    this.#put ??= findPutInto(this.#sites);
    const put = [...stored, ...(this.#put.fields.get(name) ?? [])];
    const field = put.length === 0 || put.length > maxKept ? undefined : { put };
    this.#fields.set(name, field);
    return field;
  }

  ofField({ put }: FieldFlow): Value {
    return unknown(this.#flowing(put));
  }

  /** What a promise is given by its executor: `resolve(text)`, `stream.on('end', resolve)`. */
  ofPromise(executor: Node | undefined): number {
    const fn = executor === undefined ? undefined : this.#sites.fnOf.get(executor);
    const [resolve] = fn?.params[0] ?? [];
    if (resolve === undefined) return 0;
    this.#answers ??= findAnswers(this.#sites);
    return this.#flowing(this.#answers.get(resolve));
  }

  /** What listeners for an event are given at one place. */
  ofEvent(event: string, index: number): number {
    this.#events ??= findEmitted(this.#sites);
    const given = (this.#events.get(event) ?? []).flatMap(({ node, scope }): Stored[] => {
      const argument = 'arguments' in node ? node.arguments[index + 1] : undefined;
      return argument === undefined ? [] : [{ node: argument, scope }];
    });
    return this.#flowing(given);
  }

  #flowing(kept: readonly (Stored & { readonly bits?: number })[] = []): number {
    if (kept.length > maxKept) return 0;
    let bits = 0;
    for (const { node, scope, bits: ofWay = 0 } of kept) bits |= ofWay | this.#evaluate(node, scope).origins;
    return bits & followed;
  }
}

const collections: ReadonlySet<string> = new Set(['Map()', 'Set()', 'WeakMap()', 'URLSearchParams()']);

/** A list, a buffer, or what a constructor of the outside has made: `new Map()`. */
function mayBeFilled(value: Value): boolean {
  const isMade = value.kind === 'reference' && value.name.endsWith('()');
  return isMade || value.kind === 'list' || value.kind === 'bytes' || value.kind === 'unknown';
}

function findAnswers({ calls }: FileSites): Map<Binding, Stored[]> {
  const answers = new Map<Binding, Stored[]>();
  const parameterNamed = (node: Node, scope: Scope): Binding | undefined => {
    const binding = node.type === 'Identifier' ? findBinding(scope, node.name) : undefined;
    return binding?.writes.some(({ kind }) => kind === 'parameter') ? binding : undefined;
  };
  for (const { node, scope } of calls) {
    if (node.type !== 'CallExpression') continue;
    const called = parameterNamed(node.callee, scope);
    if (called !== undefined) addTo(answers, called, placed(node.arguments.slice(0, 1), scope));
    if (node.callee.type !== 'MemberExpression') continue;
    for (const argument of node.arguments) {
      const handed = parameterNamed(argument, scope);
      if (handed !== undefined) addTo(answers, handed, placed([node.callee.object], scope));
    }
  }
  return answers;
}

function findEmitted({ calls }: FileSites): Map<string, CallSite[]> {
  const emitted = new Map<string, CallSite[]>();
  for (const site of calls) {
    const { node } = site;
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    if (propertyName(node.callee.property, node.callee.computed) !== 'emit') continue;
    const [event] = node.arguments;
    if (event?.type !== 'Literal' || node.arguments.length < 2) continue;
    const sites = emitted.get(String(event.value));
    if (sites === undefined) emitted.set(String(event.value), [site]);
    else sites.push(site);
  }
  return emitted;
}

function addTo<Key>(map: Map<Key, Stored[]>, key: Key, added: readonly Stored[]): void {
  const stored = map.get(key) ?? [];
  stored.push(...added.filter(({ node }) => !isFunctionNode(node)));
  map.set(key, stored);
}

function placed(nodes: readonly Node[], scope: Scope): Stored[] {
  return nodes.map((node) => ({ node, scope }));
}
