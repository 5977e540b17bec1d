/**
 * A file, acted out: what its calls would call, and with what, where the text alone does not show it. Strings in tables that
 * are turned and decoded first, functions kept in lists and maps, loops that put names together. Only where it is asked for.
 */
import type { ESTree } from 'meriyah';
import { collectSites } from '../syntax/collect.ts';
import { parseProgram } from '../syntax/parse-program.ts';
import type { FileSites, Fn, Node } from '../syntax/scope.ts';
import { isFunctionNode } from '../syntax/syntax.ts';
import { flow } from '../values/flow.ts';
import type { Value } from '../values/value.ts';
import { expressionOf } from './compile-expression.ts';
import { compileModule } from './compile-module.ts';
import { statementOf } from './compile-statement.ts';
import { type CallState, type Frame, frameFor, type Names, namesIn, OutOfSteps, Thrown } from './frame.ts';
import { type Held, isThing, type KnownModule, type ModuleCode, unsure } from './held.ts';
import { type Meter, OtherFiles } from './other-files.ts';
import { blockNames, importedNames, varNames } from './scopes.ts';
import { maxSeen, type SeenWrite, Stage } from './stage.ts';
import { toAlternatives, toValue } from './translate.ts';

/** One call that was made at a place of the text. */
export interface RehearsedCall {
  readonly callee: Value;
  readonly given: readonly Value[];
}

export interface RehearsedWrite {
  readonly target: string;
  readonly name: string;
  readonly value: Value;
}

/** For the module, and for each function that nothing in the file calls. */
const maxModuleSteps = 100_000;
const maxFunctionSteps = 20_000;
const maxSteps = 300_000;
/** What turns and decodes its table of strings first, needs more. */
const maxDecodingSteps = 2_500_000;
const maxOuter = 24;
const maxCallers = 4;

const compilers = { expression: expressionOf, statement: statementOf };

interface ModuleFrame {
  readonly names: Names;
  readonly frame: Frame;
}

interface Surroundings {
  /** What files of the package that it loads hold, by specifier. */
  readonly modules: ReadonlyMap<string, KnownModule>;
  /** Of the file that asks for this one. */
  readonly meter?: Meter;
}

export class Rehearsal {
  readonly #root: ESTree.Program;
  readonly #sites: FileSites;
  readonly #meter: Meter;
  readonly #stage: Stage;
  #module: ModuleFrame | undefined;
  #isStarted = false;
  /** It ran out of steps, and what it did after that was not seen. */
  #isCut = false;
  /** The file itself came to its end. */
  #isActed = false;
  /** Functions for which no steps were left. */
  readonly #refused = new Set<Node>();
  #left = maxSteps;

  constructor(root: ESTree.Program, sites: FileSites, { modules, meter = { steps: 0 } }: Surroundings) {
    this.#root = root;
    this.#sites = sites;
    this.#meter = meter;
    this.#stage = new Stage(new OtherFiles(modules, (code) => open(code, meter)), meter);
  }

  /** Whether it was asked for anything. */
  get isStarted(): boolean {
    return this.#isStarted;
  }

  /** Whether steps ran out before a function came to its end, or before it was called. */
  misses(fn: Fn): boolean {
    return this.#isCut && this.#isMissed(fn, 0);
  }

  /** Not come to its end, by one of its calls, or called once more by something that has not. What nobody came by did not call it. */
  #isMissed({ node, entrances }: Fn, depth: number): boolean {
    if (!isFunctionNode(node)) return !this.#isActed;
    if (!this.#stage.finished.has(node) || this.#stage.cut.has(node)) {
      const isBegun = this.#stage.entered.has(node) || this.#refused.has(node);
      // Nothing in the text calls it, or the rest of the file was not seen.
      if (isBegun || !this.#isActed || entrances.length === 0) return true;
    }
    if (depth >= maxCallers) return false;
    return entrances.some(
      ({ kind, site }) => kind === 'call' && !this.#stage.calls.has(site.node) && this.#isMissed(site.fn, depth + 1),
    );
  }

  /** Files of the package that it loads: to know what they hold may tell more. */
  get asks(): readonly string[] {
    return [...this.#stage.asked];
  }

  /** What the file exports, as far as it is known. */
  exported(): ReadonlyMap<string, Held> {
    this.start();
    return this.#findExported();
  }

  /** The same, at the cost of whoever asks. */
  open(): ReadonlyMap<string, Held> {
    this.#isStarted = true;
    this.#actModule();
    return this.#findExported();
  }

  #findExported(): ReadonlyMap<string, Held> {
    const found = new Map<string, Held>();
    for (const [name, value] of this.#stage.written) {
      if (name === 'module.exports') found.set('', value);
      if (name === 'module.exports' && isThing(value) && value.kind === 'table')
        for (const [member, one] of value.members) found.set(member, one);
      const member = /^(?:module\.)?exports\.(\w+)$/.exec(name)?.[1];
      if (member !== undefined) found.set(member, value);
    }
    for (const one of this.#sites.exports) {
      const name = one.kind === 'local' ? nameOf(one.node) : undefined;
      const slot = name === undefined ? undefined : this.#module?.names.slots.get(name);
      if (one.kind === 'local' && slot !== undefined) found.set(one.name, this.#module?.frame.slots[slot]);
    }
    return found;
  }

  /** The text, or thing of the outside, that a computed key or a call was found to be. */
  valueAt(node: Node): Value | undefined {
    const seen = this.#stage.values.get(node);
    return seen === undefined ? undefined : toAlternatives(seen, this.#sites);
  }

  callsAt(node: Node): readonly RehearsedCall[] {
    return (this.#stage.calls.get(node) ?? []).map(({ callee, given }) => ({
      callee: toValue(callee, this.#sites),
      given: given.map((one) => toValue(one, this.#sites)),
    }));
  }

  /** The functions that were called there on loading; undefined where none was, or not all were written down. */
  enteredAtLoad(node: Node): ReadonlySet<Node> | undefined {
    const seen = this.#stage.calls.get(node) ?? [];
    const entered = seen.flatMap(({ callee, atLoad }) => (atLoad && callee.kind === 'closure' ? [callee.node] : []));
    return entered.length === 0 || seen.length >= maxSeen ? undefined : new Set(entered);
  }

  writeAt(node: Node): RehearsedWrite | undefined {
    const seen: SeenWrite | undefined = this.#stage.writes.get(node);
    return seen && { target: seen.target.name, name: seen.name, value: toValue(seen.value, this.#sites) };
  }

  /**
   * Acts out the module, and what it leaves to run by itself.
   * @param decodes Whether it turns and decodes a table first.
   */
  start(decodes = false): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    if (decodes) this.#left = maxDecodingSteps;
    this.#within(decodes ? maxDecodingSteps : maxModuleSteps, () => this.#actModule());
    this.#within(maxModuleSteps, () => this.#stage.runWaiting());
    this.#stage.atLoad = false;
  }

  /** Acts out the module first, and then the function if nothing has called it. */
  enter(fn: Fn): void {
    this.start();
    const { node } = fn;
    if (!isFunctionNode(node) || this.#stage.entered.has(node)) return;
    if (this.#left <= 0) this.#refused.add(node);
    this.#within(maxFunctionSteps, () => this.#enterUncalled(fn, 0));
  }

  #actModule(): void {
    const { body } = this.#root;
    const names = namesIn(undefined, [...importedNames(body), ...varNames(body), ...blockNames(body)]);
    const call: CallState = { self: undefined, passed: [], possible: [], yields: undefined, perhapsLeft: false };
    const frame = frameFor(names, undefined, call);
    this.#module = { names, frame };
    compileModule(body, { stage: this.#stage, names, compilers })(frame);
    this.#isActed = true;
  }

  /** A function around it makes it, if none was made yet. */
  #enterUncalled({ node, scope }: Fn, depth: number): void {
    if (!isFunctionNode(node) || this.#stage.entered.has(node)) return;
    if (!this.#stage.closures.has(node) && scope !== undefined && depth < maxOuter)
      this.#enterUncalled(scope.fn, depth + 1);
    const closure = this.#stage.closures.get(node);
    if (closure === undefined || this.#stage.entered.has(node)) return;
    const given = node.params.map(() => unsure(flow.parameter));
    this.#stage.call(closure, { self: closure.self ?? unsure(0), given }, undefined);
    this.#stage.runWaiting();
  }

  #within(steps: number, act: () => void): void {
    const granted = Math.min(steps, this.#left);
    if (granted <= 0) {
      this.#isCut = true;
      return;
    }
    this.#meter.steps = granted;
    try {
      act();
    } catch (cause) {
      // What was seen until then stands. The stack overflows where the program nests deeply, as it would in Node.
      if (!(cause instanceof OutOfSteps || cause instanceof Thrown || cause instanceof RangeError)) throw cause;
      this.#isCut ||= !(cause instanceof Thrown);
    }
    this.#left -= granted - Math.max(0, this.#meter.steps);
  }
}

/** Another file of the package; what it loads in turn is not followed. */
function open({ text, path }: ModuleCode, meter: Meter): ReadonlyMap<string, Held> {
  const program = parseProgram(text, path);
  if (program.kind !== 'parsed') return new Map();
  return new Rehearsal(program.root, collectSites(program.root), { modules: new Map(), meter }).open();
}

/** `export default function decode(text) { … }` */
function nameOf(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name;
  return node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration' ? node.id?.name : undefined;
}
