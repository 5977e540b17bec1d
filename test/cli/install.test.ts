import { describe, expect, test } from 'vitest';
import { makeProject, release } from './make-project.ts';

/** Whoever runs an install script of these leaves a file behind. */
const mark = { postinstall: "node -e \"require('fs').writeFileSync(process.env.INIT_CWD + '/ran', '')\"" };

const packages = {
  good: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.1.0': release('exports.one = 1;\nexports.two = 2;\n', { day: 20 }),
    },
  },
  bad: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.0.1': release('exports.one = 1;\nfor (;;) {}\n', { day: 30, scripts: mark }),
    },
  },
  odd: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.0.1': release('exports.one = 1;\n', { day: 30, scripts: mark }),
    },
  },
};

describe('sluice install', () => {
  test('installs exactly what it checked, when that is allowed', async () => {
    const { run, readText, readLock, has } = await makeProject(packages, { good: '1.0.0' });
    const { exit, stdout, stderr } = await run(['install', 'good@1.1.0', '--save-exact']);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    expect(stdout).toMatch(/^allow {3}1 package changed/);
    expect(JSON.parse(readText('package.json')).dependencies).toEqual({ good: '1.1.0' });
    expect(readLock().packages['node_modules/good']?.version).toBe('1.1.0');
    expect(JSON.parse(readText('node_modules/good/package.json')).version).toBe('1.1.0');
    expect(has('ran')).toBe(false);
  });

  test('takes a new dependency too, and names it in package.json', async () => {
    const { run, readText } = await makeProject(packages, {});
    const { exit } = await run(['add', 'good']);
    expect(exit).toBe(0);
    expect(JSON.parse(readText('package.json')).dependencies).toEqual({ good: '^1.1.0' });
  });

  test('changes nothing, fetches nothing and runs nothing, when it blocks', async () => {
    const { run, readText, has, requests } = await makeProject(packages, { bad: '1.0.0' });
    const before = [readText('package.json'), readText('package-lock.json')];
    const { exit, stdout, stderr } = await run(['install', 'bad@1.0.1']);
    expect(stdout).toMatch(/^block {3}/);
    expect(stderr).toContain('Nothing was installed');
    expect([readText('package.json'), readText('package-lock.json')]).toEqual(before);
    expect([has('node_modules'), has('ran')]).toEqual([false, false]);
    expect(requests.some(({ path }) => path.includes('bad'))).toBe(true);
    expect(exit).toBe(1);
  });

  test('asks for a yes on review, takes none from a script, and takes --accept-review', async () => {
    const { run, has, readLock } = await makeProject(packages, { odd: '1.0.0' });
    const refused = await run(['install', 'odd@1.0.1', '--ignore-scripts']);
    expect(refused.stdout).toMatch(/^review/);
    expect(refused).toMatchObject({ exit: 1 });
    expect(refused.stderr).toContain('--accept-review');
    expect([has('node_modules'), readLock().packages['node_modules/odd']?.version]).toEqual([false, '1.0.0']);
    const accepted = await run(['install', 'odd@1.0.1', '--ignore-scripts', '--accept-review']);
    expect(accepted.exit).toBe(0);
    expect([has('node_modules'), has('ran')]).toEqual([true, false]);
  });

  test('says what npm says when it cannot resolve', async () => {
    const { run, readText } = await makeProject(packages, {});
    const before = readText('package-lock.json');
    const { exit, stderr } = await run(['install', 'nobody-has-this']);
    expect(stderr).toMatch(/^sluice: npm could not resolve this: .*nobody-has-this/);
    expect(stderr.match(/\b404\b/g)).toHaveLength(1);
    expect({ exit, lock: readText('package-lock.json') }).toEqual({ exit: 3, lock: before });
  });

  test('leaves global installations to npm', async () => {
    const { run } = await makeProject(packages, {});
    expect(await run(['install', '-g', 'good'])).toMatchObject({ exit: 2, stdout: '' });
  });
});

describe('sluice ci', () => {
  test('installs a committed lockfile that the registry bears out', async () => {
    const { run, readText } = await makeProject(packages, { good: '1.0.0' });
    const { exit, stdout } = await run(['ci']);
    expect(stdout).toMatch(/^allow {3}no package changed, 1 looked at though unchanged\n/);
    expect(stdout).not.toContain('good  1.0.0');
    expect(exit).toBe(0);
    expect(JSON.parse(readText('node_modules/good/package.json')).version).toBe('1.0.0');
  });

  test('installs nothing of a lockfile whose entry is not what the registry has, though it is committed', async () => {
    const { run, readLock, tamper, git, has } = await makeProject(packages, { good: '1.0.0' });
    const { integrity } = readLock().packages['node_modules/good'] ?? {};
    tamper('node_modules/good', { dependencies: { bad: '1.0.1' } });
    tamper('node_modules/bad', { version: '1.0.1', ...(integrity === undefined ? {} : { integrity }) });
    await git('commit', '--quiet', '-am', 'tampered');
    const { exit, stdout } = await run(['ci']);
    expect(stdout).toContain('lock-truth');
    expect({ exit, installed: has('node_modules') }).toEqual({ exit: 1, installed: false });
  });
});
