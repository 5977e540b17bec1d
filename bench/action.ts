/**
 * The Action on a pull request that changes thirty packages, as a workflow pays it: the bundle of dist/, in a process of its
 * own, with an event and a GitHub on loopback. All that it would ask a registry is in npm's cache, and npm's own setting keeps
 * it from asking: what is measured is the time outside the network. Against what nobody can avoid, measured in the same run.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { githubToken, startGithub } from '../test/support/github.ts';
import { alignColumns } from '../tools/render-corpus.ts';
import { median, time } from './measure.ts';
import { type Asked, type Changed, makeLockfile, measureLimit } from './real-change.ts';

const bundle = fileURLToPath(new URL('../dist/index.js', import.meta.url));
const cache = fileURLToPath(new URL('../.cache/bench-action/', import.meta.url));
const rounds = 5;
/** With what they bring along, thirty packages change. */
const asked: Asked = [
  ['express', '4.17.3', '4.21.2'],
  ['axios', '1.6.8', '1.7.9'],
  ['pino', '8.21.0', '9.6.0'],
  ['fs-extra', '9.1.0', '11.3.0'],
];

interface Report {
  readonly result: string;
  readonly packages: readonly (Changed & { readonly integrity: { readonly to: string | null } })[];
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-action-'));
const github = await startGithub();
try {
  const before = readProject('before', 1);
  const after = readProject('after', 2);
  const online = github.commit(before);
  await judge(online, github.commit(after, online));
  const base = github.commit({ ...before, '.npmrc': 'offline=true\n' });
  const head = github.commit(after, base);
  const { packages } = await judge(base, head);
  const unread = packages.filter(({ integrity }) => integrity.to === null);
  if (unread.length > 0) throw new Error(`${unread.length} packages were not judged`);
  const limit = await measureLimit(packages);
  const seconds = await measure(() => judge(base, head));
  const untouched = github.commit({ 'readme.md': 'more' }, base);
  const start = await measure(() => run(base, untouched));
  console.log(
    alignColumns([
      [`${packages.length} packages changed`, `median of ${rounds}, seconds`, 'of the limit', 'goal'],
      ['hash, unpack and parse what changed', limit.toFixed(2), '1×', ''],
      ['the Action, outside the network', seconds.toFixed(2), `${(seconds / limit).toFixed(1)}×`, 'at most 3 s'],
      ['a pull request without a lockfile', start.toFixed(2), '', 'under 0.5 s'],
    ]).join('\n'),
  );
} finally {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(work: () => Promise<unknown>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round += 1) seconds.push((await time(work)).seconds);
  return median(seconds);
}

function readProject(title: string, at: 1 | 2): Readonly<Record<string, string>> {
  const path = makeLockfile(join(cache, title), asked, at);
  const manifest = readFileSync(join(dirname(path), 'package.json'), 'utf8');
  return { 'package.json': manifest, 'package-lock.json': readFileSync(path, 'utf8') };
}

async function judge(base: string, head: string): Promise<Report> {
  await run(base, head);
  const [report] = JSON.parse(readFileSync(join(folder, 'sluice-report.json'), 'utf8'));
  if (report === undefined) throw new Error('the Action judged nothing');
  return report;
}

async function run(base: string, head: string): Promise<void> {
  const event = join(folder, 'event.json');
  writeFileSync(event, JSON.stringify({ pull_request: { number: 7, base: { sha: base }, head: { sha: head } } }));
  const env = {
    ...process.env,
    INPUT_TOKEN: githubToken,
    GITHUB_API_URL: github.url,
    GITHUB_REPOSITORY: 'octo/app',
    GITHUB_EVENT_NAME: 'pull_request',
    GITHUB_EVENT_PATH: event,
    GITHUB_SHA: head,
    GITHUB_WORKSPACE: folder,
    GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    GITHUB_OUTPUT: join(folder, 'output'),
    RUNNER_TEMP: folder,
  };
  const child = spawn(process.execPath, [bundle], { cwd: tmpdir(), env, stdio: ['ignore', 'ignore', 'inherit'] });
  const exit = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (exit !== 0 && exit !== 1) throw new Error(`the Action ended with ${exit}`);
}
