import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { startLittle } from '../registry/connect.ts';
import { findForeignTokens } from '../report/find-foreign-tokens.ts';
import { makePlace, nowhere } from './run-sluice.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/verdict.schema.json', import.meta.url), 'utf8'));
const isVerdict = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema);

/** 1.0.1 is innocent; 1.0.2 takes a dependency from outside the registry. */
const packages = {
  sample: {
    versions: {
      '1.0.0': { files: { 'package.json': { main: 'index.js' }, 'index.js': 'module.exports = 1;\n' } },
      '1.0.1': { files: { 'package.json': { main: 'index.js' }, 'index.js': 'module.exports = 2;\n' } },
      '1.0.2': {
        files: {
          'package.json': { main: 'index.js', dependencies: { extra: 'https://host.invalid/extra.tgz' } },
          'index.js': "module.exports = require('extra');\n",
        },
      },
    },
  },
};

describe('sluice diff', () => {
  test('allows an innocent update of a registry, and exits with 0', async () => {
    const { url } = await startLittle({ packages });
    const { run } = await makePlace(url);
    const { exit, stdout, stderr } = await run(['diff', 'sample@1.0.0', 'sample@1.0.1']);
    expect(stdout).toMatch(/^allow {3}sample 1\.0\.0 → 1\.0\.1\n {8}all \d+ rules checked/);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });

  test('blocks, says what, where and what to do, and exits with 1', async () => {
    const { url } = await startLittle({ packages });
    const { run } = await makePlace(url);
    const { exit, stdout } = await run(['diff', 'sample@1.0.1', '1.0.2']);
    expect(stdout).toMatch(/^block {3}sample 1\.0\.1 → 1\.0\.2\n/);
    expect(stdout).toMatch(/^block {3}dependency-source-added/m);
    for (const label of ['where', 'why', 'do', 'next']) expect(stdout).toMatch(new RegExp(`^${label} `, 'm'));
    expect(exit).toBe(1);
  });

  test('prints one JSON object that keeps the published schema, and nothing else', async () => {
    const { url } = await startLittle({ packages });
    const { run } = await makePlace(url);
    const { exit, stdout, stderr } = await run(['diff', 'sample@1.0.1', 'sample@1.0.2', '--json']);
    const verdict = JSON.parse(stdout);
    expect(isVerdict(verdict) ? [] : isVerdict.errors).toEqual([]);
    expect(verdict).toMatchObject({ result: 'block', subject: { name: 'sample', from: '1.0.1', to: '1.0.2' } });
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
  });

  test('review passes, unless --strict', async () => {
    const { url } = await startLittle({ packages });
    const { run, write } = await makePlace(url);
    await write('sluice.json', '{ "rules": { "dependency-source-added": "review" } } // ours');
    const args = ['diff', 'sample@1.0.1', 'sample@1.0.2'];
    expect(await run(args)).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^review /) });
    expect(await run([...args, '--strict'])).toMatchObject({ exit: 1, stdout: expect.stringMatching(/^review /) });
  });

  test('compares two tarballs on the disk without a network', async () => {
    const { run, pack } = await makePlace(nowhere);
    await pack('old.tgz', { version: '1.0.0' }, { 'index.js': 'module.exports = 1;' });
    await pack('new.tgz', { version: '1.0.1' }, { 'index.js': 'module.exports = 2;' });
    const { exit, stdout, stderr } = await run(['diff', 'old.tgz', './new.tgz', '--markdown']);
    expect(stdout).toMatch(
      /^### Sluice: allow, `sample 1\.0\.0 → 1\.0\.1`\n\n\d+ of \d+ rules checked; not known here: /,
    );
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });

  test('a second run needs no registry, and --offline asks none', async () => {
    const little = await startLittle({ packages });
    const { run } = await makePlace(little.url);
    const args = ['diff', 'sample@1.0.0', 'sample@1.0.1', '--offline'];
    const missing = await run(args);
    expect(missing).toMatchObject({
      exit: 3,
      stdout: expect.stringMatching(/^undecided .*\n[\s\S]*^missing .*cache does not hold/m),
    });
    expect(little.requests).toEqual([]);
    await run(args.slice(0, 3));
    const asked = little.requests.length;
    expect(await run(args)).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^allow /) });
    expect(little.requests).toHaveLength(asked);
  });

  test('takes registry and cache from the command line', async () => {
    const little = await startLittle({ packages });
    const { run } = await makePlace(nowhere);
    const args = ['diff', 'sample@1.0.0', 'sample@1.0.1', '--registry', little.url, '--cache', 'elsewhere'];
    expect(await run(args)).toMatchObject({ exit: 0 });
    const offline = [...args, '--offline'];
    expect(await run(offline)).toMatchObject({ exit: 0 });
  });

  test('colours only where that is wished for', async () => {
    const { run, pack } = await makePlace();
    await pack('a.tgz', { version: '1.0.0' });
    const args = ['diff', 'a.tgz', 'a.tgz'];
    expect((await run(args)).stdout).not.toContain('\u001b');
    expect((await run(args, { env: { FORCE_COLOR: '1' } })).stdout).toContain('\u001b[32mallow');
    expect((await run(args, { env: { FORCE_COLOR: '0' } })).stdout).not.toContain('\u001b');
  });
});

describe('a hostile package', () => {
  /** Escape sequences, CI commands, Markdown and HTML, as a name, a version, a path and a script. */
  const hostile = '\u001b[2J\u202e\n::error::x\n##[error]y `</code>` <img src=x> [a](https://evil.invalid) @someone';

  test.each([[[]], [['--markdown']], [['--json']]] as const)('steers nothing in any form: %j', async (form) => {
    const { run, pack } = await makePlace();
    await pack('old.tgz', { name: hostile, version: '1.0.0' }, { 'index.js': '1;' });
    await pack(
      'new.tgz',
      { name: hostile, version: hostile, main: `${hostile}.js`, scripts: { postinstall: hostile } },
      { 'index.js': '1;', 'other.js': `${hostile}\n${' '.repeat(300)}eval(atob("${hostile}"))` },
    );
    const { exit, stdout, stderr } = await run(['diff', 'old.tgz', 'new.tgz', ...form]);
    expect({ exit, stderr }).toEqual({ exit: 1, stderr: '' });
    expect(stdout).toMatch(/hidden-code/);
    expect(stdout).not.toMatch(/(?!\n)\p{C}|^\s*::|##\[/mu);
    if (form[0] === '--markdown') expect(findForeignTokens(stdout)).toEqual([]);
  });

  test('steers nothing through an error either', async () => {
    const { run } = await makePlace();
    const { exit, stdout, stderr } = await run(['diff', hostile, 'sample@1.0.0']);
    expect({ exit, stdout }).toEqual({ exit: 2, stdout: '' });
    expect(stderr).not.toMatch(/(?!\n)\p{C}|^\s*::|##\[/mu);
  });
});
