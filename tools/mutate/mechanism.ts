/** What an entry of the table of mechanisms is: an attack to be put into a host, and its nearest honest twins. */
import type { PackageTree } from '../../src/model/package-tree.ts';
import type { DeliveryId } from './deliveries.ts';
import type { Random } from './random-for.ts';

/** What brings the code to run, at the place where it stands. */
export type Situation = 'load' | 'install' | 'bin' | 'call' | 'one-build';

export type Demand = 'review' | 'block';

export const placeIds = [
  'entry',
  'loaded',
  'new-file',
  'build',
  'exported',
  'one-build',
  'hook',
  'old-hook',
  'bin',
] as const;
/** Where in a host code can be put. */
export type PlaceId = (typeof placeIds)[number];

/** Both sides of the update. */
export interface Sides {
  readonly before: PackageTree;
  readonly after: PackageTree;
}

/** Undefined where the host has nothing to do it with. */
export type Edit = (sides: Sides, random: Random) => Sides | undefined;

interface Described {
  readonly id: string;
  /** The rule of the catalogue that demands the level. Another rule may reach it. */
  readonly rule: string;
}

/** JavaScript, in the notation of `snippet.ts`. `HOST` becomes a host of the mutant's own under `.invalid`. */
export interface CodeMechanism extends Described {
  readonly code: string;
  /** The level by what runs the code; absent where it is no attack, or not this one. A place by its own name goes before. */
  readonly demands: Readonly<Partial<Record<Situation | PlaceId, Demand>>>;
  /** Parameters of the function, where the code stands in one that is exported. */
  readonly parameters?: string;
  /** Absent: all. */
  readonly encodings?: readonly string[];
  /** A host whose code holds this does such things already. */
  readonly notWhere?: RegExp;
  /** Absent: all. */
  readonly deliveries?: readonly [DeliveryId, ...DeliveryId[]];
  readonly twins: readonly [CodeTwin, ...CodeTwin[]];
}

export interface CodeTwin {
  /** What an honest author does here. */
  readonly about: string;
  readonly code: string;
  readonly at: readonly [Situation, ...Situation[]];
  readonly parameters?: string;
}

/** A change of files, in ways that stand where encodings do. */
export interface TreeMechanism extends Described {
  readonly demand: Demand;
  readonly ways: Readonly<Record<string, Edit>>;
  readonly twins: Readonly<Record<string, Edit>>;
}

export type Mechanism = CodeMechanism | TreeMechanism;

export function isTreeMechanism(mechanism: Mechanism): mechanism is TreeMechanism {
  return 'ways' in mechanism;
}
