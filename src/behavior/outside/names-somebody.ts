/** Does a constant name somebody, some place or some day, or only what every address has, and what is so on every day? */
import { firstInstant } from './telling-names.ts';

/** The moment in which the code runs, or a part of it. */
export type DayPart = 'instant' | 'year' | 'month' | 'day' | 'weekday' | 'hour';

/** What a value says: in words, by the number of minutes from Greenwich, by an instant, by a day as text, by its parts, by chance. */
export type Told = 'word' | 'offset' | 'written' | 'chance' | DayPart;

/** The largest number that each part has. */
const lastOf: Readonly<Record<Exclude<DayPart, 'instant' | 'year'>, number>> = {
  month: 12,
  day: 31,
  weekday: 7,
  hour: 24,
};
/** Of npm: what is compared with an earlier one is the same on every day that a package can run. */
const firstYear = 2010;

/** What every address has: schemes, marks, the signs of regular expressions. Two letters beside them name something. */
const ofAnyAddress =
  /\\[a-zA-Z]|\[(?:\\.|[^\]\\])*\]|\(\?<?[=!:]|\b(?:https?|wss?|file|ftp|data|blob|about|javascript|mailto|app|capacitor|localhost|www)\b|https\?|wss\?/g;

/** Whether a text that is compared with, or the source of a pattern, names a host, a language or somebody. */
export function namesSomebody(value: unknown): boolean {
  return typeof value === 'string' && /\p{L}{2}|\d{2}/u.test(value.replaceAll(ofAnyAddress, ' '));
}

export function isDayPart(told: Told): told is DayPart {
  return told === 'instant' || told === 'year' || told in lastOf;
}

/**
 * What of that which a value says is compared with somebody or some day; an instant with no constant at all is compared with a
 * fixed date.
 */
export function aimedAt(told: ReadonlySet<Told>, fixed: readonly unknown[]): readonly Told[] {
  const parts = [...told].filter(isDayPart);
  // `${month}/${day}`, `month * 100 + day`
  const isMade = told.has('written') || parts.length > 1;
  const made = isMade ? fixed.flatMap((value) => partsIn(value, parts)) : [];
  return [...[...told].filter((one) => isAimed(one, fixed)), ...made];
}

function isAimed(told: Told, fixed: readonly unknown[]): boolean {
  const isAny = (fits: (value: number) => boolean): boolean =>
    fixed.some((value) => typeof value === 'number' && fits(value));
  switch (told) {
    case 'word':
      return fixed.some(namesSomebody);
    case 'chance':
    case 'offset':
      return isAny((value) => value !== 0);
    case 'instant':
      return fixed.length === 0 || isAny((value) => value >= firstInstant);
    case 'year':
      return isAny((value) => value >= firstYear);
    case 'written':
      return false;
    default:
      return isAny((value) => value <= lastOf[told]);
  }
}

const yearText = /(?<!\d)20[1-9]\d(?!\d)/;
/** `12-25`, `25. 12.`, `Dec 25`, `1225`; with a colon between them they are hours. */
const dayText =
  /(?<!\d)(?:\d{1,2}[-/., ]{1,2}\d{1,2}|(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))(?!\d)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}[., ]{1,2}\d/i;

/** Parts of a day that a text, or a number which is made of several, names. */
function partsIn(value: unknown, asked: readonly DayPart[]): readonly DayPart[] {
  if (typeof value === 'number') return value > lastOf.day ? asked : [];
  if (typeof value !== 'string') return [];
  const year: readonly DayPart[] = yearText.test(value) ? ['year'] : [];
  return dayText.test(value.replace(yearText, '')) ? [...year, 'month', 'day'] : year;
}
