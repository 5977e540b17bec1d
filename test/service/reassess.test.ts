import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { defaultPolicy } from '../../src/engine/policy-schema.ts';
import { type ReassessOptions, reassess } from '../../src/service/reassess.ts';
import type { ServiceSettings } from '../../src/service/settings.ts';
import { release } from '../cli/make-project.ts';
import { startLittle } from '../registry/connect.ts';
import { makeSite } from './run-service.ts';
import { startTestService } from './start-service.ts';

const packages = {
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.1.0': release('exports.one = 1;\nexports.two = 2;\n', { day: 20 }),
      '1.2.0': release('for (;;) {}\n', { day: 61 }),
    },
  },
};
const secret = Buffer.alloc(32, 7);
const off = { level: 'off' as const };
const lenient = { ...defaultPolicy, rules: { 'endless-loop-at-load': off, 'lock-in-sync': off } };
const quiet: ReassessOptions = { checkDays: 0, webhook: undefined };

interface Message {
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** A receiver that takes a message only after it has refused some. */
async function startReceiver(
  refusals: number,
): Promise<{ readonly url: string; readonly messages: readonly Message[] }> {
  const messages: Message[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    messages.push({
      headers: Object.fromEntries(Object.entries(request.headers).map(([k, v]) => [k, String(v)])),
      body,
    });
    response.writeHead(messages.length > refusals ? 204 : 503).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  // Safe: it listens at a port.
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, messages };
}

/** Two stored verdicts: an innocent one, and one that blocks. */
async function startJudged(): Promise<ServiceSettings> {
  const { ask, service, stop } = await startTestService({ registryOptions: { packages } });
  for (const version of ['1.1.0', '1.2.0']) {
    await ask({ url: `/v1/verdicts?purl=pkg:npm/core@${version}&from=1.0.0`, headers: { prefer: 'wait=30' } });
  }
  await stop();
  return service.settings;
}

describe('reassess', () => {
  it('judges nothing again where nothing has changed', async () => {
    const settings = await startJudged();
    expect(await reassess(settings, quiet)).toEqual({ judged: 0, changes: [], failed: [], undelivered: 0 });
  });

  it('judges all again under another engine, once, and tells only what comes out differently', async () => {
    const settings = { ...(await startJudged()), engine: '0.0.1-test' };
    expect(await reassess(settings, quiet)).toEqual({ judged: 2, changes: [], failed: [], undelivered: 0 });
    expect(await reassess(settings, quiet)).toMatchObject({ judged: 0 });
    const changed = await reassess({ ...settings, policy: lenient }, quiet);
    expect(changed).toMatchObject({
      judged: 2,
      changes: [
        {
          type: 'verdict.changed',
          data: {
            subject: 'pkg:npm/core@1.2.0',
            from: '1.0.0',
            before: { result: 'block' },
            after: { result: 'review' },
          },
        },
      ],
    });
  });

  it('tells a webhook, signed as Standard Webhooks has it, until it is taken', async () => {
    const settings = { ...(await startJudged()), policy: lenient };
    const { url, messages } = await startReceiver(2);
    const webhook = { url, secret, pausesMs: [1, 1] };
    const { changes, undelivered } = await reassess(settings, { checkDays: 0, webhook });
    expect([changes.length, undelivered, messages.length]).toEqual([1, 0, 3]);
    const receiver = new Webhook(secret.toString('base64'));
    const [first, , last] = messages;
    if (first === undefined || last === undefined) throw new Error('three messages were counted');
    expect(receiver.verify(last.body, last.headers)).toEqual(changes[0]);
    expect(last.headers['webhook-id']).toBe(first.headers['webhook-id']);
    const forged = last.body.replace('review', 'allow');
    expect(() => receiver.verify(forged, last.headers)).toThrow();
  });

  it('keeps a message that nobody takes for the next run', async () => {
    const settings = { ...(await startJudged()), policy: lenient };
    const { url, messages } = await startReceiver(1);
    const webhook = { url, secret, pausesMs: [] };
    expect(await reassess(settings, { checkDays: 0, webhook })).toMatchObject({ undelivered: 1 });
    expect(await reassess(settings, { checkDays: 0, webhook })).toMatchObject({ judged: 0, undelivered: 0 });
    expect(messages).toHaveLength(2);
    expect(messages[1]?.body).toBe(messages[0]?.body);
  });

  it('judges the checks of the last days again, and tells the one that comes out differently', async () => {
    const { ask, service, stop } = await startTestService({ registryOptions: { packages } });
    const manifest = { name: 'app', version: '1.0.0', dependencies: { core: '1.0.0' } };
    // It does not have what the manifest asks for.
    const root = { name: 'app', version: '1.0.0' };
    const lockfile = JSON.stringify({ ...root, lockfileVersion: 3, packages: { '': root } });
    const after = {
      lockfile: { path: 'package-lock.json', text: lockfile },
      files: { 'package.json': JSON.stringify(manifest) },
    };
    const { json } = await ask({ method: 'POST', url: '/v1/checks', payload: { before: null, after } });
    await ask({ url: json.location, headers: { prefer: 'wait=30' } });
    await stop();
    expect(await reassess(service.settings, { ...quiet, checkDays: 1 })).toMatchObject({ judged: 1, changes: [] });
    expect(await reassess(service.settings, quiet)).toMatchObject({ judged: 0 });
    const changed = await reassess({ ...service.settings, policy: lenient }, { ...quiet, checkDays: 1 });
    expect(changed).toMatchObject({
      judged: 1,
      changes: [{ type: 'check.changed', data: { before: { result: 'block' }, after: { result: 'allow' } } }],
    });
  });
});

describe('a reassessment that is killed', () => {
  /** It ends itself when it has the answer and comes to write it. */
  const dieWhileWriting = `
    const { write } = process.stderr;
    process.stderr.write = (text, ...rest) => {
      if (String(text).includes('cannot be written')) process.kill(process.pid, 'SIGKILL');
      return write.call(process.stderr, text, ...rest);
    };`;
  const env = { SLUICE_WEBHOOK_SECRET: `whsec_${secret.toString('base64')}` };

  it('between an answer and the news of it has stored neither; who goes on with its work tells the webhook', async () => {
    const little = await startLittle({ packages });
    const site = await makeSite(little.url);
    const { url, messages } = await startReceiver(0);
    await site.write(
      'lenient.json',
      JSON.stringify({ rules: { 'endless-loop-at-load': 'off', 'lock-in-sync': 'off' } }),
    );
    const service = await site.serve();
    const update = '/v1/verdicts?purl=pkg:npm/core@1.2.0&from=1.0.0';
    await expect.poll(async () => (await service.ask(update)).status, { timeout: 60_000 }).toBe(200);
    expect(JSON.parse(await (await service.ask(update)).text()).result).toBe('block');
    expect(await service.end('SIGTERM')).toBe(0);
    const driver = new Sqlite(join(site.folder, 'store.db'), { timeout: 5_000 });
    onTestFinished(() => void driver.close());
    const count = (sql: string) => driver.prepare(sql).all({}).length;
    driver.exec("CREATE TRIGGER no_news BEFORE INSERT ON deliveries BEGIN SELECT RAISE(ABORT, 'not now'); END");
    const parameters = [
      'reassess',
      '--db',
      'store.db',
      '--policy',
      'lenient.json',
      '--check-days',
      '0',
      '--webhook',
      url,
    ];
    const killed = await site.run(parameters, { env, before: dieWhileWriting });
    expect(killed.exit).toBeNull();
    expect(count('SELECT * FROM answers')).toBe(1);
    driver.exec('DROP TRIGGER no_news');
    const next = await site.serve('--policy', 'lenient.json');
    await expect.poll(() => count('SELECT * FROM answers'), { timeout: 60_000 }).toBe(2);
    expect(await next.end('SIGTERM')).toBe(0);
    expect(messages).toEqual([]);
    const last = await site.run(parameters, { env });
    expect(last).toMatchObject({ exit: 0, stdout: '0 judged again, 0 changed.\n' });
    const [message] = messages;
    if (message === undefined) throw new Error('nobody was told');
    expect(new Webhook(secret.toString('base64')).verify(message.body, message.headers)).toMatchObject({
      type: 'verdict.changed',
      data: { subject: 'pkg:npm/core@1.2.0', before: { result: 'block' }, after: { result: 'review' } },
    });
    expect((await site.run(parameters, { env })).exit).toBe(0);
    expect(messages).toHaveLength(1);
  }, 240_000);
});
