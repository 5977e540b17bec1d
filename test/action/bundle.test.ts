/** What the bundle is, and that nothing foreign gets through it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { marked } from 'marked';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findImports } from '../support/find-imports.ts';
import { pullRequest, useBundle, version } from './run-bundle.ts';

const setStage = useBundle();
const tool = fileURLToPath(new URL('../../tools/bundle-action.ts', import.meta.url));

describe('the bundle', () => {
  const folders: string[] = [];
  beforeAll(async () => {
    for (let at = 0; at < 2; at++) {
      const folder = mkdtempSync(join(tmpdir(), 'sluice-twice-'));
      folders.push(folder);
      await promisify(execFile)(process.execPath, [tool, '--out', folder], { cwd: at === 0 ? tmpdir() : folder });
    }
  });
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const read = (at: number, name: string): string => readFileSync(join(folders[at] ?? '', name), 'utf8');

  test('is the same whenever and from wherever it is made', () => {
    expect(readdirSync(folders[0] ?? '').toSorted()).toEqual(['index.js', 'licenses.txt']);
    expect(read(0, 'index.js') === read(1, 'index.js')).toBe(true);
    expect(read(0, 'licenses.txt') === read(1, 'licenses.txt')).toBe(true);
  });

  test('imports nothing but what Node has, and has no native module in it', () => {
    const code = read(0, 'index.js');
    const asked = [...code.matchAll(/\b__require\("([^"]+)"\)/g)].map(([, name = '']) => name);
    const imported = code.split('\n').filter((line) => line.startsWith('import '));
    const names = [...asked, ...findImports(imported.join('\n'))];
    const known = new Set(builtinModules);
    expect(names.length).toBeGreaterThan(20);
    expect([...new Set(names)].filter((name) => !known.has(name.replace(/^node:/, '')))).toEqual([]);
    expect(read(0, 'licenses.txt')).not.toMatch(/^better-sqlite3 /m);
  });

  test('tells the licence of what is in it', () => {
    expect(read(0, 'licenses.txt')).toMatch(/^@octokit\/core \d+\.\d+\.\d+: MIT$/m);
  });
});

describe('a thread of the bundle', () => {
  test('analyses what is too large for the main one', async () => {
    const filler = `exports.filler = ${JSON.stringify('x'.repeat(500_000))};\n`;
    const packages = {
      large: { versions: { '1.0.0': version(filler, 1), '1.0.1': version(`${filler}for (;;) {}\n`, 20) } },
    };
    const { github, project, run } = await setStage(packages);
    const base = github.commit(await project({ large: '1.0.0' }));
    const head = github.commit(await project({ large: '1.0.1' }), base);
    const { exit, summary } = await run('pull_request', pullRequest(base, head));
    expect({ exit, summary }).toEqual({ exit: 1, summary: expect.stringContaining('endless-loop-at-load') });
  });
});

describe('foreign text', () => {
  const attack =
    '::error::a%0A::warning::b ##[command]c @everyone <img src=x onerror=d> [e](https://evil.invalid) | `f`';

  test('in a project, a path and code steers neither the runner nor the page', async () => {
    const packages = {
      plain: {
        versions: {
          '1.0.0': version('exports.a = 1;\n', 1),
          '1.0.1': version(`exports.a = 1;\nfor (;;) { /* ${attack} */ }\n`, 20),
        },
      },
    };
    const { github, project, run } = await setStage(packages);
    const folder = 'a%0A::error::, [e](https:evil.invalid)/';
    const name = (files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [path, text.replaceAll('"app"', JSON.stringify(attack))]),
      );
    const base = github.commit(name(await project({ plain: '1.0.0' }, folder)));
    const head = github.commit(name(await project({ plain: '1.0.1' }, folder)), base);
    const { stdout, summary } = await run('pull_request', pullRequest(base, head));
    expect(stdout).toContain('endless-loop-at-load');
    for (const line of stdout.split('\n'))
      expect(line).toMatch(/^(::(error|warning|notice) [^:]*::(?!.*(::|##\[))|Sluice: |$)/);
    const page = marked.parse(summary, { async: false });
    expect(page).toContain('endless-loop-at-load');
    // GitHub links no mention inside code.
    expect(page.replaceAll(/<code.*?<\/code>/gs, '')).not.toMatch(/<img|<a\b|@everyone/);
  });

  test('more than a comment and a summary can hold is counted, not lost without a word', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `package-${at}`);
    const long = 'exports.a = 1;\nfor (;;) { /* x */ }\n';
    const packages = Object.fromEntries(
      names.map((name) => [
        name,
        { versions: { '1.0.0': version('exports.a = 1;\n', 1), '1.0.1': version(long, 20) } },
      ]),
    );
    const { github, project, run } = await setStage(packages);
    const all = (to: string) => Object.fromEntries(names.map((name) => [name, to]));
    const base = github.commit(await project(all('1.0.0')));
    const head = github.commit(await project(all('1.0.1')), base);
    const { exit, stdout, outputs } = await run('pull_request', pullRequest(base, head));
    const [comment] = github.comments;
    expect(comment?.body.length).toBeLessThanOrEqual(65_536);
    expect(comment?.body).toContain('For want of room');
    expect(stdout.match(/^::error /gm)).toHaveLength(10);
    expect(stdout).toContain('::91 more are told in the job summary.');
    expect({ exit, findings: Number(outputs['findings']) >= 100 }).toEqual({ exit: 1, findings: true });
  });

  test('more than the 1 MiB of a summary is counted too', async () => {
    const names = Array.from({ length: 60 }, (_, at) => `package-${at}`);
    const loops = Array.from({ length: 8 }, (_, at) => `for (;;) { /* ${String(at).repeat(150)} */ }\n`).join('');
    const packages = Object.fromEntries(
      names.map((name) => [
        name,
        { versions: { '1.0.0': version('exports.a = 1;\n', 1), '1.0.1': version(`exports.a = 1;\n${loops}`, 20) } },
      ]),
    );
    const { github, project, run } = await setStage(packages);
    const folders = Array.from({ length: 24 }, (_, at) => `apps/${at}/`);
    const all = async (to: string): Promise<Readonly<Record<string, string>>> => {
      const versions = Object.fromEntries(names.map((name) => [name, to]));
      return Object.assign({}, ...(await Promise.all(folders.map((folder) => project(versions, folder)))));
    };
    const base = github.commit(await all('1.0.0'));
    const head = github.commit(await all('1.0.1'), base);
    const { exit, summary, outputs } = await run('pull_request', pullRequest(base, head));
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_048_576);
    expect(Buffer.byteLength(summary)).toBeGreaterThan(500_000);
    expect(summary).toContain('For want of room');
    expect({ exit, findings: Number(outputs['findings']) >= 1_440 }).toEqual({ exit: 1, findings: true });
  });
});
