/**
 * `document.domain && …`, `env.LC_ALL || env.LANG`: a test of whether there is such a thing here, and not of what it is. Who only
 * asks that, aims at nobody.
 */

import { findPassed } from '../flows/given-part.ts';
import { findBinding, type Node, type Scope, type Write } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives } from '../values/value.ts';

const maxNodes = 60;
/** A variable that holds more things by turns says nothing of any of them. */
const maxWrites = 4;

export class PresenceTest {
  readonly #evaluator: Evaluator;
  /** What is being looked at: what comes back to itself adds nothing. */
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(evaluator: Evaluator) {
    this.#evaluator = evaluator;
  }

  isAsked(test: Node, scope: Scope): boolean {
    this.#nodes = 0;
    this.#open.clear();
    return this.#asks(test, scope);
  }

  #asks(node: Node, scope: Scope): boolean {
    if (this.#open.has(node)) return true;
    this.#open.add(node);
    this.#nodes += 1;
    if (this.#nodes > maxNodes) return false;
    switch (node.type) {
      case 'MemberExpression':
        return !node.computed;
      case 'Identifier':
        return this.#asksForVariable(node.name, scope);
      case 'LogicalExpression':
        return this.#isPart(node.left, scope) && this.#isPart(node.right, scope);
      case 'CallExpression':
        return this.#asksByCall(node, scope);
      default:
        return false;
    }
  }

  /** Of a longer test, which may end in a constant. */
  #isPart(node: Node, scope: Scope): boolean {
    return node.type === 'Literal' || this.#asks(node, scope);
  }

  #asksForVariable(name: string, scope: Scope): boolean {
    const writes = findBinding(scope, name)?.writes ?? [];
    return writes.length > 0 && writes.length <= maxWrites && writes.every((write) => this.#isPresence(write));
  }

  #isPresence(write: Write): boolean {
    if (write.kind === 'value') return this.#isPart(write.node, write.scope);
    if (write.kind !== 'parameter' || write.path.length > 0) return false;
    const { entrances } = write.fn;
    return (
      entrances.length > 0 &&
      entrances.length <= maxWrites &&
      entrances.every((entrance) => {
        const passed = findPassed(entrance, write.index);
        return passed === undefined || this.#isPart(passed, entrance.site.scope);
      })
    );
  }

  #asksByCall({ callee, arguments: given }: Extract<Node, { type: 'CallExpression' }>, scope: Scope): boolean {
    if (callee.type === 'MemberExpression') {
      const method = propertyName(callee.property, callee.computed);
      return (method === 'trim' || (method === 'replace' && isOfMarks(given[0]))) && this.#asks(callee.object, scope);
    }
    if (callee.type !== 'Identifier') return false;
    const called = alternatives(this.#evaluator.evaluate(callee, scope));
    return called.every(
      (one) =>
        one.kind === 'function' &&
        one.fn.returns.length > 0 &&
        one.fn.returns.length <= maxWrites &&
        one.fn.returns.every((returned) => this.#isPart(returned.node, returned.scope)),
    );
  }
}

/** A pattern without a letter or digit tells no two languages or places apart. */
function isOfMarks(pattern: Node | undefined): boolean {
  return pattern?.type === 'Literal' && 'regex' in pattern && !/[\p{L}\p{N}\\]/u.test(pattern.regex.pattern);
}
