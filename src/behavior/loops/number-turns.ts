/** A loop that only computes numbers, counted as the program would: `while (n > 0) n = n * 2`. */
import type { ESTree } from 'meriyah';
import { type Binding, findBinding, type Node } from '../syntax/scope.ts';
import { childrenOf } from '../syntax/syntax.ts';
import { constantOf } from '../values/value.ts';
import type { LoopSetting, TestedLoop } from './loop-test.ts';

type Numbers = Map<Binding, number>;
type Step = (numbers: Numbers) => void;

/** What has not come round again by then may end yet. */
const maxTurns = 1_300;
/** What does more in a turn is no mere sum. */
const maxLoop = 600;
/** So many turns cost as much as one evaluation. */
const turnsOfOne = 2;

/** Whether its numbers come back to what they were before, so that it does the same for ever. */
export function runsInCircles(loop: TestedLoop, asked: readonly Binding[], setting: LoopSetting): boolean {
  if ((loop.end ?? 0) - (loop.start ?? 0) > maxLoop) return false;
  const start: Numbers = new Map();
  for (const binding of asked) {
    const value = startOf(binding, loop, setting);
    if (value === undefined) return false;
    start.set(binding, value);
  }
  const steps = stepsOf(loop, start, setting);
  return steps !== undefined && comesRound(loop, { start, steps, setting });
}

/** It is given a number once before the loop, and everything else that is done to it happens inside. */
function startOf({ writes }: Binding, loop: TestedLoop, { evaluator }: LoopSetting): number | undefined {
  const outside = writes.filter((write) => !('node' in write) || !isAmong(write.node, turnsOf(loop)));
  const [first] = outside;
  if (outside.length !== 1 || first?.kind !== 'value' || first.path.length > 0) return undefined;
  const value = constantOf(evaluator.evaluate(first.node, first.scope))?.value;
  return typeof value === 'number' ? value : undefined;
}

/** What every turn runs through, in its order. */
function turnsOf(loop: TestedLoop): readonly Node[] {
  const body = loop.body.type === 'BlockStatement' ? loop.body.body : [loop.body];
  const update = loop.type === 'ForStatement' ? loop.update : null;
  return update === null ? body : [...body, update];
}

function isAmong({ start = -1 }: Node, nodes: readonly Node[]): boolean {
  return nodes.some((node) => start >= (node.start ?? 0) && start < (node.end ?? 0));
}

/** Undefined where a turn does more to the numbers than plain sums. */
function stepsOf(loop: TestedLoop, numbers: Numbers, setting: LoopSetting): Step[] | undefined {
  const steps: Step[] = [];
  for (const node of turnsOf(loop)) {
    if (
      ![...numbers.keys()].some(({ writes }) => writes.some((write) => 'node' in write && isAmong(write.node, [node])))
    )
      continue;
    const step = stepOf(node.type === 'ExpressionStatement' ? node.expression : node, setting);
    if (step === undefined) return undefined;
    steps.push(step);
  }
  return steps.length === 0 ? undefined : steps;
}

function stepOf(node: Node, { scope }: LoopSetting): Step | undefined {
  if (node.type !== 'AssignmentExpression' && node.type !== 'UpdateExpression') return undefined;
  const target = node.type === 'UpdateExpression' ? node.argument : node.left;
  const binding = target.type === 'Identifier' ? findBinding(scope, target.name) : undefined;
  if (binding === undefined) return undefined;
  const change = (numbers: Numbers): number => {
    if (node.type === 'UpdateExpression')
      return (numbers.get(binding) ?? Number.NaN) + (node.operator === '++' ? 1 : -1);
    const value = compute(node.right, { numbers, scope });
    const operator = node.operator.slice(0, -1);
    return operator === '' ? value : combine(operator, numbers.get(binding) ?? Number.NaN, value);
  };
  return (numbers) => void numbers.set(binding, change(numbers));
}

interface Turning {
  readonly start: Numbers;
  readonly steps: readonly Step[];
  readonly setting: LoopSetting;
}

function comesRound(loop: TestedLoop, { start, steps, setting: { scope, evaluator } }: Turning): boolean {
  const numbers = new Map(start);
  const { test } = loop;
  let mark = new Map(start);
  let wait = loop.type === 'DoWhileStatement' ? 1 : 0;
  try {
    for (let turn = 1; turn <= maxTurns && !evaluator.exhausted; turn += 1) {
      if (turn % turnsOfOne === 0) evaluator.spend(1);
      if (wait > 0) wait -= 1;
      else if (test !== null && !isTrue(compute(test, { numbers, scope }))) return false;
      for (const step of steps) step(numbers);
      if ([...numbers].every(([binding, value]) => Object.is(mark.get(binding), value)))
        return test !== null && isTrue(compute(test, { numbers, scope }));
      // Further and further back, so that long circles are found too.
      if ((turn & (turn - 1)) === 0) mark = new Map(numbers);
    }
  } catch (cause) {
    if (!(cause instanceof NotPlain)) throw cause;
  }
  return false;
}

class NotPlain {}

interface Standing {
  readonly numbers: Numbers;
  readonly scope: LoopSetting['scope'];
}

/** Truths are one and nothing. */
function compute(node: Node, at: Standing): number {
  switch (node.type) {
    case 'Literal':
      if (typeof node.value === 'number' || typeof node.value === 'boolean') return Number(node.value);
      throw new NotPlain();
    case 'Identifier': {
      const binding = findBinding(at.scope, node.name);
      const value = binding === undefined ? undefined : at.numbers.get(binding);
      if (value === undefined) throw new NotPlain();
      return value;
    }
    case 'ParenthesizedExpression':
      return compute(node.expression, at);
    case 'UnaryExpression':
      return computeUnary(node, at);
    case 'ConditionalExpression':
      return isTrue(compute(node.test, at)) ? compute(node.consequent, at) : compute(node.alternate, at);
    case 'LogicalExpression': {
      const left = compute(node.left, at);
      if (node.operator === '??') return left;
      return isTrue(left) === (node.operator === '&&') ? compute(node.right, at) : left;
    }
    case 'BinaryExpression': {
      const [left, right] = childrenOf(node);
      if (left === undefined || right === undefined) throw new NotPlain();
      return combine(node.operator, compute(left, at), compute(right, at));
    }
    default:
      throw new NotPlain();
  }
}

function computeUnary({ operator, argument }: ESTree.UnaryExpression, at: Standing): number {
  const value = compute(argument, at);
  if (operator === '!') return Number(!isTrue(value));
  if (operator === '-') return -value;
  if (operator === '~') return ~value;
  if (operator === '+') return value;
  throw new NotPlain();
}

function isTrue(value: number): boolean {
  return value !== 0 && !Number.isNaN(value);
}

type Operation = (left: number, right: number) => number | boolean;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['**', (left, right) => left ** right],
  ['&', (left, right) => left & right],
  ['|', (left, right) => left | right],
  ['^', (left, right) => left ^ right],
  ['<<', (left, right) => left << right],
  ['>>', (left, right) => left >> right],
  ['>>>', (left, right) => left >>> right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
  ['===', (left, right) => left === right],
  ['!==', (left, right) => left !== right],
  ['==', (left, right) => left === right],
  ['!=', (left, right) => left !== right],
]);

function combine(operator: string, left: number, right: number): number {
  const operation = operations.get(operator);
  if (operation === undefined) throw new NotPlain();
  return Number(operation(left, right));
}
