/** Runs the built bundle as GitHub's runner does: an event, inputs, files to write into, and two little servers to ask. */
import { execFile, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { startLittle } from '../registry/connect.ts';
import { githubToken, type LittleGithub, startGithub } from '../support/github.ts';
import type { LittleRegistry, PublishedPackage, PublishedVersion } from '../support/registry.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface ActionRun {
  readonly exit: number | null;
  readonly stdout: string;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly workspace: string;
}

export interface Stage {
  readonly github: LittleGithub;
  readonly registry: LittleRegistry;
  /** package.json, package-lock.json and .npmrc of a project with these packages at the root of its tree. */
  project(versions: Readonly<Record<string, string>>, folder?: string): Promise<Readonly<Record<string, string>>>;
  run(event: string, payload: unknown, inputs?: Readonly<Record<string, string>>): Promise<ActionRun>;
}

/** Call once in a file: the bundle is built before its first test. */
export function useBundle(): (packages: Readonly<Record<string, PublishedPackage>>) => Promise<Stage> {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-bundle-'));
    await promisify(execFile)(process.execPath, [join(root, 'tools/bundle-action.ts'), '--out', folder]);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (packages) => setStage(packages, join(folder, 'index.js'));
}

/** A version with one file. */
export function version(code: string, day: number): PublishedVersion {
  return {
    publishedAt: new Date(Date.UTC(2025, 0, 1) + day * 86_400_000).toISOString(),
    files: { 'package.json': { main: 'index.js' }, 'index.js': code },
  };
}

export function pullRequest(base: string, head: string): Readonly<Record<string, unknown>> {
  return { pull_request: { number: 7, base: { sha: base }, head: { sha: head } } };
}

async function setStage(packages: Readonly<Record<string, PublishedPackage>>, bundle: string): Promise<Stage> {
  const [registry, github] = [await startLittle({ packages }), await startGithub()];
  onTestFinished(() => github.close());
  const home = await mkdtemp(join(tmpdir(), 'sluice-action-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  let runs = 0;
  return {
    github,
    registry,
    project: (versions, folder = '') => writeProject(registry, versions, folder),
    run: async (event, payload, inputs = {}) => {
      const workspace = join(home, String(runs++));
      await mkdir(workspace);
      const file = (name: string): string => join(workspace, name);
      await writeFile(file('event.json'), JSON.stringify(payload));
      const given = Object.entries({ token: githubToken, ...inputs }).map(([name, value]) => [
        `INPUT_${name.toUpperCase()}`,
        value,
      ]);
      const env = {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        npm_config_globalconfig: join(home, 'none'),
        npm_config_fetch_retries: '0',
        GITHUB_API_URL: github.url,
        GITHUB_REPOSITORY: 'octo/app',
        GITHUB_EVENT_NAME: event,
        GITHUB_EVENT_PATH: file('event.json'),
        GITHUB_SHA: 'f'.repeat(40),
        GITHUB_WORKSPACE: workspace,
        GITHUB_STEP_SUMMARY: file('summary.md'),
        GITHUB_OUTPUT: file('output'),
        RUNNER_TEMP: workspace,
        ...Object.fromEntries(given),
      };
      const { exit, stdout } = await execute(bundle, env);
      const outputs = (await readFile(file('output'), 'utf8')).split('\n').filter((line) => line !== '');
      return {
        exit,
        stdout,
        summary: await readFile(file('summary.md'), 'utf8'),
        outputs: Object.fromEntries(
          outputs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
        workspace,
      };
    },
  };
}

function execute(bundle: string, env: Record<string, string>): Promise<Pick<ActionRun, 'exit' | 'stdout'>> {
  // A folder without node_modules above it: the bundle has nothing but itself.
  const child = spawn(process.execPath, [bundle], { cwd: tmpdir(), env, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit) => resolve({ exit, stdout }));
  });
}

async function writeProject(
  registry: LittleRegistry,
  versions: Readonly<Record<string, string>>,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  const manifest = { name: 'app', version: '1.0.0', dependencies: versions };
  const packages: Record<string, unknown> = { '': manifest };
  for (const [name, number] of Object.entries(versions)) {
    const packument: unknown = await (await fetch(`${registry.url}${name}`)).json();
    // Safe: the tests' own registry wrote it.
    const { dist } = (packument as { versions: Record<string, { dist: { tarball: string; integrity: string } }> })
      .versions[number] ?? {
      dist: { tarball: '', integrity: '' },
    };
    packages[`node_modules/${name}`] = { version: number, resolved: dist.tarball, integrity: dist.integrity };
  }
  const lock = { name: 'app', version: '1.0.0', lockfileVersion: 3, requires: true, packages };
  return {
    [`${folder}package.json`]: `${JSON.stringify(manifest, null, 2)}\n`,
    [`${folder}package-lock.json`]: `${JSON.stringify(lock, null, 2)}\n`,
    [`${folder}.npmrc`]: `registry=${registry.url}\n`,
  };
}
