/** `sluice fix`: edits the lockfile until no selection rule has anything to say, proves it, and only then writes it. */
import { join } from 'node:path';
import { GuardError } from '../errors.ts';
import { renderUnifiedDiff } from '../guard/make-patch.ts';
import type { ProjectFiles } from '../guard/project-files.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import type { Answer } from './answer.ts';
import { type CheckCommandOptions, type CheckSubject, checkSubject, readSubject } from './check.ts';
import { findFile } from './load-file.ts';
import { firstErrorOf, runNpm } from './npm.ts';
import { replaceFiles } from './replace-files.ts';
import { createScratchProject, readScratch } from './scratch-project.ts';

export interface FixOptions extends CheckCommandOptions {
  readonly dryRun?: boolean;
}

/** Each edit may let npm place what an older version asks for, and that may need an edit again. */
const maxRounds = 5;
const maxLockfileBytes = 64_000_000;
const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];

export async function fix(options: FixOptions): Promise<Answer> {
  const subject = await readSubject(options);
  const { lockfile } = subject.after;
  if (lockfile.text === undefined) {
    throw new GuardError('lockfile-invalid', `${subject.project.folder} has no lockfile, so there is nothing to mend.`);
  }
  const { text, taken, left } = await edit(subject, lockfile.text, options);
  if (text === lockfile.text) return { exit: left.length === 0 ? 0 : 1, text: renderNothing(left) };
  await prove(subject, text);
  const diff = renderUnifiedDiff(lockfile.text, text, lockfile.path);
  const summary = [
    ...taken.map(({ name, from, to }) => `${name} ${from} → ${to}`),
    ...left.map((one) => `left: ${one}`),
  ];
  if (options.dryRun === true) return { exit: left.length === 0 ? 0 : 1, text: `${diff}\n${summary.join('\n')}\n` };
  await write(subject, text);
  const end = `Wrote ${lockfile.path}. npm ci accepts it, and no selection rule speaks${left.length === 0 ? '' : ' but for what is left'}.`;
  return { exit: left.length === 0 ? 0 : 1, text: `${[...summary, end].join('\n')}\n` };
}

interface Edited {
  readonly text: string;
  readonly taken: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  readonly left: readonly string[];
}

async function edit(subject: CheckSubject, start: string, options: FixOptions): Promise<Edited> {
  const taken: Edited['taken'][number][] = [];
  let text = start;
  for (let round = 0; round < maxRounds; round += 1) {
    const { patch } = await judge({ ...subject, after: withText(subject.after, text) }, options);
    if (patch === undefined) return { text, taken, left: [] };
    if (patch.text === text) return { text, taken, left: patch.left };
    taken.push(...patch.takes);
    text = patch.needsNpm ? await placeMissing(subject, patch.text) : patch.text;
  }
  const { patch } = await judge({ ...subject, after: withText(subject.after, text) }, options);
  return { text, taken, left: patch?.left ?? [] };
}

/** Selection needs no tarball. What blocks by itself has to be mended first: an edit on top of it would prove nothing. */
async function judge(subject: CheckSubject, options: FixOptions): Promise<CheckVerdict> {
  const verdict = await checkSubject(subject, options, { tarballs: false });
  const blocking = verdict.lock.findings.find(({ level, exemption }) => level === 'block' && exemption === undefined);
  if (verdict.stopped && blocking !== undefined) {
    const { rule, package: about, message } = blocking;
    throw new GuardError('lockfile-invalid', `${rule} (${about.name}): ${message}. That comes before selection.`);
  }
  return verdict;
}

async function placeMissing(subject: CheckSubject, text: string): Promise<string> {
  const scratch = await createScratchProject(subject.project, subject.after, text);
  try {
    const { status, said } = await runNpm(['install', '--package-lock-only', ...quiet], {
      cwd: scratch.folder,
      output: 'quiet',
    });
    if (status !== 0) throw new GuardError('npm-failed', `npm could not complete the edit: ${firstErrorOf(said)}`);
    return await readScratch(scratch, lockfilePath(subject));
  } finally {
    await scratch.remove();
  }
}

/** npm itself has the last word on whether this is a lockfile. */
async function prove(subject: CheckSubject, text: string): Promise<void> {
  const scratch = await createScratchProject(subject.project, subject.after, text);
  try {
    const { status, said } = await runNpm(['ci', '--dry-run', ...quiet], { cwd: scratch.folder, output: 'quiet' });
    if (status === 0) return;
    throw new GuardError(
      'npm-failed',
      `npm ci would refuse the edited lockfile, so it was not written: ${firstErrorOf(said)}`,
    );
  } finally {
    await scratch.remove();
  }
}

async function write(subject: CheckSubject, text: string): Promise<void> {
  const path = lockfilePath(subject);
  if ((await findFile(path, 'lockfile', maxLockfileBytes)) !== subject.after.lockfile.text) {
    throw new GuardError(
      'lockfile-invalid',
      `${subject.after.lockfile.path} was changed meanwhile; nothing was written.`,
    );
  }
  await replaceFiles(new Map([[path, text]]));
}

function lockfilePath({ project }: CheckSubject): string {
  return join(project.root, project.lockfile);
}

function withText(files: ProjectFiles, text: string): ProjectFiles {
  return { ...files, lockfile: { ...files.lockfile, text } };
}

function renderNothing(left: readonly string[]): string {
  if (left.length === 0) return 'Nothing to do: no selection rule speaks.\n';
  return `No edit of the lockfile alone can help here:\n${left.join('\n')}\n`;
}
