import { describe, expect, it } from 'vitest';
import { release } from '../cli/make-project.ts';
import { startTestService, type TestService } from './start-service.ts';

const packages = {
  core: {
    versions: {
      '1.0.0': release('exports.one = 1;\n', { day: 1 }),
      '1.1.0': release('exports.one = 1;\nexports.two = 2;\n', { day: 20 }),
      '1.2.0': release('for (;;) {}\n', { day: 61 }),
    },
  },
};
const patient = { prefer: 'wait=30' };

interface Posted {
  readonly lockfile: { readonly path: string; readonly text: string | null };
  readonly files: Readonly<Record<string, string>>;
}

/** A project that asks for one version, with the lockfile that npm would write. */
async function writeProject({ little }: TestService, version: string, resolved?: string): Promise<Posted> {
  const packument = JSON.parse(await (await fetch(`${little.url}core`)).text());
  const { dist } = packument.versions[version];
  const manifest = { name: 'app', version: '1.0.0', dependencies: { core: version } };
  const core = { version, resolved: resolved ?? dist.tarball, integrity: dist.integrity };
  const lockfile = {
    name: 'app',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': manifest, 'node_modules/core': core },
  };
  return {
    lockfile: { path: 'package-lock.json', text: JSON.stringify(lockfile, null, 2) },
    files: { 'package.json': JSON.stringify(manifest) },
  };
}

async function postUpdate(test: TestService, to: string, more: Readonly<Record<string, unknown>> = {}) {
  const before = await writeProject(test, '1.0.0');
  const after = await writeProject(test, to);
  return test.ask({ method: 'POST', url: '/v1/checks', payload: { before, after, ...more } });
}

describe('POST /v1/checks', () => {
  it('judges the lockfile and each tarball, with the ids that the pairs have by themselves', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    const accepted = await postUpdate(test, '1.1.0', { base: 'main (1a2b3c4)' });
    expect(accepted).toMatchObject({ status: 202, headers: { location: accepted.json.location } });
    const done = await test.ask({ url: accepted.json.location, headers: patient });
    expect(done.json).toMatchObject({
      state: 'done',
      problem: null,
      check: { result: 'allow', base: 'main (1a2b3c4)', packages: [{ name: 'core', from: '1.0.0', to: '1.1.0' }] },
    });
    const [{ verdictId }] = done.json.check.packages;
    const pair = await test.ask({ url: '/v1/verdicts?purl=pkg:npm/core@1.1.0&from=1.0.0', headers: patient });
    expect(pair.json.id).toBe(verdictId);
    expect((await test.ask(`/v1/verdicts/${verdictId}`)).json.result).toBe('allow');
  });

  it('lists what was found in its tarballs by rule, as of any other verdict', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    const { json } = await postUpdate(test, '1.2.0');
    const [{ verdictId }] = (await test.ask({ url: json.location, headers: patient })).json.check.packages;
    expect((await test.ask('/v1/findings?rule=endless-loop-at-load')).json.findings).toMatchObject([
      { purl: 'pkg:npm/core@1.2.0', level: 'block', verdict: verdictId },
    ]);
  });

  it('tells its progress and its end as events, to whoever comes late too', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    // Time to begin to follow it.
    test.little.fail('/core/-/core-1.2.0.tgz', { kind: 'slow', delayMs: 1_500 });
    const { json } = await postUpdate(test, '1.2.0');
    const live = await test.ask(json.events);
    expect(live.headers['content-type']).toBe('text/event-stream');
    const end = `event: end\ndata: ${JSON.stringify({ state: 'done', result: 'block', location: json.location })}\n\n`;
    expect(live.text).toContain('event: progress\ndata: {"read":1,"all":1}\n\n');
    expect(live.text.endsWith(end)).toBe(true);
    expect((await test.ask(json.events)).text).toBe(end);
  });

  it('makes one check of equal ones, and of one request that is sent twice', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    const [one, two] = await Promise.all([postUpdate(test, '1.1.0'), postUpdate(test, '1.1.0')]);
    expect(two.json.id).toBe(one.json.id);
    await test.ask({ url: one.json.location, headers: patient });
    const payload = { before: null, after: await writeProject(test, '1.1.0') };
    const send = (body: object) =>
      test.ask({ method: 'POST', url: '/v1/checks', headers: { 'idempotency-key': 'run-7' }, payload: body });
    const first = await send(payload);
    await test.ask({ url: first.json.location, headers: patient });
    expect((await send(payload)).json).toEqual(first.json);
    const other = await send({ ...payload, base: 'another' });
    expect(other).toMatchObject({ status: 409, json: { type: 'urn:sluice:problem:idempotency-key-reused' } });
  });

  it('takes the policy that comes with it, and says what is wrong with one that is none', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    const policy = '{ "rules": { "endless-loop-at-load": "off" } }';
    const accepted = await postUpdate(test, '1.2.0', { policy });
    const own = await test.ask({ url: accepted.json.location, headers: patient });
    const findings: { rule: string }[] = own.json.check.findings;
    expect(findings.map(({ rule }) => rule)).not.toContain('endless-loop-at-load');
    const wrong = await postUpdate(test, '1.2.0', { policy: '{ "rulez": {} }' });
    expect(wrong).toMatchObject({ status: 422, json: { type: 'urn:sluice:problem:policy-invalid' } });
    expect(wrong.json.detail).toContain('did you mean "rules"?');
  });

  it('is failed, with the line, where the lockfile is none', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    const after = { lockfile: { path: 'package-lock.json', text: '{' }, files: {} };
    const { json } = await test.ask({ method: 'POST', url: '/v1/checks', payload: { before: null, after } });
    const failed = await test.ask({ url: json.location, headers: patient });
    expect(failed.json).toMatchObject({ state: 'failed', check: null, problem: { status: 422 } });
    expect(failed.json.problem.detail).toContain('package-lock.json');
  });

  it('fetches no URL that a lockfile names', async () => {
    const test = await startTestService({ registryOptions: { packages } });
    const elsewhere = await startTestService({ registryOptions: { packages } });
    const trap = `${elsewhere.little.url}core/-/core-1.1.0.tgz`;
    const before = await writeProject(test, '1.0.0');
    const after = await writeProject(test, '1.1.0', trap);
    const { json } = await test.ask({ method: 'POST', url: '/v1/checks', payload: { before, after } });
    const done = await test.ask({ url: json.location, headers: patient });
    expect(done.json.check.result).toBe('block');
    expect(elsewhere.little.requests).toEqual([]);
    expect(test.little.requests.some(({ path }) => path.startsWith('/core'))).toBe(true);
  });

  it.each([
    ['a path that leads out', { lockfile: { path: '../package-lock.json', text: '' }, files: {} }],
    ['an absolute path', { lockfile: { path: '/package-lock.json', text: '' }, files: {} }],
    ['a file without a path', { lockfile: { path: 'package-lock.json', text: '' }, files: { '': '' } }],
    ['a key that is not known', { lockfile: { path: 'package-lock.json', text: '' }, files: {}, url: 'x' }],
    ['no files', { lockfile: { path: 'package-lock.json', text: '' } }],
  ])('refuses %s', async (_, after) => {
    const { ask } = await startTestService({ registryOptions: { packages } });
    const refused = await ask({ method: 'POST', url: '/v1/checks', payload: { before: null, after } });
    expect(refused).toMatchObject({ status: 400, json: { type: 'urn:sluice:problem:request-invalid' } });
  });
});
