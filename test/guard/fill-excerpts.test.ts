import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../src/model/finding.ts';
import type { Verdict } from '../../src/model/verdict.ts';
import { atFile } from '../../src/rule.ts';
import { judgeWatched } from './judge-watched.ts';

describe('excerpts', () => {
  const excerptOf = async (
    before: string,
    after: string,
    evidence: Evidence<never>,
  ): Promise<Verdict['findings'][number]['excerpt']> => {
    const packages = {
      sample: {
        versions: {
          '1.0.0': { files: { 'a.js': before, 'gone.js': 'old' } },
          '1.0.1': { files: { 'a.js': after } },
        },
      },
    };
    const { verdict } = await judgeWatched({ packages, evidence: [evidence] });
    return verdict.findings[0]?.excerpt ?? [];
  };

  test('show the line and the added lines around it, not those that were there before', async () => {
    const excerpt = await excerptOf('old1\nold2\n', 'old1\nnew2\n\tnew3\nold2\nnew5\nnew6\nnew7\n', {
      message: 'seen',
      at: atFile('a.js', 3),
    });
    expect(excerpt).toEqual([
      { line: 2, text: 'new2' },
      { line: 3, text: '\tnew3' },
      { line: 5, text: 'new5' },
      { line: 6, text: 'new6' },
    ]);
  });

  test('show what is gone from the old version', async () => {
    const at = { in: 'tarball', side: 'before', path: 'gone.js', line: 1 } as const;
    expect(await excerptOf('', '', { message: 'gone', at })).toEqual([{ line: 1, text: 'old' }]);
  });

  test("cut a long line around the message's own words", async () => {
    const line = `${'x'.repeat(5_000)};runThis("command");${'y'.repeat(5_000)}`;
    const [shown] = await excerptOf('', line, { message: 'runThis is called', at: atFile('a.js', 1) });
    expect(shown?.text).toContain('runThis("command")');
    expect(shown?.text).toMatch(/^….{160}…$/);
  });

  test('show nothing around a line of minified code, and no such line around another', async () => {
    const long = `f(${'x'.repeat(500)})`;
    const around = await excerptOf('', `before\n${long}\nafter`, { message: 'seen', at: atFile('a.js', 2) });
    expect(around.map(({ line }) => line)).toEqual([2]);
    const beside = await excerptOf('', `before\n${long}\nafter`, { message: 'seen', at: atFile('a.js', 3) });
    expect(beside.map(({ line }) => line)).toEqual([1, 3]);
  });

  const atManifest = (pointer: string) => ({ in: 'tarball', path: 'package.json', pointer }) as const;
  const excerptOfManifest = async (text: string, pointer: string): Promise<unknown> => {
    const sample = { versions: { '1.0.0': {}, '1.0.1': { files: { 'package.json': text } } } };
    const evidence = [{ message: 'seen', at: atManifest(pointer) }];
    const { verdict } = await judgeWatched({ packages: { sample }, evidence });
    return verdict.findings[0]?.excerpt;
  };

  test.each([
    ['/scripts/postinstall', 4, '    "postinstall": "node b.js"'],
    ['/exports/.~1feature/import', 6, '  "exports": { "./feature": { "import": "./f.js" } }'],
    ['/files/1', 7, '  , "files": ["a", "b"]'],
    ['/scripts/absent', 2, '  "scripts": {'],
  ])('show the line of a manifest that %s points at', async (pointer, line, text) => {
    const manifest = [
      '{ "name": "sample", "version": "1.0.1",',
      '  "scripts": {',
      '    "postinstall": "looks innocent", "test": "",',
      '    "postinstall": "node b.js"',
      '  },',
      '  "exports": { "./feature": { "import": "./f.js" } }',
      '  , "files": ["a", "b"]',
      '}',
    ].join('\n');
    expect(await excerptOfManifest(manifest, pointer)).toEqual([{ line, text }]);
  });

  test('show no line of a manifest for a pointer that leads nowhere', async () => {
    expect(await excerptOfManifest('{ "name": "sample" }', '/absent')).toEqual([]);
  });

  test.each([
    ['a line that is not there', atFile('a.js', 99)],
    ['a file that is not there', atFile('b.js', 1)],
    ['a file as a whole', atFile('a.js')],
  ])('are empty for %s', async (_what, at) => {
    expect(await excerptOf('a\n', 'b\n', { message: 'seen', at })).toEqual([]);
  });
});
