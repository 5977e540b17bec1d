/** Where variables live while a file is acted out, and how a name is found there: by scopes known before anything runs. */
import type { CallNode } from '../syntax/scope.ts';
import type { Held, List } from './held.ts';

export interface Frame {
  readonly slots: Held[];
  readonly outer: Frame | undefined;
  readonly call: CallState;
}

/** One call of a function that is under way. */
export interface CallState {
  readonly self: Held;
  /** What `arguments` is. */
  readonly passed: readonly Held[];
  /** Returned in branches of which it is not known whether they are taken. */
  readonly possible: Held[];
  readonly yields: List | undefined;
  /** A loop was perhaps left. */
  perhapsLeft: boolean;
}

/** Why a statement does not go on to the next. */
export type Leave =
  | { readonly kind: 'return'; readonly value: Held }
  | { readonly kind: 'break' | 'continue'; readonly label: string | undefined };

export type Run = (frame: Frame) => Held;
export type Act = (frame: Frame) => Leave | undefined;

/** An exception of the program that is acted out. */
export class Thrown {
  readonly value: Held;
  constructor(value: Held) {
    this.value = value;
  }
}

/** No steps are left. */
export class OutOfSteps {}

/** The names of one scope, in the order of their slots. */
export interface Names {
  readonly slots: Map<string, number>;
  readonly outer: Names | undefined;
}

export function namesIn(outer: Names | undefined, names: Iterable<string>): Names {
  const slots = new Map<string, number>();
  for (const name of names) if (!slots.has(name)) slots.set(name, slots.size);
  return { slots, outer };
}

export function frameFor({ slots }: Names, outer: Frame | undefined, call: CallState): Frame {
  return { slots: new Array<Held>(slots.size).fill(undefined), outer, call };
}

export interface Slot {
  readonly depth: number;
  readonly index: number;
}

export function findSlot(names: Names, name: string): Slot | undefined {
  let depth = 0;
  for (let at: Names | undefined = names; at !== undefined; at = at.outer) {
    const index = at.slots.get(name);
    if (index !== undefined) return { depth, index };
    depth += 1;
  }
  return undefined;
}

export function readSlot({ depth, index }: Slot): Run {
  if (depth === 0) return ({ slots }) => slots[index];
  if (depth === 1) return ({ outer }) => outer?.slots[index];
  if (depth === 2) return ({ outer }) => outer?.outer?.slots[index];
  return (frame) => frameAt(frame, depth)?.slots[index];
}

export function writeSlot({ depth, index }: Slot): (frame: Frame, value: Held) => void {
  if (depth === 0) {
    return ({ slots }, value) => {
      slots[index] = value;
    };
  }
  return (frame, value) => {
    const slots = frameAt(frame, depth)?.slots;
    if (slots !== undefined) slots[index] = value;
  };
}

function frameAt(frame: Frame, depth: number): Frame | undefined {
  let at: Frame | undefined = frame;
  for (let left = depth; left > 0 && at !== undefined; left -= 1) at = at.outer;
  return at;
}

/** Which call of the text is being made. */
export type CallPlace = CallNode | undefined;
