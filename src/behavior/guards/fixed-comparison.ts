/**
 * Is what tells where, when or for whom the code runs compared with something fixed: a language, a host, a day? Who only asks
 * whether it is there, takes it apart as a URL, or compares it with what callers give, aims at nobody.
 */
import { aimedAt, type DayPart, isDayPart, namesSomebody, type Told } from '../outside/names-somebody.ts';
import { type Condition, findBinding, isFree, type Node, type Write } from '../syntax/scope.ts';
import { childrenOf, propertyName } from '../syntax/syntax.ts';
import { alternatives, constantOf } from '../values/value.ts';
import { passedBy } from '../values/written-value.ts';
import { type At, maxWrites, Teller, type TellingSetting } from './teller.ts';

/** `order`: only the days before it or after it are meant. */
export type Comparison = 'equal' | 'order';

const equating = /^[=!]==?$/;
const ordering = /^[<>]=?$/;
/** Methods of a text that are given what it is compared with. */
const askingMethods: ReadonlySet<string> = new Set(
  'includes startsWith endsWith indexOf lastIndexOf match matchAll search localeCompare equals'.split(' '),
);
const listMethods: ReadonlySet<string> = new Set(['includes', 'indexOf', 'lastIndexOf', 'has', 'get']);
const walkingMethods: ReadonlySet<string> = new Set(['some', 'every', 'find', 'findIndex', 'filter']);

export class FixedComparison {
  readonly #setting: TellingSetting;
  readonly #teller: Teller;
  #compared = new Map<DayPart, Comparison>();

  constructor(setting: TellingSetting) {
    this.#setting = setting;
    this.#teller = new Teller(setting);
  }

  isOver(condition: Condition): boolean {
    this.#teller.startOver();
    return this.#holds(condition);
  }

  /** Which parts of the moment are compared with something fixed, by a test and by those that it stands under. */
  partsOf(condition: Condition): ReadonlyMap<DayPart, Comparison> {
    const compared = new Map<DayPart, Comparison>();
    this.#compared = compared;
    for (let at: Condition | undefined = condition; at !== undefined; at = at.outer) this.isOver(at);
    this.#compared = new Map();
    return compared;
  }

  #holds({ test, scope, equals }: Condition): boolean {
    const at = { scope, depth: 0 };
    return equals === undefined ? this.#compares(test, at) : this.#arePair(test, equals, { at, comparison: 'equal' });
  }

  /** Whether a test is such a comparison, or is made of one. */
  #compares(node: Node, at: At): boolean {
    if (this.#teller.isTired(at)) return false;
    switch (node.type) {
      case 'BinaryExpression':
        return this.#comparesBoth(node, at);
      case 'CallExpression':
        return this.#comparesByCall(node, at);
      case 'MemberExpression':
        // `table[language]`
        return node.computed && this.#isListed(node.property, node.object, at);
      case 'Identifier':
        return this.#teller.anyWrite(node.name, at, (written, deeper) => this.#compares(written, deeper));
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
        return this.#anyCompares([...childrenOf(node)], at);
      default:
        return false;
    }
  }

  /** All are looked at: each may ask for another part of the day. */
  #anyCompares(nodes: readonly Node[], at: At): boolean {
    return nodes.filter((node) => this.#compares(node, at)).length > 0;
  }

  #comparesBoth({ operator, left, right }: Extract<Node, { type: 'BinaryExpression' }>, at: At): boolean {
    if (operator === 'in') return this.#isListed(left, right, at);
    // `month === 11 & day === 25`
    if (operator === '&' || operator === '|') return this.#anyCompares([left, right], at);
    // `Date.now() - day > 0`, `list.indexOf(zone) === -1`
    const isOrder = operator === '-' || ordering.test(operator);
    if (!isOrder && operator !== '^' && !equating.test(operator)) return false;
    const pair = { at, comparison: isOrder ? 'order' : 'equal' } as const;
    if (this.#arePair(left, right, pair) || this.#arePair(right, left, pair)) return true;
    return this.#anyCompares([left, right], at);
  }

  #arePair(
    telling: Node,
    other: Node,
    { at, comparison }: { readonly at: At; readonly comparison: Comparison },
  ): boolean {
    const fixed = this.#fixedValues(other, at);
    if (fixed.length === 0 && !this.#isFixedDate(other, at)) return false;
    return this.#aims(this.#teller.tells(telling, at), fixed, comparison);
  }

  /** Whether what is told is compared with somebody or some day; which parts of a day they are is kept. */
  #aims(told: ReadonlySet<Told>, fixed: readonly unknown[], comparison: Comparison): boolean {
    const aimed = aimedAt(told, fixed);
    for (const one of aimed)
      if (isDayPart(one) && this.#compared.get(one) !== 'order') this.#compared.set(one, comparison);
    // At some hour is every day.
    return aimed.some((one) => one !== 'hour');
  }

  #comparesByCall({ callee, arguments: given }: Extract<Node, { type: 'CallExpression' }>, at: At): boolean {
    const [first] = given;
    if (callee.type === 'MemberExpression') {
      const method = this.#teller.memberOf(callee, at);
      const { object } = callee;
      if (method !== undefined && first !== undefined && this.#comparesByMethod({ object, method, first }, at))
        return true;
    }
    return this.#resultsCompare(callee, at);
  }

  #resultsCompare(callee: Node, at: At): boolean {
    return this.#teller.resultsOf(callee, at).some(([returned, deeper]) => this.#compares(returned, deeper));
  }

  #comparesByMethod(
    { object, method, first }: { readonly object: Node; readonly method: string; readonly first: Node },
    at: At,
  ): boolean {
    if (method === 'test' || method === 'exec') {
      const source = this.#patternOf(object, at);
      return source !== undefined && this.#aims(this.#teller.tells(first, at), [source], 'equal');
    }
    if (askingMethods.has(method)) {
      const told = this.#teller.tells(object, at);
      const source = told.size === 0 ? undefined : this.#patternOf(first, at);
      const fixed = told.size === 0 ? [] : source === undefined ? this.#fixedValues(first, at) : [source];
      if (this.#aims(told, fixed, 'equal')) return true;
    }
    if (listMethods.has(method)) return this.#isListed(first, object, at);
    return walkingMethods.has(method) && this.#resultsCompare(first, at);
  }

  /** `table[language]`, `days.includes(today)` */
  #isListed(key: Node, list: Node, at: At): boolean {
    const told = this.#teller.tells(key, at);
    if (told.size === 0) return false;
    if (told.has('word') && this.#isTable(list, at)) return true;
    const listed = alternatives(this.#teller.value(list, at)).flatMap((one) => {
      if (one.kind === 'list') return one.elements.map((element) => constantOf(element)?.value);
      return one.kind === 'object' ? one.node.properties.map(keyOf) : [];
    });
    return this.#aims(told, listed, 'equal');
  }

  /** `new Date('2030-01-01')`, `Date.parse('2030-01-01')` */
  #isFixedDate(node: Node, at: At): boolean {
    if (node.type === 'Identifier')
      return this.#teller.anyWrite(node.name, at, (one, deeper) => this.#isFixedDate(one, deeper));
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return false;
    const { callee } = node;
    if (callee.type === 'MemberExpression' && propertyName(callee.property, callee.computed) === 'getTime')
      return this.#isFixedDate(callee.object, at);
    const [first] = node.arguments;
    if (first === undefined || this.#fixedValues(first, at).length === 0) return false;
    return this.#teller.namesOf(node.callee, at).some((name) => /^Date(?:\.parse|\.UTC)?$/.test(name));
  }

  #fixedValues(node: Node, at: At): readonly unknown[] {
    const all = alternatives(this.#teller.value(node, at));
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
      this.#teller.anyWrite(node.name, at, (written, deeper) => {
        found = this.#patternOf(written, deeper);
        return found !== undefined;
      });
    return found;
  }

  /** A list, set or table that the file itself fills. */
  #isTable(node: Node, at: At): boolean {
    const [first] = node.type === 'NewExpression' ? node.arguments : [];
    if (first !== undefined && 'callee' in node && isFree(node.callee, /^(?:Set|Map)$/, at.scope)) return true;
    if (
      node.type === 'Identifier' &&
      this.#teller.anyWrite(node.name, at, (written, deeper) => this.#isTable(written, deeper))
    )
      return true;
    return alternatives(this.#teller.value(node, at)).some(
      (one) =>
        one.kind === 'object' ||
        (one.kind === 'list' && one.elements.some((element) => namesSomebody(constantOf(element)?.value))),
    );
  }
}

function keyOf(property: Node): string | undefined {
  return property.type === 'Property' ? propertyName(property.key, property.computed) : undefined;
}
