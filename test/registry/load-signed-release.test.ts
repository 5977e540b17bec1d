import { createHash, createPublicKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { known, type Missing, missing } from '../../src/model/fact.ts';
import { createRegistry, type Registry } from '../../src/registry/registry.ts';
import type { SigstoreTrust } from '../../src/registry/sigstore-trust.ts';
import { buildTarball } from '../support/build-tarball.ts';
import { type Attestation, type LittleSigstore, type Statement, startSigstore } from '../support/little-sigstore.ts';
import type { LittleRegistry, LittleRegistryOptions, PublishedVersion } from '../support/registry.ts';
import { createSigner } from '../support/registry-signer.ts';
import { connect, plainPackages, quickLimits } from './connect.ts';

const tarball = buildTarball({ 'package.json': '{"name":"sample","version":"1.0.0"}' });
const statement: Statement = { purl: 'pkg:npm/sample@1.0.0', tarball };
const sigstore = await startSigstore();
const unreachable = missing('unreachable', 'Nobody answers.');

interface Signed {
  readonly little: LittleRegistry;
  readonly registry: Registry;
  again(config?: { readonly offline?: boolean; readonly preferOnline?: boolean }): Registry;
}

/** Whoever does not say otherwise trusts our Sigstore, and has no key at hand. */
async function connectSigned(options: LittleRegistryOptions = {}, trust: Partial<SigstoreTrust> = {}): Promise<Signed> {
  const { little, config } = await connect(options);
  const whole = { shipped: sigstore.root, keys: [], loadCurrent: async () => unreachable, ...trust };
  const again: Signed['again'] = (changes = {}) =>
    createRegistry({ ...config, ...changes }, { trust: whole, limits: quickLimits });
  return { little, registry: again(), again };
}

function publishing(version: PublishedVersion): LittleRegistryOptions {
  return { packages: { sample: { versions: { '1.0.0': { tarball, ...version } } } } };
}

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

describe('an attestation', () => {
  const load = async (attestations: readonly unknown[], trust: Partial<SigstoreTrust> = {}) => {
    const signed = await connectSigned(publishing({ attestations }), trust);
    return { ...signed, release: await signed.registry.loadSignedRelease('sample', '1.0.0') };
  };
  const spoil = ({ bundle, ...rest }: Attestation, changes: Readonly<Record<string, unknown>>): unknown => ({
    ...rest,
    bundle: { ...bundle, ...changes },
  });

  it('of provenance that holds tells the build: repository, workflow and branch', async () => {
    const build = { repository: 'https://host.invalid/a/b', workflow: '.github/workflows/x.yml', ref: 'refs/tags/v1' };
    const { release } = await load([await sigstore.attest(statement, build)]);
    expect(release).toMatchObject({
      signatures: {
        value: [
          { of: 'registry' },
          { of: 'attestation', index: 0, name: 'https://slsa.dev/provenance/v1', outcome: 'valid' },
        ],
      },
      provenance: { value: { state: 'verified', source: { ...build, issuer: 'https://issuer.invalid' } } },
    });
  });

  it("of publishing is checked with the registry's key, and is no provenance", async () => {
    const { little, registry } = await connectSigned(publishing({}));
    const predicateType = 'https://publish.invalid/v1';
    const attestations = [await sigstore.publish({ ...statement, predicateType }, little.signer)];
    little.publish('sample', { versions: { '1.0.0': { tarball, attestations } } });
    expect(await registry.loadSignedRelease('sample', '1.0.0')).toMatchObject({
      signatures: { value: [{ of: 'registry' }, { of: 'attestation', name: predicateType, outcome: 'valid' }] },
      provenance: { value: { state: 'absent' } },
    });
  });

  it('with a key that nobody lists is told so', async () => {
    const { release } = await load([await sigstore.publish(statement, createSigner())]);
    expect(release).toMatchObject({
      signatures: { value: [{}, { of: 'attestation', outcome: 'key-unlisted' }] },
      provenance: { value: { state: 'invalid' } },
    });
  });

  it.each([
    ['another package', { ...statement, purl: 'pkg:npm/other@1.0.0' }, /^it is about pkg:npm\/other@1\.0\.0/],
    ['another version', { ...statement, purl: 'pkg:npm/sample@1.0.1' }, /^it is about pkg:npm\/sample@1\.0\.1/],
    ['other bytes', { ...statement, tarball: Buffer.from('others') }, /^it is about pkg:npm\/sample@1\.0\.0/],
  ])('about %s does not hold', async (_, about, reason) => {
    const { release } = await load([await sigstore.attest(about)]);
    expect(release).toMatchObject({
      signatures: { value: [{}, { outcome: 'invalid', reason: expect.stringMatching(reason) }] },
      provenance: { value: { state: 'invalid' } },
    });
  });

  it('about a scoped package has the at sign of its scope escaped', async () => {
    const purl = 'pkg:npm/%40scope/sample@1.0.0';
    const { registry } = await connectSigned({
      packages: {
        '@scope/sample': {
          versions: { '1.0.0': { tarball, attestations: [await sigstore.attest({ ...statement, purl })] } },
        },
      },
    });
    expect(await registry.loadSignedRelease('@scope/sample', '1.0.0')).toMatchObject({
      provenance: { value: { state: 'verified' } },
    });
  });

  it('whose statement was changed after signing does not hold, whoever is trusted', async () => {
    const attestation = await sigstore.attest(statement);
    const envelope = attestation.bundle['dsseEnvelope'];
    const payload = Buffer.from(JSON.stringify({ ...JSON.parse(decodePayload(envelope)), predicate: { more: 1 } }));
    const changed = { ...(envelope as object), payload: payload.toString('base64') };
    const { release } = await load([spoil(attestation, { dsseEnvelope: changed })]);
    expect(release).toMatchObject({ signatures: { value: [{}, { outcome: 'invalid' }] } });
  });

  it.each([
    ['nothing', undefined, /no Sigstore bundle/],
    ['a text', 'bundle', /no Sigstore bundle/],
    ['an object without a signature', {}, /no Sigstore bundle/],
  ])('that is %s does not hold', async (_, bundle, reason) => {
    const { release } = await load([{ predicateType: 'any', bundle }]);
    expect(release).toMatchObject({
      signatures: { value: [{}, { outcome: 'invalid', reason: expect.stringMatching(reason) }] },
    });
  });

  it('whose certificate cannot be read does not hold', async () => {
    const attestation = await sigstore.attest(statement);
    const material = attestation.bundle['verificationMaterial'] as object;
    const verificationMaterial = { ...material, certificate: { rawBytes: 'AAAA' } };
    const { release } = await load([spoil(attestation, { verificationMaterial })]);
    expect(release).toMatchObject({ signatures: { value: [{}, { outcome: 'invalid' }] } });
  });

  it('in a form that nobody here knows is unknown', async () => {
    const attestation = await sigstore.attest(statement);
    const mediaType = 'application/vnd.dev.sigstore.bundle.v9+json';
    const { release } = await load([spoil(attestation, { mediaType })]);
    expect(release).toMatchObject({
      signatures: { value: [{ of: 'registry' }] },
      provenance: { known: false, why: 'malformed', detail: expect.stringContaining(mediaType) },
    });
  });

  describe('of another Sigstore than the one that is shipped', () => {
    const loadForeign = async (current: unknown): Promise<Awaited<ReturnType<typeof load>>['release']> => {
      const other: LittleSigstore = await startSigstore();
      const answer = current === 'other' ? known(other.root) : (current as Missing);
      return (await load([await other.attest(statement)], { loadCurrent: async () => answer })).release;
    };

    it('holds when Sigstore says today that it may', async () => {
      expect(await loadForeign('other')).toMatchObject({ provenance: { value: { state: 'verified' } } });
    });

    it('does not hold when Sigstore does not know it today either', async () => {
      expect(await loadForeign(known(sigstore.root))).toMatchObject({
        signatures: { value: [{}, { outcome: 'invalid' }] },
        provenance: { value: { state: 'invalid' } },
      });
    });

    it('is unknown when Sigstore cannot be asked', async () => {
      expect(await loadForeign(unreachable)).toMatchObject({
        signatures: { value: [{ of: 'registry' }] },
        provenance: { known: false, why: 'unreachable', detail: expect.stringMatching(/nobody answers\.$/) },
      });
    });
  });

  it('that the packument tells of and the registry does not serve is unknown', async () => {
    const { registry } = await connectSigned(publishing({ dist: { attestations: { url: '', provenance: {} } } }));
    expect(await registry.loadSignedRelease('sample', '1.0.0')).toMatchObject({
      provenance: { known: false, why: 'not-found' },
    });
  });

  it.each([
    ['no JSON', '<html>'],
    ['no list', '{"attestations":{}}'],
  ])('in an answer that is %s is unknown', async (_, body) => {
    const { little, registry } = await connectSigned(publishing({ attestations: [] }));
    little.fail('/-/npm/v1/attestations/sample@1.0.0', { kind: 'body', body });
    expect(await registry.loadSignedRelease('sample', '1.0.0')).toMatchObject({
      provenance: { known: false, why: 'malformed' },
    });
  });

  it('is asked for at the registry, wherever the packument points, and kept for the next run', async () => {
    const attestations = [await sigstore.attest(statement)];
    const dist = { attestations: { url: 'https://elsewhere.invalid/secrets', provenance: {} } };
    const { little, registry, again } = await connectSigned(publishing({ attestations, dist }));
    const first = await registry.loadSignedRelease('sample', '1.0.0');
    expect(first).toMatchObject({ provenance: { value: { state: 'verified' } } });
    const asked = little.requests.length;
    expect((await again({ offline: true }).loadSignedRelease('sample', '1.0.0')).provenance).toEqual(first.provenance);
    expect(little.requests).toHaveLength(asked);
  });

  it('that is not there is absent where the registry tells of others, and unknown where it tells of none', async () => {
    const unsigned = { dist: { signatures: undefined } };
    const attestations = [await sigstore.attest(statement)];
    const { little, registry, again } = await connectSigned({
      packages: { sample: { versions: { '1.0.0': { tarball, attestations, ...unsigned }, '1.0.1': unsigned } } },
    });
    expect((await registry.loadSignedRelease('sample', '1.0.1')).provenance).toEqual(known({ state: 'absent' }));
    little.publish('sample', { versions: { '1.0.1': unsigned, '1.0.2': {} } });

    expect(await again({ preferOnline: true }).loadSignedRelease('sample', '1.0.1')).toMatchObject({
      provenance: { known: false, why: 'not-served' },
    });
  });
});

function decodePayload(envelope: unknown): string {
  const { payload } = envelope as { readonly payload: string };
  return Buffer.from(payload, 'base64').toString('utf8');
}
