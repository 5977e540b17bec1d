import { createHash } from 'node:crypto';
import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pacote from 'pacote';
import { describe, expect, it } from 'vitest';
import { buildTarball } from '../support/build-tarball.ts';
import { connect, listFiles, startLittle } from './connect.ts';

const both = { containing: ['1.0.0', '1.0.1'] };

describe("npm's cache", () => {
  it('serves us what npm stored', async () => {
    const { config, little, registry } = await connect();
    const options = { registry: little.url, cache: config.cacheFolder, fullMetadata: true };
    await pacote.packument('plain', options);
    await pacote.tarball('plain@1.0.1', options);
    const asked = little.requests.length;
    expect(await registry.loadTarball('plain', '1.0.1')).toMatchObject({ known: true });
    expect(little.requests).toHaveLength(asked);
  });

  it('serves npm what we stored', async () => {
    const { config, little, registry } = await connect();
    const loaded = await registry.loadTarball('plain', '1.0.1');
    const digest = loaded.known ? loaded.value.digest : '';
    await little.close();
    const options = { registry: little.url, cache: config.cacheFolder, fullMetadata: true, offline: true };
    expect(await pacote.packument('plain', options)).toMatchObject({ name: 'plain' });
    expect(await pacote.tarball('plain@1.0.1', options)).toMatchObject({ integrity: digest });
    const bare = { registry: little.url, cache: config.cacheFolder, offline: true };
    expect(await pacote.tarball(`${little.url}plain/-/plain-1.0.1.tgz`, bare)).toMatchObject({ integrity: digest });
  });

  it('with an abbreviated packument is not enough: it has no times', async () => {
    const { config, little, registry } = await connect();
    await pacote.packument('plain', { registry: little.url, cache: config.cacheFolder });
    expect(await registry.loadPackument('plain', both)).toMatchObject({ value: { publishTimes: { known: true } } });
    expect(little.requests).toHaveLength(2);
  });

  it('with a tampered index or a cut document is asked around', async () => {
    const { config, again, little, registry } = await connect();
    await registry.loadPackument('plain', both);
    const [index = ''] = await listFiles(join(config.cacheFolder, 'index-v5'));
    const [, line = ''] = (await readFile(index, 'utf8')).split('\t');
    // JSON as it was, under a hash that is not its own; and two lines that are no lines.
    await writeFile(index, `\n${'0'.repeat(40)}\t${line}\n\nhash\t{"key":1`);
    expect(await again().loadPackument('plain', both)).toMatchObject({ known: true });
    expect(little.requests).toHaveLength(2);
    const [content = ''] = await listFiles(join(config.cacheFolder, 'content-v2'));
    await truncate(content, 10);
    expect(await again().loadPackument('plain', both)).toMatchObject({ known: true });
    expect(little.requests).toHaveLength(3);
  });

  it('that cannot be written costs a warning, said once, and nothing else', async () => {
    const { config, registry, warnings } = await connect();
    await mkdir(join(config.cacheFolder, '..'), { recursive: true });
    await writeFile(config.cacheFolder, 'a file where the folder should be');
    expect(await registry.loadTarball('plain', '1.0.0')).toMatchObject({ known: true });
    expect(await registry.loadTarball('plain', '1.0.1')).toMatchObject({ known: true });
    expect(warnings).toEqual([expect.stringMatching(/^npm's cache in .* cannot be written \(EEXIST\)/)]);
  });

  it('keeps no credentials', async () => {
    const scoped = await startLittle({
      packages: { '@scope/name': { versions: { '1.0.0': {} } } },
      token: 'hush-secret',
    });
    const npmrc = `@scope:registry=${scoped.url}\n//${new URL(scoped.url).host}/:_authToken=hush-secret\n`;
    const { config, registry } = await connect({}, { npmrc });
    expect(await registry.loadTarball('@scope/name', '1.0.0')).toMatchObject({ known: true });
    const texts = await Promise.all((await listFiles(config.cacheFolder)).map((path) => readFile(path, 'utf8')));
    // Two answers, each a line of the index and its content; and the tag that tells backups that this is a cache.
    expect(texts).toHaveLength(5);
    expect(texts.filter((text) => text.includes('hush-secret'))).toEqual([]);
  });

  it('with a spoiled tarball is asked around, and mended', async () => {
    const { registry, again, little, config } = await connect();
    const first = await registry.loadTarball('plain', '1.0.1');
    const contents = await listFiles(join(config.cacheFolder, 'content-v2'));
    await Promise.all(contents.map((path) => writeFile(path, 'spoiled')));
    expect(await again().loadTarball('plain', '1.0.1')).toEqual(first);
    expect(little.requests).toHaveLength(4);
    expect(await again({ offline: true }).loadTarball('plain', '1.0.1')).toEqual(first);
  });

  it('is not searched by a weaker digest where there is a stronger one', async () => {
    const stale = buildTarball({ 'index.js': 'stale' });
    const { registry, again, little } = await connect({
      packages: { plain: { versions: { '1.0.0': { tarball: stale, dist: { integrity: undefined } } } } },
    });
    expect(await registry.loadTarball('plain', '1.0.0')).toMatchObject({ value: { bytes: stale } });
    const tarball = buildTarball({ 'index.js': 'real' });
    const digest = (algorithm: string, bytes: Uint8Array) =>
      `${algorithm}-${createHash(algorithm).update(bytes).digest('base64')}`;
    const integrity = `${digest('sha1', stale)} ${digest('sha512', tarball)}`;
    little.publish('plain', { versions: { '1.0.0': { tarball, dist: { integrity } } } });
    const loaded = await again({ preferOnline: true }).loadTarball('plain', '1.0.0');
    expect(loaded).toMatchObject({ value: { bytes: tarball, integrity: [{ matches: true }, { matches: false }] } });
  });
});
