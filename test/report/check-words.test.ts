import { describe, expect, test } from 'vitest';
import type { CheckVerdict } from '../../src/model/check-verdict.ts';
import { sectionCheck } from '../../src/report/check-sections.ts';
import {
  describeAge,
  describeCheckCoverage,
  describeOutcome,
  findTarget,
  formatCount,
} from '../../src/report/check-words.ts';
import { exampleExemption } from '../../src/report/verdict-words.ts';
import { buildCheck, buildLockFinding, buildLockVerdict, buildPackage, largeCheck, mixedCheck } from './build-check.ts';

function outcomeOf(check: CheckVerdict): string {
  return describeOutcome(check, sectionCheck(check));
}

describe('describeOutcome', () => {
  test.each<[CheckVerdict, string]>([
    [
      mixedCheck(),
      '6 packages changed (5 direct), 1 added, 1 removed; 1 is held back; 1 could not be decided; 2 need a look; 1 more brings these along; the project itself needs a look',
    ],
    [buildCheck(), '1 package changed (1 direct)'],
    [buildCheck({ packages: [] }), 'no package changed, 311 as they were'],
    [buildCheck({ packages: [], removed: [{ name: 'a', version: '1.0.0' }] }), 'no package changed, 1 removed'],
    [buildCheck({ base: undefined }), '1 package looked at (1 direct)'],
    [largeCheck(1_200), '1,200 packages changed (300 direct); 120 are held back; 240 need a look'],
    [
      buildCheck({ packages: [buildPackage({ release: undefined, unread: 'blocked-before' })] }),
      '1 package changed (1 direct); 1 not read yet',
    ],
  ])('counts what changed and what became of it', (check, sentence) => {
    expect(outcomeOf(check)).toBe(sentence);
  });
});

describe('describeCheckCoverage', () => {
  test('names what is missing for few packages, and counts many', () => {
    const gapOf = (fact: 'publishTimes' | 'advisories', name: string) =>
      ({ fact, package: name, why: 'not-served', detail: 'left out', required: false }) as const;
    const gaps = [...['a', 'b', 'c'].map((name) => gapOf('publishTimes', name)), gapOf('advisories', 'a')];
    const lock = buildLockVerdict({ coverage: { applicable: 15, checked: 13, unchecked: [], gaps } });
    expect(describeCheckCoverage(buildCheck({ lock }))).toBe(
      '13 of 15 rules checked on the lockfile, all 22 checks made on the tarballs of 1 package; not known here: publish times (3 packages); advisories (a)',
    );
  });

  test('does not count what packages bring along where all of them lack a fact', () => {
    const names = ['a', 'b', 'c', 'brought-along'];
    const gaps = names.map(
      (name) =>
        ({ fact: 'publishTimes', package: name, why: 'not-served', detail: 'left out', required: false }) as const,
    );
    const packages = names.slice(0, 3).map((name) => {
      const one = buildPackage();
      return { ...one, name, release: one.release && { ...one.release, subject: { ...one.release.subject, name } } };
    });
    const lock = buildLockVerdict({ coverage: { applicable: 15, checked: 15, unchecked: [], gaps } });
    const sentence = (of: typeof packages): string => describeCheckCoverage(buildCheck({ lock, packages: of }));
    expect(sentence(packages)).toMatch(/; not known here: publish times \(all packages\)$/);
    const other = packages.map((one) =>
      one.release ? { ...one, release: { ...one.release, subject: { ...one.release.subject, name: 'd' } } } : one,
    );
    expect(sentence(other)).toMatch(/; not known here: publish times \(4 packages\)$/);
  });

  test('says that nobody was asked when the lockfile alone blocks, and does not list what nobody asked for', () => {
    const gap = {
      fact: 'published',
      package: 'sample',
      why: 'not-consulted',
      detail: 'Not asked.',
      required: false,
    } as const;
    const lock = buildLockVerdict({ coverage: { applicable: 15, checked: 9, unchecked: [], gaps: [gap] } });
    const packages = [buildPackage({ release: undefined, unread: 'blocked-before' })];
    expect(describeCheckCoverage(buildCheck({ lock, packages, stopped: true }))).toBe(
      '9 of 15 rules checked on the lockfile; no registry was asked, since the lockfile alone blocks',
    );
  });
});

test.each([
  ['2026-01-01T00:00:00.000Z', 'under an hour old'],
  ['2025-12-31T22:59:00.000Z', '1 hour old'],
  ['2025-12-31T00:00:00.000Z', '1 day old'],
  ['2025-12-03T00:00:00.000Z', '29 days old'],
  ['2025-11-02T00:00:00.000Z', '2 months old'],
  ['2023-01-01T00:00:00.000Z', '3 years old'],
  ['2026-01-01T00:00:01.000Z', 'age unknown'],
  ['soon', 'age unknown'],
  [undefined, 'age unknown'],
])('a release of %s is %s', (publishedAt, age) => {
  expect(describeAge(buildPackage({ publishedAt }), '2026-01-01T00:00:00.000Z')).toBe(age);
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567, '1,234,567'],
])('%i is written %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test('the version to take instead is the one that the patch puts in place, else that of the worst finding', () => {
  const finding = buildLockFinding({ package: { name: 'ripple', version: '2.1.0' }, target: '1.9.9' });
  const lock = buildLockVerdict({ findings: [finding] });
  const packages = [buildPackage({ name: 'ripple', from: '2.0.0', to: '2.1.0' })];
  const targetOf = (patch: CheckVerdict['patch']): string | undefined => {
    const check = buildCheck({ lock, packages, patch });
    const [section] = sectionCheck(check).packages;
    return section && findTarget(section, check);
  };
  expect(targetOf(undefined)).toBe('1.9.9');
  expect(targetOf(mixedCheck().patch)).toBe('2.0.3');
});

test.each([
  ['1.0.0', 'app@1.0.0'],
  ['', 'app'],
])('an exemption for a project of version "%s" is for %s', (version, name) => {
  const finding = buildLockFinding({ package: { name: 'app', version } });
  expect(JSON.parse(exampleExemption(finding))).toMatchObject({ package: name });
});
