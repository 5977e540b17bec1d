/** Tarballs that `npm pack` does not write: what stays, what is refused, and what is said about it. */
import { crc32, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildEntry, buildTarball, gzip, type TarEntry } from '../support/build-tarball.ts';

const manifest: TarEntry = { path: 'package/package.json', body: '{}' };

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
    expect([...tree.files.values()].map(textOf)).toEqual(['second', 'b']);
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

  test.each([
    ['with a name', { FNAME: true }],
    ['with all that a header may hold', { FEXTRA: true, FNAME: true, FCOMMENT: true, FHCRC: true }],
  ])('an empty member is found behind any header: %s', async (_title, fields) => {
    const empty = withHeader(gzip(new Uint8Array()), fields);
    const tree = await readTarball(Buffer.concat([empty, buildTarball({ 'a.js': '' })]));
    expect(tree.anomalies.map((anomaly) => anomaly.kind)).toEqual(['concatenated-gzip']);
  });

  test('one member is one, whatever bytes it holds: programs carry archives in them', async () => {
    const looksLikeTwo = Buffer.from('00000000000000001f8b08', 'hex');
    const tar = buildTarball({ 'program.bin': looksLikeTwo }, { compression: 'none' });
    const tarball = gzipSync(tar, { level: 0 });
    expect(tarball.includes(looksLikeTwo)).toBe(true);
    expect((await readTarball(tarball)).anomalies).toEqual([]);
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

interface HeaderFields {
  readonly FEXTRA?: boolean;
  readonly FNAME?: boolean;
  readonly FCOMMENT?: boolean;
  readonly FHCRC?: boolean;
}

/** A gzip member with optional fields in its header, each of which looks like the end of an empty member. */
function withHeader(member: Uint8Array, { FEXTRA, FNAME, FCOMMENT, FHCRC }: HeaderFields): Buffer {
  const decoy = Buffer.from('0101010101010101', 'hex');
  const begin = Buffer.from(member.subarray(0, 10));
  begin[3] = (FHCRC ? 2 : 0) | (FEXTRA ? 4 : 0) | (FNAME ? 8 : 0) | (FCOMMENT ? 16 : 0);
  const header = Buffer.concat([
    begin,
    ...(FEXTRA ? [Buffer.from([11, 0]), Buffer.from('00000000000000001f8b08', 'hex')] : []),
    ...(FNAME ? [decoy, Buffer.of(0)] : []),
    ...(FCOMMENT ? [decoy, Buffer.of(0)] : []),
  ]);
  const checksum = Buffer.alloc(FHCRC ? 2 : 0);
  if (FHCRC) checksum.writeUInt16LE(crc32(header) & 0xffff);
  return Buffer.concat([header, checksum, member.subarray(10)]);
}
