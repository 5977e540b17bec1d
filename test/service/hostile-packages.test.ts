/** Packages and registries that are made to reach something: other servers, terminals, pages, logs. All of it is inert. */
import { describe, expect, it } from 'vitest';
import { startLittle } from '../registry/connect.ts';
import { findForeignTokens } from '../report/find-foreign-tokens.ts';
import { hostileText } from '../report/hostile-verdict.ts';
import { type ListeningService, startListening } from './ask-over-http.ts';

const patient = { prefer: 'wait=30' };
const purl = 'pkg:npm/core@1.0.1';
const steering = '::error file=a::boo ##[error]x <script>alert(1)</script> [click](https://elsewhere.invalid)';

const packages = {
  core: {
    versions: {
      '1.0.0': { files: { 'index.js': 'exports.one = 1;\n' } },
      '1.0.1': {
        files: {
          'package.json': {
            main: 'index.js',
            description: hostileText,
            dependencies: { [`a${steering}`]: 'https://elsewhere.invalid/x.tgz' },
            scripts: { postinstall: `node evil.js # ${hostileText}` },
            repository: hostileText,
          },
          'index.js': `console.log(${JSON.stringify(hostileText)});\nfor (;;) {} // ${hostileText.replaceAll(/[\r\n]/g, ' ')}\n`,
          'evil.js': `require('fs').readFileSync(process.env.HOME + '/.npmrc' + ${JSON.stringify(hostileText)});\n`,
          [`${steering.replaceAll('/', '-')}.js`]: 'for (;;) {}\n',
        },
        deprecated: hostileText,
        publisher: steering,
      },
    },
  },
};

const foreign = /script>|<img|invalid|alert|someone|#12|http/i;
/** Characters that a terminal, a log viewer or a CI runner obeys, and CI commands at the start of a line. */
const obeyed = /[^\P{C}\n]|[\p{Zl}\p{Zp}]|^\s*(?:::|##\[)/mu;

async function check(service: ListeningService): Promise<string> {
  const packument = JSON.parse(await (await fetch(`${service.little.url}core`)).text());
  const project = (version: string) => {
    const manifest = { name: 'app', version: '1.0.0', dependencies: { core: version } };
    const { tarball: resolved, integrity } = packument.versions[version].dist;
    const tree = { '': manifest, 'node_modules/core': { version, resolved, integrity } };
    return {
      lockfile: {
        path: `${hostilePath}/package-lock.json`,
        text: JSON.stringify({ lockfileVersion: 3, packages: tree }),
      },
      files: { [`${hostilePath}/package.json`]: JSON.stringify(manifest) },
    };
  };
  const body = { base: hostileText.slice(0, 200), before: project('1.0.0'), after: project('1.0.1') };
  const { json } = await service.askOverHttp({ method: 'POST', path: '/v1/checks', body });
  return json.location;
}
const hostilePath = '::error::x <img src=x> \u202e\u009b2J';

describe('the texts of a package', () => {
  it('steer nothing that shows them, in any representation', async () => {
    const service = await startListening({ registryOptions: { packages } });
    const { askOverHttp } = service;
    const location = await check(service);
    const shown = new Map<string, string>();
    const show = async (path: string, headers: Readonly<Record<string, string>> = {}) => {
      const answer = await askOverHttp({ path, headers });
      expect([path, answer.status]).toEqual([path, 200]);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      shown.set(`${path} ${headers['accept'] ?? ''}`, answer.text);
      return answer;
    };
    const done = await show(location, patient);
    expect(done.json.check.result).toBe('block');
    const verdict = await show(`/v1/verdicts?purl=${purl}&from=1.0.0`, patient);
    expect(JSON.stringify(verdict.json)).toContain(JSON.stringify('\u001b[31mred').slice(1, -1));
    await show(`/v1/verdicts/${verdict.json.id}`);
    await show(`${location}/events`);
    await show(`${location}/report`, { accept: 'text/plain' });
    await show(`${location}/report`, { accept: 'application/sarif+json' });
    const markdown = await show(`${location}/report`, { accept: 'text/markdown' });
    // Its tables and folds are ours.
    expect(findForeignTokens(markdown.text).filter((token) => foreign.test(token))).toEqual([]);
    for (const accept of ['application/json', 'application/x-ndjson']) {
      const body = { verdicts: [{ purl, from: '1.0.0' }, { purl: hostileText }] };
      const batch = await askOverHttp({ method: 'POST', path: '/v1/verdicts/batch', headers: { accept }, body });
      shown.set(`batch ${accept}`, batch.text);
    }
    const wish = { purl, rule: 'endless-loop-at-load', reason: hostileText, expires: '2999-12-31' };
    const given = await askOverHttp({ method: 'POST', path: '/v1/approvals', body: wish });
    expect(given.json.reason).toBe(hostileText);
    shown.set('approval', given.text);
    await show('/v1/approvals');
    await show(String(given.headers['location']));
    await show(`/v1/verdicts?purl=${purl}&from=1.0.0`, patient);
    await show('/metrics');
    for (const path of [
      `/v1/verdicts?purl=${encodeURIComponent(hostileText)}`,
      `/v1/checks/${encodeURIComponent(hostileText)}`,
    ]) {
      shown.set(path, (await askOverHttp(path)).text);
    }
    for (const [what, text] of shown) expect([what, obeyed.exec(text)?.[0]]).toEqual([what, undefined]);
  });
});

describe('no other server is asked', () => {
  const trapPackages = { core: packages.core, '@scope/core': packages.core };

  it.each([
    ['a redirect of the packument', (url: string, to: string) => ({ target: '/core', url, to: `${to}core` })],
    [
      'a redirect of the tarball',
      (url: string, to: string) => ({ target: '/core/-/core-1.0.1.tgz', url, to: `${to}core/-/core-1.0.1.tgz` }),
    ],
  ])('for %s', async (_, place) => {
    const trap = await startLittle({ packages: trapPackages });
    const { askOverHttp, little } = await startListening({ registryOptions: { packages } });
    const { target, to } = place(little.url, trap.url);
    little.fail(target, { kind: 'redirect', to });
    const { status, json } = await askOverHttp({ path: `/v1/verdicts?purl=${purl}&from=1.0.0`, headers: patient });
    expect(trap.requests).toEqual([]);
    expect([status, json.result]).not.toEqual([200, 'allow']);
  });

  it('for a tarball that the packument names elsewhere', async () => {
    const trap = await startLittle({ packages: trapPackages });
    const dist = { tarball: `${trap.url}core/-/core-1.0.1.tgz` };
    const release = { ...packages.core.versions['1.0.1'], dist };
    const { askOverHttp } = await startListening({
      registryOptions: { packages: { core: { versions: { ...packages.core.versions, '1.0.1': release } } } },
    });
    const { status, json } = await askOverHttp({ path: `/v1/verdicts?purl=${purl}&from=1.0.0`, headers: patient });
    expect(trap.requests).toEqual([]);
    expect([status, json.result]).not.toEqual([200, 'allow']);
  });

  it('for what a request says of URLs: purl, versions, lockfile, .npmrc, policy, headers', async () => {
    const trap = await startLittle({ packages: trapPackages });
    const { askOverHttp } = await startListening({ registryOptions: { packages } });
    const at = encodeURIComponent(trap.url);
    for (const path of [
      `/v1/verdicts?purl=pkg:npm/core@1.0.1?repository_url=${at}`,
      `/v1/verdicts?purl=pkg:npm/core@${at}`,
      `/v1/verdicts?purl=pkg:npm/${at}@1.0.1`,
      `/v1/verdicts?purl=${at}`,
      `/v1/verdicts?purl=pkg:npm/core@1.0.1&from=${at}`,
      `/v1/verdicts?purl=pkg:npm/core@1.0.1&registry=${at}`,
    ]) {
      expect([path, (await askOverHttp({ path, headers: patient })).status]).toEqual([path, 400]);
    }
    const manifest = JSON.stringify({ name: 'app', dependencies: { core: '1.0.1' } });
    const digest = `sha512-${'A'.repeat(86)}==`;
    const links = ['tgz', 'git'].map((kind) => [
      `node_modules/${kind}`,
      { version: '1.0.0', resolved: `${kind === 'git' ? 'git+' : ''}${trap.url}x.${kind}`, integrity: digest },
    ]);
    const core = { version: '1.0.1', resolved: `${trap.url}core/-/core-1.0.1.tgz`, integrity: digest };
    const tree = { '': JSON.parse(manifest), 'node_modules/core': core, ...Object.fromEntries(links) };
    const npmrc = `registry=${trap.url}\n@scope:registry=${trap.url}\nproxy=${trap.url}\n`;
    const files = { 'package.json': manifest, '.npmrc': npmrc };
    const after = {
      lockfile: { path: 'package-lock.json', text: JSON.stringify({ lockfileVersion: 3, packages: tree }) },
      files,
    };
    const headers = { 'x-forwarded-host': new URL(trap.url).host, forwarded: `host=${new URL(trap.url).host}` };
    const { json } = await askOverHttp({ method: 'POST', path: '/v1/checks', headers, body: { before: null, after } });
    const done = await askOverHttp({ path: json.location, headers: patient });
    expect(done.json.state).toBe('done');
    expect(done.json.check.result).toBe('block');
    expect(trap.requests).toEqual([]);
  });
});
