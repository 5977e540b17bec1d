/** `sluice check`: the lockfile as it is now, compared with the base, as a whole. */
import { writeFile } from 'node:fs/promises';
import { posix, relative, resolve } from 'node:path';
import { GuardError } from '../errors.ts';
import { type CheckOptions, type CheckQuestion, checkLockfile } from '../guard/check-lockfile.ts';
import { openRegistry } from '../guard/prepare.ts';
import type { ProjectFiles } from '../guard/project-files.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Policy } from '../model/policy.ts';
import type { Answer } from './answer.ts';
import { withBaseConfig } from './base-config.ts';
import type { ServerOptions } from './find-server.ts';
import { findRepository } from './git.ts';
import { exitStatusOf, judgeOptions, loadPolicy, parsePolicyText, policyPath } from './judge-options.ts';
import { type ReadBase, readBase } from './read-base.ts';
import { locateProject, type Project, readFromDisk } from './read-project.ts';
import { paintStdout, say, showProgress, stdoutColumns } from './terminal.ts';
import { openUsersStore } from './users-store.ts';

export interface CheckCommandOptions extends ServerOptions {
  readonly base?: string;
  readonly lockfile?: string;
  readonly all?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly sarif?: string;
  readonly policy?: string;
  readonly strict?: boolean;
  readonly offline?: boolean;
  readonly registry?: string;
  readonly cache?: string;
  readonly store?: boolean;
}

/** What a check is about, read and ready. */
export interface CheckSubject {
  readonly project: Project;
  readonly before: ReadBase | undefined;
  readonly after: ProjectFiles;
  readonly policy: Policy;
}

export async function check(options: CheckCommandOptions): Promise<Answer> {
  const subject = await readSubject(options);
  const verdict = await (options.server === undefined ? checkSubject(subject, options) : askAbout(subject, options));
  if (options.sarif !== undefined) await writeSarif(options.sarif, verdict);
  return { exit: exitStatusOf(verdict.result, options), text: await renderCheck(verdict, options) };
}

async function askAbout({ before, after, policy }: CheckSubject, options: ServerOptions): Promise<CheckVerdict> {
  const [{ checkOnServer }, { findServer }] = await Promise.all([
    import('../guard/check-on-server.ts'),
    import('./find-server.ts'),
  ]);
  const server = findServer(options);
  const { finished } = showProgress(`Asking ${server.url.host} …`);
  try {
    return await checkOnServer(server, { before: before?.files, after, policy, base: before?.title });
  } finally {
    finished();
  }
}

export async function readSubject(options: CheckCommandOptions): Promise<CheckSubject> {
  const cwd = process.cwd();
  const named = options.lockfile === undefined ? cwd : resolve(cwd, options.lockfile, '..');
  const repository = await findRepository(named);
  const project = await locateProject(cwd, options.lockfile, repository);
  const after = await readFromDisk(project);
  if (after.lockfile.text === undefined && options.lockfile !== undefined) {
    throw new GuardError('file-unreadable', `The lockfile ${options.lockfile} does not exist.`);
  }
  const before = options.all === true ? undefined : await readBase(options.base, { project, repository }, after);
  return { project, before, after, policy: await readOwnPolicy(options.policy, { project, before, after }) };
}

/** A change must not write its own pass: the policy in force is the base's, unless the user names one. */
async function readOwnPolicy(
  given: string | undefined,
  { project, before, after }: Omit<CheckSubject, 'policy'>,
): Promise<Policy> {
  if (given !== undefined) return loadPolicy(given);
  const folder = relative(project.root, project.folder).replaceAll('\\', '/');
  const { files } = before?.isCommit === true ? before.files : after;
  for (const path of new Set([posix.join(folder, policyPath), policyPath])) {
    const text = files.get(path);
    if (text !== undefined)
      return parsePolicyText(text, before?.isCommit === true ? `${path} of ${before.title}` : path);
  }
  return parsePolicyText(undefined, policyPath);
}

/** @param kept What is looked at of packages that did not change: nothing, their entries, or their tarballs too. */
export async function checkSubject(
  subject: CheckSubject,
  options: CheckCommandOptions,
  {
    kept = options.all === true ? 'tarballs' : 'nothing',
    tarballs = true,
  }: { readonly kept?: CheckQuestion['kept']; readonly tarballs?: boolean } = {},
): Promise<CheckVerdict> {
  const { before, after, policy } = subject;
  const { offline, registry, cache } = options;
  const progress = showProgress('Reading the lockfile …');
  const openStore = once(() => openUsersStore(options.store !== false));
  const settings: CheckOptions = {
    ...judgeOptions(policy),
    openRegistry: once(async () => {
      const memory = await openStore();
      return withBaseConfig(subject, (cwd) => openRegistry({ offline, registry, cache, cwd }, { warn: say, memory }));
    }),
    openStore,
    base: before?.title,
    tarballs,
    onProgress: (read, all) => progress.update(`Read ${read} of ${all} packages …`),
  };
  try {
    return await checkLockfile({ before: before?.files, after, kept }, settings);
  } finally {
    progress.finished();
    await openStore.opened()?.then((store) => store.close());
  }
}

/** Opens when it is first asked for, once. */
function once<T>(open: () => Promise<T>): (() => Promise<T>) & { readonly opened: () => Promise<T> | undefined } {
  let opened: Promise<T> | undefined;
  const get = (): Promise<T> => {
    opened ??= open();
    return opened;
  };
  return Object.assign(get, { opened: () => opened });
}

/** Each form is loaded only where it is asked for. */
export async function renderCheck(verdict: CheckVerdict, { json, markdown }: CheckCommandOptions): Promise<string> {
  if (json === true) return (await import('../report/render-check-json.ts')).renderCheckJson(verdict);
  if (markdown === true) return (await import('../report/render-check-markdown.ts')).renderCheckMarkdown(verdict);
  const { renderCheckTerminal } = await import('../report/render-check-terminal.ts');
  return renderCheckTerminal(verdict, { columns: stdoutColumns(), paint: paintStdout });
}

async function writeSarif(path: string, verdict: CheckVerdict): Promise<void> {
  const { renderSarif } = await import('../report/render-sarif.ts');
  try {
    await writeFile(path, renderSarif(verdict));
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new GuardError('file-unreadable', `The SARIF report could not be written to ${path} (${code}).`, { cause });
  }
}
