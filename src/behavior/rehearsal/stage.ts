/**
 * Where a file is acted out: it counts steps, makes calls, and writes down which calls of the outside were made, with what.
 * Nothing is executed: the engine that runs Sluice only ever sees texts, numbers and lists of ours.
 */
import { givenBy, runsCallback } from '../outside/catalog.ts';
import type { FunctionNode, Node } from '../syntax/scope.ts';
import { flow } from '../values/flow.ts';
import { moduleReference, parseLocalReference } from '../values/references.ts';
import { type CallPlace, OutOfSteps, Thrown } from './frame.ts';
import {
  type Bound,
  type Call,
  type Closure,
  type Held,
  isThing,
  listOf,
  type Maker,
  type Outside,
  originsOf,
  sizeOf,
  tableOf,
  unsure,
  wordOf,
} from './held.ts';
import { getMember } from './members.ts';
import { callMethod } from './methods.ts';
import { findNative } from './natives.ts';
import { isAnswer, type Meter, type OtherFiles } from './other-files.ts';
import { fromValue } from './translate.ts';

/** A call that was made of something of the outside, or of a function of the file. */
export interface SeenCall {
  readonly callee: Outside | Closure;
  readonly given: readonly Held[];
  /** While the module ran by itself. */
  readonly atLoad: boolean;
}

/** What was written to a member of the outside. */
export interface SeenWrite {
  readonly target: Outside;
  readonly name: string;
  readonly value: Held;
}

interface Waiting {
  readonly fn: Held;
  readonly call: Call;
  /** Whoever was given it is known to call it. */
  readonly isAwaited: boolean;
}

const maxDepth = 48;
/** What a call of the outside costs: its name is looked up and kept. */
const outsideSteps = 10;
const unknownSteps = 3;
export const maxSeen = 8;
const maxWaiting = 400;
const maxAsked = 16;

export class Stage {
  readonly calls: Map<Node, SeenCall[]> = new Map();
  readonly values: Map<Node, Held[]> = new Map();
  readonly writes: Map<Node, SeenWrite> = new Map();
  /** Members of the outside that the file has written, by canonical name. */
  readonly written: Map<string, Held> = new Map();
  /** Functions that were called, that came to their end, and that once did not for want of steps. */
  readonly entered: Set<FunctionNode> = new Set();
  readonly finished: Set<FunctionNode> = new Set();
  readonly cut: Set<FunctionNode> = new Set();
  /** The last closure that was made of each function. */
  readonly closures: Map<FunctionNode, Closure> = new Map();
  /** Files of the package whose texts are wanted, and not known. */
  readonly asked: Set<string> = new Set();
  /** How many calls left the file. */
  outsideCalls = 0;
  /** Whether what runs does so because the module was loaded; functions that nothing is known to call come after it. */
  atLoad = true;
  /** How many `try` blocks are around what runs. */
  tries = 0;
  #depth = 0;
  readonly #waiting: Waiting[] = [];
  readonly others: OtherFiles;
  readonly #meter: Meter;

  constructor(others: OtherFiles, meter: Meter) {
    this.others = others;
    this.#meter = meter;
  }

  spend(steps: number): void {
    this.#meter.steps -= steps;
    if (this.#meter.steps < 0) throw new OutOfSteps();
  }

  call(callee: Held, call: Call, place: CallPlace): Held {
    this.spend(1);
    if (!isThing(callee)) return this.#callNothing(callee);
    switch (callee.kind) {
      case 'closure':
        return this.#enter(callee, call, place);
      case 'outside':
        return this.#callOutside(callee, call, place);
      case 'bound':
        return this.call(callee.target, { self: callee.self, given: [...callee.given, ...call.given] }, place);
      case 'method':
        return callMethod(this, { self: callee.self, name: callee.name, given: call.given, place });
      case 'settler':
        callee.cell.value = call.given[0];
        return undefined;
      default:
        return this.#callUnknown(callee, call.given);
    }
  }

  construct(callee: Held, given: readonly Held[], place: CallPlace): Held {
    this.spend(1);
    if (isThing(callee) && callee.kind === 'maker') return this.make(callee, given, place);
    if (isThing(callee) && callee.kind === 'closure') {
      const instance = tableOf([], callee);
      const value = this.#enter(callee, { self: instance, given }, place);
      return isThing(value) && value.kind !== 'marked' && value.kind !== 'unsure' ? value : instance;
    }
    if (isThing(callee) && callee.kind === 'bound')
      return this.construct((callee satisfies Bound).target, given, place);
    const other = isThing(callee) && callee.kind === 'outside' ? this.others.find(callee, given) : undefined;
    if (other !== undefined) {
      const made = this.construct(other, given, undefined);
      if (isThing(made) && made.kind === 'table') return made;
    }
    return this.call(callee, { self: undefined, given }, place);
  }

  make(maker: Maker, given: readonly Held[], place: CallPlace): Held {
    const instance = tableOf([], maker);
    this.initialize(maker, { self: instance, given }, place);
    return instance;
  }

  /** Runs a class's constructor, or its parent's, on an instance. */
  initialize(maker: Maker, { self, given }: Call, place: CallPlace): void {
    if (!isThing(self) || self.kind !== 'table') return;
    this.spend(1);
    const { construct, parent, prepare } = maker;
    const isDerived = parent !== undefined;
    if (!isDerived) prepare(self);
    if (construct !== undefined) this.#enter(construct, { self, given }, place);
    else if (isDerived) {
      this.initializeParent(parent, { self, given }, place);
      prepare(self);
    }
  }

  initializeParent(parent: Held, call: Call, place: CallPlace): void {
    if (isThing(parent) && parent.kind === 'maker') this.initialize(parent, call, place);
    else this.call(parent, call, place);
  }

  /** A function runs later, or nobody knows when: after all that runs by itself. */
  later(fn: Held, call: Call, isAwaited = false): void {
    if (isThing(fn) && (fn.kind === 'closure' || fn.kind === 'bound') && this.#waiting.length < maxWaiting)
      this.#waiting.push({ fn, call, isAwaited });
  }

  runWaiting(): void {
    const { atLoad } = this;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.atLoad = atLoad && next.isAwaited;
      try {
        this.call(next.fn, next.call, undefined);
      } catch (thrown) {
        if (!(thrown instanceof Thrown)) throw thrown;
      }
    }
    this.atLoad = atLoad;
  }

  /** A module as `require` and `import` give it. */
  load(specifier: string): Held {
    const known = this.others.modules.get(specifier);
    return known?.whole ?? fromValue(moduleReference(specifier));
  }

  /** A key, a module's name or an argument: where it comes from another file, its text is wanted. */
  want(held: Held): void {
    if (!isThing(held) || held.kind !== 'outside' || this.asked.size >= maxAsked) return;
    const local = parseLocalReference(held.name);
    if (local !== undefined) this.asked.add(local.specifier);
  }

  seeValue(node: Node, value: Held): void {
    const seen = this.values.get(node);
    if (seen === undefined) this.values.set(node, [value]);
    else if (seen.length < maxSeen && !seen.includes(value)) seen.push(value);
  }

  seeCall(place: CallPlace, callee: Outside | Closure, given: readonly Held[]): void {
    if (place === undefined) return;
    const seen = this.calls.get(place);
    const call = { callee, given, atLoad: this.atLoad };
    if (seen === undefined) this.calls.set(place, [call]);
    else if (seen.length < maxSeen) seen.push(call);
  }

  #enter(callee: Closure, call: Call, place: CallPlace): Held {
    this.entered.add(callee.node);
    if (this.#depth >= maxDepth) return unsure(0);
    if (place !== undefined) this.#seeEntered(place, callee);
    this.#depth += 1;
    try {
      const value = callee.run(call);
      this.finished.add(callee.node);
      return value;
    } catch (cause) {
      if (!(cause instanceof Thrown)) this.cut.add(callee.node);
      throw cause;
    } finally {
      this.#depth -= 1;
    }
  }

  #seeEntered(place: NonNullable<CallPlace>, callee: Closure): void {
    const seen = this.calls.get(place);
    const isSame = (one: SeenCall): boolean => one.callee.kind === 'closure' && one.callee.node === callee.node;
    if (seen?.some((one) => isSame(one) && (one.atLoad || !this.atLoad))) return;
    this.seeCall(place, callee, []);
  }

  #callOutside(callee: Outside, { self, given }: Call, place: CallPlace): Held {
    const native = findNative(callee.name);
    if (native !== undefined) {
      for (const one of given) {
        this.spend(sizeOf(one) >> 4);
        this.want(one);
      }
      const folded = native(this, { callee, self, given, place });
      if (folded !== undefined) return folded.value;
    }
    const other = this.others.find(callee, given);
    if (other !== undefined) {
      const answer = this.call(other, { self, given }, undefined);
      if (isAnswer(answer)) return answer;
    }
    this.outsideCalls += 1;
    this.spend(outsideSteps);
    for (const one of given) this.want(one);
    this.seeCall(place, callee, given);
    const gives = givenBy(callee.name);
    const answer = gives | (callee.origins & ~flow.broad);
    const isAwaited = runsCallback(callee.name, callee.name.slice(callee.name.lastIndexOf('.') + 1)) !== undefined;
    for (const one of given)
      this.later(one, { self: undefined, given: [unsure(answer), unsure(answer), unsure(answer)] }, isAwaited);
    const passed = parseLocalReference(callee.name) === undefined ? flowing(given) : 0;
    return { kind: 'outside', name: `${callee.name}()`.slice(0, maxName), origins: callee.origins | gives | passed };
  }

  #callUnknown(callee: Held, given: readonly Held[]): Held {
    this.outsideCalls += 1;
    this.spend(unknownSteps);
    const origins = originsOf(callee);
    for (const one of given) this.later(one, { self: undefined, given: [unsure(origins), unsure(origins)] });
    return unsure(origins | flowing(given));
  }

  #callNothing(callee: Held): Held {
    if (this.tries > 0) throw new Thrown(`${wordOf(callee)} is not a function`);
    return unsure(0);
  }

  get(held: Held, name: string): Held {
    return getMember(this, held, name);
  }

  /** The elements that iteration gives; undefined where they cannot be known. */
  iterate(held: Held): readonly Held[] | undefined {
    this.spend(sizeOf(held) >> 4);
    if (typeof held === 'string') return [...held];
    if (!isThing(held)) return undefined;
    switch (held.kind) {
      case 'list':
        return held.at === 0 ? held.elements : held.elements.slice(held.at);
      case 'marked':
        return typeof held.value === 'string' ? [...held.value].map((one) => ({ ...held, value: one })) : undefined;
      case 'bytes':
        return held.numbers;
      case 'dictionary':
        return [...held.entries.values()].map(([key, value]) => (held.isSet ? key : listOf([key, value])));
      default:
        return undefined;
    }
  }
}

const maxName = 200;

function flowing(given: readonly Held[]): number {
  return given.length > 4
    ? 0
    : given.reduce<number>((bits, one) => bits | originsOf(one), 0) & ~(flow.parameter | flow.broad);
}
