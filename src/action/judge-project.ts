/** One lockfile of a change → its verdict. Policy and npm's configuration are those of the base. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path/posix';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import type { Server } from '../guard/ask-server.ts';
import { checkLockfile } from '../guard/check-lockfile.ts';
import { checkOnServer } from '../guard/check-on-server.ts';
import { openRegistry, readPolicy } from '../guard.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { FactStore } from '../model/fact-store.ts';
import type { Policy } from '../model/policy.ts';
import type { TouchedProject } from './find-projects.ts';
import type { Github } from './github.ts';
import type { RepositoryChange, Snapshot } from './load-change.ts';
import { findText, loadProject } from './load-project.ts';

export interface JudgeSettings {
  readonly github: Github;
  readonly policyPath: string | undefined;
  /** Asked in place of computing. */
  readonly server: Server | undefined;
  readonly store: FactStore;
  /** Sluice's version. */
  readonly engine: string;
  /** ISO 8601. */
  readonly asOf: string;
  readonly warn: (sentence: string) => void;
}

export async function judgeProject(
  { lockfile, before: earlier }: TouchedProject,
  { before, after, trusted }: RepositoryChange,
  settings: JudgeSettings,
): Promise<CheckVerdict> {
  const { github, server, store, engine, asOf, warn } = settings;
  const folder = dirname(lockfile);
  const [now, then, policy, npmrc] = await Promise.all([
    loadProject(github, after.files, lockfile),
    before && loadProject(github, before.files, earlier ?? lockfile),
    loadPolicy(folder, trusted, settings),
    findText(github, trusted.files, join(folder, '.npmrc')),
  ]);
  const base = before && `commit ${before.commit.slice(0, 7)}`;
  if (server !== undefined) return checkOnServer(server, { before: then, after: now, policy, base });
  return withNpmConfig(npmrc, (cwd) =>
    checkLockfile(
      { before: then, after: now, kept: before === undefined ? 'tarballs' : 'nothing' },
      {
        rules,
        policy,
        engine,
        asOf,
        openRegistry: once(() => openRegistry({ cwd }, { warn })),
        openStore: async () => store,
        base,
      },
    ),
  );
}

const policyName = 'sluice.json';

async function loadPolicy(
  folder: string,
  { commit, files }: Snapshot,
  { github, policyPath }: JudgeSettings,
): Promise<Policy> {
  const paths = policyPath === undefined ? [join(folder, policyName), policyName] : [policyPath];
  const path = paths.find((one) => files.has(one));
  if (path === undefined) {
    if (policyPath === undefined) return readPolicy(undefined, rules);
    throw new GuardError(
      'policy-invalid',
      `The input \`policy-path\` names ${policyPath}, which commit ${commit.slice(0, 7)} (the base) does not have.`,
    );
  }
  const text = (await findText(github, files, path)) ?? '';
  return readPolicy({ text, path: `${path} of commit ${commit.slice(0, 7)}` }, rules);
}

/** @param work Given the folder whose `.npmrc` holds. Nothing of the change is ever in it. */
async function withNpmConfig<T>(npmrc: string | undefined, work: (cwd: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  try {
    // npm takes the nearest folder with a package.json for the project's.
    await writeFile(join(folder, 'package.json'), '{}\n');
    await writeFile(join(folder, '.npmrc'), npmrc ?? '');
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function once<T>(open: () => Promise<T>): () => Promise<T> {
  let opened: Promise<T> | undefined;
  return () => {
    opened ??= open();
    return opened;
  };
}
