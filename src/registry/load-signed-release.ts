/**
 * The signatures of one version, checked, and what its provenance says.
 * The registry signs name, version and integrity; whether the bytes have that integrity is checked elsewhere.
 */
import { verify } from 'node:crypto';
import { type Fact, known, type Missing, missing } from '../model/fact.ts';
import type { Provenance, SignatureRecord } from '../model/release-origin.ts';
import { loadAttestations } from './load-attestations.ts';
import type { RegistryParts } from './load-packument.ts';
import type { Packument } from './packument.ts';
import type { RegistrySignature, ReleaseOrigin } from './read-release-origin.ts';
import type { FindKey, Keyring } from './registry-keys.ts';
import type { SigstoreTrust } from './sigstore-trust.ts';
import type { CheckedAttestation } from './verify-attestation.ts';

export interface SignedRelease {
  /** Those that could be checked; missing when there were none. */
  readonly signatures: Fact<readonly SignatureRecord[]>;
  readonly provenance: Fact<Provenance>;
}

export interface SigningParts {
  /** Loaded only where something is signed: what Sigstore's client ships is not small. */
  readonly loadTrust: () => Promise<SigstoreTrust>;
  readonly keyring: Keyring;
}

const provenanceType = /^https:\/\/slsa\.dev\/provenance\/v/;

export async function loadSignedRelease(
  packument: Packument,
  version: string,
  parts: RegistryParts & SigningParts,
): Promise<SignedRelease> {
  const origin = packument.findOrigin(version);
  if (origin === undefined) {
    const absence = missing('not-found', `The registry's packument of ${packument.name} has no version ${version}.`);
    return { signatures: absence, provenance: absence };
  }
  const findKey: FindKey = (keyid) => parts.keyring(packument.registry, keyid);
  const [signatures, attestations] = await Promise.all([
    checkSignatures(packument, { version, origin }, findKey),
    checkAttestations(packument, { version, origin }, { ...parts, findKey }),
  ]);
  return {
    signatures: collectRecords(signatures, attestations, `${packument.name}@${version}`),
    provenance: attestations.known ? findProvenance(attestations.value) : attestations,
  };
}

interface OriginOfVersion {
  readonly version: string;
  readonly origin: ReleaseOrigin;
}

type Checked = SignatureRecord | Missing;

async function checkSignatures(
  { name, publishTimes }: Packument,
  { version, origin }: OriginOfVersion,
  findKey: FindKey,
): Promise<readonly Checked[]> {
  const message = Buffer.from(`${name}@${version}:${origin.signedIntegrity ?? ''}`);
  // Where the registry does not say when, npm takes the version for an old one: so do we.
  const publishedAt = publishTimes.known ? Date.parse(publishTimes.value.get(version) ?? '') : Number.NaN;
  const checked: Checked[] = [];
  for (const [index, signature] of origin.signatures.entries()) {
    const outcome = await checkSignature(signature, { message, publishedAt, findKey });
    checked.push('known' in outcome ? outcome : { of: 'registry', index, name: signature.keyid, ...outcome });
  }
  return checked;
}

async function checkSignature(
  { keyid, sig }: RegistrySignature,
  { message, publishedAt, findKey }: { message: Buffer; publishedAt: number; findKey: FindKey },
): Promise<Pick<SignatureRecord, 'outcome' | 'reason'> | Missing> {
  const found = await findKey(keyid);
  if (!found.known) return found;
  const key = found.value;
  if (key === undefined) return { outcome: 'key-unlisted', reason: 'the registry does not list its key' };
  if (!verify('SHA256', message, key.key, Buffer.from(sig, 'base64'))) {
    return { outcome: 'invalid', reason: 'it is not over this name, version and integrity' };
  }
  if (key.expiresAt === undefined || !(publishedAt >= key.expiresAt)) return { outcome: 'valid', reason: '' };
  const expired = new Date(key.expiresAt).toISOString();
  return { outcome: 'key-expired', reason: `its key expired ${expired}, before the version was published` };
}

/** An empty list where the registry, which tells of attestations, has none for this version. */
async function checkAttestations(
  packument: Packument,
  { version, origin }: OriginOfVersion,
  parts: RegistryParts & SigningParts & { readonly findKey: FindKey },
): Promise<Fact<readonly CheckedAttestation[]>> {
  const spec = `${packument.name}@${version}`;
  if (!origin.hasAttestations) {
    // Mirrors leave signatures and attestations out together.
    if (origin.signatures.length > 0 || packument.tellsAttestations()) return known([]);
    return missing('not-served', `The registry tells of no attestations, and of no signatures either, for ${spec}.`);
  }
  const digest = packument.findDist(version)?.claims.find(({ algorithm }) => algorithm === 'sha512')?.digests[0];
  if (digest === undefined) {
    return missing('not-served', `The registry claims no SHA-512 digest for ${spec}, which attestations are about.`);
  }
  const written = await loadAttestations(packument, version, parts);
  if (!written.known) return written;
  const [{ verifyAttestation }, trust] = await Promise.all([import('./verify-attestation.ts'), parts.loadTrust()]);
  const { findKey } = parts;
  const release = { purl: renderPurl(packument.name, version), sha512: Buffer.from(digest, 'base64').toString('hex') };
  return known(
    await Promise.all(written.value.map((bundle) => verifyAttestation(bundle, { release, trust, findKey }))),
  );
}

/** As npm writes it into statements: the scope's at sign is escaped, the slash is not. */
function renderPurl(name: string, version: string): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

function collectRecords(
  signatures: readonly Checked[],
  attestations: Fact<readonly CheckedAttestation[]>,
  spec: string,
): Fact<readonly SignatureRecord[]> {
  const checked = [...signatures, ...(attestations.known ? attestations.value.map(describeAttestation) : [])];
  const records = checked.filter((record): record is SignatureRecord => !('known' in record));
  if (records.length > 0) return known(records);
  const unchecked = checked.find((record): record is Missing => 'known' in record);
  if (unchecked !== undefined) return unchecked;
  return attestations.known ? missing('not-served', `The registry gives no signatures for ${spec}.`) : attestations;
}

function describeAttestation(checked: CheckedAttestation, index: number): Checked {
  switch (checked.outcome) {
    case 'undecided':
      return checked.missing;
    case 'valid':
      return { of: 'attestation', index, name: checked.predicateType, outcome: 'valid', reason: '' };
    default:
      return { of: 'attestation', index, name: '', outcome: checked.outcome, reason: checked.reason };
  }
}

/** One that fails casts doubt on all; one that could not be decided may be the one that matters. */
function findProvenance(attestations: readonly CheckedAttestation[]): Fact<Provenance> {
  let provenance: Provenance = { state: 'absent' };
  for (const checked of attestations) {
    if (checked.outcome === 'undecided') return checked.missing;
    if (checked.outcome !== 'valid') return known({ state: 'invalid' });
    if (provenanceType.test(checked.predicateType) && checked.source !== undefined) {
      provenance = { state: 'verified', source: checked.source };
    }
  }
  return known(provenance);
}
