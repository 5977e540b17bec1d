/** npm's own choice among the `//host/path/:_authToken` keys of its configuration. */
import type { NpmConfig } from './load-npm-config.ts';

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  /** The registry's own client certificate; it takes the place of the general one. */
  readonly certificate: { readonly cert: string; readonly key: string } | undefined;
}

export async function loadCredentials(url: string, registry: string, config: NpmConfig): Promise<Credentials> {
  const { default: registryFetch } = await import('npm-registry-fetch');
  // Safe: npm documents getAuth, which the types leave out, and every field of its answer is read as unknown.
  const { getAuth } = registryFetch as unknown as { getAuth(url: string, options: object): Record<string, unknown> };
  const { token, auth, cert, key } = getAuth(url, { ...config.flat, registry });
  const authorization = token ? `Bearer ${token}` : auth ? `Basic ${auth}` : undefined;
  return {
    headers: authorization === undefined ? {} : { authorization },
    certificate: typeof cert === 'string' && typeof key === 'string' ? { cert, key } : undefined,
  };
}
