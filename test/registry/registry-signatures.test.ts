import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { known } from '../../src/model/fact.ts';
import { createSigner } from '../support/registry-signer.ts';
import { plainPackages } from './connect.ts';
import { connectSigned, publishing, tarball } from './connect-signed.ts';

const keyList = (...keys: readonly unknown[]) => ({ kind: 'body', body: JSON.stringify({ keys }) }) as const;

describe('the signature of a registry', () => {
  it('that is over name, version and integrity holds', async () => {
    const { little, registry } = await connectSigned();
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toEqual({
      signatures: known([{ of: 'registry', index: 0, name: little.signer.key['keyid'], outcome: 'valid', reason: '' }]),
      provenance: known({ state: 'absent' }),
    });
  });

  it('of another version does not', async () => {
    const { little, registry } = await connectSigned();
    const signatures = [little.signer.sign('plain@1.0.0:sha512-another')];
    little.publish('plain', { versions: { '1.0.1': { dist: { signatures } } } });
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { value: [{ outcome: 'invalid', reason: 'it is not over this name, version and integrity' }] },
    });
  });

  it.each([
    ['a text', 'none'],
    ['an object without a key', {}],
    ['a signature that is no base64', { keyid: 'SHA256:k', sig: '?' }],
  ])('that is %s names no key that is listed', async (_, signature) => {
    const { registry } = await connectSigned({
      packages: { plain: { versions: { '1.0.1': { dist: { signatures: [signature] } } } } },
    });
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { value: [{ outcome: 'key-unlisted' }] },
    });
  });

  it.each([
    ['before', '2020-01-02T00:00:00Z', 'key-expired'],
    ['after', '2030-01-01T00:00:00Z', 'valid'],
  ])('with a key that expired %s the version was published is told so', async (_, expires, outcome) => {
    const { little, registry } = await connectSigned();
    little.fail('/-/npm/v1/keys', keyList({ ...little.signer.key, expires }));
    // Version 1.0.1 is of 2020-01-08.
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({ signatures: { value: [{ outcome }] } });
  });

  it('with an expired key holds where the registry does not say when the version was published', async () => {
    const { little, registry } = await connectSigned({
      packages: { plain: { ...plainPackages['plain'], versions: { '1.0.1': {} }, packument: { time: undefined } } },
    });
    little.fail('/-/npm/v1/keys', keyList({ ...little.signer.key, expires: '2020-01-01T00:00:00Z' }));
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { value: [{ outcome: 'valid' }] },
    });
  });

  it('over a shasum is checked where there is no integrity', async () => {
    const { little, registry } = await connectSigned();
    const shasum = createHash('sha1').update('any').digest('hex');
    const signed = `plain@1.0.1:sha1-${Buffer.from(shasum, 'hex').toString('base64')}`;
    const dist = { integrity: undefined, shasum, signatures: [little.signer.sign(signed)] };
    little.publish('plain', { versions: { '1.0.1': { dist } } });
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { value: [{ outcome: 'valid' }] },
    });
  });

  it('with a key that we ship asks nobody, whoever serves the packument', async () => {
    const signer = createSigner();
    const spki = Buffer.from(String(signer.key['key']), 'base64');

    const key = createPublicKey({ key: spki, format: 'der', type: 'spki' });
    const keys = [{ keyid: String(signer.key['keyid']), key, expiresAt: undefined }];
    const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
    const signatures = [signer.sign(`sample@1.0.0:${integrity}`)];
    const { little, registry } = await connectSigned(publishing({ dist: { signatures } }), { keys });
    expect(await registry.loadSignedRelease('sample', '1.0.0')).toMatchObject({
      signatures: { value: [{ outcome: 'valid' }] },
    });
    expect(little.requests.map(({ path }) => path)).toEqual(['/sample']);
  });

  it('asks for the keys once, however many versions are asked about', async () => {
    const { little, registry } = await connectSigned();
    await Promise.all(['1.0.0', '1.0.1'].map((version) => registry.loadSignedRelease('plain', version)));
    expect(little.requests.filter(({ path }) => path === '/-/npm/v1/keys')).toHaveLength(1);
  });

  it.each([
    ['are not there', { kind: 'status', status: 404 }, 'not-served'],
    ['are none', keyList(), 'not-served'],
    ['cannot be had', { kind: 'status', status: 500 }, 'unreachable'],
    ['are no list', { kind: 'body', body: '[]' }, 'malformed'],
    ['are no JSON', { kind: 'body', body: '<html>' }, 'malformed'],
    ['are of a kind that npm does not use', keyList({ keyid: 'SHA256:k', key: 'AAAA' }), 'not-served'],
  ] as const)('is unknown when the keys %s', async (_, fault, why) => {
    const { little, registry } = await connectSigned();
    little.fail('/-/npm/v1/keys', fault);
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { known: false, why },
      provenance: { known: true },
    });
  });

  it('is unknown offline, where no key is at hand', async () => {
    const { registry, again } = await connectSigned();
    await registry.loadPackument('plain');
    expect(await again({ offline: true }).loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { known: false, why: 'offline' },
    });
  });

  it('is unknown at a mirror, which leaves it out, and so is the provenance', async () => {
    const { little, registry } = await connectSigned({ mirror: true });
    expect(await registry.loadSignedRelease('plain', '1.0.1')).toMatchObject({
      signatures: { known: false, why: 'not-served' },
      provenance: { known: false, why: 'not-served' },
    });
    expect(little.requests.map(({ path }) => path)).toEqual(['/plain']);
  });
});
