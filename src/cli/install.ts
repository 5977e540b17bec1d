/**
 * `sluice install` and `sluice ci`: npm resolves or reads a lockfile, Sluice judges it, and only then npm installs exactly
 * that one. Until then nothing of the project is touched, no tarball unpacked, and no script of anybody run.
 */
import { isAbsolute, join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { GuardError } from '../errors.ts';
import type { ProjectFiles } from '../guard/project-files.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Answer } from './answer.ts';
import { type CheckCommandOptions, type CheckSubject, checkSubject, readSubject, renderCheck } from './check.ts';
import { findRepository } from './git.ts';
import { exitStatusOf, loadPolicy } from './judge-options.ts';
import { firstErrorOf, runNpm } from './npm.ts';
import { locateProject, type Project, readFromDisk } from './read-project.ts';
import { replaceFiles } from './replace-files.ts';
import { createScratchProject, readScratch } from './scratch-project.ts';
import { say } from './terminal.ts';

export interface InstallOptions extends Omit<CheckCommandOptions, 'base' | 'all' | 'lockfile'> {
  readonly acceptReview?: boolean;
}

/** For npm's first step: it writes a lockfile, from metadata alone. */
const resolveOnly = ['--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund'];
/** What of the user's arguments concerns the second step, which installs what the lockfile says. */
const concernsInstall =
  /^--(?:no-)?(?:ignore-scripts|foreground-scripts|audit|fund|force|legacy-peer-deps|strict-peer-deps|offline|prefer-offline|silent|loglevel|omit|include|install-strategy|os|cpu|libc)(?:=|$)/;

export async function install(args: readonly string[], options: InstallOptions): Promise<Answer> {
  if (args.some((one) => one === '-g' || one === '--global' || one === '--location=global')) {
    throw new GuardError(
      'usage',
      'A global installation has no lockfile to check; `npm install -g` is not for Sluice.',
    );
  }
  const cwd = process.cwd();
  const project = await locateProject(cwd, undefined, await findRepository(cwd));
  const present = await readFromDisk(project);
  const resolved = await resolveAnew({ project, present }, args, options);
  const subject: CheckSubject = {
    project,
    before: { files: present, title: 'the present lockfile', isCommit: true },
    after: resolved,
    policy: await readPresentPolicy(project, options),
  };
  const verdict = await checkSubject(subject, options);
  return decide(verdict, options, async () => {
    const restore = await replaceFiles(changedFiles({ project, present, resolved }));
    const { status } = await runNpm(['install', ...args.filter((one) => concernsInstall.test(one))], {
      cwd: project.folder,
      output: 'inherit',
    });
    if (status !== 0) {
      await restore();
      throw new GuardError(
        'npm-failed',
        `npm install ended with ${status}; package.json and lockfile are as they were.`,
      );
    }
  });
}

/** The committed lockfile, compared with the registry before `npm ci` fetches a byte. */
export async function ci(
  args: readonly string[],
  options: InstallOptions & { readonly base?: string },
): Promise<Answer> {
  const subject = await readSubject(options).catch((error: unknown) => {
    // Without anything to compare with, every package of the lockfile is looked at.
    if (error instanceof GuardError && error.code === 'base-unreadable' && options.base === undefined)
      return readSubject({ ...options, all: true });
    throw error;
  });
  const { text } = subject.after.lockfile;
  if (text === undefined) {
    throw new GuardError('lockfile-invalid', `${subject.project.folder} has no lockfile, and npm ci needs one.`);
  }
  const verdict = await checkSubject(subject, options, { kept: 'lockfile' });
  return decide(verdict, options, async () => {
    const now = await readFromDisk(subject.project);
    if (now.lockfile.text !== text) {
      throw new GuardError('lockfile-invalid', 'The lockfile was changed while it was checked; nothing was installed.');
    }
    const { status } = await runNpm(['ci', ...args], { cwd: subject.project.folder, output: 'inherit' });
    if (status !== 0) throw new GuardError('npm-failed', `npm ci ended with ${status}.`);
  });
}

async function readPresentPolicy(project: Project, { policy }: InstallOptions): Promise<CheckSubject['policy']> {
  return loadPolicy(policy, project.folder);
}

async function resolveAnew(
  { project, present }: { readonly project: Project; readonly present: ProjectFiles },
  args: readonly string[],
  { offline, registry, cache }: InstallOptions,
): Promise<ProjectFiles> {
  const scratch = await createScratchProject(project, present);
  try {
    const sources = [
      ...(offline === true ? ['--offline'] : []),
      ...(registry === undefined ? [] : [`--registry=${registry}`]),
      ...(cache === undefined ? [] : [`--cache=${cache}`]),
    ];
    const given = args.map((one) => namePath(one, project.folder));
    const { status, said } = await runNpm(['install', ...given, ...resolveOnly, ...sources], {
      cwd: scratch.folder,
      output: 'quiet',
    });
    if (status !== 0) throw new GuardError('npm-failed', `npm could not resolve this: ${firstErrorOf(said)}`);
    const files = new Map(present.files);
    for (const path of present.files.keys()) {
      if (/(?:^|\/)package\.json$/.test(path)) files.set(path, await readScratch(scratch, join(project.root, path)));
    }
    const text = await readScratch(scratch, join(project.root, present.lockfile.path));
    return { lockfile: { path: present.lockfile.path, text }, files };
  } finally {
    await scratch.remove();
  }
}

/** A folder or tarball that is named relative to here. */
function namePath(given: string, folder: string): string {
  return /^(?:\.{1,2}\/|file:\.)/.test(given) && !isAbsolute(given) ? join(folder, given.replace(/^file:/, '')) : given;
}

function changedFiles({
  project,
  present,
  resolved,
}: {
  readonly project: Project;
  readonly present: ProjectFiles;
  readonly resolved: ProjectFiles;
}): ReadonlyMap<string, string> {
  const changed = new Map<string, string>();
  for (const [path, text] of resolved.files) {
    if (present.files.get(path) !== text) changed.set(join(project.root, path), text);
  }
  const { path, text } = resolved.lockfile;
  if (text !== undefined && text !== present.lockfile.text) changed.set(join(project.root, path), text);
  return changed;
}

/** Shows the answer, and goes on only where it is allow, or somebody took the review upon them. */
async function decide(verdict: CheckVerdict, options: InstallOptions, goOn: () => Promise<void>): Promise<Answer> {
  const text = await renderCheck(verdict, options);
  const exit = exitStatusOf(verdict.result, options);
  if (verdict.result === 'block' || verdict.result === 'undecided') {
    say('Nothing was installed, and nothing in the project was changed.');
    return { exit, text };
  }
  process.stdout.write(text);
  if (verdict.result === 'review' && !(await isAccepted(options))) {
    say('Nothing was installed, and nothing in the project was changed. --accept-review takes it as it is.');
    return { exit: 1, text: '' };
  }
  await goOn();
  return { exit: 0, text: '' };
}

async function isAccepted({ acceptReview, strict }: InstallOptions): Promise<boolean> {
  if (acceptReview === true) return true;
  if (strict === true || process.stdin.isTTY !== true || process.stderr.isTTY !== true) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question('Install it all the same? [y/N] ');
    return /^y(?:es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
