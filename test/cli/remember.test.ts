/** What the command line remembers in the user's store from one run to the next. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { startLittle } from '../registry/connect.ts';
import type { PublishedPackage } from '../support/registry.ts';
import { makePlace } from './run-sluice.ts';

/** Large enough to be worth remembering. */
const start = (command: string): string =>
  `require('child_process').execSync('${command}');\n// ${'x'.repeat(10_000)}\n`;
const publish = (commands: Readonly<Record<string, string>>): PublishedPackage => ({
  versions: Object.fromEntries(
    Object.entries(commands).map(([version, command]) => [version, { files: { 'index.js': start(command) } }]),
  ),
});
const commands = { '1.0.0': 'ls', '1.0.1': 'uname', '1.0.2': 'whoami' };

async function makeUser() {
  const little = await startLittle({ packages: { sample: publish(commands) } });
  const { folder, run, write } = await makePlace(little.url);
  const data = join(folder, 'data');
  const diff = async (from: string, to: string, ...more: readonly string[]) => {
    const setting = { env: { XDG_DATA_HOME: data } };
    const { stdout, stderr } = await run(['diff', `sample@${from}`, `sample@${to}`, '--json', ...more], setting);
    const { asOf: _asOf, ...verdict } = JSON.parse(stdout);
    return { verdict, stderr };
  };
  const list = (sql: string): readonly unknown[] => {
    const driver = new Sqlite(join(data, 'sluice', 'store.db'), { timeout: 1_000 });
    try {
      return driver.prepare(sql).all({});
    } finally {
      driver.close();
    }
  };
  return { little, folder, write, data, diff, list };
}

const timeout = 60_000;

describe.runIf(process.platform === 'linux')('the command line', { timeout }, () => {
  it('keeps what files do for the next update, which it judges as without', async () => {
    const { diff, list } = await makeUser();
    await diff('1.0.0', '1.0.1');
    const first = list('SELECT contents, summary FROM behaviors ORDER BY contents');
    expect(first).toHaveLength(2);
    const forgetful = await diff('1.0.1', '1.0.2', '--no-store');
    expect(list('SELECT contents FROM behaviors')).toHaveLength(2);
    expect(await diff('1.0.1', '1.0.2')).toEqual(forgetful);
    expect(forgetful.verdict.findings.map(({ rule }: { rule: string }) => rule)).toContain('child-process-at-load');
    expect(list('SELECT contents, summary FROM behaviors ORDER BY contents')).toEqual(
      expect.arrayContaining([...first]),
    );
    expect(list('SELECT contents FROM behaviors')).toHaveLength(3);
  });

  it('keeps nothing with --no-store', async () => {
    const { diff, data } = await makeUser();
    await diff('1.0.0', '1.0.1', '--no-store');
    expect(existsSync(data)).toBe(false);
  });

  it('blocks a version whose bytes the registry has replaced since', async () => {
    const { little, diff, write, folder } = await makeUser();
    await diff('1.0.0', '1.0.1');
    little.publish('sample', publish({ ...commands, '1.0.1': 'id' }));
    await write(
      '.npmrc',
      `registry=${little.url}\nfetch-retries=0\ncache=${join(folder, 'cache')}\nprefer-online=true\n`,
    );
    const { verdict } = await diff('1.0.0', '1.0.1');
    const told = verdict.findings.filter(({ rule }: { rule: string }) => rule === 'integrity-mismatch');
    expect(told).toMatchObject([
      { level: 'block', message: expect.stringMatching(/when it was first read here, on \d/) },
    ]);
    expect(verdict.result).toBe('block');
  });
});
