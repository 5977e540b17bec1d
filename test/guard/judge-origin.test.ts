/** From the registry's word to the verdict, through every rule. */
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.ts';
import { judgePair, type Pair } from '../../src/guard.ts';
import { missing } from '../../src/model/fact.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { createRegistry } from '../../src/registry/registry.ts';
import { connect } from '../registry/connect.ts';
import { buildTarball } from '../support/build-tarball.ts';
import { type Attestation, type AttestedBuild, startSigstore } from '../support/little-sigstore.ts';
import type { LittleRegistryOptions, PublishedVersion } from '../support/registry.ts';
import { optionsWith } from './judge-watched.ts';

const sigstore = await startSigstore();
const update: Pair = { name: 'sample', from: '1.0.0', to: '1.0.1' };

const code = 'exports.a = require("helper");\n';

function pack(version: string): Uint8Array {
  return buildTarball({ 'package.json': JSON.stringify({ name: 'sample', version }), 'index.js': code });
}

/** The new version, with one dependency more. */
function depending(spec: string): PublishedVersion {
  return { files: { 'package.json': { dependencies: { helper: spec } }, 'index.js': code } };
}

function attest(version: string, build: AttestedBuild = {}): Promise<Attestation> {
  return sigstore.attest({ purl: `pkg:npm/sample@${version}`, tarball: pack(version) }, build);
}

async function judge(
  versions: Readonly<Record<string, PublishedVersion>>,
  { packages = {}, ...options }: LittleRegistryOptions = {},
): Promise<Verdict> {
  const filled = Object.entries(versions).map(
    ([version, published]) =>
      [version, published.files === undefined ? { tarball: pack(version), ...published } : published] as const,
  );
  const all = { sample: { versions: Object.fromEntries(filled) }, ...packages };
  const { config } = await connect({ ...options, packages: all });
  const loadCurrent = async () => missing('unreachable', 'Nobody answers.');
  const registry = createRegistry(config, { trust: { shipped: sigstore.root, keys: [], loadCurrent } });
  return judgePair(update, { ...optionsWith(rules), registry });
}

const ids = ({ findings }: Verdict) => findings.map(({ rule, level }) => `${rule} ${level}`);

describe('an update at a registry that tells everything', () => {
  it('passes in silence when all is as it was', async () => {
    const versions = {
      '1.0.0': { attestations: [await attest('1.0.0', { ref: 'refs/tags/v1.0.0' })] },
      '1.0.1': { attestations: [await attest('1.0.1', { ref: 'refs/tags/v1.0.1' })] },
    };
    const verdict = await judge(versions);
    expect(verdict).toMatchObject({ result: 'allow', findings: [] });
    const facts = verdict.coverage.gaps.map(({ fact }) => fact);
    expect(facts).not.toContain('signatures');
    expect(facts).not.toContain('provenance');
    expect(facts).not.toContain('publishers');
  });

  it.each<[string, PublishedVersion, string]>([
    [
      'signed for another version',
      { dist: { signatures: [{ keyid: 'none', sig: 'AAAA' }] } },
      'signature-invalid review',
    ],
    ['not signed at all', { dist: { signatures: undefined } }, 'signature-invalid review'],
    ['published by a stranger', { publisher: 'stranger' }, 'publisher-changed notice'],
  ])('is told when it is %s', async (_, published, expected) => {
    expect(ids(await judge({ '1.0.0': {}, '1.0.1': published }))).toEqual([expected]);
  });

  it('is blocked when its provenance is about other bytes', async () => {
    const attestations = [await sigstore.attest({ purl: 'pkg:npm/sample@1.0.1', tarball: pack('9.9.9') })];
    const verdict = await judge({ '1.0.0': { attestations: [await attest('1.0.0')] }, '1.0.1': { attestations } });
    expect(verdict.result).toBe('block');
    expect(ids(verdict)).toEqual(['signature-invalid block']);
  });

  it('is for review when its provenance is gone, or comes from elsewhere', async () => {
    const before = { attestations: [await attest('1.0.0')] };
    const elsewhere = await attest('1.0.1', { repository: 'https://host.invalid/other/sample' });
    expect(ids(await judge({ '1.0.0': before, '1.0.1': {} }))).toEqual(['provenance-dropped review']);
    expect(ids(await judge({ '1.0.0': before, '1.0.1': { attestations: [elsewhere] } }))).toEqual([
      'provenance-source-changed review',
    ]);
  });

  it('is for review when it brings a package that is called almost like a popular one', async () => {
    const packages = { lodahs: { versions: { '1.0.0': { publishedAt: '2025-12-01T00:00:00.000Z' } } } };
    const verdict = await judge({ '1.0.0': {}, '1.0.1': depending('npm:lodahs@^1.0.0') }, { packages });
    expect(verdict.findings).toMatchObject([
      { rule: 'typosquat', level: 'review', package: { name: 'lodahs', version: '1.0.0' } },
    ]);
  });

  it('is blocked when the signature of a dependency that it brings does not hold', async () => {
    const packages = { helper: { versions: { '1.0.0': {}, '1.0.1': { dist: { integrity: undefined } } } } };
    const verdict = await judge({ '1.0.0': {}, '1.0.1': depending('^1.0.0') }, { packages });
    expect(verdict.findings).toMatchObject([
      { rule: 'signature-invalid', level: 'block', package: { name: 'helper', version: '1.0.1' } },
    ]);
  });
});

it('at a mirror that tells nothing, an update passes, and the gaps are said', async () => {
  const verdict = await judge({ '1.0.0': {}, '1.0.1': {} }, { mirror: true });
  expect(verdict).toMatchObject({ result: 'allow', findings: [] });
  const unchecked = verdict.coverage.unchecked.map(({ rule }) => rule).toSorted();
  expect(unchecked).toEqual([
    'provenance-dropped',
    'provenance-source-changed',
    'publisher-changed',
    'signature-invalid',
  ]);
  for (const { why, required } of verdict.coverage.gaps) expect([why, required]).toEqual(['not-served', false]);
});
