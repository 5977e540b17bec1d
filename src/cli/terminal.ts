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

/** A line that is there while the work goes on, and only where somebody watches. */
export interface Progress {
  readonly update: (sentence: string) => void;
  readonly finished: () => void;
}

export function showProgress(sentence: string): Progress {
  if (!process.stderr.isTTY) return { update: () => {}, finished: () => {} };
  const clear = '\r\u001b[K';
  process.stderr.write(escapeTerminal(sentence));
  return {
    update: (next) => process.stderr.write(`${clear}${escapeTerminal(next)}`),
    finished: () => process.stderr.write(clear),
  };
}
