/**
 * Functions that run although nobody calls them: a getter when its name is read, `toString` when a text is needed.
 * Who reads is told by names alone, so a function is only looked for here when it does something worth telling.
 */
import type { FileSites, Fn, Implicit, Node } from './scope.ts';
import { childrenOf, isFunctionNode, propertyName } from './syntax.ts';

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
  const declared = new Set(sites.bindings.map((binding) => binding.name));
  for (const from of sites.fns) {
    for (const name of readNames(from, declared)) {
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

/** Members that a function reads itself. What belongs to the outside (`process.stdout`) is no getter of the file. */
function readNames({ node }: Fn, declared: ReadonlySet<string>): Set<string> {
  const names = new Set<string>();
  const look = (part: Node): void => {
    if (part.type === 'MemberExpression') {
      const name = propertyName(part.property, part.computed);
      const isForeign = part.object.type === 'Identifier' && !declared.has(part.object.name);
      if (name !== undefined && !isForeign) names.add(name);
    }
    if (part.type === 'VariableDeclarator' && part.id.type === 'ObjectPattern') {
      for (const one of part.id.properties) {
        const name = one.type === 'Property' ? propertyName(one.key, one.computed) : undefined;
        if (name !== undefined) names.add(name);
      }
    }
    for (const child of childrenOf(part)) if (!isFunctionNode(child)) look(child);
  };
  for (const child of childrenOf(node)) if (!isFunctionNode(child)) look(child);
  return names;
}
