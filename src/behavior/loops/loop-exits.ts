/** Ways out of a loop: what leaves it, ends the process, or hands the turn to others. */
import type { ESTree } from 'meriyah';
import type { Fn, LoopNode, Node } from '../syntax/scope.ts';
import { isFunctionNode, someChild } from '../syntax/syntax.ts';
import { alternatives, truthOf } from '../values/value.ts';
import { comparesItself, isPlain, type LoopSetting, mayBeConstant } from './loop-test.ts';

/** Exits of the loop itself: nested functions do not count, and a `break` counts for the loop it leaves. */
export function hasExit(loop: LoopNode, label: string | undefined, setting: LoopSetting): boolean {
  const exits = { label, setting, inner: new Set<string>(), caught: false };
  const leavesBy = (asked: Exits): boolean => someChild(loop, (child) => leaves(child, true, asked));
  // Most loops show their exit; only where they do not, what they call and test is evaluated.
  return leavesBy({ ...exits, evaluates: false }) || leavesBy({ ...exits, evaluates: true });
}

interface Exits {
  /** The loop's own label. */
  readonly label: string | undefined;
  readonly setting: LoopSetting;
  /** Labels inside the loop: a `break` to one of them stays inside. */
  readonly inner: ReadonlySet<string>;
  /** In a `try` of the loop that catches: what is thrown stays inside. */
  readonly caught: boolean;
  /** False for a first look, which knows only exits that are certain without it. */
  readonly evaluates: boolean;
}

/** @param ownBreaks Whether a plain `break` that stands here leaves the loop in question. */
function leaves(node: Node, ownBreaks: boolean, exits: Exits): boolean {
  const childLeaves = (own: boolean): boolean => someChild(node, (child) => leaves(child, own, exits));
  switch (node.type) {
    case 'ThrowStatement':
      return !exits.caught || childLeaves(ownBreaks);
    case 'ReturnStatement':
    case 'AwaitExpression':
    case 'YieldExpression':
      return true;
    case 'BreakStatement':
      return node.label === null ? ownBreaks : !exits.inner.has(node.label.name);
    case 'ContinueStatement':
      return node.label !== null && node.label.name !== exits.label && !exits.inner.has(node.label.name);
    case 'LabeledStatement': {
      const inner = new Set([...exits.inner, node.label.name]);
      return leaves(node.body, ownBreaks, { ...exits, inner });
    }
    case 'TryStatement':
      return tryLeaves(node, ownBreaks, exits);
    case 'IfStatement':
      return branchLeaves(node, ownBreaks, exits);
    case 'ForStatement':
    case 'ForInStatement':
    case 'ForOfStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
    case 'SwitchStatement':
      return (node.type === 'ForOfStatement' && node.await) || childLeaves(false);
    case 'CallExpression':
      return endsLoop(node, exits) || childLeaves(ownBreaks);
    default:
      return !isFunctionNode(node) && childLeaves(ownBreaks);
  }
}

function tryLeaves({ block, handler, finalizer }: ESTree.TryStatement, ownBreaks: boolean, exits: Exits): boolean {
  if (leaves(block, ownBreaks, { ...exits, caught: exits.caught || handler !== null })) return true;
  return [handler, finalizer].some((part) => part !== null && leaves(part, ownBreaks, exits));
}

/** A branch that the text rules out is no way out. */
function branchLeaves(node: ESTree.IfStatement, ownBreaks: boolean, exits: Exits): boolean {
  const { evaluator, scope } = exits.setting;
  const { test, consequent, alternate } = node;
  const itself = comparesItself(test, scope);
  if (itself !== undefined) return someBranch(itself ? consequent : alternate, (one) => leaves(one, ownBreaks, exits));
  const isDecided = isPlain(test, 0) && mayBeConstant(test, scope);
  if (isDecided && !exits.evaluates) return false;
  const truth = isDecided ? truthOf(evaluator.evaluate(test, scope)) : undefined;
  if (truth !== false && leaves(consequent, ownBreaks, exits)) return true;
  return (
    leaves(test, ownBreaks, exits) || (truth !== true && alternate !== null && leaves(alternate, ownBreaks, exits))
  );
}

function someBranch(branch: Node | null, leaves: (branch: Node) => boolean): boolean {
  return branch !== null && leaves(branch);
}

/** `process.exit()`, or a function of the file that certainly throws or exits. */
function endsLoop(node: ESTree.CallExpression, { setting, caught, evaluates }: Exits): boolean {
  if (!evaluates) return false;
  const { evaluator, scope } = setting;
  return alternatives(evaluator.evaluate(node.callee, scope)).some((callee) => {
    if (callee.kind === 'reference') return /^process\.(?:exit|abort|reallyExit|kill)$/.test(callee.name);
    // A function that can throw can end the loop; so can one that we do not see into, but then nothing would ever be endless.
    return callee.kind === 'function' && !caught && containsThrow(callee.fn);
  });
}

function containsThrow(fn: Fn): boolean {
  const throws = (node: Node, depth: number): boolean =>
    depth > 40
      ? false
      : node.type === 'ThrowStatement' ||
        someChild(node, (child) => !isFunctionNode(child) && throws(child, depth + 1));
  return someChild(fn.node, (child) => throws(child, 0));
}
