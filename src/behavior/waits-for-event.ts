/** Whether a callback runs only when something happens that may never happen. */
import type { CallNode } from './scope.ts';

const waiting: ReadonlySet<string> = new Set([
  'on', 'once', 'addListener', 'addEventListener', 'prependListener', 'subscribe', 'catch',
]); // biome-ignore format: a list of names
/** Every process ends, and every page is loaded. */
const certainEvents: ReadonlySet<string> = new Set([
  'exit',
  'beforeExit',
  'load',
  'DOMContentLoaded',
  'readystatechange',
]);

/** @param method What the callback is given to. */
export function waitsForEvent(node: CallNode, method: string | undefined): boolean {
  if (method === undefined || !waiting.has(method)) return false;
  const [event] = 'arguments' in node ? node.arguments : [];
  return !(event?.type === 'Literal' && typeof event.value === 'string' && certainEvents.has(event.value));
}
