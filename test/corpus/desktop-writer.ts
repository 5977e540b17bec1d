/**
 * An imitation, inert and ours, of node-ipc 11 with peacenotwar: a dependency of the same author, loaded by the entry,
 * puts a file on the desktop of whoever imports it.
 * https://snyk.io/blog/peacenotwar-malicious-npm-node-ipc-package-vulnerability/
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const entry = `exports.join = (left, right) => left + '/' + right;\n`;
const before: SourceTree = { 'package.json': { main: 'index.js' }, 'index.js': entry };

const writing = `const fs = require('fs');
const os = require('os');

function put(path, text) {
  fs.stat(path, (error) => {
    if (!error) return;
    fs.writeFile(path, text, () => {});
  });
}
put(os.homedir() + '/Desktop/A-NOTE.txt', 'a note');
put(os.homedir() + '/OneDrive/Desktop/A-NOTE.txt', 'a note');
`;

export const desktopWriter: CorpusCase = {
  imitations: [
    {
      title: 'a new dependency writes to the desktop when it is imported',
      name: 'join-paths',
      incident: {
        what: 'node-ipc 9.2.2, 10.1.3 and 11.0.0 through peacenotwar: a text file on the desktop',
        when: '2022-03-15',
        url: 'https://snyk.io/blog/peacenotwar-malicious-npm-node-ipc-package-vulnerability/',
      },
      before,
      after: {
        'package.json': { main: 'index.js', dependencies: { 'note-to-all': '^9.1.3' } },
        'index.js': `require('note-to-all');\n${entry}`,
      },
      dependencies: {
        'note-to-all': { 'package.json': { version: '9.1.3', main: 'index.js' }, 'index.js': writing },
      },
      atLeast: 'review',
      seen: [
        { rule: 'files-destroyed', kind: 'home-written', of: 'note-to-all', path: 'index.js', on: 'fs.writeFile' },
      ],
      payload: { of: 'note-to-all', path: 'index.js', code: writing },
    },
  ],
  twins: [
    {
      title: 'a new dependency keeps its settings in a folder of its own, when it is asked to',
      name: 'join-paths',
      before,
      after: {
        'package.json': { main: 'index.js', dependencies: { 'keep-settings': '^1.0.0' } },
        'index.js': `const settings = require('keep-settings');\n${entry}exports.settings = settings('join-paths');\n`,
      },
      dependencies: {
        'keep-settings': {
          'package.json': { version: '1.0.3', main: 'index.js' },
          'index.js': `const fs = require('fs');
const os = require('os');
const path = require('path');

module.exports = (name) => {
  const folder = path.join(process.env.XDG_CONFIG_HOME || path.join(os.homedir(), '.config'), name);
  const file = path.join(folder, 'settings.json');
  return {
    read: () => JSON.parse(fs.readFileSync(file, 'utf8')),
    write: (settings) => {
      fs.mkdirSync(folder, { recursive: true });
      fs.writeFileSync(file, JSON.stringify(settings));
    },
    forget: () => fs.rmSync(folder, { recursive: true, force: true }),
  };
};
`,
        },
      },
    },
  ],
};
