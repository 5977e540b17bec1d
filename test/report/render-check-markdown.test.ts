import type { Token, Tokens } from 'marked';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { renderCheckMarkdown } from '../../src/report/render-check-markdown.ts';
import { buildCheck, buildPackage, largeCheck, mixedCheck } from './build-check.ts';
import { hostileCheck } from './hostile-check.ts';
import { hostileText } from './hostile-verdict.ts';

const comment = 65_536;

describe('renderCheckMarkdown', () => {
  test('says the verdict first, then what to do, then how much was looked at', () => {
    expect(renderCheckMarkdown(mixedCheck()).split('\n').slice(0, 9)).toEqual([
      '### Sluice: block. 6 packages changed (5 direct), 1 added, 1 removed; 1 is held back; 1 could not be decided; 3 need a look; the project itself needs a look',
      '',
      '**Do not take this change.**',
      '',
      '`sluice fix` writes the lockfile with ripple 2.1.0 → 2.0.3.',
      '',
      'package-lock.json of app, compared with main (merge base 1a2b3c4). Coverage: all 15 rules checked on the lockfile, 114 of 132 checks made on the tarballs of 6 packages; not read: 1 package from outside the registry; not known here: files of both tarballs (far-away).',
      '',
      '- Missing: far-away: The tarball of far-away@&#8203;3.0.1 could not be fetched: the connection timed out.',
    ]);
  });

  test('has one table of the packages, worst first', () => {
    const [table] = marked.lexer(renderCheckMarkdown(mixedCheck())).filter(isTable);
    const rows = table?.rows.map((row) => row.map(({ text }) => text)) ?? [];
    expect(rows.map(([verdict, name, , through]) => [verdict, name, through])).toEqual([
      ['**block**', '`tick-tock`', 'direct'],
      ['**undecided**', '`far-away`', 'direct'],
      ['**review**', '`ripple`', '`harbour@1.9.0`'],
      ['**review**', '`garden`', 'direct'],
      ['**review**', '`seedling`', '`garden@5.1.0`'],
      ['allow', '`@scope/calm`', 'direct'],
      ['allow', '`own-fork`', 'direct'],
    ]);
  });

  test('tells a finding with file, line, the added lines folded, how it is reached, why it matters and what to do', () => {
    expect(renderCheckMarkdown(mixedCheck())).toContain(`
#### \`tick-tock\` 4.4.0 → 4.4.1: block

- **In the lockfile:** \`package-lock.json:1502\`, 1 hour old
- **Through:** \`app\` → \`tick-tock@4.4.1\`

**block: endless-loop-at-load:** a loop that never ends runs when the package is loaded

<details><summary>the added lines</summary>

\`\`\`text
12 | for (let i = 666; i < Infinity; i++) {
13 |   console.log(i);
\`\`\`

</details>

- **Where:** \`lib/index.js:12\`
- **Reached by:** \`main\` → \`lib/index.js\`
- **Why it matters:** Whoever loads it hangs.
- **What to do:** Stay on the old version.
`);
  });

  test('tells the version to take instead, and has the patch as a diff that can be applied', () => {
    const text = renderCheckMarkdown(mixedCheck());
    expect(text).toContain('\n- **Take instead:** `2.0.3`\n');
    const [diff] = marked.lexer(text).filter((token) => token.type === 'code' && token['lang'] === 'diff');
    expect(diff).toMatchObject({ text: mixedCheck().patch?.diff.trimEnd() });
  });

  test('folds away the packages that pass when they are many', () => {
    const packages = Array.from({ length: 30 }, (_, at) => buildPackage({ name: `p${at}` }));
    const text = renderCheckMarkdown(buildCheck({ packages }));
    expect(text).toContain('<details><summary>30 packages that pass</summary>\n\n| verdict |');
    expect(text.match(/^\| allow \| `p\d+` \|/gm)).toHaveLength(30);
  });

  test('tells the ids of all verdicts', () => {
    const text = renderCheckMarkdown(mixedCheck());
    expect(text).toContain('- the lockfile: `sha256-lock`\n');
    expect(text).toContain('- `ripple@2.1.0`: `sha256-ripple@2.1.0`\n');
    expect(text).toContain('<sub>sha256-check, sluice 0.1.0</sub>');
  });
});

describe('the room of a comment', () => {
  test('40 changed packages fit, with nothing left out', () => {
    const text = renderCheckMarkdown(largeCheck(40));
    expect(text).not.toContain('For want of room');
    expect(text.match(/^#### `package-/gm)).toHaveLength(12);
    expect(text.match(/^\| /gm)).toHaveLength(40 + 4);
  });

  test.each([
    [2_000, 40],
    [6_000, 40],
    [comment, 400],
    [comment, 3_000],
    [1_048_576, 3_000],
  ])('is kept to %i with %i packages, the worst told and the rest counted', (maxChars, count) => {
    const text = renderCheckMarkdown(largeCheck(count), { maxChars });
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(maxChars);
    const rows = text.match(/^\| (\*\*\w+\*\*|allow) \|/gm)?.length ?? 0;
    const [open, passing] = [hiddenIn(text, 'packages'), hiddenIn(text, 'packages that pass')];
    expect(rows + open + passing).toBe(count);
    const told = text.match(/^(#### `package-|\*\*(block|review):\*\* `)/gm)?.length ?? 0;
    expect(told + hiddenIn(text, 'packages with findings')).toBe(count * 0.3);
    expect(text.startsWith('### Sluice: block. ')).toBe(true);
    expect(text).toContain('sha256-check, sluice 0.1.0');
  });

  test('what blocks is told in full before what needs a look', () => {
    const text = renderCheckMarkdown(largeCheck(400), { maxChars: 40_000 });
    const full = [...text.matchAll(/^#### `package-\d+` .*: (\w+)$/gm)].map(([, result]) => result);
    expect(full.length).toBeGreaterThan(5);
    expect(full).toEqual(full.map(() => 'block'));
  });

  test.each([2_000, comment, 1_048_576])('is kept to %i by hostile text that is longer than the room', (maxChars) => {
    const text = renderCheckMarkdown(hostileCheck(`${hostileText}${'\u{1f600}\u202e'.repeat(2_000)}`), { maxChars });
    expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(maxChars);
    expect(structureOf(text).filter((part) => foreign.includes(part))).toEqual([]);
  });
});

test('hostile text brings nothing: the report is built like that of a harmless one', () => {
  const harmless = structureOf(
    renderCheckMarkdown(hostileCheck(`${'word '.repeat(20)}| more`), { maxChars: 1_048_576 }),
  );
  const text = renderCheckMarkdown(hostileCheck(), { maxChars: 1_048_576 });
  expect(structureOf(text)).toEqual(harmless);
  expect(text).not.toMatch(/^\s*::|##\[|(?!\n)\p{C}/mu);
  const inText = marked.lexer(text);
  marked.walkTokens(inText, (token) => {
    const isText = token.type === 'text' && !('tokens' in token);
    if (isText) expect(token['text']).not.toMatch(/@[a-z]|#\d|GH-\d|:\/\/|www\./i);
  });
});

const foreign = ['link', 'image', 'em', 'del', 'blockquote', 'hr', 'br'];

/** Every token that is more than text, in order; HTML as it stands there. */
function structureOf(markdown: string): readonly string[] {
  const kinds: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    if (token.type === 'html') kinds.push(token.raw.trim());
    else if (!['text', 'escape', 'space'].includes(token.type)) kinds.push(token.type);
  });
  return kinds;
}

function isTable(token: Token): token is Tokens.Table {
  return token.type === 'table';
}

function hiddenIn(text: string, what: string): number {
  return Number(new RegExp(`(\\d+) × ${what} left out`).exec(text)?.[1] ?? 0);
}
