/** What whoever sends a request decides: its headers, its body, its query. Told by the names that every server gives them. */
import { findBinding, type Node, type Scope } from '../syntax/scope.ts';

/** Of any object that a function is given. */
const ofRequests: ReadonlySet<string> = new Set(['headers', 'rawHeaders', 'query', 'cookies']);
/** Names that other objects have too. */
const ofNamedRequests: ReadonlySet<string> = new Set([
  'body',
  'rawBody',
  'params',
  'url',
  'originalUrl',
  'searchParams',
]);
const requestName = /^(?:req|request|httpRequest)$/;

export function isRequestPart(object: Node, member: string, scope: Scope): boolean {
  const isNamed = ofNamedRequests.has(member);
  if (!isNamed && !ofRequests.has(member)) return false;
  // `ctx.request.body`
  if (object.type === 'MemberExpression')
    return (
      !object.computed &&
      object.property.type === 'Identifier' &&
      requestName.test(object.property.name) &&
      isGiven(object.object, scope)
    );
  return object.type === 'Identifier' && (!isNamed || requestName.test(object.name)) && isGiven(object, scope);
}

function isGiven(node: Node, scope: Scope): boolean {
  if (node.type !== 'Identifier') return false;
  return findBinding(scope, node.name)?.writes.every(({ kind }) => kind === 'parameter') === true;
}
