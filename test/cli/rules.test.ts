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

  test.each(rules.map((rule) => [rule.id, rule] as const))('sluice explain %s', async (id, rule) => {
    const { run } = await makePlace();
    const { exit, stdout } = await run(['explain', id]);
    const text = stdout.replace(/\s+/g, ' ');
    const said = [rule.title, rule.level, rule.rationale, rule.remedy, ...Object.keys(rule.kinds)];
    said.push(...Object.keys(rule.options), ...rule.incidents.map((incident) => incident.url));
    for (const words of said) expect(text).toContain(words.replace(/\s+/g, ' '));
    expect(exit).toBe(0);
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
