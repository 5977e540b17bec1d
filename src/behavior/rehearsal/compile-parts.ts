/** Keys and lists of elements: what members, calls and patterns have in common. */
import type { Node } from '../syntax/scope.ts';
import type { Frame, Run } from './frame.ts';
import { type Held, isThing, originsOf, sizeOf, unsure } from './held.ts';
import { compileExpression, type Spot } from './spot.ts';
import type { Stage } from './stage.ts';

/** A computed key; texts that it was are written down. */
export function compileKey(node: Node, at: Spot): Run {
  const { stage } = at;
  const run = compileExpression(node, at);
  if (node.type === 'Literal') return run;
  const keep = keepTexts(node, stage);
  return (frame) => {
    const key = run(frame);
    if (isThing(key) && key.kind === 'outside') stage.want(key);
    return typeof key === 'number' ? key : keep(key);
  };
}

/** Writes down the texts that an expression was. */
export function keepTexts(node: Node, stage: Stage): (value: Held) => Held {
  let seen = 0;
  return (value) => {
    if (seen < maxSeenKeys && isText(value)) {
      seen += 1;
      stage.seeValue(node, value);
    }
    return value;
  };
}

const maxSeenKeys = 64;

function isText(held: Held): boolean {
  return typeof held === 'string' || (isThing(held) && held.kind === 'marked' && typeof held.value === 'string');
}

export function compileElements(nodes: readonly (Node | null)[], at: Spot): (frame: Frame) => Held[] {
  const { stage } = at;
  const runs = nodes.map((node) => {
    if (node === null) return { run: (): Held => undefined, isSpread: false };
    return node.type === 'SpreadElement'
      ? { run: compileExpression(node.argument, at), isSpread: true }
      : { run: compileExpression(node, at), isSpread: false };
  });
  return (frame) => {
    const elements: Held[] = [];
    for (const { run, isSpread } of runs) {
      const value = run(frame);
      if (!isSpread) elements.push(value);
      else elements.push(...(stage.iterate(value) ?? [unsure(originsOf(value))]));
    }
    return elements;
  };
}

/** A text that grows costs more, the longer it is. */
export function weigh(stage: Stage, held: Held): Held {
  if (typeof held !== 'number' && sizeOf(held) > maxFree) stage.spend(sizeOf(held) >> 10);
  return held;
}

const maxFree = 2_048;
