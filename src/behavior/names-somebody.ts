/** Does a constant name somebody, some place or some day, or only what every address has, and what is so on every day? */
import { firstInstant } from './telling-names.ts';

/** What a value says: in words, by the number of minutes from Greenwich, by an instant, by a part of the calendar, by chance. */
export type Told = 'word' | 'offset' | 'instant' | 'day' | 'chance';

/** Of a month. */
const lastDay = 31;
/** Of npm: what is compared with an earlier one is the same on every day that a package can run. */
const firstYear = 2010;

/** What every address has: schemes, marks, the signs of regular expressions. Two letters beside them name something. */
const ofAnyAddress =
  /\\[a-zA-Z]|\[(?:\\.|[^\]\\])*\]|\(\?<?[=!:]|\b(?:https?|wss?|file|ftp|data|blob|about|javascript|mailto|app|capacitor|localhost|www)\b|https\?|wss\?/g;

/** Whether a text that is compared with, or the source of a pattern, names a host, a language or somebody. */
export function namesSomebody(value: unknown): boolean {
  return typeof value === 'string' && /\p{L}{2}|\d{2}/u.test(value.replaceAll(ofAnyAddress, ' '));
}

/** Whether what a value says is compared with somebody or some day; with no constant at all, it is with a fixed date. */
export function aimsAt(told: Told | undefined, fixed: readonly unknown[]): boolean {
  switch (told) {
    case 'word':
      return fixed.some(namesSomebody);
    case 'chance':
    case 'offset':
      return fixed.some((value) => typeof value === 'number' && value !== 0);
    case 'day':
      return fixed.some((value) => typeof value === 'number' && (value <= lastDay || value >= firstYear));
    case 'instant':
      return fixed.length === 0 || fixed.some((value) => typeof value === 'number' && value >= firstInstant);
    default:
      return false;
  }
}
