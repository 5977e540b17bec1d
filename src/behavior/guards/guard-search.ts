/** What is found out about one test while its parts are looked at. */
import type { Guard } from '../../model/behavior.ts';

export interface Looking {
  readonly seen: Seen;
  readonly depth: number;
  readonly isGiven?: true;
}

export interface Seen {
  readonly tests: Set<Guard['test']>;
  nodes: number;
  readsDate: boolean;
  drawsNumber: boolean;
  comparesDate: boolean;
  ownMachine: boolean;
}

/** Nothing was found so far. */
export function isSilent({ tests, readsDate, drawsNumber, comparesDate, ownMachine }: Seen): boolean {
  return tests.size === 0 && !readsDate && !drawsNumber && !comparesDate && !ownMachine;
}

export function seenNothing(): Seen {
  return {
    tests: new Set(),
    nodes: 0,
    comparesDate: false,
    readsDate: false,
    drawsNumber: false,
    ownMachine: false,
  };
}
