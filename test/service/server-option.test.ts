/** `--server`: the command line asks a verdict API, and says the same. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeProject, release } from '../cli/make-project.ts';
import { makePlace } from '../cli/run-sluice.ts';
import { makeSite } from './run-service.ts';

const packages = {
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.1.0': release('for (;;) {}\n', { day: 61 }),
    },
  },
};

/** A project with an update, and a service beside it that knows nothing of it yet. */
async function start() {
  const project = await makeProject(packages, { core: '1.0.0' });
  await project.npm('install', 'core@1.1.0', '--save-exact');
  const site = await makeSite(project.url);
  const { url } = await site.serve();
  return { ...project, server: ['--server', url] };
}

const withoutTime = (json: string) => ({ ...JSON.parse(json), asOf: '' });

describe('--server', { timeout: 240_000 }, () => {
  it('gives the verdict of a check that the machine itself would have computed, in every form', async () => {
    const { run, server, readText } = await start();
    const here = await run(['check', '--json']);
    const there = await run(['check', '--json', '--sarif', 'there.sarif', ...server]);
    expect(withoutTime(there.stdout)).toEqual(withoutTime(here.stdout));
    expect([here.exit, there.exit]).toEqual([1, 1]);
    expect(JSON.parse(readText('there.sarif')).version).toBe('2.1.0');
    const [markdownHere, markdownThere] = [
      await run(['check', '--markdown']),
      await run(['check', '--markdown', ...server]),
    ];
    expect(markdownThere.stdout).toBe(markdownHere.stdout);
    const shown = await run(['check', ...server]);
    expect(shown.stdout).toMatch(/^block {3}1 package changed/);
    expect(shown.stdout).toContain('endless-loop-at-load');
  });

  it('gives the verdict of a pair, and the mistakes of who asks', async () => {
    const { run, server } = await start();
    const here = await run(['diff', 'core@1.0.0', 'core@1.1.0', '--json']);
    const there = await run(['diff', 'core@1.0.0', 'core@1.1.0', '--json', ...server]);
    expect(withoutTime(there.stdout)).toEqual(withoutTime(here.stdout));
    expect((await run(['diff', 'core@1.0.0', 'core@1.1.0', ...server])).stdout).toContain('endless-loop-at-load');
    const unknown = await run(['diff', 'core@1.0.0', 'core@7.0.0', ...server]);
    expect(unknown).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringContaining('core has no version 7.0.0'),
    });
  });

  it.each<
    [string, (answer: { readonly url: string }) => readonly string[], { readonly says: RegExp; readonly exit: number }]
  >([
    ['that is no URL', () => ['--server', 'sluice'], { says: /--server must be an http or https URL/, exit: 2 }],
    [
      'where nobody listens',
      () => ['--server', 'http://127.0.0.1:9'],
      { says: /127\.0\.0\.1:9 did not answer/, exit: 3 },
    ],
    [
      'to which a token would go in the clear',
      () => ['--server', 'http://sluice.invalid', '--server-token', 'x'],
      { says: /sent in the clear/, exit: 2 },
    ],
    ['that is no Sluice', ({ url }) => ['--server', url], { says: /The answer is no JSON/, exit: 3 }],
    [
      'together with --policy',
      ({ url }) => ['--server', url, '--policy', 'p.json'],
      { says: /The server's own policy holds/, exit: 2 },
    ],
    [
      'together with --offline',
      ({ url }) => ['--server', url, '--offline'],
      { says: /cannot be used with option/, exit: 2 },
    ],
  ])('refuses a server %s', async (_, parameters, { says, exit }) => {
    const other = createServer((_request, response) => response.end('<html>hello</html>'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    // Safe: it listens at a port.
    const { port } = other.address() as AddressInfo;
    const { run } = await makePlace();
    const given = parameters({ url: `http://127.0.0.1:${port}` });
    const outcome = await run(['diff', 'core@1.0.0', 'core@1.1.0', ...given]);
    expect(outcome).toMatchObject({ exit, stdout: '', stderr: expect.stringMatching(says) });
  });

  it('does not follow a server elsewhere, with or without a token', async () => {
    const asked: (string | undefined)[] = [];
    const trap = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.end('{}');
    });
    await new Promise<void>((resolve) => trap.listen(0, '127.0.0.1', resolve));
    // Safe: it listens at a port.
    const { port } = trap.address() as AddressInfo;
    const server = createServer((_request, response) => {
      response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => {
      trap.close();
      server.close();
    });
    // Safe: it listens at a port.
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { run } = await makePlace();
    const { exit } = await run(['diff', 'core@1.0.0', 'core@1.1.0', '--server', url], {
      env: { SLUICE_TOKEN: 'secret' },
    });
    expect({ exit, asked }).toEqual({ exit: 3, asked: [] });
  });
});
