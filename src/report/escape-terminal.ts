/**
 * The one way from foreign text to a terminal. Nobody has to remember it: the terminal report is made of spans
 * of raw text, and the layout that turns spans into lines passes every one of them through here.
 */
import { makeVisible } from './visible-text.ts';

/** One line without control characters. Not idempotent on purpose: escape once, at the way out. */
export function escapeTerminal(text: string): string {
  return makeVisible(text);
}

/** The same for a line of code, where a tab is no surprise. */
export function escapeTerminalCode(line: string): string {
  return line.replace(/\r$/, '').split('\t').map(makeVisible).join('  ');
}

const wide =
  /[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const markOnly = /\p{M}/u;

/** How many columns one character of escaped text takes. */
export function columnsOf(character: string): number {
  if (markOnly.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}
