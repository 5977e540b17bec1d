/** What Sigstore's certificate authority says of the build that it gave a certificate: its repository, workflow and branch. */
import type { ProvenanceSource } from '../model/release-origin.ts';

/** What the verifier returns of a certificate. */
export interface CertificateIdentity {
  readonly subjectAlternativeName?: string | undefined;
  readonly extensions?: { readonly issuer?: string } | undefined;
  readonly oids?:
    | readonly { readonly oid: { readonly id: readonly number[] } | undefined; readonly value: Uint8Array }[]
    | undefined;
}

/** Sigstore's own arc; the numbers are in Fulcio's oid-info.md. */
const fulcio = '1.3.6.1.4.1.57264.1';
const sourceRepository = `${fulcio}.12`;
const sourceRef = `${fulcio}.14`;
const buildConfig = `${fulcio}.18`;
const issuer = `${fulcio}.8`;

export function readCertificateSource(identity: CertificateIdentity): ProvenanceSource {
  const texts = new Map<string, string>();
  for (const { oid, value } of identity.oids ?? []) {
    const text = findUtf8String(value);
    if (oid !== undefined && text !== undefined) texts.set(oid.id.join('.'), text);
  }
  const repository = texts.get(sourceRepository);
  // The build's configuration is the workflow that was started; the certificate's subject may be one that it calls.
  const workflow = texts.get(buildConfig) ?? identity.subjectAlternativeName;
  return {
    repository,
    workflow: workflow && withoutRepository(workflow.replace(/@refs\/.*$/s, ''), repository),
    ref: texts.get(sourceRef),
    issuer: texts.get(issuer) ?? identity.extensions?.issuer,
  };
}

function withoutRepository(workflow: string, repository: string | undefined): string {
  if (repository === undefined || !workflow.startsWith(`${repository}/`)) return workflow;
  return workflow.slice(repository.length).replace(/^\/+/, '');
}

/** DER: the tag, the length in one to three bytes, the text. */
function findUtf8String(value: Uint8Array): string | undefined {
  const [tag, first = 0, second = 0, third = 0] = value;
  if (tag !== 0x0c) return undefined;
  const [start, length] = first < 0x80 ? [2, first] : first === 0x81 ? [3, second] : [4, second * 256 + third];
  if (first > 0x82 || start + length !== value.length) return undefined;
  return new TextDecoder().decode(value.subarray(start));
}
