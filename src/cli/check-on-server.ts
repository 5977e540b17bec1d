/** `sluice check --server`: the texts go to a verdict API, and its reports come back. */
import { writeFile } from 'node:fs/promises';
import { GuardError } from '../errors.ts';
import type { ProjectFiles } from '../guard/project-files.ts';
import { isRecord } from '../model/manifest.ts';
import type { Conclusion } from '../model/verdict.ts';
import { escapeTerminal } from '../report/escape-terminal.ts';
import { escapeJson } from '../report/json-document.ts';
import type { Answer } from './answer.ts';
import { askServer, askUntilDone, parseServer, type Server } from './ask-server.ts';
import type { CheckCommandOptions, CheckSubject } from './check.ts';
import { exitStatusOf } from './judge-options.ts';
import { showProgress } from './terminal.ts';

const conclusions: readonly Conclusion[] = ['allow', 'review', 'block', 'undecided'];

export async function checkOnServer(subject: CheckSubject, options: CheckCommandOptions): Promise<Answer> {
  const server = parseServer(options);
  const { finished } = showProgress(`Asking ${server.url.host} …`);
  try {
    const location = await postCheck(server, subject);
    const document = await waitForCheck(server, location);
    if (options.sarif !== undefined) {
      await writeReport(options.sarif, await loadReport(server, location, 'application/sarif+json'));
    }
    const text = await renderAnswer(document.check, { server, location, options });
    return { exit: exitStatusOf(document.result, options), text };
  } finally {
    finished();
  }
}

async function postCheck(server: Server, { before, after, policy }: CheckSubject): Promise<string> {
  const body = {
    ...(before === undefined ? {} : { base: before.title }),
    before: before === undefined ? null : toPosted(before.files),
    after: toPosted(after),
    policy: JSON.stringify(policy),
  };
  const { location } = await askServer(server, { path: '/v1/checks', method: 'POST', body });
  if (location === undefined || !/^\/v1\/checks\/[0-9a-f]{32}$/.test(location)) throw notUnderstood(server);
  return location;
}

interface DoneCheck {
  readonly result: Conclusion;
  readonly check: unknown;
}

async function waitForCheck(server: Server, path: string): Promise<DoneCheck> {
  const answer = await askUntilDone(server, { path }, ({ text }) =>
    ['waiting', 'running'].includes(String(parse(server, text)['state'])),
  );
  const { state, check, problem } = parse(server, answer.text);
  if (state === 'failed') {
    const detail = isRecord(problem) && typeof problem['detail'] === 'string' ? problem['detail'] : 'no reason given';
    throw new GuardError('server-refused', `${server.url.host} could not check it: ${detail}`);
  }
  const result = isRecord(check) ? conclusions.find((one) => one === check['result']) : undefined;
  if (result === undefined) throw notUnderstood(server);
  return { result, check };
}

async function renderAnswer(
  check: unknown,
  {
    server,
    location,
    options,
  }: { readonly server: Server; readonly location: string; readonly options: CheckCommandOptions },
): Promise<string> {
  if (options.json === true) return `${escapeJson(JSON.stringify(check, null, 2))}\n`;
  if (options.markdown === true) return loadReport(server, location, 'text/markdown');
  const text = await loadReport(server, location, 'text/plain');
  return text.split('\n').map(escapeTerminal).join('\n');
}

async function loadReport(server: Server, location: string, accept: string): Promise<string> {
  return (await askServer(server, { path: `${location}/report`, accept })).text;
}

async function writeReport(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new GuardError('file-unreadable', `The SARIF report could not be written to ${path} (${code}).`, { cause });
  }
}

function toPosted({ lockfile, files }: ProjectFiles): unknown {
  return { lockfile: { path: lockfile.path, text: lockfile.text ?? null }, files: Object.fromEntries(files) };
}

function parse(server: Server, text: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text);
    if (isRecord(document)) return document;
  } catch {
    // Said just below.
  }
  throw notUnderstood(server);
}

function notUnderstood({ url }: Server): GuardError {
  return new GuardError('server-refused', `${url.host} answered with something that is no check.`);
}
