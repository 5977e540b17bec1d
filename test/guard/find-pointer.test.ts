import { expect, test } from 'vitest';
import { findPointer } from '../../src/guard/find-pointer.ts';

test('finds a value from its key on', () => {
  expect(findPointer('{\n  "a": { "b/c": [1,\n 2] } }', '/a/b~1c')).toEqual({ line: 2, column: 9 });
  expect(findPointer('{\n  "a": { "b/c": [1,\n 2] } }', '/a/b~1c/1')).toEqual({ line: 3, column: 1 });
});

test('of equal keys takes the last, as npm does', () => {
  expect(findPointer('{"a": 1,\n"a": 2}', '/a')).toEqual({ line: 2, column: 0 });
});

test.each([
  ['what nests deeper than the stack', `{"name": 1, "deep": ${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
  ['what is longer than any manifest', `{"name": 1, "long": "${'x'.repeat(1_000_001)}"}`],
  ['what is empty', ''],
  ['what is no object', '[]'],
])('finds nothing in %s', (_what, text) => {
  expect(findPointer(text, '/name')).toBeUndefined();
});

test.each(['/__proto__', '/constructor', '/toString/name'])('%s is a key like any other', (pointer) => {
  expect(findPointer('{"name": 1}', pointer)).toBeUndefined();
});
