import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../src/report/escape-terminal.ts';
import type { Line, Span } from '../../src/report/lay-out.ts';
import { layOut } from '../../src/report/lay-out.ts';
import { hostileText } from './hostile-verdict.ts';

const inBrackets = (style: string, text: string): string => (style === 'plain' ? text : `<${style} ${text}>`);
const plainly = (_style: string, text: string): string => text;

function line(form: Line['form'], ...spans: readonly Span[]): Line {
  return { indent: 2, hang: 4, form, spans };
}

describe('layOut', () => {
  test('breaks prose at spaces and hangs what follows', () => {
    const text = 'one two three four five';
    expect(layOut([line('prose', { style: 'plain', text })], 14, plainly)).toBe(
      '  one two\n    three four\n    five\n',
    );
  });

  test('keeps spans together that touch', () => {
    const spans: Span[] = [
      { style: 'strong', text: 'a b' },
      { style: 'plain', text: ': c' },
    ];
    expect(layOut([line('prose', ...spans)], 7, inBrackets)).toBe('  <strong a b>:\n    c\n');
  });

  test('breaks a word that is wider than a line, and code where the width ends', () => {
    const spans: Span[] = [{ style: 'plain', text: 'abcdefghij' }];
    expect(layOut([line('prose', ...spans)], 8, plainly)).toBe('  abcd\n    efgh\n    ij\n');
    expect(layOut([line('code', { style: 'plain', text: 'a  bcdefgh' })], 8, plainly)).toBe('  a  bcd\n    efgh\n');
  });

  test('counts wide characters as two columns', () => {
    expect(layOut([line('prose', { style: 'plain', text: '日本 日本' })], 8, plainly)).toBe('  日本\n    日本\n');
  });

  test('paints neighbours of one style together', () => {
    expect(layOut([line('prose', { style: 'strong', text: 'a b' })], 40, inBrackets)).toBe('  <strong a b>\n');
  });

  test.each([40, 80, 120])(
    'no line of hostile text is wider than %i columns, steers a terminal, or is a command',
    (columns) => {
      const forms = ['prose', 'code'] as const;
      const text = layOut(
        forms.map((form) => line(form, { style: 'plain', text: hostileText })),
        columns,
        plainly,
      );
      for (const row of text.split('\n')) {
        expect(Array.from(row, columnsOf).reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(columns);
        expect(row).not.toMatch(/^\s*::|##\[|\p{C}/u);
      }
    },
  );
});
