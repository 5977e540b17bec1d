/** What `object.name` may be: literals by their properties, the outside by its names, and the rest by what the file stores. */
import type { ESTree } from 'meriyah';
import type { FieldFlow, KeptFlows } from '../flows/kept-flows.ts';
import { functionsNamed } from '../flows/link-calls.ts';
import { isInstance } from '../flows/relevance.ts';
import { leadsNowhere } from '../outside/known-names.ts';
import {
  type FileSites,
  type Fn,
  findBinding,
  type Implicit,
  type Node,
  type Scope,
  type Stored,
} from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import { guessBits } from './flow.ts';
import { memberReference } from './references.ts';
import { textOf } from './text-of.ts';
import {
  alternatives,
  constant,
  type Environment,
  foreignReference,
  type ObjectValue,
  reference,
  union,
  unknown,
  unknownValue,
  type Value,
} from './value.ts';

/** What finding members needs from the evaluator. */
interface ValueSource {
  readonly followsOrigins: boolean;
  evaluate(node: Node, scope: Scope, env?: Environment): Value;
  /** What a function of the file gives. */
  callFunction(fn: Fn, given: readonly Value[]): Value;
  /** What parts of objects hold that are stored under one name. */
  readStored(parts: StoredParts): Value;
  spend(steps: number): void;
  /** What has flowed into what objects hold under one name. */
  readFlow(field: FieldFlow): number;
  readonly flows: KeptFlows;
}

/** A name that is stored in more places says nothing about the one that is asked for. */
const maxStored = 6;
const maxGetters = 2;
const maxSpreads = 8;

interface PropertyTable {
  readonly named: ReadonlyMap<string, Node>;
  /** Those of the named that are called when they are read. */
  readonly getters: ReadonlySet<Node>;
  /** Spreads and computed keys. */
  readonly others: readonly ESTree.ObjectLiteralElementLike[];
}

export class Members {
  readonly #sites: FileSites;
  readonly #source: ValueSource;
  readonly #tables = new Map<ESTree.ObjectExpression, PropertyTable>();
  readonly #stored = new Map<string, readonly Fn[]>();
  readonly #mayBeOutside: (node: Node, scope: Scope) => boolean;
  readonly #places = new Map<string, StoredPlaces>();
  readonly #getters: ReadonlyMap<string, readonly Implicit[]>;
  #spreads = 0;

  constructor(sites: FileSites, source: ValueSource, mayBeOutside: (node: Node, scope: Scope) => boolean) {
    this.#sites = sites;
    this.#source = source;
    this.#mayBeOutside = mayBeOutside;
    this.#getters = Map.groupBy(sites.implicit, (one) => one.name);
  }

  find(value: Value, name: string): Value {
    switch (value.kind) {
      case 'constant':
        if (typeof value.value !== 'string') return unknown(value.origins);
        if (name === 'length') return constant(value.value.length, value.origins);
        if (/^\d+$/.test(name)) return constant(value.value[Number(name)], value.origins);
        // `new URL('./part.js', import.meta.url).href`: an address is kept as its text.
        if (name === 'href' || name === 'pathname') return value;
        return name === 'constructor' ? reference('String') : unknown(value.origins);
      case 'list':
        // Lists grow and shrink: what stands in the text is not what they hold later.
        if (name === 'length') return unknown(value.origins);
        if (/^\d+$/.test(name))
          return value.isOpen ? unknown(value.origins) : (value.elements[Number(name)] ?? constant(undefined));
        return name === 'constructor' ? reference('Array.constructor') : unknown(value.origins);
      case 'object':
        return this.#ofObject(value, name) ?? this.#ofUnknown(unknown(value.origins), name);
      case 'record':
        return value.members.get(name) ?? unknown(value.origins);
      case 'reference':
        if (!this.#source.followsOrigins && leadsNowhere(value.name, name)) return foreignReference;
        return memberReference(value.name, name, value.origins);
      case 'function':
        return name === 'constructor' ? reference('Function') : unknownValue;
      case 'union':
        return union(value.of.map((one) => this.find(one, name)));
      default:
        if (value.kind === 'unknown' && value.text?.startsWith('./') && (name === 'href' || name === 'pathname'))
          return value;
        return this.#ofUnknown(value, name);
    }
  }

  /** A computed member of a table of functions may be any of them: bundlers keep their modules so. */
  anyFunctionOf({ node, scope, env }: ObjectValue): Value {
    const found: Value[] = [];
    for (const property of node.properties) {
      if (property.type === 'Property' && isFunctionNode(property.value)) {
        found.push(this.#source.evaluate(property.value, scope, env));
      }
    }
    this.#source.spend(found.length);
    if (found.length === 0) return anyTextOf(node);
    return { kind: 'union', of: found, origins: 0 };
  }

  /** Functions of this file that may be stored under a property's name. */
  storedUnder(name: string): readonly Fn[] {
    const known = this.#stored.get(name);
    if (known !== undefined) return known;
    const stored = this.#sites.methods.get(name) ?? [];
    const named =
      stored.length > maxStored ? [] : stored.flatMap(({ node, scope }) => functionsNamed(node, scope, this.#sites));
    const found = [...new Set(named)];
    this.#stored.set(name, found);
    return found;
  }

  #ofObject({ node, scope, env }: ObjectValue, name: string): Value | undefined {
    let table = this.#tables.get(node);
    if (table === undefined) {
      table = tableOf(node);
      this.#tables.set(node, table);
    }
    const direct = table.named.get(name);
    if (direct !== undefined) {
      const value = this.#source.evaluate(direct, scope, env);
      if (value.kind === 'function' && table.getters.has(direct)) return this.#source.callFunction(value.fn, []);
      // An empty literal is filled later.
      const isEmpty = direct.type === 'ObjectExpression' && direct.properties.length === 0;
      return isEmpty ? union([value, ...this.#storedParts(name)]) : value;
    }
    for (const property of table.others) {
      if (property.type === 'SpreadElement') {
        const spread = this.#source.evaluate(property.argument, scope, env);
        // `options = { ...options }` spreads what it defines.
        if (this.#spreads >= maxSpreads || (spread.kind !== 'object' && spread.kind !== 'reference')) continue;
        this.#spreads += 1;
        const found = this.find(spread, name);
        this.#spreads -= 1;
        return found;
      } else if (property.type === 'Property' && textOf(this.#source.evaluate(property.key, scope, env)) === name) {
        return this.#source.evaluate(property.value, scope, env);
      }
    }
    return undefined;
  }

  #ofUnknown(value: Value, name: string): Value {
    if (value.origins !== 0) return unknown(value.origins);
    const { methods, parts } = this.#placesOf(name);
    const origins = this.#source.followsOrigins ? this.#flowOf(name) : 0;
    if (methods.length === 0 && parts === undefined) return unknown(origins);
    const found = union([...this.#storedValues(name), ...this.#storedParts(name)]);
    if (origins !== 0) return unknown(origins);
    return found.kind === 'reference' || found.kind === 'function' || found.kind === 'union' ? found : unknownValue;
  }

  /** `this.text = decoded`, `get text() { return decoded; }` */
  #flowOf(name: string): number {
    // A place in a list is no name: every list of the file has a first element.
    if (/^\d+$/.test(name)) return 0;
    const { methods, parts } = this.#sites;
    const getters = upTo(maxStored, this.#getters.get(name)).flatMap(({ fn }) => fn.returns);
    const stored = [...upTo(maxStored, methods.get(name)), ...upTo(maxStored, parts.get(name)), ...getters];
    const field = this.#source.flows.intoField(name, stored);
    return field === undefined ? 0 : guessBits(this.#source.readFlow(field));
  }

  /** `this.fs = require('fs')`: what an object is given of the outside, it is taken to have everywhere. */
  #storedParts(name: string): readonly Value[] {
    const { parts } = this.#placesOf(name);
    return parts === undefined ? [] : alternatives(this.#source.readStored(parts));
  }

  #storedValues(name: string): Value[] {
    const getters = new Map(this.#getters.get(name)?.map(({ fn }) => [fn.node as Node, fn]));
    return this.#placesOf(name).methods.flatMap(({ node, scope }) => {
      const getter = getters.get(node);
      if (getter === undefined) return byName(this.#source.evaluate(node, scope));
      return getters.size > maxGetters ? [] : alternatives(this.#source.callFunction(getter, [])).filter(isNamed);
    });
  }

  #placesOf(name: string): StoredPlaces {
    let places = this.#places.get(name);
    if (places === undefined) {
      const { methods, parts, made } = this.#sites;
      const kept = [...upTo(maxStored, parts.get(name)), ...upTo(maxStored, made.get(name)).filter(isInstance)];
      const outside = kept.filter(({ node, scope }) => this.#mayBeOutside(node, scope));
      places = {
        methods: upTo(maxStored, methods.get(name)).filter(({ node, scope }) => namesSomething(node, scope)),
        parts: outside.length === 0 ? undefined : { parts: outside },
      };
      this.#places.set(name, places);
    }
    return places;
  }
}

const maxTexts = 6;

/** `{ darwin: '/Applications', linux: '/opt' }[process.platform]` */
function anyTextOf({ properties }: ESTree.ObjectExpression): Value {
  if (properties.length === 0 || properties.length > maxTexts) return unknownValue;
  const texts = properties.flatMap((one) =>
    one.type === 'Property' && one.value.type === 'Literal' && typeof one.value.value === 'string'
      ? [constant(one.value.value)]
      : [],
  );
  return texts.length === properties.length ? union(texts) : unknownValue;
}

function isNamed({ kind }: Value): boolean {
  return kind === 'reference' || kind === 'function';
}

function byName(value: Value): Value {
  return value.kind === 'function' ? { ...value, byName: true } : value;
}

interface StoredPlaces {
  readonly methods: readonly Stored[];
  readonly parts: StoredParts | undefined;
}

/** What is stored under one name and may be of the outside. */
export interface StoredParts {
  readonly parts: readonly Stored[];
}

function upTo<One>(most: number, stored: readonly One[] = []): readonly One[] {
  return stored.length > most ? [] : stored;
}

/** A function, or a variable that holds a function or a module and nothing else. */
function namesSomething(node: Node, scope: Scope): boolean {
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

function tableOf(node: ESTree.ObjectExpression): PropertyTable {
  const named = new Map<string, Node>();
  const getters = new Set<Node>();
  const others: ESTree.ObjectLiteralElementLike[] = [];
  for (const property of node.properties) {
    const name = property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
    if (property.type !== 'Property' || name === undefined) {
      others.push(property);
      continue;
    }
    named.set(name, property.value);
    if (property.kind === 'get') getters.add(property.value);
  }
  return { named, getters, others };
}
