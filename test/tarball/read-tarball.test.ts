/** What the reader makes of plain tarballs, and of bytes that are none. */
import { describe, expect, test } from 'vitest';
import { GuardError } from '../../src/errors.ts';
import { textOf } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball, gzip, type TarEntry } from '../support/build-tarball.ts';

const manifest: TarEntry = { path: 'package/package.json', body: '{}' };

describe('a plain tarball', () => {
  test('gives its files by path, with contents, format and execute bit, and no anomaly', async () => {
    const tree = await readTarball(
      buildTarball([manifest, { path: 'package/bin/run.js', body: '#!/usr/bin/env node\n', mode: 0o755 }]),
    );
    expect(tree.anomalies).toEqual([]);
    expect(tree.unpackedBytes).toBe(22);
    expect([...tree.files.values()].map(({ path, format, executable }) => ({ path, format, executable }))).toEqual([
      { path: 'package.json', format: 'json', executable: false },
      { path: 'bin/run.js', format: 'javascript', executable: true },
    ]);
  });

  test('hashes contents with SHA-256, and a copy of the file keeps the digest', async () => {
    const file = (await readTarball(buildTarball({ 'a.txt': 'abc' }))).files.get('a.txt');
    expect(file?.digest).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect({ ...file }.digest).toBe(file?.digest);
  });

  test.each(['package', 'left-pad', 'weird root'])('may have any root folder: %s', async (root) => {
    const tree = await readTarball(buildTarball({ 'package.json': '{}' }, { root }));
    expect([...tree.files.keys()]).toEqual(['package.json']);
    expect(tree.anomalies).toEqual([]);
  });

  test('may be uncompressed, or lack the two empty blocks at its end', async () => {
    for (const options of [{ compression: 'none' }, { end: false }] as const) {
      const tree = await readTarball(buildTarball({ 'package.json': '{}' }, options));
      expect([...tree.files.keys()]).toEqual(['package.json']);
      expect(tree.anomalies).toEqual([]);
    }
  });

  test('keeps files as views on one buffer', async () => {
    const tree = await readTarball(buildTarball({ 'a.js': 'a', 'b.js': 'b' }));
    expect(tree.files.get('a.js')?.bytes.buffer).toBe(tree.files.get('b.js')?.bytes.buffer);
  });

  test('carries long and large names in pax and GNU headers', async () => {
    const long = `${'x'.repeat(120)}.js`;
    const tree = await readTarball(
      buildTarball([
        manifest,
        { path: '././@LongLink', type: 'L', body: `package/gnu-${long}\0` },
        { path: 'package/cut', body: 'gnu' },
        { path: 'package/cut', body: 'pax', pax: { path: `package/pax-${long}` } },
        { path: 'deep.js', prefix: 'package/lib', body: 'prefix' },
      ]),
    );
    expect([...tree.files.keys()]).toEqual(['package.json', `gnu-${long}`, `pax-${long}`, 'lib/deep.js']);
    expect(tree.anomalies).toEqual([]);
  });

  test('may give a size in base 256', async () => {
    const sizeField = Buffer.from('800000000000000000000003', 'hex');
    const tree = await readTarball(buildTarball([{ path: 'package/a.js', body: 'abc', sizeField }]));
    expect([...tree.files.values()].map(textOf)).toEqual(['abc']);
  });
});

describe('bytes that cannot be read', () => {
  const plain = buildTarball({ 'package.json': '{}'.padEnd(2000) });
  const flipped = Uint8Array.from(plain);
  flipped[plain.length - 6] = (flipped[plain.length - 6] ?? 0) ^ 1;
  const tar = buildTarball({ 'package.json': '{}'.padEnd(2000) }, { compression: 'none' });
  const unreadable: readonly (readonly [string, Uint8Array, string])[] = [
    ['nothing', new Uint8Array(), 'The tarball is empty: it has no bytes at all.'],
    ['a page', Buffer.from('<!doctype html>'), 'The bytes are no tar archive, neither gzipped nor plain.'],
    ['a long page', Buffer.alloc(5000, 'page '), 'The bytes are no tar archive, neither gzipped nor plain.'],
    [
      'a gzipped page',
      gzip(Buffer.from('<!doctype html>')),
      'The bytes are no tar archive, neither gzipped nor plain.',
    ],
    ['gzip of nothing', gzip(new Uint8Array()), 'The bytes are no tar archive, neither gzipped nor plain.'],
    ['an empty archive', buildTarball([]), 'The bytes are no tar archive, neither gzipped nor plain.'],
    [
      'folders only',
      buildTarball([{ path: 'package/', type: '5' }]),
      'The tarball holds no file that npm would unpack.',
    ],
    ['truncated gzip', plain.subarray(0, -20), 'The tarball is truncated: its gzip stream ends early.'],
    ['a lone gzip header', plain.subarray(0, 10), 'The tarball is truncated: its gzip stream ends early.'],
    [
      'a flipped bit',
      flipped,
      'The tarball is damaged, or has bytes after its end: its gzip stream cannot be read (incorrect data check).',
    ],
    [
      'bytes after the gzip stream',
      buildTarball({ 'package.json': '{}' }, { afterGzip: Buffer.from('more') }),
      'The tarball is damaged, or has bytes after its end: its gzip stream cannot be read (incorrect header check).',
    ],
    [
      'a truncated tar',
      tar.subarray(0, 1500),
      'The tarball is truncated: its last entry is longer than what is there.',
    ],
    [
      'Zstandard',
      buildTarball({ 'package.json': '{}' }, { compression: 'zstd' }),
      'The tarball is compressed with Zstandard; packages are gzipped.',
    ],
  ];

  test.each(unreadable)('%s', async (_title, bytes, message) => {
    const failure = await readTarball(bytes).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(GuardError);
    expect(failure).toMatchObject({ code: 'tarball-unreadable', message });
  });
});
