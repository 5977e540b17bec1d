/** What flowed into a value, as bits, so that joining two flows is one operation. */
import type { Origin } from '../../model/behavior.ts';

/** What a text may have come from stands apart: see `sources`. */
export const flow = {
  environment: 1,
  parameter: 2,
  /** A name out of a directory listing. */
  listing: 4,
  /** A path at or above the home folder, the root, the working directory or a drive. */
  broad: 8,
  decoded: 16,
  fetched: 32,
  file: 64,
  /** A part of a request that somebody sends to a server. */
  request: 128,
  /** A path or address that begins at the root: a file, and none of Node's modules. Beyond the bits of `sources`, wherever they stand. */
  place: 1_048_576,
} as const;

/**
 * What a text may have come from. Each of these bits stands once more for every call that the flow has gone through, and
 * one last time for a guess: where a name alone leads there, or so many calls that in a large file nearly everything is
 * tied to everything.
 */
const sources = flow.decoded | flow.fetched | flow.file | flow.request;
const bitsOfStage = 4;
const maxCalls = 2;
const guessedAt = bitsOfStage * (maxCalls + 1);

/** These bits as they are, however many calls they have gone through, and guessed or not. */
export function anyhow(bits: number): number {
  let all = bits;
  for (let at = bitsOfStage; at <= guessedAt; at += bitsOfStage) all |= (bits & sources) << at;
  return all;
}

const everySource = anyhow(sources);

/** Whether one of these sources flowed there for certain. */
export function comesFrom(origins: number, wanted: number): boolean {
  return (sourcesIn(origins, guessedAt - bitsOfStage) & wanted) !== 0;
}

/** As where a name alone leads there. */
export function guessBits(origins: number): number {
  return (origins & ~everySource) | (sourcesIn(origins, guessedAt) << guessedAt);
}

/** As what comes out of a call of a function of the file, or goes into one. */
export function bitsThroughCall(origins: number): number {
  if ((origins & everySource) === 0) return origins;
  let next = origins & ~everySource;
  let seen = 0;
  // By the shortest way, so that what goes round in a circle comes to an end.
  for (let at = 0; at <= guessedAt; at += bitsOfStage) {
    const here = (origins >>> at) & sources & ~seen;
    seen |= here;
    next |= here << Math.min(at + bitsOfStage, guessedAt);
  }
  return next;
}

const originNames: readonly (readonly [number, Origin])[] = [
  [flow.decoded, 'decoded'],
  [flow.fetched, 'fetched'],
  [flow.request, 'request'],
  [flow.file, 'file'],
  [flow.environment, 'environment'],
  [flow.parameter, 'parameter'],
];

/** Certain or not. */
export function originsOf(bits: number): Origin[] {
  return originNames.filter(([bit]) => (bits & anyhow(bit)) !== 0).map(([, name]) => name);
}

/** Those that are guesses. */
export function guessedOf(bits: number): Origin[] {
  const certain = sourcesIn(bits, guessedAt - bitsOfStage);
  const guessed = sourcesIn(bits, guessedAt) & ~certain;
  return originNames.filter(([bit]) => (guessed & bit) !== 0).map(([, name]) => name);
}

/** Sources that have gone through so many calls, told by the place of their bits, or fewer. */
function sourcesIn(origins: number, most: number): number {
  let found = 0;
  for (let at = 0; at <= most; at += bitsOfStage) found |= (origins >>> at) & sources;
  return found;
}
