/**
 * Spellings of the same code: what a string, a member or `require` can be written as without meaning anything else.
 * Each keeps the lines as they are. They expect single quotes, and no template or regular expression with quotes in it.
 */

export interface Disguise {
  readonly name: string;
  apply(code: string): string;
}

const ways: readonly (readonly [name: string, spell: (text: string) => string, prefix?: string])[] = [
  ['split in two', (text) => `(${quote(text.slice(0, text.length >> 1))} + ${quote(text.slice(text.length >> 1))})`],
  ['base64', (text) => `Buffer.from(${quote(Buffer.from(text).toString('base64'))}, 'base64').toString()`],
  ['hex', (text) => `Buffer.from('${Buffer.from(text).toString('hex')}', 'hex').toString('utf8')`],
  ['atob', (text) => `atob(${quote(Buffer.from(text).toString('base64'))})`],
  ['character codes', (text) => `String.fromCharCode(${codesOf(text).join(', ')})`],
  [
    'character codes, mapped',
    (text) => `[${codesOf(text).join(', ')}].map((code) => String.fromCharCode(code)).join('')`,
  ],
  [
    'hex escapes',
    (text) =>
      `'${codesOf(text)
        .map((code) => `\\x${code.toString(16).padStart(2, '0')}`)
        .join('')}'`,
  ],
  [
    'unicode escapes',
    (text) =>
      `'${codesOf(text)
        .map((code) => `\\u{${code.toString(16)}}`)
        .join('')}'`,
  ],
  ['joined', (text) => `[${[...text].map(quote).join(', ')}].join('')`],
  ['backwards', (text) => `${quote([...text].reverse().join(''))}.split('').reverse().join('')`],
  ['a template', (text) => `\`\${${quote(text.slice(0, 2))}}${text.slice(2)}\``],
  [
    'percent signs',
    (text) =>
      `decodeURIComponent('${codesOf(text)
        .map((code) => `%${code.toString(16).padStart(2, '0')}`)
        .join('')}')`,
  ],
  [
    'shifted letters',
    (text) =>
      `shiftBack([${codesOf(text)
        .map((code) => code + 7)
        .join(', ')}])`,
    `const shiftBack = (codes) => codes.map((code) => String.fromCharCode(code - 7)).join('');`,
  ],
];

/** Their strings are not put together yet; that they are decoded is known. */
const unfoldedWays: typeof ways = [
  ['bytes', (text) => `new TextDecoder().decode(new Uint8Array([${codesOf(text).join(', ')}]))`],
  [
    'XOR with a key',
    (text) =>
      `unlock([${codesOf(text)
        .map((code, at) => code ^ 'key'.charCodeAt(at % 3))
        .join(', ')}])`,
    `function unlock(codes) { let text = ''; for (let at = 0; at < codes.length; at++) text += String.fromCharCode(codes[at] ^ 'key'.charCodeAt(at % 3)); return text; }`,
  ],
];

const inStrings: readonly Disguise[] = ways.map(spellStrings);
export const unfoldedDisguises: readonly Disguise[] = unfoldedWays.map(spellStrings);

function spellStrings([name, spell, prefix = '']: (typeof ways)[number]): Disguise {
  return { name: `strings: ${name}`, apply: (code) => prefixed(prefix, replaceStrings(code, spell)) };
}

/** Every string stands in one table at the top, and is asked for by its number. */
const inTable: Disguise = {
  name: 'strings: from a table, by number',
  apply(code) {
    const wordTable: string[] = [];
    const replaced = replaceStrings(code, (text) => `wordAt(${wordTable.push(text) + 15})`);
    return prefixed(
      `const wordTable = [${wordTable.map(quote).join(', ')}]; function wordAt(at) { return wordTable[at - 16]; }`,
      replaced,
    );
  },
};

const inMembers: readonly Disguise[] = [
  { name: 'members: in brackets', apply: (code) => replaceMembers(code, (name) => `['${name}']`) },
  {
    name: 'members: in brackets, split',
    apply: (code) => replaceMembers(code, (name) => `['${name.slice(0, 2)}' + '${name.slice(2)}']`),
  },
  {
    name: 'members: in brackets, base64',
    apply: (code) =>
      replaceMembers(code, (name) => `[Buffer.from('${Buffer.from(name).toString('base64')}', 'base64').toString()]`),
  },
  { name: 'members: optional', apply: (code) => replaceCode(code, (text) => text.replaceAll(memberCall, '?.$1(')) },
];

const loaders: readonly (readonly [name: string, call: string, prefix?: string])[] = [
  ['under another name', 'loadModule(', 'const loadModule = require;'],
  ['through a helper', 'loadModule(', 'const loadModule = (name) => require(name);'],
  ['in a sequence', '(0, require)('],
  ['by call', 'require.call(null, '],
  ['of the module', 'module.require('],
  ['of the main module', 'process.mainModule.require('],
  ['of the global object', "globalThis['require']("],
  ['in an object', 'toolBox.load(', 'const toolBox = { load: require };'],
  ['as _load', 'module.constructor._load('],
  ['made by createRequire', 'makeRequire(', `const makeRequire = require('module').createRequire(__filename);`],
];

const inLoaders: readonly Disguise[] = loaders.map(([name, call, prefix = '']) => ({
  name: `require: ${name}`,
  apply: (code) =>
    prefixed(
      prefix,
      replaceCode(code, (text) => text.replaceAll(/(?<![.\w'])require\(/g, call)),
    ),
}));

const inNames: readonly Disguise[] = [
  {
    name: 'globals: of globalThis',
    apply: (code) =>
      replaceCode(code, (text) => text.replaceAll(/(?<![.\w'])(process|console|Buffer)(?=[.[])/g, 'globalThis.$1')),
  },
  {
    name: 'globals: of the function that makes functions',
    apply: (code) =>
      prefixed(
        `const everything = Function('return this')();`,
        replaceCode(code, (text) => text.replaceAll(/(?<![.\w'])(process|console|Buffer)(?=[.[])/g, 'everything.$1')),
      ),
  },
];

/** Spellings that a program must decode: what comes of them and runs was hidden. */
export const encodings: readonly Disguise[] = [...inStrings, ...unfoldedDisguises].filter(({ name }) =>
  /base64|hex$|atob|codes|backwards|shifted|XOR|bytes/.test(name),
);

export const disguises: readonly Disguise[] = [...inStrings, inTable, ...inMembers, ...inLoaders, ...inNames];

const memberCall = /(?<!new [\w.]*)(?<=[A-Za-z_$)\]])(?<!\bimport)\.([A-Za-z_$][\w$]*)\(/g;
const member = /(?<=[A-Za-z_$)\]])(?<!\bimport)\.([A-Za-z_$][\w$]*)/g;
const literal = /('(?:[^'\\\n]|\\.)*')/;

/** In front of the first line that is not empty, so that no line moves. */
function prefixed(prefix: string, code: string): string {
  return prefix === '' ? code : code.replace(/^\s*/, (blank) => `${blank}${prefix} `);
}

/** Odd parts are literals, even ones what stands between them. Keys, imports and the empty string stay. */
function replaceStrings(code: string, spell: (text: string) => string): string {
  return mapLines(code, (line) =>
    line
      .split(literal)
      .map((part, index, parts) => {
        const isKey = /^\s*:/.test(parts[index + 1] ?? '') && /[{,]\s*$/.test(parts[index - 1] ?? '');
        if (index % 2 === 0 || part === "''" || isKey) return part;
        return spell(JSON.parse(`"${part.slice(1, -1).replaceAll('"', '\\"')}"`));
      })
      .join(''),
  );
}

function replaceMembers(code: string, spell: (name: string) => string): string {
  return replaceCode(code, (text) => text.replaceAll(member, (_, name: string) => spell(name)));
}

function replaceCode(code: string, change: (text: string) => string): string {
  return mapLines(code, (line) =>
    line
      .split(literal)
      .map((part, index) => (index % 2 === 0 ? change(part) : part))
      .join(''),
  );
}

/** Static imports and comments cannot be spelled otherwise. */
function mapLines(code: string, change: (line: string) => string): string {
  return code
    .split('\n')
    .map((line) => (/^\s*(import\b(?!\()|\/\/|\*|\/\*)/.test(line) ? line : change(line)))
    .join('\n');
}

function codesOf(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
