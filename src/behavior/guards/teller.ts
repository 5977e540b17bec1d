/**
 * What an expression says of where, when or for whom the code runs, whatever it went through: variables, functions of the file,
 * methods of a text. Of the moment it tells the parts that are asked for.
 */

import { findPassed } from '../flows/given-part.ts';
import type { Relevance } from '../flows/relevance.ts';
import { givenBy } from '../outside/catalog.ts';
import type { Told } from '../outside/names-somebody.ts';
import { dayMethods, dayTexts, draws, findTold, placeMember } from '../outside/telling-names.ts';
import { findBinding, isFree, type Node, type Scope } from '../syntax/scope.ts';
import { childrenOf, isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives, constantOf, referenceNames, type Value } from '../values/value.ts';

export interface TellingSetting {
  readonly evaluator: Evaluator;
  readonly relevance: Relevance;
}

export interface At {
  readonly scope: Scope;
  readonly depth: number;
}

const maxDepth = 4;
const maxNodes = 300;
/** A variable that holds more things by turns says nothing of any of them. */
export const maxWrites = 4;

export class Teller {
  readonly #setting: TellingSetting;
  #nodes = 0;

  constructor(setting: TellingSetting) {
    this.#setting = setting;
  }

  /** Each test is looked at with the same patience. */
  startOver(): void {
    this.#nodes = 0;
  }

  /** Whether no more should be looked at; counts one more. */
  isTired({ depth }: At): boolean {
    this.#nodes += 1;
    return this.#nodes > maxNodes || depth > maxDepth;
  }

  tells(node: Node, at: At): ReadonlySet<Told> {
    const told = new Set<Told>();
    this.#gather(node, at, told);
    return told;
  }

  #gather(node: Node, at: At, told: Set<Told>): void {
    if (this.isTired(at) || isFunctionNode(node)) return;
    const named = this.#toldByName(node, at);
    if (named !== undefined) {
      told.add(named);
      return;
    }
    if (node.type === 'Identifier') {
      this.anyWrite(node.name, at, (written, deeper) => {
        this.#gather(written, deeper, told);
        return false;
      });
      return;
    }
    // `+new Date()`
    const isSign = node.type === 'UnaryExpression' && /^[-+~]$/.test(node.operator);
    if (node.type === 'ObjectExpression' || (node.type === 'UnaryExpression' && !isSign) || this.#isAnswer(node, at))
      return;
    if (node.type === 'BinaryExpression' && node.operator === '-' && this.#isSpan(node, at)) return;
    for (const child of childrenOf(node)) this.#gather(child, at, told);
    if (node.type !== 'CallExpression') return;
    for (const [returned, deeper] of this.resultsOf(node.callee, at)) this.#gather(returned, deeper, told);
  }

  /** `Date.now() - start`: how long it is since then, and no day. */
  #isSpan({ left, right }: Extract<Node, { type: 'BinaryExpression' }>, at: At): boolean {
    const isFixed = (side: Node): boolean => constantOf(this.value(side, at)) !== undefined;
    return [left, right].every((side) => !isFixed(side)) && !this.tells(left, at).has('word');
  }

  #toldByName(node: Node, at: At): Told | undefined {
    if (node.type === 'Identifier') return this.#toldByTaking(node, at);
    if (node.type !== 'MemberExpression' && node.type !== 'CallExpression' && node.type !== 'NewExpression')
      return undefined;
    const callee = node.type === 'CallExpression' ? node.callee : node;
    if (callee.type === 'MemberExpression') {
      const member = this.memberOf(callee, at);
      if (member === 'getTimezoneOffset') return 'offset';
      if (member === 'random' ? isFree(callee.object, /^Math$/, at.scope) : member !== undefined && draws.has(member))
        return 'chance';
      if (member !== undefined && placeMember.test(member)) return 'word';
      const part = member === undefined ? undefined : (dayMethods.get(member) ?? dayTexts.get(member));
      if (part !== undefined) return this.tells(callee.object, at).has('instant') ? part : undefined;
    }
    if (node.type !== 'MemberExpression' && this.#isNow(node, at)) return 'instant';
    return this.namesOf(node, at).some((name) => findTold(name) !== undefined) ? 'word' : undefined;
  }

  /** `const { language } = navigator` */
  #toldByTaking(node: Node & { readonly name: string }, at: At): Told | undefined {
    const writes = findBinding(at.scope, node.name)?.writes ?? [];
    if (!writes.some((write) => write.kind === 'value' && write.path.length > 0)) return undefined;
    return this.namesOf(node, at).some((name) => findTold(name) !== undefined) ? 'word' : undefined;
  }

  /** `Date.now()`, `new Date()`: with an argument it is somebody else's day, unless that is this moment again. */
  #isNow({ callee, arguments: [given] }: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, at: At): boolean {
    if (given !== undefined) return false;
    return this.namesOf(callee, at).some((name) => name === 'Date' || name === 'Date.now');
  }

  /** Of what is read from a file or over the network: it is not what it was asked for by. */
  #isAnswer(node: Node, at: At): boolean {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
    return this.namesOf(node.callee, at).some((name) => givenBy(name) !== 0);
  }

  namesOf(node: Node, at: At): readonly string[] {
    return this.#setting.relevance.mayBeOutside(node, at.scope) ? referenceNames(this.value(node, at)) : [];
  }

  resultsOf(callee: Node, { scope, depth }: At): readonly (readonly [Node, At])[] {
    if (depth >= maxDepth || (callee.type !== 'Identifier' && !isFunctionNode(callee))) return [];
    return alternatives(this.#setting.evaluator.evaluate(callee, scope)).flatMap((called) =>
      called.kind === 'function'
        ? called.fn.returns
            .slice(0, maxWrites)
            .map((one) => [one.node, { scope: one.scope, depth: depth + 1 }] as const)
        : [],
    );
  }

  /** Whether something is true of what a variable is given, or of what is passed for it. */
  anyWrite(name: string, { scope, depth }: At, test: (written: Node, at: At) => boolean): boolean {
    if (depth >= maxDepth) return false;
    const writes = findBinding(scope, name)?.writes ?? [];
    if (writes.length > maxWrites) return false;
    return writes.some((write) => {
      if (write.kind === 'value')
        return (
          write.path.some((key) => placeMember.test(String(key))) ||
          test(write.node, { scope: write.scope, depth: depth + 1 })
        );
      if (write.kind !== 'parameter') return false;
      return write.fn.entrances.slice(0, 2).some((entrance) => {
        const passed = findPassed(entrance, write.index);
        return passed !== undefined && test(passed, { scope: entrance.site.scope, depth: depth + 1 });
      });
    });
  }

  /** `now.getDay`, `now['get' + 'Day']` */
  memberOf({ property, computed }: Extract<Node, { type: 'MemberExpression' }>, at: At): string | undefined {
    const name = propertyName(property, computed);
    if (name !== undefined || property.type === 'PrivateIdentifier') return name;
    const value = constantOf(this.value(property, at))?.value;
    return typeof value === 'string' ? value : undefined;
  }

  value(node: Node, { scope }: At): Value {
    return this.#setting.evaluator.evaluate(node, scope);
  }
}
