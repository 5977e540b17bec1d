/**
 * Ranges of plain versions as intervals: nearly all that real trees have, told without semver's parser, which would
 * take most of the time of reading a lockfile. Whatever looks different is left to semver; a test holds both together.
 */

/** Major, minor, patch in one number, in their order: without leading zeros, prerelease or build, and each short enough. */
export type PlainVersion = number;

/** From the first on, up to the second but without it. */
interface Interval {
  readonly from: PlainVersion;
  readonly below: PlainVersion;
}

/** A version is in the range where it is in one of them. */
export type SimpleRange = readonly Interval[];

const majorUnit = 1_000_000_000_000;
const minorUnit = 100_000_000;
/** So that all versions are exact, the next after each included. */
const maxMajor = 8999;
const maxMinor = majorUnit / minorUnit - 1;
const maxPatch = minorUnit - 1;

const number = '(0|[1-9]\\d{0,7})';
/** `-0`, the lowest prerelease there is, makes no difference among plain versions; not so below a bound. */
const comparator = new RegExp(`^([\\^~<=]|>=)?${number}(?:\\.${number}(?:\\.${number}(-0)?|\\.[x*])?|\\.[x*])?$`);
const maxAlternatives = 8;
const everything: Interval = { from: 0, below: Number.POSITIVE_INFINITY };

export function findPlainVersion(version: string): PlainVersion | undefined {
  return readVersion(version, 0);
}

/** For `^1.2.3`, `~1.2.3` and `1.2.3`, as most ranges are: kept apart because it takes no memory. */
export function isInWholeRange(version: PlainVersion, range: string): boolean | undefined {
  const from = readVersion(range, lengthOfOperator(range));
  return from === undefined ? undefined : version >= from && version < findWholeEnd(range, from);
}

export function findSimpleRange(range: string): SimpleRange | undefined {
  if (!range.includes(' ') && !range.includes('|')) {
    const interval = findInterval(range);
    return interval === undefined ? undefined : [interval];
  }
  const alternatives = range.split('||');
  if (alternatives.length > maxAlternatives) return undefined;
  const intervals: Interval[] = [];
  for (const alternative of alternatives) {
    const interval = intersect(alternative);
    if (interval === undefined) return undefined;
    intervals.push(interval);
  }
  return intervals;
}

export function isInSimpleRange(version: PlainVersion, range: SimpleRange): boolean {
  for (const { from, below } of range) if (version >= from && version < below) return true;
  return false;
}

/** `>= 1.2 <3`: what satisfies each of them. */
function intersect(alternative: string): Interval | undefined {
  let { from, below } = everything;
  for (const one of alternative
    .trim()
    .replaceAll(/([<>=^~]) +/g, '$1')
    .split(/ +/)) {
    const interval = findInterval(one);
    if (interval === undefined) return undefined;
    from = Math.max(from, interval.from);
    below = Math.min(below, interval.below);
  }
  return { from, below };
}

function findInterval(text: string): Interval | undefined {
  const parts = comparator.exec(text);
  if (parts === null) return undefined;
  const [, operator = '', major = '', minor, patch, lowest] = parts;
  const from = toPlainVersion(Number(major), Number(minor ?? 0), Number(patch ?? 0));
  if (from === undefined) return undefined;
  if (lowest !== undefined && operator !== '^' && operator !== '~' && operator !== '>=') return undefined;
  if (operator === '>=') return { from, below: everything.below };
  if (operator === '<') return { from: everything.from, below: from };
  // Of what is not written, anything goes.
  if (minor === undefined) return { from, below: endOfMajor(from) };
  if (patch !== undefined) return { from, below: findWholeEnd(operator, from) };
  return { from, below: operator === '^' && from >= majorUnit ? endOfMajor(from) : endOfMinor(from) };
}

/** `^` lets everything vary after the first number that is not zero. */
function findWholeEnd(range: string, from: PlainVersion): PlainVersion {
  const operator = range.charCodeAt(0);
  if (operator === tilde) return endOfMinor(from);
  if (operator !== caret || from < minorUnit) return from + 1;
  return from < majorUnit ? endOfMinor(from) : endOfMajor(from);
}

function endOfMajor(version: PlainVersion): PlainVersion {
  return (Math.floor(version / majorUnit) + 1) * majorUnit;
}

function endOfMinor(version: PlainVersion): PlainVersion {
  return (Math.floor(version / minorUnit) + 1) * minorUnit;
}

const caret = 0x5e;
const tilde = 0x7e;

function lengthOfOperator(range: string): 0 | 1 {
  const first = range.charCodeAt(0);
  return first === caret || first === tilde ? 1 : 0;
}

/** Read by hand, for a lockfile has thousands. */
function readVersion(text: string, start: number): PlainVersion | undefined {
  const first = text.indexOf('.', start);
  const second = text.indexOf('.', first + 1);
  if (first === -1 || second === -1) return undefined;
  const major = readNumber(text, start, first);
  const minor = readNumber(text, first + 1, second);
  return toPlainVersion(major, minor, readNumber(text, second + 1, text.length));
}

function toPlainVersion(major: number, minor: number, patch: number): PlainVersion | undefined {
  if (!(major <= maxMajor && minor <= maxMinor && patch <= maxPatch)) return undefined;
  return major * majorUnit + minor * minorUnit + patch;
}

/** Digits alone, without leading zeros, and few enough to be exact; else NaN. */
function readNumber(text: string, start: number, end: number): number {
  if (end === start || end - start > 8 || (text.charCodeAt(start) === 0x30 && end - start > 1)) return Number.NaN;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
