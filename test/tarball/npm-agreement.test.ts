/**
 * The reader beside npm itself: pacote unpacks each built tarball into a folder, and the tree must hold the same files.
 * A tarball that means one thing to a gate and another to npm is an attack on the gate.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pacote from 'pacote';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GuardError } from '../../src/errors.ts';
import { textOf } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildEntry, buildTarball, gzip, type TarEntry } from '../support/build-tarball.ts';
import { createRandom, type Random } from '../support/random.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'npm-agreement-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest: TarEntry = { path: 'package/package.json', body: '{"name":"example","version":"1.0.0"}' };

describe('what npm unpacks is what the tree holds', () => {
  const cases: Readonly<Record<string, readonly TarEntry[]>> = {
    'absolute paths': [
      { path: '/abs/a.js' },
      { path: '//two/b.js' },
      { path: 'package//c.js' },
      { path: 'package///d.js' },
    ],
    'drive letters': [{ path: 'package/c:/a.js' }, { path: 'package/c:b.js' }, { path: 'c:/package/c.js' }],
    'parent paths': [
      { path: 'package/../a.js' },
      { path: '../b.js' },
      { path: 'package/a/..' },
      { path: 'package/..c.js' },
    ],
    backslashes: [
      { path: 'package\\a.js' },
      { path: 'package/a\\..\\b.js' },
      { path: 'package/\\c.js' },
      { path: 'package/d\\e.js' },
    ],
    dots: [
      { path: './package/a.js' },
      { path: 'package/./b.js' },
      { path: 'package/.' },
      { path: 'package/c.js/' },
      { path: './d.js' },
    ],
    'wrong types': [
      { path: 'package/a.js', type: '7', body: 'contiguous' },
      { path: 'package/b.js', type: '\0', body: 'old' },
      { path: 'package/c.js', type: 'S', body: 'sparse' },
      { path: 'package/d.js', type: 'D', body: 'dump' },
      { path: 'package/e.js', type: '!', body: 'unknown' },
      { path: 'package/f.js', type: '5', body: 'folder with a body' },
      { path: 'package/g.js', body: 'after' },
    ],
    links: [
      { path: 'package/a.js', type: '2', linkpath: 'package.json' },
      { path: 'package/b.js', type: '1', linkpath: 'package/package.json' },
      { path: 'package/c.js', type: '2' },
      { path: 'package/d.js', linkpath: 'forbidden on a file' },
    ],
    duplicates: [
      { path: 'package/a.js', body: 'first' },
      { path: 'package/a.js', body: 'second, longer' },
      { path: 'other/a.js', body: '3' },
    ],
    'a file where a folder is': [
      { path: 'package/a', body: 'file' },
      { path: 'package/a/b', body: 'in it' },
      { path: 'package/c/d', body: 'in folder' },
      { path: 'package/c', body: 'instead of the folder' },
    ],
    'ignore files': [
      { path: 'package/.gitignore', body: 'git' },
      { path: 'package/lib/.npmignore', body: 'npm' },
      { path: 'package/lib/.gitignore', body: 'git' },
    ],
    'a wrong checksum': [
      { path: 'package/a.js', body: 'x', checksum: 7 },
      { path: 'package/b.js', body: 'y' },
    ],
    'a file within an unread body': [
      { path: 'package/a.js', checksum: 7, body: buildEntry({ path: 'package/smuggled.js', body: 'x' }) },
      { path: 'package/b.js', type: 'S', body: buildEntry({ path: 'package/hidden.js', body: 'x' }) },
    ],
    'names with NUL and newline': [{ path: 'package/a.js\0.txt' }, { path: 'package/b\n.js' }],
    'bad UTF-8': [
      { path: Buffer.from('package/\xff.js', 'latin1'), body: '1' },
      { path: Buffer.from('package/\xfe.js', 'latin1'), body: '2' },
    ],
    'pax records': [
      { path: 'package/a', pax: { path: 'package/real.js' }, body: 'x' },
      { path: 'package/b', pax: { size: '1' }, body: 'longer than a byte' },
      { path: 'package/c', pax: { path: '', mode: '755' }, body: 'x' },
      { path: 'package/d', pax: { path: 'package/\0cut.js', 'SCHILY.ino': 'NaN' }, body: 'x' },
    ],
    'pax before a GNU name': [
      { path: 'PaxHeader', type: 'x', body: '12 size=1024\n' },
      { path: '././@LongLink', type: 'L', body: 'package/long-name.js\0' },
      { path: 'package/short.js', body: 'x'.repeat(1024) },
      { path: 'package/next.js' },
    ],
    'global pax records': [
      { path: 'pax_global_header', type: 'g', body: '21 path=package/g.js\n' },
      { path: 'package/a.js', body: 'x' },
    ],
    'a global size and another of the entry’s own': [
      { path: 'pax_global_header', type: 'g', body: '9 size=1\n' },
      { path: 'package/a.js', pax: { size: '5' }, body: 'hello' },
    ],
    'prefix and path': [
      { path: 'a.js', prefix: 'package/lib' },
      { path: 'b.js', prefix: '/package' },
    ],
    'negative and odd sizes': [
      { path: 'package/a.js', sizeField: Buffer.from('ffffffffffffffffffffffff', 'hex') },
      { path: 'package/b.js', sizeField: Buffer.from('            '), body: '' },
      { path: 'package/c.js', sizeField: Buffer.from('9\0          '), body: '' },
      { path: 'package/d.js', body: 'x' },
    ],
  };

  test.each(Object.keys(cases))('%s', async (title) => {
    await expectAgreement(buildTarball([manifest, ...(cases[title] ?? [])]));
  });

  const tar = buildTarball([manifest, { path: 'package/a.js', body: 'x' }], { compression: 'none' });
  const containers: Readonly<Record<string, Uint8Array>> = {
    'a plain tar': tar,
    'no end': buildTarball([manifest], { end: false }),
    'more after the end': buildTarball([manifest], { afterTar: buildEntry({ path: 'package/b.js' }) }),
    'several gzip members': Buffer.concat([gzip(tar.subarray(0, 700)), gzip(tar.subarray(700))]),
    'padding after gzip': Buffer.concat([gzip(tar), Buffer.alloc(100)]),
    'garbage after gzip': Buffer.concat([gzip(tar), Buffer.from('garbage')]),
    'a gzipped gzip': gzip(gzip(tar)),
    'a first header that looks like gzip': buildTarball([
      { path: Buffer.from('\x1f\x8b/a.js', 'latin1'), body: 'x' },
      manifest,
    ]),
    'a truncated gzip': gzip(tar).subarray(0, -5),
    'a truncated tar': gzip(tar.subarray(0, 1300)),
    'a truncated header': gzip(tar.subarray(0, 1200)),
    'one empty block inside': gzip(
      Buffer.concat([buildEntry(manifest), Buffer.alloc(512), buildEntry({ path: 'package/b.js' })]),
    ),
    'two empty blocks first': gzip(Buffer.concat([Buffer.alloc(1024), tar])),
    'no tar at all': Buffer.from('<!doctype html>'),
  };

  test.each(Object.keys(containers))('%s', async (title) => {
    await expectAgreement(containers[title] ?? new Uint8Array());
  });

  test('sixty random archives of nasty names, types and sizes', { timeout: 60_000 }, async () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = createRandom(seed);
      const entries = Array.from({ length: 12 }, () => pickEntry(random));
      await expectAgreement(buildTarball([manifest, ...entries]), `seed ${seed}`);
    }
  });
});

const roots = ['package', 'package', 'package', 'other', '.', '', '..', 'c:'] as const;
const names = [
  'a',
  'b',
  'A',
  'lib',
  '.',
  '..',
  '',
  'c:',
  '.gitignore',
  '.npmignore',
  'x\\y',
  'a.js',
  '\u00e9',
] as const;
const types = ['0', '0', '0', '0', '\0', '7', '1', '2', '5', 'D', 'L', 'x', 'g', 'S', '!'] as const;

function pickEntry(random: Random): TarEntry {
  const segments = Array.from({ length: 1 + random.below(3) }, () => random.pick(names));
  const path = [random.pick(roots), ...segments].join('/');
  const body = random.pick(['', 'x', 'yy', 'package/named-by-body\0', '17 path=p/pax.js\n', '11 size=200\n']);
  const type = random.pick(types);
  const linkpath = type === '1' || type === '2' ? 'package/a' : '';
  return { path, type, body, linkpath, ...(random.below(20) === 0 ? { checksum: 1 } : {}) };
}

/** Both give up, or both have the same files with the same contents. */
async function expectAgreement(tarball: Uint8Array, message?: string): Promise<void> {
  const installed = await unpackWithNpm(tarball);
  const read = await readTarball(tarball).then(
    (tree) => Object.fromEntries([...tree.files.values()].map((file) => [file.path, textOf(file)])),
    (failure: unknown) => {
      if (failure instanceof GuardError) return undefined;
      throw failure;
    },
  );
  // Where npm unpacks nothing at all without a word, the reader says so.
  if (installed !== undefined && Object.keys(installed).length === 0) expect(read, message).toBeUndefined();
  else expect(read, message).toEqual(installed);
}

async function unpackWithNpm(tarball: Uint8Array): Promise<Record<string, string> | undefined> {
  count += 1;
  const source = join(folder, `${count}.tgz`);
  const target = join(folder, `${count}`);
  writeFileSync(source, tarball);
  mkdirSync(target);
  try {
    await pacote.extract(`file:${source}`, target, { cache: join(folder, 'cache'), umask: 0o022 });
  } catch {
    return undefined;
  }
  const entries = readdirSync(target, { recursive: true, withFileTypes: true, encoding: 'utf8' });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [file.slice(target.length + 1), readFileSync(file, 'utf8')]));
}
