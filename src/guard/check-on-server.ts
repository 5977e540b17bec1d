/** A change of a lockfile, judged by a verdict API: the texts go there, and the verdict comes back. */
import { GuardError } from '../errors.ts';
import type { CheckVerdict } from '../model/check-verdict.ts';
import { isRecord } from '../model/manifest.ts';
import type { Policy } from '../model/policy.ts';
import { parseCheck } from '../report/parse-check.ts';
import { askServer, askUntilDone, type Server } from './ask-server.ts';
import type { ProjectFiles } from './project-files.ts';

export interface ServerQuestion {
  /** Undefined: the whole tree is judged. */
  readonly before: ProjectFiles | undefined;
  readonly after: ProjectFiles;
  readonly policy: Policy;
  /** What the base is called, for a person. */
  readonly base: string | undefined;
}

/** Throws a GuardError where the server does not answer, refuses, or says what is no check. */
export async function checkOnServer(server: Server, question: ServerQuestion): Promise<CheckVerdict> {
  const location = await postCheck(server, question);
  await waitForCheck(server, location);
  const { text } = await askServer(server, { path: `${location}/report`, accept: 'application/vnd.sluice.check+json' });
  return parseCheck(text);
}

async function postCheck(server: Server, { before, after, policy, base }: ServerQuestion): Promise<string> {
  const body = {
    ...(base === undefined ? {} : { base }),
    before: before === undefined ? null : toPosted(before),
    after: toPosted(after),
    policy: JSON.stringify(policy),
  };
  const { location } = await askServer(server, { path: '/v1/checks', method: 'POST', body });
  if (location === undefined || !/^\/v1\/checks\/[0-9a-f]{32}$/.test(location)) throw notUnderstood(server);
  return location;
}

async function waitForCheck(server: Server, path: string): Promise<void> {
  const answer = await askUntilDone(server, { path }, ({ text }) =>
    ['waiting', 'running'].includes(String(parse(server, text)['state'])),
  );
  const { state, problem } = parse(server, answer.text);
  if (state !== 'failed') return;
  const detail = isRecord(problem) && typeof problem['detail'] === 'string' ? problem['detail'] : 'no reason given';
  throw new GuardError('server-refused', `${server.url.host} could not check it: ${detail}`);
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
