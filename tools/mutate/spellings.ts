/** Expressions that give a certain text without holding it: what a string, or a member's name, can be written as. */
import type { Random } from './random-for.ts';

export interface Spelling {
  readonly id: string;
  /** The expression may stand wherever a string may. The text is well-formed and not empty. */
  spell(text: string, random: Random): string;
  /** Statements that the expressions need in front of them. */
  readonly helper?: string;
  /** A file that they need in their folder. */
  readonly beside?: FileBeside | undefined;
}

export interface FileBeside {
  readonly name: string;
  readonly text: string;
}

const shift = 7;
const key = 'grain';

export const spellings: readonly Spelling[] = [
  { id: 'split', spell: spellSplit },
  { id: 'template', spell: spellTemplate },
  { id: 'escapes', spell: (text) => `'${codesOf(text).map(escapeCode).join('')}'` },
  { id: 'array-join', spell: spellArray },
  { id: 'reversed', spell: (text) => `${quote(text.split('').reverse().join(''))}.split('').reverse().join('')` },
  { id: 'char-codes', spell: spellCodes },
  { id: 'base64', spell: spellBase64 },
  { id: 'hex', spell: (text, random) => `${pickBuffer(random)}('${toHex(text)}', 'hex').toString('utf8')` },
  { id: 'percent', spell: (text) => `decodeURIComponent('${toHex(text).replaceAll(/../g, '%$&')}')` },
  {
    id: 'shifted',
    spell: (text) => `shiftBack([${codesOf(text).map((code) => code + shift)}])`,
    helper: `const shiftBack = (codes) => codes.map((code) => String.fromCharCode(code - ${shift})).join('');`,
  },
  {
    id: 'xor',
    spell: (text) => `unlock([${codesOf(text).map((code, at) => code ^ key.charCodeAt(at % key.length))}])`,
    helper: `function unlock(codes) { let text = ''; for (let at = 0; at < codes.length; at++) text += String.fromCharCode(codes[at] ^ '${key}'.charCodeAt(at % ${key.length})); return text; }`,
  },
  {
    id: 'bytes',
    spell: (text) => `new TextDecoder().decode(new Uint8Array([${[...Buffer.from(text)]}]))`,
  },
];

export function quote(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** At least two parts where the text has two letters. */
export function cut(text: string, random: Random): string[] {
  const letters = [...text];
  const parts: string[] = [];
  while (letters.length > 0) {
    const most = parts.length === 0 ? Math.max(1, letters.length - 1) : letters.length;
    parts.push(letters.splice(0, 1 + random.below(Math.min(most, 8))).join(''));
  }
  return parts;
}

function spellSplit(text: string, random: Random): string {
  const parts = cut(text, random).map(quote);
  if (parts.length === 1) return `('' + ${parts})`;
  return random.below(3) === 0 ? `${parts[0]}.concat(${parts.slice(1).join(', ')})` : `(${parts.join(' + ')})`;
}

function spellTemplate(text: string, random: Random): string {
  const parts = cut(text, random).map((part, at) => (at % 2 === 0 ? `\${${quote(part)}}` : escapeTemplate(part)));
  return `\`${parts.join('')}\``;
}

function spellArray(text: string, random: Random): string {
  const parts = random.below(2) === 0 ? [...text] : cut(text, random);
  return `[${parts.map(quote).join(', ')}].join('')`;
}

function spellCodes(text: string, random: Random): string {
  const codes = codesOf(text).join(', ');
  return random.pick([
    `String.fromCharCode(${codes})`,
    `String.fromCharCode.apply(null, [${codes}])`,
    `String.fromCharCode(...[${codes}])`,
    `[${codes}].map((code) => String.fromCharCode(code)).join('')`,
  ]);
}

/** `atob` gives Latin-1. */
function spellBase64(text: string, random: Random): string {
  const coded = quote(Buffer.from(text).toString('base64'));
  const isPlain = /^[\x20-\x7e]*$/.test(text);
  return isPlain && random.below(2) === 0 ? `atob(${coded})` : `${pickBuffer(random)}(${coded}, 'base64').toString()`;
}

function pickBuffer(random: Random): string {
  return random.pick(['Buffer.from', "Buffer['from']"]);
}

function toHex(text: string): string {
  return Buffer.from(text).toString('hex');
}

function codesOf(text: string): number[] {
  return Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
}

function escapeCode(code: number): string {
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

function escapeTemplate(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(/[`$]/g, '\\$&');
}
