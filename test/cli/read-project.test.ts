import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findBase, findRepository } from '../../src/cli/git.ts';
import { readBase } from '../../src/cli/read-base.ts';
import { locateProject, readFromCommit, readFromDisk } from '../../src/cli/read-project.ts';

function makeFolder(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-project-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, files);
  return folder;
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(folder: string, title: string): string {
  git(folder, 'add', '-A');
  git(folder, 'commit', '--quiet', '-m', title);
  return git(folder, 'rev-parse', 'HEAD');
}

const workspace = {
  'package.json': JSON.stringify({ name: 'app', workspaces: ['packages/*', '!packages/old'] }),
  'package-lock.json': '{ "lockfileVersion": 3 }',
  'packages/web/package.json': '{ "name": "web" }',
  'packages/old/package.json': '{ "name": "old" }',
  'packages/web/node_modules/x/package.json': '{ "name": "x" }',
  'elsewhere/package.json': '{ "name": "elsewhere" }',
  '.npmrc': 'ignore-scripts=true\n',
  '.github/workflows/gate.yml': 'on: push\n',
};
const expected = ['.github/workflows/gate.yml', '.npmrc', 'package.json', 'packages/web/package.json'];

describe('a project', () => {
  test('is read with its workspaces and what guards it, from the disk and from a commit alike', async () => {
    const folder = makeFolder(workspace);
    git(folder, 'init', '--quiet', '--initial-branch=main');
    const first = commit(folder, 'first');
    const repository = await findRepository(folder);
    const project = await locateProject(join(folder, 'packages/web'), undefined, repository);
    expect(project).toEqual({ folder, root: folder, lockfile: 'package-lock.json' });
    const disk = await readFromDisk(project);
    expect([...disk.files.keys()].toSorted()).toEqual(expected);
    expect(repository).toBeDefined();
    if (repository !== undefined) expect(await readFromCommit(project, repository, first)).toEqual(disk);
  });

  test('below the root of its repository has paths from the root', async () => {
    const folder = makeFolder({ 'web/package.json': '{}', 'web/package-lock.json': '{}', '.npmrc': 'a=b' });
    git(folder, 'init', '--quiet');
    const project = await locateProject(join(folder, 'web'), undefined, await findRepository(folder));
    expect(project.lockfile).toBe('web/package-lock.json');
    expect([...(await readFromDisk(project)).files.keys()].toSorted()).toEqual(['.npmrc', 'web/package.json']);
  });

  test('that is none is told so', async () => {
    await expect(locateProject('/', undefined, undefined)).rejects.toThrow(/name the file with --lockfile/);
  });
});

describe('the base', () => {
  test('is the merge base with the default branch, on a branch of its own', async () => {
    const folder = makeFolder({ 'package.json': '{}' });
    git(folder, 'init', '--quiet', '--initial-branch=main');
    const fork = commit(folder, 'fork');
    git(folder, 'checkout', '--quiet', '-b', 'update');
    write(folder, { 'package.json': '{ "a": 1 }' });
    commit(folder, 'update');
    git(folder, 'checkout', '--quiet', 'main');
    write(folder, { other: 'x' });
    commit(folder, 'main goes on');
    git(folder, 'checkout', '--quiet', 'update');
    expect(await findBase({ root: folder }, undefined)).toEqual({
      commit: fork,
      title: `main (merge base ${fork.slice(0, 7)})`,
    });
  });

  test('is HEAD on the default branch itself', async () => {
    const folder = makeFolder({ 'package.json': '{}' });
    git(folder, 'init', '--quiet', '--initial-branch=main');
    const head = commit(folder, 'head');
    expect(await findBase({ root: folder }, undefined)).toEqual({ commit: head, title: `HEAD (${head.slice(0, 7)})` });
  });

  test.each(['--output=/tmp/x', 'no-such-branch', 'main:package.json'])('is no commit: %s', async (given) => {
    const folder = makeFolder({ 'package.json': '{}' });
    git(folder, 'init', '--quiet', '--initial-branch=main');
    commit(folder, 'head');
    expect(await findBase({ root: folder }, given)).toBeUndefined();
  });

  test('may be a lockfile, which knows what its package.json asked for', async () => {
    const lock = { lockfileVersion: 3, packages: { '': { dependencies: { a: '^1.0.0' } } } };
    const folder = makeFolder({
      'package.json': '{ "dependencies": { "a": "^2.0.0" } }',
      'old.json': JSON.stringify(lock),
    });
    const project = { folder, root: folder, lockfile: 'package-lock.json' };
    const head = await readFromDisk(project);
    const base = await readBase(join(folder, 'old.json'), { project, repository: undefined }, head);
    expect(base.isCommit).toBe(false);
    expect(JSON.parse(base.files.files.get('package.json') ?? '')).toEqual({ dependencies: { a: '^1.0.0' } });
  });

  test('cannot be found outside a repository, and that is said', async () => {
    const folder = makeFolder({ 'package.json': '{}' });
    const project = { folder, root: folder, lockfile: 'package-lock.json' };
    const head = await readFromDisk(project);
    await expect(readBase(undefined, { project, repository: undefined }, head)).rejects.toThrow(/no git repository/);
  });
});
