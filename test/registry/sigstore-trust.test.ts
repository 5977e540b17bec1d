import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial } from '@sigstore/verify';
import { expect, it } from 'vitest';
import { createSigstoreTrust } from '../../src/registry/sigstore-trust.ts';
import { loadConfigIn, makeHome } from './connect.ts';

it('ships authorities and logs that the verifier takes, and the keys that npm signs with', async () => {
  const trust = createSigstoreTrust(await loadConfigIn(await makeHome('')));
  const material = toTrustMaterial(TrustedRoot.fromJSON(trust.shipped));
  expect(material.certificateAuthorities.length).toBeGreaterThan(0);
  expect(material.tlogs.length).toBeGreaterThan(0);
  expect(trust.keys.length).toBeGreaterThan(0);
  for (const { keyid, key } of trust.keys) {
    expect(keyid).toMatch(/^SHA256:/);
    expect(key.asymmetricKeyType).toBe('ec');
  }
});

it('asks nobody offline', async () => {
  const config = await loadConfigIn(await makeHome(''), { offline: true });
  expect(await createSigstoreTrust(config).loadCurrent()).toMatchObject({ known: false, why: 'offline' });
});
