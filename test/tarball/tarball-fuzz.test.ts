/** Damaged tarballs by the thousand, each named by its seed: a tree within the limits or a GuardError, and nothing else. */
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { GuardError } from '../../src/errors.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball, gzip } from '../support/build-tarball.ts';
import { damage, mendChecksums } from '../support/damage-tar.ts';
import { createRandom, type Random } from '../support/random.ts';

const limits = { unpackedBytes: 64 * 1024, fileBytes: 4096, entries: 12, pathLength: 200 };
const whole = buildTarball([
  { path: 'package/package.json', body: '{"name":"example"}' },
  {
    path: 'package/index.js',
    body: 'module.exports = 1;\n'.repeat(60),
    pax: { path: 'package/lib/index.js', mtime: '1.5' },
  },
  { path: '././@LongLink', type: 'L', body: `package/${'long/'.repeat(30)}name.js\0` },
  { path: 'package/cut.js', body: 'x' },
  { path: 'package/link', type: '2', linkpath: 'index.js' },
  { path: 'pax_global_header', type: 'g', body: '19 comment=abcdefg\n' },
  { path: 'package/folder/', type: '5' },
  { path: 'last.js', prefix: 'package/lib', body: 'y'.repeat(700) },
]);
const tar = gunzipSync(whole);

const damages: readonly {
  readonly title: string;
  readonly seeds: readonly [first: number, last: number];
  readonly make: (random: Random) => Uint8Array;
  /** So many are read in spite of the damage: else it would test nothing but the check of gzip's checksum. */
  readonly leastTrees: number;
}[] = [
  {
    title: 'the gzipped bytes',
    seeds: [1, 1000],
    make: (random) => damage(whole, random),
    leastTrees: 1,
  },
  {
    title: 'the tar, gzipped again',
    seeds: [10_001, 11_500],
    make: (random) => gzip(damage(tar, random)),
    leastTrees: 500,
  },
  {
    title: 'the tar, with its checksums made right again',
    seeds: [20_001, 21_500],
    make: (random) => gzip(mendChecksums(damage(tar, random))),
    leastTrees: 500,
  },
];

test.each(damages)('damage to $title', { timeout: 60_000 }, async ({ seeds: [first, last], make, leastTrees }) => {
  let trees = 0;
  for (let seed = first; seed <= last; seed += 1) {
    const outcome = await readTarball(make(createRandom(seed)), limits).catch((thrown: unknown) => thrown);
    if (outcome instanceof GuardError) expect(outcome.code, `seed ${seed}`).toBe('tarball-unreadable');
    else {
      expect(findFaults(outcome), `seed ${seed}`).toEqual([]);
      trees += 1;
    }
  }
  expect(trees).toBeGreaterThanOrEqual(leastTrees);
  expect(trees).toBeLessThan(last - first);
});

/** What is wrong with it, when it is not a tree within the limits. */
function findFaults(outcome: unknown): readonly string[] {
  if (!isTree(outcome)) return [`no tree: ${String(outcome)}`];
  const files = [...outcome.files.values()];
  const total = files.reduce((sum, file) => sum + file.bytes.length, 0);
  const wrongPath = /^\/|(^|\/)\.\.?(\/|$)|\0|\/\/|\/$|^$/;
  return [
    ...(outcome.unpackedBytes === total ? [] : ['another sum of bytes']),
    ...(total <= limits.unpackedBytes ? [] : ['over the limit of bytes']),
    ...(files.length <= limits.entries ? [] : ['over the limit of entries']),
    ...files.filter((file) => file.bytes.length > limits.fileBytes).map((file) => `too large: ${file.path}`),
    ...files.filter((file) => wrongPath.test(file.path)).map((file) => `wrong path: ${file.path}`),
  ];
}

function isTree(outcome: unknown): outcome is PackageTree {
  return typeof outcome === 'object' && outcome !== null && 'files' in outcome && outcome.files instanceof Map;
}
