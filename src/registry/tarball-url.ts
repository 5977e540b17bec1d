/**
 * Where a tarball may be fetched: at the registry that serves the packument, and nowhere else.
 * A packument that points elsewhere could make us ask hosts that only we can reach.
 */
import { type Fact, known, missing } from '../model/fact.ts';
import type { NpmConfig } from './load-npm-config.ts';

/** @param written `dist.tarball` as the packument has it. */
export function resolveTarballUrl(written: string | undefined, registry: string, config: NpmConfig): Fact<string> {
  if (written === undefined || !URL.canParse(written)) {
    return missing('malformed', `The packument's dist.tarball is no URL: ${JSON.stringify(written ?? null)}.`);
  }
  const home = new URL(registry);
  const url = replaceHost(new URL(written), home, config);
  // Documents that are older than the registry's certificate say http; the registry itself is asked with https.
  if (url.protocol === 'http:' && home.protocol === 'https:' && url.host === home.host) url.protocol = 'https:';
  if (url.origin !== home.origin) {
    return missing(
      'malformed',
      `The packument's dist.tarball points to ${url.origin}, not to the registry ${home.origin}.`,
    );
  }
  url.username = '';
  url.password = '';
  url.hash = '';
  return known(url.href);
}

/** npm's `replace-registry-host`: `npmjs` (the default) means npm's own registry; `always`, `never` or one host. */
function replaceHost(url: URL, home: URL, config: NpmConfig): URL {
  const setting = config.flat['replaceRegistryHost'];
  const host = setting === undefined || setting === 'npmjs' ? config.defaultRegistryHost : setting;
  return setting === 'always' || (setting !== 'never' && host === url.host) ? new URL(url.pathname, home) : url;
}
