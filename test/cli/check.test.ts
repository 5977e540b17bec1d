import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { makeProject, release, renderManifest } from './make-project.ts';

/** `frame` was tested with `core` 1.1.0; later versions of `core` are newer than anything that asks for it. */
const packages = {
  frame: {
    versions: {
      '1.0.0': release("require('core');\n", { dependencies: { core: '^1.0.0' }, day: 10 }),
      '1.1.0': release("require('core');\nexports.more = 1;\n", { dependencies: { core: '^1.0.0' }, day: 40 }),
    },
  },
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.1.0': release('exports.one = 1;\nexports.two = 2;\n', { day: 20 }),
      '1.2.0': release('exports.one = 1;\nexports.three = 3;\n', { day: 60 }),
      '1.2.1': release('for (;;) {}\n', { day: 61 }),
    },
  },
};

describe('sluice check', () => {
  test('says in a moment that nothing changed, and asks no registry', async () => {
    const { run, requests } = await makeProject(packages, { frame: '1.0.0' });
    const asked = requests.length;
    const { exit, stdout } = await run(['check']);
    expect(stdout).toMatch(/^allow {3}(?:nothing|no package) changed/i);
    expect({ exit, asked: requests.length - asked }).toEqual({ exit: 0, asked: 0 });
  });

  test('compares with HEAD on the default branch, and judges each changed tarball as diff would', async () => {
    const { run, npm } = await makeProject(packages, { frame: '1.0.0', core: '1.1.0' });
    await npm('install', 'frame@1.1.0', '--save-exact');
    const { exit, stdout } = await run(['check', '--json']);
    const check = JSON.parse(stdout);
    expect(check).toMatchObject({
      result: 'allow',
      packages: [{ name: 'frame', from: '1.0.0', to: '1.1.0', direct: true }],
    });
    const pair = JSON.parse((await run(['diff', 'frame@1.0.0', 'frame@1.1.0', '--json'])).stdout);
    expect(check.packages[0].verdictId).toBe(pair.id);
    expect(exit).toBe(0);
  });

  test('blocks sabotage that comes in below a dependency, and names the way to it', async () => {
    const { run, npm, git } = await makeProject(packages, { frame: '1.0.0', core: '1.1.0' });
    await git('checkout', '--quiet', '-b', 'update');
    await npm('install', 'core@1.2.1', '--save-exact');
    const { exit, stdout } = await run(['check']);
    expect(stdout).toMatch(/^block {3}1 package changed/);
    expect(stdout).toContain('endless-loop-at-load');
    expect(exit).toBe(1);
  });

  test('gives the answer of a moment ago, unless anything is different now', async () => {
    const { run, npm, write, requests, folder, readText } = await makeProject(packages, {
      frame: '1.0.0',
      core: '1.1.0',
    });
    await npm('install', 'core@1.2.1', '--save-exact');
    const setting = { env: { XDG_DATA_HOME: join(folder, 'data') } };
    const check = async (...more: readonly string[]) => {
      const { stdout } = await run(['check', '--json', ...more], setting);
      return JSON.parse(stdout);
    };
    const first = await check();
    expect(first.result).toBe('block');
    const asked = requests.length;
    expect(await check()).toEqual(first);
    expect(requests.length).toBe(asked);
    const { asOf: _, ...lasting } = first;
    const { asOf, ...again } = await check('--no-store');
    expect(again).toEqual(lasting);
    expect(asOf).not.toBe(first.asOf);
    await write('package-lock.json', `${readText('package-lock.json')}\n`);
    const { asOf: later, lockVerdict } = await check();
    expect(later).not.toBe(first.asOf);
    expect(lockVerdict.id).not.toBe(first.lockVerdict.id);
  });

  test('blocks an entry that says one version and carries the tarball of another', async () => {
    const { run, tamper, write } = await makeProject(packages, { frame: '1.0.0', core: '1.1.0' });
    tamper('node_modules/core', { version: '1.2.0' });
    const dependencies = { frame: '1.0.0', core: '1.2.0' };
    tamper('', { dependencies });
    await write('package.json', renderManifest(dependencies));
    const { exit, stdout } = await run(['check', '--json']);
    const check = JSON.parse(stdout);
    expect(check.findings.map(({ rule }: { rule: string }) => rule)).toContain('lock-truth');
    expect({ exit, result: check.result }).toEqual({ exit: 1, result: 'block' });
  });

  test('prints JSON that keeps the published schema', async () => {
    const { run, npm } = await makeProject(packages, { frame: '1.0.0', core: '1.1.0' });
    await npm('install', 'core@1.2.1', '--save-exact');
    const schema = JSON.parse(readFileSync(new URL('../../docs/check.schema.json', import.meta.url), 'utf8'));
    const isCheck = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);
    const document = JSON.parse((await run(['check', '--json'])).stdout);
    expect(isCheck(document) ? [] : isCheck.errors).toEqual([]);
  });

  test('reads the policy of the base, not the one that the change brings', async () => {
    const { run, npm, write } = await makeProject(packages, { core: '1.1.0' });
    await npm('install', 'core@1.2.1', '--save-exact');
    await write('sluice.json', '{ "rules": { "endless-loop-at-load": "off" } }');
    const { exit, stdout } = await run(['check']);
    expect(stdout).toContain('endless-loop-at-load');
    expect(stdout).toContain('gate-edited');
    expect(exit).toBe(1);
  });
});
