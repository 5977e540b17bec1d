import fc from 'fast-check';
import type { Token, Tokens } from 'marked';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { escapeMarkdown, Markdown } from '../../src/report/escape-markdown.ts';
import { makeVisible } from '../../src/report/visible-text.ts';
import { hostileText } from './hostile-verdict.ts';

/** What GitHub's extra steps would act on in finished text. */
const actsInText = /@[a-z0-9]|#\d|GH-\d|:\/\/|www\./i;

/** Everything of Markdown's own syntax, and what GitHub adds to it. */
const markdownPieces = fc.array(
  fc.constantFrom(
    ...['*', '_', '`', '```', '~~', '[', ']', '(', ')', '!', '<', '>', '<b>', '<!--', '&lt;', '&', '#', '# ', '|'],
    ...['\\', '@you', '#12', 'GH-1', 'http://a.invalid', 'www.a.invalid', 'a@b.invalid', '1. ', '2) ', '- ', '+ '],
    ...['---', '===', '\n', '\n\n', '    ', '\t', ' ', 'word', '$x$', '"', "'", ':', '{', '}', '^'],
  ),
  { maxLength: 12 },
);

describe('escapeMarkdown', () => {
  test('text stays one paragraph of the same text, whatever it is made of', () => {
    fc.assert(
      fc.property(markdownPieces, (pieces) => {
        const text = pieces.join('');
        const tokens = marked.lexer(escapeMarkdown(text));
        fc.pre(makeVisible(text).trim() !== '');
        expect(tokens.map((token) => token.type)).toEqual(['paragraph']);
        expect(kindsIn(tokens)).toEqual([]);
        expect(textIn(tokens)).toBe(makeVisible(text).replace(/ {2,}/g, ' ').trim());
        expect(textIn(tokens, 'with breaks')).not.toMatch(actsInText);
      }),
      { numRuns: 2_000 },
    );
  });

  test('a hostile text stays text in a list, a heading and a cell of a table', () => {
    const escaped = escapeMarkdown(hostileText);
    for (const document of [`- ${escaped}`, `# ${escaped}`, `| a | b |\n| - | - |\n| ${escaped} | second |`]) {
      const tokens = marked.lexer(document);
      expect(tokens).toHaveLength(1);
      expect(kindsIn(tokens)).toEqual([]);
    }
    const table = marked.lexer(`| a | b |\n| - | - |\n| ${escaped} | second |`)[0];
    expect(table?.type).toBe('table');
    // Safe: the type was checked on the line above.
    expect((table as Tokens.Table).rows[0]?.[1]?.text).toBe('second');
  });
});

describe('Markdown.code', () => {
  test('is one code span of the same text, whatever it is made of', () => {
    fc.assert(
      fc.property(markdownPieces, (pieces) => {
        const text = pieces.join('');
        fc.pre(makeVisible(text).trim() !== '');
        const [paragraph] = marked.lexer(`a ${Markdown.code(text)} b`);
        const kinds = (paragraph && 'tokens' in paragraph ? (paragraph.tokens ?? []) : []).map((token) => token.type);
        expect(kinds).toEqual(['text', 'codespan', 'text']);
        expect(textIn(paragraph === undefined ? [] : [paragraph])).toBe(
          `a ${makeVisible(text).replace(/ +/g, ' ').trim()} b`,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});

test('a fenced block ends where we end it', () => {
  const lines = ['```', '~~~', '`````` js', '</pre>', '::error::x'].map((code, index) => ({
    lead: `${index} | `,
    code,
  }));
  const tokens = marked.lexer(Markdown.fence(lines).toString());
  expect(tokens.map((token) => token.type)).toEqual(['code']);
  expect(tokens[0]).toMatchObject({ text: expect.stringContaining('4 | :\\u{3a}error:\\u{3a}x') });
});

test('code in a sentence of ours is code, and the rest of it is text', () => {
  expect(Markdown.prose('Run `npm i <name>` *now*, or `not').toString()).toBe(
    'Run `npm i <name>` \\*now\\*, or \\`not',
  );
});

test('a diff keeps its lines, marks and tabs, and nothing in it ends the block', () => {
  const diff = '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\ta\r\n+```\n::error::x\n+\u001b[31m\n';
  const tokens = marked.lexer(Markdown.diff(diff).toString());
  expect(tokens.map((token) => token.type)).toEqual(['code']);
  expect(tokens[0]).toMatchObject({
    lang: 'diff',
    text: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\ta\n+```\n :\\u{3a}error:\\u{3a}x\n+\\u{1b}[31m',
  });
});

test('values between our words are escaped, unless they are Markdown', () => {
  expect(Markdown.of`**${'*'}** ${Markdown.code('*')} ${1}`.toString()).toBe('**\\*** `*` 1');
});

/** Kinds of inline tokens that are more than text. */
function kindsIn(tokens: readonly Token[]): string[] {
  const kinds: string[] = [];
  marked.walkTokens([...tokens], (token) => {
    if (['html', 'link', 'image', 'strong', 'em', 'codespan', 'del', 'code', 'br'].includes(token.type)) {
      kinds.push(token.type);
    }
  });
  return kinds;
}

/** What a reader sees; the breaks that prevent links take no room. */
function textIn(tokens: readonly Token[], breaks: 'with breaks' | 'without breaks' = 'without breaks'): string {
  let text = '';
  marked.walkTokens([...tokens], (token) => {
    if (token.type === 'codespan') text += token['text'];
    else if (token.type === 'escape') text += decode(token['text']);
    else if (token.type === 'text' && !('tokens' in token && token.tokens)) text += decode(token['text']);
  });
  return (breaks === 'with breaks' ? text : text.replaceAll('\u200b', '')).trim();
}

function decode(text: string): string {
  return text
    .replaceAll('&#8203;', '\u200b')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
