/** Claimed digests against the bytes that arrived. Every claimed algorithm must hold, not only the strongest. */
import { createHash } from 'node:crypto';
import type { IntegrityRecord } from '../model/change.ts';

/** One algorithm of an SRI string. */
export interface ClaimedDigest {
  readonly algorithm: 'sha512' | 'sha384' | 'sha256' | 'sha1';
  /** Base64. Several are alternatives, as Subresource Integrity has it. */
  readonly digests: readonly string[];
}

/** Strongest first. */
const algorithms = ['sha512', 'sha384', 'sha256', 'sha1'] as const;
/** Ten digests and more; a longer text is nobody's real claim, and its rest is not read. */
const maxLength = 1_024;
/** The strict grammar: what does not have a digest's exact length is no claim. */
const digestLengths: Readonly<Record<string, number>> = { sha512: 88, sha384: 64, sha256: 44, sha1: 28 };

/** Strongest first. Words that are no digest of a known algorithm are passed over, as npm's ssri does. */
export function parseIntegrity(text: string): readonly ClaimedDigest[] {
  const found = new Map<string, string[]>();
  for (const word of text.slice(0, maxLength).trim().split(/\s+/)) {
    const [, algorithm = '', digest = ''] = /^(sha(?:1|256|384|512))-([A-Za-z0-9+/]+={0,2})(?:\?.*)?$/.exec(word) ?? [];
    if (digest.length !== digestLengths[algorithm]) continue;
    found.set(algorithm, [...(found.get(algorithm) ?? []), digest]);
  }
  return algorithms.flatMap((algorithm) => {
    const digests = found.get(algorithm);
    return digests === undefined ? [] : [{ algorithm, digests }];
  });
}

/** `dist.shasum` is 40 hex digits; anything else is no claim. */
export function parseShasum(text: string): readonly ClaimedDigest[] {
  if (!/^[0-9a-f]{40}$/i.test(text)) return [];
  return [{ algorithm: 'sha1', digests: [Buffer.from(text, 'hex').toString('base64')] }];
}

const computed = new WeakMap<Uint8Array, Map<ClaimedDigest['algorithm'], string>>();

/** Base64. Computed once for each array: nobody changes bytes that were downloaded. */
export function digestOf(bytes: Uint8Array, algorithm: ClaimedDigest['algorithm']): string {
  const digests = computed.get(bytes) ?? new Map<ClaimedDigest['algorithm'], string>();
  computed.set(bytes, digests);
  let digest = digests.get(algorithm);
  if (digest === undefined) {
    digest = createHash(algorithm).update(bytes).digest('base64');
    digests.set(algorithm, digest);
  }
  return digest;
}

/** One record for each claimed algorithm. */
export function checkIntegrity(
  bytes: Uint8Array,
  claims: readonly ClaimedDigest[],
  origin: Pick<IntegrityRecord, 'side' | 'claimedBy'>,
): readonly IntegrityRecord[] {
  return claims.map(({ algorithm, digests }) => {
    const digest = digestOf(bytes, algorithm);
    const matches = digests.includes(digest);
    return {
      ...origin,
      claimed: (matches ? [digest] : digests).map((claimed) => `${algorithm}-${claimed}`).join(' '),
      actual: `${algorithm}-${digest}`,
      matches,
    };
  });
}
