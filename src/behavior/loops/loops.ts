/**
 * Does a loop have a way to end? Decided from its condition, what changes that condition, and its exits:
 * only a loop that certainly has none is called endless, because most loops in the world do end.
 */

import type { ESTree } from 'meriyah';
import {
  type Binding,
  type DrainSite,
  type Fn,
  findBinding,
  type LoopSite,
  type Node,
  type Write,
} from '../syntax/scope.ts';
import type { Evaluator } from '../values/evaluate.ts';
import { constantOf, truthOf } from '../values/value.ts';
import { findDrain, findEndlessIteration, leavesOtherThanByYield } from './iteration.ts';
import { hasExit } from './loop-exits.ts';
import { comparesItself, isPlain, type LoopSetting, mayBeConstant, type TestedLoop } from './loop-test.ts';
import { findStandstill, isInside } from './standstill.ts';

export interface LoopsSetting {
  readonly evaluator: Evaluator;
  /** All of the file. */
  readonly loops: readonly LoopSite[];
}

/** Why it never ends, as a person would say it; undefined when it may end. */
export function findEndlessReason(site: LoopSite, { evaluator, loops }: LoopsSetting): string | undefined {
  const { node } = site;
  const yieldsForEver = (fn: Fn): boolean => hasEndlessYield(fn, { evaluator, loops });
  if (node.type === 'ForOfStatement') return findEndlessIteration(node, site, { evaluator, yieldsForEver });
  const reason =
    node.test === null || node.test === undefined
      ? 'it has no condition'
      : (conditionReason(node, site, evaluator) ?? findStandstill(node, { evaluator, scope: site.scope }));
  return reason === undefined || hasExit(node, site.label, { evaluator, scope: site.scope }) ? undefined : reason;
}

/** `[...count()]`, `Array.from(count())` */
export function findEndlessDrain(site: DrainSite, { evaluator, loops }: LoopsSetting): string | undefined {
  return findDrain(site, { evaluator, yieldsForEver: (fn) => hasEndlessYield(fn, { evaluator, loops }) });
}

/** A generator with a loop that nothing but `yield` leaves, on its only way. */
function hasEndlessYield(fn: Fn, { evaluator, loops }: LoopsSetting): boolean {
  if (fn.returns.length > 0) return false;
  return loops.some((site) => {
    const { node } = site;
    if (site.fn !== fn || site.condition !== undefined || node.type === 'ForOfStatement') return false;
    const goesOn =
      node.test === null || node.test === undefined || conditionReason(node, site, evaluator) !== undefined;
    return goesOn && !leavesOtherThanByYield(node, evaluator);
  });
}

function conditionReason(node: TestedLoop, site: LoopSite, evaluator: Evaluator): string | undefined {
  const { test } = node;
  if (test === null) return undefined;
  const { scope } = site;
  if (!isPlain(test, 0)) return undefined;
  if (test.type === 'BinaryExpression') {
    const reason = counterReason(test, node, { scope, evaluator });
    if (reason !== undefined) return reason;
  }
  if (comparesItself(test, scope) === true) return 'its condition is always true';
  // `while (at)`: a number that is counted away from zero.
  if (test.type === 'Identifier') {
    const notZero = { type: 'BinaryExpression', operator: '!==', left: test, right: zero } as const;
    const reason = counterReason(notZero, node, { scope, evaluator });
    if (reason !== undefined) return reason;
  }
  if (!mayBeConstant(test, scope)) return undefined;
  return truthOf(evaluator.evaluate(test, scope)) === true ? 'its condition is always true' : undefined;
}

const zero = { type: 'Literal', value: 0 } as const;

const mirrored: Readonly<Record<string, string>> = {
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  '!==': '!==',
  '!=': '!=',
};

/** `i < n`, where `i` is a variable of this file that only the loop counts. */
function counterReason(test: ESTree.BinaryExpression, loop: TestedLoop, setting: LoopSetting): string | undefined {
  const direct = counterOf(test.left, setting);
  const flipped = direct === undefined ? counterOf(test.right, setting) : undefined;
  const counter = direct ?? flipped;
  const operator = direct === undefined ? mirrored[test.operator] : test.operator;
  if (counter === undefined || operator === undefined || !(operator in mirrored)) return undefined;
  const limit = direct === undefined ? test.left : test.right;
  if (!mayBeConstant(limit, setting.scope)) return undefined;
  const changedInside = counter.writes.some((write) => isCount(write) && isInside(write, loop));
  if (!changedInside) return undefined;
  const step = stepOf(counter, setting);
  if (step === undefined) return undefined;
  const bound = constantOf(setting.evaluator.evaluate(limit, setting.scope));
  if (typeof bound?.value !== 'number') return undefined;
  const start = startOf(counter, setting);
  if (approaches(operator, step, bound.value)) {
    const turns = start === undefined ? 0 : (bound.value - start) / step;
    return turns >= forEver ? `it takes ${turns} turns` : undefined;
  }
  return start !== undefined && neverReaches(operator, { start, step, bound: bound.value })
    ? `its counter never reaches ${bound.value}`
    : undefined;
}

function counterOf(node: Node, { scope }: LoopSetting): Binding | undefined {
  return node.type === 'Identifier' ? findBinding(scope, node.name) : undefined;
}

function isCount(write: Write): boolean {
  return write.kind === 'update' || write.kind === 'compound';
}

interface Count {
  readonly start: number;
  readonly step: number;
}

/** How a counter is counted, when every write to it says so, and it starts once. */
function stepOf(counter: Binding, { scope, evaluator }: LoopSetting): number | undefined {
  const steps = new Set<number>();
  let starts = 0;
  for (const write of counter.writes) {
    if (write.kind === 'value' && write.path.length === 0) starts += 1;
    else if (write.kind === 'update') steps.add(write.node.operator === '++' ? 1 : -1);
    else if (write.kind === 'compound' && (write.operator === '+=' || write.operator === '-=')) {
      const value = constantOf(evaluator.evaluate(write.operand, scope))?.value;
      if (typeof value !== 'number') return undefined;
      steps.add(write.operator === '+=' ? value : -value);
    } else return undefined;
  }
  const [step] = steps;
  return starts === 1 && steps.size === 1 ? step : undefined;
}

/** Most loops: wherever they start, they come to their end. */
function approaches(operator: string, step: number, bound: number): boolean {
  if (!Number.isFinite(bound)) return false;
  if (operator === '<' || operator === '<=') return step > 0;
  return (operator === '>' || operator === '>=') && step < 0;
}

function startOf(counter: Binding, { evaluator }: LoopSetting): number | undefined {
  for (const write of counter.writes) {
    if (write.kind !== 'value') continue;
    const value = constantOf(evaluator.evaluate(write.node, write.scope))?.value;
    return typeof value === 'number' ? value : undefined;
  }
  return undefined;
}

/** Nothing that loads a package counts so far: it takes seconds where a turn does nothing. */
const forEver = 1e9;
/** More turns than this are divided, not counted. */
const maxCounted = 10_000;

function neverReaches(operator: string, { start, step, bound }: Count & { readonly bound: number }): boolean {
  switch (operator) {
    case '<':
    case '<=': {
      const entered = operator === '<' ? start < bound : start <= bound;
      // Counting up by one never arrives at Infinity; counting by huge steps overflows to it and ends.
      return entered && (step <= 0 || (bound === Number.POSITIVE_INFINITY && step < 1e292));
    }
    case '>':
    case '>=': {
      const entered = operator === '>' ? start > bound : start >= bound;
      return entered && (step >= 0 || (bound === Number.NEGATIVE_INFINITY && step > -1e292));
    }
    default: {
      if (start === bound) return false;
      const turns = (bound - start) / step;
      if (!(turns > 0) || turns > maxCounted) return !(Number.isInteger(turns) && turns > 0);
      // Tenths add up to something beside the bound: counted as the program would.
      let at = start;
      for (let turn = 0; turn < turns + 1 && at !== bound; turn += 1) at += step;
      return at !== bound;
    }
  }
}
