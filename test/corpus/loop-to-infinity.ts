/**
 * Imitations, inert and ours, of colors 1.4.1 and 1.4.44-liberty-2: the maintainer let the entry print for ever.
 * https://research.swtch.com/npm-colors
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase, Imitation } from './update.ts';

const manifest = { main: 'lib/index.js', files: ['lib'] };

const styles = `exports.codes = {
  red: ['[31m', '[39m'],
  green: ['[32m', '[39m'],
};
`;

const entry = `const { codes } = require('./styles.js');

function paint(name, text) {
  const [open, close] = codes[name];
  return open + text + close;
}

exports.red = (text) => paint('red', text);
exports.green = (text) => paint('green', text);
`;

const before: SourceTree = { 'package.json': manifest, 'lib/styles.js': styles, 'lib/index.js': entry };

const loop = `
for (let i = 333; i < Infinity; i++) {
  if (i % 111) {
    continue;
  }
  console.log('waves waves waves');
}
`;

const withBanner = `
const banner = require('./custom/banner.js');
banner();
let turns = 1;
while (turns < Number.POSITIVE_INFINITY) {
  console.log('water, water, water');
  turns += 1;
}
`;

const incident = {
  what: 'colors 1.4.1 and 1.4.44-liberty-2: an endless loop that prints, at the top of the entry',
  when: '2022-01-08',
  url: 'https://research.swtch.com/npm-colors',
};

const printing: Imitation = {
  title: 'the entry counts to Infinity and prints',
  name: 'paint-words',
  incident,
  before,
  after: { ...before, 'lib/index.js': `${entry}${loop}` },
  atLeast: 'block',
  seen: [{ rule: 'endless-loop-at-load', path: 'lib/index.js', on: 'for (let i = 333; i < Infinity; i++)' }],
  payload: { path: 'lib/index.js', code: loop },
};

const flying: Imitation = {
  title: 'a banner and an endless loop, in a prerelease that became latest',
  name: 'paint-words',
  to: '1.4.44-river-2',
  incident,
  before,
  after: {
    ...before,
    'lib/index.js': `${entry}${withBanner}`,
    'lib/custom/banner.js': `module.exports = function banner() {
  console.log('RIVER RIVER RIVER');
  console.log('~~~~~~~~~~~~~~~~~');
};
`,
  },
  atLeast: 'block',
  seen: [
    { rule: 'endless-loop-at-load', path: 'lib/index.js', on: 'while (turns < Number.POSITIVE_INFINITY)' },
    { rule: 'output-at-load', path: 'lib/custom/banner.js', on: 'RIVER' },
    { rule: 'version-anomaly', pointer: '/dist-tags/latest' },
  ],
  payload: { path: 'lib/index.js', code: withBanner },
};

export const loopToInfinity: CorpusCase = {
  imitations: [printing, flying],
  twins: [
    {
      title: 'a spinner that turns on a timer until it is stopped, and a table of colors built at load',
      name: 'paint-words',
      to: '1.5.0',
      before,
      after: {
        ...before,
        'lib/index.js': `${entry}
const shades = [];
for (let i = 16; i < 256; i++) shades.push('[38;5;' + i + 'm');
exports.shades = shades;

exports.spinner = function spinner(stream) {
  const frames = ['|', '/', '-', '\\\\'];
  let turn = 0;
  const timer = setInterval(() => {
    stream.write('\\r' + frames[turn++ % frames.length]);
  }, 80);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};
`,
      },
    },
    {
      title: 'a scanner with an open loop that returns, and a generator of endless stripes',
      name: 'paint-words',
      to: '1.5.0',
      before,
      after: {
        ...before,
        'lib/scan.js': `exports.scan = function scan(text) {
  let at = 0;
  const found = [];
  while (true) {
    const start = text.indexOf('\\u001b[', at);
    if (start === -1) return found;
    at = text.indexOf('m', start) + 1;
    if (at === 0) break;
    found.push(text.slice(start, at));
  }
  return found;
};
exports.plain = exports.scan('\\u001b[31mred\\u001b[39m').length;
`,
        'lib/index.js': `${entry}
const { scan } = require('./scan.js');
exports.scan = scan;
exports.stripes = function* stripes(names) {
  for (let i = 0; i < Infinity; i++) yield codes[names[i % names.length]];
};
const known = Object.keys(codes);
for (let i = known.length; i--; ) exports[known[i] + 'Line'] = (text) => paint(known[i], text + '\\n');
`,
      },
    },
  ],
};
