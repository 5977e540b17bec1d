/** Signs `name@version:integrity` as npm's registry does, with a key of its own that lives as long as the registry. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

export interface Signer {
  /** As `/-/npm/v1/keys` lists it. */
  readonly key: Readonly<Record<string, string | null>>;
  /** For what is signed in another way: attestations. */
  readonly privateKey: KeyObject;
  /** As `dist.signatures` holds it. */
  sign(message: string): { readonly keyid: string; readonly sig: string };
}

export function createSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const keyid = `SHA256:${createHash('sha256').update(der).digest('base64')}`;
  const key = {
    expires: null,
    keyid,
    keytype: 'ecdsa-sha2-nistp256',
    scheme: 'ecdsa-sha2-nistp256',
    key: der.toString('base64'),
  };
  // ECDSA signs differently each time; a registry signs once.
  const signatures = new Map<string, string>();
  return {
    key,
    privateKey,
    sign: (message) => {
      const sig = signatures.get(message) ?? sign('SHA256', Buffer.from(message), privateKey).toString('base64');
      signatures.set(message, sig);
      return { keyid, sig };
    },
  };
}
