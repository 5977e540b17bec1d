/** What the reader makes of plain, odd and broken tarballs. */
import { describe, expect, test } from 'vitest';
import { GuardError } from '../../src/errors.ts';
import { textOf } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildEntry, buildTarball, gzip, type TarEntry } from '../support/build-tarball.ts';

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
    expect(textOf(found(tree.files.get('a.js')))).toBe('abc');
  });
});

describe('an odd tarball', () => {
  const odd: readonly {
    readonly title: string;
    readonly entries: readonly TarEntry[];
    readonly kind: string;
    readonly at: string;
    /** The paths that stay, besides package.json. */
    readonly files: readonly string[];
  }[] = [
    {
      title: 'an absolute path becomes a path inside the package',
      entries: [{ path: '/etc/passwd' }],
      kind: 'absolute-path',
      at: '/etc/passwd',
      files: ['etc/passwd'],
    },
    {
      title: 'a path that is absolute once its root is stripped, too',
      entries: [{ path: 'package//etc/passwd' }],
      kind: 'absolute-path',
      at: 'package//etc/passwd',
      files: ['etc/passwd'],
    },
    {
      title: 'a drive letter is a root on every system',
      entries: [{ path: 'package/C:/evil.js' }],
      kind: 'absolute-path',
      at: 'package/C:/evil.js',
      files: ['evil.js'],
    },
    {
      title: 'a path that leaves its folder is refused',
      entries: [{ path: 'package/../../evil.js' }],
      kind: 'parent-path',
      at: 'package/../../evil.js',
      files: [],
    },
    {
      title: 'so is one that leaves it with backslashes',
      entries: [{ path: 'package/..\\evil.js' }],
      kind: 'parent-path',
      at: 'package/..\\evil.js',
      files: [],
    },
    {
      title: 'a backslash is kept, and said',
      entries: [{ path: 'package/lib\\index.js' }],
      kind: 'ambiguous-path',
      at: 'package/lib\\index.js',
      files: ['lib\\index.js'],
    },
    {
      title: 'a symbolic link is refused',
      entries: [{ path: 'package/link.js', type: '2', linkpath: '/etc/passwd' }],
      kind: 'link',
      at: 'package/link.js',
      files: [],
    },
    {
      title: 'a hard link is refused',
      entries: [{ path: 'package/link.js', type: '1', linkpath: 'package/package.json' }],
      kind: 'link',
      at: 'package/link.js',
      files: [],
    },
    {
      title: 'a device is refused',
      entries: [{ path: 'package/null', type: '3' }],
      kind: 'device',
      at: 'package/null',
      files: [],
    },
    {
      title: 'a fifo is refused',
      entries: [{ path: 'package/pipe', type: '6' }],
      kind: 'device',
      at: 'package/pipe',
      files: [],
    },
    {
      title: 'an entry of an unknown type is passed over, as npm does',
      entries: [{ path: 'package/sparse.js', type: 'S', body: 'x' }],
      kind: 'bad-header',
      at: 'package/sparse.js',
      files: [],
    },
    {
      title: 'an entry whose checksum is wrong is passed over, as npm does',
      entries: [{ path: 'package/wrong.js', checksum: 1 }],
      kind: 'bad-header',
      at: '',
      files: [],
    },
    {
      title: 'paths that differ in case only are both kept',
      entries: [{ path: 'package/Index.js' }, { path: 'package/index.js' }],
      kind: 'case-collision',
      at: 'package/index.js',
      files: ['Index.js', 'index.js'],
    },
    {
      title: 'paths that differ in the spelling of an accent only are both kept',
      entries: [{ path: 'package/\u00e9.js' }, { path: 'package/e\u0301.js' }],
      kind: 'case-collision',
      at: 'package/e\u0301.js',
      files: ['\u00e9.js', 'e\u0301.js'],
    },
    {
      title: 'a second root folder is merged into the first, as npm does',
      entries: [{ path: 'other/index.js' }],
      kind: 'outside-root',
      at: 'other/index.js',
      files: ['index.js'],
    },
    {
      title: 'an entry in no folder is refused',
      entries: [{ path: 'index.js' }],
      kind: 'outside-root',
      at: 'index.js',
      files: [],
    },
    {
      title: 'a name that is no UTF-8 is read as npm reads it',
      entries: [{ path: Buffer.from('package/\xff.js', 'latin1') }],
      kind: 'bad-utf8',
      at: 'package/\ufffd.js',
      files: ['\ufffd.js'],
    },
    {
      title: 'a file cannot stand inside a file',
      entries: [{ path: 'package/a' }, { path: 'package/a/b.js' }],
      kind: 'duplicate-path',
      at: 'package/a/b.js',
      files: ['a'],
    },
    {
      title: 'a file cannot replace a folder',
      entries: [{ path: 'package/a/b.js' }, { path: 'package/a' }],
      kind: 'duplicate-path',
      at: 'package/a',
      files: ['a/b.js'],
    },
  ];

  test.each(odd)('$title', async ({ entries, kind, at, files }) => {
    const tree = await readTarball(buildTarball([manifest, ...entries]));
    expect(tree.anomalies).toContainEqual({ kind, path: at, detail: expect.any(String) });
    expect([...tree.files.keys()]).toEqual(['package.json', ...files]);
  });

  test('on a duplicate path the last entry wins', async () => {
    const tree = await readTarball(
      buildTarball([
        { path: 'package/a.js', body: 'first' },
        { path: 'package/./a.js', body: 'second' },
        { path: 'package/b.js', body: 'b' },
      ]),
    );
    expect(textOf(found(tree.files.get('a.js')))).toBe('second');
    expect(tree.unpackedBytes).toBe('second'.length + 1);
    expect(tree.anomalies.map((anomaly) => anomaly.kind)).toEqual(['duplicate-path']);
  });

  test('a file that stands there twice with the same contents is no oddity: packers write such tarballs', async () => {
    const entry: TarEntry = { path: 'package/a.js', body: 'same' };
    const tree = await readTarball(buildTarball([manifest, entry, entry]));
    expect(tree.anomalies).toEqual([]);
    expect(tree.unpackedBytes).toBe('{}same'.length);
  });

  test('a .gitignore is unpacked as .npmignore, which could be imported, unless that came first', async () => {
    const git: TarEntry = { path: 'package/.gitignore', body: 'git' };
    const npm: TarEntry = { path: 'package/.npmignore', body: 'npm' };
    const read = async (...entries: TarEntry[]) =>
      [...(await readTarball(buildTarball(entries))).files.values()].map((file) => [file.path, textOf(file)]);
    expect(await read(git)).toEqual([['.npmignore', 'git']]);
    expect(await read(npm, git)).toEqual([['.npmignore', 'npm']]);
    expect(await read(git, npm)).toEqual([['.npmignore', 'npm']]);
  });

  test.each([
    ['a member after another', [gzip(buildEntry(manifest)), buildTarball({ 'b.js': '' })]],
    ['an empty member before the first', [gzip(new Uint8Array()), buildTarball({ 'package.json': '{}', 'b.js': '' })]],
    ['an empty member after the last', [buildTarball({ 'package.json': '{}', 'b.js': '' }), gzip(new Uint8Array())]],
  ])('several gzip members are read as one, and said: %s', async (_title, members) => {
    const tree = await readTarball(Buffer.concat(members));
    expect([...tree.files.keys()]).toEqual(['package.json', 'b.js']);
    expect(tree.anomalies.map((anomaly) => anomaly.kind)).toEqual(['concatenated-gzip']);
  });

  test('bytes after the end of the tar, or after padding behind the gzip stream, are said', async () => {
    const kinds = async (options: { readonly afterTar?: Uint8Array; readonly afterGzip?: Uint8Array }) =>
      (await readTarball(buildTarball({ 'a.js': '' }, options))).anomalies.map((anomaly) => anomaly.kind);
    expect(await kinds({ afterTar: buildEntry({ path: 'package/hidden.js' }) })).toEqual(['trailing-bytes']);
    expect(await kinds({ afterTar: Buffer.alloc(8192) })).toEqual([]);
    expect(await kinds({ afterGzip: Buffer.from('\0\0hidden') })).toEqual(['trailing-bytes']);
    expect(await kinds({ afterGzip: Buffer.alloc(100) })).toEqual([]);
  });

  test('a million oddities make a list of bounded length', async () => {
    const links = Array.from({ length: 500 }, (_, index) => ({ path: `package/${index}`, type: '2', linkpath: 'x' }));
    const { anomalies } = await readTarball(buildTarball([manifest, ...links]));
    expect(anomalies).toHaveLength(51);
    expect(anomalies.at(-1)).toEqual({ kind: 'link', path: '', detail: '450 more like this' });
  });

  test('a first header that looks like gzip is not unpacked a second time', async () => {
    const entry = { path: Buffer.from('\x1f\x8b/index.js', 'latin1'), body: 'x' };
    expect([...(await readTarball(buildTarball([entry]))).files.keys()]).toEqual(['index.js']);
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

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('expected a value');
  return value;
}
