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
} from './scope.ts';
import { isFunctionNode, propertyName } from './syntax.ts';
import { flow, unknown, type Value } from './value.ts';

const keepers: ReadonlySet<string> = new Set([
  'push',
  'unshift',
  'set',
  'append',
  'add',
  'concat',
  'assign',
  'splice',
  'fill',
]);

/** What is put into the object or list that a variable holds: `out[name] = text`, `parts.push(text)`. */
export function findKept({
  memberWrites,
  calls,
}: Pick<FileSites, 'memberWrites' | 'calls'>): ReadonlyMap<Binding, readonly Stored[]> {
  const kept = new Map<Binding, Stored[]>();
  const keep = (holder: Node, scope: Scope, nodes: readonly Node[]): void => {
    let root = holder;
    while (root.type === 'MemberExpression') root = root.object;
    const binding = root.type === 'Identifier' ? findBinding(scope, root.name) : undefined;
    if (binding === undefined) return;
    addTo(kept, binding, placed(nodes, scope));
  };
  for (const { node, scope } of memberWrites) keep(node.left, scope, [node.right]);
  for (const { node, scope } of calls) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const method = propertyName(node.callee.property, node.callee.computed);
    if (method === undefined || !keepers.has(method)) continue;
    const [first, ...rest] = node.arguments;
    keep(node.callee.object, scope, node.arguments);
    if (method === 'assign' && first !== undefined) keep(first, scope, rest);
  }
  return kept;
}

/** What is worth following where no assignment shows the way. */
const followed = flow.decoded | flow.fetched | flow.file;
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
  #pushed: Pushed | undefined;
  #answers: ReadonlyMap<Binding, readonly Stored[]> | undefined;
  #events: ReadonlyMap<string, readonly CallSite[]> | undefined;

  constructor(sites: FileSites, evaluate: (node: Node, scope: Scope) => Value) {
    this.#sites = sites;
    this.#evaluate = evaluate;
  }

  /** A variable's value, with what is put into its list elsewhere: what it holds then is not known. */
  fill(value: Value, binding: Binding): Value {
    if (!mayBeFilled(value)) return value;
    this.#pushed ??= findPushed(this.#sites);
    const origins = this.#flowing(this.#pushed.lists.get(binding)) & ~value.origins;
    return origins === 0 ? value : unknown(origins | value.origins);
  }

  /** What is put anywhere into a field of that name; undefined where nothing is. */
  intoField(name: string, stored: readonly Stored[]): FieldFlow | undefined {
    const known = this.#fields.get(name);
    if (known !== undefined || this.#fields.has(name)) return known;
    this.#pushed ??= findPushed(this.#sites);
    const put = [...stored, ...(this.#pushed.fields.get(name) ?? [])];
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

  #flowing(kept: readonly Stored[] = []): number {
    if (kept.length > maxKept) return 0;
    let bits = 0;
    for (const { node, scope } of kept) bits |= this.#evaluate(node, scope).origins;
    return bits & followed;
  }
}

/** A list, or what a constructor of the outside has made: `new Map()`. */
function mayBeFilled(value: Value): boolean {
  return value.kind === 'list' || (value.kind === 'reference' && value.name.endsWith('()')) || value.kind === 'unknown';
}

interface Pushed {
  readonly lists: ReadonlyMap<Binding, readonly Stored[]>;
  readonly fields: ReadonlyMap<string, readonly Stored[]>;
}

function findPushed({ calls, memberWrites }: FileSites): Pushed {
  const [lists, fields] = [new Map<Binding, Stored[]>(), new Map<string, Stored[]>()];
  const keep = (list: Node, scope: Scope, nodes: readonly Node[]): void => {
    if (list.type === 'Identifier') {
      const binding = findBinding(scope, list.name);
      if (binding !== undefined) addTo(lists, binding, placed(nodes, scope));
    } else if (list.type === 'MemberExpression') {
      const name = propertyName(list.property, list.computed);
      if (name !== undefined) addTo(fields, name, placed(nodes, scope));
    }
  };
  for (const { node, scope } of calls) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const method = propertyName(node.callee.property, node.callee.computed);
    if (method === 'push' || method === 'unshift') keep(node.callee.object, scope, node.arguments);
    // `answer.on('data', parts.push.bind(parts))`
    for (const argument of node.arguments) {
      const list = findPushedTo(argument);
      if (list !== undefined) keep(list, scope, [node.callee.object]);
    }
  }
  for (const { node, scope } of memberWrites)
    if (node.left.type === 'MemberExpression' && node.left.computed && node.left.property.type !== 'Literal')
      keep(node.left.object, scope, [node.right]);
  return { lists, fields };
}

function findPushedTo(argument: Node): Node | undefined {
  if (argument.type !== 'CallExpression' || argument.callee.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = argument.callee;
  if (propertyName(property, computed) !== 'bind' || object.type !== 'MemberExpression') return undefined;
  return propertyName(object.property, object.computed) === 'push' ? object.object : undefined;
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
