/**
 * What a call hands to the function that it calls: an object that everybody shares, or what the caller was given itself.
 * The same function may be given a copy here and the shared one there.
 */

import { findGiven, toPart, valueByCallback } from '../flows/given-part.ts';
import { listReceived } from '../flows/received.ts';
import type { Relevance } from '../flows/relevance.ts';
import { sharedMembers } from '../outside/shared-members.ts';
import type { Handed } from '../summary/file-summary.ts';
import type { CallSite, Node } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { mayBeText } from '../values/may-be-text.ts';
import { constantOf, referenceNames } from '../values/value.ts';

interface HandingSetting {
  readonly names: Evaluator;
  readonly relevance: Relevance;
}

/** Arguments beyond these are not followed. */
const maxArguments = 6;
const maxProperties = 12;

/** @param isTaken Which arguments are asked for, by number. */
export function listHanded(
  site: CallSite,
  isTaken: (index: number) => boolean,
  setting: HandingSetting,
): readonly Handed[] {
  const taken = listReceived(site).filter(({ index }) => index < maxArguments && isTaken(index));
  const found: Handed[] = [];
  for (const { index, node } of taken) {
    add(found, { site, node, index, at: '' }, setting);
    if (node.type !== 'ObjectExpression') continue;
    for (const property of node.properties.slice(0, maxProperties)) {
      const name = property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
      if (property.type === 'Property' && name !== undefined)
        add(found, { site, node: property.value, index, at: `.${name}` }, setting);
    }
  }
  // Texts say which member is meant, of what is handed on beside them.
  return found.length === 0 ? found : [...found, ...listTexts(taken, site, setting.names)];
}

function listTexts(taken: ReturnType<typeof listReceived>, { scope }: CallSite, names: Evaluator): Handed[] {
  return taken.flatMap(({ index, node }) => {
    const text = mayBeText(node, scope) ? constantOf(names.evaluate(node, scope))?.value : undefined;
    return typeof text === 'string' ? { index, at: '', text } : [];
  });
}

interface Argument {
  readonly site: CallSite;
  readonly node: Node;
  readonly index: number;
  readonly at: string;
}

function add(found: Handed[], { site, node, index, at }: Argument, { names, relevance }: HandingSetting): void {
  const { ways, wholly } = findGiven(node, site.scope);
  for (const way of ways) found.push({ index, at, from: toPart(way) });
  if (!relevance.mayBeOutside(node, site.scope)) return;
  const named = wholly
    ? ways.flatMap((way) => referenceNames(valueByCallback(names, way)))
    : referenceNames(names.evaluate(node, site.scope));
  for (const name of new Set(named)) if (sharedMembers.has(name)) found.push({ index, at, name });
}
