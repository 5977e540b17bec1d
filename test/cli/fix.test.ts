import { expect, test } from 'vitest';
import { type Lockfile, makeProject, type Project, release } from './make-project.ts';

const packages = {
  frame: {
    versions: {
      '1.0.0': release("require('core');\n", { day: 10, dependencies: { core: '^1.0.0' } }),
      '1.1.0': release("require('core');\n", { day: 40, dependencies: { core: '^1.0.0' } }),
    },
  },
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.2.0': release('exports.one = 1;\n', { day: 60 }),
    },
  },
};

/** `frame` is asked to go on, and `core`, which nobody named, came along. */
async function makeDrift(): Promise<Project> {
  const project = await makeProject(packages, { frame: '1.0.0', core: '1.0.0' });
  const { npm, git, write } = project;
  const manifest = (dependencies: object) =>
    JSON.stringify({ name: 'app', version: '1.0.0', private: true, dependencies });
  await write('package.json', manifest({ frame: '1.0.0' }));
  await npm('install');
  await git('commit', '--quiet', '-am', 'core is no longer asked for');
  await npm('install', 'frame@1.1.0', '--save-exact');
  await npm('update', 'core');
  return project;
}

const versionOf = (lock: Lockfile, name: string): string | undefined => lock.packages[`node_modules/${name}`]?.version;

test('fix takes back what nobody asked for, and nothing else', async () => {
  const { run, readLock, readText } = await makeDrift();
  expect([versionOf(readLock(), 'frame'), versionOf(readLock(), 'core')]).toEqual(['1.1.0', '1.2.0']);
  const [before, manifest] = [readText('package-lock.json'), readText('package.json')];

  const dry = await run(['fix', '--dry-run']);
  expect(dry.stdout).toMatch(/^-\s+"version": "1\.2\.0"/m);
  expect(dry.stdout).toMatch(/^\+\s+"version": "1\.0\.0"/m);
  expect(readText('package-lock.json')).toBe(before);

  const { exit, stdout } = await run(['fix']);
  expect(stdout).toContain('core 1.2.0 → 1.0.0');
  expect({ exit, frame: versionOf(readLock(), 'frame'), core: versionOf(readLock(), 'core') }).toEqual({
    exit: 0,
    frame: '1.1.0',
    core: '1.0.0',
  });
  const changed = readText('package-lock.json')
    .split('\n')
    .filter((line, at) => line !== before.split('\n')[at]);
  expect(changed.map((line) => /"(\w+)"/.exec(line)?.[1])).toEqual(['version', 'resolved', 'integrity']);
  expect(readText('package.json')).toBe(manifest);

  const fixed = readText('package-lock.json');
  expect(await run(['fix'])).toMatchObject({ exit: 0, stdout: 'Nothing to do: no selection rule speaks.\n' });
  expect(readText('package-lock.json')).toBe(fixed);
});

test('fix leaves a lockfile alone that is wrong in itself, and says what comes first', async () => {
  const { run, tamper, readText } = await makeDrift();
  tamper('node_modules/core', { version: '3.0.0' });
  const before = readText('package-lock.json');
  const { exit, stderr } = await run(['fix']);
  expect(stderr).toContain('That comes before selection');
  expect({ exit, text: readText('package-lock.json') }).toEqual({ exit: 2, text: before });
});
