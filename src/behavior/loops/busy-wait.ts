/** A loop that burns time: it asks the clock until some moment has come, and does nothing else. */

import type { Relevance } from '../flows/relevance.ts';
import { findBinding, type LoopSite, type Node, type Scope } from '../syntax/scope.ts';
import { childrenOf, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives } from '../values/value.ts';

interface Setting {
  readonly evaluator: Evaluator;
  readonly relevance: Relevance;
}

/** `while (Date.now() < end) {}`: the process waits and does nothing else. */
export function isBusyWait(site: LoopSite, { evaluator, relevance }: Setting): boolean {
  const { node } = site;
  if (node.type === 'ForOfStatement' || node.test === null || node.test === undefined) return false;
  if (!hasCalls(node.test) || hasCalls(node.body)) return false;
  const readsClock = (part: Node, depth: number): boolean => {
    if (depth > 6) return false;
    const isCall = part.type === 'CallExpression' || part.type === 'NewExpression';
    if (isCall && mayBeClock(part.callee, site.scope) && relevance.mayBeOutside(part.callee, site.scope)) {
      const names = alternatives(evaluator.evaluate(part.callee, site.scope));
      if (
        names.some(
          (one) => one.kind === 'reference' && /^(?:Date(?:\.now)?|performance\.now|process\.hrtime.*)$/.test(one.name),
        )
      ) {
        return true;
      }
    }
    return childrenOf(part).some((child) => readsClock(child, depth + 1));
  };
  return readsClock(node.test, 0);
}

const clockWords: ReadonlySet<string> = new Set(['Date', 'now', 'hrtime', 'bigint']);

/** By its name, or as a variable that is given something once: a clock is not handed around. */
function mayBeClock(callee: Node, scope: Scope): boolean {
  if (callee.type === 'MemberExpression') {
    const name = propertyName(callee.property, callee.computed);
    return name === undefined || clockWords.has(name);
  }
  if (callee.type !== 'Identifier') return false;
  const [write, ...others] = findBinding(scope, callee.name)?.writes ?? [];
  return write === undefined || (others.length === 0 && (write.kind === 'value' || write.kind === 'import'));
}

function hasCalls(node: Node): boolean {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'AwaitExpression':
    case 'YieldExpression':
      return true;
    default:
      return childrenOf(node).some(hasCalls);
  }
}
