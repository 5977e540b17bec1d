/** Our diffs are what `patch` and people read: checked against what the program `diff` defines, and by applying them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderUnifiedDiff } from '../../src/select/render-unified-diff.ts';

const numbered = (count: number): string => Array.from({ length: count }, (_, index) => `${index + 1}\n`).join('');

/** Applies a diff as `patch` does: by its line numbers alone. */
function applyDiff(before: string, diff: string): string {
  const lines = before.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  const result: string[] = [];
  let at = 0;
  let isGone = false;
  for (const line of diff.match(/[^\n]*\n/g)?.slice(2) ?? []) {
    const [, start, count] = /^@@ -(\d+)(?:,(\d+))? \+/.exec(line) ?? [];
    if (start !== undefined) {
      const first = Number(start) - (count === '0' ? 0 : 1);
      result.push(...lines.slice(at, first));
      at = first;
    } else if (line.startsWith('\\')) {
      if (!isGone) result.push((result.pop() ?? '').replace(/\n$/, ''));
    } else {
      isGone = line.startsWith('-');
      if (!line.startsWith('+')) {
        const expected = lines[at]?.replace(/\n?$/, '\n');
        if (line.slice(1) !== expected) throw new Error(`line ${at + 1} is ${expected}, not ${line}`);
        at += 1;
      }
      if (!line.startsWith('-')) result.push(line.slice(1));
    }
  }
  return [...result, ...lines.slice(at)].join('');
}

describe('a diff', () => {
  it('is empty where nothing differs', () => {
    expect(renderUnifiedDiff('a\n', 'a\n', 'f')).toBe('');
  });

  it('shows three lines around each change, and what is gone first', () => {
    expect(
      renderUnifiedDiff(numbered(20), numbered(20).replace('10\n11\n', 'ten\neleven\n'), 'package-lock.json'),
    ).toBe(
      '--- a/package-lock.json\n+++ b/package-lock.json\n' +
        '@@ -7,8 +7,8 @@\n 7\n 8\n 9\n-10\n-11\n+ten\n+eleven\n 12\n 13\n 14\n',
    );
  });

  it('shows changes that are far apart by themselves', () => {
    const after = numbered(30).replace('2\n', '').replace('29\n', '29\nmore\n');
    expect(renderUnifiedDiff(numbered(30), after, 'f').match(/^@@.*/gm)).toEqual([
      '@@ -1,5 +1,4 @@',
      '@@ -27,4 +26,5 @@',
    ]);
  });

  it('says where no line ends the text', () => {
    expect(renderUnifiedDiff('a\nb', 'a\nb\n', 'f')).toBe(
      '--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n',
    );
  });

  it('counts from the line before where one side is empty', () => {
    expect(renderUnifiedDiff('', 'a\n', 'f')).toBe('--- a/f\n+++ b/f\n@@ -0,0 +1 @@\n+a\n');
  });

  it('keeps carriage returns', () => {
    expect(renderUnifiedDiff('a\r\nb\r\n', 'a\r\nc\r\n', 'f')).toContain('-b\r\n+c\r\n');
  });

  it('shows one block where too many lines differ', () => {
    const [before, after] = ['old\n'.repeat(4000), 'new\n'.repeat(4000)];
    const diff = renderUnifiedDiff(`same\n${before}`, `same\n${after}`, 'f');
    expect(diff.match(/^@@.*/gm)).toEqual(['@@ -1,4001 +1,4001 @@']);
  });
});

const someText = fc.array(fc.constantFrom('a', 'b', 'c', '', '{', '}'), { maxLength: 40 });

describe('any two texts', () => {
  it('lead from one to the other by their diff', () => {
    fc.assert(
      fc.property(someText, someText, fc.boolean(), (left, right, isEnded) => {
        const [before, after] = [left.join('\n') + (isEnded ? '\n' : ''), right.join('\n')];
        expect(applyDiff(before, renderUnifiedDiff(before, after, 'f'))).toBe(after);
      }),
      { numRuns: 500 },
    );
  });

  it('differ in one line where one was put in', () => {
    fc.assert(
      fc.property(someText, fc.nat(), (left, at) => {
        const before = left.map((line) => `${line}\n`);
        const after = before.toSpliced(at % (before.length + 1), 0, 'x\n');
        const diff = renderUnifiedDiff(before.join(''), after.join(''), 'f').split('\n').slice(3);
        expect(diff.filter((line) => /^[+-]/.test(line))).toEqual(['+x']);
      }),
    );
  });
});
