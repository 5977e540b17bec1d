/**
 * A worm: the package publishes others with the token that it finds, asks the registry whose token it is and what it may
 * publish, or rewrites the code of packages that lie beside it. No library does that by being loaded.
 */
import type { Behavior } from '../../src/model/behavior.ts';
import type { Evidence } from '../../src/model/finding.ts';
import { findCommandKind } from '../../src/model/telling-places.ts';
import type { Rule } from '../../src/rule.ts';
import { defineRule, evidenceOf, shorten } from '../../src/rule.ts';

export const selfPropagation: Rule = defineRule({
  id: 'self-propagation',
  family: 'code',
  title: 'The package publishes, or rewrites installed code',
  rationale: 'It spreads: what you publish, and what you have installed beside it, may carry it on.',
  remedy:
    'Stay on the old version. Where this one ran, revoke npm tokens, look at what was published, and install anew.',
  level: 'block',
  incidents: [
    {
      what: 'Shai-Hulud: the packages of each maintainer whose token was found published again with the worm in them',
      when: '2025-09-15',
      url: 'https://www.cisa.gov/news-events/alerts/2025/09/23/widespread-supply-chain-compromise-impacting-npm-ecosystem',
    },
  ],
  appliesToAdditions: true,
  needs: ['behaviors'],
  kinds: {
    'when-called': { level: 'review', about: 'A function that users call publishes.' },
  },
  flags: [
    {
      title: 'npm publish at load, and when a function is called',
      before: { 'index.js': '' },
      after: {
        'index.js': `const { execSync, spawnSync } = require('child_process');\nexecSync('npm publish --access public');\nexports.release = () => spawnSync('npm', ['token', 'create']);\n`,
      },
      expect: [
        {
          message: 'child_process.execSync publishes: npm publish --access public',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          kind: 'when-called',
          message: 'child_process.spawnSync publishes: npm token create',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js', 'release()'],
        },
      ],
    },
    {
      title: 'the main file of another package, where Node finds it',
      before: { 'index.js': '' },
      after: { 'index.js': `require('fs').writeFileSync(require.resolve('signer'), '');\n` },
      expect: [
        {
          message: 'fs.writeFileSync rewrites installed code: node_modules/signer/index.js',
          at: { in: 'tarball', path: 'index.js', line: 1 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'the registry asked whose token it is, and code of another package rewritten',
      before: { 'index.js': '' },
      after: {
        'index.js': `const fs = require('fs');
fetch('https://registry.example/-/whoami', { headers: { authorization: 'Bearer x' } });
fs.appendFileSync(require('path').join(__dirname, '..', 'signer', 'index.js'), ';0;');
fs.writeFileSync('node_modules/signer/package.json', '{}');
fs.appendFileSync(require.resolve('signer/lib/key.js'), ';0;');
`,
      },
      expect: [
        {
          message: 'fetch asks a registry about a token: https://registry.example/-/whoami',
          at: { in: 'tarball', path: 'index.js', line: 2 },
          via: ['main', 'index.js'],
        },
        {
          message: 'fs.appendFileSync rewrites installed code: <package>/../signer/index.js',
          at: { in: 'tarball', path: 'index.js', line: 3 },
          via: ['main', 'index.js'],
        },
        {
          message: 'fs.writeFileSync rewrites installed code: node_modules/signer/package.json',
          at: { in: 'tarball', path: 'index.js', line: 4 },
          via: ['main', 'index.js'],
        },
        {
          message: 'fs.appendFileSync rewrites installed code: node_modules/signer/lib/key.js',
          at: { in: 'tarball', path: 'index.js', line: 5 },
          via: ['main', 'index.js'],
        },
      ],
    },
    {
      title: 'whatever lies in the folder of another package',
      before: { 'index.js': '' },
      after: {
        'index.js': '',
        'package.json': { scripts: { postinstall: 'node patch.js' } },
        'patch.js': `const fs = require('fs');
const path = require('path');
const root = path.dirname(require.resolve('signer/package.json'));
fs.readdirSync(root + '/lib').forEach((name) => fs.appendFileSync(path.join(root, 'lib', name), '// inert'));
`,
      },
      expect: [
        {
          message: 'fs.appendFileSync rewrites installed code: node_modules/signer/lib/…',
          at: { in: 'tarball', path: 'patch.js', line: 4 },
          via: ['scripts/postinstall', 'patch.js', '(anonymous function)'],
        },
      ],
    },
  ],
  passes: [
    {
      title:
        'a search at a registry, a question for the newest version, a package that is packed, own data files, and a release tool that always published',
      before: { 'index.js': `require('child_process').execSync('npm whoami');\n` },
      after: {
        'index.js': `
const { execSync } = require('child_process');
const fs = require('fs');
const path = require('path');
execSync('npm publish');
exports.search = (words) => fetch('https://registry.example/-/v1/search?text=' + words);
require('https').get('https://registry.example/-/package/sample/dist-tags', (answer) => answer.resume());
exports.pack = () => execSync('npm pack --json');
fs.writeFileSync(path.join(__dirname, 'data', 'table.json'), '{}');
fs.writeFileSync('dist/bundle.js', '');
for (const name of fs.readdirSync('data')) fs.writeFileSync('node_modules/.cache/sample/' + name, '');
`,
      },
    },
    {
      title: 'a script of its makers that nothing starts, and that writes the files of the package anew',
      before: { 'index.js': '' },
      after: {
        'index.js': '',
        'migrate.js': `const fs = require('fs');
for (const name of fs.readdirSync(__dirname + '/lib')) fs.writeFileSync(__dirname + '/lib/' + name + '/index.js', '');
`,
      },
    },
    {
      title: 'a hook that asks where its own package lies, and puts something together there',
      name: '@sample/tool',
      before: { 'package.json': { scripts: { install: 'node install.js' } }, 'install.js': '' },
      after: {
        'package.json': { scripts: { install: 'node install.js' } },
        'install.js': `const folder = require('path').dirname(require.resolve('@sample/tool'));
require('fs').writeFileSync(require('path').join(folder, 'parts', 'package.json'), '{}');
`,
      },
    },
  ],
  check({ behaviors, subject }) {
    return behaviors.added.flatMap((behavior): Evidence<'when-called'>[] => {
      const seen = describe(behavior, subject.name);
      return seen === undefined || behavior.tier === 'unreached'
        ? []
        : [evidenceOf(behavior, seen, behavior.tier === 'call' ? 'when-called' : undefined)];
    });
  },
});

function describe({ kind, api, detail, tier, root, marks }: Behavior, owner: string): string | undefined {
  if (detail === undefined) return undefined;
  if (kind === 'child-process') {
    return findCommandKind(detail) === 'publish' ? `${api} publishes: ${shorten(detail, 120)}` : undefined;
  }
  // Clients of a registry ask it when they are called.
  if (tier === 'call') return undefined;
  if (kind === 'network')
    return tokenQuestion.test(detail) ? `${api} asks a registry about a token: ${shorten(detail, 120)}` : undefined;
  if (kind !== 'file-write') return undefined;
  const target = detail.replace(`node_modules/${owner}/`, '<package>/');
  // A tool of its makers: nothing runs it but who names the file.
  if (root === 'file' && /^<package>[\\/](?!\.\.)/.test(target)) return undefined;
  return isInstalledCode(target, tier) || (marks.includes('in-walk') && rewrites.test(api) && ofOthers.test(target))
    ? `${api} rewrites installed code: ${shorten(detail)}`
    : undefined;
}

/** What every file of a folder gets, those with code among them. What is copied was somebody's file before. */
const rewrites = /\.(?:append|write)File(?:Sync)?$|createWriteStream$/;
const ofOthers = /(?:^|[\\/])node_modules[\\/](?!\.)[^…]*…$/;

const tokenQuestion =
  /\/-\/(?:whoami|npm\/v1\/(?:tokens|user)|user\/|org\/|team\/|package\/[^/]+\/(?:access|dist-tags\/))/;

/** Code in the package's own folder, beside it, or by the path of installed packages. Hooks put their own together. */
function isInstalledCode(path: string, tier: Behavior['tier']): boolean {
  if (!/\.[cm]?js$|[\\/]package\.json$/.test(path)) return false;
  if (/^<package>[\\/]\.\./.test(path) || (tier !== 'install' && /^<package>[\\/]/.test(path))) return true;
  return /(?:^|[\\/])node_modules[\\/](?!\.cache\b)/.test(path);
}
