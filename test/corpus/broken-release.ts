/**
 * Imitations, inert and ours, of faker 6.6.6, is-promise 2.2.0 and styled-components 5.3.4: what the manifest names is not
 * in the tarball, on purpose in the first, by mistake in the others.
 * https://snyk.io/blog/npm-faker-package-open-source-libraries/
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const names = `${'exports.name = function name() {\n  return "a name out of many";\n};\n'.repeat(40)}`;

const before: SourceTree = {
  'package.json': { main: 'index.js' },
  'index.js': `exports.names = require('./lib/names.js');\n`,
  'lib/names.js': names,
};

export const brokenRelease: CorpusCase = {
  imitations: [
    {
      title: 'nothing is left but a letter',
      name: 'made-up',
      to: '6.6.6',
      incident: {
        what: 'faker 6.6.6: every file of the library removed by its maintainer',
        when: '2022-01-04',
        url: 'https://snyk.io/blog/npm-faker-package-open-source-libraries/',
      },
      before,
      after: { 'package.json': { main: 'index.js' }, 'README.md': 'What really happened here?\n' },
      atLeast: 'block',
      seen: [
        { rule: 'package-emptied', path: 'package.json', pointer: '/main' },
        { rule: 'entry-missing', path: 'package.json', pointer: '/main' },
        { rule: 'version-anomaly', pointer: '/versions/6.6.6' },
      ],
    },
    {
      title: 'exports that name what is no target, and a file that was not packed',
      name: 'made-up',
      incident: {
        what: 'is-promise 2.2.0: targets in exports without "./", and a module that was not packed',
        when: '2020-04-25',
        url: 'https://medium.com/javascript-in-plain-english/is-promise-post-mortem-cab807f18dcc',
      },
      before,
      after: {
        ...before,
        'package.json': { main: 'index.js', exports: { import: 'index.mjs', require: 'index.js' } },
      },
      atLeast: 'block',
      seen: [
        { rule: 'entry-missing', path: 'package.json', pointer: '/exports/import' },
        { rule: 'entry-missing', path: 'package.json', pointer: '/exports/require' },
      ],
    },
    {
      title: 'an install script that was not packed',
      name: 'made-up',
      incident: {
        what: 'styled-components 5.3.4: every installation failed for want of postinstall.js',
        when: '2022-03-24',
        url: 'https://github.com/styled-components/styled-components/issues/3706',
      },
      before,
      after: { ...before, 'package.json': { main: 'index.js', scripts: { postinstall: 'node ./postinstall.js' } } },
      atLeast: 'block',
      seen: [
        { rule: 'entry-missing', path: 'package.json', pointer: '/scripts/postinstall' },
        { rule: 'install-script-added', path: 'package.json', pointer: '/scripts/postinstall' },
      ],
    },
  ],
  twins: [
    {
      title: 'all modules bundled into one file',
      name: 'made-up',
      before,
      after: { 'package.json': { main: 'index.js' }, 'index.js': `${names}exports.names = exports;\n` },
    },
    {
      title: 'a second build for modules, packed and named rightly',
      name: 'made-up',
      to: '1.5.0',
      before,
      after: {
        ...before,
        'package.json': {
          main: 'index.js',
          exports: { '.': { import: './index.mjs', require: './index.js' }, './package.json': './package.json' },
        },
        'index.mjs': `import names from './lib/names.js';\nexport { names };\n`,
      },
    },
    {
      title: 'the tests and the changelog are packed no longer',
      name: 'made-up',
      before: { ...before, 'test/names.js': names.repeat(5), 'CHANGELOG.md': 'All that happened.\n'.repeat(200) },
      after: before,
    },
  ],
};
