import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rules } from '../../rules/index.ts';
import { makePlace } from './run-sluice.ts';

describe('the rules in their own words', () => {
  test('sluice rules names each with its level and title', async () => {
    const { run } = await makePlace();
    const { exit, stdout, stderr } = await run(['rules']);
    for (const { id, level } of rules) expect(stdout).toMatch(new RegExp(`^${level} +${id} `, 'm'));
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });

  test('sluice explain tells one', async () => {
    const { run } = await makePlace();
    const { exit, stdout, stderr } = await run(['explain', 'package-emptied']);
    expect(stdout).toMatch(/^package-emptied: .*\n\nlevel {6}block\n/);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
  });
});

test.each([['--version'], ['-v']])('sluice %s', async (option) => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const { run } = await makePlace();
  expect(await run([option])).toEqual({ exit: 0, stdout: `${version}\n`, stderr: '' });
});

test.each([[['--help']], [['help']], [['diff', '--help']]])('sluice %j shows the exit statuses', async (args) => {
  const { run } = await makePlace();
  const { exit, stdout, stderr } = await run(args);
  expect(stdout).toMatch(/^Usage: sluice/);
  expect(stdout).toContain('3 undecided');
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
});
