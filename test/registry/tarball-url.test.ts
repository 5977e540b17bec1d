import { describe, expect, it } from 'vitest';
import { resolveTarballUrl } from '../../src/registry/tarball-url.ts';
import { loadConfigIn, makeHome } from './connect.ts';

const registry = 'https://registry.example/npm/';

async function resolve(written: string | undefined, npmrc = ''): Promise<unknown> {
  const config = await loadConfigIn(await makeHome(npmrc));
  const url = resolveTarballUrl(written, registry, { ...config, defaultRegistryHost: 'default.example' });
  return url.known ? url.value : url.why;
}

describe('the URL of a tarball', () => {
  it.each([
    [
      'of the registry itself',
      'https://registry.example/npm/a/-/a-1.0.0.tgz',
      'https://registry.example/npm/a/-/a-1.0.0.tgz',
    ],
    ['with plain http', 'http://registry.example/a.tgz', 'https://registry.example/a.tgz'],
    ['with a password', 'https://user:word@registry.example/a.tgz#part', 'https://registry.example/a.tgz'],
    ["of npm's own registry", 'https://default.example/a/-/a-1.0.0.tgz', 'https://registry.example/a/-/a-1.0.0.tgz'],
    ['of another host', 'https://other.example/a.tgz', 'malformed'],
    ['of another port', 'https://registry.example:8443/a.tgz', 'malformed'],
    ['of a file', 'file:///etc/passwd', 'malformed'],
    ['of this machine', 'http://127.0.0.1/a.tgz', 'malformed'],
    ['that is none', 'a.tgz', 'malformed'],
    ['that is absent', undefined, 'malformed'],
  ])('%s', async (_, written, expected) => {
    expect(await resolve(written)).toBe(expected);
  });

  it.each([
    ['always', 'https://other.example/a.tgz', 'https://registry.example/a.tgz'],
    ['never', 'https://default.example/a.tgz', 'malformed'],
    ['other.example', 'https://other.example/a.tgz', 'https://registry.example/a.tgz'],
    ['other.example', 'https://default.example/a.tgz', 'malformed'],
  ])('follows replace-registry-host=%s for %s', async (setting, written, expected) => {
    expect(await resolve(written, `replace-registry-host=${setting}`)).toBe(expected);
  });
});
