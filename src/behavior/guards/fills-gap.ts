/**
 * Whether what is put under a shared name stands there only where nothing did: `if (!window.fetch) window.fetch = …`. A test that
 * may hold for another reason as well (`!window.fetch.mine`, `!fetch || broken()`) replaces what is there.
 */
import type { ESTree } from 'meriyah';
import { nameShared } from '../outside/shared-members.ts';
import { type Condition, findBinding, type Node, type Scope, type Write } from '../syntax/scope.ts';
import { propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { referenceNames } from '../values/value.ts';
import { comparedPresence } from './asks-for-absence.ts';

/** So many variables and functions of the file may stand between a test and what it asks for. */
const maxDepth = 4;
const maxNodes = 60;

/** The place that is written to. */
export interface Place {
  /** The object, as it stands there. */
  readonly holder: Node;
  readonly scope: Scope;
  readonly member: string;
  /** Its canonical names, as far as they are known. */
  readonly names: readonly string[];
}

export class GapFinder {
  readonly #evaluator: Evaluator;
  readonly #text: string;
  #place: Place | undefined;
  #nodes = 0;

  constructor(evaluator: Evaluator, text: string) {
    this.#evaluator = evaluator;
    this.#text = text;
  }

  /** @param condition The innermost of those over the write. */
  isFilled(place: Place, condition: Condition | undefined): boolean {
    this.#begin(place);
    for (let at = condition; at !== undefined; at = at.outer)
      if (at.equals === undefined && this.#tellsAbsence(at.test, !at.negated, { scope: at.scope, depth: 0 }))
        return true;
    return false;
  }

  /** `window.fetch = window.fetch || …` */
  isFilledBy(place: Place, value: Node): boolean {
    this.#begin(place);
    if (value.type !== 'LogicalExpression' || value.operator === '&&') return false;
    return this.#tellsAbsence(value.left, false, { scope: place.scope, depth: 0 });
  }

  #begin(place: Place): void {
    this.#place = place;
    this.#nodes = 0;
  }

  /** Whether the member is certainly not there where the test comes out so. */
  #tellsAbsence(test: Node, outcome: boolean, at: Spot): boolean {
    this.#nodes += 1;
    if (this.#nodes > maxNodes || at.depth > maxDepth) return false;
    const tells = (part: Node): boolean => this.#tellsAbsence(part, outcome, at);
    switch (test.type) {
      case 'UnaryExpression':
        return test.operator === '!' && this.#tellsAbsence(test.argument, !outcome, at);
      case 'LogicalExpression': {
        const bothHold = (test.operator === '&&') === outcome;
        return bothHold ? tells(test.left) || tells(test.right) : tells(test.left) && tells(test.right);
      }
      case 'SequenceExpression':
        return test.expressions.slice(-1).some(tells);
      case 'BinaryExpression':
        return this.#comparesAbsence(test, outcome, at);
      case 'CallExpression':
        return this.#callTellsAbsence(test, outcome, at);
      default:
        if (this.#isIt(test, at)) return !outcome;
        return test.type === 'Identifier' && this.#variableTells(test.name, outcome, at);
    }
  }

  #comparesAbsence(test: ESTree.BinaryExpression, outcome: boolean, at: Spot): boolean {
    if (test.left.type === 'PrivateIdentifier') return false;
    if (test.operator === 'in') return !outcome && this.#isName(test.left) && this.#isHolder(test.right, at.scope);
    const compared = comparedPresence(test);
    return compared !== undefined && compared.isThere !== outcome && this.#isIt(compared.node, at);
  }

  #callTellsAbsence({ callee, arguments: given }: ESTree.CallExpression, outcome: boolean, at: Spot): boolean {
    if (callee.type === 'MemberExpression') {
      const asks = /^(?:hasOwn|hasOwnProperty|has)$/.test(propertyName(callee.property, callee.computed) ?? '');
      const holders = [callee.object, ...given];
      return (
        asks &&
        !outcome &&
        given.some((one) => this.#isName(one)) &&
        holders.some((one) => this.#isHolder(one, at.scope))
      );
    }
    if (callee.type !== 'Identifier') return false;
    if (given.length > 0) return !outcome && asksIfThere.test(callee.name) && given.every((one) => this.#isIt(one, at));
    const [write, ...others] = findBinding(at.scope, callee.name)?.writes ?? [];
    const [result, ...more] = write?.kind === 'function' && others.length === 0 ? write.fn.returns : [];
    if (result === undefined || more.length > 0) return false;
    return this.#tellsAbsence(result.node, outcome, { scope: result.scope, depth: at.depth + 1 });
  }

  #variableTells(name: string, outcome: boolean, at: Spot): boolean {
    return this.#everyWrite(name, at, (write, spot) =>
      write.path.length === 0 ? this.#tellsAbsence(write.node, outcome, spot) : false,
    );
  }

  /** The member itself, or the object that would have it. */
  #isIt(node: Node, at: Spot): boolean {
    this.#nodes += 1;
    if (this.#nodes > maxNodes || at.depth > maxDepth) return false;
    if (node.type === 'LogicalExpression') return this.#isIt(node.left, at) && this.#isIt(node.right, at);
    if (node.type === 'MemberExpression') {
      const isMember = propertyName(node.property, node.computed) === this.#place?.member;
      return (isMember && this.#isHolder(node.object, at.scope)) || this.#isOwnHolder(node, at.scope);
    }
    if (node.type !== 'Identifier') return false;
    if (findBinding(at.scope, node.name) === undefined)
      return (node.name === this.#place?.member && this.#isOfGlobal()) || this.#isOwnHolder(node, at.scope);
    return this.#everyWrite(node.name, at, (write, spot) => {
      const [key, ...deeper] = write.path;
      if (key === undefined) return this.#isIt(write.node, spot);
      return deeper.length === 0 && key === this.#place?.member && this.#isHolder(write.node, spot.scope);
    });
  }

  #everyWrite(name: string, { scope, depth }: Spot, tells: (write: ValueWrite, spot: Spot) => boolean): boolean {
    const writes = findBinding(scope, name)?.writes ?? [];
    return (
      writes.length > 0 &&
      writes.every((write) => write.kind === 'value' && tells(write, { scope: write.scope, depth: depth + 1 }))
    );
  }

  #isName(node: Node): boolean {
    return node.type === 'Literal' && node.value === this.#place?.member;
  }

  #isOfGlobal(): boolean {
    return this.#place?.names.includes('globalThis') === true;
  }

  /** `if (!window.console)`; the global object is there everywhere. */
  #isOwnHolder(node: Node, scope: Scope): boolean {
    return !this.#isOfGlobal() && this.#isHolder(node, scope);
  }

  #isHolder(node: Node, scope: Scope): boolean {
    if (this.#place === undefined) return false;
    const { holder, names } = this.#place;
    if (this.#textOf(node) === this.#textOf(holder)) return true;
    const own = names.map(nameShared);
    return referenceNames(this.#evaluator.evaluate(node, scope)).some((name) => own.includes(nameShared(name)));
  }

  #textOf({ start = 0, end = 0 }: Node): string {
    return this.#text.slice(start, end);
  }
}

type ValueWrite = Extract<Write, { readonly kind: 'value' }>;

interface Spot {
  readonly scope: Scope;
  readonly depth: number;
}

/** `isFunction(window.fetch)` */
const asksIfThere = /^(?:is(?:Function|Callable|Defined|Object|Native\w*)|Boolean)$/;
