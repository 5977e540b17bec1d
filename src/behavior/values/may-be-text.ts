/** A cheap look before the evaluation of a key or a sum: can it come out as one text? */
import { findBinding, type Node, type Scope } from '../syntax/scope.ts';

/** Whether it may be one text or number: a variable only if it is written once, or appended to. */
export function mayBeText(node: Node, scope: Scope): boolean {
  let at = node;
  for (;;) {
    if (at.type === 'BinaryExpression') {
      if (!mayBeText(at.right, scope)) return false;
      at = at.left;
    } else if (at.type === 'MemberExpression') at = at.object;
    else if (at.type === 'CallExpression') at = at.callee;
    else break;
  }
  if (at.type !== 'Identifier') return true;
  const writes = findBinding(scope, at.name)?.writes ?? [];
  return writes.every(({ kind }, index) => index === 0 || kind === 'compound');
}
