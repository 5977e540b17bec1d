import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startLittle } from '../registry/connect.ts';
import { buildTarball } from '../support/build-tarball.ts';
import { makePlace } from './run-sluice.ts';

const packages = {
  sample: { versions: { '1.0.0': {}, '1.0.1': {}, '1.2.0': {}, '1.3.0': { tarball: Buffer.from('no tarball') } } },
};

describe('bad input is a sentence that says what to do', () => {
  test.each([
    {
      args: [],
      exit: 2,
      says: /^sluice: Say what to do: check, diff, fix, install, ci, serve, token, approve, reassess, rules or explain\.\nRun `sluice --help`/,
    },
    { args: ['dif', 'a', 'b'], exit: 2, says: /unknown command 'dif'\n\(Did you mean diff\?\)/ },
    { args: ['diff', 'a'], exit: 2, says: /missing required argument 'new'/ },
    { args: ['diff', 'a', 'b', '--jsn'], exit: 2, says: /unknown option '--jsn'\n\(Did you mean --json\?\)/ },
    { args: ['diff', 'a', 'b', '--json', '--markdown'], exit: 2, says: /'--json' cannot be used with .*'--markdown'/ },
    { args: ['diff', 'sample', 'sample@1.0.0'], exit: 2, says: /"sample" names no version/ },
    { args: ['diff', 'sample@^1', 'sample@1.0.0'], exit: 2, says: /"sample@\^1" names a range, not one version/ },
    { args: ['diff', 'sample@1', 'sample@1.0.0'], exit: 2, says: /"sample@1" names a range/ },
    { args: ['diff', 'sample@1.0.0', 'sample@latest'], exit: 2, says: /"sample@latest" names a tag/ },
    { args: ['diff', 'sample@1.0.0', 'other@1.0.0'], exit: 2, says: /sample and other are two different packages/ },
    { args: ['diff', 'sample@1.0.0', 'new.tgz'], exit: 2, says: /a file and a package of the registry/ },
    {
      args: ['diff', 'sample@1.0.0', 'sample@1.2.1'],
      exit: 2,
      says: /no version 1\.2\.1.*Did you mean sample@1\.2\.0\?/,
    },
    {
      args: ['diff', 'sample@1.0.0', 'sample@9.8.7'],
      exit: 2,
      says: /no version 9\.8\.7 at [^ ]+\. Its latest is \d+\.\d+\.\d+\.\n/,
    },
    { args: ['diff', 'absent@1.0.0', 'absent@1.0.1'], exit: 2, says: /absent.*\nCheck the spelling/ },
    {
      args: ['diff', 'old.tgz', 'new.tgz'],
      exit: 2,
      says: /The tarball (?:old|new)\.tgz does not exist\.\nCheck the path/,
    },
    {
      args: ['diff', 'empty.tgz', 'empty.tgz'],
      exit: 2,
      says: /empty\.tgz is no package tarball\. The tarball is empty/,
    },
    {
      args: ['diff', 'text.tgz', 'text.tgz'],
      exit: 2,
      says: /text\.tgz is no package tarball\..*\nGive a package tarball/,
    },
    { args: ['diff', 'folder.tgz', 'folder.tgz'], exit: 2, says: /folder\.tgz is no file/ },
    { args: ['diff', 'a.tgz', 'b.tgz'], exit: 2, says: /a\.tgz is sample, and b\.tgz is other/ },
    {
      args: ['diff', 'a.tgz', 'a.tgz', '--policy', 'none.json'],
      exit: 2,
      says: /policy file none\.json does not exist/,
    },
    {
      args: ['diff', 'a.tgz', 'a.tgz', '--policy', 'bad.json'],
      exit: 2,
      says: /bad\.json, line 2: .*"packag-emptied"/,
    },
    { args: ['diff', 'sample@1.0.0', '1.0.1', '--registry', 'ftp://x.invalid'], exit: 2, says: /no http or https URL/ },
    {
      args: ['explain', 'package-emtied'],
      exit: 2,
      says: /no rule called "package-emtied"\. Did you mean package-emptied\?/,
    },
  ])('sluice $args', async ({ args, exit, says }) => {
    const { url } = await startLittle({ packages });
    const { run, write, pack, folder } = await makePlace(url);
    await write('empty.tgz', '');
    await write('text.tgz', 'hello');
    await write('bad.json', '{\n  "rules": { "packag-emptied": "off" }\n}');
    await mkdir(join(folder, 'folder.tgz'));
    await pack('a.tgz', { version: '1.0.0' });
    await pack('b.tgz', { name: 'other', version: '1.0.1' });
    const outcome = await run(args);
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).not.toMatch(/^\s+at /m);
    expect({ exit: outcome.exit, stdout: outcome.stdout }).toEqual({ exit, stdout: '' });
  });
});

describe('what cannot be had is undecided, with what to do', () => {
  test('no network', async () => {
    const { run } = await makePlace();
    const { exit, stdout } = await run(['diff', 'sample@1.0.0', 'sample@1.0.1']);
    expect(stdout).toMatch(/^undecided sample 1\.0\.0 → 1\.0\.1\n/);
    expect(stdout).toMatch(/^next .*[\s\S]*network/m);
    expect(exit).toBe(3);
  });

  test('a private package without credentials', async () => {
    const { url } = await startLittle({ packages: { '@private/sample': packages.sample }, token: 'secret' });
    const { run } = await makePlace(url);
    const { exit, stdout } = await run(['diff', '@private/sample@1.0.0', '@private/sample@1.0.1']);
    expect(stdout).toMatch(/^next .*[\s\S]*npm login/m);
    expect(exit).toBe(3);
  });

  test('a published tarball that is none', async () => {
    const { url } = await startLittle({ packages });
    const { run } = await makePlace(url);
    const { exit, stdout } = await run(['diff', 'sample@1.2.0', 'sample@1.3.0']);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/missing sample: The tarball of sample@1\.3\.0 cannot be read/);
    expect(exit).toBe(3);
  });
});

test('a tarball bomb is not unpacked: what was not read is said', async () => {
  const { run, pack, write } = await makePlace();
  await pack('old.tgz', { version: '1.0.0' });
  const zeros = Buffer.alloc(64_000_000);
  await write('bomb.tgz', buildTarball({ 'package.json': '{"name":"sample","version":"1.0.1"}', 'a.bin': zeros }));
  const { exit, stdout, stderr } = await run(['diff', 'old.tgz', 'bomb.tgz', '--json']);
  expect(stderr).toBe('');
  expect(JSON.parse(stdout).result).not.toBe('allow');
  expect([0, 1, 3]).toContain(exit);
});

test('a cache that cannot be written is said once, and the verdict is given all the same', async () => {
  const { url } = await startLittle({ packages });
  const { run, folder, write } = await makePlace(url);
  await write('cache', 'a file where a folder should be');
  await chmod(join(folder, 'cache'), 0o400);
  const { exit, stdout, stderr } = await run(['diff', 'sample@1.0.0', 'sample@1.0.1']);
  expect(stderr.match(/cache/g)?.length).toBeGreaterThan(0);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stdout).toMatch(/^allow /);
  expect(exit).toBe(0);
});

describe('how the process ends', () => {
  test('a bug is called one, and asks for a report', async () => {
    const { run } = await makePlace();
    const before = 'Date.prototype.toISOString = () => { throw new TypeError("broken on purpose"); };';
    const { exit, stdout, stderr } = await run(['diff', 'a@1.0.0', 'a@1.0.1'], { before });
    expect(stderr).toMatch(/^sluice: this is a bug in Sluice: TypeError: broken on purpose\nPlease report it/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ exit, stdout }).toEqual({ exit: 70, stdout: '' });
    const debugged = await run(['diff', 'a@1.0.0', 'a@1.0.1'], { before, env: { SLUICE_DEBUG: '1' } });
    expect(debugged.stderr).toMatch(/^\s+at /m);
  });

  test('an error outside every promise is a bug too, and no verdict', async () => {
    const { run } = await makePlace();
    const before = 'setTimeout(() => { throw new Error("thrown late"); }, 1); setTimeout(() => {}, 5_000);';
    const { exit, stderr } = await run(['rules'], { before });
    expect(stderr).toContain('this is a bug in Sluice: Error: thrown late');
    expect(exit).toBe(70);
  });

  test('a reader that leaves early is no failure', async () => {
    const { run } = await makePlace();
    const { exit, stderr } = await run(['rules'], { leaveEarly: true });
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });

  test.each(['12.22.0', '20.19.0', '22.22.1', '23.11.0', '24.14.9', '25.0.0'])(
    'Node %s is too old',
    async (version) => {
      const { run } = await makePlace();
      const { exit, stdout, stderr } = await run(['rules'], { before: pretendNode(version) });
      expect(stderr).toBe(
        `sluice: this is Node ${version}, which is too old for Sluice. Install Node 24.15.0 or newer, and run the same command again.\n`,
      );
      expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    },
  );

  test.each(['22.22.2', '24.15.0', '26.0.0', '30.1.0'])('Node %s is not', async (version) => {
    const { run } = await makePlace();
    expect(await run(['--version'], { before: pretendNode(version) })).toMatchObject({ exit: 0, stderr: '' });
  });
});

function pretendNode(version: string): string {
  return `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } });`;
}
