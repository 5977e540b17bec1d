/**
 * What is to survive: a line in the shell's profile, an agent that starts with the session, a job in the crontab, a task
 * that the editor runs when the folder is opened, a workflow in the repository, orders to an AI assistant that has the
 * user's rights. The package can be removed afterwards; this stays.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { findCommandKind, findPersistence } from '../../src/model/telling-places.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const persistenceWritten: Rule = defineRule({
  id: 'persistence-written',
  family: 'code',
  title: 'Something is left that runs later by itself',
  rationale: 'It runs with all of your rights, and goes on doing so when the package is gone.',
  remedy: 'Stay on the old version. Where this one ran, look at the file or job that is named, and remove it.',
  level: 'block',
  incidents: [
    {
      what: 'nx 21.5.0 and others: lines in ~/.bashrc and ~/.zshrc, and AI command line tools told to search the disk',
      when: '2025-08-26',
      url: 'https://github.com/nrwl/nx/security/advisories/GHSA-cxm3-wv7p-598c',
    },
    {
      what: 'Shai-Hulud: a workflow written into every repository within reach',
      when: '2025-09-15',
      url: 'https://www.cisa.gov/news-events/alerts/2025/09/23/widespread-supply-chain-compromise-impacting-npm-ecosystem',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'for-children': {
      level: 'review',
      about: 'A variable is set by which all programs load something that this one starts.',
    },
  },
  flags: [
    {
      title: 'a shell profile at load, and a workflow of the project on installation',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { postinstall: 'node setup.js' } },
        'index.js': `const home = require('os').homedir();\nrequire('fs').appendFileSync(home + '/.bashrc', 'node ~/.far.js');\n`,
        'setup.js': `import { writeFileSync } from 'fs';\nimport path from 'path';\nwriteFileSync(path.join(process.env.INIT_CWD, '.github', 'workflows', 'a.yml'), 'on: push');\n`,
      },
      expect: [
        {
          message: 'fs.writeFileSync writes <cwd>/.github/workflows/a.yml',
          at: { in: 'tarball', path: 'setup.js', line: 3 },
          via: ['scripts/postinstall', 'setup.js'],
        },
        {
          message: 'fs.appendFileSync writes <home>/.bashrc',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title:
        "a program that is found before git, a host that means another one, git's hooks, and the project's own manifest",
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
const { homedir } = require('os');
fs.writeFileSync(homedir() + '/.local/bin/git', '#!/bin/sh');
fs.appendFileSync('/etc/hosts', '203.0.113.9 registry.example');
require('child_process').execSync('git config --global core.hooksPath ' + __dirname);
fs.writeFileSync(process.cwd() + '/package.json', '{}');
`,
      },
      expect: [
        {
          message: 'fs.writeFileSync writes <home>/.local/bin/git',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          message: 'fs.appendFileSync writes /etc/hosts',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
        {
          message: 'child_process.execSync plants a job: git config --global core.hooksPath <package>',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js'],
        },
        {
          message: 'fs.writeFileSync writes <cwd>/package.json',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a library that every program loads which is started from there on',
      before: { 'index.js': '' },
      after: {
        'index.js': `process.env.LD_PRELOAD = require('path').join(__dirname, 'fast.so');
`,
      },
      expect: [
        {
          kind: 'for-children',
          message: 'process.env.LD_PRELOAD is set, which every program obeys that is started from here',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a job in the crontab, and an assistant that is given orders',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { exec, spawn } = require('child_process');\nexec('(crontab -l; echo "* * * * * node far.js") | crontab -');\nspawn('claude', ['--dangerously-skip-permissions', '-p', 'look around']);\n`,
      },
      expect: [
        {
          message: 'child_process.exec plants a job: (crontab -l; echo "* * * * * node far.js") | crontab -',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message:
            'child_process.spawn gives orders to an assistant: claude --dangerously-skip-permissions -p look around',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'scaffolding by functions that users call and by a command line tool, and editor settings that are read',
      before: { 'package.json': { bin: 'cli.js' }, 'index.js': '', 'cli.js': '' },
      after: {
        'package.json': { bin: 'cli.js' },
        'index.js': `
const fs = require('fs');
const path = require('path');
exports.create = (folder) => fs.writeFileSync(path.join(folder, '.github/workflows/test.yml'), 'on: push');
exports.settings = JSON.parse(fs.readFileSync('.vscode/settings.json', 'utf8'));
fs.writeFileSync(path.join(__dirname, 'cache.json'), '{}');
exports.every = '*/10 * * * *';
fs.writeFileSync(path.join(__dirname, 'package.json'), '{}');
fs.mkdirSync(path.join(require('os').homedir(), '.local/share/sample'), { recursive: true });
require('child_process').execSync('git config user.name', { env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=4096' } });
process.env.SAMPLE_OPTIONS = '1';
`,
        'cli.js': `require('fs').writeFileSync('.vscode/settings.json', '{}');\n`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.flatMap((behavior): Evidence<'for-children'>[] => {
      const seen = behavior.tier === 'install' || behavior.tier === 'load' ? describe(behavior) : undefined;
      return seen === undefined
        ? []
        : [evidenceOf(behavior, seen, behavior.kind === 'global-patch' ? 'for-children' : undefined)];
    });
  },
});

/** What every program loads that is started from here on. */
const loadedByOthers = /^process\.env\.(?:NODE_OPTIONS|LD_PRELOAD|LD_AUDIT|DYLD_INSERT_LIBRARIES)$/;

function describe({ kind, api, detail, root }: Behavior): string | undefined {
  if (kind === 'global-patch' && loadedByOthers.test(api) && root !== 'bin')
    return `${api} is set, which every program obeys that is started from here`;
  if (detail === undefined) return undefined;
  if (kind === 'file-write') {
    const place = findPersistence(detail);
    // A command line tool is started to put files into a project.
    if (place === undefined || (root === 'bin' && place === 'automation')) return undefined;
    return `${api} writes ${shorten(detail)}`;
  }
  if (kind !== 'child-process') return undefined;
  const command = findCommandKind(detail);
  if (command === 'persist') return `${api} plants a job: ${shorten(detail, 120)}`;
  if (command === 'assistant' && root !== 'bin') return `${api} gives orders to an assistant: ${shorten(detail, 120)}`;
  return undefined;
}
