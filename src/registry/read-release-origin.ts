/** What a packument says about who made one version and who vouches for it. Attacker-controlled; absent means unknown. */
import { isRecord } from '../model/manifest.ts';
import type { Publisher } from '../model/release-origin.ts';

export interface RegistrySignature {
  readonly keyid: string;
  /** Base64. */
  readonly sig: string;
}

export interface ReleaseOrigin {
  /** The text that the registry signs after name and version: `dist.integrity` as written, or the SRI of `dist.shasum`. */
  readonly signedIntegrity: string | undefined;
  /** `dist.signatures`; entries that are none have an empty key and signature, and do not hold. */
  readonly signatures: readonly RegistrySignature[];
  /** The packument points at attestations; of which kind, only their own list says for sure. */
  readonly hasAttestations: boolean;
  readonly hasProvenance: boolean;
  readonly publisher: Publisher | undefined;
  readonly maintainers: readonly string[] | undefined;
}

/** npm signs with one key, or with two while it changes them; the rest of a longer list is not read. */
const maxSignatures = 8;
const maxMaintainers = 1000;

/** @param entry One version's entry in the packument. */
export function readReleaseOrigin(entry: unknown): ReleaseOrigin {
  const manifest = isRecord(entry) ? entry : {};
  const dist = isRecord(manifest['dist']) ? manifest['dist'] : {};
  const { signatures, attestations } = dist;
  return {
    signedIntegrity: readIntegrity(dist),
    signatures: Array.isArray(signatures) ? signatures.slice(0, maxSignatures).map(readSignature) : [],
    hasAttestations: isRecord(attestations),
    hasProvenance: isRecord(attestations) && isRecord(attestations['provenance']),
    publisher: readPublisher(manifest['_npmUser']),
    maintainers: readMaintainers(manifest['maintainers']),
  };
}

function readIntegrity({ integrity, shasum }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof integrity === 'string') return integrity.trim();
  if (typeof shasum !== 'string' || !/^[0-9a-f]{40}$/i.test(shasum)) return undefined;
  return `sha1-${Buffer.from(shasum, 'hex').toString('base64')}`;
}

function readSignature(value: unknown): RegistrySignature {
  const { keyid, sig } = isRecord(value) ? value : {};
  return typeof keyid === 'string' && typeof sig === 'string' ? { keyid, sig } : { keyid: '', sig: '' };
}

function readPublisher(value: unknown): Publisher | undefined {
  const name = findName(value);
  if (name === undefined) return undefined;
  const trusted = isRecord(value) ? value['trustedPublisher'] : undefined;
  const service = isRecord(trusted) ? trusted['id'] : undefined;
  return { name, trustedService: typeof service === 'string' && service !== '' ? service : undefined };
}

/** Objects in the registry's documents, `name <mail>` in what some authors publish. */
function readMaintainers(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const names = value.slice(0, maxMaintainers).flatMap((entry) => findName(entry) ?? []);
  return names.length === 0 ? undefined : names;
}

function findName(value: unknown): string | undefined {
  const written = isRecord(value) ? value['name'] : value;
  const name = typeof written === 'string' ? written.replace(/<.*$/s, '').trim() : '';
  return name === '' ? undefined : name;
}
