import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { renderSarif } from '../../src/report/render-sarif.ts';
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
import { hostileText } from './hostile-verdict.ts';
import { findSarifErrors } from './sarif-schema.ts';

function runOf(check: CheckVerdict) {
  return JSON.parse(renderSarif(check)).runs[0];
}

describe('renderSarif', () => {
  test.each<[string, CheckVerdict]>([
    ['nothing found', buildCheck()],
    ['every kind of finding', mixedCheck()],
    ['many packages', largeCheck(40)],
    ['a hostile change', hostileCheck()],
  ])("is valid against SARIF's own schema: %s", (_what, check) => {
    expect(findSarifErrors(JSON.parse(renderSarif(check)))).toEqual([]);
  });

  test('that schema refuses what is wrong', () => {
    const log = JSON.parse(renderSarif(mixedCheck()));
    const [run] = log.runs;
    const [result] = run.results;
    for (const wrong of [
      { ...log, version: '2.0.0' },
      { ...log, runs: [{ ...run, tool: {} }] },
      { ...log, runs: [{ ...run, results: [{ ...result, level: 'block' }] }] },
      { ...log, runs: [{ ...run, results: [{ ...result, more: 1 }] }] },
      { ...log, runs: [{ ...run, artifacts: [{ location: { uri: 'not a uri' } }] }] },
    ]) {
      expect(findSarifErrors(wrong)).not.toEqual([]);
    }
  });

  test("locates what a tarball does at the package's line in the lockfile, and says where in the tarball", () => {
    const [result] = runOf(mixedCheck()).results;
    expect(result).toEqual({
      ruleId: 'endless-loop-at-load',
      level: 'error',
      message: {
        text: [
          'tick-tock 4.4.0 → 4.4.1: a loop that never ends runs when the package is loaded.',
          'Where: lib/index.js:12.',
          'Reached by: main → lib/index.js.',
          'Through: app → tick-tock@4.4.1.',
          'Why it matters: Whoever loads it hangs.',
          'What to do: Stay on the old version.',
        ].join('\n'),
      },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'package-lock.json', uriBaseId: '%SRCROOT%' },
            region: { startLine: 1_502 },
          },
          logicalLocations: [{ fullyQualifiedName: 'tick-tock@4.4.1', kind: 'package' }],
        },
      ],
      partialFingerprints: { 'sluice/v1': 'pkg:npm/tick-tock@4.4.1 endless-loop-at-load:1' },
      properties: {
        purl: 'pkg:npm/tick-tock@4.4.1',
        place: 'lib/index.js:12',
        excerpt: ['12: for (let i = 666; i < Infinity; i++) {', '13: console.log(i);'],
        verdictId: 'sha256-tick-tock@4.4.1',
      },
    });
  });

  test('one result for each rule and package, further entries of the lockfile beside it', () => {
    const { results, artifacts, tool } = runOf(mixedCheck());
    const of = (rule: string) => results.filter(({ ruleId }: { ruleId: string }) => ruleId === rule);
    expect(of('unforced-change')).toHaveLength(1);
    expect(of('unforced-change')[0].relatedLocations).toMatchObject([
      { id: 1, physicalLocation: { region: { startLine: 1_210 } } },
    ]);
    expect(of('gate-edited')[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: '.npmrc', uriBaseId: '%SRCROOT%' },
      region: { startLine: 3 },
    });
    expect(artifacts.map(({ location }: { location: { uri: string } }) => location.uri)).toEqual([
      'package-lock.json',
      '.npmrc',
    ]);
    const rules: string[] = tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(rules).toEqual(['endless-loop-at-load', 'gate-edited', 'network-added', 'unforced-change']);
  });

  test('a fingerprint stays when the lockfile moves, and no two results share one', () => {
    const move = (line: number) => {
      const findings = ['a', 'b', 'b'].map((message) =>
        buildLockFinding({
          rule: 'lock-in-sync',
          message,
          package: { name: 'app', version: '1.0.0' },
          at: { in: 'lockfile', path: 'package-lock.json', line },
        }),
      );
      const moved = findings.map((finding, at) => ({ ...finding, at: { ...finding.at, line: line + at } }));
      return runOf(buildCheck({ lock: buildLockVerdict({ findings: moved }), packages: [buildPackage({ line })] }));
    };
    const fingerprints = (line: number): string[] =>
      move(line).results.map(
        ({ partialFingerprints }: { partialFingerprints: Record<string, string> }) => partialFingerprints['sluice/v1'],
      );
    expect(fingerprints(10)).toEqual(fingerprints(99));
    expect(new Set(fingerprints(10)).size).toBe(3);
  });

  test('an exempted finding is suppressed, with the reason', () => {
    const exemption = { package: 'sample', rule: 'output-at-load', reason: 'a banner', expires: '2026-02-01' };
    const findings = [buildFinding({ exemption }), buildFinding({ message: 'another' })];
    const release = buildRelease('sample', '1.0.1', { result: 'block', findings });
    const { results } = runOf(buildCheck({ result: 'block', packages: [buildPackage({ release })] }));
    expect(results.map(({ suppressions }: { suppressions?: unknown }) => suppressions)).toEqual([
      undefined,
      [{ kind: 'external', status: 'accepted', justification: 'a banner' }],
    ]);
  });

  test('an undecided check has not succeeded, and says what is missing', () => {
    const { lock, packages } = mixedCheck();
    const [invocation] = runOf(buildCheck({ result: 'undecided', lock, packages: packages.slice(1, 2) })).invocations;
    expect(invocation.executionSuccessful).toBe(false);
    expect(invocation.toolExecutionNotifications).toEqual([
      {
        level: 'error',
        message: { text: 'far-away: The tarball of far-away@3.0.1 could not be fetched: the connection timed out.' },
      },
    ]);
  });

  test('an optional fact that is missing is a note, and no failure', () => {
    const gap = {
      fact: 'publishTimes',
      package: 'sample',
      why: 'not-served',
      detail: 'left out',
      required: false,
    } as const;
    const coverage = { applicable: 15, checked: 14, unchecked: [], gaps: [gap] };
    const [invocation] = runOf(buildCheck({ lock: buildLockVerdict({ coverage }) })).invocations;
    expect(invocation.executionSuccessful).toBe(true);
    expect(invocation.toolExecutionNotifications).toMatchObject([
      { level: 'note', message: { text: expect.stringContaining('not known here: publish times (sample)') } },
    ]);
  });

  test("each lockfile of a repository has a category of its own, and each name its place in the package's address", () => {
    const packages = [
      buildPackage({
        name: '@scope/odd name',
        release: buildRelease('@scope/odd name', '1.0.1', {
          findings: [buildFinding({ package: { name: '@scope/odd name', version: '1.0.1' } })],
        }),
      }),
    ];
    const run = runOf(buildCheck({ lockfile: 'web app/package-lock.json', packages }));
    expect(run.automationDetails.id).toBe('sluice/web%20app/package-lock.json/sha256-check');
    expect(run.results[0].properties.purl).toBe('pkg:npm/%40scope/odd%20name@1.0.1');
  });
});

describe('hostile text', () => {
  test('makes no link, no placeholder, no address and no command', () => {
    const text = renderSarif(hostileCheck());
    expect(text).not.toMatch(/(?!\n)\p{C}|\u2028|\u2029|\ufe0f|##\[|^\s*::/mu);
    const run = JSON.parse(text).runs[0];
    const messages: string[] = run.results.map(({ message }: { message: { text: string } }) => message.text);
    expect(messages.length).toBeGreaterThan(5);
    for (const message of messages) expect(message).not.toMatch(/\]\(|\{\d+\}(?!\})|(?!\n)\p{C}/u);
  });

  test.each(['../../etc/passwd', '/etc/passwd', 'https://evil.invalid/x', '\ud800', hostileText])(
    'a path stays below the root: %s',
    (lockfile) => {
      for (const { location } of runOf(buildCheck({ lockfile, result: 'block' })).artifacts) {
        const address = new URL(location.uri, 'file:///root/');
        expect(address.href.startsWith('file:///root/')).toBe(true);
        expect(location.uri).not.toContain('..');
      }
    },
  );
});

describe("the limits of GitHub's code scanning", () => {
  test('are kept by very many results, the worst first, and the rest is counted', () => {
    const text = renderSarif(largeCheck(5_200));
    const run = JSON.parse(text).runs[0];
    const levels: string[] = run.results.map(({ level }: { level: string }) => level);
    expect(levels.length).toBeLessThanOrEqual(5_000);
    expect(levels.filter((level) => level === 'error')).toHaveLength(520);
    expect(levels.toSorted(byLevel)).toEqual(levels);
    const left = (5_200 - levels.length).toLocaleString('en');
    expect(run.invocations[0].toolExecutionNotifications).toContainEqual({
      level: 'warning',
      message: { text: `${left} results are left out for want of room.` },
    });
  });

  test('are kept by few results that are very long', () => {
    const packages = largeCheck(3_000).packages.map((checked) => ({
      ...checked,
      why: Array.from({ length: 6 }, () => randomText()),
    }));
    const text = renderSarif(buildCheck({ result: 'block', packages }));
    expect(gzipSync(text).length).toBeLessThan(10_000_000);
    expect(JSON.parse(text).runs[0].results.length).toBeGreaterThan(1_000);
  });
});

function byLevel(left: string, right: string): number {
  const order = ['error', 'warning', 'note'];
  return order.indexOf(left) - order.indexOf(right);
}

let seed = 1;

/** Text that does not compress well, and is the same in every run. */
function randomText(): string {
  return Array.from({ length: 30 }, () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed.toString(36);
  }).join('');
}
