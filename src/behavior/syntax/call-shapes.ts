/** How a call is written, where that tells what it does. */
import { type CallSite, findBinding, isFree, type Write } from './scope.ts';
import { propertyName } from './syntax.ts';

/** `Promise.resolve(…).then(…)` */
export function isResolved({ node, scope }: CallSite): boolean {
  if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') return false;
  const { object } = node.callee;
  if (object.type !== 'CallExpression' || object.callee.type !== 'MemberExpression') return false;
  const { object: holder, property, computed } = object.callee;
  return propertyName(property, computed) === 'resolve' && isFree(holder, /^Promise$/, scope);
}

/** `this.name(…)`, `self.name(…)`: a method that stands in the file is meant, if there is one. */
export function isOfThis({ node, scope }: CallSite): boolean {
  if (!('callee' in node) || node.callee.type !== 'MemberExpression') return false;
  const { object } = node.callee;
  if (object.type === 'ThisExpression') return true;
  const writes = object.type === 'Identifier' ? (findBinding(scope, object.name)?.writes ?? []) : [];
  const isThis = (write: Write): boolean => write.kind === 'value' && write.node.type === 'ThisExpression';
  return writes.length > 0 && writes.every(isThis);
}
