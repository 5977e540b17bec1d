import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { addCoverage, addExemptions, sectionCheck } from '../../src/report/check-sections.ts';
import {
  buildCheck,
  buildLockFinding,
  buildLockVerdict,
  buildPackage,
  buildRelease,
  mixedCheck,
} from './build-check.ts';
import { buildFinding } from './build-verdict.ts';

function resultsOf(check: CheckVerdict): Readonly<Record<string, string>> {
  return Object.fromEntries(sectionCheck(check).packages.map(({ checked, result }) => [checked.name, result]));
}

describe('sectionCheck', () => {
  test('puts each finding under the package that it is about, and the others under the project', () => {
    const { project, packages } = sectionCheck(mixedCheck());
    expect(project.findings.map(({ rule }) => rule)).toEqual(['gate-edited']);
    const told = packages.map(({ checked, findings }) => [checked.name, findings.map(({ rule }) => rule)]);
    expect(Object.fromEntries(told)).toEqual({
      'tick-tock': ['endless-loop-at-load'],
      'far-away': [],
      ripple: ['unforced-change', 'unforced-change'],
      garden: [],
      seedling: ['network-added'],
      '@scope/calm': [],
      'own-fork': [],
    });
  });

  test('tells what an added dependency does once, under its own name, and says so where it came along', () => {
    const { packages, findings } = sectionCheck(mixedCheck());
    expect(findings.filter(({ rule }) => rule === 'network-added')).toHaveLength(1);
    const garden = packages.find(({ checked }) => checked.name === 'garden');
    expect(garden).toMatchObject({ result: 'review', heldBackBy: ['seedling@0.1.0'] });
  });

  test('tells it under the first package that brings it along, when the lockfile does not have it', () => {
    const findings = [buildFinding({ package: { name: 'absent', version: '1.0.0' } })];
    const bring = (name: string) =>
      buildPackage({ name, release: buildRelease(name, '1.0.1', { result: 'block', findings }) });
    const { packages } = sectionCheck(buildCheck({ result: 'block', packages: [bring('a'), bring('b')] }));
    expect(packages.map((section) => [section.findings.length, section.heldBackBy])).toEqual([
      [1, []],
      [0, ['a@1.0.1']],
    ]);
  });

  test('orders packages by what became of them, and findings by level', () => {
    const { packages, findings } = sectionCheck(mixedCheck());
    const results = packages.map(({ result }) => result);
    expect(results).toEqual(['block', 'undecided', 'review', 'review', 'review', 'allow', 'allow']);
    expect(findings.map(({ level }) => level)).toEqual(['block', 'review', 'review', 'review', 'review']);
  });

  test.each([
    [
      'what the lockfile says of it',
      buildLockFinding({ level: 'block', package: { name: 'sample', version: '1.0.1' } }),
      'block',
    ],
    [
      'not what it says of another version',
      buildLockFinding({ level: 'block', package: { name: 'sample', version: '9.0.0' } }),
      'allow',
    ],
    ['no mere notice', buildLockFinding({ level: 'notice', package: { name: 'sample', version: '1.0.1' } }), 'allow'],
  ])('holds against a package %s', (_what, finding, result) => {
    expect(resultsOf(buildCheck({ lock: buildLockVerdict({ findings: [finding] }) }))).toEqual({ sample: result });
  });

  test('a required fact that is missing for one package leaves that package undecided', () => {
    const gap = { fact: 'published', package: 'b', why: 'unreachable', detail: 'No answer.', required: true } as const;
    const coverage = {
      applicable: 15,
      checked: 14,
      unchecked: [],
      gaps: [gap, { ...gap, package: 'c', required: false }],
    };
    const packages = ['a', 'b', 'c'].map((name) => buildPackage({ name }));
    const check = buildCheck({ result: 'undecided', packages, lock: buildLockVerdict({ coverage }) });
    expect(resultsOf(check)).toEqual({ a: 'allow', b: 'undecided', c: 'allow' });
  });

  test.each([
    ['blocked-before', 'undecided'],
    [undefined, 'undecided'],
    ['not-from-registry', 'allow'],
    ['unchanged-bytes', 'allow'],
  ] as const)('a package without a verdict of its own (%s) is %s', (unread, result) => {
    expect(resultsOf(buildCheck({ packages: [buildPackage({ release: undefined, unread })] }))).toEqual({
      sample: result,
    });
  });
});

test('addCoverage adds up the lockfile and every tarball', () => {
  const { applicable, checked, gaps } = addCoverage(mixedCheck());
  expect({ applicable, checked }).toEqual({ applicable: 15 + 6 * 22, checked: 15 + 5 * 22 + 4 });
  expect(gaps.map(({ package: name }) => name)).toEqual(['far-away']);
});

describe('addExemptions', () => {
  const exemption = { package: 'sample', rule: 'network-added', reason: 'known', expires: '2026-02-01' };
  const unused = { exemptions: { unused: [exemption], expired: [] } };

  test('an exemption is unused when neither the lockfile nor any tarball had a use for it', () => {
    const used = buildPackage();
    const idle = buildPackage({ release: buildRelease('sample', '1.0.1', unused) });
    const lock = buildLockVerdict(unused);
    expect(addExemptions(buildCheck({ lock, packages: [idle, used] })).unused).toEqual([]);
    expect(addExemptions(buildCheck({ lock, packages: [idle, idle] })).unused).toEqual([exemption]);
  });

  test('nothing is called unused where a tarball was not read', () => {
    const packages = [buildPackage({ release: undefined, unread: 'blocked-before' })];
    expect(addExemptions(buildCheck({ lock: buildLockVerdict(unused), packages })).unused).toEqual([]);
  });
});
