import { describe, expect, it } from 'vitest';
import { type Fact, known } from '../../src/model/fact.ts';
import { isRecord } from '../../src/model/manifest.ts';
import type { SigstoreTrust } from '../../src/registry/sigstore-trust.ts';
import { type Attestation, type LittleSigstore, type Statement, startSigstore } from '../support/little-sigstore.ts';
import { createSigner } from '../support/registry-signer.ts';
import { connectSigned, publishing, sigstore, tarball, unreachable } from './connect-signed.ts';

const statement: Statement = { purl: 'pkg:npm/sample@1.0.0', tarball };

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
    const changed = { ...readRecord(envelope), payload: payload.toString('base64') };
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
    const material = readRecord(attestation.bundle['verificationMaterial']);
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
    const loadForeign = async (
      current: Fact<unknown> | 'other',
    ): Promise<Awaited<ReturnType<typeof load>>['release']> => {
      const other: LittleSigstore = await startSigstore();
      const answer = current === 'other' ? known(other.root) : current;
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
  return Buffer.from(String(readRecord(envelope)['payload']), 'base64').toString('utf8');
}

function readRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value)) throw new Error('our own bundle lacks a part');
  return value;
}
