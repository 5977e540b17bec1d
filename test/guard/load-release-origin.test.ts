import { describe, expect, it } from 'vitest';
import { loadReleaseOrigin, type OriginFacts } from '../../src/guard/load-release-origin.ts';
import { known, missing } from '../../src/model/fact.ts';
import { createRegistry } from '../../src/registry/registry.ts';
import { connect } from '../registry/connect.ts';
import { buildTarball } from '../support/build-tarball.ts';
import { type AttestedBuild, startSigstore } from '../support/little-sigstore.ts';
import type { LittleRegistry, LittleRegistryOptions, PublishedVersion } from '../support/registry.ts';

const sigstore = await startSigstore();
const tarball = buildTarball({ 'package.json': '{"name":"sample"}' });

async function attested(version: string, build: AttestedBuild = {}): Promise<PublishedVersion> {
  const attestation = await sigstore.attest({ purl: `pkg:npm/sample@${version}`, tarball }, build);
  return { tarball, attestations: [attestation] };
}

interface Loaded {
  readonly little: LittleRegistry;
  readonly facts: OriginFacts;
}

interface LoadOptions extends LittleRegistryOptions {
  /** Laid over the packument. */
  readonly packument?: Readonly<Record<string, unknown>>;
  /** A path that answers 404. */
  readonly failing?: string;
}

async function load(
  versions: Readonly<Record<string, PublishedVersion>>,
  [from, to]: readonly [from: string | undefined, to: string],
  options: LoadOptions = {},
): Promise<Loaded> {
  const { packument = {}, failing, ...rest } = options;
  const { little, config } = await connect({ packages: { sample: { versions, packument } }, ...rest });
  if (failing !== undefined) little.fail(failing, { kind: 'status', status: 404 });
  const loadCurrent = async () => missing('unreachable', 'Nobody answers.');
  const registry = createRegistry(config, { trust: { shipped: sigstore.root, keys: [], loadCurrent } });
  return { little, facts: await loadReleaseOrigin(registry, { name: 'sample', from, to }) };
}

const pair = ['1.0.0', '1.0.1'] as const;
const asked = ({ requests }: LittleRegistry) =>
  requests.map(({ path }) => path).filter((path) => path.includes('attest'));

describe('provenance', () => {
  it('of both versions is verified where both have it, so that their sources can be compared', async () => {
    const { facts } = await load(
      { '1.0.0': await attested('1.0.0'), '1.0.1': await attested('1.0.1', { ref: 'refs/heads/other' }) },
      pair,
    );
    expect(facts.provenance).toMatchObject({
      value: {
        before: { state: 'verified', source: { ref: 'refs/heads/main' } },
        after: { state: 'verified', source: { ref: 'refs/heads/other' } },
        neighbor: { version: '1.0.0', hasProvenance: true },
      },
    });
  });

  it('of the old version alone is taken from the packument, and nobody is asked for it', async () => {
    const { facts, little } = await load({ '1.0.0': await attested('1.0.0'), '1.0.1': {} }, pair);
    expect(facts.provenance).toMatchObject({ value: { before: { state: 'claimed' }, after: { state: 'absent' } } });
    expect(asked(little)).toEqual([]);
  });

  it('of the new version alone has nothing to be compared with', async () => {
    const { facts, little } = await load({ '1.0.0': {}, '1.0.1': await attested('1.0.1') }, pair);
    expect(facts.provenance).toMatchObject({ value: { before: { state: 'absent' }, after: { state: 'verified' } } });
    expect(asked(little)).toHaveLength(1);
  });

  it.each(['1.0.0', '1.0.1'])('is unknown as a whole where that of %s cannot be had', async (version) => {
    const versions = { '1.0.0': await attested('1.0.0'), '1.0.1': await attested('1.0.1') };
    const { facts } = await load(versions, pair, { failing: `/-/npm/v1/attestations/sample@${version}` });
    expect(facts.provenance).toMatchObject({ known: false, why: 'not-found' });
  });

  it('of the neighbour is that of the last version of the same major and kind', async () => {
    const versions = {
      '1.0.0': await attested('1.0.0'),
      '1.1.0-rc.1': {},
      '2.0.0': {},
      '2.1.0-rc.1': await attested('2.1.0-rc.1'),
      '2.1.0': {},
      '3.0.0-rc.1': {},
    };
    const neighborOf = async (to: string) => {
      const { facts } = await load(versions, ['1.0.0', to]);
      return facts.provenance.known ? facts.provenance.value.neighbor : facts.provenance;
    };
    expect(await neighborOf('2.1.0')).toEqual({ version: '2.0.0', hasProvenance: false });
    expect(await neighborOf('2.0.0')).toBeUndefined();
    expect(await neighborOf('3.0.0-rc.1')).toBeUndefined();
  });
});

describe('the signature', () => {
  const unsigned: PublishedVersion = { dist: { signatures: undefined } };
  const signaturesOf = async (...question: Parameters<typeof load>) => (await load(...question)).facts.signatures;

  it('that is missing where the old version has one is told so', async () => {
    expect(await signaturesOf({ '1.0.0': {}, '1.0.1': unsigned }, pair)).toEqual(
      known([
        {
          of: 'registry',
          index: 0,
          name: '',
          outcome: 'missing',
          reason: 'the registry signed 1.0.0, and did not sign 1.0.1',
        },
      ]),
    );
  });

  it('that is missing beside an attestation is told besides it', async () => {
    const versions = { '1.0.0': {}, '1.0.1': { ...(await attested('1.0.1')), ...unsigned } };
    expect(await signaturesOf(versions, pair)).toMatchObject({ value: [{ outcome: 'missing' }, { outcome: 'valid' }] });
  });

  it.each([
    ['both versions lack', { '1.0.0': unsigned, '1.0.1': unsigned }, pair],
    ['a new package lacks', { '1.0.1': unsigned }, [undefined, '1.0.1']],
  ] as const)('that %s is unknown', async (_, versions, question) => {
    expect(await signaturesOf(versions, question)).toMatchObject({ known: false, why: 'not-served' });
  });
});

describe('the publisher', () => {
  const by = (publisher: string): PublishedVersion => ({ publisher });
  const publishersOf = async (...question: Parameters<typeof load>) => (await load(...question)).facts.publishers;

  it('is told for both versions, with everybody who published the old one or one before it', async () => {
    const versions = { '1.0.0': by('first'), '1.1.0': by('second'), '1.2.0': by('third'), '1.3.0': by('fourth') };
    expect(await publishersOf(versions, ['1.1.0', '1.3.0'])).toEqual(
      known({
        before: { name: 'second', trustedService: undefined },
        after: { name: 'fourth', trustedService: undefined },
        earlier: new Set(['first', 'second']),
        maintainers: { before: undefined, after: undefined },
      }),
    );
  });

  it('is not known from a lower version that was published later', async () => {
    const versions = {
      '0.9.1': { ...by('thief'), publishedAt: '2025-01-01T00:00:00.000Z' },
      '1.0.0': { ...by('first'), publishedAt: '2024-01-01T00:00:00.000Z' },
      '1.0.1': { ...by('thief'), publishedAt: '2025-01-01T00:00:00.000Z' },
    };
    expect(await publishersOf(versions, pair)).toMatchObject({ value: { earlier: new Set(['first']) } });
  });

  it('is known from lower versions where the registry does not say when they were published', async () => {
    const versions = { '0.9.0': by('zeroth'), '1.0.0': by('first'), '1.0.1': by('second') };
    expect(await publishersOf(versions, pair, { packument: { time: undefined } })).toMatchObject({
      value: { earlier: new Set(['zeroth', 'first']) },
    });
  });

  it('may be a CI service, and the maintainers may be written in two ways', async () => {
    const versions = {
      '1.0.0': {
        manifest: {
          _npmUser: { name: 'CI', trustedPublisher: { id: 'github', oidcConfigId: 'oidc:1' } },
          maintainers: [{ name: 'first', email: 'first@mail.invalid' }],
        },
      },
      '1.0.1': { manifest: { _npmUser: 'first <first@mail.invalid>', maintainers: ['first <first@mail.invalid>', 7] } },
    };
    expect(await publishersOf(versions, ['1.0.0', '1.0.0'])).toMatchObject({
      value: { after: { name: 'CI', trustedService: 'github' } },
    });
    expect(await publishersOf(versions, pair)).toMatchObject({
      value: {
        after: { name: 'first', trustedService: undefined },
        maintainers: { before: ['first'], after: ['first'] },
      },
    });
  });

  it.each([
    ['the new version', { '1.0.0': {}, '1.0.1': { manifest: { _npmUser: undefined } } }, '1.0.1'],
    ['the old version', { '1.0.0': { manifest: { _npmUser: {} } }, '1.0.1': {} }, '1.0.0'],
  ])('is unknown when the registry does not say it for %s', async (_, versions, version) => {
    expect(await publishersOf(versions, pair)).toEqual(
      missing('not-served', `The registry does not say who published sample@${version}.`),
    );
  });

  it('is all there is to say of a new package', async () => {
    expect(await publishersOf({ '1.0.1': {} }, [undefined, '1.0.1'])).toMatchObject({
      value: { before: undefined, after: { name: 'little' }, earlier: new Set() },
    });
  });
});

it('is unknown altogether where the packument is', async () => {
  const { facts } = await load({}, pair, { packages: {} });
  expect(Object.values(facts).map((fact) => !fact.known && fact.why)).toEqual(['not-found', 'not-found', 'not-found']);
});
