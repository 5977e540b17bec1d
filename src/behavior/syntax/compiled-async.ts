/** The helpers that compilers write for `async` functions, told by their names: TypeScript's, Babel's, esbuild's and SWC's. */
import type { CallNode, Node } from './scope.ts';
import { propertyName } from './syntax.ts';

const wrapping = /^_?(?:asyncToGenerator|async_to_generator|wrapAsyncGenerator|wrap_async_generator)\$?\d*$/;
const running = /^__?(?:awaiter|async|asyncGenerator|generator|ts_generator)\$?\d*$/;
const machine = /regenerator/i;

/** The function that a helper makes another of: `_asyncToGenerator(f)`, `_regenerator().mark(f)`. */
export function wrappedByCompiler(node: Node): Node | undefined {
  const [name, holder] = calledName(node);
  if (name === undefined || node.type !== 'CallExpression') return undefined;
  const isWrapping = wrapping.test(name) || (holder !== undefined && /^m(?:ark)?$/.test(name) && machine.test(holder));
  return isWrapping ? node.arguments[0] : undefined;
}

/** A function as it was written. */
export function unwrapCompiled(node: Node): Node {
  let inner = node;
  for (let wrapped = wrappedByCompiler(inner); wrapped !== undefined; wrapped = wrappedByCompiler(inner))
    inner = wrapped;
  return inner;
}

/** Whether a call runs the function that it is given, and gives it what the function itself has waited for. */
export function runsCompiled(node: Node): boolean {
  const [name, holder] = calledName(node);
  if (name === undefined) return false;
  return running.test(name) || (holder !== undefined && /^w(?:rap)?$/.test(name) && machine.test(holder));
}

/** `helper(…)`, `(0, tslib_1.helper)(…)`, `_helper.default(…)`, `_holder().helper(…)`, with the holder's name. */
function calledName(node: Node): readonly [name?: string | undefined, holder?: string | undefined] {
  if (node.type !== 'CallExpression') return [];
  const callee = lastOf(node.callee);
  if (callee.type === 'Identifier') return [callee.name];
  if (callee.type !== 'MemberExpression') return [];
  const name = propertyName(callee.property, callee.computed);
  const holder = holderName(callee.object);
  return name === 'default' ? [holder] : [name, holder];
}

function lastOf(callee: CallNode | Node): Node {
  return callee.type === 'SequenceExpression' ? (callee.expressions.at(-1) ?? callee) : callee;
}

function holderName(node: Node): string | undefined {
  const holder = node.type === 'CallExpression' ? lastOf(node.callee) : lastOf(node);
  if (holder.type === 'Identifier') return holder.name;
  return holder.type === 'MemberExpression' && holder.object.type === 'Identifier' ? holder.object.name : undefined;
}
