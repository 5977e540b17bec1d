/**
 * The four shapes of range that make up nearly all edges of real trees, told without semver's parser, which takes
 * most of the time otherwise. Whatever looks different, prereleases included, is left to semver.
 */

/** Major, minor, patch: without leading zeros, prerelease or build. */
export type PlainVersion = readonly [major: number, minor: number, patch: number];

const plain = /^(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})$/;
const simple = /^([\^~]|>=)?(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})\.(0|[1-9]\d{0,14})$/;

export interface SimpleRange {
  readonly operator: '' | '^' | '~' | '>=';
  readonly from: PlainVersion;
}

export function findPlainVersion(version: string): PlainVersion | undefined {
  const parts = plain.exec(version);
  return parts === null ? undefined : [Number(parts[1]), Number(parts[2]), Number(parts[3])];
}

export function findSimpleRange(range: string): SimpleRange | undefined {
  const parts = simple.exec(range);
  if (parts === null) return undefined;
  // Safe: the pattern has no other operators.
  const operator = (parts[1] ?? '') as SimpleRange['operator'];
  return { operator, from: [Number(parts[2]), Number(parts[3]), Number(parts[4])] };
}

export function isInSimpleRange(version: PlainVersion, { operator, from }: SimpleRange): boolean {
  const order = compare(version, from);
  if (operator === '') return order === 0;
  if (order < 0 || operator === '>=') return order >= 0;
  const [major, minor, patch] = from;
  if (version[0] !== major) return false;
  if (operator === '~' || major === 0) {
    if (version[1] !== minor) return false;
    return operator === '~' || minor > 0 || version[2] === patch;
  }
  return true;
}

function compare(left: PlainVersion, right: PlainVersion): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
