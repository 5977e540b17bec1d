/**
 * Functions that run although nobody calls them: a getter when its name is read, `toString` when a text is needed.
 * Who reads is told by names alone, so a function is only looked for here when it does something worth telling.
 */
import type { FileSites, Fn, Implicit, Node } from './scope.ts';
import { eachChild, isFunctionNode, propertyName } from './syntax.ts';

/** A hostile file may read one name ten thousand times, and define it as often. */
const maxOfOneName = 16;

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
  for (const { fn } of found) {
    if (isCoercion(fn) && fn.scope !== undefined) calls.push({ from: fn.scope.fn, to: fn });
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
