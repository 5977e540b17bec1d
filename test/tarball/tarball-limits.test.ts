/** A limit that is reached is said, what was read before it is kept, and no bomb uses more memory than the limit. */
import { createGzip } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import type { TarballLimits } from '../../src/tarball/tarball-limits.ts';
import { buildEntry, buildTarball, gzip } from '../support/build-tarball.ts';

const mebibyte = 1024 * 1024;
const three = buildTarball({ 'a.js': 'a'.repeat(3000), 'b.js': 'b'.repeat(3000), 'c.js': 'c'.repeat(3000) });
const threePlain = buildTarball(
  { 'a.js': 'a'.repeat(3000), 'b.js': 'b'.repeat(3000), 'c.js': 'c'.repeat(3000) },
  { compression: 'none' },
);

describe('each limit stops the reading, says so, and keeps what came before', () => {
  const cases: readonly (readonly [string, Uint8Array, Partial<TarballLimits>, readonly string[], string])[] = [
    ['unpacked bytes', three, { unpackedBytes: 8000 }, ['a.js', 'b.js'], 'it unpacks to over 8000 bytes'],
    [
      'unpacked bytes of a plain tar',
      threePlain,
      { unpackedBytes: 8000 },
      ['a.js', 'b.js'],
      'it unpacks to over 8000 bytes',
    ],
    ['compressed bytes', threePlain, { compressedBytes: 4096 }, ['a.js'], 'the tarball is over 4096 bytes'],
    ['compressed bytes of gzip', three, { compressedBytes: 20 }, [], 'the tarball is over 20 bytes'],
    ['entries', three, { entries: 2 }, ['a.js', 'b.js'], 'it has over 2 entries'],
    ['time', three, { milliseconds: 0 }, [], 'reading took over 0 ms'],
  ];

  test.each(cases)('%s', async (...row) => {
    const [, tarball, limits, files, detail] = row;
    const tree = await readTarball(tarball, limits);
    expect([...tree.files.keys()]).toEqual(files);
    expect(tree.anomalies).toContainEqual({ kind: 'not-read', path: '', detail });
  });

  test('a limit that is just met is no limit reached', async () => {
    const limits = { unpackedBytes: threePlain.length, compressedBytes: three.length, entries: 3, fileBytes: 3000 };
    const tree = await readTarball(three, limits);
    expect(tree.files.size).toBe(3);
    expect(tree.anomalies).toEqual([]);
  });

  test('a file or a path that is too long is left out alone', async () => {
    const tree = await readTarball(buildTarball({ 'a.js': 'aaaa', 'b.js': 'b', 'c-long.js': '' }), {
      fileBytes: 3,
      pathLength: 'package/b.js'.length,
    });
    expect([...tree.files.keys()]).toEqual(['b.js']);
    expect(tree.anomalies).toEqual([
      { kind: 'not-read', path: 'package/a.js', detail: 'it is over 3 bytes' },
      { kind: 'not-read', path: 'package/c-long.js', detail: 'its path is over 12 characters' },
    ]);
  });
});

describe('a bomb', () => {
  test('stops at the compression ratio', async () => {
    const tarball = buildTarball({ 'zeros.bin': new Uint8Array(64 * mebibyte) });
    const tree = await readTarball(tarball);
    expect(tree.files.size).toBe(0);
    expect(tree.anomalies).toEqual([{ kind: 'not-read', path: '', detail: 'it unpacks to over 200 times its size' }]);
  });

  test('of two gigabytes, in many members and lying about its length, takes no more memory than its limit', async () => {
    const member = await gzipZeros(256 * mebibyte);
    const bomb = Buffer.concat([gzip(buildEntry({ path: 'package/a.js', size: 2 ** 31 })), ...Array(8).fill(member)]);
    bomb.writeUInt32LE(2 ** 31, bomb.length - 4);
    const before = process.memoryUsage().arrayBuffers;
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }, 5);
    const tree = await readTarball(bomb, { unpackedBytes: 48 * mebibyte });
    clearInterval(watch);
    most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    expect(tree.anomalies.map((anomaly) => anomaly.detail)).toEqual(['it unpacks to over 48 MiB']);
    expect(most).toBeLessThan(2.5 * 48 * mebibyte);
  });

  test('of a million headers ends at the limit of entries', async () => {
    const entries = ['a', 'b'].map((body) => buildEntry({ path: 'package/a', body }));
    const tarball = gzip(Buffer.concat(Array<readonly Uint8Array[]>(25_000).fill(entries).flat()));
    const tree = await readTarball(tarball, { entries: 1000 });
    expect(tree.files.size).toBe(1);
    expect(tree.anomalies.slice(-2)).toEqual([
      { kind: 'not-read', path: '', detail: 'it has over 1000 entries' },
      { kind: 'duplicate-path', path: '', detail: '949 more like this' },
    ]);
  });

  test('of broken headers ends at the limit of entries', async () => {
    const tarball = gzip(Buffer.concat([buildEntry({ path: 'package/a' }), Buffer.alloc(4 * mebibyte, 'no header')]));
    const tree = await readTarball(tarball, { entries: 1000 });
    expect([...tree.files.keys()]).toEqual(['a']);
    expect(tree.anomalies.filter((anomaly) => anomaly.kind === 'not-read')).toEqual([
      { kind: 'not-read', path: '', detail: 'it has over 1000 entries' },
    ]);
  });

  test('of folders in folders ends at the same limit', async () => {
    const paths = Array.from({ length: 20 }, (_, index) => `${index}/${'d/'.repeat(100)}a.js`);
    const tree = await readTarball(buildTarball(Object.fromEntries(paths.map((path) => [path, '']))), {
      entries: 1000,
    });
    expect(tree.files.size).toBe(10);
    expect(tree.anomalies).toContainEqual({
      kind: 'not-read',
      path: `package/${paths[10]}`,
      detail: 'more than 1000 folders stand before it',
    });
  });
});

async function gzipZeros(bytes: number): Promise<Buffer> {
  const stream = createGzip();
  const zeros = Buffer.alloc(mebibyte);
  const collected = stream.toArray();
  for (let written = 0; written < bytes; written += zeros.length) stream.write(zeros);
  stream.end();
  return Buffer.concat(await collected);
}
