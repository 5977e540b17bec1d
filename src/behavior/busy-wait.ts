/** A loop that burns time: it asks the clock until some moment has come, and does nothing else. */
import type { Evaluator } from './evaluate.ts';
import type { LoopSite, Node } from './scope.ts';
import { childrenOf } from './syntax.ts';
import { alternatives } from './value.ts';

/** `while (Date.now() < end) {}`: the process waits and does nothing else. */
export function isBusyWait(site: LoopSite, evaluator: Evaluator): boolean {
  const { node } = site;
  if (node.type === 'ForOfStatement' || node.test === null || node.test === undefined) return false;
  if (!hasCalls(node.test) || hasCalls(node.body)) return false;
  const readsClock = (part: Node, depth: number): boolean => {
    if (depth > 6) return false;
    if (part.type === 'CallExpression' || part.type === 'NewExpression') {
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
