import { describe, expect, test } from 'vitest';
import { columnsOf, escapeTerminal, escapeTerminalCode } from '../../src/report/escape-terminal.ts';

describe('escapeTerminal', () => {
  test.each([
    ['an escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
    ['a C1 control, which some terminals obey alone', '\u009b2J', '\\u{9b}2J'],
    ['line breaks and tabs', 'a\r\n\tb', 'a\\r\\n\\tb'],
    ['a bidi override', 'a\u202eb', 'a\\u{202e}b'],
    ['zero-width characters', 'a\u200b\u2060\ufeffb', 'a\\u{200b}\\u{2060}\\u{feff}b'],
    ['tag characters', '\u{e0041}', '\\u{e0041}'],
    ['variation selectors', '\ufe0f\u{e0100}', '\\u{fe0f}\\u{e0100}'],
    ['private use', '\ue000', '\\u{e000}'],
    ['a lone surrogate', '\ud800', '\\u{d800}'],
    ['letters that show nothing', '\u3164\u2800', '\\u{3164}\\u{2800}'],
    ['separators', '\u2028\u2029', '\\u{2028}\\u{2029}'],
    ['a workflow command', '::error::x', ':\\u{3a}error:\\u{3a}x'],
    ['a workflow command of the old kind', 'x ##[group]', 'x #\\u{23}[group]'],
  ])('shows %s', (_what, text, visible) => {
    expect(escapeTerminal(text)).toBe(visible);
  });

  test.each(['left-pad 1.2.0 → 1.3.0', 'größer', '日本語', 'e\u0301', '🙂', 'https://host.invalid/a:b'])(
    'leaves ordinary text alone: %s',
    (text) => {
      expect(escapeTerminal(text)).toBe(text);
    },
  );

  test('keeps two combining marks of a character and shows the others', () => {
    expect(escapeTerminal('a\u0301\u0302\u0303\u0304')).toBe('a\u0301\u0302\\u{303}\\u{304}');
  });

  test('cuts what is too long to read, and says so', () => {
    expect(escapeTerminal('x'.repeat(1_500))).toBe(`${'x'.repeat(1_000)}… (500 more characters)`);
  });

  test('shows a tab in code as room, and drops the carriage return of a Windows line', () => {
    expect(escapeTerminalCode('\tif (a)\treturn;\r')).toBe('  if (a)  return;');
    expect(escapeTerminalCode('a\rb')).toBe('a\\rb');
  });
});

test.each([
  ['a', 1],
  ['日', 2],
  ['🙂', 2],
  ['\u0301', 0],
])('columnsOf(%s) is %i', (character, columns) => {
  expect(columnsOf(character)).toBe(columns);
});
