/** Does a constant name something, or only what every address has: a scheme, a mark? */

/** What every address has: schemes, marks, the signs of regular expressions. Two letters beside them name something. */
const ofAnyAddress =
  /\\[a-zA-Z]|\[(?:\\.|[^\]\\])*\]|\(\?<?[=!:]|\b(?:https?|wss?|file|ftp|data|blob|about|javascript|mailto|app|capacitor|localhost|www)\b|https\?|wss\?/g;

/** Whether a text that is compared with, or the source of a pattern, names a host, a language or somebody. */
export function namesSomebody(value: unknown): boolean {
  return typeof value === 'string' && /\p{L}{2}|\d{2}/u.test(value.replaceAll(ofAnyAddress, ' '));
}
