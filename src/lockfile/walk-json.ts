/**
 * JSON, one key at a time and with positions: for the line of an entry, and to say where a text stops being JSON.
 * Slower than JSON.parse, so nothing that every lockfile needs goes through here. Depth costs it nothing.
 */

export interface KeyPlace {
  readonly key: string;
  /** How many objects and lists the key stands in: 1 for a key of the document itself. */
  readonly depth: number;
  /** Tells the object that the key stands in from all others. */
  readonly object: number;
  /** Of the key's opening quote. */
  readonly offset: number;
}

/** Offset of the first thing that is no JSON; undefined when all of it is. Keys are told in the order of the text. */
export function walkJson(text: string, onKey: (place: KeyPlace) => void): number | undefined {
  const walk = new Walk(text, onKey);
  for (let at = 0; at < text.length; ) {
    const next = walk.step(at);
    if (next === undefined) return at;
    at = next;
  }
  return walk.isComplete() ? undefined : text.length;
}

/** 1-based. */
export function lineAt(text: string, offset: number): number {
  return new LineCounter(text).lineAt(offset);
}

/** Lines of one offset after another: each must not stand before the last one. */
export class LineCounter {
  readonly #text: string;
  #line = 1;
  #next: number;

  constructor(text: string) {
    this.#text = text;
    this.#next = text.indexOf('\n');
  }

  lineAt(offset: number): number {
    while (this.#next !== -1 && this.#next < offset) {
      this.#line += 1;
      this.#next = this.#text.indexOf('\n', this.#next + 1);
    }
    return this.#line;
  }
}

/** What may come next. `first-key` and `first-value` may also be the end of an empty object or list. */
type Expecting = 'value' | 'first-value' | 'first-key' | 'key' | 'colon' | 'comma' | 'end';

const space = /[ \t\r\n]+/y;
const literal = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

class Walk {
  readonly #text: string;
  readonly #onKey: (place: KeyPlace) => void;
  readonly #open: { readonly bracket: '{' | '['; readonly object: number }[] = [];
  #expecting: Expecting = 'value';
  #opened = 0;

  constructor(text: string, onKey: (place: KeyPlace) => void) {
    this.#text = text;
    this.#onKey = onKey;
  }

  isComplete(): boolean {
    return this.#expecting === 'end';
  }

  /** Where to go on; undefined when what stands here must not. */
  step(at: number): number | undefined {
    const character = this.#text[at];
    switch (character) {
      case ' ':
      case '\n':
      case '\r':
      case '\t':
        return at + this.#match(space, at).length;
      case '{':
      case '[':
        return this.#begin(character) ? at + 1 : undefined;
      case '}':
        return this.#close('{') ? at + 1 : undefined;
      case ']':
        return this.#close('[') ? at + 1 : undefined;
      case ',':
        return this.#pass('comma', this.#open.at(-1)?.bracket === '{' ? 'key' : 'value') ? at + 1 : undefined;
      case ':':
        return this.#pass('colon', 'value') ? at + 1 : undefined;
      case '"':
        return this.#string(at);
      default: {
        const word = this.#match(literal, at);
        return word !== '' && this.#value() ? at + word.length : undefined;
      }
    }
  }

  #match(pattern: RegExp, at: number): string {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0] ?? '';
  }

  #pass(from: Expecting, to: Expecting): boolean {
    if (this.#expecting !== from) return false;
    this.#expecting = to;
    return true;
  }

  #value(): boolean {
    if (this.#expecting !== 'value' && this.#expecting !== 'first-value') return false;
    this.#expecting = this.#open.length === 0 ? 'end' : 'comma';
    return true;
  }

  #begin(bracket: '{' | '['): boolean {
    if (!this.#value()) return false;
    this.#opened += 1;
    this.#open.push({ bracket, object: this.#opened });
    this.#expecting = bracket === '{' ? 'first-key' : 'first-value';
    return true;
  }

  #close(bracket: '{' | '['): boolean {
    const empty = bracket === '{' ? 'first-key' : 'first-value';
    if (this.#open.at(-1)?.bracket !== bracket) return false;
    if (this.#expecting !== 'comma' && this.#expecting !== empty) return false;
    this.#open.pop();
    this.#expecting = this.#open.length === 0 ? 'end' : 'comma';
    return true;
  }

  #string(at: number): number | undefined {
    const end = findStringEnd(this.#text, at);
    if (end === undefined) return undefined;
    if (this.#expecting !== 'key' && this.#expecting !== 'first-key') return this.#value() ? end + 1 : undefined;
    const key = readString(this.#text.slice(at, end + 1));
    this.#onKey({ key, depth: this.#open.length, object: this.#open.at(-1)?.object ?? 0, offset: at });
    this.#expecting = 'colon';
    return end + 1;
  }
}

/** Of the closing quote. */
function findStringEnd(text: string, start: number): number | undefined {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at;
    if (code < 0x20) return undefined;
    if (code === 0x5c) at += 1;
  }
  return undefined;
}

/** As written where its escapes are wrong: the text is no JSON then anyway. */
function readString(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
