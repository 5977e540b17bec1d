/** Whether a call runs a function that it is given, and when: at once, later, or only if something happens. */

import type { When } from '../summary/summary-draft.ts';
import { runsCompiled } from '../syntax/compiled-async.ts';
import type { CallNode } from '../syntax/scope.ts';
import { runsCallback } from './catalog.ts';

const waiting: ReadonlySet<string> = new Set([
  'on', 'once', 'addListener', 'addEventListener', 'prependListener', 'subscribe', 'catch',
]); // biome-ignore format: a list of names
/** Every process ends, and every page is loaded. */
const certainEvents: ReadonlySet<string> = new Set([
  'exit', 'beforeExit', 'load', 'DOMContentLoaded', 'readystatechange',
]); // biome-ignore format: a list of names

/** @param name The outside function that is called, if it is one. */
export function whenCalled(node: CallNode, name: string | undefined, method: string | undefined): When | undefined {
  const when = runsCompiled(node) ? 'now' : runsCallback(name, method);
  return when === 'later' && waitsForEvent(node, method) ? 'perhaps' : when;
}

function waitsForEvent(node: CallNode, method: string | undefined): boolean {
  if (method === undefined || !waiting.has(method)) return false;
  const [event] = 'arguments' in node ? node.arguments : [];
  return !(event?.type === 'Literal' && typeof event.value === 'string' && certainEvents.has(event.value));
}
