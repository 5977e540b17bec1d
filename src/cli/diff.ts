/** `sluice diff`: one update, by versions of a registry or by two tarballs on the disk. */

import { existsSync, statSync } from 'node:fs';
import { judgeRemembered } from '../guard/judge-remembered.ts';
import type { JudgeOptions, LocalTarball } from '../guard.ts';
import { judgeTarballs, openRegistry } from '../guard.ts';
import type { Verdict } from '../model/verdict.ts';
import type { Answer } from './answer.ts';
import type { ServerOptions } from './find-server.ts';
import { exitStatusOf, judgeOptions, loadPolicy } from './judge-options.ts';
import { loadFile } from './load-file.ts';
import type { DiffSubject } from './parse-subject.ts';
import { parseSubject } from './parse-subject.ts';
import { paintStdout, say, showProgress, stdoutColumns } from './terminal.ts';
import { openUsersStore } from './users-store.ts';

export interface DiffOptions extends ServerOptions {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly policy?: string;
  readonly strict?: boolean;
  readonly offline?: boolean;
  readonly registry?: string;
  readonly cache?: string;
  readonly store?: boolean;
}

/** Beyond it no tarball is read: npm's own registry takes none that is nearly as large. */
const maxTarballBytes = 1_000_000_000;

export async function diff(before: string, after: string, options: DiffOptions): Promise<Answer> {
  const subject = parseSubject(before, after, (path) => existsSync(path) && statSync(path).isFile());
  const { finished } = showProgress(`Reading ${describe(subject)} …`);
  const verdict = await findVerdict(subject, options).finally(finished);
  return { exit: exitStatusOf(verdict.result, options), text: await render(verdict, options) };
}

async function findVerdict(subject: DiffSubject, options: DiffOptions): Promise<Verdict> {
  if (options.server !== undefined) return (await import('./diff-on-server.ts')).diffOnServer(subject, options);
  return judgeSubject(subject, options, judgeOptions(await loadPolicy(options.policy)));
}

async function judgeSubject(subject: DiffSubject, options: DiffOptions, settings: JudgeOptions): Promise<Verdict> {
  if (subject.source === 'local') {
    const [before, after] = await Promise.all([loadTarball(subject.before), loadTarball(subject.after)]);
    return judgeTarballs({ before, after }, settings);
  }
  const { offline, registry: url, cache } = options;
  const store = await openUsersStore(options.store !== false);
  try {
    const registry = await openRegistry({ offline, registry: url, cache }, { warn: say, memory: store });
    return await judgeRemembered(subject, { ...settings, registry, store });
  } finally {
    await store.close();
  }
}

/** Each form is loaded only where it is asked for. */
async function render(verdict: Verdict, { json, markdown }: DiffOptions): Promise<string> {
  if (json === true) return (await import('../report/render-json.ts')).renderJson(verdict);
  if (markdown === true) return (await import('../report/render-markdown.ts')).renderMarkdown(verdict);
  const { renderTerminal } = await import('../report/render-terminal.ts');
  return renderTerminal(verdict, { columns: stdoutColumns(), paint: paintStdout });
}

async function loadTarball(path: string): Promise<LocalTarball> {
  return { path, bytes: await loadFile(path, 'tarball', maxTarballBytes) };
}

function describe(subject: DiffSubject): string {
  return subject.source === 'local'
    ? `${subject.before} and ${subject.after}`
    : `${subject.name} ${subject.from} and ${subject.to}`;
}
