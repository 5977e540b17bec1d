/** Two versions of a package, by content. */
import { expect, test } from 'vitest';
import type { PackageTree } from '../../src/model/package-tree.ts';
import { compareTrees } from '../../src/tarball/compare-trees.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball, type TarballFiles } from '../support/build-tarball.ts';

const cases: readonly (readonly [title: string, before: TarballFiles | undefined, after: TarballFiles, Summary])[] = [
  ['nothing before: everything is added', undefined, { a: '1', b: '1' }, { added: ['a', 'b'] }],
  ['the same', { a: '1' }, { a: '1' }, { unchanged: ['a'] }],
  ['other contents of the same length', { a: '1' }, { a: '2' }, { changed: ['a'] }],
  ['a new file and one that is gone', { a: '1' }, { b: '2' }, { added: ['b'], removed: ['a'] }],
  ['another path', { a: '1' }, { b: '1' }, { moved: ['a → b'] }],
  ['a copy brings nothing new', { a: '1' }, { a: '1', b: '1' }, { unchanged: ['a'], moved: ['a → b'] }],
  [
    'one that is gone is the source before one that stays',
    { a: '1', b: '1' },
    { a: '1', c: '1' },
    { unchanged: ['a'], moved: ['b → c'] },
  ],
  ['two moved to two', { a: '1', b: '1' }, { c: '1', d: '1' }, { moved: ['a → c', 'b → d'] }],
  ['one becomes two', { a: '1' }, { b: '1', c: '1' }, { moved: ['a → b', 'a → c'] }],
  ['two become one', { a: '1', b: '1' }, { c: '1' }, { moved: ['a → c'], removed: ['b'] }],
  ['an overwritten file’s contents elsewhere', { a: '1' }, { a: '2', b: '1' }, { changed: ['a'], moved: ['a → b'] }],
  ['empty files are no one’s copies', { a: '' }, { b: '' }, { added: ['b'], removed: ['a'] }],
  ['another hash in the name', { 'a-6RTS5NDR.js': '1' }, { 'a-B1c7OH6V.js': '2' }, { changed: ['a-B1c7OH6V.js'] }],
  ['a hexadecimal one', { 'a.3f2a9b.min.js': '1' }, { 'a.77e01c.min.js': '2' }, { changed: ['a.77e01c.min.js'] }],
  [
    'two files that differ in a hash alone: which is which is not told',
    { 'a-6RTS5NDR.js': '1' },
    { 'a-B1c7OH6V.js': '2', 'a-C2d8PI7W.js': '3' },
    { added: ['a-B1c7OH6V.js', 'a-C2d8PI7W.js'], removed: ['a-6RTS5NDR.js'] },
  ],
  [
    'a word is no hash',
    { 'a-library.js': '1' },
    { 'a-payload.js': '2' },
    { added: ['a-payload.js'], removed: ['a-library.js'] },
  ],
  [
    'what lies elsewhere now is not what the hash replaced',
    { 'a-6RTS5NDR.js': '1' },
    { 'b.js': '1', 'a-B1c7OH6V.js': '2' },
    { added: ['a-B1c7OH6V.js'], moved: ['a-6RTS5NDR.js → b.js'] },
  ],
  [
    'names of object properties are names like others',
    { constructor: '1' },
    { __proto__x: '1' },
    { moved: ['constructor → __proto__x'] },
  ],
];

test.each(cases)('%s', async (...row) => {
  const [, before, after, expected] = row;
  const summary = summarize(before === undefined ? undefined : await treeOf(before), await treeOf(after));
  expect(summary).toEqual({ added: [], removed: [], changed: [], moved: [], unchanged: [], ...expected });
});

test('files at the same path are told apart without hashing them', async () => {
  const [before, after] = [await treeOf({ a: '1' }), await treeOf({ a: '2' })];
  for (const file of [...before.files.values(), ...after.files.values()]) {
    Object.defineProperty(file, 'digest', {
      get: () => {
        throw new Error('hashed');
      },
    });
  }
  expect(summarize(before, after).changed).toEqual(['a']);
});

interface Summary {
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
  readonly changed?: readonly string[];
  readonly moved?: readonly string[];
  readonly unchanged?: readonly string[];
}

function summarize(before: PackageTree | undefined, after: PackageTree): Summary {
  const comparison = compareTrees(before, after);
  return {
    added: comparison.added.map((file) => file.path),
    removed: comparison.removed.map((file) => file.path),
    changed: comparison.changed.map((file) => file.after.path),
    moved: comparison.moved.map((move) => `${move.from.path} → ${move.to.path}`),
    unchanged: comparison.unchanged.map((file) => file.path),
  };
}

function treeOf(files: TarballFiles): Promise<PackageTree> {
  return readTarball(buildTarball(files));
}
