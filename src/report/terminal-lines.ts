/** The lines of every report for a terminal: labelled fields, plain prose, and columns that stand under one another. */
import { columnsOf, escapeTerminal } from './escape-terminal.ts';
import type { Line, Painter, Span, Style } from './lay-out.ts';

export interface TerminalOptions {
  /** Held between 40 and 120. */
  readonly columns: number;
  readonly paint: Painter;
}

const narrowest = 40;
const widest = 120;
/** A cell that is wider gets no room of its own: one long name does not push all the others aside. */
const widestCell = 36;
export const labelColumns = 8;

export const blankLine: Line = { indent: 0, hang: 0, form: 'prose', spans: [] };

export function limitColumns(columns: number): number {
  return Math.min(widest, Math.max(narrowest, columns));
}

export function field(label: string, text: string): Line {
  return prose(0, labelColumns, labelled(label, labelColumns), plain(text));
}

export function labelled(label: string, columns: number): Span {
  return span('faint', label.padEnd(columns));
}

/** More about the field above it. */
export function unlabelled(text: string): Line {
  return prose(labelColumns, labelColumns, plain(text));
}

export function prose(indent: number, hang: number, ...spans: readonly Span[]): Line {
  return { indent, hang, form: 'prose', spans };
}

/** What follows a blank line, if anything does. */
export function afterBlank(lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [] : [blankLine, ...lines];
}

/** Rows of cells, each cell as wide as the widest of its column. */
export function alignRows(rows: readonly (readonly Span[])[]): readonly Line[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [at, { text }] of row.entries()) {
      const width = widthOf(text);
      if (width <= widestCell) widths[at] = Math.max(widths[at] ?? 0, width);
    }
  }
  return rows.map((row) => {
    const cells = row.flatMap((cell, at) => [
      cell,
      plain(' '.repeat(Math.max(0, (widths[at] ?? 0) - widthOf(cell.text)) + 2)),
    ]);
    return prose(0, labelColumns, ...cells);
  });
}

/** Nearly every cell is plain ASCII: one column a character, and nothing to escape. */
const plainText = /^[\x20-\x7e]*$/;

function widthOf(text: string): number {
  if (plainText.test(text)) return text.length;
  return Array.from(escapeTerminal(text), columnsOf).reduce((sum, width) => sum + width, 0);
}

export function span(style: Style, text: string): Span {
  return { style, text };
}

export function plain(text: string): Span {
  return { style: 'plain', text };
}
