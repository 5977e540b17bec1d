/** Strings that are kept somewhere else, and asked for where they are used. Each table is started for one piece of code. */
import { quote, type Spelling } from './spellings.ts';

interface Table {
  readonly id: string;
  /** How the word of this number is asked for. */
  readonly ask: (number: number) => string;
  /** The statement that fills the table. */
  readonly fill: (words: readonly string[]) => string;
  /** A file that holds the words instead. */
  readonly beside?: { readonly name: string; readonly write: (words: readonly string[]) => string };
}

const first = 0x1a0;

const tables: readonly Table[] = [
  {
    id: 'table-by-number',
    ask: (number) => `wordAt(0x${(first + number).toString(16)})`,
    fill: (words) =>
      `const wordTable = [${words.map(quote).join(', ')}]; function wordAt(at) { return wordTable[at - 0x${first.toString(16)}]; }`,
  },
  {
    id: 'table-in-map',
    ask: (number) => `wordMap.get(${number})`,
    fill: (words) => `const wordMap = new Map([${words.map((word, at) => `[${at}, ${quote(word)}]`).join(', ')}]);`,
  },
  {
    id: 'table-in-fields',
    ask: (number) => `wordBox.w${number}`,
    fill: (words) =>
      `class WordBox { constructor() { ${words.map((word, at) => `this.w${at} = ${quote(word)};`).join(' ')} } } const wordBox = new WordBox();`,
  },
  {
    id: 'table-in-globals',
    ask: (number) => `globalThis.w${number}`,
    fill: (words) => words.map((word, at) => `globalThis.w${at} = ${quote(word)};`).join(' '),
  },
  {
    id: 'table-in-environment',
    ask: (number) => `process.env.W${number}`,
    fill: (words) => words.map((word, at) => `process.env.W${at} = ${quote(word)};`).join(' '),
  },
  {
    id: 'table-yielded',
    ask: (number) => `wordList[${number}]`,
    fill: (words) =>
      `function* yieldWords() { ${words.map((word) => `yield ${quote(word)};`).join(' ')} } const wordList = [...yieldWords()];`,
  },
  {
    id: 'table-in-json-file',
    ask: (number) => `wordFile[${number}]`,
    fill: () => `const wordFile = require('./words.json');`,
    beside: { name: 'words.json', write: (words) => `${JSON.stringify(words)}\n` },
  },
  {
    id: 'table-in-code-file',
    ask: (number) => `wordFile.w${number}`,
    fill: () => `const wordFile = require('./words.cjs');`,
    beside: {
      name: 'words.cjs',
      write: (words) => `${words.map((word, at) => `exports.w${at} = ${quote(word)};`).join('\n')}\n`,
    },
  },
];

export const wordTables: readonly (() => Spelling)[] = tables.map((table) => () => startTable(table));

function startTable({ id, ask, fill, beside }: Table): Spelling {
  const words: string[] = [];
  return {
    id,
    spell: (text) => ask(words.push(text) - 1),
    get helper() {
      return fill(words);
    },
    get beside() {
      return beside && { name: beside.name, text: beside.write(words) };
    },
  };
}
