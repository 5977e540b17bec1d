import { describe, expect, test } from 'vitest';
import { judgePair, judgeTarballs } from '../src/guard.ts';
import { addedOf, judgeWatched, optionsWith, samplePair, sampleWith, watch } from './guard/judge-watched.ts';
import { connect } from './registry/connect.ts';
import { buildTarball } from './support/build-tarball.ts';

describe('judgePair', () => {
  test('fetches both versions, and says whose bytes the verdict is about', async () => {
    const { verdict, seen } = await judgeWatched({ packages: { sample: sampleWith({ version: '1.0.1' }) } });
    expect(verdict).toMatchObject({ result: 'allow', subject: { ...samplePair, source: 'registry' } });
    expect(verdict.subject.integrity.from).toMatch(/^sha512-/);
    expect(verdict.subject.integrity.to).toMatch(/^sha512-/);
    expect(verdict.id).toMatch(/^sha256-[0-9a-f]{64}$/);
    expect(seen.get('sample@1.0.1')).toMatchObject({
      files: { known: true },
      integrity: {
        known: true,
        value: [
          { side: 'before', matches: true },
          { side: 'after', matches: true },
        ],
      },
      registryManifest: { known: true, value: { version: '1.0.1' } },
    });
  });

  test('the same question has the same id, whenever it is asked', async () => {
    const { registry } = await connect({ packages: { sample: sampleWith({}) } });
    const { rule } = watch();
    const options = { ...optionsWith([rule]), registry };
    const first = await judgePair(samplePair, options);
    const second = await judgePair(samplePair, { ...options, asOf: '2027-01-01T00:00:00.000Z' });
    expect(second.id).toBe(first.id);
    const other = await judgePair({ ...samplePair, from: undefined }, options);
    expect(other.id).not.toBe(first.id);
  });

  test.each([
    { what: 'a package', pair: { ...samplePair, name: 'absent' }, code: 'package-unknown', message: /absent/ },
    {
      what: 'a new version',
      pair: { ...samplePair, to: '1.0.11' },
      code: 'version-unknown',
      message: /mean sample@1\.0\.1\?/,
    },
    {
      what: 'an old version',
      pair: { ...samplePair, from: '0.9.9' },
      code: 'version-unknown',
      message: /0\.9\.9.*latest is 1\.0\.1/,
    },
  ])('refuses $what that does not exist', async ({ pair, code, message }) => {
    const judging = judgeWatched({ packages: { sample: sampleWith({}) }, pair });
    await expect(judging).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test.each([
    { what: 'the packument', target: '/sample', status: 500 },
    { what: 'the new tarball', target: '/sample/-/sample-1.0.1.tgz', status: 404 },
    { what: 'the old tarball', target: '/sample/-/sample-1.0.0.tgz', status: 404 },
  ])('is undecided without $what', async ({ target, status }) => {
    const { registry, little } = await connect({ packages: { sample: sampleWith({}) } });
    little.fail(target, { kind: 'status', status });
    const verdict = await judgePair(samplePair, { ...optionsWith([watch().rule]), registry });
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.gaps.filter((gap) => gap.required).map((gap) => gap.fact)).toContain('files');
  });

  test('is undecided when a tarball cannot be read, and says why', async () => {
    const broken = { versions: { '1.0.0': {}, '1.0.1': { tarball: Buffer.from('no tarball') } } };
    const { verdict } = await judgeWatched({ packages: { sample: broken } });
    expect(verdict.result).toBe('undecided');
    expect(verdict.coverage.gaps[0]).toMatchObject({ fact: 'files', why: 'malformed', required: true });
    expect(verdict.coverage.gaps[0]?.detail).toContain('sample@1.0.1');
  });

  test('is undecided when nobody vouches for the bytes', async () => {
    const dist = { integrity: undefined, shasum: undefined };
    const unclaimed = { versions: { '1.0.0': {}, '1.0.1': { dist } } };
    const { verdict } = await judgeWatched({ packages: { sample: unclaimed } });
    expect(verdict.coverage.gaps).toMatchObject([{ fact: 'integrity', why: 'not-served', required: true }]);
    expect(verdict.result).toBe('undecided');
  });

  test("checks the caller's digests too", async () => {
    const integrity = { to: `sha512-${'A'.repeat(86)}==` };
    const { seen } = await judgeWatched({ packages: { sample: sampleWith({}) }, pair: { ...samplePair, integrity } });
    const records = seen.get('sample@1.0.1')?.integrity;
    expect(records?.known ? records.value.filter((record) => !record.matches) : []).toMatchObject([
      { side: 'after', claimedBy: 'caller', claimed: integrity.to },
    ]);
  });
});

describe('judgeTarballs', () => {
  const pack = (manifest: Readonly<Record<string, unknown>>, code = ''): Uint8Array =>
    buildTarball({ 'package.json': JSON.stringify({ name: 'sample', ...manifest }), 'index.js': code });

  test('asks no registry, says so, and is not undecided for it', async () => {
    const { rule, seen } = watch();
    const after = { path: 'new.tgz', bytes: pack({ version: '1.0.1', dependencies: { extra: '1' } }) };
    const before = { path: 'old.tgz', bytes: pack({ version: '1.0.0' }) };
    const verdict = await judgeTarballs({ before, after }, optionsWith([rule]));
    expect(verdict).toMatchObject({ result: 'allow', subject: { ...samplePair, source: 'local' } });
    expect(verdict.coverage.gaps.every((gap) => gap.why === 'not-consulted' && !gap.required)).toBe(true);
    expect(verdict.coverage.gaps.map((gap) => gap.package)).toContain('extra');
    expect(addedOf(seen)).toMatchObject([{ name: 'extra', release: { known: false, why: 'not-consulted' } }]);
  });

  test.each([
    { what: 'an empty file', bytes: Buffer.alloc(0), code: 'tarball-unreadable', message: /new\.tgz is no package/ },
    { what: 'no tarball', bytes: Buffer.from('hello'), code: 'tarball-unreadable', message: /new\.tgz is no package/ },
    { what: 'another package', bytes: pack({ name: 'other' }), code: 'usage', message: /new\.tgz is other/ },
  ])('refuses $what', async ({ bytes, code, message }) => {
    const before = { path: 'old.tgz', bytes: pack({ version: '1.0.0' }) };
    const judging = judgeTarballs({ before, after: { path: 'new.tgz', bytes } }, optionsWith([watch().rule]));
    await expect(judging).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});
