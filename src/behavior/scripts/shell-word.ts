/** What a word of a shell command says once the shell has put it together, as far as the text alone tells. */
import type { Script, Word, WordPart } from 'unbash';

/** Variables of a script that hold one constant text. */
export type Variables = ReadonlyMap<string, string>;

/** What `$(…)` gives, where it only prints or decodes constants. */
export type FoldSubstitution = (script: Script) => string | undefined;

interface Reading {
  readonly variables: Variables;
  readonly fold: FoldSubstitution;
}

/** Canonical names of places, as in JavaScript (see `text-of`). */
const places: ReadonlyMap<string, string> = new Map([
  ['HOME', '<home>'],
  ['USERPROFILE', '<home>'],
  ['HOMEPATH', '<home>'],
  ['APPDATA', '<home>/AppData/Roaming'],
  ['LOCALAPPDATA', '<home>/AppData/Local'],
  ['TMPDIR', '<temp>'],
  ['TEMP', '<temp>'],
  ['TMP', '<temp>'],
  ['INIT_CWD', '<cwd>'],
]);

export function placeOfVariable(name: string): string | undefined {
  return places.get(name.toUpperCase());
}

/** Stands for `$IFS`, at which the shell takes a word apart. */
const fieldBreak = '\u0000';
const maxBraceWords = 64;

/** One word as a rule; more where `$IFS` or braces make more of it, none where nothing is left of it. */
export function readWord(word: Word, reading: Reading): string[] {
  const [only, ...others] = word.parts ?? [];
  if (only?.type === 'BraceExpansion' && others.length === 0) return splitBraces(only.text);
  const text = word.parts === undefined ? word.value : word.parts.map((part) => readPart(part, reading)).join('');
  const isBare = only === undefined || only.type === 'Literal';
  const full = isBare ? text.replace(/^~(?=$|[\\/])/, '<home>') : text;
  return full.includes(fieldBreak) ? full.split(fieldBreak).filter((field) => field !== '') : [full];
}

function readPart(part: WordPart, reading: Reading): string {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
      return part.value;
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.map((inner) => readPart(inner, reading)).join('');
    case 'SimpleExpansion':
      return readVariable(part.text.slice(1), reading) ?? part.text;
    case 'ParameterExpansion': {
      const value = readVariable(part.parameter, reading);
      const { operation } = part;
      if (value !== undefined && operation?.type === 'Slice') return sliceText(value, operation);
      if (value !== undefined) return value;
      const isDefault = operation?.type === 'Default' && /^:?[-=]$/.test(operation.operator);
      return isDefault ? readWord(operation.operand, reading).join(' ') : `$${part.parameter}`;
    }
    case 'CommandExpansion':
      return (part.script === undefined ? undefined : reading.fold(part.script)) ?? part.text;
    default:
      return part.text;
  }
}

function readVariable(name: string, { variables }: Reading): string | undefined {
  if (name === 'IFS') return fieldBreak;
  return placeOfVariable(name) ?? variables.get(name);
}

function sliceText(value: string, slice: { readonly offset: Word; readonly length: Word | undefined }): string {
  const [offset, length] = [Number(slice.offset.value), Number(slice.length?.value ?? value.length)];
  return Number.isInteger(offset) && Number.isInteger(length) && length >= 0
    ? value.slice(offset).slice(0, length)
    : value;
}

/** `{curl,-s,host}` is three words. Braces in braces are left as they are. */
function splitBraces(text: string): string[] {
  const inner = /^\{([^{}]*,[^{}]*)\}$/.exec(text)?.[1];
  return inner === undefined ? [text] : inner.split(',', maxBraceWords);
}
