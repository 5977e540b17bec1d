/**
 * Is what tells where, when or for whom the code runs compared with something fixed: a language, a host, a day? Who only asks
 * whether it is there, takes it apart as a URL, or compares it with what callers give, aims at nobody.
 */
import { givenBy } from './catalog.ts';
import type { Evaluator } from './evaluate.ts';
import { findPassed } from './given-part.ts';
import { aimsAt, namesSomebody, type Told } from './names-somebody.ts';
import type { Relevance } from './relevance.ts';
import { type Condition, findBinding, isFree, type Node, type Scope, type Write } from './scope.ts';
import { childrenOf, isFunctionNode, propertyName } from './syntax.ts';
import { dayMethods, draws, findTold, placeMember } from './telling-names.ts';
import { alternatives, constantOf, referenceNames, type Value } from './value.ts';
import { passedBy } from './written-value.ts';

interface Setting {
  readonly evaluator: Evaluator;
  readonly relevance: Relevance;
}

interface At {
  readonly scope: Scope;
  readonly depth: number;
}

const maxDepth = 4;
const maxNodes = 300;
/** A variable that holds more things by turns says nothing of any of them. */
const maxWrites = 4;
const comparing = /^(?:[=!]==?|[<>]=?)$/;
/** Methods of a text that are given what it is compared with. */
const askingMethods: ReadonlySet<string> = new Set(
  'includes startsWith endsWith indexOf lastIndexOf match matchAll search localeCompare equals'.split(' '),
);
const listMethods: ReadonlySet<string> = new Set(['includes', 'indexOf', 'lastIndexOf', 'has', 'get']);
const walkingMethods: ReadonlySet<string> = new Set(['some', 'every', 'find', 'findIndex', 'filter']);

export class FixedComparison {
  readonly #setting: Setting;
  #nodes = 0;

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  isOver({ test, scope, equals }: Condition): boolean {
    this.#nodes = 0;
    const at = { scope, depth: 0 };
    return equals === undefined ? this.#compares(test, at) : this.#arePair(test, equals, at);
  }

  /** Whether a test is such a comparison, or is made of one. */
  #compares(node: Node, at: At): boolean {
    this.#nodes += 1;
    if (this.#nodes > maxNodes || at.depth > maxDepth) return false;
    switch (node.type) {
      case 'BinaryExpression':
        return this.#comparesBoth(node, at);
      case 'CallExpression':
        return this.#comparesByCall(node, at);
      case 'MemberExpression':
        // `table[language]`
        return node.computed && this.#isTable(node.object, at) && this.#tells(node.property, at) === 'word';
      case 'Identifier':
        return this.#anyWrite(node.name, at, (written, deeper) => this.#compares(written, deeper));
      case 'UnaryExpression':
        return node.operator === '!' && this.#compares(node.argument, at);
      case 'SequenceExpression':
        return node.expressions.slice(-1).some((last) => this.#compares(last, at));
      case 'LogicalExpression':
      case 'ConditionalExpression':
      case 'AssignmentExpression':
      case 'AwaitExpression':
      case 'ChainExpression':
      case 'ParenthesizedExpression':
        return childrenOf(node).some((child) => this.#compares(child, at));
      default:
        return false;
    }
  }

  #comparesBoth({ operator, left, right }: Extract<Node, { type: 'BinaryExpression' }>, at: At): boolean {
    if (operator === 'in') return this.#tells(left, at) === 'word' && this.#isTable(right, at);
    // `Date.now() - day > 0`, `list.indexOf(zone) === -1`
    if (operator !== '-' && !comparing.test(operator)) return false;
    if (this.#arePair(left, right, at) || this.#arePair(right, left, at)) return true;
    return this.#compares(left, at) || this.#compares(right, at);
  }

  #arePair(telling: Node, other: Node, at: At): boolean {
    const fixed = this.#fixedValues(other, at);
    if (fixed.length === 0 && !this.#isFixedDate(other, at)) return false;
    return aimsAt(this.#tells(telling, at), fixed);
  }

  #comparesByCall({ callee, arguments: given }: Extract<Node, { type: 'CallExpression' }>, at: At): boolean {
    const [first] = given;
    if (callee.type === 'MemberExpression') {
      const method = propertyName(callee.property, callee.computed) ?? this.#textOf(callee.property, at);
      const { object } = callee;
      if (method !== undefined && first !== undefined && this.#comparesByMethod({ object, method, first }, at))
        return true;
    }
    return this.#resultsOf(callee, at).some(([returned, deeper]) => this.#compares(returned, deeper));
  }

  #comparesByMethod(
    { object, method, first }: { readonly object: Node; readonly method: string; readonly first: Node },
    at: At,
  ): boolean {
    if (method === 'test' || method === 'exec') {
      const source = this.#patternOf(object, at);
      return source !== undefined && namesSomebody(source) && this.#tells(first, at) === 'word';
    }
    if (askingMethods.has(method) && this.#tells(object, at) === 'word') {
      const source = this.#patternOf(first, at);
      return source === undefined ? this.#fixedValues(first, at).some(namesSomebody) : namesSomebody(source);
    }
    if (listMethods.has(method) && this.#tells(first, at) === 'word') return this.#isTable(object, at);
    if (!walkingMethods.has(method)) return false;
    return this.#resultsOf(first, at).some(([returned, deeper]) => this.#compares(returned, deeper));
  }

  /** What an expression says by itself, whatever it went through. */
  #tells(node: Node, at: At): Told | undefined {
    this.#nodes += 1;
    if (this.#nodes > maxNodes || at.depth > maxDepth || isFunctionNode(node)) return undefined;
    const named = this.#toldByName(node, at);
    if (named !== undefined) return named;
    if (node.type === 'Identifier') {
      let told: Told | undefined;
      this.#anyWrite(node.name, at, (written, deeper) => {
        told = this.#tells(written, deeper);
        return told !== undefined;
      });
      return told;
    }
    if (node.type === 'ObjectExpression' || node.type === 'UnaryExpression' || this.#isAnswer(node, at))
      return undefined;
    for (const child of childrenOf(node)) {
      const told = this.#tells(child, at);
      if (told !== undefined) return told;
    }
    if (node.type !== 'CallExpression') return undefined;
    for (const [returned, deeper] of this.#resultsOf(node.callee, at)) {
      const told = this.#tells(returned, deeper);
      if (told !== undefined) return told;
    }
    return undefined;
  }

  #toldByName(node: Node, at: At): Told | undefined {
    if (node.type === 'Identifier') return this.#toldByTaking(node, at);
    if (node.type !== 'MemberExpression' && node.type !== 'CallExpression' && node.type !== 'NewExpression')
      return undefined;
    const callee = node.type === 'CallExpression' ? node.callee : node;
    if (callee.type === 'MemberExpression') {
      const member = propertyName(callee.property, callee.computed) ?? this.#textOf(callee.property, at);
      if (member === 'getTimezoneOffset') return 'offset';
      if (member === 'random' ? isFree(callee.object, /^Math$/, at.scope) : member !== undefined && draws.has(member))
        return 'chance';
      if (member !== undefined && placeMember.test(member)) return 'word';
      if (member !== undefined && dayMethods.has(member))
        return this.#tells(callee.object, at) === 'instant' ? 'day' : undefined;
    }
    if (node.type !== 'MemberExpression' && this.#isNow(node, at)) return 'instant';
    const names = this.#namesOf(node, at);
    return names.some((name) => findTold(name) !== undefined) ? 'word' : undefined;
  }

  /** `const { language } = navigator` */
  #toldByTaking(node: Node & { readonly name: string }, at: At): Told | undefined {
    const writes = findBinding(at.scope, node.name)?.writes ?? [];
    if (!writes.some((write) => write.kind === 'value' && write.path.length > 0)) return undefined;
    return this.#namesOf(node, at).some((name) => findTold(name) !== undefined) ? 'word' : undefined;
  }

  /** `Date.now()`, `new Date()`: with an argument it is somebody else's day. */
  #isNow(node: Extract<Node, { type: 'CallExpression' | 'NewExpression' }>, at: At): boolean {
    if (node.arguments.length > 0) return false;
    return this.#namesOf(node.callee, at).some((name) => name === 'Date' || name === 'Date.now');
  }

  /** `new Date('2030-01-01')`, `Date.parse('2030-01-01')` */
  #isFixedDate(node: Node, at: At): boolean {
    if (node.type === 'Identifier')
      return this.#anyWrite(node.name, at, (one, deeper) => this.#isFixedDate(one, deeper));
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
    const { callee } = node;
    if (callee.type === 'MemberExpression' && propertyName(callee.property, callee.computed) === 'getTime')
      return this.#isFixedDate(callee.object, at);
    const [first] = node.arguments;
    if (first === undefined || this.#fixedValues(first, at).length === 0) return false;
    return this.#namesOf(node.callee, at).some((name) => /^Date(?:\.parse|\.UTC)?$/.test(name));
  }

  /** Of what is read from a file or over the network: it is not what it was asked for by. */
  #isAnswer(node: Node, at: At): boolean {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
    return this.#namesOf(node.callee, at).some((name) => givenBy(name) !== 0);
  }

  #namesOf(node: Node, at: At): readonly string[] {
    return this.#setting.relevance.mayBeOutside(node, at.scope) ? referenceNames(this.#value(node, at)) : [];
  }

  #fixedValues(node: Node, at: At): readonly unknown[] {
    const all = alternatives(this.#value(node, at));
    const constants = all.flatMap((one) => constantOf(one) ?? []);
    if (constants.length > 0 || node.type !== 'Identifier') return constants.map(({ value }) => value);
    // `zones.some((zone) => …)`
    return (findBinding(at.scope, node.name)?.writes ?? []).flatMap((write) =>
      write.kind === 'parameter' && write.path.length === 0 ? this.#walked(write) : [],
    );
  }

  #walked(write: Extract<Write, { kind: 'parameter' }>): readonly unknown[] {
    const callbacks = write.fn.entrances.filter(({ kind }) => kind === 'callback').slice(0, maxWrites);
    const values = callbacks.flatMap((entrance) => alternatives(passedBy(this.#setting.evaluator, entrance, write)));
    return values.flatMap((one) => constantOf(one) ?? []).map(({ value }) => value);
  }

  /** What a regular expression looks for. */
  #patternOf(node: Node, at: At): string | undefined {
    if (node.type === 'Literal' && 'regex' in node) return node.regex.pattern;
    if (node.type === 'NewExpression' || node.type === 'CallExpression') {
      const [pattern] = node.arguments;
      const isPattern = pattern !== undefined && isFree(node.callee, /^RegExp$/, at.scope);
      return isPattern ? this.#fixedValues(pattern, at).find((value) => typeof value === 'string') : undefined;
    }
    let found: string | undefined;
    if (node.type === 'Identifier')
      this.#anyWrite(node.name, at, (written, deeper) => {
        found = this.#patternOf(written, deeper);
        return found !== undefined;
      });
    return found;
  }

  #resultsOf(callee: Node, { scope, depth }: At): readonly (readonly [Node, At])[] {
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
  #anyWrite(name: string, { scope, depth }: At, test: (written: Node, at: At) => boolean): boolean {
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

  /** A list, set or table that the file itself fills. */
  #isTable(node: Node, at: At): boolean {
    const [first] = node.type === 'NewExpression' ? node.arguments : [];
    if (first !== undefined && 'callee' in node && isFree(node.callee, /^(?:Set|Map)$/, at.scope)) return true;
    if (
      node.type === 'Identifier' &&
      this.#anyWrite(node.name, at, (written, deeper) => this.#isTable(written, deeper))
    )
      return true;
    return alternatives(this.#value(node, at)).some(
      (one) =>
        one.kind === 'object' ||
        (one.kind === 'list' && one.elements.some((element) => namesSomebody(constantOf(element)?.value))),
    );
  }

  #textOf(property: Node, at: At): string | undefined {
    if (property.type === 'PrivateIdentifier') return undefined;
    const value = constantOf(this.#value(property, at))?.value;
    return typeof value === 'string' ? value : undefined;
  }

  #value(node: Node, { scope }: At): Value {
    return this.#setting.evaluator.evaluate(node, scope);
  }
}
