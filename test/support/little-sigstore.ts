/**
 * A Sigstore of our own: a certificate authority, a log of certificates and a log of signatures, which live as long as
 * the test. The parts are those that Sigstore tests its own client with; they take the time of the machine they run on,
 * so nothing here depends on what the time is. Imported by their files: the package's index would patch node:http.
 */
import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { initializeCA } from '@sigstore/mock/dist/fulcio/ca.js';
import { initializeCTLog } from '@sigstore/mock/dist/fulcio/ctlog.js';
import { initializeTLog } from '@sigstore/mock/dist/rekor/tlog.js';
import type { Signer } from './registry-signer.ts';

export interface AttestedBuild {
  readonly repository?: string;
  /** Path in the repository. */
  readonly workflow?: string;
  readonly ref?: string;
}

export interface Statement {
  /** `pkg:npm/sample@1.0.0` */
  readonly purl: string;
  readonly tarball: Uint8Array;
  /** Default: provenance, as npm writes it. */
  readonly predicateType?: string;
}

/** An entry of the registry's list of attestations. */
export interface Attestation {
  readonly predicateType: string;
  readonly bundle: Readonly<Record<string, unknown>>;
}

export interface LittleSigstore {
  /** A trusted root as JSON. */
  readonly root: unknown;
  /** Signed with a certificate that the authority gives to this build. */
  attest(statement: Statement, build?: AttestedBuild): Promise<Attestation>;
  /** Signed with the registry's key, as npm signs that it took the release. */
  publish(statement: Statement, signer: Signer): Promise<Attestation>;
}

interface LogEntry {
  readonly body: string;
  readonly integratedTime: number;
  readonly logIndex: number;
  readonly verification: {
    readonly inclusionProof: { readonly treeSize: number; readonly rootHash: string; readonly checkpoint: string };
    readonly signedEntryTimestamp: string;
  };
}

const logUrl = 'https://log.invalid';
const statementType = 'application/vnd.in-toto+json';
const provenance = 'https://slsa.dev/provenance/v1';
const fulcio = '1.3.6.1.4.1.57264.1';
const curve = { namedCurve: 'P-256' };

export async function startSigstore(): Promise<LittleSigstore> {
  const [authority, log] = [generateKeyPairSync('ec', curve), generateKeyPairSync('ec', curve)];
  const certificateLog = await initializeCTLog(authority);
  const ca = await initializeCA(authority, certificateLog);
  const signatureLog = await initializeTLog(logUrl, log);
  const logId = createHash('sha256').update(derOf(log.publicKey)).digest('base64');

  const seal = async (statement: Statement, key: Sealing): Promise<Attestation> => {
    const payload = Buffer.from(JSON.stringify(renderStatement(statement)));
    const signature = sign('SHA256', encodeEnvelope(payload), key.privateKey).toString('base64');
    const logged = Object.values(await signatureLog.log(renderLogEntry(payload, signature, key.verifier)));
    // Safe: the log of the stand-in answers with the one entry that it made, in this shape.
    const entry = renderTransparency(logged[0] as unknown as LogEntry, logId);
    const envelope = {
      payload: payload.toString('base64'),
      payloadType: statementType,
      signatures: [{ sig: signature, keyid: key.keyid }],
    };
    const bundle = {
      mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
      verificationMaterial: { ...key.material, tlogEntries: [entry] },
      dsseEnvelope: envelope,
    };
    return { predicateType: statement.predicateType ?? provenance, bundle };
  };

  return {
    root: renderRoot({
      authority: bytesOf(ca.rootCertificate),
      certificateLog: { key: certificateLog.publicKey, id: bytesOf(certificateLog.logID) },
      signatureLog: { key: derOf(log.publicKey), id: logId },
    }),
    attest: async (statement, build = {}) => {
      const keys = generateKeyPairSync('ec', curve);
      const certificate = await ca.issueCertificate({ publicKey: derOf(keys.publicKey), ...renderIdentity(build) });
      const rawBytes = bytesOf(certificate).toString('base64');
      const pem = `-----BEGIN CERTIFICATE-----\n${rawBytes}\n-----END CERTIFICATE-----\n`;
      const material = { certificate: { rawBytes } };
      return seal(statement, { privateKey: keys.privateKey, verifier: pem, keyid: '', material });
    },
    publish: (statement, signer) => {
      const keyid = String(signer.key['keyid']);
      const der = Buffer.from(String(signer.key['key']), 'base64');
      const verifier = createPublicKey({ key: der, format: 'der', type: 'spki' }).export({
        type: 'spki',
        format: 'pem',
      });
      const material = { publicKey: { hint: keyid } };
      return seal(statement, { privateKey: signer.privateKey, verifier: String(verifier), keyid, material });
    },
  };
}

interface Sealing {
  readonly privateKey: KeyObject;
  /** PEM of the certificate or the key. */
  readonly verifier: string;
  readonly keyid: string;
  readonly material: Readonly<Record<string, unknown>>;
}

function derOf(key: KeyObject): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(key.export({ type: 'spki', format: 'der' }));
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

function renderStatement({ purl, tarball, predicateType = provenance }: Statement): unknown {
  const sha512 = createHash('sha512').update(tarball).digest('hex');
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: purl, digest: { sha512 } }],
    predicateType,
    predicate: {},
  };
}

/** What a DSSE signature is over. */
function encodeEnvelope(payload: Buffer): Buffer {
  return Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${payload.length} ${payload.toString('utf8')}`);
}

function renderLogEntry(payload: Buffer, signature: string, verifier: string): object {
  const hash = { algorithm: 'sha256', value: createHash('sha256').update(payload).digest('hex') };
  const signatures = [{ signature, verifier: Buffer.from(verifier).toString('base64') }];
  return { apiVersion: '0.0.1', kind: 'dsse', spec: { envelopeHash: hash, payloadHash: hash, signatures } };
}

function renderTransparency({ body, integratedTime, logIndex, verification }: LogEntry, logId: string): unknown {
  const { inclusionProof, signedEntryTimestamp } = verification;
  return {
    logIndex: String(logIndex),
    logId: { keyId: logId },
    kindVersion: { kind: 'dsse', version: '0.0.1' },
    integratedTime: String(integratedTime),
    inclusionPromise: { signedEntryTimestamp },
    inclusionProof: {
      logIndex: '0',
      rootHash: Buffer.from(inclusionProof.rootHash, 'hex').toString('base64'),
      treeSize: String(inclusionProof.treeSize),
      hashes: [],
      checkpoint: { envelope: inclusionProof.checkpoint },
    },
    canonicalizedBody: body,
  };
}

function renderIdentity({
  repository,
  workflow = '.github/workflows/release.yml',
  ref = 'refs/heads/main',
}: AttestedBuild): {
  readonly subjectAltName: string;
  readonly extensions: { oid: string; value: string }[];
} {
  const home = repository ?? 'https://host.invalid/owner/sample';
  const config = `${home}/${workflow}@${ref}`;
  const values: readonly (readonly [number: number, value: string])[] = [
    [8, 'https://issuer.invalid'],
    [12, home],
    [14, ref],
    [18, config],
  ];
  return {
    subjectAltName: config,
    extensions: values.map(([number, value]) => ({ oid: `${fulcio}.${number}`, value })),
  };
}

interface RootParts {
  readonly authority: Buffer;
  readonly certificateLog: { readonly key: Uint8Array; readonly id: Buffer };
  readonly signatureLog: { readonly key: Uint8Array; readonly id: string };
}

function renderRoot({ authority, certificateLog, signatureLog }: RootParts): unknown {
  const validFor = { start: '2020-01-01T00:00:00.000Z' };
  const describeKey = (key: Uint8Array) => ({
    rawBytes: Buffer.from(key).toString('base64'),
    keyDetails: 'PKIX_ECDSA_P256_SHA_256',
    validFor,
  });
  return {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [
      {
        baseUrl: logUrl,
        hashAlgorithm: 'SHA2_256',
        publicKey: describeKey(signatureLog.key),
        logId: { keyId: signatureLog.id },
      },
    ],
    certificateAuthorities: [
      {
        uri: 'https://authority.invalid',
        certChain: { certificates: [{ rawBytes: authority.toString('base64') }] },
        validFor,
      },
    ],
    ctlogs: [
      {
        baseUrl: 'https://certificates.invalid',
        hashAlgorithm: 'SHA2_256',
        publicKey: describeKey(certificateLog.key),
        logId: { keyId: certificateLog.id.toString('base64') },
      },
    ],
    timestampAuthorities: [],
  };
}
