/**
 * Ranges of plain versions as intervals: nearly all that real trees have, told without semver's parser, which would
 * take most of the time of reading a lockfile. Whatever looks different is left to semver; a test holds both together.
 */

/** Major, minor, patch: without leading zeros, prerelease or build. */
export type PlainVersion = readonly [major: number, minor: number, patch: number];

/** From the first on, up to the second but without it. */
interface Interval {
  readonly from: PlainVersion;
  readonly below: PlainVersion;
}

/** A version is in the range where it is in one of them. */
export type SimpleRange = readonly Interval[];

const number = '(0|[1-9]\\d{0,14})';
/** `-0`, the lowest prerelease there is, makes no difference among plain versions; not so below a bound. */
const comparator = new RegExp(`^([\\^~<=]|>=)?${number}(?:\\.${number}(?:\\.${number}(-0)?|\\.[x*])?|\\.[x*])?$`);
const maxAlternatives = 8;
const highest = Number.MAX_SAFE_INTEGER;
const everything: Interval = { from: [0, 0, 0], below: [highest, 0, 0] };

export function findPlainVersion(version: string): PlainVersion | undefined {
  return version[0] === '^' || version[0] === '~' ? undefined : findWhole(version)?.from;
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
  for (const { from, below } of range) {
    if (compare(version, from) >= 0 && compare(version, below) < 0) return true;
  }
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
    if (compare(interval.from, from) > 0) from = interval.from;
    if (compare(interval.below, below) < 0) below = interval.below;
  }
  return { from, below };
}

function findInterval(text: string): Interval | undefined {
  return findWhole(text) ?? findPartial(text);
}

/** `^1.2.3`, as most are, without a pattern. */
function findWhole(text: string): Interval | undefined {
  const operator = text[0] === '^' || text[0] === '~' ? text[0] : '';
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  if (first === -1 || second === -1) return undefined;
  const major = readNumber(text, operator.length, first);
  const minor = readNumber(text, first + 1, second);
  const patch = readNumber(text, second + 1, text.length);
  if (major === undefined || minor === undefined || patch === undefined) return undefined;
  const from: PlainVersion = [major, minor, patch];
  return { from, below: findEnd(operator, from, { minor: '', patch: '' }) };
}

/** Digits alone, without leading zeros, and few enough to be exact. */
function readNumber(text: string, start: number, end: number): number | undefined {
  if (end === start || end - start > 15 || (text.charCodeAt(start) === 0x30 && end - start > 1)) return undefined;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function findPartial(text: string): Interval | undefined {
  const parts = comparator.exec(text);
  if (parts === null) return undefined;
  const [, operator = '', major = '', minor, patch, lowest] = parts;
  const from: PlainVersion = [Number(major), Number(minor ?? 0), Number(patch ?? 0)];
  if (lowest !== undefined && operator !== '^' && operator !== '~' && operator !== '>=') return undefined;
  if (operator === '>=') return { from, below: everything.below };
  if (operator === '<') return { from: everything.from, below: from };
  return { from, below: findEnd(operator, from, { minor, patch }) };
}

interface Written {
  readonly minor: string | undefined;
  readonly patch: string | undefined;
}

/** Of what is not written, anything goes; `^` also lets everything vary after the first number that is not zero. */
function findEnd(operator: string, [major, minor, patch]: PlainVersion, written: Written): PlainVersion {
  if (written.minor === undefined || (operator === '^' && major > 0)) return [major + 1, 0, 0];
  if (written.patch === undefined || operator === '~' || (operator === '^' && minor > 0)) return [major, minor + 1, 0];
  return [major, minor, patch + 1];
}

function compare(left: PlainVersion, right: PlainVersion): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}
