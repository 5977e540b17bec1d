/** What is put into objects, lists and buffers after they were made: `out[name] = text`, `parts.push(text)`, `bytes.write(text, 'hex')`. */

import { type Binding, type FileSites, findBinding, type Node, type Stored } from '../syntax/scope.ts';
import { isFunctionNode, propertyName } from '../syntax/syntax.ts';
import { flow } from '../values/flow.ts';

export interface Put extends Stored {
  /** It becomes a part of the whole, as an element of a list does: what flows into it is in the list. */
  readonly grows: boolean;
  /** What the way in makes of it. */
  readonly bits: number;
}

export interface PutInto {
  readonly variables: ReadonlyMap<Binding, readonly Put[]>;
  /** By the name under which an object holds the list. */
  readonly fields: ReadonlyMap<string, readonly Stored[]>;
}

const keepers: ReadonlySet<string> = new Set(['set', 'append', 'add', 'concat', 'assign', 'splice', 'fill']);
const growing: ReadonlySet<string> = new Set(['push', 'unshift']);
/** Of buffers. */
const filling: ReadonlySet<string> = new Set(['write', 'fill', 'set', 'writeUInt8', 'writeUint8']);

/** One walk over the places of a file. */
export function findPutInto({ memberWrites, calls }: Pick<FileSites, 'memberWrites' | 'calls'>): PutInto {
  const found = { variables: new Map<Binding, Put[]>(), fields: new Map<string, Stored[]>() };
  for (const { node, scope } of memberWrites) {
    const { left } = node;
    if (left.type !== 'MemberExpression') continue;
    put(found, left.object, { nodes: [node.right], scope, grows: isPlace(left), bits: 0 });
  }
  for (const { node, scope } of calls) {
    if (node.type !== 'CallExpression' || node.callee.type !== 'MemberExpression') continue;
    const { object, property, computed } = node.callee;
    const method = propertyName(property, computed) ?? '';
    const given = { nodes: node.arguments, scope, bits: 0 };
    if (growing.has(method)) put(found, object, { ...given, grows: true });
    else if (filling.has(method)) put(found, object, { ...given, grows: true, bits: decodesTo(node.arguments) });
    else if (keepers.has(method)) put(found, object, { ...given, grows: false });
    const [first, ...rest] = node.arguments;
    if (method === 'assign' && first !== undefined) put(found, first, { ...given, nodes: rest, grows: false });
    // `answer.on('data', parts.push.bind(parts))`
    for (const argument of node.arguments) {
      const list = findPushedTo(argument);
      if (list !== undefined) put(found, list, { ...given, nodes: [object], grows: true });
    }
  }
  return found;
}

/** `parts[at] =`, `parts[0] =`: in a list, and no name of a member. */
function isPlace({ computed, property }: Extract<Node, { type: 'MemberExpression' }>): boolean {
  return computed && !(property.type === 'Literal' && typeof property.value === 'string');
}

interface Given extends Pick<Put, 'scope' | 'grows' | 'bits'> {
  readonly nodes: readonly Node[];
}

function put(
  { variables, fields }: { readonly variables: Map<Binding, Put[]>; readonly fields: Map<string, Stored[]> },
  holder: Node,
  { nodes, scope, grows, bits }: Given,
): void {
  let root = holder;
  while (root.type === 'MemberExpression') root = root.object;
  const binding = root.type === 'Identifier' ? findBinding(scope, root.name) : undefined;
  // What flows into a part of an object is not in all of it.
  const inPart = holder !== root;
  if (binding !== undefined) addTo(variables, binding, placed(nodes, { scope, bits, grows: grows && !inPart }));
  const name = holder.type === 'MemberExpression' ? propertyName(holder.property, holder.computed) : undefined;
  if (grows && name !== undefined) addTo(fields, name, placed(nodes, { scope }));
}

/** `bytes.write(text, at, 'hex')` */
function decodesTo(given: readonly Node[]): number {
  const last = given.length > 1 ? given.at(-1) : undefined;
  return last?.type === 'Literal' && /^(?:hex|base64(?:url)?)$/.test(String(last.value)) ? flow.decoded : 0;
}

function findPushedTo(argument: Node): Node | undefined {
  if (argument.type !== 'CallExpression' || argument.callee.type !== 'MemberExpression') return undefined;
  const { object, property, computed } = argument.callee;
  if (propertyName(property, computed) !== 'bind' || object.type !== 'MemberExpression') return undefined;
  return propertyName(object.property, object.computed) === 'push' ? object.object : undefined;
}

function addTo<Key, One extends Stored>(map: Map<Key, One[]>, key: Key, added: readonly One[]): void {
  const stored = map.get(key) ?? [];
  stored.push(...added.filter(({ node }) => !isFunctionNode(node)));
  map.set(key, stored);
}

function placed<At extends object>(nodes: readonly Node[], at: At): (At & { readonly node: Node })[] {
  return nodes.map((node) => ({ node, ...at }));
}
