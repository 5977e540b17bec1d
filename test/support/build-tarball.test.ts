/** The tar writer against node-tar: what it writes plainly must read back plainly. */
import { Parser, type ReadEntry } from 'tar';
import { expect, test } from 'vitest';
import { buildTarball } from './build-tarball.ts';

test('what is written is what npm’s own tar reads', () => {
  const long = `${'folder/'.repeat(20)}index.js`;
  expect(entriesOf(buildTarball({ 'package.json': '{}', [long]: 'x'.repeat(600), 'é.txt': '' }))).toEqual([
    ['package/package.json', 2, 0o644],
    [`package/${long}`, 600, 0o644],
    ['package/é.txt', 0, 0o644],
  ]);
});

test('a pax header gives the entry after it another path', () => {
  const path = `package/${'long'.repeat(80)}.js`;
  expect(entriesOf(buildTarball([{ path: 'package/short.js', body: 'x', mode: 0o755, pax: { path } }]))).toEqual([
    [path, 1, 0o755],
  ]);
});

test('the prefix field is a folder before the path', () => {
  expect(entriesOf(buildTarball([{ path: 'index.js', prefix: 'package/lib' }]))).toEqual([
    ['package/lib/index.js', 0, 0o644],
  ]);
});

test.each(['gzip', 'zstd', 'none'] as const)('the same files give the same bytes twice (%s)', (compression) => {
  const build = () => buildTarball({ 'package.json': '{}' }, { compression });
  expect(build()).toEqual(build());
  expect(entriesOf(build())).toEqual([['package/package.json', 2, 0o644]]);
});

function entriesOf(tarball: Uint8Array): [string, number, number | undefined][] {
  const entries: [string, number, number | undefined][] = [];
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry: ReadEntry) => {
      entries.push([entry.path, entry.size, entry.mode]);
      entry.resume();
    },
  });
  parser.end(Buffer.from(tarball));
  return entries;
}
