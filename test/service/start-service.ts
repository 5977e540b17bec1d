/** A service of its own for a test: with its store, a little registry, and every answer held against the OpenAPI document. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { InjectOptions } from 'fastify';
import { expect, onTestFinished } from 'vitest';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { openService } from '../../src/service/serve.ts';
import { defaultLimits, type ServiceSettings } from '../../src/service/settings.ts';
import { makeHome, startLittle } from '../registry/connect.ts';
import type { LittleRegistry, LittleRegistryOptions } from '../support/registry.ts';
import { findViolations } from './find-violations.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** The body, where it is JSON: its shape is what the tests say it is, and the document checks it. */
  readonly json: ReturnType<typeof JSON.parse>;
}

export interface TestService {
  readonly little: LittleRegistry;
  readonly storePath: string;
  readonly service: Awaited<ReturnType<typeof openService>>['service'];
  /** As a caller on this machine asks; with `Prefer: wait=30` until there is an end. */
  ask(request: string | InjectOptions): Promise<Reply>;
  /** @returns The address where strangers reach it. */
  listen(): Promise<string>;
  /** `get /v1/rules`: each that the server has, whether the document tells of it or not. */
  listRoutes(): readonly string[];
  stop(): Promise<void>;
}

export interface TestOptions extends Partial<Omit<ServiceSettings, 'limits'>> {
  readonly registryOptions?: LittleRegistryOptions;
  readonly limits?: Partial<ServiceSettings['limits']>;
}

export async function startTestService({
  registryOptions,
  limits,
  ...settings
}: TestOptions = {}): Promise<TestService> {
  const little = await startLittle(registryOptions);
  const home = await makeHome(`registry=${little.url}\nfetch-retries=0\n`);
  const storePath = settings.storePath ?? join(home, 'store.db');
  const { app, service, stop } = await openService({
    storePath,
    host: '127.0.0.1',
    port: 0,
    registry: { registry: little.url, cache: join(home, 'cache'), cwd: home },
    policy: defaultPolicy,
    engine: '0.0.0-test',
    log: 'silent',
    now: () => new Date(),
    ...settings,
    limits: { ...defaultLimits, threads: 1, ...limits },
  });
  onTestFinished(async () => {
    await stop();
    await rm(home, { recursive: true, force: true });
  });
  const ask = (request: string | InjectOptions): Promise<Reply> => {
    const given: InjectOptions = typeof request === 'string' ? { url: request } : request;
    const { host = 'localhost', ...headers } = given.headers ?? {};
    return askPatiently(headers['prefer'], async () => {
      const answer = await app.inject({ ...given, headers: { host, ...headers } });
      const reply = parseReply(answer.statusCode, answer.headers, answer.body);
      expect(findViolations(given, reply)).toEqual([]);
      return reply;
    });
  };
  const listen = () => app.listen({ host: '127.0.0.1', port: 0 });
  const listRoutes = () => parseRoutes(app.printRoutes({ commonPrefix: false }));
  return { little, storePath, service, ask, listen, listRoutes, stop };
}

/** Who says `Prefer: wait=30` gets the end: a busy machine may need longer for it than the service lets anybody wait. */
export async function askPatiently(prefer: unknown, ask: () => Promise<Reply>): Promise<Reply> {
  for (;;) {
    const reply = await ask();
    const isPending = reply.status === 202 || ['waiting', 'running'].includes(reply.json?.state);
    if (prefer !== 'wait=30' || !isPending) return reply;
  }
}

/** Of a tree of paths, each line one below what stands above it, four characters to the left. */
function parseRoutes(tree: string): readonly string[] {
  const above: string[] = [];
  return tree.split('\n').flatMap((line) => {
    const [, indent = '', path = '', methods = ''] = /^(.*?)[├└]── (\S+)(?: \((.+)\))?$/.exec(line) ?? [];
    above.splice(indent.length / 4, above.length, path);
    const whole = above.join('').replaceAll(/:(\w+)/g, '{$1}');
    return methods === '' ? [] : methods.split(', ').map((method) => `${method.toLowerCase()} ${whole}`);
  });
}

export function parseReply(status: number, headers: Reply['headers'], text: string): Reply {
  const isJson = /[/+]json/.test(String(headers['content-type'])) && text !== '';
  return { status, headers, text, json: isJson ? JSON.parse(text) : undefined };
}
