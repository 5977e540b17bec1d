/**
 * Imitations, inert and ours, of releases whose parts do not agree, or whose dependencies come from elsewhere: manifest
 * confusion (2023), bytes that are not those that were locked, and a dependency on a commit (2026).
 * https://blog.vlt.sh/blog/the-massive-hole-in-the-npm-ecosystem
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const before: SourceTree = { 'package.json': { main: 'index.js' }, 'index.js': 'exports.name = 1;\n' };

export const forgedRelease: CorpusCase = {
  imitations: [
    {
      title: 'the tarball has an install script that the registry does not know of',
      name: 'two-faced',
      incident: {
        what: 'Manifest confusion: the registry shows another package.json than the tarball holds',
        when: '2023-06-27',
        url: 'https://blog.vlt.sh/blog/the-massive-hole-in-the-npm-ecosystem',
      },
      before,
      after: {
        ...before,
        'package.json': {
          main: 'index.js',
          scripts: { install: 'node index.js' },
          dependencies: { 'left-over': '1.0.0' },
        },
      },
      dependencies: { 'left-over': { 'index.js': '' } },
      served: { manifest: { scripts: {}, dependencies: {} } },
      atLeast: 'block',
      seen: [
        { rule: 'manifest-confusion', path: 'package.json', pointer: '/scripts/install' },
        { rule: 'manifest-confusion', kind: 'dependencies', path: 'package.json', pointer: '/dependencies/left-over' },
        { rule: 'install-script-added', path: 'package.json', pointer: '/scripts/install' },
      ],
    },
    {
      title: 'the bytes are not those that the registry vouches for',
      name: 'other-bytes',
      incident: {
        what: 'Lockfile and registry poisoning: a tarball exchanged after it was locked',
        when: '2019-09-20',
        url: 'https://snyk.io/blog/why-npm-lockfiles-can-be-a-security-blindspot-for-injecting-malicious-modules/',
      },
      before,
      after: { ...before, 'index.js': 'exports.name = 2;\n' },
      served: { dist: { integrity: `sha512-${'A'.repeat(86)}==` } },
      atLeast: 'block',
      seen: [{ rule: 'integrity-mismatch', pointer: '/versions/1.4.1/dist' }],
    },
    {
      title: 'an optional dependency on a commit of a repository',
      name: 'from-elsewhere',
      incident: {
        what: 'TanStack: hijacked releases named a git commit in optionalDependencies, which npm fetched and ran',
        when: '2026-05-11',
        url: 'https://nvd.nist.gov/vuln/detail/CVE-2026-45321',
      },
      before,
      after: {
        ...before,
        'package.json': { main: 'index.js', optionalDependencies: { 'set-up': 'github:nobody/set-up#0123456' } },
      },
      atLeast: 'block',
      seen: [{ rule: 'dependency-source-added', path: 'package.json', pointer: '/optionalDependencies/set-up' }],
    },
  ],
  twins: [
    {
      title: 'a script for developers, and the fields that registries add and leave out',
      name: 'two-faced',
      before,
      after: {
        ...before,
        'package.json': { main: './index.js', scripts: { test: 'node index.js' }, bin: './index.js' },
      },
      served: {
        manifest: { gitHead: '0123456', _npmVersion: '11.0.0', bin: { 'two-faced': 'index.js' }, scripts: {} },
      },
    },
    {
      title: 'an optional dependency of the registry, loaded where it is there',
      name: 'from-elsewhere',
      before,
      after: {
        'package.json': { main: 'index.js', optionalDependencies: { 'watch-files': '^2.3.0' } },
        'index.js': `let watch;
try {
  watch = require('watch-files');
} catch {
  watch = undefined;
}
exports.watch = watch;
exports.name = 1;
`,
      },
      dependencies: {
        'watch-files': { 'package.json': { version: '2.3.2' }, 'index.js': 'module.exports = () => {};\n' },
      },
    },
  ],
};
