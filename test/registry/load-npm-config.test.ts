import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GuardError } from '../../src/errors.ts';
import { findRegistryOf, loadNpmConfig } from '../../src/registry/load-npm-config.ts';
import { loadConfigIn, makeHome } from './connect.ts';

/** What npm's own definitions say; we name no registry. */
const { default: npm } = await import('@npmcli/config/lib/definitions/index.js');

describe("npm's configuration", () => {
  it('gives the default registry where nobody names one', async () => {
    const config = await loadConfigIn(await makeHome(''));
    expect(config.registry).toBe(npm.defaults['registry']);
    expect(config.defaultRegistryHost).toBe(new URL(config.registry).host);
  });

  it('lets the command line win over the environment, that over the project, and that over the user', async () => {
    const home = await makeHome('registry=https://user.example/\n@scope:registry=https://scope.example/npm\n');
    const project = join(home, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), '{}');
    expect((await loadConfigIn(home, { cwd: project })).registry).toBe('https://user.example/');
    await writeFile(join(project, '.npmrc'), 'registry=https://project.example/');
    expect((await loadConfigIn(home, { cwd: project })).registry).toBe('https://project.example/');
    const env = { npm_config_registry: 'https://environment.example/' };
    expect((await loadConfigIn(home, { cwd: project, env })).registry).toBe('https://environment.example/');
    const config = await loadConfigIn(home, { cwd: project, env, registry: 'https://line.example/' });
    expect(config.registry).toBe('https://line.example/');
    expect(findRegistryOf('@scope/name', config)).toBe('https://scope.example/npm/');
    expect(findRegistryOf('name', config)).toBe('https://line.example/');
  });

  it('reads credentials, certificates and proxies, with environment variables put in', async () => {
    const home = await makeHome(
      [
        `//registry.example/:_authToken=\${TOKEN}`,
        `cafile=\${HOME}/ca.pem`,
        'https-proxy=http://proxy.example:8080',
        'noproxy=one.example,two.example',
        'strict-ssl=false',
      ].join('\n'),
    );
    await writeFile(join(home, 'ca.pem'), '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    const { flat } = await loadConfigIn(home, { env: { TOKEN: 'secret' } });
    expect(flat['//registry.example/:_authToken']).toBe('secret');
    expect(flat['ca']).toEqual(['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']);
    expect(flat['httpsProxy']).toBe('http://proxy.example:8080');
    expect(flat['noProxy']).toBe('one.example,two.example');
    expect(flat['strictSSL']).toBe(false);
  });

  it('names the cache, and the modes that keep off the network', async () => {
    const home = await makeHome('prefer-offline=true\nbefore=2026-01-02\n');
    const config = await loadConfigIn(home, { cache: join(home, 'elsewhere'), offline: true });
    expect(config.cacheFolder).toBe(join(home, 'elsewhere', '_cacache'));
    expect([config.offline, config.preferOffline, config.preferOnline]).toEqual([true, true, false]);
    expect(config.before).toBe('2026-01-02T00:00:00.000Z');
  });

  it('shortens the delays between attempts, unless the configuration names them', async () => {
    expect((await loadConfigIn(await makeHome(''))).attempts.minDelayMs).toBe(500);
    const given = await loadConfigIn(
      await makeHome('fetch-retries=5\nfetch-retry-mintimeout=7000\nfetch-timeout=9000\n'),
    );
    expect(given.attempts).toMatchObject({ retries: 5, minDelayMs: 7000, timeoutMs: 9000 });
  });

  it.each([
    ['0', 300_000],
    ['99999999999', 3_600_000],
  ])('keeps a limit where fetch-timeout is %s', async (timeout, expected) => {
    expect((await loadConfigIn(await makeHome(`fetch-timeout=${timeout}`))).attempts.timeoutMs).toBe(expected);
  });

  it('leaves the environment as it found it', async () => {
    const home = await makeHome('registry=https://user.example/\n');
    const env = { HOME: home };
    await loadNpmConfig({}, { cwd: home, env });
    expect(env).toEqual({ HOME: home });
  });

  it.each([
    ['registry=registry.example', 'registry'],
    ['registry=ftp://registry.example', 'registry'],
  ])('refuses %s, and names the key', async (npmrc, key) => {
    const home = await makeHome(npmrc);
    await expect(loadConfigIn(home)).rejects.toThrow(`${key} is no http or https URL`);
  });

  it('refuses a scope whose registry is no URL', async () => {
    const config = await loadConfigIn(await makeHome('@scope:registry=registry.example'));
    expect(() => findRegistryOf('@scope/name', config)).toThrow(GuardError);
    expect(() => findRegistryOf('name', config)).not.toThrow();
  });

  it('says that the configuration cannot be read, as a mistake of usage', async () => {
    const home = await makeHome('');
    const reading = loadConfigIn(home, { env: { npm_config_cafile: home } });
    await expect(reading).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining('EISDIR') });
  });
});
