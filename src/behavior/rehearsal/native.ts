/** What a function of the outside that only computes is written as. */
import { flow } from '../values/flow.ts';
import type { Primitive } from '../values/value.ts';
import type { CallPlace } from './frame.ts';
import { type Held, isPlain, marked, type Outside, originsOf, plainOf, unsure } from './held.ts';
import type { Stage } from './stage.ts';

export interface NativeCall {
  readonly callee: Outside;
  readonly self: Held;
  readonly given: readonly Held[];
  readonly place: CallPlace;
}

/** Undefined where there is nothing to compute: it is a call of the outside like any. */
export type Native = (stage: Stage, call: NativeCall) => { readonly value: Held } | undefined;

export function of(compute: (given: readonly Held[], stage: Stage) => Held): Native {
  return (stage, { given }) => ({ value: compute(given, stage) });
}

/** For one text, number or the like. */
export function plainly(compute: (value: Primitive, given: readonly Held[]) => Primitive, added = 0): Native {
  return of((given) => {
    const [first] = given;
    const origins = (originsOf(first) | added) & ~flow.broad;
    if (!isPlain(first)) return unsure(origins);
    try {
      return marked(compute(plainOf(first), given), origins);
    } catch {
      // Text that does not decode is what the program would throw on.
      return unsure(origins);
    }
  });
}
