/**
 * What a value may be, as far as it matters for telling what calls lead to: a few bits, and what taking a member, calling or
 * keeping it makes of them. Coarse on purpose: `relevance` spreads them over a whole file in one cheap pass.
 */
import {
  isGiving,
  isGlobalObject,
  isKnown,
  isLoading,
  isLoadingRoot,
  isTelling,
  isUsed,
} from '../outside/known-names.ts';

export const may = {
  /** A reference whose canonical name is known, or may be continued to one that is: `console`, `child_process.exec`. */
  name: 1,
  /** What loads modules or leads to what does: `require`, `module`, `process`. */
  load: 2,
  /** The global object: what leads to every name. */
  global: 4,
  /** A function, class or object of this file. */
  fn: 8,
  /** An export of another file of the package, or what one gives. */
  file: 16,
  /** A reference that tells where, when or for whom the code runs, or what is taken from it. */
  tell: 32,
  /** What gives something nameable when it is called: `document.createElement`. */
  give: 64,
  /** It has keys that the text does not name: any member may be one of them. */
  open: 128,
  /** What the file exports, or the module that has it as a member. */
  exported: 67108864,
} as const;

/** The first six, which are told apart where they are kept too: in a list (or in an object under keys that the text does not name)… */
const kinds = 63;
const heldAt = 8;
/** … by a function that gives them… */
const givenAt = 14;
/** … or by lists and functions in one another. */
const deepAt = 20;

const names = may.name | may.load | may.global | may.give;
/** What stays with all that is taken from it. */
const sticky = may.file | may.tell;
const giving = (kinds << givenAt) | (kinds << deepAt);
const holding = (kinds << heldAt) | (kinds << deepAt) | may.open;

/** Where evaluation alone tells. */
export const anything: number = names | may.fn | sticky;

const nameableKinds = may.name | may.load | may.global | may.file;
/** What may be a name of the outside or lead to one: not a function of the file by itself. */
export const nameable: number =
  nameableKinds |
  may.give |
  may.open |
  may.exported |
  (nameableKinds << heldAt) |
  (nameableKinds << givenAt) |
  (nameableKinds << deepAt);

/** One step from a part of an expression to the whole. */
export type Step = (bits: number) => number;

/** What lies between a part and the whole. */
export interface Way {
  readonly step: Step;
  readonly rest: Way | undefined;
}

/** A source of values: a variable, a function's result, or what is stored under a property's name; and where they go. */
export interface Holder {
  bits: number;
  readonly to: Holder[];
  readonly ways: (Way | undefined)[];
}

export function after(step: Step, rest: Way | undefined): Way {
  return { step, rest };
}

export function along(way: Way | undefined, bits: number): number {
  let result = bits;
  for (let at = way; at !== undefined && result !== 0; at = at.rest) result = at.step(result);
  return result;
}

/** Kept in a list. */
export const held: Step = (bits) => (kept(bits) << heldAt) | deeper(bits);

/** Kept in an object, under a key that the text does not name. */
export const heldOpenly: Step = (bits) => {
  const result = held(bits);
  return result === 0 ? 0 : result | may.open;
};

/** Given by a function: this is the function. */
export const given: Step = (bits) => (kept(bits) << givenAt) | deeper(bits);

function kept(bits: number): number {
  return (bits & kinds) | ((bits & may.give) === 0 ? 0 : may.name);
}

function deeper(bits: number): number {
  const kindsInside = ((bits >> heldAt) | (bits >> givenAt) | (bits >> deepAt)) & kinds;
  return (kindsInside << deepAt) | (bits & may.open);
}

/** Whatever it holds or is. */
export const spread: Step = (bits) => bits | heldIn(bits);

/** One of what it holds. */
export const element: Step = (bits) => (bits & sticky) | heldIn(bits);

/** A member by a key that the text does not name. */
export const computedMember: Step = (bits) =>
  element(bits) | ((bits & names) === 0 ? 0 : (bits & names) | may.give | may.tell);

function heldIn(bits: number): number {
  return takenOut((bits >> heldAt) & kinds) | deepIn(bits) | (bits & may.open);
}

function takenOut(bits: number): number {
  return bits | ((bits & may.name) === 0 ? 0 : may.give);
}

function deepIn(bits: number): number {
  const inside = (bits >> deepAt) & kinds;
  return inside === 0 ? 0 : takenOut(inside) | (inside << heldAt) | (inside << givenAt) | (inside << deepAt);
}

/** A method of what is held, as of a list, gives one of them or another such list. */
export const called: Step = (bits) => {
  let result = (bits & (sticky | holding)) | heldIn(bits) | takenOut((bits >> givenAt) & kinds);
  if ((bits & may.give) !== 0) result |= may.name | may.give | may.global;
  if ((bits & may.load) !== 0) result |= names;
  return result;
};

/** A call of what may load a file of the package: its argument names one, or cannot be told. */
export const calledWithPath: Step = (bits) => called(bits) | ((bits & may.load) === 0 ? 0 : may.file);

const members = new Map<string, Step>();

/** A member of that name. */
export function member(name: string): Step {
  if (name === 'default') return defaultMember;
  if (/^\d/.test(name)) return computedMember;
  if (!isKnown(name)) return unnamedMember(name);
  let step = members.get(name);
  if (step === undefined) {
    step = stepTo(name);
    members.set(name, step);
  }
  return step;
}

/** No known name goes on so. What is stored by name is told by the name. */
const unknownMember: Step = (bits) => (bits & sticky) | ((bits & may.open) === 0 ? 0 : heldIn(bits) | (bits & holding));
/** The methods of a list give what it holds. */
const listMember: Step = (bits) => unknownMember(bits) | (bits & holding);
const listMethods: ReadonlySet<string> = new Set(
  `at concat copyWithin entries fill filter find findLast flat flatMap map pop reduce reduceRight reverse shift slice sort
  splice toReversed toSorted toSpliced values with`.split(/\s+/),
);
/** `f.call` and its like do what `f` does. */
const functionMember: Step = (bits) => unknownMember(bits) | (bits & (may.fn | giving));
const functionMethods: ReadonlySet<string> = new Set(['call', 'apply', 'bind']);

function unnamedMember(name: string): Step {
  if (functionMethods.has(name)) return functionMember;
  return listMethods.has(name) ? listMember : unknownMember;
}

/** Of a module it is the module. */
const defaultMember: Step = (bits) => unknownMember(bits) | (bits & (names | may.exported));

function stepTo(name: string): Step {
  const reached = (isUsed(name) ? may.name : 0) | (isGiving(name) ? may.give : 0) | (isTelling(name) ? may.tell : 0);
  const loads = isLoading(name) ? may.load : 0;
  const loadsFromGlobal = isLoadingRoot(name) ? may.load : 0;
  const globals = isGlobalObject(name) ? may.global : 0;
  const exported = name === 'exports' ? may.exported : 0;
  const unnamed = unnamedMember(name);
  return (bits) =>
    unnamed(bits) |
    ((bits & names) === 0 ? 0 : reached) |
    ((bits & may.load) === 0 ? 0 : loads | exported) |
    ((bits & may.global) === 0 ? 0 : loadsFromGlobal | globals);
}
