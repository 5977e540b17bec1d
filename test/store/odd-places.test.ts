import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { buildVerdict } from '../report/build-verdict.ts';
import { makeFolder, runProcess } from './run-process.ts';

describe('a store that cannot be used says so, and what it says is one sentence', () => {
  it.each<[string, (folder: string) => Promise<string>, RegExp]>([
    [
      'a text',
      async (folder) => {
        await writeFile(join(folder, 'notes'), 'Remember the milk. '.repeat(100));
        return join(folder, 'notes');
      },
      /notes cannot be used: it is no database\.$/,
    ],
    ['a folder', async (folder) => folder, /cannot be used: it is a folder\.$/],
    [
      'below a file',
      async (folder) => {
        await writeFile(join(folder, 'file'), '');
        return join(folder, 'file', 'store.db');
      },
      /cannot be used: what should be its folder is a file\.$/,
    ],
    ['a name with a NUL', async (folder) => join(folder, 'a\0b'), /cannot be used: .+\.$/],
  ])('when it is %s', async (_, make, says) => {
    const path = await make(await makeFolder());
    await expect(openStore(path)).rejects.toMatchObject({
      code: 'store-unreadable',
      message: expect.stringMatching(says),
    });
  });

  it('when it is damaged, and the damage stays as it is', async () => {
    const path = join(await makeFolder(), 'store.db');
    const store = await openStore(path);
    await store.saveVerdict('question', buildVerdict());
    await store.close();
    const bytes = await readFile(path);
    bytes.fill(0xff, 100, 4096);
    await writeFile(path, bytes);
    await expect(openStore(path)).rejects.toMatchObject({ code: 'store-unreadable' });
    expect((await readFile(path)).equals(bytes)).toBe(true);
  });
});

describe('a store that may only be read', () => {
  /** Root may write everywhere; nobody may not. */
  const asNobody = 'if (process.getuid() === 0) process.setuid(65534);';

  it('gives the answers it has, and says that it takes no new ones', async () => {
    const folder = await makeFolder();
    const path = join(folder, 'store.db');
    const store = await openStore(path);
    await store.saveVerdict('question', buildVerdict({ result: 'block' }));
    await store.close();
    await Promise.all([chmod(path, 0o444), chmod(folder, 0o777)]);
    const { stdout, stderr } = await runProcess(
      path,
      `${asNobody}
      const store = await openStore(path, { warn: console.error });
      await store.saveVerdict('another', verdict('a'));
      await store.saveVerdict('third', verdict('b'));
      console.log((await store.findVerdict('question'))?.result, await store.findVerdict('another'));`,
    );
    expect(stdout).toBe('block undefined\n');
    expect(stderr).toMatch(/^Nothing new is kept in the store .*: it may not be written\.\n$/);
  });

  it('is refused when it lies where nothing may be made', async () => {
    const folder = await makeFolder();
    await chmod(folder, 0o755);
    const { stdout } = await runProcess(
      join(folder, 'data', 'store.db'),
      `${asNobody}
      await openStore(path).catch(({ code, message }) => console.log(code, message));`,
    );
    expect(stdout).toMatch(/^store-unreadable The store .* cannot be used: its permissions do not allow it\.\n$/);
  });
});

describe('a disk that is full', () => {
  it('is said once; what was remembered before is still there, and nothing else is', async () => {
    const path = join(await makeFolder(), 'store.db');
    const { stdout, stderr, exit } = await runProcess(
      path,
      `const store = await openStore(path, { warn: console.error });
      for (let index = 0; index < 400; index += 1) {
        await store.saveVerdict('question ' + index, { ...verdict('a'), engine: 'x'.repeat(1000) });
      }
      console.log((await store.findVerdict('question 0'))?.result, await store.findVerdict('question 399'));`,
      'ulimit -f 800',
    );
    expect({ stdout, exit }).toEqual({ stdout: 'allow undefined\n', exit: 0 });
    expect(stderr).toMatch(/^Nothing new is kept in the store .*: the disk .*\.\n$/);
    const store = await openStore(path);
    onTestFinished(() => store.close());
    expect(await store.findVerdict('question 0')).toMatchObject({ result: 'allow' });
  });

  it('before anything could be remembered is said as well', async () => {
    const path = join(await makeFolder(), 'store.db');
    const { stdout } = await runProcess(
      path,
      'await openStore(path).catch(({ code, message }) => console.log(code, message));',
      'ulimit -f 8',
    );
    expect(stdout).toMatch(/^store-unreadable The store .* cannot be used: the disk .*\.\n$/);
  });
});

describe('a store that another process keeps locked', () => {
  async function makeLocked(lock: string): Promise<{ path: string; unlock: () => void }> {
    const path = join(await makeFolder(), 'store.db');
    const store = await openStore(path);
    await store.saveVerdict('question', buildVerdict());
    await store.close();
    const other = new Sqlite(path, { timeout: 0 });
    onTestFinished(() => void other.close());
    other.exec(lock);
    return { path, unlock: () => void other.exec('COMMIT') };
  }

  it('for writing is read meanwhile; what cannot be written in time is not remembered, and that is said', async () => {
    const { path, unlock } = await makeLocked('BEGIN IMMEDIATE');
    const warnings: string[] = [];
    const store = await openStore(path, { waitMs: 50, warn: (sentence) => warnings.push(sentence) });
    onTestFinished(() => store.close());
    expect(await store.findVerdict('question')).toEqual(buildVerdict());
    await store.saveVerdict('another', buildVerdict());
    unlock();
    expect(await store.findVerdict('another')).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/another process keeps it locked\.$/)]);
  });

  it('altogether is refused', async () => {
    const { path } = await makeLocked('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    await expect(openStore(path, { waitMs: 50 })).rejects.toMatchObject({
      code: 'store-unreadable',
      message: expect.stringMatching(/another process keeps it locked\.$/),
    });
  });
});
