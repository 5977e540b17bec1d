/** Is a test about where, when or for whom the code runs? Language, time zone, place, host, user, date. */
import type { Guard } from '../../model/behavior.ts';
import type { Relevance } from '../flows/relevance.ts';
import { givenBy } from '../outside/catalog.ts';
import { dayMethods, draws, findTold, firstInstant, placeMember, readsClock } from '../outside/telling-names.ts';
import { type Binding, type Condition, findBinding, type Node, type Scope } from '../syntax/scope.ts';
import { childrenOf, isFunctionNode, propertyName } from '../syntax/syntax.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { alternatives, constantOf, referenceNames } from '../values/value.ts';
import { findComparedWithNothing } from './asks-for-absence.ts';
import { findSwitch, switchName } from './find-switch.ts';
import { FixedComparison } from './fixed-comparison.ts';
import { isSilent, type Looking, type Seen, seenNothing } from './guard-search.ts';
import { mayBeAnswer } from './may-be-answer.ts';
import { PresenceTest } from './presence-test.ts';
import { StartTests } from './start-tests.ts';

/** Machines of developers: ordinary code finds out so that it is being worked on. And addresses that hold what they give. */
const ownMachine =
  /^(?:(?:localhost|127\.0\.0\.1|\[?::1\]?|0\.0\.0\.0|\.local|file:(?:\/\/\/?)?|about:blank)$|(?:data|blob):)/;

const maxSwitchTest = 400;

/** Deeper ones say nothing more. */
const maxGuards = 8;
const maxNodes = 120;
const maxDepth = 3;

/** The guards among the conditions over a site, outermost first; each condition is looked at once. */
export class GuardFinder {
  readonly #evaluator: Evaluator;
  readonly #relevance: Relevance;
  readonly #text: string;
  readonly #lineOf: (offset: number) => number;
  readonly #starts: StartTests;
  readonly #known = new Map<Node, Guard | undefined>();
  /** Variables behind which nothing was found, and from which depth on they were followed. */
  readonly #silent = new Map<Binding, number>();
  readonly #fixedComparison: FixedComparison;
  readonly #presence: PresenceTest;
  readonly #found = new Map<Condition, readonly Guard[]>();

  constructor(
    { evaluator, relevance }: { readonly evaluator: Evaluator; readonly relevance: Relevance },
    text: string,
    lineOf: (offset: number) => number,
  ) {
    this.#evaluator = evaluator;
    this.#fixedComparison = new FixedComparison({ evaluator, relevance });
    this.#presence = new PresenceTest(evaluator);
    this.#relevance = relevance;
    this.#text = text;
    this.#lineOf = lineOf;
    this.#starts = new StartTests({ evaluator, relevance, text, lineOf });
  }

  find(condition: Condition | undefined): readonly Guard[] {
    const unknown: Condition[] = [];
    let at = condition;
    while (at !== undefined && !this.#found.has(at)) {
      unknown.push(at);
      at = at.outer;
    }
    let guards = (at === undefined ? undefined : this.#found.get(at)) ?? [];
    for (const inner of unknown.reverse()) {
      const found = [this.#starts.find(inner) ?? this.#guardOf(inner), this.#switchGuard(inner)];
      for (const guard of found) if (guard !== undefined && guards.length < maxGuards) guards = [...guards, guard];
      this.#found.set(inner, guards);
    }
    return guards;
  }

  /** Which parts of the moment a test, with those around it, compares with something fixed. */
  partsOf(condition: Condition): ReturnType<FixedComparison['partsOf']> {
    return this.#fixedComparison.partsOf(condition);
  }

  #switchGuard(condition: Condition): Guard | undefined {
    const [start, end] = [condition.test.start ?? 0, condition.test.end ?? 0];
    if (end - start > maxSwitchTest || !switchName.test(this.#text.slice(start, end))) return undefined;
    const variable = findSwitch(condition, this.#evaluator);
    return variable === undefined ? undefined : { test: 'switch', line: this.#lineOf(start), text: variable };
  }

  #guardOf(condition: Condition): Guard | undefined {
    const { test, equals } = condition;
    const key = equals ?? test;
    if (!this.#known.has(key)) this.#known.set(key, this.#classify(condition));
    return this.#known.get(key);
  }

  #classify(condition: Condition): Guard | undefined {
    const { test, scope } = condition;
    const seen = seenNothing();
    this.#look(test, scope, { seen, depth: 0 });
    if (seen.ownMachine) seen.tests.delete('host');
    if (seen.tests.size === 0 && !seen.readsDate && !seen.drawsNumber) return undefined;
    const fixed = this.#fixedComparison.isOver(condition);
    if (seen.drawsNumber && fixed) seen.tests.add('chance');
    if (seen.readsDate && (seen.comparesDate || fixed)) seen.tests.add('date');
    const [first] = seen.tests;
    if (first === undefined) return undefined;
    // What stands before the last is done first, and not asked.
    const asked = test.type === 'SequenceExpression' ? (test.expressions.at(-1) ?? test) : test;
    // A path made of where the page lies, say: whether there is one is asked, where nothing compared it before.
    if (asked.type === 'Identifier' && !fixed && !seen.readsDate && !seen.drawsNumber) return undefined;
    const [start, end] = [asked.start ?? 0, asked.end ?? 0];
    const text = this.#text.slice(start, Math.min(end, start + 200));
    return { test: first, line: this.#lineOf(start), text, ...(fixed && { fixed }) };
  }

  #look(node: Node, scope: Scope, state: Looking): void {
    const { seen } = state;
    seen.nodes += 1;
    // A table says nothing of which of its entries is asked for.
    if (seen.nodes > maxNodes || node.type === 'ObjectExpression') return;
    if (isFunctionNode(node)) {
      // `zones.some((zone) => …)`: the test is what the function gives.
      this.#lookIntoResult(node, scope, state);
      return;
    }
    if (node.type === 'SequenceExpression') {
      // What stands before is done first, and not asked.
      for (const last of node.expressions.slice(-1)) this.#look(last, scope, state);
      return;
    }
    if (node.type === 'LogicalExpression' || (node.type === 'UnaryExpression' && node.operator === '!')) {
      for (const side of childrenOf(node))
        if (state.isGiven === true || !this.#presence.isAsked(side, scope)) this.#look(side, scope, state);
      return;
    }
    const compared = findComparedWithNothing(node);
    if (compared?.type === 'Identifier' && !mayBeAnswer(compared, scope)) return;
    if (node.type === 'Literal') this.#lookAtLiteral(node.value, seen);
    if (node.type === 'MemberExpression' || node.type === 'CallExpression' || node.type === 'NewExpression') {
      this.#lookAtNames(node, scope, seen);
    }
    if (node.type === 'Identifier') {
      this.#followBinding(node.name, scope, state);
      return;
    }
    if (node.type === 'CallExpression' && node.callee.type === 'Identifier') {
      this.#lookIntoResult(node.callee, scope, state);
    }
    for (const child of childrenOf(node)) {
      // What a file or a host answers is not what it was asked for by.
      if (node.type === 'CallExpression' && child !== node.callee && this.#isAnswer(node, scope)) continue;
      // A variable of the environment is asked for, whatever it is called after.
      if (node.type === 'MemberExpression' && child === node.property && this.#isEnvironment(node.object, scope))
        continue;
      // The object of a member is asked for that member only, and that was looked at above.
      if (node.type === 'MemberExpression' && child === node.object && child.type === 'Identifier') continue;
      // `pattern.test(name || other)` asks what it is, and not whether.
      this.#look(child, scope, node.type === 'CallExpression' && asksWhat(node) ? { ...state, isGiven: true } : state);
    }
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression') {
      const receiver = node.callee.object;
      if (receiver.type === 'Identifier') this.#followBinding(receiver.name, scope, state);
    }
  }

  #lookIntoResult(callee: Node, scope: Scope, { seen, depth }: { readonly seen: Seen; readonly depth: number }): void {
    if (depth >= maxDepth) return;
    for (const called of alternatives(this.#evaluator.evaluate(callee, scope))) {
      if (called.kind !== 'function') continue;
      for (const returned of called.fn.returns.slice(0, 4)) {
        this.#look(returned.node, returned.scope, { seen, depth: depth + 1 });
      }
    }
  }

  /** Of what is read from a file or over the network. */
  #isAnswer({ callee }: Node & { readonly callee: Node }, scope: Scope): boolean {
    if (!this.#relevance.mayBeOutside(callee, scope)) return false;
    return referenceNames(this.#evaluator.evaluate(callee, scope)).some((name) => givenBy(name) !== 0);
  }

  #isEnvironment(object: Node, scope: Scope): boolean {
    if (!this.#relevance.mayBeOutside(object, scope)) return false;
    return referenceNames(this.#evaluator.evaluate(object, scope)).includes('process.env');
  }

  #lookAtLiteral(value: unknown, seen: Seen): void {
    if (typeof value === 'string' && ownMachine.test(value)) seen.ownMachine = true;
    if (typeof value === 'number' && value >= firstInstant) seen.comparesDate = true;
    if (value instanceof RegExp && /localhost|127\\?\.0/.test(value.source)) seen.ownMachine = true;
  }

  #lookAtNames(node: Node, scope: Scope, seen: Seen): void {
    const outside = this.#relevance.mayBeOutside(node, scope);
    for (const name of outside ? referenceNames(this.#evaluator.evaluate(node, scope)) : []) {
      const told = findTold(name);
      if (told !== undefined) seen.tests.add(told);
      if (readsClock.test(name)) seen.readsDate = true;
    }
    if (node.type === 'CallExpression' && this.#asksForDay(node.callee, scope)) {
      seen.readsDate = true;
      seen.comparesDate = true;
    }
    if (node.type === 'MemberExpression') {
      const member = propertyName(node.property, node.computed) ?? this.#computedName(node.property, scope);
      if (member !== undefined && draws.has(member)) seen.drawsNumber = true;
      if (member === 'getTimezoneOffset') seen.tests.add('time-zone');
      if (member !== undefined && placeMember.test(member)) seen.tests.add('place');
    }
    if (outside && (node.type === 'NewExpression' || node.type === 'CallExpression'))
      this.#lookAtDate(node, scope, seen);
  }

  /** `getMonth()` of what comes from a date, whatever it went through. */
  #asksForDay(callee: Node, scope: Scope): boolean {
    if (callee.type !== 'MemberExpression') return false;
    const name = propertyName(callee.property, callee.computed) ?? this.#computedName(callee.property, scope);
    const part = name === undefined ? undefined : dayMethods.get(name);
    return part !== undefined && part !== 'hour' && this.#relevance.mayTell(callee.object, scope);
  }

  /** `answer[field]`, where the text tells what `field` is, decoded or not. */
  #computedName(property: Node, scope: Scope): string | undefined {
    const name =
      property.type === 'PrivateIdentifier' ? undefined : constantOf(this.#evaluator.evaluate(property, scope));
    return typeof name?.value === 'string' ? name.value : undefined;
  }

  /** `new Date('2022-03-01')`: a fixed day to compare with. */
  #lookAtDate(
    node: Node & { readonly arguments: readonly Node[]; readonly callee: Node },
    scope: Scope,
    seen: Seen,
  ): void {
    const [argument] = node.arguments;
    if (argument === undefined) return;
    const names = referenceNames(this.#evaluator.evaluate(node.callee, scope));
    if (!names.some((name) => /^Date(?:\.parse|\.UTC)?$/.test(name))) return;
    if (constantOf(this.#evaluator.evaluate(argument, scope)) !== undefined) seen.comparesDate = true;
  }

  #followBinding(name: string, scope: Scope, { seen, depth }: { readonly seen: Seen; readonly depth: number }): void {
    const binding = depth < maxDepth ? findBinding(scope, name) : undefined;
    if (binding === undefined || (this.#silent.get(binding) ?? maxDepth) <= depth) return;
    const deeper = { seen, depth: depth + 1 };
    for (const write of binding.writes.slice(0, 4)) {
      if (write.kind === 'value') {
        if (write.path.some((key) => placeMember.test(String(key)))) seen.tests.add('place');
        if (write.path.length > 0) this.#lookAtTaken(name, scope, seen);
        this.#look(write.node, write.scope, deeper);
      }
      if (write.kind === 'parameter') this.#followParameter(write, deeper);
    }
    if (seen.nodes <= maxNodes && isSilent(seen)) this.#silent.set(binding, depth);
  }

  /** `const { language } = navigator` */
  #lookAtTaken(name: string, scope: Scope, seen: Seen): void {
    const node: Node = { type: 'Identifier', name };
    if (!this.#relevance.mayBeOutside(node, scope)) return;
    for (const one of referenceNames(this.#evaluator.evaluate(node, scope))) {
      const told = findTold(one);
      if (told !== undefined) seen.tests.add(told);
    }
  }

  #followParameter(
    write: {
      readonly fn: { readonly entrances: readonly { site: { node: Node; scope: Scope } }[] };
      readonly index: number;
    },
    state: { readonly seen: Seen; readonly depth: number },
  ): void {
    for (const { site } of write.fn.entrances.slice(0, 2)) {
      const passed = site.node.type === 'CallExpression' ? site.node.arguments[write.index] : undefined;
      if (passed !== undefined) this.#look(passed, site.scope, state);
    }
  }
}

function asksWhat({ callee }: Extract<Node, { type: 'CallExpression' }>): boolean {
  return (
    callee.type === 'MemberExpression' && /^(?:test|exec)$/.test(propertyName(callee.property, callee.computed) ?? '')
  );
}
