/** Is an object known well enough to ask for its members? */
import { findBinding, type Node, type Scope } from '../syntax/scope.ts';

/** A variable that is given an object, a class or a module once is known well enough to ask for its members. */
export function isOneThing(node: Node, scope: Scope): boolean {
  let root = node;
  while (root.type === 'MemberExpression') root = root.object;
  if (root.type !== 'Identifier') return root.type !== 'CallExpression';
  const [write, ...others] = findBinding(scope, root.name)?.writes ?? [];
  if (write === undefined || others.length > 0) return false;
  return write.kind === 'value'
    ? plainObjects.has(write.node.type)
    : write.kind !== 'parameter' && write.kind !== 'each';
}

const plainObjects: ReadonlySet<Node['type']> = new Set(['ObjectExpression', 'ClassExpression', 'NewExpression']);
