/**
 * One attestation: a statement about a tarball, signed either with the registry's key or with a certificate that Sigstore
 * gave a build for some minutes, and entered in Sigstore's log. Checked as `npm audit signatures` does, without asking
 * anybody where the shipped trusted root suffices. Loaded only where there is an attestation: the verifier takes 80 ms.
 */
import { type Bundle, bundleFromJSON, isBundleWithDsseEnvelope, isBundleWithPublicKey } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toSignedEntity, toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';
import type { Missing } from '../model/fact.ts';
import { missing } from '../model/fact.ts';
import { isRecord } from '../model/manifest.ts';
import type { ProvenanceSource } from '../model/release-origin.ts';
import { readCertificateSource } from './certificate-source.ts';
import type { FindKey, RegistryKey } from './registry-keys.ts';
import type { SigstoreTrust } from './sigstore-trust.ts';

export interface AttestedRelease {
  /** `pkg:npm/%40scope/name@1.0.0` */
  readonly purl: string;
  /** Hexadecimal. */
  readonly sha512: string;
}

export interface AttestationChecks {
  readonly release: AttestedRelease;
  readonly trust: SigstoreTrust;
  readonly findKey: FindKey;
}

export type CheckedAttestation = ValidAttestation | FailedAttestation | UndecidedAttestation;

export interface ValidAttestation extends ValidSigner {
  /** From the signed statement. */
  readonly predicateType: string;
}

interface ValidSigner {
  readonly outcome: 'valid';
  /** Undefined when it is signed with a key, which belongs to no build. */
  readonly source: ProvenanceSource | undefined;
}

export interface FailedAttestation {
  readonly outcome: 'invalid' | 'key-unlisted';
  readonly reason: string;
}

/** What it takes to decide could not be had. */
export interface UndecidedAttestation {
  readonly outcome: 'undecided';
  readonly missing: Missing;
}

interface Statement {
  readonly predicateType: string;
  readonly subjects: readonly AttestedRelease[];
}

const knownBundle = /^application\/vnd\.dev\.sigstore\.bundle(?:\+json;version=0\.[123]|\.v0\.3\+json)$/;
const statementType = 'application/vnd.in-toto+json';
/** In-toto statements of npm packages have one subject. */
const maxSubjects = 100;
/** Failures that no other trusted root can mend: the bundle contradicts itself. */
const ownFailures: readonly string[] = ['SIGNATURE_ERROR', 'TLOG_BODY_ERROR'];

/** @param written The `bundle` of an entry in the list of attestations. */
export async function verifyAttestation(written: unknown, checks: AttestationChecks): Promise<CheckedAttestation> {
  const mediaType = isRecord(written) ? written['mediaType'] : undefined;
  if (typeof mediaType === 'string' && !knownBundle.test(mediaType)) {
    return undecided(missing('malformed', `It comes in a form that is not known here: ${mediaType.slice(0, 100)}.`));
  }
  const bundle = findBundle(written);
  if (bundle === undefined) return failed('it is no Sigstore bundle');
  const statement = findStatement(bundle);
  if (statement === undefined) return failed('it holds no in-toto statement');
  if (
    !statement.subjects.some(({ purl, sha512 }) => purl === checks.release.purl && sha512 === checks.release.sha512)
  ) {
    const [first] = statement.subjects;
    return failed(`it is about ${first === undefined ? 'nothing' : `${first.purl} (sha512 ${first.sha512})`}`);
  }
  const key = await findSigningKey(bundle, checks.findKey);
  if (key.outcome !== 'found') return key;
  const verified = await verifyTrusted(bundle, key.key, checks.trust);
  return verified.outcome === 'valid' ? { ...verified, predicateType: statement.predicateType } : verified;
}

/** With what Sigstore's client ships, and where that fails for want of something newer, with what Sigstore says today. */
async function verifyTrusted(
  bundle: Bundle,
  key: RegistryKey | undefined,
  trust: SigstoreTrust,
): Promise<ValidSigner | FailedAttestation | UndecidedAttestation> {
  const first = trust.shipped === undefined ? noRoot : verifyWith(trust.shipped, bundle, key);
  if (first.outcome === 'valid') return first;
  if (ownFailures.includes(first.code)) return failed(first.reason);
  const current = await trust.loadCurrent();
  if (!current.known) {
    const detail = `It does not verify with what Sluice ships (${first.reason}), and ${lowerFirst(current.detail)}`;
    return undecided(missing(current.why, detail));
  }
  const second = verifyWith(current.value, bundle, key);
  return second.outcome === 'valid' ? second : failed(second.reason);
}

interface FailedAttempt {
  readonly outcome: 'failed';
  readonly code: string;
  readonly reason: string;
}

const noRoot: FailedAttempt = { outcome: 'failed', code: '', reason: 'a trusted root is missing' };

function verifyWith(root: unknown, bundle: Bundle, key: RegistryKey | undefined): ValidSigner | FailedAttempt {
  const trusted = TrustedRoot.fromJSON(root);
  try {
    const material = toTrustMaterial(trusted, () => {
      if (key === undefined) throw new VerificationError({ code: 'PUBLIC_KEY_ERROR', message: 'no key is named' });
      const { expiresAt = Number.POSITIVE_INFINITY } = key;
      return { publicKey: key.key, validFor: (date) => date.getTime() <= expiresAt };
    });
    const { identity } = new Verifier(material).verify(toSignedEntity(bundle));
    return { outcome: 'valid', source: identity && readCertificateSource(identity) };
  } catch (cause) {
    // The library throws its own errors for what it checks, and others for what it cannot even read.
    const code = cause instanceof VerificationError ? cause.code : 'SIGNATURE_ERROR';
    return { outcome: 'failed', code, reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

type FoundKey =
  | { readonly outcome: 'found'; readonly key: RegistryKey | undefined }
  | FailedAttestation
  | UndecidedAttestation;

/** A certificate brings its own key. */
async function findSigningKey(bundle: Bundle, findKey: FindKey): Promise<FoundKey> {
  if (!isBundleWithPublicKey(bundle)) return { outcome: 'found', key: undefined };
  const { hint } = bundle.verificationMaterial.content.publicKey;
  const key = await findKey(hint);
  if (!key.known) return undecided(key);
  if (key.value !== undefined) return { outcome: 'found', key: key.value };
  return { outcome: 'key-unlisted', reason: `nobody lists its key ${hint.slice(0, 100)}` };
}

function findBundle(written: unknown): Bundle | undefined {
  try {
    return bundleFromJSON(written);
  } catch {
    return undefined;
  }
}

function findStatement(bundle: Bundle): Statement | undefined {
  if (!isBundleWithDsseEnvelope(bundle)) return undefined;
  const { payload, payloadType } = bundle.content.dsseEnvelope;
  if (payloadType !== statementType) return undefined;
  let statement: unknown;
  try {
    statement = JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
  const { predicateType, subject } = isRecord(statement) ? statement : {};
  if (typeof predicateType !== 'string' || !Array.isArray(subject)) return undefined;
  return { predicateType, subjects: subject.slice(0, maxSubjects).flatMap((one) => findSubject(one) ?? []) };
}

function findSubject(written: unknown): AttestedRelease | undefined {
  const { name, digest } = isRecord(written) ? written : {};
  const sha512 = isRecord(digest) ? digest['sha512'] : undefined;
  return typeof name === 'string' && typeof sha512 === 'string' ? { purl: name, sha512 } : undefined;
}

function failed(reason: string): FailedAttestation {
  return { outcome: 'invalid', reason };
}

function undecided(absence: Missing): UndecidedAttestation {
  return { outcome: 'undecided', missing: absence };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
