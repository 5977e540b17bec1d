/** Bundles hurt in one place each: the verifier answers in time, never throws, and a signed text never changes unseen. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { known, missing } from '../../src/model/fact.ts';
import { isRecord } from '../../src/model/manifest.ts';
import { verifyAttestation } from '../../src/registry/verify-attestation.ts';
import { startSigstore } from '../support/little-sigstore.ts';

const purl = 'pkg:npm/sample@1.0.0';
const tarball = Buffer.from('bytes');
const sigstore = await startSigstore();
const { bundle } = await sigstore.attest({ purl, tarball });
const checks = {
  release: { purl, sha512: createHash('sha512').update(tarball).digest('hex') },
  trust: { shipped: sigstore.root, keys: [], loadCurrent: async () => missing('offline', 'Nobody is asked.') },
  findKey: async () => known(undefined),
};

/** What stands in a leaf's place. */
const odd: readonly unknown[] = [
  null,
  '',
  'AAAA',
  '!',
  0,
  -1,
  1e300,
  true,
  [],
  {},
  [[]],
  'A'.repeat(100_000),
  '\u0000',
];
/** The one place whose every change must be seen: what is signed, and what signs it. */
const signed = /\.(payload|sig|rawBytes|canonicalizedBody)$/;

function listLeaves(value: unknown, path = ''): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((entry, index) => listLeaves(entry, `${path}.${index}`));
  if (isRecord(value)) return Object.entries(value).flatMap(([key, entry]) => listLeaves(entry, `${path}.${key}`));
  return [path];
}

function replaceAt(value: unknown, [key, ...rest]: readonly string[], leaf: unknown): unknown {
  if (key === undefined) return leaf;
  if (Array.isArray(value))
    return value.map((entry, index) => (String(index) === key ? replaceAt(entry, rest, leaf) : entry));
  return isRecord(value) ? { ...value, [key]: replaceAt(value[key], rest, leaf) } : value;
}

const leaves = listLeaves(bundle);

it('has the places that a bundle of npm has', () => {
  expect(leaves.filter((path) => signed.test(path))).toHaveLength(4);
});

it.each(leaves)('%s may hold anything', async (path) => {
  for (const leaf of odd) {
    const { outcome } = await verifyAttestation(replaceAt(bundle, path.split('.').slice(1), leaf), checks);
    if (signed.test(path)) expect(outcome).not.toBe('valid');
    else expect(['valid', 'invalid', 'undecided', 'key-unlisted']).toContain(outcome);
  }
});

it.each(leaves.filter((path) => signed.test(path)))('%s does not hold with any one character changed', async (path) => {
  const keys = path.split('.').slice(1);
  // Safe: the path was listed from this very bundle, and ends at a text.
  const text = keys.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], bundle) as string;
  const [start, end] = path.endsWith('.rawBytes') ? findSignedPart(text) : [0, text.length - 4];
  // Every seventh is enough; base64's last ones may not count.
  for (let place = start; place < end; place += 7) {
    const changed = text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
    const { outcome } = await verifyAttestation(replaceAt(bundle, keys, changed), checks);
    expect([place, outcome]).not.toEqual([place, 'valid']);
  }
});

/** Of a certificate: its wrapper may be written in several ways, what the authority signed may not. */
function findSignedPart(base64: string): readonly [start: number, end: number] {
  const bytes = Buffer.from(base64, 'base64');
  // SEQUENCE, two bytes of length; then the signed SEQUENCE, with two bytes of length of its own.
  expect([bytes[0], bytes[1], bytes[4], bytes[5]]).toEqual([0x30, 0x82, 0x30, 0x82]);
  return [12, Math.floor(((8 + bytes.readUInt16BE(6)) * 4) / 3) - 1];
}
