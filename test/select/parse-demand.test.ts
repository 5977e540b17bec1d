import fc from 'fast-check';
import npa from 'npm-package-arg';
import Range from 'semver/classes/range.js';
import { describe, expect, it } from 'vitest';
import { parseDemand } from '../../src/select/parse-demand.ts';

describe('what a spec demands', () => {
  it.each([
    ['a', '^1.2.3', 'range >=1.2.3 <2.0.0-0'],
    ['a', ' =1.2.3 ', 'exact 1.2.3'],
    ['a', '1.2.3', 'exact 1.2.3'],
    ['a', '1', 'range >=1.0.0 <2.0.0-0'],
    ['a', '', 'any'],
    ['a', '*', 'any'],
    ['a', 'x', 'any'],
    ['a', '>=0', 'any'],
    ['a', 'latest', 'any'],
    ['a', 'npm:other@^2.0.0', 'range >=2.0.0 <3.0.0-0'],
    ['a', '1.2.3-beta.1', 'exact 1.2.3-beta.1'],
    ['a', './1.2.3', 'elsewhere'],
    ['a', '.1', 'elsewhere'],
    ['a', 'user/repository', 'elsewhere'],
    ['node_modules', '^1.2.3', 'elsewhere'],
    ['not a name', '^1.2.3', 'elsewhere'],
  ])('%s@%j: %s', (name, spec, expected) => {
    expect(describeDemand(name, spec)).toBe(expected);
  });

  it('is what npm reads, for all that looks like numbers and operators', () => {
    const part = fc.constantFrom(
      '0',
      '1',
      '2',
      '10',
      '.',
      '1.2.3',
      '1.2',
      'x',
      '*',
      '^',
      '~',
      '<',
      '>',
      '=',
      '|',
      '||',
    );
    const space = fc.constantFrom('', ' ', ' - ', '-', '-0', '>=');
    const spec = fc.array(fc.oneof(part, space), { maxLength: 7 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.constantFrom('a', '@a/b', 'a-1', 'A', 'a.b', '-a'), spec, (name, text) => {
        expect(describeDemand(name, text)).toBe(describeByNpm(name, text));
      }),
      { numRuns: 2000 },
    );
  });
});

function describeDemand(name: string, spec: string): string {
  const demand = parseDemand({ name, spec });
  if (demand.kind !== 'range') return demand.kind;
  return `${demand.isExact ? 'exact' : 'range'} ${demand.range.range}`;
}

function describeByNpm(name: string, spec: string): string {
  let parsed: npa.Result;
  try {
    parsed = npa.resolve(name, spec, '/');
  } catch {
    return 'elsewhere';
  }
  if (parsed.type === 'tag') return 'any';
  if (parsed.type !== 'range' && parsed.type !== 'version') return 'elsewhere';
  const range = new Range(parsed.fetchSpec ?? '', { loose: true });
  if (range.set.some((comparators) => comparators.every(({ value }) => value === ''))) return 'any';
  return `${parsed.type === 'version' ? 'exact' : 'range'} ${range.range}`;
}
