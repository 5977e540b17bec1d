/** The package.json inside a tarball, present, absent or broken. */
import { expect, test } from 'vitest';
import { readManifest } from '../../src/tarball/read-manifest.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball } from '../support/build-tarball.ts';

const read = async (manifest: string, limits = {}) =>
  readManifest(await readTarball(buildTarball({ 'package.json': manifest, 'index.js': '' }), limits));

test.each([
  ['plain', '{"name":"example","version":"1.0.0"}'],
  ['with a byte order mark', '\ufeff{"name":"example","version":"1.0.0"}'],
  ['with a key twice, of which the last counts', '{"name":"other","name":"example","version":"1.0.0"}'],
  ['with keys that name prototypes', '{"__proto__":{"version":"2.0.0"},"name":"example","version":"1.0.0"}'],
])('%s', async (_title, text) => {
  expect(await read(text)).toMatchObject({ known: true, value: { name: 'example', version: '1.0.0' } });
});

test.each([
  ['no JSON', '{"name":', /^The tarball's package\.json is no JSON: /],
  ['a comment', '{} // no', /^The tarball's package\.json is no JSON: /],
  ['no object', '["example"]', /^The tarball's package\.json holds JSON that is no object\.$/],
  ['null', 'null', /^The tarball's package\.json holds JSON that is no object\.$/],
  ['empty', '', /^The tarball's package\.json is no JSON: /],
  ['nested beyond measure', '['.repeat(100_000), /^The tarball's package\.json is no JSON: /],
])('%s is malformed', async (_title, text, sentence) => {
  expect(await read(text)).toEqual({ known: false, why: 'malformed', detail: expect.stringMatching(sentence) });
});

test('a huge one is not read', async () => {
  expect(await read(`{"a":"${'x'.repeat(9 * 1024 * 1024)}"}`)).toMatchObject({ known: false, why: 'too-large' });
});

test('a tarball without one says so, unless it was not read to its end', async () => {
  const tarball = buildTarball({ 'lib/package.json': '{}', 'package.json': '{}' });
  const without = buildTarball({ 'lib/package.json': '{}' });
  expect(readManifest(await readTarball(without))).toMatchObject({ known: false, why: 'not-found' });
  expect(readManifest(await readTarball(tarball, { entries: 1 }))).toMatchObject({ known: false, why: 'too-large' });
});
