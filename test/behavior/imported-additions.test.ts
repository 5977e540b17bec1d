/** What an added dependency does on loading, as those who import it decide. */
import { describe, expect, it } from 'vitest';
import { ImportedAdditions } from '../../src/behavior/graph/imported-additions.ts';
import { compare, type Files } from './tell.ts';

const patch = 'globalThis.fetch = () => {};';
const deep: Files = { 'index.js': '', 'deep/part.js': patch, 'other.js': "require('./deep/part.js')" };

interface Setting {
  readonly extra?: Files;
  /** What the updated package holds now, and what it held. */
  readonly subject?: Files;
  readonly before?: Files;
  /** Another package that came along. */
  readonly fellow?: Files;
  readonly alias?: string;
}

/** The tiers at which `extra` patches something. */
function tiersOf({
  extra = deep,
  subject = {},
  before = { 'index.js': '' },
  fellow,
  alias = 'extra',
}: Setting): string[] {
  const addition = { ...compare(undefined, extra), names: new Set([alias]) };
  const fellows = fellow === undefined ? [] : [{ ...compare(undefined, fellow), names: new Set(['fellow']) }];
  const additions = new ImportedAdditions(compare(before, { 'index.js': '', ...subject }), [addition, ...fellows]);
  return additions.narrow(addition).added.map(({ tier }) => tier);
}

const index = (text: string): Setting => ({ subject: { 'index.js': text } });
const mapped: Files = { ...deep, 'package.json': { exports: { '.': './index.js', './deep': './deep/part.js' } } };
const byPattern: Files = { ...deep, 'package.json': { exports: { '.': './index.js', './x/*': './deep/*.js' } } };

describe('a file of an added dependency is loaded', () => {
  it.each<[string, Setting]>([
    ['from its main entry', { extra: { ...deep, 'index.js': "require('./other')" } }],
    ['as a program', { extra: { ...deep, 'package.json': { bin: './other.js' } } }],
    ['by its path', index("require('extra/deep/part')")],
    ['by the path of a file that loads it', index("import 'extra/other.js'")],
    ['by a path that is put together', index("require(['extra', 'deep', 'part'].join('/'))")],
    ['by a path of which a part is not known', index("exports.of = (name) => require('extra/' + name)")],
    ['by a template', index(`exports.of = (name) => import(\`extra/\${name}\`)`)],
    ['as a program that is started', index("require('child_process').fork(require.resolve('extra/deep/part.js'))")],
    ['by a script of npm', { subject: { 'package.json': { scripts: { postinstall: 'node ../extra/deep/part.js' } } } }],
    ['by a name in a list', { subject: { 'plugins.json': { use: 'extra/other' } } }],
    ['by what came along as well', { fellow: { 'index.js': "require('extra/other')" } }],
    ['by another name', { alias: 'alias', ...index("require('alias/other')") }],
    ['by a name in its map of exports', { extra: mapped, ...index("require('extra/deep')") }],
    ['by a pattern in it', { extra: byPattern, ...index("require('extra/x/part')") }],
    ['by a path that goes up and down', index("require(['fs', '..', 'ext' + 'ra', 'other'].join('/'))")],
    ['by a path out of the package', index("require(['..', 'ext' + 'ra', 'other'].join('/'))")],
    ['by a path of the machine', index("require('/app/node_modules/ext' + 'ra/other')")],
    ['from a folder of the project', index("require(process.cwd() + '/node_modules/ext' + 'ra/other')")],
    [
      'where it finds the names of its own files out',
      { extra: { ...deep, 'index.js': "require(require('path').join(__dirname, process.env.PART))" } },
    ],
    ['where a name is found out on loading', index('require(process.argv[2])')],
    [
      'where the old version found names out on loading, too',
      { before: { 'load.js': 'require(process.argv[2])' }, subject: { 'load.js': 'require(process.argv[2])' } },
    ],
    ['where what came along finds names out on loading', { fellow: { 'index.js': 'require(process.env.NAME)' } }],
  ])('%s', (_, setting) => {
    expect(tiersOf(setting)).toEqual(['load']);
  });
});

describe('a file of an added dependency is loaded by nobody but users who name it', () => {
  it.each<[string, Setting]>([
    ['where its main entry is imported', index("require('extra')")],
    ['where other files are imported', { extra: { ...deep, 'own.js': '' }, ...index("require('extra/own')") }],
    ['where prose names it', { subject: { 'README.md': 'See extra/deep/part.js' } }],
    ['where another package with a like name is meant', index("require('not-extra/deep/part')")],
    ['where its map of exports has it under another name', { extra: mapped, ...index("require('extra')") }],
    ['where a pattern in it means others', { extra: byPattern, ...index("require('extra/x/own')") }],
    ['where callers give the name', { fellow: { 'index.js': 'exports.load = (name) => require(name)' } }],
    [
      'where a file of its own that nobody names finds names out',
      { fellow: { 'index.js': '', 'own.js': 'require(process.argv[2])' } },
    ],
  ])('%s', (_, setting) => {
    expect(tiersOf(setting)).toEqual(['call']);
  });
});
