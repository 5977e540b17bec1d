/** What stays of a tree in memory, and what is still told of what does not. */
import { describe, expect, test } from 'vitest';
import { compareTrees } from '../../src/tarball/compare-trees.ts';
import { letProgramsGo } from '../../src/tarball/let-programs-go.ts';
import { readTarball } from '../../src/tarball/read-tarball.ts';
import { buildTarball } from '../support/build-tarball.ts';

const large = 300_000;

function programOf(begin: string, last = 0): Buffer {
  return Buffer.concat([Buffer.from(begin, 'latin1'), Buffer.alloc(large), Buffer.of(last)]);
}

async function readLight(files: Readonly<Record<string, string | Uint8Array>>) {
  return letProgramsGo(await readTarball(buildTarball(files)));
}

describe('a tree without its programs', () => {
  test.each([
    ['of Linux', '\x7fELF\x02\x01\x01\0'],
    ['of Windows', `MZ\x90${'\0'.repeat(57)}\x40\0\0\0PE\0\0`],
    ['of macOS', '\xcf\xfa\xed\xfe\x07\0\0\x01'],
  ])('knows of one %s its format, size and digest', async (_title, begin) => {
    const whole = (await readTarball(buildTarball({ 'bin/tool': programOf(begin) }))).files.get('bin/tool');
    const light = (await readLight({ 'bin/tool': programOf(begin) })).files.get('bin/tool');
    expect(light?.bytes).toHaveLength(0);
    expect(light).toEqual({ ...whole, bytes: new Uint8Array() });
  });

  test.each([
    ['JavaScript that begins as a program of Windows does', 'tool.js', `MZ=1;${'// filler\n'.repeat(large / 10)}`],
    ['a tagged template that does', 'tool', `MZ\`\0\`;${'// filler\n'.repeat(large / 10)}`],
    ['a small program', 'tool', Buffer.from('\x7fELF\x02\x01\x01\0', 'latin1')],
    ['a large text', 'text.json', JSON.stringify('x'.repeat(large))],
  ])('keeps %s', async (_title, path, content) => {
    expect((await readLight({ [path]: content })).files.get(path)?.bytes).toEqual(new Uint8Array(Buffer.from(content)));
  });

  test('is compared by digest where bytes are gone', async () => {
    const [one, same, other] = await Promise.all(
      [0, 0, 1].map((last) => readLight({ 'bin/tool': programOf('\x7fELF', last) })),
    );
    if (one === undefined || same === undefined || other === undefined) throw new Error('three trees were read');
    expect(compareTrees(one, same).unchanged.map(({ path }) => path)).toEqual(['bin/tool']);
    expect(compareTrees(one, other).changed.map(({ after }) => after.path)).toEqual(['bin/tool']);
  });
});
