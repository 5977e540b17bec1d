/**
 * Functions that run although nobody calls them: a getter when its name is read, `toString` when a text is needed.
 * Who reads is told by names alone, so a function is only looked for here when it does something worth telling.
 */
import {
  type CallSite,
  type ClassNode,
  classesByMethod,
  type FileSites,
  type Fn,
  findBinding,
  type Implicit,
  type Node,
} from '../syntax/scope.ts';
import { eachChild, isFunctionNode, propertyName } from '../syntax/syntax.ts';

/** A hostile file may read one name ten thousand times, and define it as often. */
const maxOfOneName = 16;
/** A longer line of classes is followed no further. */
const maxParents = 16;

export interface ImplicitCall {
  readonly from: Fn;
  readonly to: Fn;
}

/** @param acts Whether a function does something, or leads to one that does. */
export function findImplicitCalls(sites: FileSites, acts: (fn: Fn) => boolean): ImplicitCall[] {
  const found = [...sites.implicit, ...findDefinedGetters(sites)].filter(({ fn }) => acts(fn));
  if (found.length === 0) return [];
  const getters = Map.groupBy(found, ({ name }) => name);
  const calls: ImplicitCall[] = [];
  // What a text is needed for cannot be told: whoever makes the object is taken to need it.
  const makers = new Makers(sites);
  for (const { fn } of found) {
    if (isCoercion(fn)) for (const from of makers.of(fn)) calls.push({ from, to: fn });
  }
  for (const [name, same] of getters) getters.set(name, same.slice(0, maxOfOneName));
  const reading = { declared: new Set(sites.bindings.map((binding) => binding.name)), getters };
  for (const from of sites.fns) {
    for (const name of readNames(from, reading)) {
      for (const { fn } of getters.get(name) ?? []) calls.push({ from, to: fn });
    }
  }
  return calls;
}

/** Which functions make the object that a method belongs to. */
class Makers {
  readonly #sites: FileSites;
  readonly #classOf: ReadonlyMap<Node, ClassNode>;
  #made: ReadonlyMap<ClassNode, ReadonlySet<Fn>> | undefined;

  constructor(sites: FileSites) {
    this.#sites = sites;
    this.#classOf = classesByMethod(sites.classes);
  }

  /** Those that say `new` to its class, where the file tells it by its name; otherwise who defines it. */
  of(fn: Fn): readonly Fn[] {
    const owner = this.#classOf.get(fn.node);
    this.#made ??= this.#findMade();
    const makers = owner === undefined ? undefined : this.#made.get(owner);
    if (makers !== undefined) return [...makers].slice(0, maxOfOneName);
    return fn.scope === undefined ? [] : [fn.scope.fn];
  }

  #findMade(): Map<ClassNode, ReadonlySet<Fn>> {
    const made = new Map<ClassNode, Set<Fn>>();
    const add = (name: string, { scope, fn }: Pick<CallSite, 'scope' | 'fn'>, depth: number): void => {
      for (const write of findBinding(scope, name)?.writes ?? []) {
        const one = write.kind === 'class' || write.kind === 'value' ? write.node : undefined;
        if (one?.type !== 'ClassDeclaration' && one?.type !== 'ClassExpression') continue;
        const makers = made.get(one);
        if (makers === undefined) made.set(one, new Set([fn]));
        else makers.add(fn);
        // Who makes what extends it makes it too.
        if (one.superClass?.type === 'Identifier' && depth < maxParents)
          add(one.superClass.name, { scope, fn }, depth + 1);
      }
    };
    for (const { node, scope, fn } of this.#sites.calls)
      if (node.type === 'NewExpression' && node.callee.type === 'Identifier') add(node.callee.name, { scope, fn }, 0);
    return made;
  }
}

function isCoercion({ name }: Fn): boolean {
  return name === 'toString' || name === 'valueOf' || name === 'toJSON';
}

/** `Object.defineProperty(object, 'name', { get() {} })`. */
function findDefinedGetters({ calls, fnOf }: FileSites): Implicit[] {
  return calls.flatMap(({ node }): Implicit[] => {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return [];
    if (propertyName(node.callee.property, node.callee.computed) !== 'defineProperty') return [];
    const [, key, descriptor] = node.arguments;
    if (key?.type !== 'Literal' || descriptor?.type !== 'ObjectExpression') return [];
    return descriptor.properties.flatMap((property) => {
      if (property.type !== 'Property' || propertyName(property.key, property.computed) !== 'get') return [];
      const fn = fnOf.get(property.value);
      return fn === undefined ? [] : [{ name: String(key.value), fn }];
    });
  });
}

interface Reading {
  /** Names of the file's variables. */
  readonly declared: ReadonlySet<string>;
  readonly getters: ReadonlyMap<string, unknown>;
}

/** Getters that a function reads itself. What belongs to the outside (`process.stdout`) is no getter of the file. */
function readNames({ node }: Fn, { declared, getters }: Reading): Set<string> {
  const names = new Set<string>();
  const add = (name: string | undefined): void => {
    if (name !== undefined && getters.has(name)) names.add(name);
  };
  const look = (part: Node): void => {
    if (isFunctionNode(part)) return;
    if (part.type === 'MemberExpression') {
      const isForeign = part.object.type === 'Identifier' && !declared.has(part.object.name);
      if (!isForeign) add(propertyName(part.property, part.computed));
    } else if (part.type === 'VariableDeclarator' && part.id.type === 'ObjectPattern') {
      for (const one of part.id.properties) if (one.type === 'Property') add(propertyName(one.key, one.computed));
    }
    eachChild(part, look);
  };
  eachChild(node, look);
  return names;
}
