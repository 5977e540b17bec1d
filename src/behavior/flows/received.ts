/** The arguments that a called function receives, by their numbers, as far as the text shows them. */
import { type CallNode, type CallSite, findBinding, type Node, type Scope } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';

interface Received {
  readonly index: number;
  readonly node: Node;
}

/** The called function's own arguments, without what `call`, `apply`, `bind` and `Reflect.apply` take; -1 is `this`. */
export function listReceived({ node, scope }: Pick<CallSite, 'node' | 'scope'>): readonly Received[] {
  if (!('arguments' in node)) return [];
  const { callee } = node;
  const binding = findBindCall(callee, scope);
  if (binding !== undefined) return fromReceiver([...binding.arguments, ...node.arguments]);
  const method = methodOf(node);
  if (method === 'call' || method === 'bind') return fromReceiver(node.arguments);
  if (method !== 'apply') return numbered(node.arguments);
  // `Reflect.apply(f, self, list)` takes one more than `f.apply(self, list)`.
  const [self, list] = node.arguments.slice(-2);
  return self === undefined ? [] : fromReceiver([self, ...((list && elementsOf(list)) ?? [])]);
}

type Call = Extract<CallNode, { readonly arguments: unknown }>;

function elementsOf(list: Node): readonly Node[] | undefined {
  return list.type === 'ArrayExpression' ? list.elements.filter((one) => one !== null) : undefined;
}

function methodOf({ callee }: Call): string | undefined {
  return callee.type === 'MemberExpression' ? propertyName(callee.property, callee.computed) : undefined;
}

function fromReceiver(nodes: readonly Node[]): readonly Received[] {
  return numbered(nodes).map(({ index, node }) => ({ index: index - 1, node }));
}

/** `f.bind(self, …)(…)`, or a variable that holds the first half. */
function findBindCall(callee: Node, scope: Scope): Call | undefined {
  const [write, second] = callee.type === 'Identifier' ? (findBinding(scope, callee.name)?.writes ?? []) : [];
  const made = second === undefined && write?.kind === 'value' && write.path.length === 0 ? write.node : callee;
  return made.type === 'CallExpression' && methodOf(made) === 'bind' ? made : undefined;
}

/** What stands behind a list that is spread has no number. */
function numbered(all: readonly Node[]): readonly Received[] {
  const nodes = all.some(isSpread)
    ? all.flatMap((node) => (node.type === 'SpreadElement' ? (elementsOf(node.argument) ?? node) : node))
    : all;
  const spread = nodes.findIndex(isSpread);
  return nodes.slice(0, spread < 0 ? nodes.length : spread).map((node, index) => ({ index, node }));
}

function isSpread({ type }: Node): boolean {
  return type === 'SpreadElement';
}
