/** Asks a verdict API in place of computing. What it says is foreign text like any other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { GuardError, isErrorCode } from '../errors.ts';
import { isRecord } from '../model/manifest.ts';

export interface Server {
  readonly url: URL;
  readonly token: string | undefined;
}

export interface Question {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  readonly accept?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

interface Answered {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
}

/** Of one request; the server is asked to answer after half of it. */
const maxRequestMs = 60_000;
const waitSeconds = 30;
const pauseMs = 1_000;
const maxAnswerBytes = 200_000_000;

/** How the user said which server, for sentences: `--server`, or an input of the Action. */
export interface NamedServer {
  readonly address: string;
  readonly token: string | undefined;
  readonly called: string;
}

/** Throws a GuardError where the URL is none, or where others could read the token on its way. */
export function parseServer({ address, token, called }: NamedServer): Server {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new GuardError('usage', `${called} must be an http or https URL without a password, not "${address}".`);
  }
  const isLocal = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (token !== undefined && url.protocol === 'http:' && !isLocal) {
    throw new GuardError('usage', `The token would be sent in the clear: name ${called} with https.`);
  }
  return { url: new URL(`${url.href.replace(/[?#].*$/, '').replace(/\/+$/, '')}/`), token };
}

/** Asks until there is an answer that is not "later". */
export async function askUntilDone(
  server: Server,
  question: Question,
  isLater: (answer: Answered) => boolean,
): Promise<Answered> {
  for (;;) {
    const answer = await askServer(server, question);
    if (!isLater(answer)) return answer;
    await sleep(pauseMs);
  }
}

export async function askServer({ url, token }: Server, question: Question): Promise<Answered> {
  const { path, method = 'GET', accept = 'application/json', body } = question;
  const target = new URL(path.replace(/^\//, ''), url);
  const headers: Record<string, string> = { accept, prefer: `wait=${waitSeconds}` };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = 'application/json';
  let answer: Answered;
  try {
    const response = await fetch(target, {
      method,
      headers,
      // The token is for this server alone.
      redirect: 'error',
      signal: AbortSignal.timeout(maxRequestMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const location = response.headers.get('location') ?? undefined;
    answer = { status: response.status, text: await readBounded(response), location };
  } catch (cause) {
    if (cause instanceof GuardError) throw cause;
    throw new GuardError('server-unreachable', `${url.host} did not answer: ${explain(cause)}.`, { cause });
  }
  if (answer.status >= 400) throw toError(url.host, answer);
  return answer;
}

async function readBounded(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > maxAnswerBytes)
      throw new GuardError('server-refused', `The answer is larger than ${maxAnswerBytes} bytes.`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** The server's own problem keeps its code, and with it the exit status; the hint is ours. */
function toError(host: string, { status, text }: Answered): GuardError {
  let problem: unknown;
  try {
    problem = JSON.parse(text);
  } catch {
    // Whatever answers there is no Sluice; its status is all that it said.
  }
  const { type, detail } = isRecord(problem) ? problem : {};
  const code = String(type).replace(/^urn:sluice:problem:/, '');
  const said = typeof detail === 'string' ? detail : `HTTP status ${status}`;
  return new GuardError(isErrorCode(code) ? code : 'server-refused', `${host} says: ${said}`);
}

function explain(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  if (!(inner instanceof Error)) return String(inner);
  return 'code' in inner && inner.message === '' ? String(inner.code) : inner.message;
}
