/**
 * Makes what cannot be seen, or would steer whatever shows it, visible as an escape.
 * Every target's own escape function stands on this one.
 */

/**
 * Controls, formats (bidi, zero-width, tags), surrogates, private use, unassigned, separators of lines and paragraphs,
 * letters and selectors that show nothing, the Braille blank, and a third combining mark in a row.
 */
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u{2800}]|(?<=\p{M}\p{M})\p{M}/gu;

/** A CI runner obeys `::command::` at the start of a line of output, and `##[command]` anywhere in it. */
const workflowCommand = /::|##\[/g;

const shortNames: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Longer than any sentence of ours; what a package says at greater length is in the JSON. */
const maxCharacters = 1_000;

/** One line, whatever was in it: `\n`, `\u{202e}`, `:\u{3a}error:\u{3a}`. */
export function makeVisible(text: string): string {
  return cut(text)
    .replace(unseen, (character) => shortNames[character] ?? codePointEscape(character))
    .replace(workflowCommand, (match) => match[0] + codePointEscape(match.charAt(1)) + match.slice(2));
}

function cut(text: string): string {
  const left = text.length - maxCharacters;
  return left > 0 ? `${text.slice(0, maxCharacters)}… (${left} more characters)` : text;
}

function codePointEscape(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
