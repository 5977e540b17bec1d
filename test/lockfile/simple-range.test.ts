import fc from 'fast-check';
import satisfies from 'semver/functions/satisfies.js';
import { describe, expect, it } from 'vitest';
import { findPlainVersion, findSimpleRange, isInSimpleRange, isInWholeRange } from '../../src/lockfile/simple-range.ts';

const digit = fc.oneof(
  { weight: 6, arbitrary: fc.nat(3) },
  fc.nat(20),
  // Around the longest numbers that are told without semver.
  fc.constantFrom(8999, 9000, 9999, 10_000, 99_999_999, 100_000_000, Number.MAX_SAFE_INTEGER),
);
const version = fc.tuple(digit, digit, digit).map((parts) => parts.join('.'));
const partial = fc.oneof(
  version,
  fc.tuple(digit, digit).map((parts) => parts.join('.')),
  digit.map(String),
  fc.tuple(digit, fc.constantFrom('x', '*')).map((parts) => parts.join('.')),
  fc.tuple(digit, digit, fc.constantFrom('x', 'X', '*')).map((parts) => parts.join('.')),
  fc.tuple(version, fc.constantFrom('', '', '-0', '-beta.1', '+build', '.0')).map((parts) => parts.join('')),
);
const operator = fc.constantFrom(
  '',
  '^',
  '~',
  '>=',
  '',
  '^',
  '~',
  '>=',
  '<',
  '>',
  '<=',
  '=',
  '~>',
  'v',
  '>= ',
  '< ',
  '^ ',
  ' ',
);
const comparator = fc.tuple(operator, partial).map((parts) => parts.join(''));
const range = fc
  .array(fc.array(comparator, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 3 })
  .chain((alternatives) =>
    fc.constantFrom('||', ' || ', '|| ').map((or) => alternatives.map((one) => one.join(' ')).join(or)),
  );

describe('a simple range', () => {
  it('takes what semver takes, and no more', () => {
    let told = 0;
    const agrees = fc.property(range, fc.array(version, { minLength: 4, maxLength: 4 }), (text, versions) => {
      const simple = findSimpleRange(text);
      if (simple === undefined) return;
      told += 1;
      for (const one of versions) {
        const parsed = findPlainVersion(one);
        if (parsed === undefined) continue;
        const answer = satisfies(one, text, true);
        expect([text, one, isInSimpleRange(parsed, simple)]).toEqual([text, one, answer]);
        expect([text, one, isInWholeRange(parsed, text) ?? answer]).toEqual([text, one, answer]);
      }
    });
    fc.assert(agrees, { numRuns: 5000 });
    expect(told).toBeGreaterThan(800);
  });

  it.each([
    '^1.2.3',
    '~1.2.3',
    '1.2.3',
    '>=1.2.3',
    '^8.2',
    '1',
    '4.x',
    '^7.0.0-0',
    '>= 2.1.2 < 3',
    '^4.0.0 || ^5.0.0',
    '<1',
  ])('is %s', (text) => {
    expect(findSimpleRange(text)).toBeDefined();
  });

  it.each([
    '',
    '*',
    'latest',
    '1.2.3-beta.1',
    '<1.0.0-0',
    '1.0.0 - 2.0.0',
    '01.2.3',
    '^1.2.3 foo',
    `1${' || 1'.repeat(8)}`,
  ])('is not %s', (text) => {
    expect(findSimpleRange(text)).toBeUndefined();
  });
});

describe('a whole range', () => {
  it.each(['^1.2.3', '~1.2.3', '1.2.3'])('is %s', (text) => {
    expect(isInWholeRange(findPlainVersion('1.2.3') ?? 0, text)).toBe(true);
  });

  it.each(['^1.2', '>=1.2.3', '^1.2.3-0', '^^1.2.3', '=1.2.3', '1.2.3 || 1.2.4', '*', ''])('is not %s', (text) => {
    expect(isInWholeRange(findPlainVersion('1.2.3') ?? 0, text)).toBeUndefined();
  });
});

describe('a plain version', () => {
  it.each(['1.2', 'v1.2.3', '1.2.3-0', '1.2.3+1', '01.2.3', '1.2.3 ', '9'.repeat(16).concat('.0.0')])(
    'is not %s',
    (text) => {
      expect(findPlainVersion(text)).toBeUndefined();
    },
  );
});
