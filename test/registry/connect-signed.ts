/** A registry whose signatures are checked with a Sigstore of our own. */
import { type Missing, missing } from '../../src/model/fact.ts';
import { createRegistry, type Registry } from '../../src/registry/registry.ts';
import type { SigstoreTrust } from '../../src/registry/sigstore-trust.ts';
import { buildTarball } from '../support/build-tarball.ts';
import { type LittleSigstore, startSigstore } from '../support/little-sigstore.ts';
import type { LittleRegistry, LittleRegistryOptions, PublishedVersion } from '../support/registry.ts';
import { connect, quickLimits } from './connect.ts';

export const tarball: Uint8Array = buildTarball({ 'package.json': '{"name":"sample","version":"1.0.0"}' });
export const sigstore: LittleSigstore = await startSigstore();
export const unreachable: Missing = missing('unreachable', 'Nobody answers.');

export interface Signed {
  readonly little: LittleRegistry;
  readonly registry: Registry;
  again(config?: { readonly offline?: boolean; readonly preferOnline?: boolean }): Registry;
}

/** Whoever does not say otherwise trusts our Sigstore, and has no key at hand. */
export async function connectSigned(
  options: LittleRegistryOptions = {},
  trust: Partial<SigstoreTrust> = {},
): Promise<Signed> {
  const { little, config } = await connect(options);
  const whole = { shipped: sigstore.root, keys: [], loadCurrent: async () => unreachable, ...trust };
  const again: Signed['again'] = (changes = {}) =>
    createRegistry({ ...config, ...changes }, { trust: whole, limits: quickLimits });
  return { little, registry: again(), again };
}

export function publishing(version: PublishedVersion): LittleRegistryOptions {
  return { packages: { sample: { versions: { '1.0.0': { tarball, ...version } } } } };
}
