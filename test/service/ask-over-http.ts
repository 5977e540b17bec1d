/** A service that listens, and strangers who ask it: over HTTP with any headers and tokens, or with bytes that are no HTTP. */
import { once } from 'node:events';
import { request as openRequest } from 'node:http';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { expect } from 'vitest';
import { makeToken, type Scope } from '../../src/store/make-token.ts';
import { insertToken } from '../../src/store/stored-tokens.ts';
import { findViolations } from './find-violations.ts';
import {
  askPatiently,
  parseReply,
  type Reply,
  startTestService,
  type TestOptions,
  type TestService,
} from './start-service.ts';

export interface Question {
  /** As it stands in the request's first line: nothing is encoded or made canonical. */
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a text is sent as it is. */
  readonly body?: unknown;
}

export interface ListeningService extends TestService {
  readonly url: URL;
  /** Every answer is held against the OpenAPI document. */
  askOverHttp(question: string | Question): Promise<Reply>;
  /** What comes back for these bytes until the connection ends; they are sent one by one where there is a pause between them. */
  sendBytes(pieces: readonly string[], pauseMs?: number): Promise<string>;
  /** @returns Its text. */
  giveToken(...scopes: readonly Scope[]): Promise<string>;
}

export async function startListening(options: TestOptions = {}): Promise<ListeningService> {
  const test = await startTestService(options);
  const url = new URL(await test.listen());
  const { database, access } = test.service;
  return {
    ...test,
    url,
    askOverHttp: (question) => {
      const asked = typeof question === 'string' ? { path: question } : question;
      return askPatiently(asked.headers?.['prefer'], () => ask(url, asked));
    },
    sendBytes: (pieces, pauseMs = 0) => sendBytes(url, pieces, pauseMs),
    giveToken: async (...scopes) => {
      const { text, token } = makeToken('stranger', scopes, new Date());
      await database.write([insertToken(token)]);
      await access.refresh();
      return text;
    },
  };
}

async function ask({ hostname, port }: URL, { path, method = 'GET', headers = {}, body }: Question): Promise<Reply> {
  const payload = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  const typed = payload === undefined ? headers : { 'content-type': 'application/json', ...headers };
  const request = openRequest({ hostname, port, path, method, headers: typed, agent: false });
  request.end(payload);
  const [response] = await once(request, 'response');
  const reply = parseReply(response.statusCode, response.headers, await readText(response));
  // Safe: the document's check asks nothing of a method but its name.
  const injected = {
    method: method as 'GET',
    url: path,
    headers: typed,
    ...(payload === undefined ? {} : { payload }),
  };
  expect(findViolations(injected, reply)).toEqual([]);
  return reply;
}

async function sendBytes({ hostname, port }: URL, pieces: readonly string[], pauseMs: number): Promise<string> {
  const socket = connect(Number(port), hostname);
  const received = readText(socket);
  for (const piece of pieces) {
    if (!socket.writable) break;
    socket.write(piece);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return received;
}
