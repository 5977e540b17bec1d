/** The process's streams: stdout holds the answer, stderr the talk. */
import { styleText } from 'node:util';
import { escapeTerminal } from '../report/escape-terminal.ts';
import type { Painter, Style } from '../report/lay-out.ts';

const formats = {
  allow: 'green',
  notice: 'cyan',
  review: ['yellow', 'bold'],
  block: ['red', 'bold'],
  undecided: ['magenta', 'bold'],
  strong: 'bold',
  faint: 'dim',
} as const satisfies Record<Exclude<Style, 'plain'>, unknown>;

/** Colour where stdout is a terminal that has it; NO_COLOR and FORCE_COLOR are Node's to read. */
export const paintStdout: Painter = (style, text) =>
  style === 'plain' ? text : styleText([formats[style]].flat(), text, { stream: process.stdout });

export function stdoutColumns(): number {
  return process.stdout.columns ?? 80;
}

/** One escaped sentence on stderr. */
export function say(sentence: string): void {
  process.stderr.write(`${sentence.split('\n').map(escapeTerminal).join('\n')}\n`);
}

/** A line that is there while the work goes on, and only where somebody watches. Returns what takes it away. */
export function showProgress(sentence: string): () => void {
  if (!process.stderr.isTTY) return () => {};
  process.stderr.write(`${escapeTerminal(sentence)}`);
  return () => process.stderr.write('\r\u001b[K');
}
