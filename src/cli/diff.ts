/** `sluice diff`: one update, by versions of a registry or by two tarballs on the disk. */

import { existsSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { rules } from '../../rules/index.ts';
import { GuardError } from '../errors.ts';
import type { JudgeOptions, LocalTarball } from '../guard.ts';
import { judgePair, judgeTarballs, openRegistry, readPolicy } from '../guard.ts';
import type { Policy } from '../model/policy.ts';
import type { Conclusion, Verdict } from '../model/verdict.ts';
import type { Answer } from './answer.ts';
import type { DiffSubject } from './parse-subject.ts';
import { parseSubject } from './parse-subject.ts';
import { paintStdout, say, showProgress, stdoutColumns } from './terminal.ts';
import { readOwnVersion } from './version.ts';

export interface DiffOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly policy?: string;
  readonly strict?: boolean;
  readonly offline?: boolean;
  readonly registry?: string;
  readonly cache?: string;
}

const defaultPolicyPath = 'sluice.json';
const maxPolicyBytes = 1_000_000;
/** Beyond it no tarball is read: npm's own registry takes none that is nearly as large. */
const maxTarballBytes = 1_000_000_000;

const exitStatus: Readonly<Record<Conclusion, 0 | 1 | 3>> = { allow: 0, review: 0, block: 1, undecided: 3 };

export async function diff(before: string, after: string, options: DiffOptions): Promise<Answer> {
  const subject = parseSubject(before, after, (path) => existsSync(path) && statSync(path).isFile());
  const judgeOptions: JudgeOptions = {
    rules,
    policy: await loadPolicy(options.policy),
    engine: readOwnVersion(),
    asOf: new Date().toISOString(),
  };
  const finished = showProgress(`Reading ${describe(subject)} …`);
  const verdict = await judgeSubject(subject, options, judgeOptions).finally(finished);
  const exit = options.strict === true && verdict.result === 'review' ? 1 : exitStatus[verdict.result];
  return { exit, text: await render(verdict, options) };
}

async function judgeSubject(subject: DiffSubject, options: DiffOptions, judgeOptions: JudgeOptions): Promise<Verdict> {
  if (subject.source === 'local') {
    const [before, after] = await Promise.all([loadTarball(subject.before), loadTarball(subject.after)]);
    return judgeTarballs({ before, after }, judgeOptions);
  }
  const { offline, registry: url, cache } = options;
  const registry = await openRegistry({ offline, registry: url, cache }, { warn: say });
  return judgePair(subject, { ...judgeOptions, registry });
}

/** Each form is loaded only where it is asked for. */
async function render(verdict: Verdict, { json, markdown }: DiffOptions): Promise<string> {
  if (json === true) return (await import('../report/render-json.ts')).renderJson(verdict);
  if (markdown === true) return (await import('../report/render-markdown.ts')).renderMarkdown(verdict);
  const { renderTerminal } = await import('../report/render-terminal.ts');
  return renderTerminal(verdict, { columns: stdoutColumns(), paint: paintStdout });
}

async function loadPolicy(given: string | undefined): Promise<Policy> {
  const path = given ?? defaultPolicyPath;
  if (given === undefined && !existsSync(path)) return readPolicy(undefined, rules);
  const bytes = await loadFile(path, 'policy file', maxPolicyBytes);
  return readPolicy({ text: bytes.toString('utf8'), path }, rules);
}

async function loadTarball(path: string): Promise<LocalTarball> {
  return { path, bytes: await loadFile(path, 'tarball', maxTarballBytes) };
}

async function loadFile(path: string, what: string, maxBytes: number): Promise<Buffer> {
  try {
    const { size, isFile } = await stat(path).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (!isFile) throw new GuardError('file-unreadable', `${path} is no file, so it cannot be the ${what}.`);
    if (size > maxBytes) {
      throw new GuardError('file-unreadable', `${path} is larger than ${maxBytes / 1_000_000} MB: no ${what} is.`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof GuardError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const reason = readFailures[code] ?? `cannot be read (${code})`;
    throw new GuardError('file-unreadable', `The ${what} ${path} ${reason}.`, { cause });
  }
}

const readFailures: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  EISDIR: 'is a folder',
  ENOTDIR: 'lies below something that is no folder',
  ENAMETOOLONG: 'has too long a name to exist',
};

function describe(subject: DiffSubject): string {
  return subject.source === 'local'
    ? `${subject.before} and ${subject.after}`
    : `${subject.name} ${subject.from} and ${subject.to}`;
}
