/** Lines of styled spans → text of a given width. Every span is escaped here, so no caller can forget it. */
import { columnsOf, escapeTerminal, escapeTerminalCode } from './escape-terminal.ts';

export type Style = 'allow' | 'notice' | 'review' | 'block' | 'undecided' | 'strong' | 'faint' | 'plain';

/** Colours text that is already escaped. The caller owns it: whether there is colour is known at the process's edge. */
export type Painter = (style: Style, text: string) => string;

export interface Span {
  readonly style: Style;
  /** Raw, foreign or ours. */
  readonly text: string;
}

export interface Line {
  /** Columns before the first line, and before the lines it continues on. */
  readonly indent: number;
  readonly hang: number;
  /** Prose breaks at spaces; code keeps its spaces and breaks where the width ends; an address is not broken at all. */
  readonly form: 'prose' | 'code' | 'address';
  readonly spans: readonly Span[];
}

export function layOut(lines: readonly Line[], columns: number, paint: Painter): string {
  return lines.map((line) => `${layOutLine(line, columns, paint)}\n`).join('');
}

/** A part of a line that may not be broken: a word, or one character of code. */
interface Unit {
  readonly spaces: number;
  readonly width: number;
  readonly spans: readonly Span[];
}

function layOutLine(line: Line, columns: number, paint: Painter): string {
  const rows: string[] = [];
  let row: Span[] = [blank(line.indent)];
  let used = line.indent;
  let empty = true;
  for (const unit of toUnits(line, columns)) {
    if (!empty && used + unit.spaces + unit.width > columns) {
      rows.push(paintRow(row, paint));
      row = [blank(line.hang)];
      used = line.hang;
      empty = true;
    }
    const spaces = empty ? 0 : unit.spaces;
    // Spaces within a phrase of one style are part of it.
    const isPhrase = row.at(-1)?.style === unit.spans[0]?.style;
    row.push(blank(spaces, isPhrase ? row.at(-1)?.style : undefined), ...unit.spans);
    used += spaces + unit.width;
    empty = false;
  }
  rows.push(paintRow(row, paint));
  return rows.join('\n');
}

function blank(columns: number, style: Style = 'plain'): Span {
  return { style, text: ' '.repeat(columns) };
}

/** Neighbours of one style are painted together. */
function paintRow(row: readonly Span[], paint: Painter): string {
  const merged: { style: Style; text: string }[] = [];
  for (const { style, text } of row) {
    const last = merged.at(-1);
    if (text === '') continue;
    if (last?.style === style) last.text += text;
    else merged.push({ style, text });
  }
  return merged
    .map(({ style, text }) => paint(style, text))
    .join('')
    .trimEnd();
}

function toUnits({ form, spans, hang }: Line, columns: number): readonly Unit[] {
  if (form === 'prose') return toWords(spans, columns - hang);
  if (form === 'code') return toCharacters(spans);
  return [
    unitOf(
      0,
      spans.map(({ style, text }) => ({ style, text: escapeTerminal(text) })),
    ),
  ];
}

function toCharacters(spans: readonly Span[]): Unit[] {
  return spans.flatMap(({ style, text }) =>
    Array.from(escapeTerminalCode(text), (character) => unitOf(0, [{ style, text: character }])),
  );
}

/** Spans that touch without a space between them stay together; a word wider than a line is cut into pieces. */
function toWords(spans: readonly Span[], widest: number): Unit[] {
  const units: Unit[] = [];
  let word: Span[] = [];
  let spaces = 0;
  const flush = (): void => {
    if (word.length > 0) units.push(...cutWord(unitOf(spaces, word), widest));
    if (word.length > 0) spaces = 0;
    word = [];
  };
  for (const { style, text } of spans) {
    for (const piece of escapeTerminal(text).split(/( +)/)) {
      if (piece.startsWith(' ')) {
        flush();
        spaces = piece.length;
      } else if (piece !== '') word.push({ style, text: piece });
    }
  }
  flush();
  return units;
}

function cutWord(unit: Unit, widest: number): Unit[] {
  if (unit.width <= widest) return [unit];
  const pieces: Unit[] = [];
  let piece: Span[] = [];
  let width = 0;
  for (const { style, text } of unit.spans) {
    for (const character of text) {
      const wide = columnsOf(character);
      if (width + wide > widest) {
        pieces.push(unitOf(pieces.length === 0 ? unit.spaces : 0, piece));
        piece = [];
        width = 0;
      }
      piece.push({ style, text: character });
      width += wide;
    }
  }
  pieces.push(unitOf(pieces.length === 0 ? unit.spaces : 0, piece));
  return pieces;
}

function unitOf(spaces: number, spans: readonly Span[]): Unit {
  let width = 0;
  for (const { text } of spans) for (const character of text) width += columnsOf(character);
  return { spaces, width, spans };
}
