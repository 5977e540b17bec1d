import { describe, expect, test } from 'vitest';
import { columnsOf } from '../../src/report/escape-terminal.ts';
import { renderTerminal } from '../../src/report/render-terminal.ts';
import { buildFinding, buildVerdict } from './build-verdict.ts';
import { hostileVerdict } from './hostile-verdict.ts';

const plainly = { columns: 80, paint: (_style: string, text: string): string => text };

describe('renderTerminal', () => {
  test('says the word, the subject and the coverage first', () => {
    const gaps = [
      { fact: 'publishTimes', package: 'sample', why: 'not-served', detail: 'left out', required: false },
      { fact: 'integrity', package: 'added', why: 'not-served', detail: 'left out', required: false },
    ] as const;
    const verdict = buildVerdict({ coverage: { applicable: 34, checked: 31, unchecked: [], gaps } });
    expect(renderTerminal(verdict, plainly).split('\n').slice(0, 3)).toEqual([
      'allow   sample 1.0.0 → 1.0.1',
      '        31 of 34 rules checked; not known here: publish times; added (integrity',
      '        of both tarballs)',
    ]);
  });

  test('a block says what, where, the added lines, how it is reached, why, what to do, and how to accept it', () => {
    const verdict = buildVerdict({ result: 'block', findings: [buildFinding()] });
    expect(renderTerminal(verdict, plainly)).toBe(`\
block   sample 1.0.0 → 1.0.1
        all 22 rules checked

block   endless-loop-at-load
        a loop that never ends runs when the package is loaded
where   lib/index.js:12
        12 │ for (let i = 666; i < Infinity; i++) {
        13 │   console.log(i);
via     main → lib/index.js
why     Whoever loads it hangs.
do      Stay on the old version.

next    Do not take this update.
        Looked into it, and it is fine? Say so under "exemptions" in
        sluice.json:
        { "package": "sample@1.0.1", "rule": "endless-loop-at-load", "reason":
        "…", "expires": "YYYY-MM-DD" }
        sha256-id, sluice 0.1.0
`);
  });

  test('findings of one rule stand together: three places after the first, and the number of the others', () => {
    const findings = [1, 2, 3, 4, 5, 6].map((line) =>
      buildFinding({ at: { in: 'tarball', path: 'a.js', line }, excerpt: [], message: line < 3 ? 'seen' : 'seen too' }),
    );
    const lines = renderTerminal(buildVerdict({ result: 'block', findings }), plainly).split('\n');
    expect(lines).toContain('where   a.js:1');
    expect(lines.filter((line) => line.startsWith('also'))).toEqual([
      'also    a.js:2',
      'also    a.js:3: seen too',
      'also    a.js:4: seen too',
    ]);
    expect(lines).toContain('        and 2 more places');
    expect(lines.filter((line) => line.startsWith('why'))).toHaveLength(1);
  });

  test('findings about different packages do not stand together, and name the package that came along', () => {
    const findings = [buildFinding(), buildFinding({ package: { name: 'other', version: '2.0.0' } })];
    const text = renderTerminal(buildVerdict({ result: 'block', findings }), plainly);
    expect(text).toContain('block   endless-loop-at-load in the added dependency other@2.0.0\n');
    expect(text.match(/^why/gm)).toHaveLength(2);
  });

  test('a notice takes one line and no reason', () => {
    const notice = buildFinding({ level: 'notice', rule: 'version-anomaly', kind: 'jump', message: 'a jump' });
    const text = renderTerminal(buildVerdict({ findings: [notice, notice] }), plainly);
    expect(text).toContain('\nnotice  version-anomaly (jump): a jump (lib/index.js:12, and 1 more)\n');
    expect(text).not.toContain('why');
    expect(text).not.toContain('exemptions');
  });

  test('undecided says what was missing, and is never painted as allow is', () => {
    const verdict = buildVerdict({
      result: 'undecided',
      coverage: {
        applicable: 2,
        checked: 0,
        unchecked: [{ rule: 'entry-missing', package: 'sample', facts: [], failure: 'TypeError: oops' }],
        gaps: [
          { fact: 'versions', package: 'sample', why: 'unreachable', detail: 'No answer.', required: true },
          { fact: 'registryManifest', package: 'sample', why: 'unreachable', detail: 'No answer.', required: true },
        ],
      },
    });
    const text = renderTerminal(verdict, { columns: 120, paint: (style, part) => `[${style}]${part}` });
    expect(text).toContain('[undecided]undecided');
    expect(text).not.toContain('[allow]');
    expect(renderTerminal(verdict, plainly)).toContain(`\
undecided sample 1.0.0 → 1.0.1
        0 of 2 rules checked; not known here: list of versions, manifest at the
        registry
missing sample: No answer.
missing sample: the rule entry-missing failed (TypeError: oops). This is a bug
        in Sluice.
`);
  });

  test('an exempted finding is told apart, and exemptions without use are named', () => {
    const exemption = { package: 'sample', rule: 'output-at-load', reason: 'a banner', expires: '2026-02-01' };
    const verdict = buildVerdict({
      findings: [buildFinding({ rule: 'output-at-load', message: 'prints', exemption })],
      exemptions: { unused: [{ ...exemption, package: 'a' }], expired: [{ ...exemption, package: 'b' }] },
    });
    expect(renderTerminal(verdict, plainly)).toContain(`
policy  exempted until 2026-02-01: output-at-load of sample: prints (a banner)
policy  expired on 2026-02-01: the exemption of b from output-at-load
policy  unused: the exemption of a from output-at-load
`);
  });

  test.each([20, 40, 80, 120, 500])('a hostile verdict at %i columns steers nothing and keeps the width', (columns) => {
    const text = renderTerminal(hostileVerdict(), { ...plainly, columns });
    const widest = Math.min(120, Math.max(40, columns));
    for (const line of text.split('\n')) {
      expect(line).not.toMatch(/\p{C}|^\s*::|##\[/u);
      expect(Array.from(line, columnsOf).reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(widest);
    }
  });
});
