/**
 * Imitations, inert and ours, of rand-user-agent 1.0.110 and of GlassWorm: code where no reader looks, far to the right of
 * its line, or in characters that have no shape. Ours prints nothing and asks nobody.
 * https://www.aikido.dev/blog/catching-a-rat-remote-access-trojian-rand-user-agent-supply-chain-compromise
 */
import type { SourceTree } from '../../src/rule.ts';
import type { CorpusCase } from './update.ts';

const entry = `const agents = require('./agents.json');

exports.pick = function pick(kind) {
  const list = agents[kind];
  return list[Math.floor(Math.random() * list.length)];
};
`;

const before: SourceTree = {
  'package.json': { main: 'dist/index.js' },
  'dist/index.js': entry,
  'dist/agents.json': { desktop: ['one', 'two'], phone: ['three'] },
};

const blanks = ' '.repeat(400);
const hidden = `global['_V']='8';global['r']=require;var host=String.fromCharCode(104,111,115,116);global['r']('dns').lookup(host+'.invalid',function(){});`;

/** Bytes as variation selectors, the way a program of more than a few would be written. */
const invisible = [...'void 0; // nothing']
  .map((letter) => String.fromCodePoint(0xe0100 + letter.charCodeAt(0)))
  .join('');

const decoding = `
const read = (text) => [...text].map((mark) => String.fromCharCode(mark.codePointAt(0) - 0xe0100)).join('');
eval(read('${invisible}'));
`;

export const unseenCode: CorpusCase = {
  imitations: [
    {
      title: 'code behind four hundred blanks',
      name: 'agent-list',
      incident: {
        what: 'rand-user-agent: a remote access trojan far to the right of an ordinary line',
        when: '2025-05-05',
        url: 'https://www.aikido.dev/blog/catching-a-rat-remote-access-trojian-rand-user-agent-supply-chain-compromise',
      },
      before,
      after: { ...before, 'dist/index.js': entry.replace('agents[kind];', `agents[kind];${blanks}${hidden}`) },
      atLeast: 'block',
      seen: [{ rule: 'hidden-code', path: 'dist/index.js', on: 'agents[kind]' }],
    },
    {
      title: 'a program in characters without a shape',
      name: 'agent-list',
      incident: {
        what: 'GlassWorm: a whole program in variation selectors, decoded and run',
        when: '2025-10-18',
        url: 'https://www.koi.ai/blog/glassworm-first-self-propagating-worm-using-invisible-code-hits-openvsx-marketplace',
      },
      before,
      after: { ...before, 'dist/index.js': `${entry}${decoding}` },
      atLeast: 'block',
      seen: [
        { rule: 'invisible-characters', path: 'dist/index.js', on: 'eval(read(' },
        { rule: 'decoded-code-executed', path: 'dist/index.js', on: 'eval(read(' },
      ],
    },
  ],
  twins: [
    {
      title: 'emoji, right-to-left words, a byte order mark, a wide table and an image in base64',
      name: 'agent-list',
      before,
      after: {
        ...before,
        'dist/index.js': `\ufeff${entry}
exports.icons = { heart: '❤️', family: '👩‍👩‍👧', flag: '🏴‍☠️' };
exports.words = { he: 'שלום', ar: 'مرحبا', mixed: '\u200fשלום\u200e' };
exports.table = [
  ['desktop',${' '.repeat(60)}'one'],
  ['phone',  ${' '.repeat(60)}'three'],
];
exports.logo = 'data:image/png;base64,${Buffer.alloc(900, 'inert').toString('base64')}';
exports.usage = '  agent-list' + ' '.repeat(220) + '[kind]';
`,
      },
    },
    {
      title: 'a table of character classes with their code points',
      name: 'agent-list',
      before,
      after: {
        ...before,
        'dist/index.js': `${entry}
const selectors = /[\\u{fe00}-\\u{fe0f}\\u{e0100}-\\u{e01ef}]/gu;
const marks = [0x200b, 0x200e, 0x202e, 0x2066].map((code) => String.fromCodePoint(code));
exports.plain = (text) => marks.reduce((rest, mark) => rest.split(mark).join(''), text.replace(selectors, ''));
`,
      },
    },
  ],
};
