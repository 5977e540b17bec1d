import { describe, expect, test } from 'vitest';
import { parseSubject } from '../../src/cli/parse-subject.ts';

const noFile = (): boolean => false;
const everyFile = (): boolean => true;

describe('parseSubject', () => {
  test.each([
    ['left-pad@1.2.0', 'left-pad@1.3.0', { name: 'left-pad', from: '1.2.0', to: '1.3.0' }],
    ['left-pad@1.2.0', '1.3.0', { name: 'left-pad', from: '1.2.0', to: '1.3.0' }],
    [
      '@scope/name@1.2.0',
      '@scope/name@v2.0.0-rc.1+build',
      { name: '@scope/name', from: '1.2.0', to: '2.0.0-rc.1+build' },
    ],
    ['old@0.1.0beta', 'old@0.1.0.2', { name: 'old', from: '0.1.0beta', to: '0.1.0.2' }],
  ])('%s and %s are versions', (before, after, pair) => {
    expect(parseSubject(before, after, noFile)).toEqual({ source: 'registry', ...pair });
  });

  test.each([
    ['old.tgz', './new.tar.gz'],
    ['sample@1.0.0-x.tgz', 'sample@1.0.1-x.tgz'],
  ])('%s and %s are files by their names', (before, after) => {
    expect(parseSubject(before, after, noFile)).toEqual({ source: 'local', before, after });
  });

  test('any file that exists is one', () => {
    expect(parseSubject('./a', 'b', everyFile)).toEqual({ source: 'local', before: './a', after: 'b' });
  });

  test('a file called like a version does not stand in for the package', () => {
    expect(parseSubject('sample@1.0.0', 'sample@1.0.1', everyFile)).toMatchObject({ source: 'registry' });
  });

  test.each([
    ['sample@', 'names no version'],
    ['@scope/name', 'names no version'],
    ['sample@>=1.0.0 <2', 'names a range'],
    ['sample@1.x', 'names a range'],
    ['sample@x', 'names a range'],
    ['sample@*', 'names a range'],
    ['sample@next', 'names a tag'],
    ['https://host.invalid/x', 'is neither a file nor a package'],
    ['../../etc@1.0.0', 'is neither a file nor a package'],
    ['', 'is neither a file nor a package'],
  ])('refuses "%s": it %s', (argument, why) => {
    for (const [before, after] of [
      [argument, 'sample@1.0.0'],
      ['sample@1.0.0', argument],
    ] as const) {
      expect(() => parseSubject(before, after, noFile)).toThrow(`"${argument}" ${why}`);
    }
  });
});
