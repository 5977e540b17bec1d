/**
 * What goes out with a request: the expressions that are sent are followed back, through variables, what is put into lists and
 * objects, calls and callbacks of the file, to files of credentials, the environment, variables called like secrets, and
 * what tells one machine from others. Only asked of calls that send, and bounded for each of them.
 */
import type { Carried } from '../../model/behavior.ts';
import {
  findCredentialPlace,
  findSecretSort,
  findTellingCommand,
  isCredentialVariable,
} from '../../model/telling-places.ts';
import { findPutInto, type Put } from '../flows/put-into.ts';
import { findApi } from '../outside/catalog.ts';
import { identities, identityVariables, keepsSecret } from '../outside/identity-names.ts';
import { pageFields, pageListeners, pageSecrets, tellingEvents } from '../outside/page-secrets.ts';
import {
  type Binding,
  type CallNode,
  type FileSites,
  type Fn,
  findBinding,
  type Node,
  type Scope,
} from '../syntax/scope.ts';
import { eachChild, isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { importedReference, memberReference } from '../values/references.ts';
import { textOf } from '../values/text-of.ts';
import { alternatives, constantOf, referenceNames, type Value } from '../values/value.ts';

const maxNodes = 1_500;
/** So many steps back cost as much as one evaluation. */
const stepsOfOne = 3;
const maxCarried = 8;
const maxWrites = 12;
const maxEntrances = 4;
const maxReturns = 6;

const findsIn = /^(?:exec|match|matchAll)$/;

/** What these give is made of what the function gives that they are given. */
const giving: ReadonlySet<string> = new Set(['map', 'flatMap', 'reduce', 'from', 'then', 'replace', 'replaceAll']);

interface Search {
  readonly found: Map<string, Carried>;
  readonly seen: Set<Node | Binding | Fn>;
  left: number;
}

interface Spot {
  readonly node: Node;
  readonly scope: Scope;
}

export class CarriedFinder {
  readonly #evaluator: Evaluator;
  readonly #sites: FileSites;
  #kept: ReadonlyMap<Binding, readonly Put[]> | undefined;

  constructor(sites: FileSites, evaluator: Evaluator) {
    this.#sites = sites;
    this.#evaluator = evaluator;
  }

  find(nodes: readonly Node[], scope: Scope): readonly Carried[] {
    if (this.#evaluator.exhausted) return [];
    const search: Search = { found: new Map(), seen: new Set(), left: maxNodes };
    for (const node of nodes) this.#look(node, scope, search);
    // A hostile file may send in every line: looking back counts as work, though each step is a small one.
    this.#evaluator.spend(Math.ceil((maxNodes - search.left) / stepsOfOne));
    return [...search.found.values()].slice(0, maxCarried);
  }

  #look(node: Node, scope: Scope, search: Search): void {
    search.left -= 1;
    if (search.left <= 0 || search.seen.has(node) || isFunctionNode(node)) return;
    search.seen.add(node);
    switch (node.type) {
      case 'Identifier':
        this.#lookAtName(node, scope, search);
        return;
      case 'MemberExpression':
        this.#lookAtMember(node, scope, search);
        return;
      case 'CallExpression':
      case 'NewExpression':
        this.#lookAtCall(node, scope, search);
        return;
      case 'ConditionalExpression':
        this.#look(node.consequent, scope, search);
        this.#look(node.alternate, scope, search);
        return;
      case 'UnaryExpression':
      case 'Literal':
      case 'ClassExpression':
        return;
      case 'Property':
        this.#look(node.value, scope, search);
        return;
      default:
        eachChild(node, (child) => this.#look(child, scope, search));
    }
  }

  #lookAtName(node: Node & { readonly name: string }, scope: Scope, search: Search): void {
    const binding = findBinding(scope, node.name);
    if (binding === undefined) {
      // In code that stands as text somewhere, the variables around it have no other trace.
      this.#lookAtSecret(node.name, { node, scope }, search);
      this.#lookAtReference(this.#evaluator.evaluate(node, scope), search);
      return;
    }
    // `for (const key of …)`: names of members and of the words of a text.
    const isEach = binding.writes.some(({ kind }) => kind === 'each');
    if (!isEach) this.#lookAtSecret(node.name, { node, scope }, search);
    this.#lookIntoBinding(binding, search);
  }

  /** A name says nothing where the text shows what it stands for. */
  #lookAtSecret(name: string, { node, scope }: Spot, search: Search): void {
    const sort = findSecretSort(name);
    if (sort === undefined) return;
    const value = this.#evaluator.evaluate(node, scope);
    const plain = alternatives(value);
    if (plain.some(({ kind }) => kind === 'function' || kind === 'class')) return;
    if (plain.length > 0 && plain.every((one) => constantOf(one) !== undefined)) return;
    add(search, { sort, name });
  }

  #lookIntoBinding(binding: Binding, search: Search): void {
    if (search.seen.has(binding)) return;
    search.seen.add(binding);
    for (const write of binding.writes.slice(0, maxWrites)) {
      if (write.kind === 'value') {
        const last = write.path.at(-1);
        if (typeof last === 'string') this.#lookAtPath(last, write, search);
        else this.#look(write.node, write.scope, search);
      } else if (write.kind === 'import') this.#lookAtReference(importedReference(write), search);
      else if (write.kind === 'compound') this.#look(write.operand, write.scope, search);
      else if (write.kind === 'each') this.#look(write.node, write.scope, search);
      else if (write.kind === 'parameter') {
        const member = write.path.at(-1);
        const sort = typeof member === 'string' ? findSecretSort(member) : undefined;
        if (sort !== undefined) add(search, { sort, name: String(member) });
        if (write.fn.entrances.every(({ kind }) => kind === 'method'))
          add(search, { sort: 'input', name: binding.name });
        for (const { kind, site, argument } of write.fn.entrances.slice(0, maxEntrances)) {
          if (kind === 'callback') this.#look(site.node, site.scope, search);
          else if ('arguments' in site.node) {
            const passed = site.node.arguments[argument + write.index];
            if (passed !== undefined) this.#look(passed, site.scope, search);
          }
        }
      }
    }
    this.#kept ??= findPutInto(this.#sites).variables;
    for (const { node, scope } of this.#kept.get(binding)?.slice(0, maxWrites) ?? []) this.#look(node, scope, search);
  }

  /** `const { NPM_TOKEN } = process.env`, `const { secretKey } = account`. */
  #lookAtPath(member: string, { node, scope }: Spot, search: Search): void {
    const names = referenceNames(this.#evaluator.evaluate(node, scope));
    if (names.includes('process.env')) addVariable(member, search);
    else if (names.includes('process')) this.#lookAtReference(memberReference('process', member, 0), search);
    else {
      const sort = findSecretSort(member);
      if (sort !== undefined && node.type !== 'ObjectExpression') add(search, { sort, name: member });
      if (names.length === 0 || names.some((name) => name.includes('('))) this.#look(node, scope, search);
    }
  }

  #lookAtMember(node: Extract<Node, { type: 'MemberExpression' }>, scope: Scope, search: Search): void {
    const name = propertyName(node.property, node.computed) ?? this.#textOf(node.property, scope);
    if (name === 'length') return;
    const object = this.#evaluator.evaluate(node.object, scope);
    if (referenceNames(object).includes('process.env')) {
      if (name !== undefined) addVariable(name, search);
      else if (node.computed) this.#look(node.property, scope, search);
      return;
    }
    if (name !== undefined) this.#lookAtSecret(name, { node, scope }, search);
    const value = this.#evaluator.evaluate(node, scope);
    this.#lookAtReference(value, search);
    // Of an object that the text shows only this member goes out.
    if (object.kind === 'object' && name !== undefined && value.kind !== 'unknown') return;
    this.#look(node.object, scope, search);
  }

  #lookAtCall(
    node: Extract<CallNode, { type: 'CallExpression' | 'NewExpression' }>,
    scope: Scope,
    search: Search,
  ): void {
    const { callee } = node;
    const method = callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
    const word = method ?? (callee.type === 'Identifier' ? callee.name : '');
    if (keepsSecret.test(word)) return;
    const called = alternatives(this.#evaluator.callee(node, scope));
    if (findsIn.test(word) && !called.some((one) => one.kind === 'reference' && findApi(one.name) !== undefined)) {
      this.#lookForFound(node, scope, search);
      return;
    }
    for (const one of called) {
      if (one.kind === 'function') this.#lookIntoFunction(one.fn, search);
      if (one.kind === 'reference' && this.#lookAtOutside(one.name, node, { scope, search })) return;
    }
    if (callee.type === 'MemberExpression') this.#look(callee.object, scope, search);
    if (called.some(({ kind }) => kind === 'function')) return;
    for (const argument of node.arguments) {
      const fn = giving.has(word) ? this.#sites.fnOf.get(argument) : undefined;
      if (fn === undefined) this.#look(argument, scope, search);
      else this.#lookIntoFunction(fn, search);
    }
  }

  /** Of a key only the part that tells a region is found so, of a file of them the keys. */
  #lookForFound(
    { callee, arguments: given }: Extract<CallNode, { type: 'CallExpression' | 'NewExpression' }>,
    scope: Scope,
    search: Search,
  ): void {
    const part: Search = { found: new Map(), seen: search.seen, left: search.left };
    for (const node of [callee.type === 'MemberExpression' ? callee.object : callee, ...given])
      this.#look(node, scope, part);
    search.left = part.left;
    for (const one of part.found.values()) if (one.sort === 'credential') add(search, one);
  }

  #lookIntoFunction(fn: Fn, search: Search): void {
    if (search.seen.has(fn)) return;
    search.seen.add(fn);
    for (const { node, scope } of fn.returns.slice(0, maxReturns)) this.#look(node, scope, search);
  }

  /** @returns Whether nothing more is to be looked for in the call. */
  #lookAtOutside(
    name: string,
    node: CallNode,
    { scope, search }: { readonly scope: Scope; readonly search: Search },
  ): boolean {
    if (identities.has(name)) {
      add(search, { sort: 'identity', name });
      return true;
    }
    this.#lookAtReference({ kind: 'reference', name, origins: 0 }, search);
    if (pageListeners.test(name)) this.#lookAtEvent(node, scope, search);
    const kind = findApi(name)?.kind;
    if (kind !== 'file-read' && kind !== 'child-process') return false;
    const [first] = this.#evaluator.arguments(node, scope);
    const text = first === undefined ? undefined : textOf(first);
    const places = first === undefined ? [] : alternatives(first).flatMap((one) => textOf(one) ?? []);
    for (const place of kind === 'file-read' ? places : []) {
      if (findCredentialPlace(place) !== undefined) add(search, { sort: 'credential', name: place });
    }
    if (kind === 'child-process' && text !== undefined) {
      const sort = findTellingCommand(text);
      if (sort !== undefined) add(search, { sort, name: text });
    }
    return true;
  }

  /** What its listener is told of. */
  #lookAtEvent(node: CallNode, scope: Scope, search: Search): void {
    const [first] = this.#evaluator.arguments(node, scope);
    const event = first === undefined ? undefined : textOf(first);
    if (event !== undefined && tellingEvents.has(event)) add(search, { sort: 'input', name: `${event} event` });
  }

  #lookAtReference(value: Value, search: Search): void {
    for (const name of referenceNames(value)) {
      if (name === 'process.env') add(search, { sort: 'credential', name });
      else if (name.startsWith('process.env.')) addVariable(name.slice('process.env.'.length), search);
      else if (pageSecrets.test(name)) add(search, { sort: 'credential', name });
      else if (pageFields.test(name)) add(search, { sort: 'input', name });
    }
  }

  #textOf(node: Node, scope: Scope): string | undefined {
    const folded = node.type === 'PrivateIdentifier' ? undefined : constantOf(this.#evaluator.evaluate(node, scope));
    return typeof folded?.value === 'string' ? folded.value : undefined;
  }
}

function addVariable(name: string, search: Search): void {
  if (isCredentialVariable(name)) add(search, { sort: 'credential', name });
  else if (identityVariables.has(name)) add(search, { sort: 'identity', name });
}

function add({ found }: Search, carried: Carried): void {
  found.set(`${carried.sort} ${carried.name}`, carried);
}
