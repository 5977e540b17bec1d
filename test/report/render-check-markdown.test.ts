import type { Token, Tokens } from 'marked';
import { marked } from 'marked';
import { describe, expect, test } from 'vitest';
import { renderCheckMarkdown } from '../../src/report/render-check-markdown.ts';
import { buildCheck, buildPackage, buildRelease, largeCheck, mixedCheck } from './build-check.ts';
import { buildFinding } from './build-verdict.ts';
import { hostileCheck } from './hostile-check.ts';
import { hostileText } from './hostile-verdict.ts';

const comment = 65_536;

describe('renderCheckMarkdown', () => {
  test('says the verdict first, then what to do, then how much was looked at', () => {
    expect(renderCheckMarkdown(mixedCheck()).split('\n').slice(0, 9)).toEqual([
      '### Sluice: block. 6 packages changed (5 direct), 1 added, 1 removed; 1 is held back; 1 could not be decided; 2 need a look; 1 more brings these along; the project itself needs a look',
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
    expect(table?.header.map(({ text }) => text)).toEqual(['verdict', 'package', 'through', 'age', 'because']);
    expect(rows).toEqual([
      ['**block**', '`tick-tock` 4.4.0&nbsp;→&nbsp;4.4.1', 'direct', '1&nbsp;hour', 'endless-loop-at-load'],
      [
        '**undecided**',
        '`far-away` 3.0.0&nbsp;→&nbsp;3.0.1',
        'direct',
        '1&nbsp;month',
        'not known: files of both tarballs',
      ],
      [
        '**review**',
        '`ripple` 2.0.3&nbsp;→&nbsp;2.1.0',
        '`harbour@1.9.0`',
        '1&nbsp;month',
        'unforced-change; 2 copies',
      ],
      ['**review**', '`garden` 5.0.0&nbsp;→&nbsp;5.1.0', 'direct', '1&nbsp;month', 'because of seedling@&#8203;0.1.0'],
      ['**review**', '`seedling` 0.1.0&nbsp;(new)', '`garden@5.1.0`', '1&nbsp;month', 'network-added'],
      ['allow', '`@scope/calm` 1.0.0&nbsp;→&nbsp;1.0.1', 'direct', '1&nbsp;month', ''],
      ['allow', '`own-fork` 1.0.0&nbsp;→&nbsp;1.1.0', 'direct', 'unknown', 'contents not read'],
    ]);
  });

  test('has no column of ages where a registry tells none', () => {
    const text = renderCheckMarkdown(buildCheck({ packages: [buildPackage({ publishedAt: undefined })] }));
    expect(text).toContain('\n| verdict | package | through | because |\n');
  });

  test('several rules that speak of one package are counted in its row', () => {
    const findings = ['a-rule', 'b-rule', 'b-rule', 'c-rule'].map((rule, line) =>
      buildFinding({ rule, at: { in: 'tarball', path: 'a.js', line: line + 1 } }),
    );
    const release = buildRelease('sample', '1.0.1', { result: 'block', findings });
    const text = renderCheckMarkdown(buildCheck({ result: 'block', packages: [buildPackage({ release })] }));
    expect(text).toContain('| a-rule and 2 more |');
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

  test('folds away those that merely bring along what needs a look, and has notices as one plain list', () => {
    const about = { name: 'brought', version: '1.0.1' };
    const findings = [
      buildFinding({ package: about, level: 'review' }),
      buildFinding({ package: about, level: 'notice', message: 'of little weight' }),
    ];
    const release = (name: string) => buildRelease(name, '1.0.1', { result: 'review', findings });
    const names = ['brought', ...Array.from({ length: 14 }, (_, at) => `p${at}`)];
    const packages = names.map((name) => buildPackage({ name, release: release(name) }));
    const text = renderCheckMarkdown(buildCheck({ result: 'review', packages }));
    expect(text).toContain('; 1 needs a look; 14 more bring these along\n');
    expect(text.indexOf('| **review** | `brought`')).toBeLessThan(text.indexOf('<details>'));
    expect(text).toMatch(
      /14 packages that bring along what needs a look<\/summary>\n\n\| verdict \|.*\n.*\n\| \*\*review\*\* \| `p0`/,
    );
    expect(text).toMatch(/notices \(1\)<\/summary>\n\n- `brought`: /);
  });

  test('folds away the packages that pass when they are many', () => {
    const packages = Array.from({ length: 30 }, (_, at) => buildPackage({ name: `p${at}` }));
    const text = renderCheckMarkdown(buildCheck({ packages }));
    expect(text).toContain('<details><summary>30 packages that pass</summary>\n\n| verdict |');
    expect(text.match(/^\| allow \| `p\d+` /gm)).toHaveLength(30);
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
