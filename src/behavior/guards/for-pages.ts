/**
 * `if (typeof exports === 'object') module.exports = make(); else window.Promise = make();`: what bundlers write around a library
 * that pages load as well. Importers get the same thing, and nothing is replaced for them.
 */

import type { Condition, MemberWriteSite, Node } from '../syntax/scope.ts';
import { asksForAbsence } from './asks-for-absence.ts';

/** A call of what makes it, and not the thing itself. */
const maxMade = 60;
const maxTest = 200;

export function isForPages({ node, condition }: MemberWriteSite, text: string): boolean {
  const made = textOf(node.right, text, maxMade);
  if (made === undefined || !/^[\w$.]+\([\w$., ]*\)$/.test(made)) return false;
  return standsWithoutModules(condition, text) && isExported(made, text);
}

function standsWithoutModules(condition: Condition | undefined, text: string): boolean {
  for (let at = condition; at !== undefined; at = at.outer) {
    const mentions = (part: Node): boolean => /\btypeof (?:exports|module)\b/.test(textOf(part, text, maxTest) ?? '');
    if (at.negated && mentions(at.test) && !asksForAbsence(at.test, mentions)) return true;
  }
  return false;
}

function isExported(made: string, text: string): boolean {
  const escaped = made.replaceAll(/[$.()]/g, '\\$&');
  return new RegExp(`\\bmodule\\.exports ?= ?${escaped}`).test(text);
}

function textOf({ start = 0, end = 0 }: Node, text: string, maxLength: number): string | undefined {
  return end - start > maxLength ? undefined : text.slice(start, end);
}
